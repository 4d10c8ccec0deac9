"""The store: what the millionth entry costs, against the thousandth."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.figures import Figure
from hanpyo.ledger.blocks import Block
from hanpyo.node.storage.store import Store, create_database

BLOCK_ENTRIES, ENTRY_BYTES = 256, 661
BLOCKS_COMPARED = 100


def measure(folder: Path, entries: int) -> list[Figure]:
    """Fill a store with synthetic entries, and compare the first blocks with the last."""
    path = folder / "append.sqlite"
    create_database(path)
    store = Store(path)
    seconds = []
    blocks = entries // BLOCK_ENTRIES
    for height in range(1, blocks + 1):
        block = Block(height, 1_000_000, height * BLOCK_ENTRIES, bytes(32), bytes(64))
        data, rows = list(_entries(height)), list(_rows(height))
        start = time.perf_counter()
        store.append_block(block, data, rows)
        seconds.append(time.perf_counter() - start)
    store.close()
    first = median(seconds[4 : 4 + BLOCKS_COMPARED])  # from about the thousandth entry on
    last = median(seconds[-BLOCKS_COMPARED:])
    return [Figure(f"appending entry {entries:,} against entry 1,000", last / first, 1.2)]


def _entries(height: int) -> Iterator[bytes]:
    for number in range(BLOCK_ENTRIES):
        yield (height * BLOCK_ENTRIES + number).to_bytes(8, "big") * (ENTRY_BYTES // 8)


def _rows(height: int) -> Iterator[tuple[bytes, bytes]]:
    for number in range(BLOCK_ENTRIES):
        yield (height * BLOCK_ENTRIES + number).to_bytes(16, "big"), bytes(80)
