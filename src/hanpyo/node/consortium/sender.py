"""Feeds the consensus engine: batches, as many at once as it commits in good time.

More than it can commit makes it slower, and a full engine forgets what it has taken; so a batch
counts as under way until its entries are decided, and is sent again when that takes too long. What
an entry may need comes before it: no ballot leaves before the acts that were handed in before it,
nor before the earlier ballot or the enrollment of its credential, is decided.
"""

import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from hanpyo.ledger.admission import Admitted, CheckedEntry
from hanpyo.ledger.entry import Act, Cast, Enroll, Replace, entry_hash
from hanpyo.node.consortium.batches import (
    BATCH_BYTES_MAX,
    BATCH_ENTRIES_MAX,
    SALT_BYTES,
    encode_batch,
)
from hanpyo.node.events import Event, tell

WINDOW_MIN, WINDOW_MAX = 1.0, 24.0  # batches under way
WINDOW_START = 4.0
TARGET_SECONDS = 1.5  # from sent to decided
RESEND_SECONDS = 10.0
LOOK_SECONDS = 0.05
PAUSE_SECONDS = 0.25  # after the engine did not take a batch

_shuffle = random.SystemRandom().shuffle


class Sent(Enum):
    """What became of a batch that was handed to the engine."""

    TAKEN = "taken"
    BUSY = "busy"
    REFUSED = "refused"


@dataclass(slots=True)
class Flight:
    """A batch under way."""

    items: dict[bytes, Admitted]  # by hash, those that are not decided
    credentials: frozenset[bytes]
    is_barrier: bool  # acts: nothing later leaves before them
    salt: bytes  # sent again, it is the same batch to the engine
    sent_at: float
    tries: int = 1


@dataclass(frozen=True, slots=True)
class SenderHooks:
    """What the sender needs; called from its own thread.

    Attributes:
        next_items: takes what is queued, waiting this many seconds; `None`: at the end.
        send: hands a batch to the engine, after `know` was told what is in it.
        send_elsewhere: hands entries to another member's gateway; whether it took them.
        refuse: an entry that the engine refuses though it passed our gateway.
    """

    next_items: Callable[[float], Sequence[Admitted] | None]
    know: Callable[[bytes, Sequence[Admitted]], None]
    send: Callable[[bytes], Sent]
    send_elsewhere: Callable[[Sequence[bytes]], bool]
    refuse: Callable[[bytes], None]
    clock: Callable[[], float] = field(default=time.monotonic)


