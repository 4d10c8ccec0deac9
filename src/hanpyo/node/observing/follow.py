"""Following somebody's ledger: everything is checked before it is kept, block by block.

An observer believes nothing: it checks every proof and runs every rule itself, compares each root,
and holds what those who keep the ledger signed against its own copy.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from hanpyo.errors import DamagedLedger, ElectionError, InvalidCheckpoint, Rejected
from hanpyo.ledger.admission import Admitted, admit
from hanpyo.ledger.block_proofs import BlockClaim, check_proof, decode_proof
from hanpyo.ledger.blocks import Block, check_block
from hanpyo.ledger.checkpoint import (
    Checkpoint,
    check_checkpoint,
    decode_checkpoint,
    encode_checkpoint,
)
from hanpyo.ledger.entry_index import EntryIndex
from hanpyo.ledger.state import BlockResult, LedgerState
from hanpyo.ledger.validators import ValidatorHistory
from hanpyo.node.events import Event, tell
from hanpyo.node.keeper import Clock, LogKeeper
from hanpyo.node.storage.files import PublicTree, append_commits
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.node.storage.reader import Head, edge_of

SLICE_ENTRIES = 2_048  # admitted at once, so that proofs are checked in bulk


class Follower(LogKeeper):
    """Takes blocks in order; its thread owns it.

    Attributes:
        tree: the public files of the copy.
        checked: entries whose proofs were checked since the start.
    """

    def __init__(self, folder: NodeFolder, clock: Clock, threads: int) -> None:
        """Open the copy's database.

        Raises:
            DamagedLedger: it cannot be read.
        """
        super().__init__(folder, clock, threads)
        self.tree: PublicTree
        self.checked = 0
        self._public = folder.public
        self._history = ValidatorHistory(self.state.memberships)
        self._before = b""  # the root before the next block

    def take_up(self, state: LedgerState, index: EntryIndex, tree: PublicTree) -> None:
        """Begin with what the copy holds so far."""
        self.state, self.index, self.tree = state, index, tree
        self._history = ValidatorHistory(state.memberships)
        for block in self.store.blocks(1):
            if block.engine_height is not None:
                self._history.add_block(block.engine_height, block.size)
            self._before = block.root
        data = tree.read_checkpoint()
        if data is not None:
            self._take_up_published(data)

    def _take_up_published(self, data: bytes) -> None:
        """Show the copy as it was published last, also when no source answers any more.

        Raises:
            DamagedLedger: it is not what those who keep the ledger signed.
        """
        try:
            checkpoint = decode_checkpoint(data)
        except InvalidCheckpoint as error:
            raise DamagedLedger(f"the published checkpoint was changed: {error}") from error
        if checkpoint.size == self.state.log.size:  # else it grew, and was not published yet
            self.publish(checkpoint)

    def take(
        self, blocks: Sequence[Block], entries: Iterable[bytes], proofs: Iterator[bytes]
    ) -> None:
        """Check blocks that follow the copy, and keep them.

        Args:
            blocks: in order.
            entries: theirs, in order.
            proofs: of those blocks that need one, in order.

        Raises:
            DamagedLedger: something does not hold; the message names block or entry.
        """
        source = iter(entries)
        gathered: list[Block] = []
        for block in blocks:
            gathered.append(block)
            if block.size - self.store.size >= SLICE_ENTRIES or block is blocks[-1]:
                self._take_some(gathered, source, proofs)
                gathered = []

    def _take_some(
        self, blocks: Sequence[Block], source: Iterator[bytes], proofs: Iterator[bytes]
    ) -> None:
        start = self.store.size
        data = list(islice(source, max(0, blocks[-1].size - start)))
        if len(data) != blocks[-1].size - start:
            raise DamagedLedger(f"block {blocks[-1].height} brings fewer entries than it says")
        items = admit(self.state.view.facts, data, self.threads)
        self.checked += len(items)
        for block in blocks:
            count = block.size - start
            self._take_block(block, items[:count], proofs)
            items, start = items[count:], block.size

    def _take_block(self, block: Block, items: Sequence[Admitted], proofs: Iterator[bytes]) -> None:
        if block.height != self.store.height + 1 or not items:
            raise DamagedLedger(f"block {block.height} does not follow block {self.store.height}")
        with self.view_lock:
            result = self._judge(block, items)
            rows = list(self.state.changed_rows())
        proof = self._check_signed(block, result, proofs)
        accepted = result.accepted
        self.store.append_block(block, [item.data for item in items], rows)
        self.tree.add_block(
            block, [each.data for each in accepted], [each.leaf_hash for each in accepted]
        )
        if proof is not None:
            self.store.append_proof(block.height, proof)
            append_commits(self._public, [proof])
        with self.view_lock:
            self.index.add(self.state.view, result.start, accepted)
        self._before = block.root
        tell(Event.BLOCK, height=block.height, size=block.size)

    def _judge(self, block: Block, items: Sequence[Admitted]) -> BlockResult:
        start = self.state.log.size
        try:
            result = self.state.apply_block(items, block.time_unix_s)
        except ElectionError as error:
            raise DamagedLedger(f"block {block.height}: {error}") from error
        for index, verdict in enumerate(result.verdicts, start):
            if isinstance(verdict, Rejected):
                why = f"entry {index} is against the rules: {verdict.why} ({verdict.check})"
                raise DamagedLedger(why)
        if result.root != block.root:
            raise DamagedLedger(f"block {block.height} has another root than its entries")
        return result

    def _check_signed(
        self, block: Block, result: BlockResult, proofs: Iterator[bytes]
    ) -> bytes | None:
        """Check what vouches for a block, by who kept the ledger before it."""
        keeper = self.state.membership_at(max(result.start, 1))
        assert keeper is not None, "entry 0 is there"
        try:
            if not keeper.is_consortium:
                check_block(block, keeper)
                return None
            if block.engine_height is None:
                raise DamagedLedger("it has no engine height")
            self._history.add_block(block.engine_height, block.size)
            data = next(proofs, None)
            if data is None:
                raise DamagedLedger("it has no proof")
            claim = BlockClaim.of(block, self._before, keeper, self._history)
            check_proof(decode_proof(data), claim, self.threads)
        except ElectionError as error:
            raise DamagedLedger(
                f"block {block.height} is not shown to be agreed on: {error}"
            ) from error
        return data

    def publish(self, checkpoint: Checkpoint) -> None:
        """Let the copy be read up to a checkpoint of exactly its size.

        Raises:
            DamagedLedger: those who keep the ledger did not sign this state of it.
        """
        log, membership = self.state.log, self.state.view.membership
        assert membership is not None, "entry 0 is there"
        try:
            check_checkpoint(checkpoint, membership)
        except ElectionError as error:
            raise DamagedLedger(f"the checkpoint of size {checkpoint.size}: {error}") from error
        if (checkpoint.size, checkpoint.root) != (log.size, log.root()):
            raise DamagedLedger(f"the checkpoint of size {checkpoint.size} is of another log")
        self.tree.publish(encode_checkpoint(checkpoint))
        edge = edge_of(self.tree.growth.edge)
        self.head = Head(log.size, self.state.height, edge, checkpoint)
