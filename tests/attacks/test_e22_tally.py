"""E04, E21, E22, E23, E28, E29, E32: what may be tried to open, shift or repeat a tally."""

from dataclasses import replace

import pytest

from hanpyo import crypto, trustee
from hanpyo.election.tally import PartCount, form_groups
from hanpyo.errors import InvalidConsistency
from hanpyo.ledger.entry import (
    ORGANIZER,
    REGISTRAR,
    Act,
    Cancel,
    Enroll,
    Lost,
    Pause,
    Resume,
    Seal,
    Share,
    decode_entry,
    encode_entry,
)
from hanpyo.ledger.view import Closing
from hanpyo.trustee import SealRecord, Trustee
from tests.attacks.broken_stages import stage
from tests.helpers.election import Play
from tests.helpers.parties import seed, tiny_manifest, tiny_rows


def share_of(play: Play, index: int) -> Share:
    act = decode_entry(play.share(index, 0, 0))
    assert isinstance(act, Act)
    assert isinstance(act.body, Share)
    return act.body


@pytest.fixture
def sealed() -> Play:
    play = Play().closed()
    play.add(*[play.seal(index) for index in (1, 2, 3)])
    return play


def test_e04_a_share_that_opens_another_total_is_refused(sealed: Play) -> None:
    body = share_of(sealed, 1)
    points = [body.shares[at : at + 32] for at in range(0, len(body.shares), 32)]
    swapped = replace(body, shares=b"".join([points[1], points[0], *points[2:]]))
    shifted = replace(body, shares=crypto.base_multiply(seed_scalar()) + body.shares[32:])
    for false in (swapped, shifted):
        assert sealed.refused(sealed.by_trustee(1, false)) == "C22"


def seed_scalar() -> bytes:
    return crypto.to_scalar("nonce", [b"shift"])


def test_e22_no_share_is_taken_while_voting() -> None:
    play = Play().voting()
    play.add(play.cast(0))
    early = play.by_trustee(1, Share(0, 0, bytes(96), bytes(64)))
    assert play.refused(early) == "C15"


def test_e22_no_share_is_taken_before_enough_have_sealed() -> None:
    play = Play().closed()
    play.add(play.seal(1), play.seal(2))  # 2-of-3: all three must seal
    assert play.refused(play.share(1, 0, 0)) == "C21"
    play.add(play.seal(3))
    play.add(play.share(1, 0, 0))


def test_e23_a_bad_share_blocks_nobody(sealed: Play) -> None:
    garbage = replace(share_of(sealed, 2), proof=bytes(64))
    assert sealed.refused(sealed.by_trustee(2, garbage)) == "C22"
    for contest, groups in enumerate(sealed.election.groups):
        for group in range(len(groups)):
            sealed.add(sealed.share(1, contest, group), sealed.share(3, contest, group))
            sealed.add(sealed.result(contest, group))
    sealed.add(sealed.outcome())


def test_e28_a_trustee_seals_one_root_only(sealed: Play) -> None:
    me = Trustee(sealed.ledger_id, sealed.election, 1, seed("secret", 1))
    true = trustee.check_seal(me, None)
    assert trustee.check_seal(me, true) == true
    forked = SealRecord(sealed.election_id, Closing(true.closing.size, seed("another root")))
    with pytest.raises(InvalidConsistency):
        trustee.check_seal(me, forked)


def test_e28_the_ledger_takes_no_seal_of_another_root() -> None:
    play = Play().closed()
    closing = play.election.closing
    assert closing is not None
    other = Seal(closing.size, seed("another root"))
    assert play.refused(play.by_trustee(1, other)) == "C21"


def test_e28_of_two_logs_that_differ_by_a_ballot_one_is_never_opened() -> None:
    shown, hidden = Play().closed(), Play().closed(voters=range(5))
    assert shown.election_id == hidden.election_id
    seals = {trustee: shown.seal(trustee) for trustee in (1, 2, 3)}
    shown.add(*seals.values())
    shown.add(shown.share(1, 0, 0))
    for honest in (1, 3):  # they seal what they were shown; only trustee 2 seals both
        assert hidden.refused(seals[honest]) == "C21"
    hidden.add(hidden.seal(2))
    assert hidden.refused(hidden.share(2, 0, 0)) == "C21"
    hidden.add(hidden.by_organizers(Lost((1, 3), "so they say")))
    assert hidden.refused(hidden.share(2, 0, 0)) == "C21"


