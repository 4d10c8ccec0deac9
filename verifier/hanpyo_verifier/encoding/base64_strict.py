"""Base64 with padding, canonical (protocol.md 9.5)."""

import base64
import binascii


def decode(text: str) -> bytes | None:
    """Decodes; None unless encoding again gives the same text."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode("ascii") == text else None


def encode(data: bytes) -> str:
    """Encodes with padding."""
    return base64.b64encode(data).decode("ascii")
