"""Where a rehearsal is held: some ledger, and how its operator admits an election."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hanpyo.ledger.entry import Signature
from hanpyo.ledger.interface import Admission, Ledger
from hanpyo.node.announcing import announce
from hanpyo.node.clerk import Clerk
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.keeper import Clock, system_clock
from hanpyo.node.storage.folder import Operator
from hanpyo.rehearsal.cluster import Cluster

Announcer = Callable[[bytes, Sequence[Signature]], Admission]


@dataclass(frozen=True, slots=True)
class Place:
    """A ledger with a clerk, wherever it runs.

    With a `RemoteLedger` it is `Place(remote, remote.announce)`.

    Attributes:
        announce: asks the operator to admit a manifest with its organizers' signatures.
    """

    ledger: Ledger
    announce: Announcer
    clock: Clock = system_clock


@contextmanager
def consortium(folder: Path, size: int) -> Iterator[Place]:
    """Let so many members found a ledger, each with a node and an engine of its own.

    Raises:
        EngineMissing: the consensus engine is not on this machine.
    """
    with Cluster.found(folder, size) as cluster:
        cluster.start()
        with RemoteLedger(cluster.url(0)) as remote:
            yield Place(remote, remote.announce)


@contextmanager
def embedded(folder: Path, operator: Operator, threads: int) -> Iterator[Place]:
    """Found a ledger in a new folder, with everything that a real one does, and run its clerk."""
    with EmbeddedLedger.create(folder, operator, system_clock, threads) as ledger:
        clerk = Clerk(ledger, system_clock, threads)
        clerk.start()
        try:
            yield Place(ledger, partial(announce, ledger))
        finally:
            clerk.stop()
