"""The database: entries, blocks and view rows, appended a block at a time, never changed.

All tables grow at their end, so a block costs the same however long the log is: nothing is sorted
by a hash here. Who needs to find an entry by its hash or row asks `EntryIndex`, rebuilt at start.

`append_block` belongs to the writer's thread; when it returns, the block is on disk (WAL,
synchronous FULL). Every other method may be called from any thread: each has its own read
connection and sees whole blocks only.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hanpyo.errors import DamagedLedger, InvalidQuery
from hanpyo.ledger.blocks import Block
from hanpyo.node.storage.disk import sync_folder

APPLICATION_ID = 0x48_4E_50_31  # "HNP1": tells our files from others'
PAGE_BYTES = 16_384  # some twenty ballots of five options
READ_ENTRIES = 256  # fetched at once by a reader
HEIGHT_MAX = 2**63 - 1

_PRAGMAS = f"""
PRAGMA page_size = {PAGE_BYTES};
PRAGMA journal_mode = WAL;
PRAGMA application_id = {APPLICATION_ID};
"""
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE entries (number INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE blocks (
    height INTEGER PRIMARY KEY,
    time_unix_s INTEGER NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    cosignature BLOB,
    engine_height INTEGER
) STRICT;
CREATE TABLE proofs (height INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE engine (height INTEGER NOT NULL) STRICT;
INSERT INTO engine VALUES (0);
CREATE TABLE view_rows (
    number INTEGER PRIMARY KEY,
    height INTEGER NOT NULL,
    name BLOB NOT NULL,
    value BLOB
) STRICT;
COMMIT;
"""

ViewRow = tuple[bytes, bytes | None]  # canonical key and value; `None`: the row is gone


