"""Requests that come together are admitted together, and each gets its own verdicts."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from hanpyo.errors import Busy, DamagedLedger
from hanpyo.ledger.entry import entry_hash
from hanpyo.ledger.interface import Admission, Known
from hanpyo.node.http import collector as collector_module
from hanpyo.node.http.collector import Collector


class Recorder:
    """A ledger's `submit` that waits until it is let go."""

    def __init__(self) -> None:
        self.calls: list[list[bytes]] = []
        self.has_begun = threading.Event()
        self.may_go = threading.Event()

    def submit(self, entries: Sequence[bytes]) -> Admission:
        self.calls.append(list(entries))
        self.has_begun.set()
        self.may_go.wait(10)
        return Admission(tuple(Known(entry_hash(data), len(data)) for data in entries))


def test_what_gathers_meanwhile_goes_in_one_call() -> None:
    recorder = Recorder()

    async def run() -> list[Sequence[object]]:
        collector = Collector(recorder.submit)
        first = asyncio.create_task(collector.submit([b"a"]))
        await asyncio.to_thread(recorder.has_begun.wait, 10)
        others = [asyncio.create_task(collector.submit([b"b" * n, b"c"])) for n in (2, 3, 4)]
        await asyncio.sleep(0.01)
        recorder.may_go.set()
        return list(await asyncio.gather(first, *others))

    answers = asyncio.run(run())
    assert recorder.calls == [[b"a"], [b"bb", b"c", b"bbb", b"c", b"bbbb", b"c"]]
    assert [len(verdicts) for verdicts in answers] == [1, 2, 2, 2]
    assert answers[2][0] == Known(entry_hash(b"bbb"), 3)


def test_a_call_holds_at_most_a_thousand_entries() -> None:
    recorder = Recorder()
    recorder.may_go.set()

    async def run() -> None:
        collector = Collector(recorder.submit)
        await asyncio.gather(*[collector.submit([b"x"] * 400) for _ in range(5)])

    asyncio.run(run())
    assert [len(call) for call in recorder.calls] == [800, 800, 400]


def test_a_failure_reaches_everybody_it_concerns() -> None:
    def fail(_entries: Sequence[bytes]) -> Admission:
        raise DamagedLedger("entry 5")

    async def run() -> list[object]:
        collector = Collector(fail)
        tasks = [collector.submit([b"a"]), collector.submit([b"b"])]
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    assert [type(answer) for answer in asyncio.run(run())] == [DamagedLedger] * 2


def test_too_much_waiting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector_module, "WAITING_BYTES_MAX", 10)
    recorder = Recorder()

    async def run() -> None:
        collector = Collector(recorder.submit)
        task = asyncio.create_task(collector.submit([b"1234567890"]))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await collector.submit([b"1", b"1234567890"])
        recorder.may_go.set()
        await task
        await collector.submit([b"1234567890"])

    asyncio.run(run())


def test_whoever_goes_away_does_not_disturb_the_others() -> None:
    recorder = Recorder()

    async def run() -> Sequence[object]:
        collector = Collector(recorder.submit)
        gone = asyncio.create_task(collector.submit([b"gone"]))
        stays = asyncio.create_task(collector.submit([b"stays"]))
        await asyncio.sleep(0.01)
        gone.cancel()
        recorder.may_go.set()
        return await stays

    assert asyncio.run(run()) == [Known(entry_hash(b"stays"), 5)]
