"""Reading the log for others: nothing is handed out that does not lead to the newest root.

A tile from disk is checked against its place in the tile above, and so on up to the hashes that the
writer keeps in memory; an entry is checked against its leaf hash. So an edited entry or tree node
is named when it is first read, and never served. Any thread may read: a `Head` is a value.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hanpyo.errors import DamagedLedger, InvalidQuery
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.merkle import NodeReader, leaf_hash, prove_consistency, prove_inclusion
from hanpyo.ledger.tiles import (
    HASH_BYTES,
    TILE_WIDTH,
    TileEdge,
    encode_bundle,
    level_count,
    node_reader,
    split_tile,
    tile_path,
    tile_root,
)
from hanpyo.node.storage.disk import read_if_there
from hanpyo.node.storage.store import Store

TILES_MAX = 1_024  # kept in memory, 8 kB each


@dataclass(frozen=True, slots=True)
class Head:
    """The newest published state.

    Attributes:
        size: how many entries it covers.
        height: the block at whose end it stands.
        edge: of each tile level, the hashes that no full tile holds.
        checkpoint: its checkpoint; `None` where the node may not sign.
    """

    size: int
    height: int
    edge: tuple[bytes, ...]
    checkpoint: Checkpoint | None


def edge_of(growth: TileEdge) -> tuple[bytes, ...]:
    """Copy the hashes that no full tile holds."""
    return tuple(b"".join(hashes) for hashes in growth.levels)


class LogReader:
    """Reads entries and tree of a node's own log."""

    def __init__(self, public: Path, store: Store) -> None:
        self._public = public
        self._store = store
        self._tiles: OrderedDict[tuple[int, int], bytes] = OrderedDict()  # checked, full ones
        self._lock = threading.Lock()  # of `_tiles`

    def tile(self, head: Head, level: int, number: int) -> bytes:
        """Give a hash tile as of `head`, full or at the edge.

        Raises:
            InvalidQuery: there is no such tile.
            DamagedLedger: its file is missing, or does not lead to the root.
        """
        count = level_count(head.size, level) - number * TILE_WIDTH
        if number < 0 or count <= 0:
            raise InvalidQuery(
                f"a log of {head.size} entries has no tile {number} of level {level}"
            )
        if count < TILE_WIDTH:
            return head.edge[level]
        with self._lock:
            tile = self._tiles.get((level, number))
        if tile is None:
            tile = self._read_tile(head, level, number)
            with self._lock:
                self._tiles[level, number] = tile
                if len(self._tiles) > TILES_MAX:
                    self._tiles.popitem(last=False)
        return tile

    def _read_tile(self, head: Head, level: int, number: int) -> bytes:
        path = tile_path(level, number)
        data = read_if_there(self._public / path)
        if data is None:
            raise DamagedLedger(f"public/{path} is missing")
        above, place = divmod(number, TILE_WIDTH)
        due = self.tile(head, level + 1, above)[HASH_BYTES * place : HASH_BYTES * (place + 1)]
        if len(data) != TILE_WIDTH * HASH_BYTES or tile_root(split_tile(data)) != due:
            raise DamagedLedger(f"public/{path} was changed: it does not lead to the log's root")
        return data

    def entries(self, head: Head, start: int, stop: int) -> Iterator[bytes]:
        """Give the entries from `start` to below `stop`.

        Raises:
            InvalidQuery: not 0 <= start <= stop <= size.
            DamagedLedger: an entry is missing, or is not the one in the tree.
        """
        if not 0 <= start <= stop <= head.size:
            raise InvalidQuery(f"a log of {head.size} entries has none from {start} to {stop}")
        return self._checked_entries(head, start, stop)

    def _checked_entries(self, head: Head, start: int, stop: int) -> Iterator[bytes]:
        hashes = b""
        for index, data in enumerate(self._store.entries(start, stop), start):
            number, place = divmod(index, TILE_WIDTH)
            if place == 0 or index == start:
                hashes = self.tile(head, 0, number)
            if leaf_hash(data) != hashes[HASH_BYTES * place : HASH_BYTES * (place + 1)]:
                raise DamagedLedger(f"entry {index} was changed: it is not the one in the tree")
            yield data

    def bundle(self, head: Head, number: int) -> bytes:
        """Give a bundle of entries as of `head`, full or at the edge."""
        start = number * TILE_WIDTH
        if not 0 <= start < head.size:
            raise InvalidQuery(f"a log of {head.size} entries has no bundle {number}")
        return encode_bundle(list(self.entries(head, start, min(start + TILE_WIDTH, head.size))))

    def inclusion(self, head: Head, index: int, size: int) -> tuple[bytes, ...]:
        """Prove that an entry is in the tree of `size`, at most the head's."""
        if not 0 <= index < size <= head.size:
            raise InvalidQuery(f"no entry {index} in a tree of {size}: the log has {head.size}")
        return prove_inclusion(index, size, self._nodes(head))

    def consistency(self, head: Head, old: int, new: int) -> tuple[bytes, ...]:
        """Prove that the tree of `new` entries, at most the head's, continues that of `old`."""
        if not 1 <= old <= new <= head.size:
            raise InvalidQuery(f"no proof from size {old} to {new}: the log has {head.size}")
        return prove_consistency(old, new, self._nodes(head))

    def _nodes(self, head: Head) -> NodeReader:
        return node_reader(head.size, lambda level, number, _width: self.tile(head, level, number))
