"""What the entries of a ledger mean: protocol.md 3 to 8 and 9.2 to 12."""
