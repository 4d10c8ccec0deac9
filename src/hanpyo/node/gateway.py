"""The gateway: takes entries from any thread, and lets those who wait know what became of them.

Admission (form, signatures, proofs in bulk) runs in the caller's thread with the interpreter lock
free. What passes is queued for the one writer's thread, which takes the whole queue for its next
block: so an entry that we promised is in the first block after the promise. Nobody's thread is
parked for an entry unless it asked to `wait`; a watcher's future completes once its block is on
disk and its checkpoint published.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from hanpyo.errors import ElectionError, InvalidQuery, Rejected
from hanpyo.ledger.admission import Admitted, CheckedEntry, NotAdmitted, admit
from hanpyo.ledger.entry import Cast, entry_hash
from hanpyo.ledger.interface import (
    SUBMIT_ENTRIES_MAX,
    Admission,
    Known,
    Later,
    Queued,
    Refused,
    Verdict,
)
from hanpyo.ledger.view import Facts

QUEUE_ENTRIES_MAX = 16_384
QUEUE_BYTES_MAX = 128 * 1_048_576
RETRY_AFTER_S = 2
REFUSALS_MAX = 65_536  # remembered for those who ask later
BLOCK_SECONDS = 0.05  # between two blocks, unless a full batch waits
BLOCK_ENTRIES = 256  # a full batch

Promiser = Callable[[Sequence[bytes], int], Sequence[bytes | None]]


@dataclass(frozen=True, slots=True)
class GatewayHooks:
    """What the gateway needs of the ledger it stands in front of; callable from any thread.

    Attributes:
        facts: gives the view's facts.
        find_hash: where an entry stands in the published log, or `None`.
        size: the published log's size.
        promise: gives a promise for each of these entry hashes, from this size on.
        keep: puts entries on disk, by hash and bytes, before anything of them is acknowledged.
        retry_after_s: says when to come back, while there is no room.
    """

    facts: Callable[[], Facts]
    find_hash: Callable[[bytes], int | None]
    size: Callable[[], int]
    promise: Promiser
    keep: Callable[[Sequence[tuple[bytes, bytes]]], None] = lambda _: None
    retry_after_s: Callable[[], int] = lambda: RETRY_AFTER_S


class Gateway:
    """The queue in front of the writer's thread. `_lock` guards all fields."""

    def __init__(self, hooks: GatewayHooks, threads: int) -> None:
        self._hooks = hooks
        self._threads = threads
        self._lock = threading.Condition()
        self._queue: list[Admitted] = []
        self._queue_bytes = 0
        self._acts = 0  # queued or being decided: a later entry may build on them
        self._pending: dict[bytes, bool] = {}  # queued or being decided; whether it is an act
        self._refusals: OrderedDict[bytes, Rejected] = OrderedDict()
        self._watchers: dict[bytes, list[Future[int]]] = {}
        self._failure: ElectionError | None = None
        self._is_closing = False
        self._next_block = 0.0  # monotonic seconds

    # --- for callers, any thread ---

    def submit(self, entries: Sequence[bytes]) -> Admission:
        """Take entries in; see `Ledger.submit`."""
        if not 1 <= len(entries) <= SUBMIT_ENTRIES_MAX:
            raise InvalidQuery(f"1 to {SUBMIT_ENTRIES_MAX} entries at once, not {len(entries)}")
        self._check_open()
        size = self._hooks.size()  # before anything of this call can be recorded
        hashes = [entry_hash(data) for data in entries]
        verdicts: dict[bytes, Verdict] = {}
        with self._lock:
            pending = {name for name in hashes if name in self._pending}
        new: dict[bytes, bytes] = {}
        for name, data in zip(hashes, entries, strict=True):
            if (index := self._hooks.find_hash(name)) is not None:
                verdicts[name] = Known(name, index)
            elif name not in pending:
                new[name] = data
        admitted = admit(self._hooks.facts(), list(new.values()), self._threads) if new else []
        self._hooks.keep(
            [
                (name, item.data)
                for name, item in zip(new, admitted, strict=True)
                if isinstance(item, CheckedEntry) or self._may_pass_later(item)
            ]
        )
        queued = self._enqueue(list(new), admitted, verdicts)
        queued.extend(pending - verdicts.keys())
        for name, promise in zip(queued, self._hooks.promise(queued, size), strict=True):
            verdicts[name] = Queued(name, promise)
        return Admission(tuple(verdicts[name] for name in hashes))

    def _enqueue(
        self, names: Sequence[bytes], admitted: Sequence[Admitted], verdicts: dict[bytes, Verdict]
    ) -> list[bytes]:
        """Queue what passed admission, in order; note the others' verdicts.

        Returns:
            The hashes of entries that are queued now.
        """
        queued = []
        with self._lock:
            self._check_open()
            is_full = False
            for name, item in zip(names, admitted, strict=True):
                if name in self._pending:  # somebody else was faster with the same entry
                    queued.append(name)
                    continue
                if isinstance(item, NotAdmitted) and not self._may_pass_later(item):
                    verdicts[name] = Refused(name, item.check, item.why)
                    continue
                size = len(item.data)
                is_full = is_full or len(self._queue) >= QUEUE_ENTRIES_MAX
                if is_full or self._queue_bytes + size > QUEUE_BYTES_MAX:
                    is_full = True  # order counts: what comes later must not overtake
                    verdicts[name] = Later(name, self._hooks.retry_after_s())
                    continue
                self._queue.append(item)
                self._queue_bytes += size
                self._pending[name] = _may_bring_facts(item)
                self._acts += self._pending[name]
                self._refusals.pop(name, None)
                queued.append(name)
            self._lock.notify_all()
        return queued

    def _may_pass_later(self, item: NotAdmitted) -> bool:
        """Whether facts that the entry lacks are here by now, or may come with an act before it."""
        if item.early_for is None:
            return False
        return self._acts > 0 or self._hooks.facts() is not item.early_for

    def watch(self, name: bytes) -> Future[int]:
        """Give a future of the index at which an entry is recorded; it may fail with `Rejected`."""
        future: Future[int] = Future()
        with self._lock:
            index = self._hooks.find_hash(name)
            if index is not None:
                future.set_result(index)
            elif self._failure is not None:
                future.set_exception(self._failure)
            elif name in self._refusals and name not in self._pending:
                future.set_exception(self._refusals[name])
            else:
                self._watchers.setdefault(name, []).append(future)
        return future

    def unwatch(self, name: bytes, future: Future[int]) -> None:
        """Forget a future that nobody waits for any more."""
        with self._lock:
            futures = self._watchers.get(name, [])
            if future in futures:
                futures.remove(future)
            if not futures:
                self._watchers.pop(name, None)

    def fail(self, error: ElectionError) -> None:
        """Take nothing any more, and tell everybody why."""
        with self._lock:
            self._failure = self._failure or error
            self._queue.clear()
            futures = [future for each in self._watchers.values() for future in each]
            self._watchers.clear()
            self._lock.notify_all()
        for future in futures:
            _complete(future, error)

    @property
    def failure(self) -> ElectionError | None:
        """Why nothing is taken any more; `None` while all is well."""
        return self._failure

    def close(self) -> None:
        """Take nothing any more; the writer's thread still writes what is queued."""
        with self._lock:
            self._is_closing = True
            self._lock.notify_all()

    def _check_open(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self._is_closing:
            raise InvalidQuery("this ledger is closed")

    # --- for the writer's thread ---

    def next_batch(self, wait_s: float) -> list[Admitted] | None:
        """Take the whole queue once it is time for a block.

        Returns:
            The items in order, none when `wait_s` seconds passed without any, or `None` at the end.
        """
        with self._lock:
            if not self._queue and not self._is_closing:
                self._lock.wait(wait_s)
            while self._queue and len(self._queue) < BLOCK_ENTRIES and not self._is_closing:
                rest = self._next_block - time.monotonic()
                if rest <= 0:
                    break
                self._lock.wait(rest)
            if self._failure is not None or (self._is_closing and not self._queue):
                return None
            batch, self._queue, self._queue_bytes = self._queue, [], 0
            if batch:
                self._next_block = time.monotonic() + BLOCK_SECONDS
            return batch

    def is_idle(self) -> bool:
        """Whether nothing is promised that is not recorded."""
        with self._lock:
            return not self._pending

    def settle(self, names: Iterable[bytes], refused: Mapping[bytes, Rejected]) -> None:
        """Let go of entries that were decided; accepted ones can be found by now.

        Args:
            names: their hashes; some may have come another way.
            refused: those of them that a rule refused.
        """
        done: list[tuple[Future[int], int | Rejected]] = []
        with self._lock:
            for name in names:
                self._acts -= self._pending.pop(name, False)
                if name in refused:
                    self._refusals[name] = refused[name]
                if name in self._watchers:
                    outcome = refused.get(name) or self._hooks.find_hash(name)
                    assert outcome is not None, "an accepted entry is in the index"
                    done.extend((future, outcome) for future in self._watchers.pop(name))
            while len(self._refusals) > REFUSALS_MAX:
                self._refusals.popitem(last=False)
        for future, outcome in done:
            _complete(future, outcome)

    def waiting(self) -> int:
        """Tell how many entries are queued."""
        return len(self._queue)


def _complete(future: Future[int], outcome: int | ElectionError) -> None:
    if not future.set_running_or_notify_cancel():  # whoever asked has gone
        return
    if isinstance(outcome, ElectionError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def _may_bring_facts(item: Admitted) -> bool:
    return isinstance(item, NotAdmitted) or not isinstance(item.entry, Cast)
