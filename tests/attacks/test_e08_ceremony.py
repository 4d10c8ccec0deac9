"""E08, E09, E30: what a cheating trustee may try with the key, and what restarts must not share."""

from dataclasses import replace

import pytest

from hanpyo import crypto
from hanpyo.election.ceremony import begin_ceremony
from hanpyo.election.manifest import Trustees
from hanpyo.ledger.entry import Act, Commit, Complain, Deal, Drop, Reveal, decode_entry
from tests.attacks.verifiers import both
from tests.helpers.election import Play
from tests.helpers.parties import party, seed, tiny_manifest
from tests.unit.verify.records import honest

TRUSTEES = (1, 2, 3)


def body_of(entry: bytes) -> object:
    act = decode_entry(entry)
    assert isinstance(act, Act)
    return act.body


@pytest.fixture
def play() -> Play:
    parties = tuple(party("trustee", n) for n in TRUSTEES)
    return Play(tiny_manifest(trustees=Trustees(2, 2, parties))).rolled()


def dealt(play: Play, *bad: tuple[int, int]) -> None:
    """Go on to the complaints; deals from and to those in `bad` are garbage."""
    play.add(*[play.commit(trustee) for trustee in TRUSTEES])
    play.add(*[play.reveal(trustee) for trustee in TRUSTEES])
    for dealer in TRUSTEES:
        for recipient in TRUSTEES:
            if dealer == recipient:
                continue
            entry = play.deal(dealer, recipient)
            if (dealer, recipient) in bad:
                body = body_of(entry)
                assert isinstance(body, Deal)
                entry = play.by_trustee(
                    dealer, replace(body, ciphertext=bytes(len(body.ciphertext)))
                )
            play.add(entry)


def complaint(play: Play, complainer: int, dealer: int) -> bytes:
    now = play.election.ceremony
    point, proof = crypto.complain(
        seed("secret", complainer),
        now.ceremony_id,
        dealer,
        complainer,
        now.trustees[dealer].transport,
        seed("complaint"),
    )
    return play.by_trustee(complainer, Complain(now.attempt, dealer, point, proof))


def test_e08_nobody_reveals_before_all_have_committed(play: Play) -> None:
    play.add(play.commit(1), play.commit(2))
    assert play.refused(play.reveal(1)) == "C13"


def test_e08_a_reveal_that_was_chosen_after_the_others_is_refused(play: Play) -> None:
    play.add(*[play.commit(trustee) for trustee in TRUSTEES])
    play.add(play.reveal(1), play.reveal(2))
    now = play.election.ceremony
    points, proof = crypto.ceremony_reveal(
        seed("another secret"), now.ceremony_id, 3, now.threshold, now.slots, 0, seed("r")
    )
    assert play.refused(play.by_trustee(3, Reveal(now.attempt, 0, points, proof))) == "C13"
    play.add(play.reveal(3))


def test_e08_a_commitment_without_its_proof_is_refused(play: Play) -> None:
    first, second = body_of(play.commit(1)), body_of(play.commit(2))
    assert isinstance(first, Commit)
    assert isinstance(second, Commit)
    assert play.refused(play.by_trustee(2, first)) == "C13"
    assert play.refused(play.by_trustee(2, replace(second, commitment=bytes(32)))) == "C13"


def test_e09_a_bad_dealer_is_named_and_the_others_begin_again(play: Play) -> None:
    dealt(play, (1, 3))
    play.add(complaint(play, 3, 1))
    now = play.election.ceremony
    assert (now.attempt, list(now.trustees)) == (2, [2, 3])


def test_e09_all_agree_on_who_is_left_however_many_were_cheated(play: Play) -> None:
    dealt(play, (1, 2), (1, 3))
    late = complaint(play, 2, 1)
    play.add(complaint(play, 3, 1))
    assert list(play.election.ceremony.trustees) == [2, 3]
    assert play.refused(late) == "C13"  # judged already; the others are in the next attempt
    play.keyed()
    assert play.election.ceremony.attempt == 2
    assert both(honest(play)) == set()


def test_e09_a_false_complaint_drops_whoever_complains(play: Play) -> None:
    dealt(play)
    play.add(complaint(play, 3, 1))
    now = play.election.ceremony
    assert (now.attempt, list(now.trustees)) == (2, [1, 2])


def test_e09_a_trustee_that_did_its_step_cannot_be_dropped(play: Play) -> None:
    play.add(play.commit(1))
    assert play.refused(play.by_organizers(Drop(1, 1, "unwanted"))) == "C13"
    play.add(play.by_organizers(Drop(1, 2, "silent")))
    assert list(play.election.ceremony.trustees) == [1, 3]


def test_e30_every_ceremony_has_an_id_of_its_own(play: Play) -> None:
    election, manifest = play.election_id, play.manifest
    fewer = replace(manifest, trustees=replace(manifest.trustees, threshold=3, least=3))
    renumbered = replace(
        manifest,
        trustees=replace(manifest.trustees, parties=manifest.trustees.parties[::-1]),
    )
    play.add(play.by_organizers(Drop(1, 2, "silent")))
    ids = [
        begin_ceremony(election, manifest).ceremony_id,
        begin_ceremony(seed("another election"), manifest).ceremony_id,
        begin_ceremony(election, fewer).ceremony_id,
        begin_ceremony(election, renumbered).ceremony_id,
        play.election.ceremony.ceremony_id,
    ]
    assert len(set(ids)) == len(ids)


def test_e30_nothing_that_a_seed_gives_repeats_in_another_ceremony() -> None:
    given = [
        crypto.ceremony_commit(seed("secret", 1), seed("ceremony", n), 1, 2, 3, seed("same"))
        for n in range(2)
    ]
    assert not set(given[0]) & set(given[1])


def test_e30_a_ballot_of_a_wiped_ledger_is_refused() -> None:
    before = Play().voting()
    ballot = before.cast(0)
    again = Play(tiny_manifest(nonce=seed("anew"))).voting()
    assert again.refused(ballot) == "C06"
