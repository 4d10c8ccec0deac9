"""The rule of kind 13: a validator that signed two votes for one place is known to have done so."""

from dataclasses import replace

import pytest

from hanpyo.ledger.entry import JOINER, MEMBER, NO_SCOPE, Equivocation
from tests.helpers.consortium import MemberPlay, key_of
from tests.helpers.equivocations import equivocation, noted, vote
from tests.helpers.parties import public, seed

LOW, HIGH = sorted([seed("block"), seed("other block")])


def act(play: MemberPlay, body: Equivocation) -> bytes:
    return play.act(body, scope=NO_SCOPE)


@pytest.mark.parametrize("vote_type", [1, 2])
@pytest.mark.parametrize("hashes", [(b"", LOW), (LOW, HIGH)], ids=["nil", "two"])
def test_l15_two_votes_at_one_place_are_listed(vote_type: int, hashes: tuple[bytes, bytes]) -> None:
    play = MemberPlay()
    membership = play.membership
    play.add(noted(play, 3, vote_type=vote_type, hashes=hashes))
    key = key_of("validator", 3)
    assert play.view.equivocations == {(key, vote_type, 5, 0): 3}
    assert play.membership is membership  # nothing else follows from it


def test_every_place_is_listed_once() -> None:
    play = MemberPlay()
    play.add(noted(play, 3))
    again = equivocation(play, 3, hashes=(LOW, HIGH))
    assert play.refused(act(play, again)) == "C08"
    play.ledger._indexes.clear()
    assert play.refused(noted(play, 3)) == "C07"  # this very act
    play.add(noted(play, 3, vote_type=1))
    play.add(noted(play, 3, height=6))
    play.add(noted(play, 3, number=1))
    play.add(noted(play, 2))
    assert len(play.view.equivocations) == 5


@pytest.mark.parametrize(
    ("places", "check"),
    [
        ({"vote_type": 0}, "C08"),
        ({"vote_type": 3}, "C08"),
        ({"vote_type": 32}, "C08"),  # the engine's proposals
        ({"height": 0}, "C08"),
        ({"hashes": (LOW, LOW)}, "C08"),
        ({"hashes": (b"", b"")}, "C08"),
        ({"hashes": (HIGH, LOW)}, "C08"),
        ({"hashes": (LOW, b"")}, "C08"),
    ],
    ids=str,
)
def test_votes_that_prove_nothing_are_refused(places: dict[str, object], check: str) -> None:
    play = MemberPlay()
    body = equivocation(play, 3, **places)  # type: ignore[arg-type]
    assert play.refused(act(play, body)) == check
    assert not play.view.equivocations


def test_engine_heights_begin_with_one() -> None:
    play = MemberPlay()
    play.add(noted(play, 0, height=1))


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    "changes",
    [
        {"parts_total": 9},
        {"parts_hash": seed("other parts")},
        {"seconds": 9},
        {"nanos": 8},
        {"signature": bytes(64)},
    ],
    ids=str,
)
def test_both_signatures_must_hold(place: int, changes: dict[str, object]) -> None:
    play = MemberPlay()
    body = equivocation(play, 3, hashes=(LOW, HIGH))
    votes = list(body.votes)
    votes[place] = replace(votes[place], **changes)  # type: ignore[arg-type]
    assert play.refused(act(play, replace(body, votes=(votes[0], votes[1])))) == "C08"
    play.add(act(play, body))


@pytest.mark.parametrize(
    "changes", [{"height": 6}, {"round": 1}, {"vote_type": 1}, {"validator_key": 2}], ids=str
)
def test_votes_are_those_of_the_place(changes: dict[str, int]) -> None:
    play = MemberPlay()
    values: dict[str, object] = dict(changes)
    if "validator_key" in values:
        values["validator_key"] = key_of("validator", 2)
    body = replace(equivocation(play, 3), **values)  # type: ignore[arg-type]
    assert play.refused(act(play, body)) == "C08"


def test_votes_are_those_of_this_chain() -> None:
    play, other = MemberPlay(), MemberPlay(5)
    assert play.refused(act(play, equivocation(other, 3))) == "C08"


def test_a_validator_that_left_or_changed_its_key_is_still_known() -> None:
    play = MemberPlay(5)
    play.add(play.leave(4))
    play.add(play.rotate(3, 1))
    play.add(noted(play, 4))
    play.add(noted(play, 3))
    assert list(play.view.equivocations.values()) == [4, 3]


def test_no_other_key_is_a_validator_s() -> None:
    play = MemberPlay()
    for use in ("member", "cosigner"):
        key = key_of(use, 3)
        votes = [vote(play, key, block_hash, (key, 2, 5, 0)) for block_hash in (LOW, HIGH)]
        assert play.refused(act(play, Equivocation(key, 2, 5, 0, (votes[0], votes[1])))) == "C08"
    stranger = replace(equivocation(play, 3), validator_key=public("stranger"))
    assert play.refused(act(play, stranger)) == "C08"


def test_a_single_operator_has_no_validators() -> None:
    play = MemberPlay(1, is_single=True)
    body = equivocation(MemberPlay(), 3)
    assert play.refused(act(play, body)) == "C08"
    play.add(play.hand_over())
    play.add(noted(play, 3))


def test_an_equivocation_is_unsigned_and_has_no_number_and_no_scope() -> None:
    play = MemberPlay()
    body = equivocation(play, 3)
    for signer in ((MEMBER, 0), (JOINER, 0)):
        assert play.refused(play.act(body, signer, number=0, scope=NO_SCOPE)) == "C07"
    assert play.refused(play.act(body, number=1, scope=NO_SCOPE)) == "C07"
    assert play.refused(play.act(body, scope=seed("x"))) == "C06"
