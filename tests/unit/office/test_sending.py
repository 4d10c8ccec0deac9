"""Sending: in order, in pieces, patiently; believed only with a proof."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hanpyo.errors import Busy, InvalidCheckpoint, InvalidInclusion, NotYet, Rejected
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import Open, Pause, entry_hash
from hanpyo.ledger.interface import Admission, Inclusion, Later, Queued
from hanpyo.ledger.membership import Membership
from hanpyo.office import sending
from tests.helpers.election import Play


class Wrapped:
    """A memory ledger with something put between."""

    def __init__(self, play: Play) -> None:
        self.ledger = play.ledger
        self.calls: list[int] = []
        self.busy = 0

    def submit(self, entries: Sequence[bytes]) -> Admission:
        if self.busy:
            self.busy -= 1
            return Admission(tuple(Later(entry_hash(each), 3) for each in entries))
        self.calls.append(len(entries))
        return self.ledger.submit(entries)

    def __getattr__(self, name: str) -> object:
        return getattr(self.ledger, name)


@pytest.fixture
def play() -> Play:
    return Play().rolled().keyed()


def founding(play: Play) -> Membership:
    assert play.view.membership is not None
    return play.view.membership


def test_entries_are_sent_in_order_and_proven(play: Play) -> None:
    first = play.by_organizers(Open(play.now))
    second = play.by_organizers(Pause("x"), number=play.election.organizer_acts + 2)
    found = sending.send(play.ledger, founding(play), [first, second])
    assert [each.index for each in found] == [play.state.log.size - 2, play.state.log.size - 1]
    assert sending.send(play.ledger, founding(play), []) == []
    assert sending.send(play.ledger, founding(play), [first])[0].index == found[0].index  # known


def test_a_refusal_is_raised(play: Play) -> None:
    with pytest.raises(Rejected, match="act has number 9"):
        sending.send(play.ledger, founding(play), [play.by_organizers(Open(play.now), number=9)])


def test_a_busy_ledger_is_asked_again(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(sending.time, "sleep", slept.append)
    ledger = Wrapped(play)
    ledger.busy = 3
    sending.send(ledger, founding(play), [play.by_organizers(Open(play.now))])
    assert slept == [3, 3, 3]
    ledger.busy = 1_000
    with pytest.raises(Busy):
        sending.send(ledger, founding(play), [play.by_organizers(Pause("x"))])
    assert len(slept) == 3 + sending.BUSY_TRIES - 1


def test_much_is_cut_into_calls(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    play.add(play.by_organizers(Open(play.now)))
    entries = [play.cast(row) for row in range(6)]
    ledger = Wrapped(play)
    monkeypatch.setattr(sending, "SUBMIT_ENTRIES_MAX", 4)
    monkeypatch.setattr(sending, "SUBMIT_BYTES_MAX", sum(map(len, entries[:3])))
    sending.send(ledger, founding(play), entries)
    assert sum(ledger.calls) == 6
    assert max(ledger.calls) <= 4
    assert len(ledger.calls) >= 2


def test_e13_recorded_without_a_proof_is_not_believed(play: Play) -> None:
    entry = play.by_organizers(Open(play.now))

    class Liar(Wrapped):
        def submit(self, entries: Sequence[bytes]) -> Admission:
            return Admission(tuple(Queued(entry_hash(each), None) for each in entries))

        def wait(self, *_of: object) -> Inclusion:
            checkpoint: Checkpoint = self.ledger.checkpoint()
            return Inclusion(2, checkpoint, self.ledger.inclusion(2, checkpoint.size))

    with pytest.raises(InvalidInclusion):
        sending.send(Liar(play), founding(play), [entry])
    other = replace(founding(play), origin="hanpyo/0000000000000000")
    with pytest.raises(InvalidCheckpoint):
        sending.send(play.ledger, other, [entry])


def test_silence_is_not_yet(play: Play) -> None:
    with pytest.raises(NotYet):
        sending.wait_recorded(play.ledger, founding(play), b"never sent")
