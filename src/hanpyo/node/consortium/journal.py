"""The gateway's journal: what it has acknowledged and the log does not hold yet, on disk.

An entry is in here before its promise leaves the node, and until it is decided; so the death of the
process loses nothing that was acknowledged. Any thread may call.
"""

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from hanpyo.errors import DamagedLedger

Kept = tuple[bytes, bytes]  # an entry's hash and bytes


class Journal:
    """One small database beside the ledger's; `_lock` guards the connection."""

    def __init__(self, path: Path) -> None:
        """Open or make it.

        Raises:
            DamagedLedger: it cannot be read.
        """
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._database.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                " CREATE TABLE IF NOT EXISTS waiting (number INTEGER PRIMARY KEY,"
                " name BLOB NOT NULL UNIQUE, data BLOB NOT NULL) STRICT"
            )
        except sqlite3.DatabaseError as error:
            raise DamagedLedger(f"{path.name} cannot be read: {error}") from error

    def keep(self, entries: Sequence[Kept]) -> None:
        """Keep entries; on disk at return.

        Raises:
            sqlite3.Error: none of them was kept.
        """
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.executemany(
                    "INSERT OR IGNORE INTO waiting (name, data) VALUES (?, ?)", entries
                )
                self._database.execute("COMMIT")
            except sqlite3.Error:
                self._database.execute("ROLLBACK")
                raise

    def drop(self, names: Iterable[bytes]) -> None:
        """Let go of entries that are decided; that a crash brings some back does no harm."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(
                "DELETE FROM waiting WHERE name = ?", ((name,) for name in names)
            )
            self._database.execute("COMMIT")

    def waiting(self) -> list[Kept]:
        """Give what is kept, in the order of its arrival."""
        with self._lock:
            return self._database.execute(
                "SELECT name, data FROM waiting ORDER BY number"
            ).fetchall()

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()
