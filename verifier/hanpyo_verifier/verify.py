"""The whole run: the log's checks, then every entry in order (protocol.md 10, 14)."""

import hashlib
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from hanpyo_verifier.election import entries as e
from hanpyo_verifier.election.ballots import BallotKeys, BallotVerifier, Verdict
from hanpyo_verifier.election.counting import Sums
from hanpyo_verifier.election.entries import Act, Cast, Entry, decode_entry
from hanpyo_verifier.election.generators import Generators, make_generators
from hanpyo_verifier.election.ledger import Ledger
from hanpyo_verifier.election.view import Hooks, Place
from hanpyo_verifier.errors import MalformedError, RefusedError
from hanpyo_verifier.log.check import Log, Progress, check_log
from hanpyo_verifier.log.files import Files
from hanpyo_verifier.log.layout import WIDTH
from hanpyo_verifier.log.merkle import Tree, leaf_hash
from hanpyo_verifier.promises import Promises
from hanpyo_verifier.report import Report
from hanpyo_verifier.work.crew import Crew, LocalCrew, ProcessCrew
from hanpyo_verifier.work.worker import Counted, Refusals, Source

MAX_JOB_POINTS = 16_384
MAX_JOB_ENTRIES = 2_048
MIN_JOB_ENTRIES = 64
MAX_QUEUED_BYTES = 2**25
RETRACT_AT_ONCE = 256

# Which check counts an entry of which kind, besides C06, C07 and C15.
_COUNTED_BY = {
    e.GATEWAY: "C08",
    e.MANIFEST_PART: "C09",
    e.ANNOUNCE: "C09",
    e.ROLL_CHUNK: "C11",
    e.ROLL_SEAL: "C11",
    e.ROLL_CHANGE: "C11",
    e.ENROLL: "C12",
    e.REPLACE: "C12",
    e.COMMIT: "C13",
    e.REVEAL: "C13",
    e.DEAL: "C13",
    e.COMPLAIN: "C13",
    e.DROP: "C13",
    e.CONFIRM: "C14",
    e.SEAL: "C21",
    e.LOST: "C21",
    e.NOT_OPENABLE: "C21",
    e.SHARE: "C22",
    e.RESULT: "C23",
    e.OUTCOME: "C24",
}


class SeveralElectionsError(Exception):
    """The record holds several elections, and none was chosen."""

    def __init__(self, elections: list[bytes]) -> None:
        super().__init__(elections)
        self.elections = elections


@dataclass(frozen=True)
class Request:
    """What is to be verified, and how."""

    record: Path
    election: bytes | None
    promises: list[tuple[str, bytes | None]]
    processes: int


@dataclass
class _Job:
    """Entries that workers check together."""

    entries: list[tuple[int, bytes]] = field(default_factory=list)  # index, leaf hash
    points: int = 0
    number: int | None = None
    refusals: Refusals | None = None
    judged: int = 0
    counted: dict[int, int] = field(default_factory=dict)  # row by entry
    told: bool = False


@dataclass(slots=True)
class _Item:
    """An entry that waits to be judged."""

    index: int
    leaf: bytes
    entry_hash: bytes
    size: int
    entry: Entry | None
    trouble: str
    job: _Job | None = None


def verify(request: Request, report: Report, progress: Progress) -> None:
    """Verifies a record."""
    report.election = request.election
    log = check_log(Files(request.record), report, progress)
    if log is None:
        report.stopped = True
        for name, _ in request.promises:
            report.count("C25")
            report.notes.append(f"Promise {name}: not judged, as the log cannot be relied on")
        return
    if request.election is None and len(log.announced) > 1:
        raise SeveralElectionsError(list(log.announced))
    followed = request.election or next(iter(log.announced), None)
    report.election = followed
    if followed is not None and followed not in log.announced:
        report.fail("C09", None, "the election is not announced in this record")
    run = _Run(log, followed, request, report, progress)
    try:
        run.judge_all()
        run.promises.finish()
    except MalformedError as error:
        report.stopped = True
        report.fail("C01", None, f"the record could not be judged to its end: {error}")
    finally:
        run.crew.close()
    run.conclude()


