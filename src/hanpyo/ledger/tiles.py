"""Hash tiles and entry bundles, the files in which a log is published (docs/protocol.md 9.4).

Source: C2SP tlog-tiles, with the checkpoint at `checkpoint` and tiles under `tile/`.
"""

from collections.abc import Callable, Iterator, Sequence

from hanpyo.errors import InvalidEncoding
from hanpyo.ledger.merkle import NodeReader, node_hash

TILE_LEVELS = 8  # levels of the tree in one tile
TILE_WIDTH = 1 << TILE_LEVELS
HASH_BYTES = 32


def tile_path(level: int, number: int, width: int = TILE_WIDTH) -> str:
    """Name the file of a hash tile; `width` below 256 names a partial one."""
    return f"tile/{level}/{_numbered(number, width)}"


def bundle_path(number: int, width: int = TILE_WIDTH) -> str:
    """Name the file of an entry bundle."""
    return f"tile/entries/{_numbered(number, width)}"


def _numbered(number: int, width: int) -> str:
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    suffix = "" if width == TILE_WIDTH else f".p/{width}"
    return "/".join(reversed(groups)) + suffix


def level_count(size: int, level: int) -> int:
    """Count the hashes of a tile level in a log of `size` entries."""
    return size >> (TILE_LEVELS * level)


def tile_spans(count: int) -> Iterator[tuple[int, int]]:
    """Give number and width of each tile that holds the first `count` hashes of a level."""
    for number in range(count // TILE_WIDTH):
        yield number, TILE_WIDTH
    if count % TILE_WIDTH:
        yield count // TILE_WIDTH, count % TILE_WIDTH


def record_paths(size: int) -> Iterator[str]:
    """Name every tile and bundle that a record of `size` entries has, and no other."""
    level = 0
    while count := level_count(size, level):
        yield from (tile_path(level, *span) for span in tile_spans(count))
        level += 1
    yield from (bundle_path(*span) for span in tile_spans(size))


def split_tile(data: bytes) -> list[bytes]:
    """Take a hash tile apart.

    Raises:
        InvalidEncoding: not 1 to 256 whole hashes.
    """
    if not data or len(data) % HASH_BYTES or len(data) > TILE_WIDTH * HASH_BYTES:
        raise InvalidEncoding(f"{len(data)} bytes are no tile of 1 to {TILE_WIDTH} hashes")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Write entries, each after its length as 2 bytes."""
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def decode_bundle(data: bytes) -> list[bytes]:
    """Take an entry bundle apart.

    Raises:
        InvalidEncoding: it does not split exactly, or an entry is empty.
    """
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if at == start or at > end:
            raise InvalidEncoding(f"entry {len(entries)} of the bundle is cut off or empty")
        entries.append(data[start:at])
    return entries


def bundle_entry(data: bytes, place: int) -> bytes:
    """Take one entry out of a bundle, without a look at those after it.

    Raises:
        InvalidEncoding: the bundle ends before.
    """
    at = 0
    for _ in range(place):
        at += 2 + int.from_bytes(data[at : at + 2], "big")
    start = at + 2
    stop = start + int.from_bytes(data[at:start], "big")
    if not start < stop <= len(data):
        raise InvalidEncoding(f"the bundle has no entry {place}")
    return data[start:stop]


def tile_root(hashes: Sequence[bytes]) -> bytes:
    """Give the hash of the tree over a full tile's hashes: its place in the next level."""
    assert hashes, "an empty tile has no root"
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]


class TileEdge:
    """The partial tile of each level at the right edge of a growing log.

    Attributes:
        levels: per tile level, the hashes that do not fill a tile yet (at most 255).
        size: how many leaves there are.
    """

    __slots__ = ("levels", "size")

    def __init__(self, size: int = 0, levels: Sequence[Sequence[bytes]] = ()) -> None:
        self.size = size
        self.levels = [list(hashes) for hashes in levels]

    def extend(self, leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        """Add leaf hashes and give path and content of each tile that they fill."""
        for leaf in leaves:
            yield from self._add(0, leaf)
            self.size += 1

    def partial(self) -> Iterator[tuple[str, bytes]]:
        """Give path and content of the partial tiles as of now."""
        for level, hashes in enumerate(self.levels):
            if hashes:
                number = level_count(self.size, level) // TILE_WIDTH
                yield tile_path(level, number, len(hashes)), b"".join(hashes)

    def _add(self, level: int, new: bytes) -> Iterator[tuple[str, bytes]]:
        if level == len(self.levels):
            self.levels.append([])
        hashes = self.levels[level]
        hashes.append(new)
        if len(hashes) == TILE_WIDTH:
            number = ((self.size + 1) >> (TILE_LEVELS * (level + 1))) - 1
            yield tile_path(level, number), b"".join(hashes)
            root = tile_root(hashes)
            hashes.clear()
            yield from self._add(level + 1, root)


TileFetcher = Callable[[int, int, int], bytes]  # (level, number, width) -> the tile's bytes


def node_reader(size: int, fetch: TileFetcher) -> NodeReader:
    """Read the full nodes of a tree of `size` leaves out of its published tiles.

    Args:
        size: the log's size for which `fetch` has all tiles, partial ones included.
        fetch: gives the bytes of a tile (level, number, width); may raise its own errors.
    """

    def read(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_LEVELS)
        start = index << height
        number, first = divmod(start, TILE_WIDTH)
        width = min(TILE_WIDTH, level_count(size, tile_level) - number * TILE_WIDTH)
        hashes = split_tile(fetch(tile_level, number, width))
        return tile_root(hashes[first : first + (1 << height)])

    return read
