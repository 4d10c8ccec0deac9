"""The embedded ledger: one operator, one process, SQLite, one signing key.

It is shown as a single operator, never as consensus. Threads: callers' own (submit, wait, read),
the writer's (see `writer.py`), and for a while after an election closes one that replays the log.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from hanpyo.errors import ElectionError
from hanpyo.node.embedded.start import begin, found
from hanpyo.node.embedded.writer import LogWriter, WriterThread
from hanpyo.node.keeper import Clock, system_clock
from hanpyo.node.ledger import NodeLedger
from hanpyo.node.storage.folder import NodeFolder, Operator


class EmbeddedLedger(NodeLedger):
    """Implements `Ledger` on a node's folder, which it holds alone until it is closed."""

    def __init__(self, folder: NodeFolder, writer: LogWriter, alarm: ElectionError | None) -> None:
        """Begin to write; `open` and `create` prepare for it."""
        super().__init__(folder, writer, writer.operator)
        self._writer = writer
        self._thread = WriterThread(writer, self.gateway, self._replay_beside)
        if alarm is not None:
            self.raise_alarm(alarm)
        self._thread.start()

    @classmethod
    def create(
        cls, path: Path, operator: Operator, clock: Clock = system_clock, threads: int = 1
    ) -> Self:
        """Found a ledger in a new folder: genesis is block 1, its gateway stands in block 2.

        Args:
            path: a folder that is empty or does not exist.
            operator: who runs it, from `new_operator`; its secrets are kept in the folder.
            clock: the time.
            threads: how many threads Rust may use.

        Raises:
            InvalidQuery: the folder is in use.
        """
        found(NodeFolder(path), operator, clock)
        return cls.open(path, clock, threads)

    @classmethod
    def open(cls, path: Path, clock: Clock = system_clock, threads: int = 1) -> Self:
        """Open a ledger: rebuild everything from its entries, compare, and begin to sign.

        A ledger whose log lacks its last signed state opens for reading only: it neither signs nor
        takes entries, and `alarm` says so.

        Raises:
            InvalidQuery: there is no ledger, or another process holds it.
            InvalidFile: the operator's keys cannot be read.
            DamagedLedger: what is stored contradicts itself; the message names what and where.
        """
        folder = NodeFolder(path)
        folder.hold()
        try:
            writer = LogWriter(folder, folder.load_operator(), clock, threads)
            try:
                return cls(folder, writer, begin(writer, folder, threads))
            except BaseException:
                writer.close()
                raise
        except BaseException:
            folder.release()
            raise

    def close(self) -> None:
        """Write what is queued, and let the folder go."""
        if self._closing.is_set():
            return
        self._closing.set()
        self.gateway.close()
        for thread in (self._thread, *self._replays):
            thread.join()
        self._writer.close()
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

    @property
    def has_crashed(self) -> bool:
        """Whether writing failed: what is on disk, only a new start can tell."""
        return self._thread.has_crashed
