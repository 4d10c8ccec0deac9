"""A record: the log as files (docs/protocol.md sections 9.4 and 13), read and written.

Files belong to the caller, who hands over functions that list and read them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from hanpyo.errors import (
    DamagedRecord,
    InvalidBlockProof,
    InvalidCheckpoint,
    InvalidEncoding,
)
from hanpyo.ledger.block_proofs import BlockProof, decode_proof, frame_proof, split_proofs
from hanpyo.ledger.blocks import Block, decode_block, encode_block
from hanpyo.ledger.checkpoint import Checkpoint, decode_checkpoint, encode_checkpoint
from hanpyo.ledger.merkle import leaf_hash
from hanpyo.ledger.tiles import (
    TILE_WIDTH,
    TileEdge,
    bundle_entry,
    bundle_path,
    decode_bundle,
    encode_bundle,
    level_count,
    record_paths,
    split_tile,
    tile_path,
    tile_root,
    tile_spans,
)

CHECKPOINT, BLOCKS, COMMITS = "checkpoint", "blocks", "commits"
MISSING_MAX = 1_000

# Lists every plain file below the folder, as paths with "/". What is anything else (a link, a
# folder without files) is listed, too, with "/" at its end: no such name belongs to a record.
FileLister = Callable[[], Sequence[str]]
FileReader = Callable[[str], bytes]  # may raise OSError


class RecordReader:
    """Reads a record strictly and bundle by bundle, so that memory does not grow with it.

    Attributes:
        checkpoint: decoded, its signatures not checked.
        size: the checkpoint's size: how many entries the record has.
    """

    def __init__(self, list_files: FileLister, read: FileReader) -> None:
        """Open a record.

        Raises:
            DamagedRecord: C01, where `checkpoint` is missing or not in its exact form.
        """
        self._files = set(list_files())
        self._read_file = read
        try:
            self.checkpoint: Checkpoint = decode_checkpoint(self._read(CHECKPOINT))
        except InvalidCheckpoint as error:
            raise DamagedRecord("C01", CHECKPOINT, str(error)) from error
        self.size = self.checkpoint.size

    def file_faults(self) -> Iterator[DamagedRecord]:
        """Name every file that is missing or does not belong to a record of this size (C01).

        A checkpoint may claim any size: after `MISSING_MAX` missing files no more are named.
        """
        unknown, missing = set(self._files), 0
        for path in chain((CHECKPOINT, BLOCKS), self._commits(), record_paths(self.size)):
            if path in unknown:
                unknown.discard(path)
                continue
            yield DamagedRecord("C01", path, "the file is missing")
            missing += 1
            if missing == MISSING_MAX:
                return
        for path in sorted(unknown):
            yield DamagedRecord("C01", path, "a record has no such file")

    def _commits(self) -> Iterator[str]:
        """Name the file of block proofs, if a block needs one."""
        try:
            if any(block.engine_height is not None for block in self.blocks()):
                yield COMMITS
        except DamagedRecord:  # reported with the blocks
            if COMMITS in self._files:
                yield COMMITS

    def blocks(self) -> Iterator[Block]:
        """Give the blocks, whose signatures and order are not checked.

        Raises:
            DamagedRecord: C01, where `blocks` is missing or not in its exact form.
        """
        data, start, line = self._read(BLOCKS), 0, 1
        while start < len(data):
            stop = data.find(b"\n", start)
            if stop < 0:
                raise DamagedRecord("C01", BLOCKS, "the last line is cut off")
            try:
                yield decode_block(data[start:stop])
            except InvalidCheckpoint as error:
                raise DamagedRecord("C01", BLOCKS, f"line {line}: {error}") from error
            start, line = stop + 1, line + 1

    def proofs(self) -> Iterator[BlockProof]:
        """Give the block proofs, which are not checked.

        Raises:
            DamagedRecord: C01, where `commits` is missing or not in its exact form.
        """
        try:
            for number, data in enumerate(split_proofs(self._read(COMMITS)), 1):
                try:
                    yield decode_proof(data)
                except InvalidBlockProof as error:
                    raise DamagedRecord("C01", COMMITS, f"proof {number}: {error}") from error
        except InvalidBlockProof as error:
            raise DamagedRecord("C01", COMMITS, str(error)) from error

    def bundle_count(self) -> int:
        """Tell how many bundles hold the entries."""
        return -(-self.size // TILE_WIDTH)

    def bundle(self, number: int) -> list[bytes]:
        """Give the entries of one bundle: 256, fewer in the last.

        Raises:
            DamagedRecord: C01 the bundle is missing or unreadable, C02 it does not split exactly.
        """
        width = self._width(0, number)
        path = bundle_path(number, width)
        try:
            entries = decode_bundle(self._read(path))
        except InvalidEncoding as error:
            raise DamagedRecord("C02", path, str(error)) from error
        if len(entries) != width:
            raise DamagedRecord("C02", path, f"{len(entries)} entries, must be {width}")
        return entries

    def entry(self, index: int) -> bytes:
        """Give one entry, without a look at the rest of its bundle; raises like `bundle`."""
        number, place = divmod(index, TILE_WIDTH)
        path = bundle_path(number, self._width(0, number))
        try:
            return bundle_entry(self._read(path), place)
        except InvalidEncoding as error:
            raise DamagedRecord("C02", path, str(error)) from error

    def _width(self, level: int, number: int) -> int:
        """Tell how many hashes, or at level 0 also entries, one of our tiles holds."""
        return min(TILE_WIDTH, level_count(self.size, level) - number * TILE_WIDTH)

    def entries(self) -> Iterator[bytes]:
        """Give all entries in order, one bundle in memory at a time; raises like `bundle`."""
        for number in range(self.bundle_count()):
            yield from self.bundle(number)

    def tile(self, level: int, number: int) -> list[bytes]:
        """Give the hashes of one tile.

        Raises:
            DamagedRecord: C01 it is missing, unreadable or of another length.
        """
        width = self._width(level, number)
        path = tile_path(level, number, width)
        try:
            hashes = split_tile(self._read(path))
        except InvalidEncoding as error:
            raise DamagedRecord("C01", path, str(error)) from error
        if len(hashes) != width:
            raise DamagedRecord("C01", path, f"{len(hashes)} hashes, must be {width}")
        return hashes

    def leaf_faults(self, number: int, leaves: Sequence[bytes]) -> Iterator[int]:
        """Compare a bundle's leaf hashes with its level-0 tile (C02).

        Args:
            number: the bundle's.
            leaves: the leaf hashes of its entries.

        Yields:
            The index of each entry whose hash the tile does not hold.
        """
        for place, (leaf, published) in enumerate(zip(leaves, self.tile(0, number), strict=True)):
            if leaf != published:
                yield number * TILE_WIDTH + place

    def level_faults(self) -> Iterator[DamagedRecord]:
        """Compare each hash of the higher levels with the root of the tile below (C02)."""
        level = 1
        while count := level_count(self.size, level):
            for number, _ in tile_spans(count):
                try:
                    yield from self._tile_faults(level, number)
                except DamagedRecord as fault:
                    yield fault
            level += 1

    def _tile_faults(self, level: int, number: int) -> Iterator[DamagedRecord]:
        for place, published in enumerate(self.tile(level, number)):
            below = number * TILE_WIDTH + place
            if tile_root(self.tile(level - 1, below)) != published:
                where = f"tile/{level}/{number}"
                yield DamagedRecord("C02", where, f"hash {place} is not the root of tile {below}")

    def _read(self, path: str) -> bytes:
        if path not in self._files:
            raise DamagedRecord("C01", path, "the file is missing")
        try:
            return self._read_file(path)
        except OSError as error:
            raise DamagedRecord("C01", path, f"the file cannot be read: {error}") from error


def record_files(
    entries: Iterable[bytes],
    blocks: Iterable[Block],
    checkpoint: Checkpoint,
    proofs: Iterable[bytes] = (),
) -> Iterator[tuple[str, bytes]]:
    """Give path and content of every file of a record, `checkpoint` last.

    Args:
        entries: exactly the entries of the checkpoint's size, in order; not kept in memory.
        blocks: all blocks up to this size.
        checkpoint: what those who keep the ledger signed.
        proofs: of all blocks that need one, encoded.
    """
    edge, bundle = TileEdge(), list[bytes]()
    for entry in entries:
        bundle.append(entry)
        if len(bundle) == TILE_WIDTH:
            yield bundle_path(edge.size // TILE_WIDTH), encode_bundle(bundle)
            yield from edge.extend([leaf_hash(each) for each in bundle])
            bundle.clear()
    if bundle:
        yield bundle_path(edge.size // TILE_WIDTH, len(bundle)), encode_bundle(bundle)
        yield from edge.extend([leaf_hash(each) for each in bundle])
    yield from edge.partial()
    assert edge.size == checkpoint.size, "a checkpoint of another size"
    yield BLOCKS, b"".join([encode_block(block) for block in blocks])
    commits = b"".join([frame_proof(proof) for proof in proofs])
    if commits:
        yield COMMITS, commits
    yield CHECKPOINT, encode_checkpoint(checkpoint)
