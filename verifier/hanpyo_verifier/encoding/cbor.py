"""The deterministic CBOR subset of protocol.md 2.6."""

from typing import Any

from hanpyo_verifier.errors import MalformedError

MAX_DEPTH = 8
MAX_INT = 2**63 - 1
MAX_KEY = 23

Value = Any  # int, bytes, str, bool, None, list of values, or dict from int to values


def decode(data: bytes) -> Value:
    """Decodes exactly one canonical item; refuses everything that would encode otherwise."""
    value, end = _item(data, 0, 1)
    if end != len(data):
        raise MalformedError("bytes after the CBOR item")
    return value


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Reads a head in its shortest form: (major type, argument, next position)."""
    if at >= len(data):
        raise MalformedError("CBOR ends early")
    first = data[at]
    info = first & 31
    at += 1
    if info < 24:
        return first >> 5, info, at
    if info > 27:
        raise MalformedError("CBOR of indefinite length or with a reserved head")
    size = 1 << (info - 24)
    end = at + size
    if end > len(data):
        raise MalformedError("CBOR ends early")
    argument = int.from_bytes(data[at:end], "big")
    if argument < (24 if size == 1 else 1 << (4 * size)):
        raise MalformedError("a CBOR head that is not in its shortest form")
    return first >> 5, argument, end


def _item(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    major, argument, at = _head(data, at)
    if major == 0:
        if argument > MAX_INT:
            raise MalformedError("a CBOR integer above 2^63 - 1")
        return argument, at
    if major in (2, 3):
        return _string(data, at, argument, text=major == 3)
    if major in (4, 5):
        if depth > MAX_DEPTH:
            raise MalformedError("CBOR nested deeper than 8")
        return (_array if major == 4 else _map)(data, at, argument, depth)
    if major == 7 and 20 <= argument <= 22 and data[at - 1] < 0xF8:
        return (False, True, None)[argument - 20], at
    raise MalformedError("a CBOR type that is not allowed")


def _string(data: bytes, at: int, length: int, *, text: bool) -> tuple[Value, int]:
    end = at + length
    if end > len(data):
        raise MalformedError("CBOR ends early")
    piece = bytes(data[at:end])
    if not text:
        return piece, end
    try:
        return piece.decode("utf-8"), end
    except UnicodeDecodeError:
        raise MalformedError("a CBOR text that is not UTF-8") from None


def _array(data: bytes, at: int, length: int, depth: int) -> tuple[Value, int]:
    if length > len(data) - at:
        raise MalformedError("CBOR ends early")
    items = []
    for _ in range(length):
        item, at = _item(data, at, depth + 1)
        items.append(item)
    return items, at


def _map(data: bytes, at: int, length: int, depth: int) -> tuple[Value, int]:
    items: dict[int, Value] = {}
    last = -1
    if length > MAX_KEY + 1:
        raise MalformedError("a CBOR map with more keys than there are")
    for _ in range(length):
        major, key, at = _head(data, at)
        if major != 0 or key > MAX_KEY:
            raise MalformedError("a CBOR map key that is not an integer 0..23")
        if key <= last:
            raise MalformedError("CBOR map keys that do not ascend")
        last = key
        items[key], at = _item(data, at, depth + 1)
    return items, at


def _encode_head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    size = 1
    while argument >> 8 * size:
        size *= 2
    return bytes([major << 5 | 23 + size.bit_length()]) + argument.to_bytes(size, "big")


def encode(value: Value) -> bytes:
    """Encodes a value of the subset."""
    if value is None or isinstance(value, bool):
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return _encode_head(0, value)
    if isinstance(value, bytes):
        return _encode_head(2, len(value)) + value
    if isinstance(value, str):
        data = value.encode("utf-8")
        return _encode_head(3, len(data)) + data
    if isinstance(value, list):
        return _encode_head(4, len(value)) + b"".join([encode(item) for item in value])
    if isinstance(value, dict):
        pieces = [_encode_head(0, key) + encode(value[key]) for key in sorted(value)]
        return _encode_head(5, len(value)) + b"".join(pieces)
    raise TypeError(type(value))
