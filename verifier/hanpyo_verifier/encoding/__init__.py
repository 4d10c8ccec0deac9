"""Strict decoders: CBOR, JSON and base64 (protocol.md 2.6, 2.7, 9.5)."""
