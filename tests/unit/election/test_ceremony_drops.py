"""Complaints are judged, missing trustees dropped, and the next attempt shares nothing."""

import pytest

from hanpyo import crypto
from hanpyo.election.ceremony import (
    Ceremony,
    Step,
    accept_complaint,
    accept_drop,
    begin_ceremony,
    joint_key,
    missing,
)
from hanpyo.election.manifest import Trustees
from hanpyo.errors import InvalidDeal, Rejected
from tests.unit.election.samples import manifest, party, seed
from tests.unit.election.trustees import (
    commit,
    commitment,
    confirm,
    deal,
    deal_to,
    play,
    reveal,
    secret,
)

ELECTION = seed("election")
FOUR = manifest(trustees=Trustees(2, 3, tuple(party(f"trustee {n}") for n in (1, 2, 3, 4))))


@pytest.fixture(scope="module")
def begun() -> Ceremony:
    return begin_ceremony(ELECTION, FOUR)


@pytest.fixture(scope="module")
def revealed(begun: Ceremony) -> Ceremony:
    return play(begun, until=Step.DEAL)


@pytest.fixture(scope="module")
def dealt(begun: Ceremony) -> Ceremony:
    return play(begun, until=Step.CONFIRM)


def complaint(ceremony: Ceremony, trustee: int, dealer: int) -> tuple[bytes, bytes]:
    return crypto.complain(
        secret(trustee),
        ceremony.ceremony_id,
        dealer,
        trustee,
        ceremony.trustees[dealer].transport,
        seed("random"),
    )


def complain(ceremony: Ceremony, trustee: int, dealer: int) -> Ceremony:
    point, proof = complaint(ceremony, trustee, dealer)
    return accept_complaint(ceremony, ceremony.attempt, trustee, dealer, point, proof)


def test_a_true_complaint_drops_the_dealer(revealed: Ceremony) -> None:
    broken = bytearray(deal(revealed, 2, 3))
    broken[5] ^= 1
    ceremony = deal_to(revealed, 2, 3, bytes(broken))
    with pytest.raises(InvalidDeal):
        crypto.check_deal(
            secret(3),
            ceremony.ceremony_id,
            2,
            3,
            ceremony.trustees[2].transport,
            ceremony.trustees[2].points,
            ceremony.threshold,
            ceremony.slots,
            bytes(broken),
        )
    following = complain(ceremony, 3, 2)
    assert following.dropped == (2,)
    assert tuple(following.trustees) == (1, 3, 4)


def test_a_deal_meant_for_somebody_else_drops_the_dealer(revealed: Ceremony) -> None:
    ceremony = deal_to(revealed, 2, 3, deal(revealed, 2, 1))
    assert complain(ceremony, 3, 2).dropped == (2,)


def test_a_false_complaint_drops_the_complainer(dealt: Ceremony) -> None:
    following = complain(dealt, 3, 2)
    assert following.dropped == (3,)
    assert tuple(following.trustees) == (1, 2, 4)


def test_the_next_attempt_begins_anew_and_can_succeed(begun: Ceremony, dealt: Ceremony) -> None:
    following = complain(dealt, 3, 2)
    assert following.attempt == 2
    assert following.ceremony_id != begun.ceremony_id
    assert following.entry_hashes == ()
    assert missing(following) == (1, 2, 4)
    assert commitment(following, 1)[0] != commitment(begun, 1)[0]
    assert joint_key(play(following)).trustees == (1, 2, 4)


@pytest.mark.parametrize("dealer", [0, 3, 5])
def test_complaining_about_oneself_or_a_stranger_is_refused(dealt: Ceremony, dealer: int) -> None:
    with pytest.raises(Rejected, match="has dealt nothing to 3") as caught:
        accept_complaint(dealt, 1, 3, dealer, *complaint(dealt, 3, 2))
    assert caught.value.check == "C13"


