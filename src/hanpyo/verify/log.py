"""C01, C02, C05: files, hashes and blocks against each other, entries unread."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from hanpyo.errors import DamagedRecord, InvalidEncoding
from hanpyo.ledger.entry import Act, Announce, decode_entry
from hanpyo.ledger.merkle import Frontier, leaf_hash
from hanpyo.ledger.record import RecordReader
from hanpyo.ledger.tiles import TILE_WIDTH, level_count
from hanpyo.verify.blocks import BlockChecker, BlockTimes
from hanpyo.verify.report import Report

ANNOUNCE_PREFIX = bytes([0xA5, 0, Announce.kind])  # how every announce entry begins


@dataclass(slots=True)
class Log:
    """What the files say about the log.

    Attributes:
        times: the blocks' times.
        readable: how many entries can be read from the first on.
        published: for each entry whose leaf hash differs from the published one, the latter: the
            tree stands over published hashes, so that one changed byte is one failure.
        announced: scopes of all well-formed announces, in order.
        tree: the tree over the published hashes.
    """

    times: BlockTimes = field(default_factory=BlockTimes)
    readable: int = 0
    published: dict[int, bytes] = field(default_factory=dict)
    announced: dict[bytes, None] = field(default_factory=dict)
    tree: Frontier = field(default_factory=Frontier)


def check_log(reader: RecordReader, report: Report) -> Log:
    """Check everything about the log that does not depend on what its entries say."""
    report.count("C01", 2)
    log = _Pass(reader, report).run()
    checkpoint = reader.checkpoint
    if log.tree.size == reader.size and log.tree.root() != checkpoint.root:
        report.fail("C02", None, "checkpoint: its root is not that of the log's tree")
    return log


def _higher_tiles(size: int) -> Iterator[int]:
    """Count the tiles of each level from 1 on."""
    level = 1
    while count := level_count(size, level):
        yield -(-count // TILE_WIDTH)
        level += 1


class _Pass:
    """One pass over bundles, level-0 tiles and blocks, side by side."""

    def __init__(self, reader: RecordReader, report: Report) -> None:
        self._reader = reader
        self._report = report
        self._blocks = BlockChecker(reader.blocks(), report)
        self._log = Log(times=self._blocks.times)
        self._can_read = True

    def run(self) -> Log:
        """Read all bundles, as long as either their entries or their hashes are there.

        A checkpoint may claim any size, so files are listed only when all of these were found.
        """
        reader, log = self._reader, self._log
        for number in range(reader.bundle_count()):
            if not self._read_bundle(number):
                break
        else:
            for fault in chain(reader.file_faults(), reader.level_faults()):
                self._report.fail(fault.check, None, str(fault))
            self._report.count("C01", sum(_higher_tiles(reader.size)))
            self._blocks.finish(log.tree, reader.size)
        return log

    def _read_bundle(self, number: int) -> bool:
        entries, published = self._entries(number), self._hashes(number)
        leaves = None if entries is None else [leaf_hash(entry) for entry in entries]
        if leaves is not None and published is not None and leaves != published:
            self._compare(number, leaves, published)
        hashes = leaves if published is None else published
        if hashes is None:
            return False
        self._grow(hashes)
        if entries is None:
            self._can_read = False
        elif self._can_read:
            self._log.readable += len(entries)
            self._note_announces(entries)
        return True

    def _entries(self, number: int) -> list[bytes] | None:
        try:
            entries = self._reader.bundle(number)
        except DamagedRecord as fault:
            self._report.fail(fault.check, None, str(fault))
            return None
        self._report.count("C01")
        self._report.count("C02", len(entries))
        return entries

    def _hashes(self, number: int) -> list[bytes] | None:
        try:
            hashes = self._reader.tile(0, number)
        except DamagedRecord as fault:
            self._report.fail(fault.check, None, str(fault))
            return None
        self._report.count("C01")
        return hashes

    def _compare(self, number: int, leaves: list[bytes], published: list[bytes]) -> None:
        for place, (leaf, other) in enumerate(zip(leaves, published, strict=True)):
            if leaf != other:
                index = number * TILE_WIDTH + place
                self._log.published[index] = other
                self._report.fail("C02", index, "the published hash is not the entry's leaf hash")

    def _grow(self, hashes: list[bytes]) -> None:
        tree, blocks = self._log.tree, self._blocks
        for leaf in hashes:
            tree.append(leaf)
            while blocks.next_size <= tree.size:
                blocks.check(tree)

    def _note_announces(self, entries: list[bytes]) -> None:
        for data in entries:
            if data.startswith(ANNOUNCE_PREFIX):
                try:
                    entry = decode_entry(data)
                except InvalidEncoding:
                    continue
                if isinstance(entry, Act) and isinstance(entry.body, Announce):
                    self._log.announced[entry.scope] = None
