"""Bodies over HTTP: each is read back, and nothing else is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanpyo.encoding import encode_cbor, encode_json
from hanpyo.errors import InvalidEncoding, NotYet, Rejected
from hanpyo.ledger.checkpoint import sign_checkpoint
from hanpyo.ledger.entry import ORGANIZER, Signature
from hanpyo.ledger.interface import Inclusion, Known, Later, Queued, Refused
from hanpyo.ledger.walking import walk_membership
from hanpyo.node.http.wire import (
    ElectionRequest,
    decode_election,
    decode_entries,
    decode_inclusion,
    decode_indexes,
    decode_verdicts,
    encode_election,
    encode_entries,
    encode_inclusion,
    encode_indexes,
    encode_verdicts,
    plain,
    problem,
)
from tests.helpers.parties import genesis_entry, seed, signer

NAME = seed("entry")


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=20))
def test_entries_are_read_back(entries: list[bytes]) -> None:
    assert decode_entries(encode_entries(entries)) == entries


@pytest.mark.parametrize("body", [b"", b"\0", b"\0\0", b"\0\2a", b"\0\1a\0"])
def test_a_body_that_does_not_split_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        decode_entries(body)


def test_too_many_entries_are_refused() -> None:
    assert len(decode_entries(b"\0\1a" * 1_000)) == 1_000
    with pytest.raises(InvalidEncoding):
        decode_entries(b"\0\1a" * 1_001)


def test_verdicts_are_read_back() -> None:
    verdicts = [
        Queued(NAME, b"promise"),
        Queued(NAME, None),
        Known(NAME, 5),
        Refused(NAME, "C16", "because"),
        Later(NAME, 2),
    ]
    assert decode_verdicts(encode_verdicts(verdicts)) == verdicts


def test_a_sentence_may_quote_anything() -> None:
    why = "it says 'a\u202e\x00\ud800e\u0301\n'"
    (verdict,) = decode_verdicts(encode_verdicts([Refused(NAME, "C06", why)]))
    assert isinstance(verdict, Refused)
    assert verdict.why.startswith("it says 'a")
    assert plain("é 한 €") == "é 한 €"


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"verdicts": 5},
        {"verdicts": [{}]},
        {"verdicts": [], "more": 1},
        {"verdicts": [{"hash": "00", "promise": None, "verdict": "queued"}]},
        {"verdicts": [{"hash": NAME.hex(), "index": True, "verdict": "known"}]},
        {"verdicts": [{"hash": NAME.hex(), "promise": "A" * 601, "verdict": "queued"}]},
        {"verdicts": [{"hash": NAME.hex(), "verdict": "recorded"}]},
        {"verdicts": [{"hash": NAME.hex(), "index": 1, "verdict": "known", "more": 1}]},
    ],
)
def test_other_answers_to_entries_are_refused(value: object) -> None:
    with pytest.raises(InvalidEncoding):
        decode_verdicts(encode_json(value))


def test_an_election_is_read_back() -> None:
    request = ElectionRequest(b"{}", (Signature(ORGANIZER, 0, bytes(64)),))
    assert decode_election(encode_election(request)) == request


@pytest.mark.parametrize(
    "value",
    [5, {0: b""}, {0: b"", 1: b""}, {0: b"", 1: [], 2: 1}, {0: b"", 1: [[0, bytes(63)]]}],
)
def test_other_elections_are_refused(value: object) -> None:
    with pytest.raises(InvalidEncoding):
        decode_election(encode_cbor(value))


def inclusion(hashes: int) -> Inclusion:
    keepers = walk_membership([genesis_entry()])
    sign, cosign = signer("member", 0), signer("cosigner", 0)
    checkpoint = sign_checkpoint(keepers, 5, seed("root"), 1_000, sign, cosign)
    return Inclusion(3, checkpoint, tuple(seed("proof", n) for n in range(hashes)))


def test_an_inclusion_is_read_back() -> None:
    for hashes in (0, 1, 64):
        assert decode_inclusion(encode_inclusion(inclusion(hashes))) == inclusion(hashes)
    with pytest.raises(InvalidEncoding):
        decode_inclusion(encode_inclusion(inclusion(65)))


def test_indexes_are_read_back() -> None:
    assert decode_indexes(encode_indexes([0, 7, 2**40])) == [0, 7, 2**40]
    for value in ({"indexes": [True]}, {"indexes": ["1"]}, [1], {"indexes": [1], "more": 1}):
        with pytest.raises(InvalidEncoding):
            decode_indexes(encode_json(value))


def test_a_problem_tells_code_hint_and_check() -> None:
    told = problem(Rejected("C16", "because"), 422)
    assert (told["code"], told["check"], told["detail"]) == (20, "C16", "because")
    assert told["type"] == "urn:hanpyo:error:20"
    assert "check" not in problem(NotYet("soon"), 404)
