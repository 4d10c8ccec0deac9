"""Running the full verifier: for whoever verifies a record, for trustees before they open one."""

from collections.abc import Mapping, Sequence

from hanpyo.cli.options import thread_count
from hanpyo.cli.output import progress
from hanpyo.errors import DamagedRecord, InvalidConsistency
from hanpyo.ledger.record import RecordReader
from hanpyo.ledger.state import LedgerState
from hanpyo.verify import Report, verify_record


def verify_files(
    record: RecordReader, election_id: bytes | None, promises: Sequence[tuple[str, bytes]] = ()
) -> Report:
    """Verify a record, with a bar on the terminal.

    Args:
        election_id: for which of its elections; `None`: the only one.
        promises: names and contents of promise files to be judged with it.
    """
    with progress("verifying") as advance:
        return verify_record(
            record,
            election_id=election_id,
            threads=thread_count(),
            progress=advance,
            promises=promises,
        )


def verify_or_refuse(record: RecordReader, election_id: bytes) -> LedgerState:
    """Verify a record, go on only if it holds, and give the state that it leads to.

    Raises:
        InvalidConsistency: it does not; the message names the first failure.
    """
    report = verify_files(record, election_id)
    if not report.valid or report.state is None:
        first = next(iter(failures(report.to_json())), "no check says why")
        raise InvalidConsistency(f"the record does not hold, so nothing is signed: {first}")
    return report.state


def damaged(error: DamagedRecord) -> Report:
    """Report a record that cannot be opened at all."""
    report = Report()
    report.fail(error.check, None, str(error))
    return report


def failures(report: Mapping[str, object]) -> list[str]:
    """Give a sentence for each failure of a report."""
    found = []
    for check in named(report, "checks"):
        for failure in named(check, "failures"):
            entry = failure.get("entry")
            place = "" if entry is None else f"entry {entry}: "
            found.append(f"{check.get('id')} {check.get('name')}: {place}{failure.get('why')}")
    return found


def check_rows(report: Mapping[str, object]) -> list[tuple[str, str, str, str]]:
    """Give a row for each check: id, name, how many things it checked, and how many failed."""
    rows = []
    for check in named(report, "checks"):
        failed = len(named(check, "failures"))
        verdict = f"{failed} failed" if failed else "holds"
        rows.append((str(check["id"]), str(check["name"]), str(check["checked"]), verdict))
    return rows


def named(report: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    """Give the objects that a part of a report lists under a key."""
    value = report.get(key)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
