"""E11: two voters, one ballot number; a device that shows another's number or another's key."""

from dataclasses import replace

import pytest

from hanpyo import voter
from hanpyo.cli import device, looking_up
from hanpyo.election.ballot import TRACKER_BYTES, tracker, tracker_hash
from hanpyo.election.papers import Challenge
from hanpyo.errors import InvalidProof
from hanpyo.ledger import entry_index
from hanpyo.voter import row as row_module
from tests.helpers.device import Seen
from tests.helpers.election import Play
from tests.helpers.parties import seed

SCORES = ((0, 0, 1), (1, 0))
ROWS = (1, 3)


@pytest.fixture
def play() -> Play:
    return Play().voting()


def test_a_ballot_number_that_clashes_does_not_pass_for_the_ballot(play: Play) -> None:
    """A first device that found two ballots with one short number is caught by the whole hash."""
    election = Seen(play).check()
    shown = voter.prepare(election, 1, play.credential(1), seed("s"), SCORES)
    whole = bytearray(shown.tracker_hash)
    whole[TRACKER_BYTES] ^= 1  # beyond what the short number shows
    challenge = Challenge(play.election_id, 1, 1, bytes(whole), shown.seed, SCORES)
    assert bytes(whole)[:TRACKER_BYTES] == shown.tracker_hash[:TRACKER_BYTES]
    with pytest.raises(InvalidProof):
        voter.check_challenge(election, challenge, play.credential(1))
    honest = replace(challenge, tracker_hash=shown.tracker_hash)
    assert voter.check_challenge(election, honest, play.credential(1)).scores == SCORES


def test_rows_tell_ballots_apart_whose_numbers_clash(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every number the same, as if somebody could make them clash: rows show whose is whose."""
    same = "7K4Q-2MXW-9H3D-T6RN-B8VE-5ZJC"
    start = looking_up._tracker_bytes(same)
    monkeypatch.setattr(entry_index, "tracker_hash", lambda *_: start + bytes(17))
    monkeypatch.setattr(row_module, "tracker", lambda *_: same)
    monkeypatch.setattr(looking_up, "tracker", lambda *_: same)
    monkeypatch.setattr(device, "now_unix_s", lambda: play.now)
    indexes = play.add(*[play.cast(row) for row in ROWS], play.cast(ROWS[0]))
    booth = device.Booth(play.ledger, play.election_id, None)
    found = {row: looking_up.look_up(booth, str(row)).row for row in ROWS}
    counted = {row: record.counted for row, record in found.items()}
    assert [len(found[row].ballots) for row in ROWS] == [2, 1]
    assert [counted[row] and counted[row].index for row in ROWS] == [indexes[2], indexes[1]]
    # By the number alone a voter would be shown one of them, with the row it belongs to.
    by_number = looking_up.look_up(booth, same)
    assert by_number.row.row == ROWS[0] != ROWS[1]


def test_twins_with_one_seed_get_two_numbers(play: Play) -> None:
    """The ballot binds the voter's key: the same selections from the same seed are two ballots."""
    election = Seen(play).check()
    ballots = [
        voter.prepare(election, 1, play.credential(row), seed("one"), SCORES).ballot for row in ROWS
    ]
    numbers = {tracker(play.election_id, ballot) for ballot in ballots}
    hashes = {tracker_hash(play.election_id, ballot) for ballot in ballots}
    assert len(numbers) == len(hashes) == len(ROWS)
