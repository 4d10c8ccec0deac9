"""C03, C06 to C24: every entry in order, judged by the ledger's own state machine (10)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from hanpyo.ledger.admission import Admitted, CheckedEntry, NotAdmitted, admit
from hanpyo.ledger.entry import Act, Announce, Cast, decode_entry, entry_hash
from hanpyo.ledger.record import RecordReader
from hanpyo.ledger.state import LedgerState, Verdict
from hanpyo.verify.counts import BALLOT_CHECKS, checks_of
from hanpyo.verify.log import Log
from hanpyo.verify.promises import PromiseJudge
from hanpyo.verify.report import Report

ADMIT_ENTRIES = 1_024  # entries whose proofs are checked together,
ADMIT_BYTES = 1 << 24  # or fewer, where they are long

Progress = Callable[[int, int], None]  # entries done, and all


class EntryJudge:
    """Judges the entries of a record that was read once already.

    Attributes:
        state: the ledger's state so far.
    """

    def __init__(
        self,
        reader: RecordReader,
        log: Log,
        report: Report,
        threads: int,
        only: bytes | None,
        promises: PromiseJudge,
    ) -> None:
        self.state = LedgerState(reader.entry, threads, only)
        self._reader = reader
        self._log = log
        self._report = report
        self._threads = threads
        self._promises = promises
        self._accepted: set[bytes] = set()  # hashes of entries that must not stand again
        self._announced: set[bytes] = set()  # other elections, whose entries are passed over
        self._block_stop = 0
        self._waiting: list[Admitted] = []  # to be judged together: all of one block
        self._waiting_names: set[bytes] = set()

    def run(self, progress: Progress | None) -> bool:
        """Judge all entries.

        Returns:
            Whether it came to the end: not where entry 0 is no genesis or files are missing.

        Raises:
            DamagedRecord: a bundle cannot be read any more.
        """
        for entries in self._batches():
            self._judge_batch(entries)
            self.state.end_block()  # what has been counted is added up, and its points are let go
            if self.state.view.membership is None:
                return False
            if progress is not None:
                progress(self.state.log.size, self._reader.size)
        if self.state.log.size < self._reader.size:
            return False
        self._ask_promises(self.state.log.size)
        return True

    def _batches(self) -> Iterator[list[bytes]]:
        """Gather entries; the first batches are small, as early entries bring facts for others."""
        batch, size, limit = list[bytes](), 0, 1
        for number in range(self._reader.bundle_count()):
            if self.state.log.size + len(batch) >= self._log.readable:
                break
            for data in self._reader.bundle(number):
                batch.append(data)
                size += len(data)
                if len(batch) >= limit or size >= ADMIT_BYTES:
                    yield batch
                    batch, size, limit = [], 0, min(2 * limit, ADMIT_ENTRIES)
        if batch:
            yield batch

    def _judge_batch(self, entries: Sequence[bytes]) -> None:
        start = self.state.log.size
        items = admit(self.state.view.facts, entries, self._threads)
        self._report.count("C06", len(items))
        for index, item in enumerate(items, start):
            if index >= self._block_stop:
                self._judge_waiting()
                self._begin_block(index)
            if self._promises.asks_at(index):
                self._judge_waiting()
                self._ask_promises(index)
            self._take(index, item)
        self._judge_waiting()

    def _begin_block(self, index: int) -> None:
        self._block_stop, time_unix_s = self._log.times.holding(index)
        # A falling time is C05's matter; entries are judged by what their block says.
        self.state.time_unix_s = min(self.state.time_unix_s, time_unix_s)
        self.state.begin_block(time_unix_s)

    def _take(self, index: int, item: Admitted) -> None:
        """Let an entry wait for judgment, or find what is known of it before the rules."""
        name = item.entry_hash if isinstance(item, CheckedEntry) else entry_hash(item.data)
        self._promises.meet(index, name)
        if name in self._waiting_names:
            self._judge_waiting()
        if name in self._accepted:
            item = _duplicate(item)
        elif isinstance(item, CheckedEntry) and item.is_foreign:
            item = self._passed_over(item)
        if index in self._log.published:
            self._judge_waiting()
            self._judge_altered(index, item)
            return
        self._waiting.append(item)
        self._waiting_names.add(name)

    def _passed_over(self, item: CheckedEntry) -> Admitted:
        """Hold an entry of another election to having one."""
        entry = item.entry
        if isinstance(entry, Act) and isinstance(entry.body, Announce):
            self._announced.add(entry.scope)
            return item
        scope = entry.election if isinstance(entry, Cast) else entry.scope
        if scope in self._announced:
            return item
        return NotAdmitted("C06", "no election with this id is announced", item.data)

    def _judge_waiting(self) -> None:
        if self._waiting:
            start = self.state.log.size
            self._report_all(start, self.state.judge(self._waiting, keep_refused=True))
            self._waiting = []
            self._waiting_names = set()

    def _judge_altered(self, index: int, item: Admitted) -> None:
        """Judge an entry as it stands, while the tree grows by the hash that was published."""
        published, tree = self._log.published[index], self.state.log.copy()
        if isinstance(item, NotAdmitted) and item.early_for is not None:
            (item,) = admit(self.state.view.facts, [item.data], self._threads)
        if isinstance(item, CheckedEntry):
            item = replace(item, leaf_hash=published)
        self._report_all(index, self.state.judge([item], keep_refused=True))
        tree.append(published)
        self.state.log = tree

    def _report_all(self, start: int, verdicts: Sequence[Verdict]) -> None:
        report = self._report
        ballots = 0
        for index, verdict in enumerate(verdicts, start):
            if not isinstance(verdict, CheckedEntry):
                report.count(verdict.check)
                report.fail(verdict.check, index, verdict.why)
            elif not verdict.is_foreign:
                self._accepted.add(verdict.entry_hash)
                if isinstance(verdict.entry, Cast):
                    ballots += 1
                    continue
                for check, number in checks_of(verdict):
                    report.count(check, number)
        for check in BALLOT_CHECKS:
            report.count(check, ballots)

    def _ask_promises(self, position: int) -> None:
        _, time_unix_s = self._log.times.holding(position)
        self._promises.ask(self.state, position, time_unix_s)


def _duplicate(item: Admitted) -> NotAdmitted:
    check = "C16" if isinstance(decode_entry(item.data), Cast) else "C07"
    return NotAdmitted(check, "this very entry is in the log already", item.data)
