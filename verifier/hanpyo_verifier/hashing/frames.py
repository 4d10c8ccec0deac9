"""Frames and what is derived from them (protocol.md 2.1, 2.2)."""

import hashlib
import struct

from hanpyo_verifier.group.edwards import Point
from hanpyo_verifier.group.ristretto import from_uniform_bytes
from hanpyo_verifier.group.scalars import wide

_PREFIX = b"hanpyo/1/"


def u32(n: int) -> bytes:
    """Four bytes, big-endian."""
    return n.to_bytes(4, "big")


def u64(n: int) -> bytes:
    """Eight bytes, big-endian."""
    return n.to_bytes(8, "big")


def frame(label: str, *parts: bytes) -> bytes:
    """Joins a label and parts, each after its length (protocol.md 2.1)."""
    pieces = [_PREFIX + label.encode("ascii"), *parts]
    return b"".join([struct.pack(">I", len(piece)) + piece for piece in pieces])


def framed_digest(label: str, *parts: bytes) -> bytes:
    """SHA-256 of a frame."""
    return hashlib.sha256(frame(label, *parts)).digest()


def to_scalar(label: str, *parts: bytes) -> int:
    """A scalar from a frame (protocol.md 2.2)."""
    return wide(hashlib.sha512(frame(label, *parts)).digest())


def to_point(label: str, *parts: bytes) -> Point:
    """A point from a frame (protocol.md 2.2)."""
    return from_uniform_bytes(hashlib.sha512(frame(label, *parts)).digest())
