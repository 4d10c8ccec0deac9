"""A validator's log: decides what the engine has agreed on, and publishes what a quorum cosigned.

For each engine block, in this order, and nothing earlier:
1. `decide`: the rules judge all entries; the engine learns the log's root, and new validators;
2. `commit`: one database transaction holds entries, view rows, block and engine height (fsync);
   then this member cosigns the new root, and its cosignature goes to the others;
3. `publish`: once a quorum has cosigned, the head moves, and whoever waits for an entry is told.
The engine's commit connection calls 1 and 2; cosignatures bring 3, from any thread.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hanpyo.errors import DamagedLedger, Rejected
from hanpyo.ledger.admission import Admitted, CheckedEntry
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import Close, entry_hash
from hanpyo.ledger.entry_index import EntryIndex
from hanpyo.ledger.state import BlockResult, LedgerState
from hanpyo.ledger.tiles import TileEdge
from hanpyo.node.keeper import Clock, LogKeeper
from hanpyo.node.storage.disk import write_plainly
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.node.storage.reader import Head, edge_of
from hanpyo.node.storage.store import ViewRow


@dataclass(frozen=True, slots=True)
class ValidatorChange:
    """A validator's key that comes (`power` 1) or goes (0)."""

    key: bytes
    power: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What `decide` did, until `commit`.

    Attributes:
        fingerprint: of the engine's block, to know it again.
        changes: of the engine's validators.
        refused: entry hashes and why the rules refused them.
    """

    engine_height: int
    fingerprint: bytes
    result: BlockResult
    rows: Sequence[ViewRow]
    changes: Sequence[ValidatorChange]
    refused: dict[bytes, Rejected]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A block on disk that waits for its quorum."""

    head: Head
    hashes: Sequence[bytes]


