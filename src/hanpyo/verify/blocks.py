"""C05: the blocks file against the tree, and the times of entries that follow from it."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator

from hanpyo.errors import DamagedRecord
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.merkle import Frontier
from hanpyo.verify.report import Report

BEYOND = 1 << 64  # larger than any size


class BlockTimes:
    """Where the usable blocks end and at what time: those whose size rises within the log."""

    def __init__(self) -> None:
        self._sizes = array("q")
        self._times = array("q")

    def __len__(self) -> int:
        return len(self._sizes)

    @property
    def last_size(self) -> int:
        """The log's size after the last block."""
        return self._sizes[-1] if self._sizes else 0

    @property
    def last_time_unix_s(self) -> int:
        """The time of the last block."""
        return self._times[-1] if self._times else 0

    def append(self, block: Block) -> None:
        """Add a block whose size rises."""
        self._sizes.append(block.size)
        self._times.append(block.time_unix_s)

    def holding(self, position: int) -> tuple[int, int]:
        """Give size and time of the block that holds a position; past the end, the last time."""
        place = bisect_right(self._sizes, position)
        if place < len(self._sizes):
            return self._sizes[place], self._times[place]
        return BEYOND, self.last_time_unix_s

    def due_size(self, time_unix_s: int) -> int | None:
        """Give the size after the first block of this time or a later one."""
        found = (
            size for size, time in zip(self._sizes, self._times, strict=True) if time >= time_unix_s
        )
        return next(found, None)


class BlockChecker:
    """Checks one block after the other while the tree grows.

    Attributes:
        next_size: the size of the block to be checked next; `BEYOND`: there is none.
        times: the usable blocks so far.
    """

    def __init__(self, blocks: Iterator[Block], report: Report) -> None:
        self.times = BlockTimes()
        self.next_size = BEYOND
        self._next: Block | None = None
        self._blocks = blocks
        self._report = report
        self._height = 0
        self._time_unix_s = 0
        self._size = 0
        self._advance()

    def _advance(self) -> None:
        try:
            self._next = next(self._blocks, None)
        except DamagedRecord as fault:
            self._report.fail(fault.check, None, str(fault))
            self._next = None
        self.next_size = BEYOND if self._next is None else self._next.size

    def check(self, tree: Frontier) -> None:
        """Check the next block against the tree, which has its size or cannot have it."""
        block = self._next
        assert block is not None, "next_size tells whether there is one"
        self._height += 1
        self._report.count("C05")
        if block.height != self._height:
            self._fail(block, f"its height is {block.height}, due is {self._height}")
        if block.time_unix_s < self._time_unix_s:
            self._fail(block, "its time is before the last block's")
        if self._height == 1 and block.size != 1:
            self._fail(block, f"block 1 holds entry 0 alone, but its size is {block.size}")
        self._check_place(block, tree)
        self._time_unix_s, self._size = block.time_unix_s, block.size
        self._advance()

    def _check_place(self, block: Block, tree: Frontier) -> None:
        if block.size <= self.times.last_size:
            self._fail(block, f"its size {block.size} does not rise")
        elif block.size > tree.size:
            self._fail(block, f"its size {block.size} is beyond the log's, {tree.size}")
        else:
            self.times.append(block)
            if block.root != tree.root():
                self._fail(block, "its root is not the tree's at its size")

    def finish(self, tree: Frontier, size: int) -> None:
        """Check the blocks that are left, and where the last one ends."""
        while self._next is not None:
            self.check(tree)
        if self.times.last_size != size:
            entry = self.times.last_size - 1 if len(self.times) else None
            why = f"the last block ends at size {self.times.last_size}, the log at {size}"
            self._report.fail("C05", entry, why)

    def _fail(self, block: Block, why: str) -> None:
        entry = block.size - 1 if block.size else None
        self._report.fail("C05", entry, f"block {block.height}: {why}")
