"""The log's own checks: C01 to C05 and the hashes of all entries (protocol.md 14)."""

import itertools
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from hanpyo_verifier.election.entries import ANNOUNCE, ANNOUNCE_PREFIX, Act, decode_entry
from hanpyo_verifier.election.signatures import judge_genesis
from hanpyo_verifier.errors import MalformedError, RefusedError
from hanpyo_verifier.group.ed25519 import PublicKey, public_key
from hanpyo_verifier.log import blocks, checkpoint, files, layout
from hanpyo_verifier.log.merkle import Tree, leaf_hash, root_of
from hanpyo_verifier.report import Report

Progress = Callable[[str, int, int], None]


@dataclass
class Genesis:
    """What entry 0 lays down."""

    entry: bytes
    origin: str
    members: list[PublicKey]
    cosigning: PublicKey


@dataclass
class Log:
    """A log whose files could all be read."""

    files: files.Files
    size: int
    root: bytes
    timestamp: int
    genesis: Genesis
    times: blocks.Times
    # The elections announced, in order, and the manifests' digests.
    announced: dict[bytes, set[bytes]] = field(default_factory=dict)
    # First eight bytes of each leaf hash that several leaf hashes begin with.
    repeated: set[int] = field(default_factory=set)

    def bundles(self) -> Iterator[tuple[int, list[bytes]]]:
        """Reads all entry bundles: (number, entries)."""
        for number in range(-(-self.size // layout.WIDTH)):
            yield number, read_bundle(self.files, number, self.size)


def read_bundle(source: files.Files, number: int, size: int) -> list[bytes]:
    """Reads one entry bundle."""
    width = layout.tile_width(layout.ENTRIES, number, size)
    return source.bundle(layout.tile_path(layout.ENTRIES, number, width), width)


def check_log(source: files.Files, report: Report, progress: Progress) -> Log | None:
    """Checks files, hashes, genesis, checkpoint and blocks; None where the rest is pointless."""
    head = _check_files(source, report)
    if head is None:
        return None
    genesis = _check_genesis(source, head, report)
    if genesis is None:
        return None
    report.count("C04", 2)
    for fault in checkpoint.faults(head, genesis.origin, genesis.members[0], genesis.cosigning):
        report.fail("C04", None, fault)
    log = Log(source, head.size, head.root, head.timestamp, genesis, blocks.Times())
    try:
        _Reading(log, report, progress).run()
    except MalformedError as error:
        _fail_to_read(report, error)
        return None
    if log.times.last_time > head.timestamp:
        report.fail("C04", None, "checkpoint: its time is before the last block's")
    # Without hashes that hold, or a single block's time, judging entries would say nothing.
    return None if report.failed("C02") or not len(log.times) else log


def _fail_to_read(report: Report, error: MalformedError) -> None:
    report.fail("C02" if isinstance(error, files.SplitError) else "C01", None, str(error))


def _check_files(source: files.Files, report: Report) -> checkpoint.Checkpoint | None:
    found, folders, wrong = source.scan()
    report.count("C01", len(found))
    for why in wrong:
        report.fail("C01", None, why)
    try:
        head = checkpoint.parse_checkpoint(source.read("checkpoint", files.MAX_CHECKPOINT))
    except MalformedError as error:
        report.fail("C01", None, str(error))
        return None
    missing, unknown = files.compare(found, folders, head.size)
    for why in missing + unknown:
        report.fail("C01", None, why)
    return None if missing else head


def _check_genesis(
    source: files.Files, head: checkpoint.Checkpoint, report: Report
) -> Genesis | None:
    report.count("C03")
    try:
        data = read_bundle(source, 0, head.size)[0]
    except MalformedError as error:
        _fail_to_read(report, error)
        return None
    try:
        act = decode_entry(data)
    except MalformedError as error:
        report.fail("C06", 0, str(error))
        return None
    if not isinstance(act, Act) or act.kind:
        report.fail("C03", 0, "entry 0 is not genesis")
        return None
    try:
        members = judge_genesis(act)
    except RefusedError as refused:
        report.fail(refused.check, 0, refused.why)
        return None
    cosigning = public_key(act.body[3][0][2])
    origin = f"hanpyo/{act.body[1][:8].hex()}"
    return None if cosigning is None else Genesis(data, origin, members, cosigning)


class _Reading:
    """One pass over entries, tiles and blocks, side by side."""

    def __init__(self, log: Log, report: Report, progress: Progress) -> None:
        self._log = log
        self._report = report
        self._progress = progress
        self._tree = Tree()
        self._blocks = blocks.parse_lines(log.files.lines("blocks"))
        self._block: blocks.Block | None = None
        self._height = 0
        self._upper: list[list[bytes]] = []  # hashes of levels 1, 2, ... not yet compared
        self._prefixes = array("Q")

    def run(self) -> None:
        """Reads all bundles; raises MalformedError where that is impossible."""
        log = self._log
        self._block = next(self._blocks, None)
        for number, entries in log.bundles():
            self._progress("log", number * layout.WIDTH, log.size)
            self._read_bundle(number, entries)
        while self._block is not None:
            self._check_block()
        for level in range(1, len(self._upper) + 1):
            if self._upper[level - 1]:
                self._compare_tile(level)
        if self._tree.root() != log.root:
            self._report.fail("C02", None, "the root is not the checkpoint's")
        if log.times.last_size != log.size:
            last = log.times.last_size - 1
            self._report.fail("C05", _entry(last), "the last block is not the log's end")
        log.repeated = _repeated(self._prefixes)

    def _read_bundle(self, number: int, entries: list[bytes]) -> None:
        report = self._report
        hashes = self._tile("0", number)
        report.count("C02", len(entries))
        for i, (entry, hash_) in enumerate(zip(entries, hashes, strict=True)):
            computed = leaf_hash(entry)
            if computed != hash_:
                report.fail("C02", layout.WIDTH * number + i, "not the entry's leaf hash")
            self._prefixes.append(int.from_bytes(computed[:8], "big"))
            self._tree.push(hash_)
            if entry.startswith(ANNOUNCE_PREFIX):
                self._note_announce(entry)
            while self._block is not None and self._block.size <= self._tree.size:
                self._check_block()
        if len(hashes) == layout.WIDTH:
            self._lift(1, root_of(hashes))

    def _tile(self, level: str, number: int) -> list[bytes]:
        width = layout.tile_width(level, number, self._log.size)
        path = layout.tile_path(level, number, width)
        data = self._log.files.read(path, 32 * width)
        if len(data) != 32 * width:
            raise MalformedError(f"{path} is not {32 * width} bytes long")
        return [data[i : i + 32] for i in range(0, len(data), 32)]

    def _note_announce(self, data: bytes) -> None:
        try:
            entry = decode_entry(data)
        except MalformedError:
            return
        if isinstance(entry, Act) and entry.kind == ANNOUNCE:
            self._log.announced.setdefault(entry.scope, set()).add(entry.body[0])

    def _lift(self, level: int, hash_: bytes) -> None:
        """Takes the root of a full tile up to the next level."""
        if len(self._upper) < level:
            self._upper.append([])
        self._upper[level - 1].append(hash_)
        if len(self._upper[level - 1]) == layout.WIDTH:
            self._lift(level + 1, root_of(self._compare_tile(level)))

    def _compare_tile(self, level: int) -> list[bytes]:
        """Compares the hashes gathered for a level's current tile with the file."""
        computed = self._upper[level - 1]
        self._upper[level - 1] = []
        number = (layout.level_size(str(level), self._tree.size) - 1) // layout.WIDTH
        stored = self._tile(str(level), number)
        self._report.count("C02", len(stored))
        for i, (one, other) in enumerate(zip(computed, stored, strict=True)):
            if one != other:
                why = f"hash {layout.WIDTH * number + i} of level {level} is not the tile's below"
                self._report.fail("C02", None, why)
        return stored

    def _check_block(self) -> None:
        """Checks the block at hand and takes the next one."""
        block, times = self._block, self._log.times
        if block is None:
            return
        self._report.count("C05")
        self._height += 1
        faults = []
        if block.height != self._height:
            faults.append(f"the height is {block.height} instead of {self._height}")
        if block.time < times.last_time:
            faults.append("the time falls")
        if block.size <= times.last_size:
            faults.append("the size does not rise")
        elif block.size != self._tree.size:
            faults.append("the size is more than the log's")
        elif block.root != self._tree.root():
            faults.append("the root is not the tree's")
        if self._height == 1 and block.size != 1:
            faults.append("block 1 does not hold entry 0 alone")
        genesis = self._log.genesis
        text = checkpoint.checkpoint_text(genesis.origin, block.size, block.root)
        if not genesis.cosigning.verify(checkpoint.cosigned(block.time, text), block.cosignature):
            faults.append("the cosignature does not hold")
        for fault in faults:
            self._report.fail("C05", _entry(block.size - 1), f"block {self._height}: {fault}")
        if times.last_size < block.size <= self._tree.size:
            times.append(block)
        self._block = next(self._blocks, None)


def _entry(index: int) -> int | None:
    return index if index >= 0 else None


def _repeated(prefixes: Sequence[int]) -> set[int]:
    """Returns the values that stand several times, sorting one slice of the range at a time."""
    slices = 1 + len(prefixes) // 500_000
    width = 2**64 // slices + 1
    found: set[int] = set()
    for number in range(slices):
        chosen = sorted(value for value in prefixes if value // width == number)
        found.update(a for a, b in itertools.pairwise(chosen) if a == b)
    return found