class Sender(threading.Thread):
    """Runs until `next_items` ends; `_lock` guards the flights.

    Attributes:
        window: how many batches may be under way.
        resent: batches that were sent again.
    """

    def __init__(self, hooks: SenderHooks) -> None:
        super().__init__(name="ledger sender", daemon=True)
        self._hooks = hooks
        self._lock = threading.Lock()
        self._flights: list[Flight] = []
        self._backlog: list[Admitted] = []
        self._pause_until = 0.0
        self._decided_rate = 0.0  # entries a second, smoothed
        self._decided_at = hooks.clock()
        self.window = WINDOW_START
        self.resent = 0

    # --- for the commit thread, and for figures ---

    def decided(self, names: Iterable[bytes]) -> None:
        """Let go of entries that are in a committed block, whether they were accepted or not."""
        now, count = self._hooks.clock(), 0
        with self._lock:
            for name in names:
                for flight in self._flights:
                    if flight.items.pop(name, None) is not None:
                        count += 1
                        break
            for flight in [each for each in self._flights if not each.items]:
                self._flights.remove(flight)
                self._adapt(now - flight.sent_at)
            if count:
                elapsed = max(now - self._decided_at, 0.001)
                self._decided_at = now
                self._decided_rate += 0.3 * (count / elapsed - self._decided_rate)

    def _adapt(self, seconds: float) -> None:
        if seconds <= TARGET_SECONDS:
            self.window = min(WINDOW_MAX, self.window + 1 / self.window)
        else:
            self.window = max(WINDOW_MIN, self.window * 0.8)

    @property
    def under_way(self) -> int:
        """How many entries are on their way, or wait for others."""
        with self._lock:
            return len(self._backlog) + sum(len(flight.items) for flight in self._flights)

    def retry_after_s(self, waiting: int) -> int:
        """Say in how many seconds this many entries will be decided, at the rate of late."""
        return 1 + min(60, int((waiting + self.under_way) / max(self._decided_rate, 100.0)))

    # --- its own thread ---

    def run(self) -> None:
        """Send until the queue ends."""
        while True:
            has_room = self._has_room()
            wanted = has_room and len(self._backlog) < BATCH_ENTRIES_MAX
            items = self._hooks.next_items(LOOK_SECONDS) if wanted else ()
            if items is None:
                return
            self._backlog.extend(items)
            if not self.step() and not wanted:
                time.sleep(LOOK_SECONDS)

    def step(self) -> bool:
        """Send again what takes too long, and then what may leave; tell whether something did."""
        self._resend()
        has_sent = False
        while self._backlog and self._has_room():
            batch = self._choose()
            if not batch:
                break
            has_sent = True
            if not self._send(batch):
                break
        return has_sent

    def _has_room(self) -> bool:
        with self._lock:
            return len(self._flights) < self.window and self._hooks.clock() >= self._pause_until

    def _choose(self) -> list[Admitted]:
        """Take the next batch out of the backlog."""
        with self._lock:
            is_free = not self._flights
            has_barrier = any(flight.is_barrier for flight in self._flights)
            taken = {name for flight in self._flights for name in flight.credentials}
        if has_barrier:
            return []
        first = self._backlog[0]
        if _is_barrier(first):
            return self._take_while(_is_act) if is_free else []
        return self._take_apart(taken)

    def _take_while(self, belongs: Callable[[Admitted], bool]) -> list[Admitted]:
        """Take items from the front, in order."""
        batch, size = [], 0
        for item in self._backlog[:BATCH_ENTRIES_MAX]:
            size += 2 + len(item.data)
            if not belongs(item) or size > BATCH_BYTES_MAX - SALT_BYTES:
                break
            batch.append(item)
        del self._backlog[: len(batch)]
        return batch

    def _take_apart(self, taken: set[bytes]) -> list[Admitted]:
        """Take ballots, or enrollments, of which no two touch one credential, up to a barrier."""
        batch: list[Admitted] = []
        rest: list[Admitted] = []
        size, wants_acts, stop = 0, _is_act(self._backlog[0]), len(self._backlog)
        for place, item in enumerate(self._backlog):
            names = credentials_of(item)
            size_then = size + 2 + len(item.data)
            is_full = len(batch) == BATCH_ENTRIES_MAX or size_then > BATCH_BYTES_MAX - SALT_BYTES
            if _is_barrier(item) or is_full:
                stop = place
                break
            if _is_act(item) != wants_acts or not taken.isdisjoint(names):
                rest.append(item)
            else:
                batch.append(item)
                size = size_then
            taken |= names  # what comes later of this credential stays behind
        self._backlog[:stop] = rest
        if not wants_acts:
            _shuffle(batch)
        return batch

    def _send(self, batch: Sequence[Admitted], tries: int = 1, salt: bytes = b"") -> bool:
        """Hand a batch to the engine; tell whether more may follow at once."""
        salt = salt or os.urandom(SALT_BYTES)
        data = encode_batch([item.data for item in batch], salt)
        flight = Flight(
            items={_name(item): item for item in batch},
            credentials=frozenset(name for item in batch for name in credentials_of(item)),
            is_barrier=any(_is_barrier(item) for item in batch),
            salt=salt,
            sent_at=self._hooks.clock(),
            tries=tries,
        )
        self._hooks.know(data, batch)
        with self._lock:  # before it is sent: it may be decided before `send` returns
            self._flights.append(flight)
        sent = self._hooks.send(data)
        if sent is Sent.TAKEN:
            return True
        with self._lock:
            if flight in self._flights:
                self._flights.remove(flight)
            rest = list(flight.items.values())
        if sent is Sent.REFUSED:
            self._split(rest)
            return True
        self._backlog[:0] = rest
        self._pause_until = self._hooks.clock() + PAUSE_SECONDS
        self.window = max(WINDOW_MIN, self.window * 0.8)
        return False

    def _split(self, batch: Sequence[Admitted]) -> None:
        """Find the entry for which a batch is refused, so that it takes no others with it."""
        if len(batch) == 1:
            self._hooks.refuse(_name(batch[0]))
            return
        for half in (batch[: len(batch) // 2], batch[len(batch) // 2 :]):
            self._send(half)

    def _resend(self) -> None:
        now = self._hooks.clock()
        with self._lock:
            late = [
                flight
                for flight in self._flights
                if now - flight.sent_at >= RESEND_SECONDS * flight.tries
            ]
            for flight in late:
                self._flights.remove(flight)
        for flight in late:
            batch = list(flight.items.values())
            self.resent += 1
            tell(Event.RESENT, entries=len(batch), tries=flight.tries)
            if flight.tries % 2:
                self._hooks.send_elsewhere([item.data for item in batch])
            if not self._send(batch, flight.tries + 1, flight.salt):
                return


def credentials_of(item: Admitted) -> frozenset[bytes]:
    """Name the credentials whose standing an entry changes."""
    entry = item.entry if isinstance(item, CheckedEntry) else None
    if isinstance(entry, Cast):
        return frozenset((entry.credential,))
    if isinstance(entry, Act) and isinstance(entry.body, Enroll):
        return frozenset(row.credential for row in entry.body.rows)
    if isinstance(entry, Act) and isinstance(entry.body, Replace):
        return frozenset((entry.body.old, entry.body.new))
    return frozenset()


def _is_act(item: Admitted) -> bool:
    return not (isinstance(item, CheckedEntry) and isinstance(item.entry, Cast))


def _is_barrier(item: Admitted) -> bool:
    """Whether everything later may build on it; what is early builds on something itself."""
    return _is_act(item) and not credentials_of(item)


def _name(item: Admitted) -> bytes:
    return item.entry_hash if isinstance(item, CheckedEntry) else entry_hash(item.data)
