"""A ceremony from commit to confirm, and every entry that it refuses."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from hanpyo import crypto
from hanpyo.election import contests
from hanpyo.election.ballot import ballot_kit
from hanpyo.election.ceremony import (
    Ceremony,
    Step,
    accept_commit,
    accept_confirm,
    accept_deal,
    accept_reveal,
    begin_ceremony,
    ceremony_id,
    deals_to,
    due_step,
    joint_key,
    joint_key_digest,
    missing,
    verification_keys,
)
from hanpyo.election.contests import Rule
from hanpyo.election.manifest import Trustees
from hanpyo.encoding import frame, u32
from hanpyo.errors import NotYet, Rejected
from tests.unit.election.samples import TITLE, manifest, options, party, seed
from tests.unit.election.trustees import (
    commit,
    commitment,
    confirm,
    deal,
    deal_to,
    deal_to_all,
    entry_hash,
    play,
    points,
    points_proof,
    reveal,
    secret,
    transport_proof,
)

ELECTION = seed("election")
MARK = entry_hash("any")


@pytest.fixture(scope="module")
def begun() -> Ceremony:
    return begin_ceremony(ELECTION, manifest())


@pytest.fixture(scope="module")
def committed(begun: Ceremony) -> Ceremony:
    return play(begun, until=Step.REVEAL)


@pytest.fixture(scope="module")
def revealed(begun: Ceremony) -> Ceremony:
    return play(begun, until=Step.DEAL)


@pytest.fixture(scope="module")
def dealt(begun: Ceremony) -> Ceremony:
    return play(begun, until=Step.CONFIRM)


@pytest.fixture(scope="module")
def complete(begun: Ceremony) -> Ceremony:
    return play(begun)


def refuse(check: str, decide: Callable[[], Ceremony], match: str | None = None) -> None:
    with pytest.raises(Rejected, match=match) as caught:
        decide()
    assert caught.value.check == check


# --- the whole way ---


def test_ceremony_id_is_that_of_the_protocol_page(begun: Ceremony) -> None:
    keys = [party.key for party in manifest().trustees.parties]
    parts = [ELECTION, u32(1), u32(2), u32(5)]
    for index, key in enumerate(keys, 1):
        parts += [u32(index), key]
    assert begun.ceremony_id == sha256(frame("ceremony", *parts)).digest()
    assert ceremony_id(ELECTION, 1, 2, 5, {3: keys[2], 1: keys[0], 2: keys[1]}) == begun.ceremony_id


def test_steps_come_in_order(begun: Ceremony) -> None:
    assert due_step(begun) is Step.COMMIT
    for step, following in zip(Step, [*list(Step)[1:], None], strict=True):
        assert due_step(play(begun, until=step)) is step
        assert missing(play(begun, until=step)) == (1, 2, 3)
        assert due_step(play(begun, until=following)) is following
    assert missing(play(begun)) == ()


def test_missing_names_who_has_not_done_what_is_due(begun: Ceremony) -> None:
    ceremony = commit(commit(begun, 3), 1)
    assert missing(ceremony) == (2,)
    ceremony = reveal(commit(ceremony, 2), 2)
    assert (due_step(ceremony), missing(ceremony)) == (Step.REVEAL, (1, 3))


def test_all_confirmations_complete_it(dealt: Ceremony, complete: Ceremony) -> None:
    assert not confirm(confirm(dealt, 1), 2).is_complete
    assert complete.is_complete
    assert not complete.has_failed


def test_the_digest_is_over_the_entries_in_log_order(complete: Ceremony) -> None:
    marks = [entry_hash("commit", k) for k in (1, 2, 3)]
    marks += [entry_hash("reveal", k, 0) for k in (1, 2, 3)]
    marks += [entry_hash("deal", k, i) for k in (1, 2, 3) for i in (1, 2, 3) if i != k]
    expected = sha256(frame("joint key", complete.ceremony_id, *marks)).digest()
    assert joint_key_digest(complete) == expected
    assert joint_key(complete).digest == expected


def test_there_is_no_joint_key_before_the_end(dealt: Ceremony) -> None:
    with pytest.raises(NotYet):
        joint_key(confirm(dealt, 1))


def test_the_joint_key_decrypts_a_sum(complete: Ceremony) -> None:
    """Any two trustees open a total that was encrypted to the joint key."""
    key = joint_key(complete)
    assert (key.trustees, key.threshold, len(key.slot_keys)) == ((1, 2, 3), 2, 5)
    kit = ballot_kit(ELECTION, manifest(), key)
    public = crypto.credential_public(crypto.credential_secret(seed("voter")))
    ballot = kit.prove(0, public, seed("ballot"), [[0, 1, 0]])
    total = crypto.Sum(3)
    total.add(kit.decode([(0, ballot)], 1), [(0, 0, 7)])
    shares = []
    for trustee in (1, 3):
        own = crypto.TrusteeKey(
            secret(trustee), key.ceremony_id, trustee, 2, 5, deals_to(complete, trustee)
        )
        share, proof = own.share(ELECTION, 0, 0, total.encode(), seed(f"share {trustee}"))
        keys = verification_keys(key, trustee)[:3]
        crypto.check_share(
            ELECTION, key.ceremony_id, 0, 0, trustee, keys, total.encode(), share, proof
        )
        shares.append((trustee, share))
    assert crypto.find_totals(total.encode(), shares, 7, 1) == [0, 7, 0]


def test_a_single_trustee_deals_to_nobody() -> None:
    alone = manifest(single_trustee=True, trustees=Trustees(1, 1, (party("trustee 1"),)))
    ceremony = play(begin_ceremony(ELECTION, alone), until=Step.DEAL)
    assert due_step(ceremony) is Step.CONFIRM
    assert joint_key(confirm(ceremony, 1)).trustees == (1,)


def test_a_large_reveal_comes_in_parts() -> None:
    contest = contests.approval("a", TITLE, options(501), Rule("approval"))
    two = Trustees(2, 2, (party("trustee 1"), party("trustee 2")))
    large = manifest(contests=(contest,), styles=((0,),), trustees=two)
    ceremony = play(begin_ceremony(ELECTION, large), until=Step.REVEAL)
    assert (ceremony.part_slots, ceremony.part_count) == (500, 2)
    assert crypto.reveal_part_count(2, 501) == 2
    first = reveal(ceremony, 1, 0)
    assert missing(first) == (1, 2)
    last = points(ceremony, 1, 1)
    assert len(last[0]) == 2 * 32
    refuse("C13", lambda: reveal(ceremony, 1, 1), "not the next")
    refuse("C13", lambda: reveal(first, 1, 0), "not the next")
    refuse("C13", lambda: accept_reveal(first, 1, 1, 1, *points(ceremony, 1, 0), MARK), "length")
    done = reveal(first, 1, 1)
    assert missing(done) == (2,)
    refuse("C13", lambda: accept_reveal(done, 1, 1, 2, *last, MARK), "not the next")


# --- what is refused ---


@pytest.mark.parametrize("attempt", [0, 2])
def test_another_attempt_is_refused(begun: Ceremony, attempt: int) -> None:
    refuse("C13", lambda: accept_commit(begun, attempt, 1, *commitment(begun, 1), MARK), "attempt")


@pytest.mark.parametrize("trustee", [0, 4])
def test_a_stranger_is_refused(dealt: Ceremony, trustee: int) -> None:
    refuse("C13", lambda: confirm(dealt, trustee), "does not take part")


def test_committing_twice_is_refused(begun: Ceremony) -> None:
    refuse("C13", lambda: commit(commit(begun, 1), 1), "already")


def test_a_commit_of_another_trustee_is_refused(begun: Ceremony) -> None:
    refuse("C13", lambda: accept_commit(begun, 1, 1, *commitment(begun, 2), MARK))


def test_a_commit_with_another_commitment_is_refused(begun: Ceremony) -> None:
    transport, proof, _ = commitment(begun, 1)
    refuse("C13", lambda: accept_commit(begun, 1, 1, transport, proof, seed("other"), MARK))


def test_a_transport_key_that_is_the_identity_is_refused(begun: Ceremony) -> None:
    _, proof, promised = commitment(begun, 1)
    refuse("C13", lambda: accept_commit(begun, 1, 1, bytes(32), proof, promised, MARK))


def test_revealing_before_all_have_committed_is_refused(begun: Ceremony) -> None:
    ceremony = commit(commit(begun, 1), 2)
    refuse("C13", lambda: reveal(ceremony, 1), "trustee 3 has yet to commit")


def test_revealing_twice_is_refused(committed: Ceremony) -> None:
    refuse("C13", lambda: reveal(reveal(committed, 1), 1), "not the next")


def test_points_of_another_trustee_are_refused(committed: Ceremony) -> None:
    refuse("C13", lambda: accept_reveal(committed, 1, 1, 0, *points(committed, 2), MARK))


def test_points_other_than_committed_are_refused(begun: Ceremony) -> None:
    """Good proofs do not help whoever chooses points after having seen the others'."""
    promised = seed("a commitment to other points")
    ceremony = commit(commit(begun, 2), 3)
    transport, proof = transport_proof(begun, 1, promised)
    ceremony = accept_commit(ceremony, 1, 1, transport, proof, promised, MARK)
    revealed, proof = points_proof(ceremony, 1)
    crypto.check_reveal(begun.ceremony_id, 1, transport, promised, 2, 5, 0, revealed, proof)
    refuse("C13", lambda: accept_reveal(ceremony, 1, 1, 0, revealed, proof, MARK))


