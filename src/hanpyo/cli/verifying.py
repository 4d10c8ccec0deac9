"""Running the full verifier: for whoever verifies a record, for trustees before they open one."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol

from hanpyo.cli.options import thread_count
from hanpyo.cli.output import progress
from hanpyo.errors import DamagedRecord, InvalidConsistency
from hanpyo.ledger.record import RecordReader


class Report(Protocol):
    """What the verifier found; `to_json` has the form that `hanpyo verify --json` prints."""

    @property
    def valid(self) -> bool:
        """Whether nothing failed."""
        ...

    def to_json(self) -> Mapping[str, object]:
        """Give all of it."""
        ...


def verify_files(
    record: RecordReader, election_id: bytes | None, promises: Sequence[tuple[str, bytes]] = ()
) -> Report:
    """Verify a record, with a bar on the terminal.

    Args:
        election_id: for which of its elections; `None`: the only one.
        promises: names and contents of promise files to be judged with it.
    """
    room = import_module("hanpyo.verify")
    with progress("verifying") as advance:
        report: Report = room.verify_record(
            record,
            election_id=election_id,
            threads=thread_count(),
            progress=advance,
            promises=promises,
        )
        return report


def verify_or_refuse(record: RecordReader, election_id: bytes) -> None:
    """Verify a record and go on only if it holds.

    Raises:
        InvalidConsistency: it does not; the message names the first failure.
    """
    report = verify_files(record, election_id)
    if not report.valid:
        first = next(iter(failures(report.to_json())), "no check says why")
        raise InvalidConsistency(f"the record does not hold, so nothing is signed: {first}")


def damaged(error: DamagedRecord) -> Mapping[str, object]:
    """Report a record that cannot be opened at all, in the form of `Report.to_json`."""
    failed = {"entry": None, "why": str(error)}
    check = {"checked": 0, "failures": [failed], "id": error.check, "name": "files"}
    return {"checks": [check], "election": None, "result": {}, "valid": False}


def failures(report: Mapping[str, object]) -> list[str]:
    """Give a sentence for each failure of a report."""
    found = []
    for check in _listed(report.get("checks")):
        for failure in _listed(check.get("failures")):
            entry = failure.get("entry")
            place = "" if entry is None else f"entry {entry}: "
            found.append(f"{check.get('id')} {check.get('name')}: {place}{failure.get('why')}")
    return found


def check_rows(report: Mapping[str, object]) -> list[tuple[str, str, str, str]]:
    """Give a row for each check: id, name, how many things it checked, and how many failed."""
    rows = []
    for check in _listed(report.get("checks")):
        failed = len(_listed(check.get("failures")))
        verdict = f"{failed} failed" if failed else "holds"
        rows.append((str(check["id"]), str(check["name"]), str(check["checked"]), verdict))
    return rows


def _listed(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
