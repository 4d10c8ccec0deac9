"""Reading a ledger that is not one's own: look-ups are hints, and only proofs count."""

from collections.abc import Iterator

import pytest

from hanpyo.errors import (
    InvalidCheckpoint,
    InvalidConsistency,
    InvalidInclusion,
    InvalidQuery,
)
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import Cast, Open, RollChunk, entry_hash
from hanpyo.ledger.reader import FRESH_S, LedgerReader, replay_checked
from tests.helpers.election import Play
from tests.helpers.parties import seed, with_line


class Liar:
    """A ledger that says something else in one place."""

    def __init__(self, play: Play, **lies: object) -> None:
        self._ledger = play.ledger
        self._lies = lies

    def __getattr__(self, name: str) -> object:
        return self._lies.get(name, getattr(self._ledger, name))


def reader(play: Play, **lies: object) -> LedgerReader:
    return LedgerReader(Liar(play, **lies), play.now)


@pytest.fixture(scope="module")
def play() -> Play:
    play = Play().voting()
    play.add(play.cast(0))
    return play


def test_acts_and_manifests_are_found(play: Play) -> None:
    found = reader(play)
    assert found.ledger_id == play.ledger_id
    assert found.membership.active == play.state.membership_at(1).active
    assert found.manifest(play.election_id) == play.manifest_bytes
    assert found.elections() == [play.election_id]
    ((_, act),) = found.acts(play.election_id, (RollChunk.kind,))
    assert act.body == RollChunk(0, tuple(play.rows))
    (index,) = found.find(play.election_id, (Cast.kind,))
    assert index == play.state.log.size - 1


def test_neighbors_and_strangers_come_with_their_own_proofs(play: Play) -> None:
    found = reader(play)
    size = found.checkpoint.size
    for proven in found.all_proven([size - 1, 0, 3, 4]):
        assert entry_hash(proven.entry) == entry_hash(
            next(play.ledger.entries(proven.index, proven.index + 1))
        )


def test_what_came_after_the_checkpoint_is_left_out() -> None:
    play = Play().rolled().keyed()
    found = reader(play)
    play.add(play.by_organizers(Open(play.now)))
    assert found.find(play.election_id, (Open.kind,)) == []
    assert reader(play).find(play.election_id, (Open.kind,)) != []
    with pytest.raises(InvalidInclusion, match="not in the log of size"):
        found.entry(play.state.log.size - 1)


def test_a_manifest_of_another_election_is_not_taken(play: Play) -> None:
    with pytest.raises(InvalidQuery, match="has no election"):
        reader(play).manifest(seed("other"))

    def find(_election: bytes, kinds: object) -> list[int]:
        return play.ledger.find(play.election_id, kinds)

    with pytest.raises(InvalidQuery, match="has no election"):
        reader(play, find=find).manifest(seed("other"))


def test_an_altered_entry_has_no_proof(play: Play) -> None:
    def entries(start: int, stop: int) -> Iterator[bytes]:
        for index, entry in enumerate(play.ledger.entries(start, stop), start):
            yield entry if index == 0 else entry[:-1] + bytes([entry[-1] ^ 1])

    def nothing(start: int, stop: int) -> Iterator[bytes]:
        return play.ledger.entries(start, stop) if start == 0 else iter([])

    with pytest.raises(InvalidInclusion):
        reader(play, entries=entries).entry(5)
    with pytest.raises(InvalidInclusion, match="does not show all entries"):
        reader(play, entries=nothing).entry(5)


def test_age_and_signature_of_the_checkpoint_are_checked(play: Play) -> None:
    for now in (play.now + FRESH_S, play.now - FRESH_S):
        with pytest.raises(InvalidCheckpoint, match="newest signature is 300 s"):
            LedgerReader(play.ledger, now)
    LedgerReader(play.ledger, play.now + FRESH_S - 1)

    def forged() -> Checkpoint:
        checkpoint = play.ledger.checkpoint()
        return with_line(checkpoint, 0, signature=bytes(64))

    with pytest.raises(InvalidCheckpoint, match="signature does not hold"):
        reader(play, checkpoint=forged)


def test_e12_a_log_that_does_not_continue_is_refused() -> None:
    play, fork = Play().announced(), Play().announced()
    before = reader(play).checkpoint
    play.add(play.chunk())
    reader(play).check_continues(before)
    fork.rows = fork.rows[:-1]
    fork.add(fork.chunk())
    fork.add(fork.seal_roll())
    with pytest.raises(InvalidConsistency):
        reader(fork).check_continues(reader(play).checkpoint)
    with pytest.raises(InvalidConsistency, match="shows less"):
        reader(Play()).check_continues(before)


def test_a_log_is_replayed_with_every_proof_checked(play: Play) -> None:
    state = replay_checked(play.ledger, play.election_id, play.now, 1)
    assert state.log.root() == play.state.log.root()
    assert state.view.elections[play.election_id].phase is play.election.phase


def test_a_log_with_what_rules_refuse_is_refused(play: Play) -> None:
    def shorter(start_height: int) -> Iterator[Block]:
        return iter(list(play.ledger.blocks(start_height))[:-1])

    with pytest.raises(InvalidConsistency, match="do not lead to its checkpoint"):
        replay_checked(Liar(play, blocks=shorter), play.election_id, play.now, 1)

    def swapped(start: int, stop: int) -> Iterator[bytes]:
        entries = list(play.ledger.entries(start, stop))
        if len(entries) > 5:
            entries[3], entries[4] = entries[4], entries[3]
        return iter(entries)

    with pytest.raises(InvalidConsistency, match="the log holds what is refused"):
        replay_checked(Liar(play, entries=swapped), play.election_id, play.now, 1)

    def cut(start: int, stop: int) -> Iterator[bytes]:
        entries = list(play.ledger.entries(start, stop))
        return iter(entries[:5] if len(entries) > 5 else entries)

    with pytest.raises(InvalidConsistency, match="the log ends at entry 5"):
        replay_checked(Liar(play, entries=cut), play.election_id, play.now, 1)
