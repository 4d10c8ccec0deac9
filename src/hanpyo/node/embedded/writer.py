"""The writer's thread: decides queued entries in order, a block at a time, and makes them durable.

For each block, in this order, and nothing earlier:
1. the rules decide; the operator cosigns the block's time, size and root;
2. one database transaction holds entries, view rows and block (fsync);
3. the public files grow; the checkpoint is signed;
4. `last-checkpoint` holds it (fsync), then `public/checkpoint` does;
5. the head moves, and whoever waits for an entry of the block is told.
A failure anywhere stops the thread for good: what is on disk is then found out by a new start,
never guessed from memory. Only this thread signs, and only it changes state, index, files and head.
"""

import threading
from collections.abc import Callable, Sequence

from hanpyo.errors import DamagedLedger, ElectionError, InvalidQuery, Rejected
from hanpyo.ledger.admission import Admitted, CheckedEntry
from hanpyo.ledger.blocks import Block, block_message
from hanpyo.ledger.checkpoint import Checkpoint, encode_checkpoint, sign_checkpoint
from hanpyo.ledger.entry import Close, entry_hash
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.state import BlockResult, LedgerState
from hanpyo.node.gateway import Gateway
from hanpyo.node.keeper import Clock, LogKeeper
from hanpyo.node.storage.files import PublicTree, TreeGrowth
from hanpyo.node.storage.folder import NodeFolder, Operator
from hanpyo.node.storage.last_checkpoint import LastCheckpoint
from hanpyo.node.storage.reader import Head, edge_of

COSIGN_SECONDS = 30  # at least once a minute is promised
IDLE_SECONDS = 1.0  # between two looks at the clock
HANDED_OVER = "this ledger was handed over to a consortium: its members' nodes keep it now"


class LogWriter(LogKeeper):
    """What one block goes through; used by the thread, and to found a ledger."""

    def __init__(self, folder: NodeFolder, operator: Operator, clock: Clock, threads: int) -> None:
        """Open the files.

        Raises:
            DamagedLedger: the database cannot be read.
        """
        super().__init__(folder, clock, threads)
        self.operator = operator
        self.last = LastCheckpoint(folder.last_checkpoint)
        self.tree = PublicTree(folder.public, TreeGrowth(), set())
        self._timestamp_unix_s = 0  # of the newest cosignature; it never falls

    def take_up(self, state: LedgerState, tree: PublicTree) -> None:
        """Begin with what the log makes of the ledger; nothing is signed yet."""
        self.state, self.tree = state, tree
        self._move_head(None)

    def _move_head(self, checkpoint: Checkpoint | None) -> None:
        edge = edge_of(self.tree.growth.edge)
        self.head = Head(self.state.log.size, self.state.height, edge, checkpoint)

    @property
    def membership(self) -> Membership:
        """Who keeps the ledger."""
        membership = self.state.view.membership
        assert membership is not None, "block 1 founds the ledger"
        return membership

    @property
    def is_handed_over(self) -> bool:
        """Whether others keep the ledger by now: this operator signs nothing any more."""
        return self.membership.is_consortium

    def write_block(self, items: Sequence[Admitted]) -> BlockResult:
        """Decide items as one block; what was accepted is durable and published at return."""
        now = max(self.clock(), self.state.time_unix_s)
        with self.view_lock:
            result = self.state.apply_block(items, now)
            rows = list(self.state.changed_rows()) if result.accepted else []
        accepted = result.accepted
        if not accepted:
            return result
        message = block_message(self.membership.origin, now, result.size, result.root)
        cosignature = self.operator.cosign(message)
        block = Block(result.height, now, result.size, result.root, cosignature)
        entries = [checked.data for checked in accepted]
        self.store.append_block(block, entries, rows)
        self.tree.add_block(block, entries, [checked.leaf_hash for checked in accepted])
        with self.view_lock:
            self.index.add(self.state.view, result.start, accepted)
        if not self.is_handed_over:
            self.publish(now)
        return result

    def publish(self, now_unix_s: int) -> None:
        """Sign the newest state with a time, and publish it.

        The time is the block's, or a later one while nothing is promised: so a checkpoint never
        bears the time of a promise that is still to be kept.
        """
        state, operator = self.state, self.operator
        self._timestamp_unix_s = now = max(now_unix_s, state.time_unix_s, self._timestamp_unix_s)
        size, root = state.log.size, state.log.root()
        assert size == self.store.size, "only what the database holds is signed"
        membership = self.membership
        checkpoint = sign_checkpoint(membership, size, root, now, operator.sign, operator.cosign)
        self.last.write(checkpoint)
        self.tree.publish(encode_checkpoint(checkpoint))
        self._move_head(checkpoint)

    def cosign_again(self) -> None:
        """Sign the newest state again if the last cosignature is no longer fresh."""
        now = self.clock()
        if now - self._timestamp_unix_s >= COSIGN_SECONDS:
            self.publish(now)

    def note_time(self, timestamp_unix_s: int) -> None:
        """Sign nothing with an earlier time than this."""
        self._timestamp_unix_s = max(timestamp_unix_s, self._timestamp_unix_s)

    def close(self) -> None:
        """Close the files; no thread may be using them."""
        super().close()
        self.last.close()


class WriterThread(threading.Thread):
    """Runs a `LogWriter` behind a `Gateway` until the gateway closes or something fails."""

    def __init__(
        self, writer: LogWriter, gateway: Gateway, on_close: Callable[[int], None]
    ) -> None:
        """Prepare; `start` runs it.

        Args:
            writer: taken up.
            gateway: its queue.
            on_close: called with the height of a block in which an election closed.
        """
        super().__init__(name="ledger writer", daemon=True)
        self._writer = writer
        self._gateway = gateway
        self._on_close = on_close
        self.has_crashed = False

    def run(self) -> None:
        """Write blocks."""
        try:
            while (batch := self._gateway.next_batch(IDLE_SECONDS)) is not None:
                if batch:
                    self._decide(batch)
                elif self._gateway.is_idle():
                    self._writer.cosign_again()
        except ElectionError as error:
            self._gateway.fail(error)
        except BaseException as error:  # noqa: BLE001 a full disk, a failing one, a fault of ours
            self.has_crashed = True
            self._gateway.fail(
                DamagedLedger(f"the ledger stopped: {type(error).__name__}: {error}")
            )

    def _decide(self, batch: Sequence[Admitted]) -> None:
        result = self._writer.write_block(batch)
        if self._writer.is_handed_over:
            raise InvalidQuery(HANDED_OVER)
        names, refused = [], {}
        for item, verdict in zip(batch, result.verdicts, strict=True):
            if isinstance(verdict, Rejected):
                names.append(entry_hash(item.data))
                refused[names[-1]] = verdict
            else:
                names.append(verdict.entry_hash)
        self._gateway.settle(names, refused)
        if any(_is_close(checked) for checked in result.accepted):
            self._on_close(result.height)


def _is_close(checked: CheckedEntry) -> bool:
    return checked.entry.kind == Close.kind