def test_e29_only_the_groups_of_the_partition_are_opened(sealed: Play) -> None:
    body = share_of(sealed, 1)
    for contest, group in ((0, 2), (0, 9), (1, 1), (2, 0)):
        unlisted = replace(body, contest=contest, group=group)
        assert sealed.refused(sealed.by_trustee(1, unlisted)) == "C20"


def test_e29_small_parts_are_joined_and_rare_weights_keep_a_contest_shut() -> None:
    part = PartCount(9, 9, {1: 9})
    large = PartCount(10, 10, {1: 10})
    assert form_groups([large, part, large], 10, "none") == [(0,), (1, 2)]
    assert form_groups([large, part], 10, "none") == [(0, 1)]
    assert form_groups([part], 10, "none") == []
    alone = PartCount(11, 1_034, {1: 10, 1_024: 1})
    assert form_groups([alone], 10, "guarded") == []
    assert form_groups([alone], 10, "revealing") == [(0,)]


def test_e32_a_row_counts_once_after_its_credential_was_replaced() -> None:
    play = Play(rows=tiny_rows(8)).voting()
    for row in range(8):
        play.add(play.cast(row))
    before = play.election.sums.counts(0)
    assert play.refused(play.replace(0, 1)) == "C07"  # voted already: organizers must sign, too
    organizers = (ORGANIZER, 0), (ORGANIZER, 1)
    play.add(play.replace(0, 1, *organizers, (REGISTRAR, 0)))
    assert sum(part.ballots for part in play.election.sums.counts(0)) == 7
    assert play.refused(play.cast(0)) == "C16"
    play.add(play.cast(0, device=1))
    assert play.election.sums.counts(0) == before


def test_e32_an_old_act_cannot_be_sent_again() -> None:
    play = Play().voting()
    number = play.election.organizer_acts + 1
    play.add(play.by_organizers(Pause("noise")))
    play.add(play.by_organizers(Resume("quiet")))
    everybody = [(ORGANIZER, place) for place in range(3)]
    assert play.refused(play.act(Pause("noise"), *everybody, number=number)) == "C07"
    play.add(play.act(Pause("noise"), *everybody))


def test_e32_nobody_cancels_a_known_result() -> None:
    closed, tallied = Play().closed(), Play().tallied()
    assert tallied.refused(tallied.by_organizers(Cancel("we lost"))) == "C15"
    assert closed.refused(closed.by_organizers(Cancel("we will lose"))) == "C15"


def test_e21_what_was_signed_and_proved_in_one_election_is_refused_in_another() -> None:
    here, there = stage("seals given"), Play(tiny_manifest(nonce=seed("another"))).closed()
    there.add(*[there.seal(index) for index in (1, 2, 3)])
    assert there.refused(here.share(1, 0, 0)) == "C06"
    assert there.refused(there.by_trustee(1, share_of(here, 1))) == "C22"
    voting = Play(tiny_manifest(nonce=seed("another"))).voting()
    pause = decode_entry(stage("voting").by_organizers(Pause("noise")))
    assert isinstance(pause, Act)
    moved = encode_entry(replace(pause, scope=voting.election_id))
    assert voting.refused(moved) == "C07"
    voting.add(voting.by_organizers(Pause("noise")))


def test_e21_a_proof_of_possession_is_of_one_election() -> None:
    here, there = stage("roll sealed"), Play(tiny_manifest(nonce=seed("another"))).announced()
    there.add(there.chunk())
    there.add(there.seal_roll())
    assert here.credential(2) == there.credential(2)
    assert there.refused(there.by_registrar(Enroll((here.enrollment(2),)))) == "C12"
    there.add(there.enroll(2))
