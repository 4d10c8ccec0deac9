"""A single operator's ledger, in one process."""
