"""The embedded ledger: one operator, one process, SQLite, one signing key.

It is shown as a single operator, never as consensus. Threads: callers' own (submit, wait, read),
the writer's (see `writer.py`), and for a while after an election closes one that replays the log.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import TimeoutError as NoResultYet
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from hanpyo.errors import DamagedLedger, ElectionError, InvalidQuery, NotYet
from hanpyo.ledger.checkpoint import Block, Checkpoint
from hanpyo.ledger.interface import Admission, Inclusion, Members, Proof
from hanpyo.ledger.view import LedgerView
from hanpyo.node.folder import NodeFolder, Operator
from hanpyo.node.gateway import Gateway, GatewayHooks
from hanpyo.node.promises import make_promises
from hanpyo.node.reader import Head, LogReader
from hanpyo.node.replay import Replay
from hanpyo.node.start import begin, found
from hanpyo.node.writer import Clock, LogWriter, WriterThread

T = TypeVar("T")


def system_clock() -> int:
    """Give the time in seconds since 1970-01-01 UTC."""
    return int(time.time())


class EmbeddedLedger:
    """Implements `Ledger` on a node's folder, which it holds alone until it is closed.

    Attributes:
        operator: the member that runs this node.
        gateway: takes entries; its futures complete once a block.
        reader: reads the log, checking what it reads.
        folder: where it lies.
    """

    def __init__(self, folder: NodeFolder, writer: LogWriter, alarm: ElectionError | None) -> None:
        """Begin to write; `open` and `create` prepare for it."""
        self.folder = folder
        self.operator = writer.operator
        self.reader = LogReader(folder.public, writer.store)
        hooks = GatewayHooks(
            facts=lambda: writer.state.view.facts,
            find_hash=self.find_hash,
            size=lambda: writer.head.size,
            promise=self._promise,
        )
        self.gateway = Gateway(hooks, writer.threads)
        self._writer = writer
        self._alarm: ElectionError | None = None
        self._closing = threading.Event()
        self._replays: list[threading.Thread] = []
        self._thread = WriterThread(writer, self.gateway, self._replay_beside)
        if alarm is not None:
            self.raise_alarm(alarm)
        self._thread.start()

    @classmethod
    def create(
        cls, path: Path, operator: Operator, clock: Clock = system_clock, threads: int = 1
    ) -> Self:
        """Found a ledger in a new folder: genesis is block 1, its gateway stands in block 2.

        Args:
            path: a folder that is empty or does not exist.
            operator: who runs it, from `new_operator`; its secrets are kept in the folder.
            clock: the time.
            threads: how many threads Rust may use.

        Raises:
            InvalidQuery: the folder is in use.
        """
        found(NodeFolder(path), operator, clock)
        return cls.open(path, clock, threads)

    @classmethod
    def open(cls, path: Path, clock: Clock = system_clock, threads: int = 1) -> Self:
        """Open a ledger: rebuild everything from its entries, compare, and begin to sign.

        A ledger whose log lacks its last signed state opens for reading only: it neither signs nor
        takes entries, and `alarm` says so.

        Raises:
            InvalidQuery: there is no ledger, or another process holds it.
            InvalidFile: the operator's keys cannot be read.
            DamagedLedger: what is stored contradicts itself; the message names what and where.
        """
        folder = NodeFolder(path)
        folder.hold()
        try:
            writer = LogWriter(folder, folder.load_operator(), clock, threads)
            try:
                return cls(folder, writer, begin(writer, folder, threads))
            except BaseException:
                writer.close()
                raise
        except BaseException:
            folder.release()
            raise

    def close(self) -> None:
        """Write what is queued, and let the folder go."""
        if self._closing.is_set():
            return
        self._closing.set()
        self.gateway.close()
        for thread in (self._thread, *self._replays):
            thread.join()
        self._writer.close()
        self.folder.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- what the node says of itself ---

    @property
    def alarm(self) -> ElectionError | None:
        """Why this node neither signs nor takes entries any more; `None` while all is well."""
        return self._alarm or self.gateway.failure

    @property
    def has_crashed(self) -> bool:
        """Whether writing failed: what is on disk, only a new start can tell."""
        return self._thread.has_crashed

    @property
    def is_replaying(self) -> bool:
        """Whether the log is being replayed after a closing; until then its root is preliminary."""
        return any(thread.is_alive() for thread in self._replays)

    @property
    def head(self) -> Head:
        """The newest published state."""
        return self._writer.head

    def raise_alarm(self, error: ElectionError) -> None:
        """Stop signing and taking entries, for good."""
        self._alarm = self._alarm or error
        self.gateway.fail(error)

    def look(self, ask: Callable[[LedgerView], T]) -> T:
        """Ask the view something, while no block is being decided; the answer must be a copy."""
        with self._writer.view_lock:
            return ask(self._writer.state.view)

    def _replay_beside(self, height: int) -> None:
        """Replay the log up to a closing, beside the work, as PROTOCOL's cosigner must."""

        def run() -> None:
            replay = Replay(self._writer.store, self.folder.public)
            try:
                replay.run(height, self._closing.is_set)
            except ElectionError as error:
                self.raise_alarm(error)

        thread = threading.Thread(target=run, name="ledger replay", daemon=True)
        self._replays = [each for each in self._replays if each.is_alive()] + [thread]
        thread.start()

    # --- the Ledger interface ---

    def submit(self, entries: Sequence[bytes]) -> Admission:
        """Take entries in; see `Ledger.submit`."""
        return self.gateway.submit(entries)

    def _promise(self, hashes: Sequence[bytes], size: int) -> Sequence[bytes | None]:
        head, operator = self.head, self.operator
        view = self._writer.state.view
        if operator.gateway not in view.gateways or view.ledger_id is None:
            return [None] * len(hashes)
        now = self._writer.clock()
        if head.checkpoint is not None:
            now = max(now, head.checkpoint.timestamp_unix_s)
        gateway = operator.gateway
        return make_promises(view.ledger_id, hashes, size, now, gateway, operator.promise)

    def wait(self, entry_hash: bytes, timeout_s: float) -> Inclusion:
        """Wait for an entry; see `Ledger.wait`."""
        future = self.gateway.watch(entry_hash)
        try:
            index = future.result(timeout_s)
        except NoResultYet:
            raise NotYet(f"not recorded within {timeout_s:g} s") from None
        finally:
            self.gateway.unwatch(entry_hash, future)
        return self.recorded(index)

    def recorded(self, index: int) -> Inclusion:
        """Give an entry's inclusion under the newest checkpoint."""
        checkpoint, head = self.checkpoint(), self.head
        proof = self._read(lambda: self.reader.inclusion(head, index, checkpoint.size))
        return Inclusion(index, checkpoint, proof)

    def checkpoint(self) -> Checkpoint:
        """Give the newest checkpoint; see `Ledger.checkpoint`."""
        if self.alarm is not None:
            raise self.alarm
        checkpoint = self.head.checkpoint
        assert checkpoint is not None, "a node without alarm has signed"
        return checkpoint

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Give raw entries; see `Ledger.entries`."""
        entries = self.reader.entries(self.head, start, stop)
        return self._watched(entries)

    def _watched(self, entries: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from entries
        except DamagedLedger as error:
            self.raise_alarm(error)
            raise

    def inclusion(self, index: int, size: int) -> Proof:
        """Prove inclusion; see `Ledger.inclusion`."""
        return self._read(lambda: self.reader.inclusion(self.head, index, size))

    def consistency(self, old: int, new: int) -> Proof:
        """Prove consistency; see `Ledger.consistency`."""
        return self._read(lambda: self.reader.consistency(self.head, old, new))

    def tile(self, level: int, number: int) -> bytes:
        """Give a hash tile as of the newest checkpoint, full or at the edge."""
        return self._read(lambda: self.reader.tile(self.head, level, number))

    def bundle(self, number: int) -> bytes:
        """Give a bundle of entries as of the newest checkpoint, full or at the edge."""
        return self._read(lambda: self.reader.bundle(self.head, number))

    def _read(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except DamagedLedger as error:
            self.raise_alarm(error)
            raise

    def blocks(self, start_height: int) -> Iterator[Block]:
        """Give blocks; see `Ledger.blocks`."""
        if start_height < 1:
            raise InvalidQuery("heights begin with 1")
        until = self.head.height
        for block in self._watched_blocks(start_height):
            if block.height > until:
                return
            yield block

    def _watched_blocks(self, start_height: int) -> Iterator[Block]:
        try:
            yield from self._writer.store.blocks(start_height)
        except DamagedLedger as error:
            self.raise_alarm(error)
            raise

    def members(self) -> Members:
        """Tell who keeps the ledger; see `Ledger.members`."""

        def ask(view: LedgerView) -> Members:
            assert view.ledger_id is not None, "block 1 is genesis"
            assert view.genesis is not None, "block 1 is genesis"
            return Members(view.ledger_id, view.genesis.members, tuple(view.gateways))

        return self.look(ask)

    # --- look-ups ---

    def find(self, election: bytes, kinds: Collection[int]) -> list[int]:
        """Look up entries by kind; see `Ledger.find`."""
        return self._published(lambda: self._writer.index.find(election, kinds))

    def find_row(self, election: bytes, row: int) -> list[int]:
        """Look up the entries of a row; see `Ledger.find_row`."""
        return self._published(lambda: self._writer.index.find_row(election, row))

    def _published(self, find: Callable[[], list[int]]) -> list[int]:
        with self._writer.view_lock:
            found = find()
        size = self.head.size
        return [index for index in found if index < size]

    def find_hash(self, entry_hash: bytes) -> int | None:
        """Look up an entry by its hash; see `Ledger.find_hash`."""
        index = self._writer.index.find_hash(entry_hash)
        return index if index is not None and index < self.head.size else None

    def find_tracker(self, election: bytes, start: bytes) -> int | None:
        """Look up a ballot by its tracker; see `Ledger.find_tracker`."""
        index = self._writer.index.find_tracker(election, start)
        return index if index is not None and index < self.head.size else None
