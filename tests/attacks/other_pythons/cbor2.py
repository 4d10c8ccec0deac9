"""What `hanpyo.encoding` takes from cbor2, for Pythons that have no compiled cbor2 installed.

Only test_l18 puts this folder on a path, and only for interpreters other than the tests' own.
"""


class CBOREncodeError(Exception):
    """What cannot be written."""


def dumps(value: object) -> bytes:
    match value:
        case None | bool():
            return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
        case int() if value >= 0:
            return _head(0, value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            text = value.encode()
            return _head(3, len(text)) + text
        case list() | tuple():
            return _head(4, len(value)) + b"".join(map(dumps, value))
        case dict():
            pairs = (dumps(key) + dumps(item) for key, item in value.items())
            return _head(5, len(value)) + b"".join(pairs)
    raise CBOREncodeError(f"no encoding for {type(value).__name__}")


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    size = next(size for size in (0, 1, 2, 3) if argument < 1 << (8 << size))
    return bytes([major << 5 | 24 + size]) + argument.to_bytes(1 << size, "big")
