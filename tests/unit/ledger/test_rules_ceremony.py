"""The key ceremony on the ledger (C07, C13, C14, C15); its own rules are tested in election/."""

import pytest

from hanpyo import crypto
from hanpyo.ledger.entry import (
    ORGANIZER,
    TRUSTEE,
    Commit,
    Complain,
    Confirm,
    Deal,
    Drop,
    Reveal,
)
from hanpyo.ledger.view import Phase
from tests.helpers.election import Play
from tests.helpers.parties import seed, tiny_manifest

EVERYBODY = (1, 2, 3)


def committed() -> Play:
    play = Play().announced()
    play.add(*[play.commit(trustee) for trustee in EVERYBODY])
    return play


def revealed() -> Play:
    play = committed()
    play.add(*[play.reveal(trustee) for trustee in EVERYBODY])
    return play


def dealt() -> Play:
    play = revealed()
    for trustee in EVERYBODY:
        for recipient in EVERYBODY:
            if recipient != trustee:
                play.add(play.deal(trustee, recipient))
    return play


def test_a_ceremony_makes_the_election_ready_once_the_roll_is_sealed() -> None:
    play = Play().announced().keyed()
    assert play.election.phase is Phase.DRAFT
    assert play.election.kit is not None
    play.add(play.chunk())
    play.add(play.seal_roll())
    assert play.election.phase is Phase.READY


def test_a_sealed_roll_waits_for_the_ceremony() -> None:
    play = Play().rolled()
    assert play.election.phase is Phase.DRAFT
    play.keyed()
    assert play.election.phase is Phase.READY
    key = play.election.joint_key
    assert key is not None
    assert key.trustees == EVERYBODY


def test_a_single_trustee_makes_a_key_alone() -> None:
    trustees = tiny_manifest().trustees
    only = type(trustees)(1, 1, trustees.parties[:1])
    play = Play(tiny_manifest(trustees=only, single_trustee=True)).tallied()
    assert play.election.phase is Phase.TALLIED


def test_acts_of_a_trustee_are_numbered() -> None:
    play = Play().announced()
    now = play.election.ceremony
    body = Confirm(now.attempt, seed("x"))
    assert play.refused(play.by_trustee(1, body, number=0)) == "C07"
    assert play.refused(play.by_trustee(1, body, number=2)) == "C07"
    play.add(play.commit(1))
    assert play.refused(play.by_trustee(1, body, number=1)) == "C07"
    assert play.refused(play.by_trustee(1, body, number=2)) == "C13"
    play.add(play.commit(2))


@pytest.mark.parametrize(
    "signers",
    [
        (),
        ((TRUSTEE, 0),),
        ((TRUSTEE, 4),),
        ((TRUSTEE, 1), (TRUSTEE, 2)),
        ((ORGANIZER, 0), (TRUSTEE, 1)),
        ((ORGANIZER, 0), (ORGANIZER, 1)),
    ],
)
def test_an_entry_of_the_ceremony_is_signed_by_its_trustee_alone(
    signers: tuple[tuple[int, int], ...],
) -> None:
    play = Play().announced()
    body = Commit(1, seed("x"), bytes(64), seed("y"))
    assert play.refused(play.act(body, *signers, number=1)) == "C07"


def test_steps_come_in_order() -> None:
    play = Play().announced()
    play.add(play.commit(1), play.commit(2))
    assert play.refused(play.reveal(1)) == "C13"
    assert play.refused(play.by_trustee(1, Deal(1, 2, bytes(112)))) == "C13"
    play.add(play.commit(3))
    play.add(play.reveal(1))
    assert play.refused(play.by_trustee(1, Deal(1, 2, bytes(112)))) == "C13"


