"""The codec of entries: one encoding for each, and everything else refused."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanpyo.encoding import decode_cbor, encode_cbor, frame, u32, u64
from hanpyo.errors import InvalidEncoding
from hanpyo.ledger import entry
from hanpyo.ledger.entry import (
    ENTRY_BYTES_MAX,
    KINDS,
    Act,
    Body,
    Cast,
    Commit,
    Complain,
    Consortium,
    Deal,
    Drop,
    Enroll,
    Equivocation,
    Genesis,
    Join,
    Leave,
    Lost,
    ManifestPart,
    Member,
    Outcome,
    Pause,
    Quorum,
    Result,
    RollChange,
    RollChunk,
    Rotate,
    Signature,
    act_message,
    decode_entry,
    encode_entry,
    entry_hash,
    signed_message,
)
from tests.unit.ledger.bodies import BODIES, PROOF, A, B, C

Fields = dict[int, object]
CAST = Cast(A, 3, B, 77, b"ballot" * 200, PROOF)
SIGNATURES = (Signature(1, 0, PROOF), Signature(1, 30, PROOF), Signature(3, 300, PROOF))


VALIDATOR: Fields = {0: "x", 1: A, 2: B, 3: C}
VOTE: list[object] = [A, 1, B, 7, 8, PROOF]


def named(body: Body) -> str:
    return type(body).__name__


def raw(body: Body) -> Fields:
    """Give an act's decoded fields, to be broken."""
    value = decode_cbor(encode_entry(Act(A, 7, body, SIGNATURES)))
    assert isinstance(value, dict)
    return value


def refuse(value: object) -> None:
    with pytest.raises(InvalidEncoding):
        decode_entry(encode_cbor(value))


def test_the_samples_are_of_every_kind() -> None:
    assert [type(body) for body in BODIES] == list(KINDS.values())
    assert list(KINDS) == [*(*range(15), *range(16, 22), *range(24, 30), *range(40, 46))]


@pytest.mark.parametrize("body", BODIES, ids=named)
def test_an_act_comes_back_as_it_was(body: Body) -> None:
    act = Act(A, 7, body, SIGNATURES)
    assert decode_entry(encode_entry(act)) == act
    assert act.kind == raw(body)[0]


@pytest.mark.parametrize("body", BODIES, ids=named)
@pytest.mark.parametrize("number", [0, 23, 24, 255, 256, 65_536, 2**32, 2**63 - 1])
@pytest.mark.parametrize("count", [0, 3, 24])
def test_the_signed_message_is_found_in_the_bytes(body: Body, number: int, count: int) -> None:
    signatures = tuple(Signature(1, 10**n, PROOF) for n in range(count))[:18]
    act = Act(B, number, body, signatures)
    message = act_message(A, B, number, body)
    assert signed_message(A, act, encode_entry(act)) == message
    encoded = encode_cbor(raw(body)[3])
    assert message == frame("act", A, B, u32(body.kind), u64(number), encoded)


def test_a_ballot_comes_back_as_it_was() -> None:
    assert decode_entry(encode_entry(CAST)) == CAST
    assert CAST.scope == CAST.election