@pytest.mark.parametrize(("points_more", "proof_more"), [(32, 0), (-32, 0), (0, 32), (0, -32)])
def test_a_reveal_of_another_length_is_refused(
    committed: Ceremony, points_more: int, proof_more: int
) -> None:
    revealed, proof = points(committed, 1)
    revealed = (revealed + bytes(32))[: len(revealed) + points_more]
    proof = (proof + bytes(32))[: len(proof) + proof_more]
    refuse("C13", lambda: accept_reveal(committed, 1, 1, 0, revealed, proof, MARK), "length")


def test_dealing_before_all_have_revealed_is_refused(committed: Ceremony) -> None:
    ceremony = reveal(reveal(committed, 1), 2)
    refuse("C13", lambda: deal_to(ceremony, 1, 2), "trustee 3 has yet to reveal")


@pytest.mark.parametrize("recipient", [0, 1, 4])
def test_dealing_to_oneself_or_a_stranger_is_refused(revealed: Ceremony, recipient: int) -> None:
    shares = deal(revealed, 1, 2)
    refuse("C13", lambda: accept_deal(revealed, 1, 1, recipient, shares, MARK), "no shares")


def test_dealing_twice_is_refused(revealed: Ceremony) -> None:
    refuse("C13", lambda: deal_to(deal_to(revealed, 1, 2), 1, 2), "already")


