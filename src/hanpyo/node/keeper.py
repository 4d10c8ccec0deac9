"""What every node keeps of its log while it goes on: database, state, index and the newest head."""

import threading
import time
from collections.abc import Callable

from hanpyo.ledger.entry_index import EntryIndex
from hanpyo.ledger.state import LedgerState
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.node.storage.reader import Head
from hanpyo.node.storage.store import Store

Clock = Callable[[], int]  # seconds since 1970-01-01 UTC


def system_clock() -> int:
    """Give the time in seconds since 1970-01-01 UTC."""
    return int(time.time())


class LogKeeper:
    """One thread moves state, index and head on; others read the head, a value, at any time.

    Attributes:
        store: what is on disk.
        state: what the entries so far make of the ledger.
        index: where they stand.
        head: the newest published state; replaced, never changed.
        view_lock: held while a block is being decided, and by whoever reads view or index.
    """

    def __init__(self, folder: NodeFolder, clock: Clock, threads: int) -> None:
        """Open the database.

        Raises:
            DamagedLedger: it cannot be read.
        """
        self.clock = clock
        self.threads = threads
        self.store = store = Store(folder.database)
        self.state = LedgerState(store.entry, threads)
        self.index = EntryIndex()
        self.head = Head(0, 0, (), None)
        self.view_lock = threading.Lock()

    def close(self) -> None:
        """Close the database; no thread may be using it."""
        self.store.close()
