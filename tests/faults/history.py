"""What clients were told, held against what the logs say: nothing acknowledged may be lost."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.consortium.load import Connection
from hanpyo.errors import NotYet, Unreachable
from hanpyo.ledger.entry import Cast, decode_entry, entry_hash
from hanpyo.ledger.interface import Later, Refused
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.http.wire import decode_verdicts
from hanpyo.rehearsal.cluster import Cluster

DRAIN_SECONDS = 60.0


@dataclass
class History:
    """A load of single ballots, and what became of each.

    Attributes:
        acknowledged: hashes of entries that a gateway took.
        refused: those that a gateway refused, with its words.
    """

    acknowledged: list[bytes] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def cast(self, url: str, ballots: Sequence[bytes], per_second: float) -> None:
        """Hand ballots to one gateway; one that does not answer is asked again later."""
        node = Connection(url)
        for ballot in ballots:
            while not self._hand_in(node, ballot):
                time.sleep(0.2)
            time.sleep(1 / per_second)
        node.close()

    def _hand_in(self, node: Connection, ballot: bytes) -> bool:
        status, body = node.post("/entries", len(ballot).to_bytes(2, "big") + ballot)
        if status != 200:
            return False
        (verdict,) = decode_verdicts(body)
        if isinstance(verdict, Later):
            return False
        if isinstance(verdict, Refused):
            self.refused.append(verdict.why)
        else:
            self.acknowledged.append(verdict.entry_hash)
        return True

    def check(self, cluster: Cluster, numbers: Sequence[int]) -> None:
        """See that every acknowledged ballot is in every log, once, and that all roots agree."""
        until = time.monotonic() + DRAIN_SECONDS
        while True:
            logs = [_log(cluster, number) for number in numbers]
            roots = {(len(log), root) for log, root in logs}
            counts = Counter(map(entry_hash, logs[0][0]))
            missing = [name for name in self.acknowledged if not counts[name]]
            is_whole = len(roots) == 1 and bool(logs[0][0]) and not missing
            if is_whole or time.monotonic() > until:
                break
            time.sleep(0.5)
        assert len(roots) == 1, "all nodes have one log"
        assert not missing, f"{len(missing)} of {len(self.acknowledged)} are lost"
        ballots = [data for data in logs[0][0] if isinstance(decode_entry(data), Cast)]
        assert max(Counter(ballots).values(), default=1) == 1, "none is there twice"
        assert not self.refused, self.refused[:3]


def _log(cluster: Cluster, number: int) -> tuple[list[bytes], bytes]:
    with RemoteLedger(cluster.url(number)) as remote:
        try:
            checkpoint = remote.checkpoint()
        except (NotYet, Unreachable):  # it has just come back
            return [], b""
        return list(remote.entries(0, checkpoint.size)), checkpoint.root


class Beside:
    """Runs something beside the test, and raises here what went wrong there."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 raised again by `finish`
            self._error = error

    def finish(self, seconds: float) -> None:
        """Wait for the end."""
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "it has not ended in time"
        if self._error is not None:
            raise self._error