@pytest.mark.parametrize("length", [32 * 5 + 15, 32 * 5 + 17, 0])
def test_a_deal_of_another_length_is_refused(revealed: Ceremony, length: int) -> None:
    refuse("C13", lambda: accept_deal(revealed, 1, 1, 2, bytes(length), MARK), "does not fit")


def test_confirming_before_all_have_dealt_is_refused(revealed: Ceremony) -> None:
    ceremony = deal_to(deal_to_all(deal_to_all(revealed, 1), 2), 3, 1)
    refuse("C13", lambda: confirm(ceremony, 1), "trustee 3 has yet to deal")


def test_confirming_twice_is_refused(dealt: Ceremony) -> None:
    refuse("C13", lambda: confirm(confirm(dealt, 1), 1), "already")


def test_confirming_another_digest_is_refused(dealt: Ceremony) -> None:
    refuse("C14", lambda: accept_confirm(dealt, 1, 1, seed("other digest")))
    refuse("C14", lambda: accept_confirm(confirm(dealt, 2), 1, 1, seed("other digest")))


def test_a_refused_entry_leaves_no_trace(dealt: Ceremony) -> None:
    before = repr(dealt)
    refuse("C14", lambda: accept_confirm(dealt, 1, 1, seed("other digest")))
    confirm(dealt, 1)
    assert repr(dealt) == before