def test_proofs_of_the_ceremony_are_checked() -> None:
    play = Play().announced()
    first = play.commit(1)
    other = play.by_trustee(2, Commit(1, seed("no point"), bytes(64), seed("y")))
    assert play.refused(other) == "C13"
    play.add(first, play.commit(2), play.commit(3))
    slots = play.election.ceremony.slots
    fake = Reveal(1, 0, bytes(32 * 2 * slots), bytes(32 * (1 + slots)))
    assert play.refused(play.by_trustee(1, fake)) == "C13"


def test_another_attempt_is_refused() -> None:
    play = Play().announced()
    body = Commit(2, seed("x"), bytes(64), seed("y"))
    assert play.refused(play.by_trustee(1, body)) == "C13"


def test_a_wrong_digest_is_not_confirmed() -> None:
    play = dealt()
    assert play.refused(play.by_trustee(1, Confirm(1, seed("x")))) == "C14"
    play.add(play.confirm(1))
    assert play.refused(play.by_trustee(1, Confirm(1, seed("x")))) == "C13"


def test_e09_a_false_complaint_drops_the_complainer() -> None:
    play = dealt()
    play.add(complaint(play, 1, 2))
    now = play.election.ceremony
    assert (now.attempt, list(now.trustees), now.dropped) == (2, [2, 3], (1,))
    assert play.refused(play.by_trustee(1, Commit(2, seed("x"), bytes(64), seed("y")))) == "C13"
    play.keyed()
    assert play.election.joint_key is not None
    assert play.election.joint_key.trustees == (2, 3)


def test_e09_a_bad_deal_drops_the_dealer() -> None:
    play = revealed()
    slots = play.election.ceremony.slots
    play.add(play.by_trustee(2, Deal(1, 1, bytes(32 * slots + 16))))
    play.add(complaint(play, 1, 2))
    assert play.election.ceremony.dropped == (2,)


def complaint(play: Play, trustee: int, dealer: int) -> bytes:
    now = play.election.ceremony
    point, proof = crypto.complain(
        seed("secret", trustee),
        now.ceremony_id,
        dealer,
        trustee,
        now.trustees[dealer].transport,
        seed("random"),
    )
    return play.by_trustee(trustee, Complain(1, dealer, point, proof))


def test_a_complaint_needs_its_proof() -> None:
    play = dealt()
    assert play.refused(play.by_trustee(1, Complain(1, 2, seed("x"), bytes(64)))) == "C13"


def test_organizers_drop_whose_entry_is_missing() -> None:
    play = Play().announced()
    play.add(play.commit(1), play.commit(2))
    assert play.refused(play.by_organizers(Drop(1, 1, "no"))) == "C13"
    assert play.refused(play.by_organizers(Drop(1, 4, "no"))) == "C13"
    assert play.refused(play.by_organizers(Drop(2, 3, "no"))) == "C13"
    play.add(play.by_organizers(Drop(1, 3, "does not answer")))
    now = play.election.ceremony
    assert (now.attempt, list(now.trustees)) == (2, [1, 2])
    play.keyed()
    assert play.election.kit is not None


def test_a_ceremony_of_too_few_has_failed() -> None:
    play = Play().announced()
    play.add(play.by_organizers(Drop(1, 3, "does not answer")))
    play.add(play.by_organizers(Drop(2, 2, "does not answer")))
    assert play.election.ceremony.has_failed
    assert play.refused(play.by_trustee(1, Commit(3, seed("x"), bytes(64), seed("y")))) == "C15"
    assert play.refused(play.by_organizers(Drop(3, 1, "no"))) == "C15"
    play.add(play.chunk())
    play.add(play.seal_roll())
    assert play.election.phase is Phase.DRAFT


def test_a_complete_ceremony_takes_nothing_more() -> None:
    play = Play().announced().keyed()
    assert play.refused(play.by_trustee(1, Confirm(1, seed("x")))) == "C15"
    assert play.refused(play.by_organizers(Drop(1, 1, "no"))) == "C15"
    play.add(play.chunk())
    play.add(play.seal_roll())
    assert play.refused(play.by_organizers(Drop(1, 1, "no"))) == "C15"