@pytest.mark.parametrize(
    "changes",
    [
        {"style": 64},
        {"sequence": -1},
        {"sequence": 2**63},
        {"ballot": b""},
        {"ballot": bytes(65_001)},
        {"credential": A[1:]},
        {"signature": PROOF + b"1"},
        {"election": b""},
    ],
    ids=str,
)
def test_a_ballot_outside_its_schema_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidEncoding):
        decode_entry(encode_entry(replace(CAST, **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, 65_000])
@pytest.mark.parametrize("number", [0, 23, 24, 63])
def test_a_ballot_is_read_alike_in_both_ways(size: int, number: int) -> None:
    cast = replace(CAST, style=number, sequence=number, ballot=b"\n" * size)
    data = encode_entry(cast)
    assert decode_entry(data) == entry._decode_any(data) == cast
    is_usual = number < 24 and size >= 256
    assert entry._decode_usual_cast(data) == (cast if is_usual else None)


def test_no_changed_byte_is_read_otherwise_in_the_quick_way() -> None:
    data = encode_entry(replace(CAST, sequence=5, ballot=b"\x06\x58\x40" * 100))
    for place, flipped in product(range(len(data)), (0x01, 0x20, 0xFF)):
        other = bytearray(data)
        other[place] ^= flipped
        quick = entry._decode_usual_cast(bytes(other))
        assert quick is None or encode_entry(quick) == other


@pytest.mark.parametrize("length", [299, 301])
def test_a_usual_ballot_of_another_length_than_it_says_is_refused(length: int) -> None:
    data = encode_entry(replace(CAST, sequence=5, ballot=bytes(300)))
    with pytest.raises(InvalidEncoding):
        decode_entry(data.replace(b"\x59\x01\x2c", b"\x59" + length.to_bytes(2, "big")))


def test_sequence_0_is_of_the_schema() -> None:
    cast = replace(CAST, sequence=0)
    assert decode_entry(encode_entry(cast)) == cast


def test_the_largest_ballot_fits_an_entry() -> None:
    data = encode_entry(replace(CAST, sequence=2**63 - 1, ballot=bytes(65_000)))
    assert len(data) <= ENTRY_BYTES_MAX
    assert decode_entry(data)


@pytest.mark.parametrize("body", BODIES, ids=named)
def test_every_field_of_a_body_is_needed_and_no_other_is_allowed(body: Body) -> None:
    for key in decode_cbor(encode_cbor(raw(body)[3])):  # type: ignore[attr-defined]
        fields = raw(body)
        del fields[3][key]  # type: ignore[attr-defined]
        refuse(fields)
    fields = raw(body)
    fields[3][len(fields[3])] = 0  # type: ignore[index,arg-type]
    refuse(fields)


@pytest.mark.parametrize("body", BODIES, ids=named)
def test_every_field_of_a_body_has_its_type(body: Body) -> None:
    for key, value in list(raw(body)[3].items()):  # type: ignore[attr-defined]
        for wrong in (None, True, "1", [], {}, b"", 2**63 - 1):
            fields = raw(body)
            fields[3][key] = wrong  # type: ignore[index]
            if type(wrong) is type(value) or (wrong == [] and isinstance(value, list)):
                continue
            refuse(fields)


@pytest.mark.parametrize("key", range(5))
def test_every_field_of_an_act_is_needed(key: int) -> None:
    fields = raw(BODIES[1])
    del fields[key]
    refuse(fields)


@pytest.mark.parametrize(
    "changes",
    [
        {5: 0},
        {0: 15},
        {0: 22},
        {0: 31},
        {0: 33},
        {0: 46},
        {0: True},
        {0: None},
        {1: A[1:]},
        {2: None},
        {3: []},
        {4: {}},
        {4: [[0, 0]]},
        {4: [[5, 0, PROOF]]},
        {4: [[0, 0, PROOF[1:]]]},
        {4: [[0, None, PROOF]]},
        {4: [[True, 0, PROOF]]},
    ],
    ids=str,
)
def test_an_envelope_outside_its_schema_is_refused(changes: Fields) -> None:
    refuse({**raw(BODIES[1]), **changes})


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        (Genesis, (0,), 2),
        (Genesis, (2,), 1),
        (Genesis, (3,), []),
        (Consortium, (0,), A[1:]),
        (Consortium, (2,), [VALIDATOR] * 3),
        (Consortium, (2,), [VALIDATOR] * 65),
        (Consortium, (2, 0), {0: "x", 1: A, 2: B}),
        (Consortium, (2, 0), {0: "x" * 201, 1: A, 2: B, 3: C}),
        (Join, (0,), {0: "", 1: A, 2: B, 3: C}),
        (Leave, (1,), "x" * 1001),
        (Rotate, (3,), None),
        (Equivocation, (4,), []),
        (Equivocation, (4,), [VOTE]),
        (Equivocation, (4,), [VOTE] * 3),
        (Equivocation, (4, 0), VOTE[:-1]),
        (Equivocation, (4, 1, 0), bytes(33)),
        (Equivocation, (4, 1, 2), bytes(33)),
        (Equivocation, (4, 0, 3), -1),
        (Equivocation, (4, 0, 5), PROOF[1:]),
        (Quorum, (0,), b""),
        (Quorum, (0,), bytes(16_001)),
        (ManifestPart, (2,), b""),
        (ManifestPart, (2,), bytes(60_001)),
        (RollChunk, (1,), []),
        (RollChunk, (1, 0), [A, 1, 0]),
        (RollChange, (1, 0), [1, 1, 0]),
        (Enroll, (0,), []),
        (Enroll, (0, 0), [0, A, PROOF, 0]),
        (Commit, (0,), 0),
        (Deal, (1,), 0),
        (Complain, (1,), 0),
        (Drop, (1,), 0),
        (Lost, (0,), []),
        (Lost, (0, 1), 0),
        (Result, (5, 0), 0),
        (Result, (6,), []),
        (Outcome, (0,), []),
        (Outcome, (0, 0), [0, [1]]),
    ],
    ids=str,
)
def test_a_body_out_of_bounds_is_refused(
    kind: type[Body], path: tuple[int, ...], value: object
) -> None:
    (body,) = [each for each in BODIES if type(each) is kind]
    fields = raw(body)
    place: object = fields[3]
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]
    refuse(fields)


