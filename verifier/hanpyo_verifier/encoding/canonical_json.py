"""The canonical JSON of protocol.md 2.7: RFC 8785 with integers only."""

import json
from typing import Any, NoReturn

from hanpyo_verifier.encoding.texts import is_lawful
from hanpyo_verifier.errors import MalformedError

MAX_NUMBER = 2**53 - 1
_MAX_DIGITS = 16
_MAX_DEPTH = 16

Value = Any  # int, str, bool, None, list of values, or dict from str to values


def decode(data: bytes) -> Value:
    """Parses, serializes again and compares the bytes."""
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except MalformedError:
        raise
    except (ValueError, RecursionError):
        raise MalformedError("not JSON in UTF-8") from None
    if encode(value) != data:
        raise MalformedError("not in canonical form")
    return value


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise MalformedError("a key that stands twice")
    if not all(key.isascii() for key in out):
        raise MalformedError("a key that is not ASCII")
    return out


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS or digits.startswith("-") or int(digits) > MAX_NUMBER:
        raise MalformedError("a number outside 0..2^53-1")
    return int(digits)


def _no_number(_: str) -> NoReturn:
    raise MalformedError("a number that is no integer")


def encode(value: Value) -> bytes:
    """Serializes a value; refuses strings that 2.7 refuses."""
    return _encode(value, 1).encode("utf-8")


def _encode(value: Value, depth: int) -> str:
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _string(value)
    if depth > _MAX_DEPTH:
        raise MalformedError("nested too deep")
    if isinstance(value, list):
        return "[" + ",".join([_encode(item, depth + 1) for item in value]) + "]"
    if isinstance(value, dict):
        members = [_string(key) + ":" + _encode(value[key], depth + 1) for key in sorted(value)]
        return "{" + ",".join(members) + "}"
    raise TypeError(type(value))


def _string(text: str) -> str:
    if not is_lawful(text):
        raise MalformedError("a string that is not in NFC or holds a refused character")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
