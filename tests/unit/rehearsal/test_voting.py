"""Casting by the thousand: in order, a few batches ahead, and stopping at the first fault."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from hanpyo.errors import InvalidSelection, NotYet
from hanpyo.rehearsal import Player, embedded, voting
from hanpyo.rehearsal import demo_voters as town
from hanpyo.rehearsal.parties import Parties, Voter
from hanpyo.rehearsal.voting import Vote, cast_all


def unseen(_done: int, _total: int) -> None:
    """Show nothing."""


def test_batches_come_in_order_and_only_a_few_are_made_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(voting, "BATCH_BALLOTS", 3)
    made: list[int] = []

    def make(batch: list[Vote]) -> list[bytes]:
        made.append(len(batch))
        return [bytes([vote.voter.number]) for vote in batch]

    votes = [Vote(Voter(number, ""), ()) for number in range(20)]
    found = []
    with ThreadPoolExecutor(1) as prover:
        for taken, batch in enumerate(voting._ahead(prover, partial(make), votes)):
            assert len(made) <= taken + 1 + voting.BATCHES_AHEAD
            found += batch
    assert found == [bytes([number]) for number in range(20)]
    assert made == [3] * 6 + [2]


def test_no_votes_make_no_batches() -> None:
    with ThreadPoolExecutor(1) as prover:
        assert list(voting._ahead(prover, partial(lambda _: []), [])) == []


def test_nobody_votes_before_the_key_or_against_the_rules(tmp_path: Path) -> None:
    parties = Parties(bytes(32))
    voters = town.demo_voters()[:3]
    with embedded(tmp_path / "ledger", parties.operator(), 1) as place:
        player = Player(place, parties, town.demo_manifest(parties), 1)
        player.announce()
        player.make_key()
        player.seal_roll(voters)
        player.enroll(unseen)
        lawful = [Vote(voter, town.wish(parties, voter)) for voter in voters]
        with pytest.raises(NotYet, match="not opened"):
            cast_all(player, lawful, 3, 1, unseen)
        player.open()
        two_at_once = Vote(voters[1], ((1, 1, 0), (0, 0, 0, 0)))
        with pytest.raises(InvalidSelection):
            cast_all(player, [lawful[0], two_at_once], 2, 1, unseen)
        told: list[tuple[int, int]] = []
        assert cast_all(player, lawful, 3, 1, lambda *done: told.append(done)) == 3
        assert told == [(3, 3)]
        for row in range(3):
            assert len(place.ledger.find_row(player.election_id, row)) == 2
