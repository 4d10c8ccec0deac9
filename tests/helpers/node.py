"""A node in a folder of the test, with the keys that `Play` signs with."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

from starlette.types import ASGIApp

from hanpyo.election.manifest import Manifest, election_id, encode_manifest
from hanpyo.election.roll import Row
from hanpyo.ledger.admission import CheckedEntry, admit
from hanpyo.ledger.interface import Queued
from hanpyo.ledger.view import LedgerView
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.embedded.writer import LogWriter
from hanpyo.node.http.api import node_app
from hanpyo.node.http.serve import NodeServer
from hanpyo.node.storage.folder import NodeFolder, Operator
from hanpyo.node.storage.store import create_database
from tests.helpers.election import Play
from tests.helpers.parties import NOW, genesis_entry, seed, tiny_manifest, tiny_rows

OPERATOR = Operator("Member 0", seed("member", 0), seed("cosigner", 0), seed("gateway"))
PATIENCE_S = 20.0


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now_unix_s: int = NOW) -> None:
        self.now_unix_s = now_unix_s

    def __call__(self) -> int:
        return self.now_unix_s


def founded_empty(path: Path) -> tuple[EmbeddedLedger, Clock]:
    """Found a ledger that holds `genesis_entry()` and nothing else, not even its gateway."""
    folder, clock = NodeFolder(path), Clock()
    folder.create(OPERATOR)
    create_database(folder.database)
    writer = LogWriter(folder, OPERATOR, clock, threads=1)
    writer.write_block(admit(writer.state.view.facts, [genesis_entry()], 1))
    return EmbeddedLedger(folder, writer, None), clock


class NodePlay(Play):
    """Holds an election on a node's ledger; its gateway is listed already.

    Attributes:
        clock: the node's.
    """

    def __init__(
        self, folder: Path, manifest: Manifest | None = None, rows: list[Row] | None = None
    ) -> None:
        self.clock = Clock()
        self.folder = folder
        self.node = EmbeddedLedger.create(folder, OPERATOR, self.clock)
        self.manifest = manifest or tiny_manifest()
        self.manifest_bytes = encode_manifest(self.manifest)
        self.rows = tiny_rows(6) if rows is None else rows
        self.ledger_id = self.node.members().ledger_id
        self.election_id = election_id(self.ledger_id, self.manifest_bytes)
        self._sequences: dict[bytes, int] = {}

    @property
    def now(self) -> int:
        return self.clock.now_unix_s

    @now.setter
    def now(self, now_unix_s: int) -> None:
        self.clock.now_unix_s = now_unix_s

    @property
    def view(self) -> LedgerView:
        return self.node._writer.state.view

    def add(self, *entries: bytes) -> list[int]:
        verdicts = self.node.submit(entries).verdicts
        for verdict in verdicts:
            assert isinstance(verdict, Queued), verdict
        return [self.node.wait(verdict.entry_hash, PATIENCE_S).index for verdict in verdicts]

    def announced(self) -> "NodePlay":
        self.add(*self.parts())
        self.add(self.announce())
        return self

    def reopen(self, change: Callable[[], None] = lambda: None) -> EmbeddedLedger:
        """Stop the node, let something happen to its folder, and start it again."""
        self.node.close()
        change()
        self.node = EmbeddedLedger.open(self.folder, self.clock)
        return self.node


class QuickPlay(NodePlay):
    """Writes each entry as a block of its own, past the gateway and its pauses.

    Attributes:
        is_quick: to be set to `False` as soon as anybody else hands in entries.
    """

    is_quick = True

    def add(self, *entries: bytes) -> list[int]:
        if not self.is_quick:
            return super().add(*entries)
        writer = self.node._writer
        indexes = []
        for entry in entries:
            result = writer.write_block(admit(writer.state.view.facts, [entry], 1))
            (verdict,) = result.verdicts
            assert isinstance(verdict, CheckedEntry), verdict
            indexes.append(result.start)
        return indexes


@contextmanager
def served(ledger: EmbeddedLedger) -> Iterator[str]:
    """Serve a ledger on a free port of this machine; give its address."""
    with run_app(node_app(ledger)) as url:
        yield url


@contextmanager
def run_app(app: ASGIApp) -> Iterator[str]:
    """Run a web application on a free port of this machine; give its address."""
    addresses: Queue[str] = Queue()
    server = NodeServer(app, "127.0.0.1", 0, addresses.put)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield addresses.get(timeout=PATIENCE_S)
    finally:
        server.should_exit = True
        thread.join()
