"""Frames, CBOR, Base64 and hex: one encoding for each value, and no other is read."""

import math
from decimal import Decimal

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanpyo.encoding import (
    crockford,
    decode_base64,
    decode_cbor,
    decode_hex,
    encode_base64,
    encode_cbor,
    frame,
    u32,
    u64,
)
from hanpyo.errors import InvalidEncoding
from vectors.refusals import REFUSED_CBOR

cbor_leaves = (
    st.integers(0, 2**63 - 1)
    | st.binary(max_size=40)
    | st.text(max_size=20)
    | st.booleans()
    | st.none()
)


def cbor_maps(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    pairs = st.dictionaries(st.integers(0, 23), values, max_size=24)
    return pairs.map(lambda pairs: dict(sorted(pairs.items())))


cbor_values = st.recursive(
    cbor_leaves,
    lambda inner: st.lists(inner, max_size=4) | cbor_maps(inner),
    max_leaves=12,
).filter(lambda value: depth(value) <= 8)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


# --- framing ---


def test_frame_is_lengths_and_parts() -> None:
    expected = b"\0\0\0\x0dhanpyo/1/roll\0\0\0\x02ab\0\0\0\0"
    assert frame("roll", b"ab", b"") == expected


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_frames_of_different_parts_differ(one: list[bytes], other: list[bytes]) -> None:
    assert (frame("x", *one) == frame("x", *other)) == (one == other)


def test_integers_are_big_endian() -> None:
    assert u32(258) == bytes([0, 0, 1, 2])
    assert u64(2**64 - 1) == b"\xff" * 8
    with pytest.raises(OverflowError):
        u32(2**32)


# --- CBOR ---


@given(cbor_values)
def test_cbor_round_trip(value: object) -> None:
    assert decode_cbor(encode_cbor(value)) == value


@given(cbor_values)
def test_cbor_agrees_with_the_library(value: object) -> None:
    assert encode_cbor(value) == cbor2.dumps(value, canonical=True)


@given(st.binary(max_size=30))
def test_whatever_cbor_is_accepted_is_canonical(data: bytes) -> None:
    try:
        value = decode_cbor(data)
    except InvalidEncoding:
        return
    assert cbor2.dumps(value, canonical=True) == data


@given(cbor_values, st.data())
def test_cbor_with_one_byte_changed_is_refused_or_canonical(
    value: object, data: st.DataObject
) -> None:
    encoded = bytearray(encode_cbor(value))
    place = data.draw(st.integers(0, len(encoded) - 1))
    encoded[place] = data.draw(st.integers(0, 255))
    try:
        changed = decode_cbor(bytes(encoded))
    except InvalidEncoding:
        return
    assert encode_cbor(changed) == bytes(encoded)


@given(cbor_values)
def test_cbor_cut_short_or_continued_is_refused(value: object) -> None:
    encoded = encode_cbor(value)
    for broken in (encoded[:-1], encoded + b"\0", encoded + encoded):
        with pytest.raises(InvalidEncoding):
            decode_cbor(broken)


@pytest.mark.parametrize("data", REFUSED_CBOR.values(), ids=REFUSED_CBOR.keys())
def test_cbor_refuses(data: str) -> None:
    with pytest.raises(InvalidEncoding):
        decode_cbor(bytes.fromhex(data))


ACCEPTED_CBOR = {
    "17": 23,
    "1818": 24,
    "18ff": 255,
    "190100": 256,
    "1a00010000": 65536,
    "1b0000000100000000": 2**32,
    "1b7fffffffffffffff": 2**63 - 1,
    "40": b"",
    "60": "",
    "80": [],
    "a0": {},
    "a117f4": {23: False},
    "82f5f6": [True, None],
    "81" * 8 + "00": [[[[[[[[0]]]]]]]],
    "63e282ac": "\u20ac",
}


@pytest.mark.parametrize("data", ACCEPTED_CBOR)
def test_cbor_accepts(data: str) -> None:
    assert decode_cbor(bytes.fromhex(data)) == ACCEPTED_CBOR[data]


@pytest.mark.parametrize(
    "value",
    [
        -1,
        2**63,
        2**64,
        1.0,
        math.nan,
        {1, 2},
        {1: 0, 0: 0},
        {24: 0},
        {"a": 0},
        "\ud800",
        Decimal(1),
    ],
    ids=repr,
)
def test_cbor_encodes_only_what_it_decodes(value: object) -> None:
    with pytest.raises(InvalidEncoding):
        encode_cbor(value)


# --- Base64, hex, Crockford ---


@given(st.binary(max_size=40))
def test_base64_and_hex_round_trip(data: bytes) -> None:
    assert decode_base64(encode_base64(data)) == data
    assert decode_hex(data.hex(), len(data)) == data


@pytest.mark.parametrize(
    "text",
    ["Zh==", "Zg", "Zg=", "Zg===", "Zm9=", "Zg==\n", " Zg==", "Z g==", "_-8=", "\u00e4", "="],
)
def test_base64_refuses(text: str) -> None:
    with pytest.raises(InvalidEncoding):
        decode_base64(text)


@pytest.mark.parametrize("text", ["AA", "a", "aa\n", "aabb", "0x", " a", "\uff11\uff11", ""])
def test_hex_refuses(text: str) -> None:
    with pytest.raises(InvalidEncoding):
        decode_hex(text, 1)


def test_crockford_matches_known_answers() -> None:
    assert crockford(bytes(5)) == "00000000"
    assert crockford(b"\xff" * 5) == "ZZZZZZZZ"
    assert crockford(bytes([0x08, 0x42, 0x10, 0x84, 0x21])) == "11111111"
    assert crockford(bytes([0, 0, 0, 0, 31, 0, 0, 0, 0, 18])) == "0000000Z0000000J"
