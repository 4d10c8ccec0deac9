"""HKDF (RFC 5869), for the deals of protocol.md 7 with SHA-512."""

import hashlib
import hmac


def hkdf(algorithm: str, secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Extracts and expands; no salt is as many zero bytes as the hash is long."""
    salt = salt or bytes(hashlib.new(algorithm).digest_size)
    key = hmac.new(salt, secret, algorithm).digest()
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([counter]), algorithm).digest()
        out += block
        counter += 1
    return out[:length]


def hkdf_sha512(secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA-512 without a salt."""
    return hkdf("sha512", secret, b"", info, length)
