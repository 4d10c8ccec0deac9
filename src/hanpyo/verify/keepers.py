"""C04, C05, C26: what those who keep the ledger signed about its log.

Who they are, and were at any size, the entries say; so this comes when all entries are judged.
"""

from collections.abc import Iterator

from hanpyo import crypto
from hanpyo.errors import DamagedRecord, InvalidBlockProof, InvalidCheckpoint
from hanpyo.ledger.block_proofs import BlockClaim, BlockProof, check_proof
from hanpyo.ledger.blocks import Block, block_message
from hanpyo.ledger.checkpoint import check_checkpoint
from hanpyo.ledger.record import RecordReader
from hanpyo.ledger.state import LedgerState
from hanpyo.ledger.validators import ValidatorHistory
from hanpyo.verify.log import Log
from hanpyo.verify.report import Report

SLICE_BLOCKS = 1_024  # cosignatures checked at once


def check_keepers(
    reader: RecordReader, log: Log, state: LedgerState, report: Report, threads: int
) -> None:
    """Check the signatures under the checkpoint and under every block."""
    if not state.memberships:
        return
    _check_checkpoint(reader, log, state, report)
    _BlockSignatures(reader, state, report, threads).run()


def _check_checkpoint(reader: RecordReader, log: Log, state: LedgerState, report: Report) -> None:
    checkpoint = reader.checkpoint
    if checkpoint.timestamp_unix_s < log.times.last_time_unix_s:
        report.fail("C04", None, "checkpoint: its time is before the last block's")
    membership = state.membership_at(reader.size)
    assert membership is not None, "entry 0 was judged"
    report.count("C04", len(checkpoint.lines))
    try:
        check_checkpoint(checkpoint, membership)
    except InvalidCheckpoint as error:
        report.fail("C04", None, f"checkpoint: {error}")


class _BlockSignatures:
    """One pass over the blocks with their proofs."""

    def __init__(
        self, reader: RecordReader, state: LedgerState, report: Report, threads: int
    ) -> None:
        self._reader = reader
        self._state = state
        self._report = report
        self._threads = threads
        self._history = ValidatorHistory(state.memberships)
        self._proofs = reader.proofs()
        self._proofs_end = False
        self._cosigned: list[tuple[Block, tuple[bytes, bytes, bytes]]] = []
        self._engine_height = -1
        self._size, self._root = 0, b""

    def run(self) -> None:
        """Check all blocks that can be read."""
        for block in _readable(self._reader.blocks()):
            if self._is_operators():
                self._note_cosignature(block)
            else:
                self._check_engine_block(block)
            self._size, self._root = block.size, block.root
        self._check_cosignatures()
        self._check_rest()

    def _is_operators(self) -> bool:
        """Whether a single operator made the next block: by who keeps the ledger so far."""
        keeper = self._state.membership_at(max(self._size, 1))
        assert keeper is not None, "entry 0 was judged"
        return not keeper.is_consortium

    def _note_cosignature(self, block: Block) -> None:
        if block.cosignature is None:
            self._fail("C05", block, "an engine height stands where a cosignature is due")
            return
        keeper = self._state.membership_at(max(self._size, 1))
        assert keeper is not None, "entry 0 was judged"
        message = block_message(keeper.origin, block.time_unix_s, block.size, block.root)
        key = keeper.active[0].cosigning_key
        self._cosigned.append((block, (key, message, block.cosignature)))
        if len(self._cosigned) == SLICE_BLOCKS:
            self._check_cosignatures()

    def _check_cosignatures(self) -> None:
        items = [item for _, item in self._cosigned]
        holds = crypto.check_ed25519_many(items, self._threads) if items else []
        for (block, _), held in zip(self._cosigned, holds, strict=True):
            if not held:
                self._fail("C05", block, "its cosignature does not hold")
        self._cosigned.clear()

    def _check_engine_block(self, block: Block) -> None:
        height = block.engine_height
        if height is None:
            self._fail("C05", block, "a cosignature stands where an engine height is due")
            return
        is_founding = self._size == 0
        if (height != 0) if is_founding else (height <= max(self._engine_height, 0)):
            self._fail("C05", block, "its engine height is out of order")
        self._engine_height = height
        self._history.add_block(height, block.size)
        proof = self._next_proof()
        if proof is None:
            if not self._proofs_end:
                self._fail("C26", block, "it has no proof")
            return
        self._report.count("C26")
        try:
            check_proof(proof, self._claim(block), self._threads)
        except InvalidBlockProof as error:
            self._fail("C26", block, str(error))

    def _claim(self, block: Block) -> BlockClaim:
        membership = self._state.membership_at(block.size)
        assert membership is not None, "entry 0 was judged"
        return BlockClaim.of(block, self._root, membership, self._history)

    def _next_proof(self) -> BlockProof | None:
        try:
            return next(self._proofs, None)
        except DamagedRecord as fault:
            self._report.fail(fault.check, None, str(fault))
            self._proofs_end = True
            self._proofs = iter(())
            return None

    def _check_rest(self) -> None:
        if self._engine_height < 0 or self._proofs_end:
            return
        if self._next_proof() is not None:
            self._report.fail("C26", None, "commits: there are more proofs than blocks")

    def _fail(self, check: str, block: Block, why: str) -> None:
        entry = block.size - 1 if block.size else None
        self._report.fail(check, entry, f"block {block.height}: {why}")


def _readable(blocks: Iterator[Block]) -> Iterator[Block]:
    """Give the blocks up to a line that is none; C01 has been reported."""
    try:
        yield from blocks
    except DamagedRecord:
        return
