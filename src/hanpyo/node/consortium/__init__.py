"""A member's node: its ledger, its gateway to the engine, and what members agree on by files."""
