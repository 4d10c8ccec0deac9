"""E01, E02, E07, E10, E11, E15, E21: what a cheating voter or copier may try with a ballot.

Forged proofs that an honest-looking prover makes (E03, E10) are in rust/core/tests/ballots.
"""

import random
from dataclasses import replace

import pytest

from hanpyo import crypto
from hanpyo.election.ballot import tracker
from hanpyo.errors import InvalidSelection
from hanpyo.ledger.entry import Cast, decode_entry, encode_entry
from tests.helpers.election import Play
from tests.helpers.parties import seed, tiny_manifest

IDENTITY = bytes(32)
ORDER = (2**252 + 27742317777372353535851937790883648493).to_bytes(32, "little")
NOT_CANONICAL = bytes.fromhex("ed" + "ff" * 30 + "7f")  # p itself, RFC 9496 A.3


@pytest.fixture
def play() -> Play:
    return Play().voting()


def read(entry: bytes) -> Cast:
    cast = decode_entry(entry)
    assert isinstance(cast, Cast)
    return cast


def test_e01_a_ballot_copied_verbatim_is_refused(play: Play) -> None:
    entry = play.cast(0)
    play.add(entry)
    cast = read(entry)
    assert play.refused(encode_entry(replace(cast, credential=play.credential(2)))) == "C17"
    assert play.refused(play.resigned(cast, cast.ballot, 2)) == "C18"


def test_e01_another_votes_ciphertexts_do_not_fit_ones_own_proof(play: Play) -> None:
    theirs, mine = read(play.cast(1)), read(play.cast(3, fresh="mine"))
    first = len(mine.ballot) // 2
    mixed = theirs.ballot[: 32 * 4] + mine.ballot[32 * 4 :]
    assert play.refused(play.resigned(mine, mixed, 3)) == "C18"
    exchanged = mine.ballot[first:] + mine.ballot[:first]
    assert play.refused(play.resigned(mine, exchanged, 3)) in {"C16", "C18"}


def test_e02_no_mutated_ballot_is_accepted(play: Play) -> None:
    source, cast = random.Random(2), read(play.cast(1))
    for _ in range(300):
        ballot = bytearray(cast.ballot)
        at = 32 * source.randrange(len(ballot) // 32)
        other = 32 * source.randrange(len(ballot) // 32)
        match source.randrange(3):
            case 0:
                ballot[at + source.randrange(32)] ^= 1 << source.randrange(8)
            case 1:
                ballot[at : at + 32], ballot[other : other + 32] = (
                    ballot[other : other + 32],
                    ballot[at : at + 32],
                )
            case _:
                ballot[at : at + 32] = crypto.base_multiply(
                    crypto.to_scalar("nonce", [source.randbytes(8)])
                )
        if bytes(ballot) != cast.ballot:
            assert play.refused(play.resigned(cast, bytes(ballot), 1)) in {"C16", "C18"}


@pytest.mark.parametrize("place", range(15))
def test_e07_small_and_invalid_elements_are_refused_everywhere(play: Play, place: int) -> None:
    cast = read(play.cast(0))  # A, B_1..B_3, V, V', W', f_1..f_4, z, z_s: 13 elements
    count = len(cast.ballot) // 32
    at = 32 * (place % count)
    for wrong in (NOT_CANONICAL, ORDER, IDENTITY, b"\xff" * 32):
        ballot = cast.ballot[:at] + wrong + cast.ballot[at + 32 :]
        assert play.refused(play.resigned(cast, ballot, 0)) in {"C16", "C18"}


def test_e07_a_credential_that_is_the_identity_is_refused(play: Play) -> None:
    cast = read(play.cast(0))
    assert play.refused(encode_entry(replace(cast, credential=IDENTITY))) == "C16"
    assert play.refused(encode_entry(replace(cast, credential=NOT_CANONICAL))) == "C16"


@pytest.mark.parametrize("scores", [[2, 0, 0], [1, 1, 0], [0, 0, 10**6]])
def test_e10_no_ballot_exists_for_too_large_a_vote(play: Play, scores: list[int]) -> None:
    with pytest.raises(InvalidSelection):
        play.cast(0, [scores])


def test_e11_twins_with_one_seed_and_one_choice_get_different_trackers(play: Play) -> None:
    assert play.election.kit is not None
    ballots = [
        play.election.kit.prove(0, play.credential(row), seed("same"), [[1, 0, 0]])
        for row in (0, 2)
    ]
    first, second = (tracker(play.election_id, ballot) for ballot in ballots)
    assert first != second


def test_e15_a_delayed_older_ballot_is_refused(play: Play) -> None:
    first, second = play.cast(0, sequence=1), play.cast(0, sequence=2)
    play.add(second)
    assert play.refused(first) == "C16"


def test_e15_the_order_is_the_voters_not_the_servers(play: Play) -> None:
    play.add(play.cast(0, [[1, 0, 0]], sequence=1))
    play.add(play.cast(0, [[0, 1, 0]], sequence=2))
    assert play.refused(play.cast(0, [[1, 0, 0]], sequence=1, fresh="late")) == "C16"


def test_e21_a_ballot_of_one_election_is_refused_in_another(play: Play) -> None:
    other = Play(tiny_manifest(nonce=seed("another"))).voting()
    cast = read(play.cast(0))
    assert other.refused(encode_entry(cast)) == "C06"
    moved = encode_entry(replace(cast, election=other.election_id))
    assert other.refused(moved) == "C17"
    assert other.refused(other.resigned(replace(cast, election=other.election_id),
                                        cast.ballot, 0)) == "C18"  # fmt: skip
