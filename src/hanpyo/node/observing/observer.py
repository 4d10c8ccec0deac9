"""An observer: a full copy of somebody's ledger, every check made, an alarm when one fails.

It runs no engine and holds no key of the ledger. Its copy can be read, exported and verified like
any node's, also when all nodes are gone.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from hanpyo.errors import DamagedLedger, ElectionError, InvalidQuery, NotYet, Unreachable
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.conflict import contradiction
from hanpyo.ledger.entry import NO_SCOPE
from hanpyo.ledger.entry_index import EntryIndex
from hanpyo.ledger.interface import Admission, Inclusion, Ledger
from hanpyo.ledger.reader import CHANGE_KINDS
from hanpyo.node.keeper import Clock
from hanpyo.node.observing.follow import Follower
from hanpyo.node.storage.disk import PUBLIC, write_durably
from hanpyo.node.storage.files import COMMITS, TreeComparison, complete_commits
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.node.storage.replay import Replay
from hanpyo.node.storage.store import create_database
from hanpyo.node.storage.stored import StoredLedger

LOOK_SECONDS = 0.5
STALE_SECONDS = 120  # a ledger whose newest signature is older has stopped
FETCH_ENTRIES = 4_096  # of blocks that are taken in one go
READ_AHEAD = 2
PATROL_ENTRIES = 2_000  # of the own copy, read again at each look
PROOF_TRIES = 40  # looks at a block whose proof is not there yet


class ObservedLedger(StoredLedger):
    """Implements the reading of `Ledger` on an observer's own copy."""

    def __init__(self, folder: NodeFolder, follower: Follower) -> None:
        super().__init__(folder, follower)
        self.follower = follower

    @classmethod
    def open(cls, path: Path, clock: Clock, threads: int) -> Self:
        """Open a copy, or begin one in a folder that is empty or does not exist.

        Raises:
            InvalidQuery: another process holds it, or the folder holds something else.
            DamagedLedger: the copy contradicts itself.
        """
        folder = NodeFolder(path)
        if not folder.database.exists():
            if path.exists() and any(path.iterdir()):
                raise InvalidQuery(f"{path} holds something else: choose a new folder")
            folder.public.mkdir(parents=True, exist_ok=True)
            create_database(folder.database)
        folder.hold()
        try:
            follower = Follower(folder, clock, threads)
            try:
                _take_up(folder, follower, threads)
                return cls(folder, follower)
            except BaseException:
                follower.close()
                raise
        except BaseException:
            folder.release()
            raise

    def checkpoint(self) -> Checkpoint:
        """Give the newest checkpoint of the copy."""
        if self.alarm is not None:
            raise self.alarm
        if self.head.checkpoint is None:
            raise NotYet("nothing has been copied yet")
        return self.head.checkpoint

    def submit(self, entries: Sequence[bytes]) -> Admission:  # noqa: ARG002
        """Take nothing: an observer only copies.

        Raises:
            InvalidQuery: always.
        """
        raise InvalidQuery("an observer takes no entries: hand them to a node")

    def wait(self, entry_hash: bytes, timeout_s: float) -> Inclusion:
        """Wait until the copy holds an entry; see `Ledger.wait`."""
        until = time.monotonic() + timeout_s
        while (index := self.find_hash(entry_hash)) is None:
            if time.monotonic() > until:
                raise NotYet(f"not copied within {timeout_s:g} s")
            time.sleep(LOOK_SECONDS)
        return self.recorded(index)

    def close(self) -> None:
        """Let the folder go."""
        self._closing.set()
        self.follower.close()
        self.folder.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _take_up(folder: NodeFolder, follower: Follower, threads: int) -> None:
    """Rebuild the view of a copy from its entries, and compare all that is stored."""
    index, store = EntryIndex(), follower.store
    with closing(TreeComparison(folder.public, repair=True)) as files:
        files.besides.add(COMMITS)
        replay = Replay(store, folder.public, files, index, threads=threads)
        replay.run()
        complete_commits(folder.public, store.proofs(1))
        follower.take_up(replay.state, index, files.finish())


