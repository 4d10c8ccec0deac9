"""The ledger under the consensus engine: what a validator answers it, keeps, and publishes."""
