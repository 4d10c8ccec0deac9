"""Verdicts of admission by transaction, so that a batch is decoded and its proofs checked once.

The engine shows a batch up to four times: when it arrives, when this node proposes, when another
does, and when it is decided. Admission depends on nothing but the entries and the facts, so a
verdict is worth the same whenever it was reached; one that waits for facts is reached anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import sha256

from hanpyo.errors import InvalidEncoding
from hanpyo.ledger.admission import Admitted, NotAdmitted, admit
from hanpyo.ledger.view import Facts
from hanpyo.node.consortium.batches import decode_batch

CACHE_BYTES_MAX = 64 * 1_048_576  # of transactions; their points take about as much again


class VerdictCache:
    """Admits batches, and remembers. Any thread may ask; `_lock` guards all fields.

    Attributes:
        checked: entries whose proofs this node has checked itself, since its start.
    """

    def __init__(self, facts: Callable[[], Facts], threads: int) -> None:
        """Begin empty.

        Args:
            facts: gives the view's facts, from any thread.
            threads: how many threads Rust may use.
        """
        self._facts = facts
        self._threads = threads
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, tuple[int, Sequence[Admitted]]] = OrderedDict()
        self._bytes = 0
        self.checked = 0

    def items(self, batch: bytes) -> Sequence[Admitted]:
        """Give what admission says of each entry of a batch, by the facts of now.

        Raises:
            InvalidEncoding: not a batch.
        """
        name, facts = sha256(batch).digest(), self._facts()
        with self._lock:
            found = self._known.get(name)
        if found is not None and not any(item.is_stale(facts) for item in found[1]):
            return found[1]
        entries = decode_batch(batch)
        items = admit(facts, entries, self._threads)
        self._keep(name, len(batch), items)
        with self._lock:
            self.checked += len(entries)
        return items

    def is_sound(self, batch: bytes) -> bool:
        """Whether a correct proposer may send this: a batch of which nothing is refused for good.

        All nodes say the same, as long as their logs are the same.
        """
        try:
            items = self.items(batch)
        except InvalidEncoding:
            return False
        return not any(isinstance(item, NotAdmitted) and item.early_for is None for item in items)

    def know(self, batch: bytes, items: Sequence[Admitted]) -> None:
        """Take over what the gateway found of a batch that it made itself."""
        self._keep(sha256(batch).digest(), len(batch), items)

    def _keep(self, name: bytes, size: int, items: Sequence[Admitted]) -> None:
        with self._lock:
            former = self._known.pop(name, None)
            self._known[name] = size, items
            self._bytes += size - (former[0] if former else 0)
            while self._bytes > CACHE_BYTES_MAX:
                _, (oldest, _) = self._known.popitem(last=False)
                self._bytes -= oldest

    def forget(self, batches: Sequence[bytes]) -> None:
        """Forget batches that are decided."""
        with self._lock:
            for batch in batches:
                former = self._known.pop(sha256(batch).digest(), None)
                self._bytes -= former[0] if former else 0
