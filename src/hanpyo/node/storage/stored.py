"""A ledger in a folder of our own: everything that reading it takes, whoever writes it.

Nodes (`NodeLedger`) write what they decide, observers what they have checked. Any thread may call
what stands here.
"""

import threading
from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from hanpyo.errors import DamagedLedger, ElectionError, InvalidQuery
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.interface import Inclusion, Members, Proof
from hanpyo.ledger.view import LedgerView
from hanpyo.node.events import Event, tell
from hanpyo.node.http.wire import Json
from hanpyo.node.keeper import LogKeeper
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.node.storage.reader import Head, LogReader
from hanpyo.node.storage.replay import Replay

T = TypeVar("T")


class StoredLedger:
    """Implements the reading of `Ledger`.

    Attributes:
        reader: reads the log, checking what it reads.
        folder: where it lies.
    """

    def __init__(self, folder: NodeFolder, keeper: LogKeeper) -> None:
        """Begin to read.

        Args:
            folder: held.
            keeper: taken up.
        """
        self.folder = folder
        self.reader = LogReader(folder.public, keeper.store)
        self._keeper = keeper
        self._alarm: ElectionError | None = None
        self._closing = threading.Event()
        self._replays: list[threading.Thread] = []

    # --- what the node says of itself ---

    @property
    def alarm(self) -> ElectionError | None:
        """Why nothing of this ledger is vouched for any more; `None` while all is well."""
        return self._alarm

    def own_status(self) -> Json:
        """Tell what only this kind of node can tell of itself."""
        return {}

    @property
    def has_crashed(self) -> bool:
        """Whether writing failed: what is on disk, only a new start can tell."""
        return False

    @property
    def is_replaying(self) -> bool:
        """Whether the log is being replayed after a closing; until then its root is preliminary."""
        return any(thread.is_alive() for thread in self._replays)

    @property
    def head(self) -> Head:
        """The newest published state."""
        return self._keeper.head

    def raise_alarm(self, error: ElectionError) -> None:
        """Stop, for good."""
        if self._alarm is None:
            tell(Event.ALARM, code=error.code, why=str(error))
        self._alarm = self._alarm or error

    def look(self, ask: Callable[[LedgerView], T]) -> T:
        """Ask the view something, while no block is being decided; the answer must be a copy."""
        with self._keeper.view_lock:
            return ask(self._keeper.state.view)

    def _replay_beside(self, height: int) -> None:
        """Replay the log up to a closing, beside the work, as PROTOCOL's cosigner must."""

        def run() -> None:
            replay = Replay(self._keeper.store, self.folder.public)
            try:
                replay.run(height, self._closing.is_set)
            except ElectionError as error:
                self.raise_alarm(error)

        thread = threading.Thread(target=run, name="ledger replay", daemon=True)
        self._replays = [each for each in self._replays if each.is_alive()] + [thread]
        thread.start()

    # --- the Ledger interface ---

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
            yield from self._keeper.store.blocks(start_height)
        except DamagedLedger as error:
            self.raise_alarm(error)
            raise

    def proofs(self, start_height: int) -> Iterator[bytes]:
        """Give block proofs; see `Ledger.proofs`."""
        return self._keeper.store.proofs(start_height)

    def members(self) -> Members:
        """Tell who keeps the ledger; see `Ledger.members`."""

        def ask(view: LedgerView) -> Members:
            assert view.ledger_id is not None, "block 1 founds the ledger"
            assert view.membership is not None, "block 1 founds the ledger"
            return Members(view.ledger_id, view.membership.members, tuple(view.gateways))

        return self.look(ask)

    # --- look-ups ---

    def find(self, election: bytes, kinds: Collection[int]) -> list[int]:
        """Look up entries by kind; see `Ledger.find`."""
        return self._published(lambda: self._keeper.index.find(election, kinds))

    def find_row(self, election: bytes, row: int) -> list[int]:
        """Look up the entries of a row; see `Ledger.find_row`."""
        return self._published(lambda: self._keeper.index.find_row(election, row))

    def _published(self, find: Callable[[], list[int]]) -> list[int]:
        with self._keeper.view_lock:
            found = find()
        size = self.head.size
        return [index for index in found if index < size]

    def find_hash(self, entry_hash: bytes) -> int | None:
        """Look up an entry by its hash; see `Ledger.find_hash`."""
        index = self._keeper.index.find_hash(entry_hash)
        return index if index is not None and index < self.head.size else None

    def find_tracker(self, election: bytes, start: bytes) -> int | None:
        """Look up a ballot by its tracker; see `Ledger.find_tracker`."""
        index = self._keeper.index.find_tracker(election, start)
        return index if index is not None and index < self.head.size else None
