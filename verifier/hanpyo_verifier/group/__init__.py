"""The two groups of protocol.md 2.2 and 2.5: ristretto255 and the Ed25519 curve beneath it."""