class Store:
    """A node's database.

    Attributes:
        size, height: entries and blocks on disk; the writer's thread moves them.
    """

    def __init__(self, path: Path) -> None:
        """Open the database of an existing ledger.

        Raises:
            DamagedLedger: it is none of ours, or cannot be read.
        """
        self._path = path
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._readers_lock = threading.Lock()
        if not path.is_file():
            raise DamagedLedger(f"{path.name} is missing")
        with _named_damage(path):
            self._writer = self._connect()
            try:
                self._begin()
            except BaseException:
                self._writer.close()
                raise

    def _begin(self) -> None:
        if self._one("PRAGMA application_id") != (APPLICATION_ID,):
            raise DamagedLedger(f"{self._path.name} is no ledger's database")
        self._writer.execute("PRAGMA synchronous = FULL")
        self._writer.execute("PRAGMA busy_timeout = 10000")  # proofs are written beside
        self.height, self.size = self._end()
        (self._view_rows,) = self._one("SELECT coalesce(max(number) + 1, 0) FROM view_rows")

    def _connect(self) -> sqlite3.Connection:
        # One thread uses a connection, or holds the lock that `close` takes.
        return sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)

    def _one(self, query: str, *values: object) -> tuple[int, ...]:
        row: tuple[int, ...] = self._writer.execute(query, values).fetchone()
        return row

    def _end(self) -> tuple[int, int]:
        height, size = self._one(
            "SELECT coalesce(max(height), 0), coalesce(max(size), 0) FROM blocks"
        )
        (entries,) = self._one("SELECT coalesce(max(number) + 1, 0) FROM entries")
        if entries != size:
            raise DamagedLedger(f"there are {entries} entries, the blocks end at {size}")
        return height, size

    def append_block(self, block: Block, entries: Iterable[bytes], rows: Iterable[ViewRow]) -> None:
        """Append a block with its entries and the view rows it changed; on disk at return.

        Raises:
            sqlite3.Error: nothing of the block was kept; the process has to stop.
        """
        connection = self._writer
        view_rows = [(block.height, *row) for row in rows]
        first = self._view_rows
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO entries VALUES (?, ?)", enumerate(entries, self.size))
        connection.executemany(
            "INSERT INTO view_rows VALUES (?, ?, ?, ?)",
            [(number, *row) for number, row in enumerate(view_rows, first)],
        )
        connection.execute(
            "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(block.height, block.time_unix_s, block.size, block.root),
                *(block.cosignature, block.engine_height),
            ),
        )
        if block.engine_height is not None:
            connection.execute("UPDATE engine SET height = ?", (block.engine_height,))
        connection.execute("COMMIT")
        self.height, self.size = block.height, block.size
        self._view_rows = first + len(view_rows)

    def note_engine_height(self, height: int) -> None:
        """Note an engine block that added nothing; on disk at return."""
        self._writer.execute("UPDATE engine SET height = ?", (height,))

    def engine_height(self) -> int:
        """Give the height of the engine block that was written or noted last."""
        ((height,),) = self._read("SELECT height FROM engine")
        return int(height)

    def append_proof(self, height: int, data: bytes) -> None:
        """Keep the proof of a block, in its order; the caller's is the only thread that does."""
        with _named_damage(self._path):
            self._prover().execute("INSERT INTO proofs VALUES (?, ?)", (height, data))

    def proof_height(self) -> int:
        """Give the last block whose proof is here, or that needs none."""
        query = (
            "SELECT max(coalesce((SELECT max(height) FROM proofs), 0),"
            " coalesce((SELECT max(height) FROM blocks WHERE engine_height IS NULL), 0))"
        )
        ((height,),) = self._read(query)
        return int(height)

    def proofs(self, start_height: int) -> Iterator[bytes]:
        """Give the encoded proofs of blocks from a height on."""
        return self.proofs_until(HEIGHT_MAX, start_height)

    def proofs_until(self, last_height: int, start_height: int = 1) -> Iterator[bytes]:
        """Give the encoded proofs of blocks from a height to another, both included."""
        query = (
            "SELECT height, data FROM proofs WHERE height BETWEEN ? AND ? ORDER BY height LIMIT ?"
        )
        while rows := self._read(query, start_height, last_height, READ_ENTRIES):
            for height, data in rows:
                start_height = height + 1
                yield data

    def entry(self, index: int) -> bytes:
        """Give one entry's bytes."""
        for data in self.entries(index, index + 1):
            return data
        raise InvalidQuery(f"there is no entry {index}")

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Give the entries from `start` to below `stop`, all of which are there.

        Raises:
            DamagedLedger: one is missing, or the database cannot be read.
        """
        query = "SELECT number, data FROM entries WHERE number >= ? AND number < ? ORDER BY number"
        for at in range(start, stop, READ_ENTRIES):
            end = min(at + READ_ENTRIES, stop)
            rows = self._read(query, at, end)
            if [number for number, _ in rows] != list(range(at, end)):
                raise DamagedLedger(f"an entry from {at} to {end - 1} is missing in the database")
            for _, data in rows:
                yield data

    def blocks(self, start_height: int) -> Iterator[Block]:
        """Give the blocks from a height on."""
        query = (
            "SELECT height, time_unix_s, size, root, cosignature, engine_height FROM blocks"
            " WHERE height >= ? ORDER BY height LIMIT ?"
        )
        while rows := self._read(query, start_height, READ_ENTRIES):
            for row in rows:
                block = Block(*row)
                if block.height != start_height:
                    raise DamagedLedger(f"block {start_height} is missing in the database")
                start_height += 1
                yield block

    def root_at(self, size: int) -> bytes | None:
        """Give the root of the block that ended at this size, `None` where none did."""
        rows = self._read("SELECT root FROM blocks WHERE size = ?", size)
        return rows[0][0] if rows else None

    def view_rows(self) -> Iterator[tuple[int, ViewRow]]:
        """Give the height of a block and a view row it changed, in the order of writing."""
        query = (
            "SELECT number, height, name, value FROM view_rows"
            " WHERE number >= ? ORDER BY number LIMIT ?"
        )
        start = 0
        while rows := self._read(query, start, READ_ENTRIES):
            for number, height, name, value in rows:
                if number != start:
                    raise DamagedLedger(f"view row {start} is missing in the database")
                start += 1
                yield height, (name, value)

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with _named_damage(self._path):
            return self._reader().execute(query, values).fetchall()

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            with self._readers_lock:
                self._readers.append(connection)
        return connection

    def _prover(self) -> sqlite3.Connection:
        """Give the connection that writes proofs; their loss costs nothing: the engine has them."""
        connection: sqlite3.Connection | None = getattr(self._local, "prover", None)
        if connection is None:
            connection = self._local.prover = self._connect()
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA busy_timeout = 10000")
            with self._readers_lock:
                self._readers.append(connection)
        return connection

    def close(self) -> None:
        """Close the database; no other thread may be reading."""
        with self._readers_lock:
            for connection in self._readers:
                connection.close()
        self._writer.close()


def create_database(path: Path) -> None:
    """Make an empty database, on disk when this returns."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(_PRAGMAS)
    connection.executescript(_SCHEMA)
    connection.close()
    sync_folder(path.parent)


@contextmanager
def _named_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise DamagedLedger(f"{path.name} cannot be read: {error}") from error