@pytest.mark.parametrize("value", [0, b"", "", [], None, {}, {0: 32}], ids=repr)
def test_what_is_no_entry_is_refused(value: object) -> None:
    refuse(value)


def test_an_entry_has_at_most_65535_bytes() -> None:
    def act(text: str) -> bytes:
        signatures = tuple(Signature(1, 0, PROOF) for _ in range(935))
        return encode_entry(Act(A, 0, Pause(text), signatures))

    spare = ENTRY_BYTES_MAX - len(act("x" * 256)) + 256
    assert 256 <= spare <= 1000
    assert decode_entry(act("x" * spare))
    with pytest.raises(InvalidEncoding, match="65535"):
        decode_entry(act("x" * (spare + 1)))


@pytest.mark.parametrize("data", [b"", bytes(ENTRY_BYTES_MAX + 1)], ids=len)
def test_entries_of_wrong_length_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        decode_entry(data)


@pytest.mark.parametrize(
    "reason",
    ["", "x" * 1001, "a\nb", "a\u202eb", "\u200f", "\x7f", "\x85"],
    ids=ascii,
)
def test_a_text_out_of_bounds_is_refused(reason: str) -> None:
    fields = raw(Pause("x"))
    fields[3][0] = reason  # type: ignore[index]
    refuse(fields)


def test_texts_are_measured_in_characters() -> None:
    body = Pause("투" * 1000)
    assert decode_entry(encode_entry(Act(A, 1, body, ()))) == Act(A, 1, body, ())
    with pytest.raises(InvalidEncoding):
        decode_entry(encode_entry(Act(A, 1, Pause("투" * 1001), ())))
    member = Member("n" * 201, A, B)
    with pytest.raises(InvalidEncoding):
        decode_entry(encode_entry(Act(A, 0, Genesis(1, A, 0, (member,)), ())))


@given(st.integers(0, 5), st.binary(max_size=4), st.data())
def test_no_other_bytes_decode_to_the_same_entry(
    cut: int, junk: bytes, data: st.DataObject
) -> None:
    body = data.draw(st.sampled_from(BODIES))
    encoded = encode_entry(Act(A, 7, body, SIGNATURES))
    at = data.draw(st.integers(0, len(encoded)))
    other = encoded[:at] + junk + encoded[at + cut :]
    try:
        entry = decode_entry(other)
    except InvalidEncoding:
        return
    assert encode_entry(entry) == other
    assert (entry == decode_entry(encoded)) == (other == encoded)


def test_entry_hash_is_sha256() -> None:
    assert entry_hash(b"").hex().startswith("e3b0c44298fc1c14")
