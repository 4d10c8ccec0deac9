"""ChaCha20-Poly1305 (RFC 8439), for the deals of protocol.md 7."""

import hmac
import struct

_WORD = 0xFFFFFFFF
_QUARTERS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)  # fmt: skip
_CONSTANTS = (0x61707865, 0x3320646E, 0x79622D32, 0x6B206574)
_POLY_P = 2**130 - 5
_POLY_CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


def _block(key: bytes, counter: int, nonce: bytes) -> bytes:
    """One block of the key stream (RFC 8439 section 2.3)."""
    start = [*_CONSTANTS, *struct.unpack("<8I", key), counter, *struct.unpack("<3I", nonce)]
    s = list(start)
    for _ in range(10):
        for a, b, c, d in _QUARTERS:
            s[a] = (s[a] + s[b]) & _WORD
            x = s[d] ^ s[a]
            s[d] = (x << 16 & _WORD) | x >> 16
            s[c] = (s[c] + s[d]) & _WORD
            x = s[b] ^ s[c]
            s[b] = (x << 12 & _WORD) | x >> 20
            s[a] = (s[a] + s[b]) & _WORD
            x = s[d] ^ s[a]
            s[d] = (x << 8 & _WORD) | x >> 24
            s[c] = (s[c] + s[d]) & _WORD
            x = s[b] ^ s[c]
            s[b] = (x << 7 & _WORD) | x >> 25
    return struct.pack("<16I", *[(x + y) & _WORD for x, y in zip(s, start, strict=True)])


def chacha20(key: bytes, counter: int, nonce: bytes, data: bytes) -> bytes:
    """Encrypts or decrypts (RFC 8439 section 2.4)."""
    out = bytearray()
    for i in range(0, len(data), 64):
        piece = data[i : i + 64]
        stream = _block(key, counter + i // 64, nonce)
        out += bytes(x ^ y for x, y in zip(piece, stream, strict=False))
    return bytes(out)


def poly1305(key: bytes, message: bytes) -> bytes:
    """The one-time authenticator (RFC 8439 section 2.5)."""
    r = int.from_bytes(key[:16], "little") & _POLY_CLAMP
    s = int.from_bytes(key[16:], "little")
    a = 0
    for i in range(0, len(message), 16):
        a = (a + int.from_bytes(message[i : i + 16] + b"\x01", "little")) * r % _POLY_P
    return ((a + s) & (2**128 - 1)).to_bytes(16, "little")


def _tag(key: bytes, nonce: bytes, associated: bytes, ciphertext: bytes) -> bytes:
    def padded(data: bytes) -> bytes:
        return data + bytes(-len(data) % 16)

    lengths = struct.pack("<QQ", len(associated), len(ciphertext))
    message = padded(associated) + padded(ciphertext) + lengths
    return poly1305(_block(key, 0, nonce)[:32], message)


def seal(key: bytes, nonce: bytes, associated: bytes, plaintext: bytes) -> bytes:
    """Encrypts and appends the tag (RFC 8439 section 2.8)."""
    ciphertext = chacha20(key, 1, nonce, plaintext)
    return ciphertext + _tag(key, nonce, associated, ciphertext)


def unseal(key: bytes, nonce: bytes, associated: bytes, sealed: bytes) -> bytes | None:
    """Decrypts; None if the tag does not hold."""
    ciphertext, tag = sealed[:-16], sealed[-16:]
    if not hmac.compare_digest(_tag(key, nonce, associated, ciphertext), tag):
        return None
    return chacha20(key, 1, nonce, ciphertext)
