"""What all writers of vectors share: seeds from names, hexadecimal, files."""

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
L = 2**252 + 27742317777372353535851937790883648493  # the group order l

Vector = dict[str, Any]


def seed(*name: object) -> bytes:
    """Derive 32 bytes that belong to a name, always the same."""
    return sha256(("vectors " + repr(name)).encode()).digest()


def flip(data: bytes, at: int, bit: int = 0) -> bytes:
    """Give bytes with one bit changed; `at` may count from the end."""
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    return bytes(changed)


def put(data: bytes, at: int, part: bytes) -> bytes:
    """Give bytes with those from `at` on replaced by `part`."""
    return data[:at] + part + data[at + len(part) :]


def scalar(value: int) -> bytes:
    """Write a scalar's 32 bytes; a value of l or more is no canonical scalar."""
    return value.to_bytes(32, "little")


def plain(value: Any) -> Any:
    """Give a value as JSON: bytes become hex, also inside lists and objects."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def tagged(value: Any) -> Any:
    """Give a CBOR value as JSON: `{"bytes": hex}`, `{"map": [[key, value], ...]}`."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, dict):
        return {"map": [[key, tagged(each)] for key, each in value.items()]}
    if isinstance(value, list | tuple):
        return [tagged(each) for each in value]
    return value


def encode_vectors(vectors: Iterable[Vector]) -> bytes:
    """Write vectors as a file: a JSON list, one vector a line."""
    lines = [json.dumps(plain(each), ensure_ascii=False, sort_keys=True) for each in vectors]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()
