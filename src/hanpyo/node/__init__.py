"""An organization's ledger node: it keeps the log on disk, and takes and serves entries."""
