"""JSON of a manifest: one encoding for each value, and no other is read."""

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanpyo.encoding import check_text, decode_json, encode_json
from hanpyo.errors import InvalidEncoding
from vectors.refusals import REFUSED_JSON

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def is_text(text: str) -> bool:
    forbidden = any(unicodedata.category(c) in {"Cc", "Cs"} or c in BIDI_CONTROLS for c in text)
    return not forbidden and unicodedata.is_normalized("NFC", text)


json_text = st.text(max_size=20).filter(is_text)
json_keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=10)
json_values = st.recursive(
    st.integers(0, 2**53 - 1) | json_text | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(json_keys, inner, max_size=4),
    max_leaves=12,
).filter(lambda value: depth(value) <= 16)


@given(json_values)
def test_json_round_trip(value: object) -> None:
    assert decode_json(encode_json(value)) == value


@given(st.binary(max_size=20) | st.text(max_size=20).map(lambda text: text.encode("utf-8")))
def test_whatever_json_is_accepted_is_canonical(data: bytes) -> None:
    try:
        value = decode_json(data)
    except InvalidEncoding:
        return
    assert encode_json(value) == data


# Too long for a file of vectors.
TOO_LONG_JSON = {
    "integer of 5000 digits": "9" * 5000,
    "far too deep": "[" * 100_000 + "]" * 100_000,
    "far too deep, objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
}
ALL_REFUSED_JSON = {**REFUSED_JSON, **TOO_LONG_JSON}


@pytest.mark.parametrize("text", ALL_REFUSED_JSON.values(), ids=ALL_REFUSED_JSON.keys())
def test_json_refuses(text: str) -> None:
    with pytest.raises(InvalidEncoding):
        decode_json(text.encode("utf-8"))


@pytest.mark.parametrize("control", BIDI_CONTROLS, ids=lambda c: f"U+{ord(c):04X}")
def test_json_refuses_bidirectional_controls(control: str) -> None:
    with pytest.raises(InvalidEncoding, match=f"U\\+{ord(control):04X}"):
        decode_json(f'"a{control}b"'.encode())


@pytest.mark.parametrize("data", [b'"\xff"', b'"\xed\xa0\x80"', b'"\xc0\x80"', b"\xff\xfe1\0"])
def test_json_refuses_bytes_that_are_not_utf8(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        decode_json(data)


ACCEPTED_JSON = {
    "9007199254740991": 2**53 - 1,
    "0": 0,
    "[true,false,null]": [True, False, None],
    '"\\"\\\\/"': '"\\/',
    '"\u00e4 \u2028 \U0001f600 \ud55c\ud45c"': "\u00e4 \u2028 \U0001f600 \ud55c\ud45c",
    '{"":1,"A":2,"a":3}': {"": 1, "A": 2, "a": 3},
    "[" * 16 + "]" * 16: [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]],
}


@pytest.mark.parametrize("text", ACCEPTED_JSON)
def test_json_accepts(text: str) -> None:
    assert decode_json(text.encode()) == ACCEPTED_JSON[text]
    assert encode_json(ACCEPTED_JSON[text]) == text.encode()


@pytest.mark.parametrize(
    "value", [-1, 2**53, 1.5, math.inf, "a\u0308", "\ud800", {"\u00e4": 1}, b"", {1, 2}], ids=repr
)
def test_json_encodes_only_what_it_decodes(value: object) -> None:
    with pytest.raises(InvalidEncoding):
        encode_json(value)


@given(st.text(max_size=10))
def test_check_text_follows_the_categories(text: str) -> None:
    bad = any(unicodedata.category(c) in {"Cc", "Cs"} or c in BIDI_CONTROLS for c in text)
    if not bad:
        check_text(text)
        return
    with pytest.raises(InvalidEncoding):
        check_text(text)
