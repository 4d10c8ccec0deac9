"""Canonical bytes: framing for hashes, CBOR for ledger entries, JSON for manifests.

Each value has one encoding. A decoder refuses every other byte string with `InvalidEncoding`,
however politely a library would read it. Source: docs/protocol.md 2.1, 2.6, 2.7, 3, 9.5.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from typing import NoReturn

import cbor2

from hanpyo.errors import InvalidEncoding

CBOR_DEPTH_MAX = 8
CBOR_INT_MAX = 2**63 - 1
CBOR_KEY_MAX = 23
JSON_DEPTH_MAX = 16
JSON_INT_MAX = 2**53 - 1

_LABEL_PREFIX = b"hanpyo/1/"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Control characters (Cc), bidirectional controls, lone surrogates.
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_CBOR_SIMPLE = {0xF4: False, 0xF5: True, 0xF6: None}


def u32(n: int) -> bytes:
    """Write an integer 0..2^32-1 as 4 bytes, big-endian."""
    return n.to_bytes(4, "big")


def u64(n: int) -> bytes:
    """Write an integer 0..2^64-1 as 8 bytes, big-endian."""
    return n.to_bytes(8, "big")


def frame(label: str, *parts: bytes) -> bytes:
    """Join a label and parts so that no two lists of parts give the same bytes."""
    name = _LABEL_PREFIX + label.encode("ascii")
    pieces = [len(name).to_bytes(4, "big"), name]
    for part in parts:
        pieces += (len(part).to_bytes(4, "big"), part)
    return b"".join(pieces)


def encode_cbor(value: object) -> bytes:
    """Encode a value of the subset; keys of maps must stand in ascending order.

    Raises:
        InvalidEncoding: the value is outside the subset.
    """
    try:
        data = cbor2.dumps(value)
    except (cbor2.CBOREncodeError, UnicodeEncodeError) as error:
        raise InvalidEncoding(f"not encodable as CBOR: {error}") from error
    decode_cbor(data)  # what we write, we can read
    return data


def decode_cbor(data: bytes) -> object:
    """Decode the one encoding of a value of the subset.

    The library is not asked: it would first build what tags, sets or colliding map keys describe,
    which costs an attacker little and us much. Reading only the subset is as fast and refuses at
    the first wrong byte.

    Raises:
        InvalidEncoding: anything else than exactly one canonical item.
    """
    try:
        value, end = _cbor_item(data, 0, 0)
    except IndexError:
        raise InvalidEncoding("CBOR ends early") from None
    if end != len(data):
        raise InvalidEncoding(f"CBOR ends at byte {end} of {len(data)}")
    return value


def _cbor_item(data: bytes, at: int, depth: int) -> tuple[object, int]:
    """Read the item at byte `at`, inside `depth` arrays and maps; return it and where it ends."""
    head = data[at]
    at += 1
    major, argument = head >> 5, head & 31
    if major == 7:
        if head not in _CBOR_SIMPLE:
            raise InvalidEncoding(f"CBOR has a float or simple value at byte {at - 1}")
        return _CBOR_SIMPLE[head], at
    if argument >= 24:
        argument, at = _cbor_argument(data, at, argument)
    if major == 0:
        if argument > CBOR_INT_MAX:
            raise InvalidEncoding(f"CBOR has an integer over 2^63-1 before byte {at}")
        return argument, at
    if major in {2, 3}:
        end = at + argument
        if end > len(data):
            raise IndexError
        return (data[at:end] if major == 2 else _cbor_text(data, at, end)), end
    if major not in {4, 5}:
        raise InvalidEncoding(f"CBOR has a negative integer or a tag before byte {at}")
    if depth == CBOR_DEPTH_MAX:
        raise InvalidEncoding(f"CBOR nests more than {CBOR_DEPTH_MAX} deep at byte {at}")
    if major == 5:
        return _cbor_map(data, at, depth + 1, argument)
    items = []
    for _ in range(argument):
        item, at = _cbor_item(data, at, depth + 1)
        items.append(item)
    return items, at


def _cbor_argument(data: bytes, at: int, kind: int) -> tuple[int, int]:
    """Read an argument of 1, 2, 4 or 8 bytes that must not fit a shorter form."""
    if kind > 27:
        raise InvalidEncoding(f"CBOR has a reserved or indefinite head before byte {at}")
    end = at + (1 << (kind - 24))
    if end > len(data):
        raise IndexError
    argument = int.from_bytes(data[at:end], "big")
    if argument < (24 if kind == 24 else 1 << (4 * (end - at))):
        raise InvalidEncoding(f"CBOR has a head longer than needed before byte {at}")
    return argument, end


def _cbor_text(data: bytes, at: int, end: int) -> str:
    try:
        return data[at:end].decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidEncoding(f"CBOR has text that is not UTF-8 at byte {at}") from None


def _cbor_map(data: bytes, at: int, depth: int, size: int) -> tuple[dict[int, object], int]:
    items: dict[int, object] = {}
    last = -1
    for _ in range(size):
        key = data[at]  # a key of the subset is one byte
        if not last < key <= CBOR_KEY_MAX:
            raise InvalidEncoding(f"CBOR has a key out of order or out of 0..23 at byte {at}")
        items[key], at = _cbor_item(data, at + 1, depth)
        last = key
    return items, at


def encode_json(value: object) -> bytes:
    """Encode a value in RFC 8785 form within our limits.

    Raises:
        InvalidEncoding: the value is outside the limits.
    """
    data = _write_json(value)
    decode_json(data)  # what we write, we can read
    return data


def decode_json(data: bytes) -> object:
    """Decode the one JSON encoding of a value: parse, check, serialize again, compare.

    Raises:
        InvalidEncoding: anything else.
    """
    try:
        value: object = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_json_object,
            parse_int=_json_int,
            parse_float=_json_float,
            parse_constant=_json_float,
        )
    except UnicodeDecodeError:
        raise InvalidEncoding("JSON is not UTF-8") from None
    except RecursionError:  # far deeper than the limit
        raise InvalidEncoding(f"JSON nests more than {JSON_DEPTH_MAX} deep") from None
    except json.JSONDecodeError as error:
        raise InvalidEncoding(f"not JSON: {error}") from None
    _check_json(value, 0)
    if _write_json(value) != data:
        raise InvalidEncoding("JSON is not in its canonical form: RFC 8785 without white space")
    return value


def _write_json(value: object) -> bytes:
    # Keys are ASCII and control characters are refused: then this is RFC 8785.
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-8")
    except (TypeError, ValueError) as error:
        raise InvalidEncoding(f"not encodable as JSON: {error}") from error


def _json_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    items = dict(pairs)
    if len(items) != len(pairs):
        raise InvalidEncoding("JSON repeats a key in one object")
    return items


def _json_int(digits: str) -> int:
    if digits.startswith("-") or len(digits) > 16 or int(digits) > JSON_INT_MAX:
        raise InvalidEncoding(f"JSON has a number outside 0..2^53-1: {digits[:20]}")
    return int(digits)


def _json_float(digits: str) -> NoReturn:
    raise InvalidEncoding(f"JSON has a number that is no plain integer: {digits[:20]}")


def _check_json(value: object, depth: int) -> None:
    """Check texts, keys and depth of a parsed value; numbers were checked while parsing."""
    if isinstance(value, str):
        check_text(value)
        if not unicodedata.is_normalized("NFC", value):
            raise InvalidEncoding(f"text is not in Unicode form NFC: {value[:40]!r}")
    elif isinstance(value, dict | list):
        if depth == JSON_DEPTH_MAX:
            raise InvalidEncoding(f"JSON nests more than {JSON_DEPTH_MAX} deep")
        if isinstance(value, dict):
            for key in value:
                check_text(key)
                if not key.isascii():
                    raise InvalidEncoding(f"JSON has a key that is not ASCII: {key[:40]!r}")
            value = list(value.values())
        for item in value:
            _check_json(item, depth + 1)


def check_text(text: str) -> None:
    """Refuse control characters, bidirectional controls and lone surrogates.

    Raises:
        InvalidEncoding: the text holds one.
    """
    found = _FORBIDDEN.search(text)
    if found:
        raise InvalidEncoding(f"text holds the forbidden character U+{ord(found[0]):04X}")


def encode_base64(data: bytes) -> str:
    """Write bytes in Base64 (RFC 4648 section 4, with padding)."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """Read the one Base64 text of a byte string.

    Raises:
        InvalidEncoding: anything else, unused bits that are not zero included.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise InvalidEncoding("not Base64") from None
    if encode_base64(data) != text:
        raise InvalidEncoding("Base64 is not in its canonical form")
    return data


def decode_hex(text: str, length: int) -> bytes:
    """Read exactly `length` bytes from lowercase hex digits.

    Raises:
        InvalidEncoding: anything else.
    """
    if len(text) != 2 * length or not re.fullmatch("[0-9a-f]*", text):
        raise InvalidEncoding(f"not {2 * length} lowercase hex digits")
    return bytes.fromhex(text)


def crockford(data: bytes) -> str:
    """Write bytes, a multiple of 5, in Crockford's base32."""
    assert len(data) % 5 == 0
    bits = int.from_bytes(data, "big")
    places = range(8 * len(data) - 5, -1, -5)
    return "".join(_CROCKFORD[bits >> place & 31] for place in places)
