"""Load on a cluster: ballots at a given rate, open loop, and when each was recorded.

Arrivals keep to their schedule whatever the ledger does: a ballot is late from the moment at which
it was due, not from when somebody found time to send it. *Recorded* is read from outside: the first
published checkpoint of a quorum that covers the ballot.
"""

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from queue import SimpleQueue
from urllib.parse import urlsplit

from hanpyo.ledger.merkle import leaf_hash
from hanpyo.ledger.tiles import HASH_BYTES, TILE_WIDTH, tile_path

LOOK_SECONDS = 0.04  # between two looks at the checkpoint
SENDERS = 24  # connections for single ballots
TIMEOUT_S = 60.0


@dataclass(slots=True)
class Outcome:
    """What became of a load.

    Attributes:
        due: when each entry was due, seconds after the start.
        recorded: when each was recorded, by its leaf hash.
        later: how often the ledger asked to come back.
        lost: entries that were taken and never recorded.
    """

    due: dict[bytes, float] = field(default_factory=dict)
    recorded: dict[bytes, float] = field(default_factory=dict)
    later: int = 0

    @property
    def lost(self) -> int:
        """How many entries were never recorded."""
        return len(self.due.keys() - self.recorded.keys())

    def latencies(self) -> list[float]:
        """Give the seconds from due to recorded, ascending."""
        return sorted(self.recorded[leaf] - due for leaf, due in self.due.items())

    def longest_gap(self) -> float:
        """Give the longest time between two moments at which something was recorded."""
        moments = sorted(set(self.recorded.values()))
        return max((b - a for a, b in pairwise(moments)), default=0.0)


def quantile(values: Sequence[float], share: float) -> float:
    """Give the value below which this share of ascending values lies; nothing is interpolated."""
    return values[min(len(values) - 1, int(share * len(values)))]


class Watcher(threading.Thread):
    """Looks at a node's checkpoint, and notes when the entries it covers came."""

    def __init__(self, url: str, outcome: Outcome, begun: float, size: int) -> None:
        super().__init__(name="watcher", daemon=True)
        self._node = Connection(url)
        self._outcome = outcome
        self._begun = begun
        self.size = size
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while not self._stopped.wait(LOOK_SECONDS):
            status, body = self._node.get("/checkpoint")
            if status == 200:
                self._note(int(body.split(b"\n")[1]), time.monotonic() - self._begun)

    def _note(self, size: int, now: float) -> None:
        while self.size < size:
            number, place = divmod(self.size, TILE_WIDTH)
            width = min(TILE_WIDTH, size - number * TILE_WIDTH)
            path = tile_path(0, number, width) if width < TILE_WIDTH else tile_path(0, number)
            status, tile = self._node.get(f"/{path}")
            if status != 200:
                return
            for at in range(place, width):
                self._outcome.recorded[tile[HASH_BYTES * at : HASH_BYTES * (at + 1)]] = now
            self.size = number * TILE_WIDTH + width

    def stop(self) -> None:
        """Stop, and return when the thread has ended."""
        self._stopped.set()
        self.join()


class Connection:
    """One kept-alive connection; a broken one is opened anew."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        assert address.hostname is not None, "an address has a host"
        self._host, self._port = address.hostname, address.port
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> tuple[int, bytes]:
        """Fetch something; status 0 where nobody answers."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Hand something in; status 0 where nobody answers."""
        return self._ask("POST", path, body)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        for _ in range(2):
            try:
                if self._connection is None:
                    self._connection = http.client.HTTPConnection(
                        self._host, self._port, timeout=TIMEOUT_S
                    )
                self._connection.request(method, path, body)
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                self.close()
        return 0, b""


class Arrivals:
    """Hands entries in at their times, over many connections, to several gateways in turn."""

    def __init__(self, urls: Sequence[str], outcome: Outcome, senders: int = SENDERS) -> None:
        self._outcome = outcome
        self._queue: SimpleQueue[list[bytes] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._send, args=(urls[n % len(urls)],), daemon=True)
            for n in range(senders)
        ]

    def run(self, batches: Sequence[Sequence[bytes]], per_second: float, begun: float) -> None:
        """Hand in batches, this many a second; return when the last one was taken.

        Args:
            batches: entries that arrive together: one each, or prebuilt batches.
            per_second: batches a second.
            begun: the monotonic time from which everything is measured.
        """
        for thread in self._threads:
            thread.start()
        start = time.monotonic() - begun
        for number, batch in enumerate(batches):
            due = start + number / per_second
            for entry in batch:
                self._outcome.due[leaf_hash(entry)] = due
            rest = begun + due - time.monotonic()
            if rest > 0:
                time.sleep(rest)
            self._queue.put(list(batch))
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _send(self, url: str) -> None:
        node = Connection(url)
        while (batch := self._queue.get()) is not None:
            body = b"".join(len(entry).to_bytes(2, "big") + entry for entry in batch)
            while True:
                status, _ = node.post("/entries", body)
                if status == 200:
                    break
                with self._lock:
                    self._outcome.later += 1
                time.sleep(1.0)


def shuffled(entries: Sequence[bytes]) -> list[bytes]:
    """Give entries in an order that follows from them alone."""
    return sorted(entries, key=lambda entry: sha256(entry).digest())