def test_complaining_before_the_deal_is_refused(revealed: Ceremony) -> None:
    ceremony = deal_to(revealed, 2, 1)
    with pytest.raises(Rejected, match="trustee 2 has dealt nothing to 3"):
        complain(ceremony, 3, 2)


def test_complaining_after_confirming_is_refused(dealt: Ceremony) -> None:
    ceremony = confirm(dealt, 3)
    with pytest.raises(Rejected, match="confirmed already"):
        complain(ceremony, 3, 2)
    assert complain(ceremony, 1, 2).attempt == 2


def test_a_complaint_without_proof_is_refused(dealt: Ceremony) -> None:
    point, proof = complaint(dealt, 3, 2)
    for changed_point, changed_proof in (
        (point, bytes(64)),
        (bytes(32), proof),
        (complaint(dealt, 1, 2)[0], proof),
        complaint(dealt, 1, 2),
    ):
        with pytest.raises(Rejected) as caught:
            accept_complaint(dealt, 1, 3, 2, changed_point, changed_proof)
        assert caught.value.check == "C13"


# --- drops ---


def test_whoever_misses_the_step_that_is_due_can_be_dropped(begun: Ceremony) -> None:
    ceremony = commit(commit(commit(begun, 1), 2), 4)
    following = accept_drop(ceremony, 1, 3)
    assert following.dropped == (3,)
    assert following.attempt == 2


def test_whoever_has_done_what_is_due_cannot_be_dropped(begun: Ceremony) -> None:
    ceremony = commit(begun, 1)
    with pytest.raises(Rejected, match="trustee 1 has done all that is due") as caught:
        accept_drop(ceremony, 1, 1)
    assert caught.value.check == "C13"


def test_the_step_that_is_due_is_the_first_incomplete_one(begun: Ceremony) -> None:
    ceremony = play(begun, until=Step.REVEAL)
    for trustee in (1, 2, 3):
        ceremony = reveal(ceremony, trustee)
    with pytest.raises(Rejected):
        accept_drop(ceremony, 1, 1)
    assert accept_drop(ceremony, 1, 4).dropped == (4,)


def test_a_dealer_who_misses_one_recipient_can_be_dropped(revealed: Ceremony) -> None:
    ceremony = revealed
    for dealer, recipient in ((d, r) for d in range(1, 5) for r in range(1, 5) if d != r):
        if (dealer, recipient) != (4, 1):
            ceremony = deal_to(ceremony, dealer, recipient)
    assert missing(ceremony) == (4,)
    assert accept_drop(ceremony, 1, 4).dropped == (4,)


def test_whoever_does_not_confirm_can_be_dropped(dealt: Ceremony) -> None:
    ceremony = confirm(confirm(confirm(dealt, 1), 2), 3)
    with pytest.raises(Rejected):
        accept_drop(ceremony, 1, 1)
    assert accept_drop(ceremony, 1, 4).dropped == (4,)


def test_a_stranger_or_another_attempt_is_not_dropped(begun: Ceremony) -> None:
    for attempt, trustee in ((1, 5), (1, 0), (2, 1), (0, 1)):
        with pytest.raises(Rejected) as caught:
            accept_drop(begun, attempt, trustee)
        assert caught.value.check == "C13"


def test_a_ceremony_below_its_least_number_has_failed(begun: Ceremony) -> None:
    three = accept_drop(begun, 1, 2)
    assert not three.has_failed
    two = accept_drop(three, 2, 4)
    assert two.has_failed
    assert not two.is_complete
    assert two.dropped == (2, 4)


def test_nobody_left_has_failed_and_is_not_complete() -> None:
    alone = manifest(single_trustee=True, trustees=Trustees(1, 1, (party("trustee 1"),)))
    ceremony = accept_drop(begin_ceremony(ELECTION, alone), 1, 1)
    assert ceremony.has_failed
    assert not ceremony.is_complete