class _Run:
    """The judging of all entries, in order, while workers check ballots ahead."""

    def __init__(
        self,
        log: Log,
        followed: bytes | None,
        request: Request,
        report: Report,
        progress: Progress,
    ) -> None:
        self._log = log
        self._report = report
        self._progress = progress
        ledger_id = hashlib.sha256(log.genesis.entry).digest()
        hooks = Hooks(self._on_count, self._closing, self._sums)
        digests = log.announced.get(followed or b"", set())
        self.ledger = Ledger(ledger_id, log.genesis.members, followed, digests, hooks)
        source = Source(request.record, log.size, ledger_id, followed or b"")
        self.crew: Crew = (
            LocalCrew(source) if request.processes == 1 else ProcessCrew(source, request.processes)
        )
        self.promises = Promises(request.promises, log, self.ledger, report)
        share = log.size // (4 * request.processes)
        self._most_entries = max(MIN_JOB_ENTRIES, min(MAX_JOB_ENTRIES, share))
        self._tree = Tree()
        self._accepted: set[bytes] = set()  # leaf hashes that may stand again
        self._queue: deque[_Item] = deque()
        self._queued_bytes = 0
        self._job = _Job()  # being filled
        self._judging: _Job | None = None  # whose ballots are being judged
        self._retracted: list[tuple[int, int]] = []  # entry, row
        self._generators: Generators | None = None
        self._keys: BallotKeys | None = None
        self._verifier: BallotVerifier | None = None

    # Meeting entries.

    def judge_all(self) -> None:
        """Judges every entry; raises MalformedError where the record cannot be read."""
        for number, bundle in self._log.bundles():
            for i, data in enumerate(bundle):
                self._meet(WIDTH * number + i, data)
            self._judge_waiting(wait=False)
            self._progress("entries", self._tree.size, self._log.size)
        self._judge_waiting(wait=True)
        self.promises.judge_at(self._log.size, self._ballot_verifier)
        if self._tree.root() != self._log.root:
            raise MalformedError("entries changed while they were read")

    def _meet(self, index: int, data: bytes) -> None:
        item = _Item(index, leaf_hash(data), b"", len(data), None, "")
        try:
            item.entry = decode_entry(data)
        except MalformedError as error:
            item.trouble = str(error)
        if isinstance(item.entry, Act):
            item.entry_hash = hashlib.sha256(data).digest()
        if item.entry is not None and self.ledger.follows(item.entry):
            self._assign(item, item.entry)
        self._queue.append(item)
        self._queued_bytes += item.size
        if self._queued_bytes > MAX_QUEUED_BYTES:
            self._judge_waiting(wait=True)

    def _assign(self, item: _Item, entry: Entry) -> None:
        """Gives what workers can check ahead to the job being filled."""
        if isinstance(entry, Cast):
            if not self._joint_key_is_there():
                self._judge_waiting(wait=True)
            if not self._joint_key_is_there():
                return
            # The rest of a ballot is read again by the worker that checks it.
            item.entry = Cast(
                entry.election, entry.style, entry.credential, entry.sequence, b"", b""
            )
            item.size = 256
            points = len(entry.ballot) // 64
        elif entry.kind == e.ENROLL:
            points = len(entry.body[0])
        else:
            return
        item.job = self._job
        self._job.entries.append((item.index, item.leaf))
        self._job.points += points
        if self._job.points >= MAX_JOB_POINTS or len(self._job.entries) >= self._most_entries:
            self._submit()

    def _submit(self) -> None:
        job, self._job = self._job, _Job()
        if job.entries:
            job.number = self.crew.check(job.entries)

    def _joint_key_is_there(self) -> bool:
        election = self.ledger.election
        if self._keys is None and election is not None and election.ceremony.complete:
            self._keys = election.ballot_keys(self._make_generators())
            self.crew.set_keys(self._keys)
        return self._keys is not None

    def _make_generators(self) -> Generators:
        if self._generators is None and self.ledger.election is not None:
            contests = self.ledger.election.manifest.contests
            self._generators = make_generators(max(contest.bits for contest in contests))
        assert self._generators is not None
        return self._generators

    def _ballot_verifier(self) -> BallotVerifier | None:
        """A verifier in this process, for promised ballots."""
        if self._verifier is None and self._joint_key_is_there() and self._keys is not None:
            self._verifier = BallotVerifier(self._keys)
        return self._verifier

    # Judging entries.

    def _judge_waiting(self, *, wait: bool) -> None:
        """Judges from the queue's head: all of it, or what needs no waiting."""
        if wait:
            self._submit()
        while self._queue:
            job = self._queue[0].job
            if job is not None and job.refusals is None:
                if job.number is None:
                    return
                if not wait and not self.crew.is_done(job.number):
                    return
                job.refusals = self.crew.refusals(job.number)
            item = self._queue.popleft()
            self._queued_bytes -= item.size
            self._judge(item)

    def _judge(self, item: _Item) -> None:
        self.promises.judge_at(item.index, self._ballot_verifier)
        self.promises.meet(item.index, item.leaf)
        self._tree.push(item.leaf)
        self._judging = item.job
        self._report.count("C06")
        if item.entry is None:
            self._report.fail("C06", item.index, item.trouble)
        elif item.index:
            self._judge_entry(item, item.entry)
        else:
            self._note_accepted(item.leaf)  # genesis, judged with the log
        if item.job is not None:
            item.job.judged += 1
            if item.job.judged == len(item.job.entries):
                self._tell(item.job)

    def _judge_entry(self, item: _Item, entry: Entry) -> None:
        def proofs() -> Verdict:
            if item.job is None or item.job.refusals is None:
                return "C18", "the proofs were not checked"  # cannot be, and must not pass
            return item.job.refusals.get(item.index)

        time, duplicate = self._log.times.at(item.index), item.leaf in self._accepted
        place = Place(item.index, time, item.entry_hash, duplicate, proofs)
        if self.ledger.follows(entry):
            self._count_checks(entry)
        try:
            effect = self.ledger.judge(entry, place)
            effect()
            self._note_accepted(item.leaf)
        except RefusedError as refused:
            self._report.fail(refused.check, item.index, refused.why)

    def _note_accepted(self, leaf: bytes) -> None:
        """Keeps what an identical entry would be refused for, where one may follow."""
        if int.from_bytes(leaf[:8], "big") in self._log.repeated:
            self._accepted.add(leaf)

    def _count_checks(self, entry: Entry) -> None:
        report = self._report
        if isinstance(entry, Cast):
            report.count("C15")
            report.count("C16")
            report.count("C17")
            report.count("C18")
            return
        report.count("C07", len(entry.signatures))
        if entry.kind >= e.ROLL_CHUNK:
            report.count("C15")
        if entry.kind in (e.ROLL_CHUNK, e.ENROLL):
            report.count(_COUNTED_BY[entry.kind], len(entry.body[entry.kind == e.ROLL_CHUNK]))
        elif entry.kind in _COUNTED_BY:
            report.count(_COUNTED_BY[entry.kind])
        if entry.kind == e.RESULT:
            report.count("C19")
        if entry.kind in (e.SHARE, e.RESULT):
            report.count("C20")

    # What the view asks for.

    def _on_count(self, entry: int, row: int, by: int) -> None:
        counted = None if self._judging is None else self._judging.counted
        if by > 0:
            assert counted is not None
            counted[entry] = row
        elif counted is not None and entry in counted:
            del counted[entry]
        else:
            self._retracted.append((entry, row))
            if len(self._retracted) >= RETRACT_AT_ONCE:
                self._retract()

    def _closing(self) -> tuple[int, bytes]:
        return self._tree.size, self._tree.root()

    def _sums(self) -> Sums:
        """Called after closing: nothing is counted any more."""
        for job in (self._judging, *(item.job for item in self._queue)):
            if job is not None and job.refusals is not None:
                self._tell(job)
        self._retract()
        return self.crew.sums()

    def _tell(self, job: _Job) -> None:
        """Tells the worker which ballots of its job count."""
        if not job.told and job.number is not None:
            job.told = True
            self.crew.count(
                job.number, [self._row_of(entry, row) for entry, row in job.counted.items()]
            )

    def _retract(self) -> None:
        if self._retracted:
            self.crew.retract([self._row_of(entry, row) for entry, row in sorted(self._retracted)])
            self._retracted = []

    def _row_of(self, entry: int, row: int) -> Counted:
        assert self.ledger.election is not None
        return entry, *self.ledger.election.row_of_ballot(row)

    def conclude(self) -> None:
        """Fills in what the report says of the whole election."""
        report, election = self._report, self.ledger.election
        if election is None:
            return
        report.phase = election.phase
        report.count("C10", len(self._make_generators()))
        if election.tally is None:
            return
        for number, contest in enumerate(election.manifest.contests):
            totals = election.tally.contest_totals(number)
            if totals:
                report.result[contest.id] = dict(zip(contest.option_ids, totals, strict=True))
