"""An observer's copy of somebody else's ledger."""
