"""The whole run over a record."""

from collections.abc import Sequence

from hanpyo.errors import DamagedLedger, DamagedRecord, InvalidQuery
from hanpyo.ledger.record import RecordReader
from hanpyo.verify.entries import EntryJudge, Progress
from hanpyo.verify.generators import check_generators
from hanpyo.verify.keepers import check_keepers
from hanpyo.verify.log import Log, check_log
from hanpyo.verify.promises import PromiseJudge
from hanpyo.verify.report import Report

__all__ = ["Progress", "verify_record"]


def verify_record(
    reader: RecordReader,
    *,
    election_id: bytes | None = None,
    threads: int = 1,
    progress: Progress | None = None,
    promises: Sequence[tuple[str, bytes]] = (),
) -> Report:
    """Check a record from its files alone.

    Args:
        election_id: which election to follow; `None`: the only one.
        threads: how many threads Rust may use.
        progress: is told how many entries are judged, and of how many.
        promises: names and contents of promise files.

    Raises:
        InvalidQuery: the record holds several elections and none was chosen.
    """
    report = Report()
    log = check_log(reader, report)
    only = _followed(log, election_id)
    report.election = only
    promise_judge = PromiseJudge(promises, log.times, reader.checkpoint, report, only)
    if len(log.times):  # else no entry has a time to be judged by
        judge = EntryJudge(reader, log, report, threads, only, promise_judge)
        _judge_entries(judge, log, report, progress)
        check_keepers(reader, log, judge.state, report, threads)
    elif not reader.size:
        report.fail("C03", None, "the log has no genesis")
    promise_judge.finish(report.state)
    if only is not None and only not in log.announced and log.readable == reader.size:
        report.fail("C09", None, "the record announces no election with this id")
    if report.view is not None:
        check_generators(report.view.manifest, report)
    return report


def _followed(log: Log, election_id: bytes | None) -> bytes | None:
    if election_id is not None:
        return election_id
    if len(log.announced) > 1:
        names = ", ".join(each.hex() for each in log.announced)
        raise InvalidQuery(f"the record holds several elections; choose one of {names}")
    return next(iter(log.announced), None)


def _judge_entries(judge: EntryJudge, log: Log, report: Report, progress: Progress | None) -> None:
    """Judge all entries, and keep what came of it."""
    try:
        is_complete = judge.run(progress)
    except DamagedRecord as fault:
        report.fail(fault.check, None, str(fault))
        is_complete = False
    except DamagedLedger as fault:  # files that change while they are read
        report.fail("C02", None, f"the record cannot be judged to its end: {fault}")
        is_complete = False
    state = judge.state
    if is_complete and state.log.root() != log.tree.root():
        report.fail("C02", None, "entries changed while they were read")
    report.state = state if is_complete else None
    report.view = None if report.election is None else state.view.elections.get(report.election)