class ChainKeeper(LogKeeper):
    """One commit thread calls `decide` and `commit`; `publish` may come from any thread.

    Attributes:
        engine_height: of the last engine block on disk.
        on_commit: called after each block on disk that added entries.
        on_decided: called with the hashes of all decided entries and the refusals among them.
        on_recorded: called with the hashes that a quorum's checkpoint covers now.
        on_closed: called with the height of a block in which an election closed.
    """

    def __init__(self, folder: NodeFolder, clock: Clock, threads: int) -> None:
        """Open the database.

        Raises:
            DamagedLedger: it cannot be read.
        """
        super().__init__(folder, clock, threads)
        self.engine_height = self.store.engine_height()
        self.on_commit: Callable[[BlockResult], None] = lambda _: None
        self.on_decided: Callable[[Sequence[bytes], dict[bytes, Rejected]], None]
        self.on_decided = lambda _hashes, _refused: None
        self.on_recorded: Callable[[Sequence[bytes]], None] = lambda _: None
        self.on_closed: Callable[[int], None] = lambda _: None
        self._public = folder.public
        self._edge = TileEdge()
        self._decided: Decided | None = None
        self._publishing = threading.Lock()  # of `_waiting` and `head`
        self._waiting: deque[Waiting] = deque()

    def take_up(self, state: LedgerState, index: EntryIndex, edge: TileEdge) -> None:
        """Begin with what the log makes of the ledger; it is published when a quorum cosigns it.

        Args:
            state, index: from now on the commit thread's.
            edge: of the public files, which lag behind; a copy of it goes on with the log.
        """
        self.state, self.index = state, index
        self._edge = TileEdge(edge.size, edge.levels)
        self.head = self._new_head()

    def _new_head(self) -> Head:
        return Head(self.state.log.size, self.state.height, edge_of(self._edge), None)

    # --- for the commit thread ---

    def decide(
        self, engine_height: int, fingerprint: bytes, time_unix_s: int, items: Sequence[Admitted]
    ) -> Decided:
        """Judge an engine block; the same one again, after the engine's crash, changes nothing.

        Raises:
            DamagedLedger: it is neither the next one nor the one that was decided last.
        """
        former = self._decided
        if former is not None:
            if (former.engine_height, former.fingerprint) != (engine_height, fingerprint):
                raise DamagedLedger("the engine gives another block than the one decided before")
            return former
        if engine_height != self.engine_height + 1:
            raise DamagedLedger(f"the engine gives block {engine_height} out of turn")
        with self.view_lock:
            before = self._validators()
            now = max(time_unix_s, self.state.time_unix_s)
            result = self.state.apply_block(items, now)
            rows = list(self.state.changed_rows()) if result.accepted else []
            changes = _changes(before, self._validators())
        refused = {
            entry_hash(item.data): verdict
            for item, verdict in zip(items, result.verdicts, strict=True)
            if isinstance(verdict, Rejected)
        }
        decided = Decided(engine_height, fingerprint, result, rows, changes, refused)
        self._decided = decided
        return decided

    def _validators(self) -> tuple[bytes, ...]:
        membership = self.state.view.facts.membership
        assert membership is not None, "entry 0 comes first"
        keys = [keeper.validator_key for keeper in membership.active.values()]
        return tuple(key for key in keys if key is not None)

    def commit(self) -> None:
        """Put what was decided on disk, and tell of it.

        Raises:
            DamagedLedger: nothing was decided.
        """
        decided, self._decided = self._decided, None
        if decided is None:
            raise DamagedLedger("the engine commits a block that was not decided")
        result = decided.result
        accepted = result.accepted
        if accepted:
            self._append(decided, accepted)
        else:
            self.store.note_engine_height(decided.engine_height)
        self.engine_height = decided.engine_height
        self._tell(decided, accepted)

    def _append(self, decided: Decided, accepted: Sequence[CheckedEntry]) -> None:
        result = decided.result
        block = Block(
            height=result.height,
            time_unix_s=result.time_unix_s,
            size=result.size,
            root=result.root,
            cosignature=None,
            engine_height=decided.engine_height,
        )
        self.store.append_block(block, [checked.data for checked in accepted], decided.rows)
        for path, data in self._edge.extend([checked.leaf_hash for checked in accepted]):
            write_plainly(self._public / path, data)
        with self.view_lock:
            self.index.add(self.state.view, result.start, accepted)
        hashes = [checked.entry_hash for checked in accepted]
        with self._publishing:
            self._waiting.append(Waiting(self._new_head(), hashes))

    def _tell(self, decided: Decided, accepted: Sequence[CheckedEntry]) -> None:
        result = decided.result
        # Handed in again through another gateway, an entry is refused once it is there.
        refused = {
            name: why for name, why in decided.refused.items() if self.index.find_hash(name) is None
        }
        hashes = [*(checked.entry_hash for checked in accepted), *decided.refused]
        if hashes:
            self.on_decided(hashes, refused)
        if accepted:
            self.on_commit(result)
        if any(checked.entry.kind == Close.kind for checked in accepted):
            self.on_closed(result.height)

    # --- for whoever has a quorum ---

    def publish(self, checkpoint: Checkpoint) -> None:
        """Let everybody see the log up to this checkpoint of our own log, which a quorum signed."""
        recorded: list[bytes] = []
        with self._publishing:
            if checkpoint.size < self.head.size:
                return
            head = self.head
            while self._waiting and self._waiting[0].head.size <= checkpoint.size:
                waiting = self._waiting.popleft()
                head = waiting.head
                recorded.extend(waiting.hashes)
            if head.size != checkpoint.size:
                raise DamagedLedger(f"no block of ours ends at size {checkpoint.size}")
            self.head = replace(head, checkpoint=checkpoint)
        if recorded:
            self.on_recorded(recorded)


def _changes(before: Sequence[bytes], after: Sequence[bytes]) -> list[ValidatorChange]:
    gone = [ValidatorChange(key, 0) for key in before if key not in after]
    return gone + [ValidatorChange(key, 1) for key in after if key not in before]
