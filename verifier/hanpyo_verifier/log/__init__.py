"""The ledger's files: tiles, checkpoint and blocks (protocol.md 9 and 13)."""