class Observer(threading.Thread):
    """Follows one of several sources; raises the ledger's alarm, once, and stops following then.

    Attributes:
        looked_at: the time of the last look that found everything well, seconds since 1970.
        is_up_to_date: whether the last look found nothing that is still to come.
    """

    def __init__(
        self,
        ledger: ObservedLedger,
        sources: Sequence[Ledger],
        clock: Clock,
        on_alarm: Callable[[ElectionError], None],
    ) -> None:
        super().__init__(name="observer", daemon=True)
        self._ledger = ledger
        self._follower = ledger.follower
        self._sources = list(sources)
        self._clock = clock
        self._on_alarm = on_alarm
        self._stopped = threading.Event()
        self._patrolled = 0
        self._waited = 0
        self._reached_at = time.monotonic()
        self.looked_at = 0
        self.is_up_to_date = False

    def run(self) -> None:
        """Look again and again."""
        while not self._stopped.wait(LOOK_SECONDS):
            if not self.look():
                return

    def stop(self) -> None:
        """Stop, and return when the thread has ended."""
        self._stopped.set()
        if self.is_alive():
            self.join()

    def look(self) -> bool:
        """Take what is new, and look over what is here; tell whether all is well.

        A source that does not answer is no alarm by itself: the next one is asked.
        """
        try:
            self._follow()
            self._patrol()
        except Unreachable as error:
            self._sources.append(self._sources.pop(0))
            if time.monotonic() - self._reached_at > STALE_SECONDS:
                return self._alarm(error)
            return True
        except ElectionError as error:
            return self._alarm(error)
        except (OSError, sqlite3.Error) as error:
            return self._alarm(DamagedLedger(f"the copy cannot be written: {error}"))
        self._reached_at = time.monotonic()
        self.looked_at = self._clock()
        return True

    def _alarm(self, error: ElectionError) -> bool:
        self._ledger.raise_alarm(error)
        self._on_alarm(error)
        return False

    def _follow(self) -> None:
        """Bring the copy up to a source's newest checkpoint."""
        source, follower = self._sources[0], self._follower
        self.is_up_to_date = False
        checkpoint = source.checkpoint()
        self._check_age(checkpoint)
        if checkpoint.size < follower.store.size:
            self._check_same(checkpoint)
            self.is_up_to_date = True
            return  # this source is behind
        if checkpoint.size > follower.store.size and not self._take_blocks(source, checkpoint):
            return
        self._check_same(checkpoint)
        if checkpoint != follower.head.checkpoint:
            follower.publish(checkpoint)
        self.is_up_to_date = True

    def _check_age(self, checkpoint: Checkpoint) -> None:
        age_s = self._clock() - checkpoint.timestamp_unix_s
        if age_s > STALE_SECONDS:
            raise NotYet(f"the ledger has stopped: its newest signature is {age_s} s old")

    def _check_same(self, checkpoint: Checkpoint) -> None:
        """Hold a signed state against the copy; where they differ, keep the proof."""
        root = self._follower.store.root_at(checkpoint.size)
        if root is None or root == checkpoint.root:
            return
        ours = self._follower.head.checkpoint
        where = ""
        if ours is not None and ours.size == checkpoint.size:
            find = self._follower.index.find
            acts = [
                self._follower.store.entry(index)
                for index in sorted({0, *find(NO_SCOPE, CHANGE_KINDS)})
            ]
            path = self._ledger.folder.root / f"size-{checkpoint.size}.conflict"
            write_durably(path, contradiction(acts, ours, checkpoint), PUBLIC)
            where = f"; the proof is in {path.name}"
        why = f"two logs: another root is signed for size {checkpoint.size} than this copy has"
        raise DamagedLedger(why + where)

    def _take_blocks(self, source: Ledger, checkpoint: Checkpoint) -> bool:
        """Take all blocks up to a checkpoint; false where a proof is not there yet."""
        follower = self._follower
        blocks = [
            block
            for block in source.blocks(follower.store.height + 1)
            if block.size <= checkpoint.size
        ]
        if not blocks or blocks[-1].size != checkpoint.size:
            raise DamagedLedger(f"no block ends at the signed size {checkpoint.size}")
        proofs = list(source.proofs(blocks[0].height))
        due = sum(block.engine_height is not None for block in blocks)
        if len(proofs) < due:
            self._waited += 1
            if self._waited > PROOF_TRIES:
                raise DamagedLedger(f"the proof of block {blocks[len(proofs)].height} is withheld")
            return False
        self._waited = 0
        entries = _ahead(source, follower.store.size, checkpoint.size)
        follower.take(blocks, entries, iter(proofs))
        return True

    def _patrol(self) -> None:
        """Read a part of the copy again: what was edited in it is found and named."""
        head = self._follower.head
        if not head.size:
            return
        start = self._patrolled if self._patrolled < head.size else 0
        stop = min(start + PATROL_ENTRIES, head.size)
        for _ in self._ledger.reader.entries(head, start, stop):
            pass
        self._patrolled = stop


def _ahead(source: Ledger, start: int, stop: int) -> Iterator[bytes]:
    """Give entries in order while the next ones are being fetched."""

    def fetch(at: int) -> list[bytes]:
        return list(source.entries(at, min(at + FETCH_ENTRIES, stop)))

    with ThreadPoolExecutor(1, "fetcher") as pool:
        waiting: list[Future[list[bytes]]] = []
        for at in range(start, stop, FETCH_ENTRIES):
            waiting.append(pool.submit(fetch, at))
            if len(waiting) > READ_AHEAD:
                yield from waiting.pop(0).result()
        for each in waiting:
            yield from each.result()
