"""Somebody with access to a node's disk: changing a ballot there, to see who notices."""

import sqlite3
from pathlib import Path

from hanpyo.errors import InvalidQuery
from hanpyo.ledger.entry import Cast, decode_entry
from hanpyo.node.storage.folder import NodeFolder


def flip_ballot(folder: Path) -> int:
    """Change one bit of the newest ballot in a node's database; gives the entry's index.

    Raises:
        InvalidQuery: there is no ledger with a ballot.
    """
    path = NodeFolder(folder).database
    if not path.is_file():
        raise InvalidQuery(f"{folder} holds no ledger")
    database = sqlite3.connect(path, timeout=10)
    try:
        with database:
            found = database.execute("SELECT number, data FROM entries ORDER BY number DESC")
            for number, data in found:
                if isinstance(decode_entry(data), Cast):
                    changed = bytearray(data)
                    changed[len(changed) // 2] ^= 1
                    database.execute(
                        "UPDATE entries SET data = ? WHERE number = ?", (bytes(changed), number)
                    )
                    return int(number)
    finally:
        database.close()
    raise InvalidQuery(f"{folder}: nobody has voted yet")
