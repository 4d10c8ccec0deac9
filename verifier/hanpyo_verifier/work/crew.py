"""A crew of workers: in this process, or in several."""

import itertools
import multiprocessing
from collections import deque
from collections.abc import Iterable
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from hanpyo_verifier.election.ballots import BallotKeys
from hanpyo_verifier.election.counting import Sums, merge_sums
from hanpyo_verifier.errors import MalformedError
from hanpyo_verifier.work.worker import Counted, Refusals, Source, Worker


class Crew(Protocol):
    """What the verification asks of its workers."""

    def set_keys(self, keys: BallotKeys) -> None:
        """Gives all workers what ballots are proved under."""

    def check(self, entries: list[tuple[int, bytes]]) -> int:
        """Takes a job on and returns its number; waits while too much is waiting."""

    def is_done(self, job: int) -> bool:
        """Tells whether a job's result is there."""

    def refusals(self, job: int) -> Refusals:
        """Returns a job's result; waits for it."""

    def count(self, job: int, counted: list[Counted]) -> None:
        """Says which ballots of a job count."""

    def retract(self, counted: list[Counted]) -> None:
        """Takes ballots out that were counted before."""

    def sums(self) -> Sums:
        """Returns the sums of all that was counted."""

    def close(self) -> None:
        """Lets the workers go."""


class LocalCrew:
    """One worker in this process."""

    def __init__(self, source: Source) -> None:
        self._worker = Worker(source)
        self._numbers = itertools.count()
        self._results: dict[int, Refusals] = {}

    def set_keys(self, keys: BallotKeys) -> None:
        """Gives the worker what ballots are proved under."""
        self._worker.set_keys(keys)

    def check(self, entries: list[tuple[int, bytes]]) -> int:
        """Does a job at once."""
        job = next(self._numbers)
        self._results[job] = self._worker.check(job, entries)
        return job

    def is_done(self, job: int) -> bool:
        """Every job is done."""
        return job in self._results

    def refusals(self, job: int) -> Refusals:
        """Returns a job's result."""
        return self._results.pop(job)

    def count(self, job: int, counted: list[Counted]) -> None:
        """Says which ballots of a job count."""
        self._worker.count(job, counted)

    def retract(self, counted: list[Counted]) -> None:
        """Takes ballots out that were counted before."""
        self._worker.retract(counted)

    def sums(self) -> Sums:
        """Returns the sums of all that was counted."""
        return self._worker.sums()

    def close(self) -> None:
        """Nothing is to be let go."""


class _Hand:
    """A worker in a process of its own. It is sent things only while it waits for them."""

    def __init__(self, source: Source) -> None:
        self.connection, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=serve, args=(source, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.busy = False
        self.outbox: list[tuple[str, tuple[Any, ...]]] = []

    def send(self, method: str, *arguments: Any) -> None:
        """Sends all that waits, then a call that is answered."""
        for call in self.outbox:
            self.connection.send((False, *call))
        self.outbox.clear()
        self.connection.send((True, method, arguments))
        self.busy = True

    def receive(self) -> Any:
        """Receives an answer."""
        try:
            good, answer = self.connection.recv()
        except EOFError:
            raise MalformedError("a process that checked ballots has ended") from None
        self.busy = False
        if not good:
            raise MalformedError(answer)
        return answer


def serve(source: Source, connection: Connection) -> None:
    """What runs in a worker's process: calls until the connection, or who calls, ends."""
    worker = Worker(source)
    trouble = ""
    caller = multiprocessing.parent_process()
    signs: list[Any] = [connection] if caller is None else [connection, caller.sentinel]
    while True:
        try:
            if connection not in wait(signs):
                return
            answered, method, arguments = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        answer = None
        try:
            answer = getattr(worker, method)(*arguments)
        except (ArithmeticError, LookupError, MalformedError, TypeError, ValueError) as error:
            trouble = trouble or f"{type(error).__name__}: {error}"
        except KeyboardInterrupt:
            return
        if answered:
            connection.send((not trouble, trouble or answer))


class ProcessCrew:
    """Workers in several processes, started with the first job."""

    def __init__(self, source: Source, processes: int) -> None:
        self._source = source
        self._processes = processes
        self._hands: list[_Hand] = []
        self._keys: BallotKeys | None = None
        self._numbers = itertools.count()
        self._ready: deque[tuple[int, str, list[Any]]] = deque()
        self._running: dict[int, tuple[int, str]] = {}  # by hand: job and method
        self._owner: dict[int, int] = {}
        self._results: dict[int, Refusals] = {}

    def set_keys(self, keys: BallotKeys) -> None:
        """Gives all workers what ballots are proved under."""
        self._keys = keys
        for hand in self._hands:
            hand.outbox.append(("set_keys", (keys,)))

    def check(self, entries: list[tuple[int, bytes]]) -> int:
        """Takes a job on; waits while as many jobs wait as there are workers."""
        return self._take_on("check", entries)

    def retract(self, counted: list[Counted]) -> None:
        """Takes ballots out that were counted before."""
        self._take_on("retract", counted)

    def _take_on(self, method: str, what: list[Any]) -> int:
        if not self._hands:
            self._hands = [_Hand(self._source) for _ in range(self._processes)]
            if self._keys is not None:
                self.set_keys(self._keys)
        job = next(self._numbers)
        self._ready.append((job, method, what))
        self._hand_out()
        while len(self._ready) > len(self._hands):
            self._receive()
        return job

    def is_done(self, job: int) -> bool:
        """Tells whether a job's result is there."""
        self._receive(timeout=0)
        return job in self._results

    def refusals(self, job: int) -> Refusals:
        """Returns a job's result; waits for it."""
        while job not in self._results:
            self._receive()
        return self._results.pop(job)

    def count(self, job: int, counted: list[Counted]) -> None:
        """Says which ballots of a job count."""
        self._hands[self._owner.pop(job)].outbox.append(("count", (job, counted)))

    def sums(self) -> Sums:
        """Returns the sums of all that was counted."""
        while self._ready or self._running:
            self._receive()
        for hand in self._hands:
            hand.send("sums")
        return merge_sums(hand.receive() for hand in self._hands)

    def close(self) -> None:
        """Lets the workers go."""
        for hand in self._hands:
            hand.connection.close()
            hand.process.terminate()
            hand.process.join()

    def _hand_out(self) -> None:
        for number, hand in enumerate(self._hands):
            if self._ready and not hand.busy:
                job, method, what = self._ready.popleft()
                self._running[number] = job, method
                if method == "check":
                    self._owner[job] = number
                    hand.send("check", job, what)
                else:
                    hand.send("retract", what)

    def _receive(self, timeout: float | None = None) -> None:
        """Takes the answers that are there, after waiting for one, and hands new jobs out."""
        connections = {id(self._hands[number].connection): number for number in self._running}
        waiting: Iterable[Any] = [self._hands[number].connection for number in self._running]
        for connection in wait(waiting, timeout):
            number = connections[id(connection)]
            job, method = self._running.pop(number)
            answer = self._hands[number].receive()
            if method == "check":
                self._results[job] = answer
        self._hand_out()
