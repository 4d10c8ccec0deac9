"""What leaves for the engine, in which order, how much at once, and again when it is late."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from hanpyo.ledger.admission import Admitted, CheckedEntry, admit
from hanpyo.ledger.entry import Close, entry_hash
from hanpyo.node.consortium.batches import SALT_BYTES, decode_batch
from hanpyo.node.consortium.sender import (
    RESEND_SECONDS,
    TARGET_SECONDS,
    WINDOW_START,
    Sender,
    SenderHooks,
    Sent,
)
from tests.helpers.consortium import MemberPlay
from tests.helpers.parties import tiny_manifest, tiny_rows


@dataclass
class Engine:
    """Takes batches, or does not; and a clock.

    Attributes:
        batches: that it took, in order.
        bad: an entry for which it refuses a batch.
    """

    answer: Sent = Sent.TAKEN
    now: float = 0.0
    bad: bytes = b""
    batches: list[bytes] = field(default_factory=list)
    elsewhere: list[Sequence[bytes]] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)
    known: list[Sequence[Admitted]] = field(default_factory=list)

    def send(self, data: bytes) -> Sent:
        if self.bad and self.bad in decode_batch(data):
            return Sent.REFUSED
        if self.answer is Sent.TAKEN:
            self.batches.append(data)
        return self.answer

    def send_elsewhere(self, entries: Sequence[bytes]) -> bool:
        self.elsewhere.append(entries)
        return True

    def sender(self, items: Sequence[Admitted] = ()) -> Sender:
        hooks = SenderHooks(
            next_items=lambda _: None,
            know=lambda _, batch: self.known.append(batch),
            send=self.send,
            send_elsewhere=self.send_elsewhere,
            refuse=self.refused.append,
            clock=lambda: self.now,
        )
        made = Sender(hooks)
        made._backlog.extend(items)
        return made

    def entries(self, place: int = -1) -> list[bytes]:
        return decode_batch(self.batches[place])


@pytest.fixture(scope="module")
def play() -> MemberPlay:
    made = MemberPlay(4, manifest=tiny_manifest(), rows=tiny_rows(12))
    made.voting()
    return made


def admitted(play: MemberPlay, *entries: bytes) -> list[Admitted]:
    found = list(admit(play.view.facts, entries, 1))
    assert all(isinstance(item, CheckedEntry) for item in found)
    return found


def close(play: MemberPlay) -> bytes:
    return play.by_organizers(Close(play.now))


def test_ballots_go_together_and_in_no_order_of_their_own(play: MemberPlay) -> None:
    engine = Engine()
    ballots = [play.cast(voter) for voter in range(12)]
    engine.sender(admitted(play, *ballots)).step()
    assert len(engine.batches) == 1
    assert sorted(engine.entries()) == sorted(ballots)
    orders = {tuple(_shuffled(play, ballots)) for _ in range(5)}
    assert len(orders) > 1


def _shuffled(play: MemberPlay, ballots: list[bytes]) -> list[bytes]:
    engine = Engine()
    engine.sender(admitted(play, *ballots)).step()
    return engine.entries()


def test_a_second_ballot_of_a_row_waits_for_the_first(play: MemberPlay) -> None:
    engine = Engine()
    first, second, other = play.cast(0), play.cast(0), play.cast(1)
    sender = engine.sender(admitted(play, first, second, other))
    sender.step()
    assert sorted(engine.entries()) == sorted([first, other])
    sender.step()
    assert len(engine.batches) == 1
    sender.decided([entry_hash(first), entry_hash(other)])
    sender.step()
    assert engine.entries() == [second]


def test_nothing_overtakes_an_act(play: MemberPlay) -> None:
    engine = Engine()
    before, act, after = play.cast(0), close(play), play.cast(1)
    sender = engine.sender(admitted(play, before, act, after))
    for decided, due in ((before, act), (act, after)):
        sender.step()
        sender.step()
        assert decided in engine.entries()
        sender.decided([entry_hash(decided)])
        sender.step()
        assert engine.entries() == [due]


def test_a_late_batch_is_sent_again_here_as_it_was_and_elsewhere(play: MemberPlay) -> None:
    engine = Engine()
    ballots = [play.cast(0), play.cast(1)]
    sender = engine.sender(admitted(play, *ballots))
    sender.step()
    engine.now = RESEND_SECONDS - 1
    sender.step()
    assert len(engine.batches) == 1
    engine.now = RESEND_SECONDS
    sender.step()
    assert engine.batches[0] == engine.batches[1]
    assert sorted(engine.elsewhere[0]) == sorted(ballots)
    assert sender.resent == 1
    sender.decided(map(entry_hash, ballots))
    engine.now = 10 * RESEND_SECONDS
    sender.step()
    assert len(engine.batches) == 2


def test_the_same_entry_queued_anew_is_another_batch(play: MemberPlay) -> None:
    engine, ballot = Engine(), play.cast(0)
    for _ in range(2):
        sender = engine.sender(admitted(play, ballot))
        sender.step()
        sender.decided([entry_hash(ballot)])
    assert engine.entries(0) == engine.entries(1)
    assert engine.batches[0][:SALT_BYTES] != engine.batches[1][:SALT_BYTES]


def test_a_busy_engine_is_left_alone_for_a_while(play: MemberPlay) -> None:
    engine = Engine(answer=Sent.BUSY)
    sender = engine.sender(admitted(play, play.cast(0)))
    sender.step()
    assert sender.window < WINDOW_START
    engine.answer = Sent.TAKEN
    sender.step()
    assert not engine.batches
    engine.now = 1.0
    sender.step()
    assert len(engine.batches) == 1
    assert sender.under_way == 1


def test_a_refused_entry_takes_no_others_with_it(play: MemberPlay) -> None:
    ballots = [play.cast(voter) for voter in range(8)]
    engine = Engine(bad=ballots[3])
    engine.sender(admitted(play, *ballots)).step()
    sent = [entry for batch in engine.batches for entry in decode_batch(batch)]
    assert sorted(sent) == sorted(each for each in ballots if each != ballots[3])
    assert engine.refused == [entry_hash(ballots[3])]


def test_the_window_follows_how_fast_the_engine_decides(play: MemberPlay) -> None:
    for seconds, grows in ((TARGET_SECONDS / 2, True), (TARGET_SECONDS * 2, False)):
        engine, ballot = Engine(), play.cast(0)
        sender = engine.sender(admitted(play, ballot))
        sender.step()
        engine.now = seconds
        sender.decided([entry_hash(ballot)])
        assert (sender.window > WINDOW_START) is grows


def test_it_says_when_to_come_back(play: MemberPlay) -> None:
    engine = Engine()
    sender = engine.sender(admitted(play, play.cast(0)))
    assert sender.retry_after_s(0) == 1
    assert 2 <= sender.retry_after_s(10_000) <= 61
