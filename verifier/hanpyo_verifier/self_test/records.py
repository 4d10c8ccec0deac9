"""Whole records, and the same with one fault each: the vectors of protocol.md 13 and 14."""

import tempfile
from base64 import b64decode
from pathlib import Path, PurePosixPath

from hanpyo_verifier.report import Report
from hanpyo_verifier.self_test.cases import Case, Test
from hanpyo_verifier.verify import Request, verify

Folder = dict[str, bytes]


def _files(record: Case) -> Folder:
    return {path: b64decode(content, validate=True) for path, content in record["files"].items()}


def verify_files(files: Folder) -> Report:
    """Verifies a record that is given as its files."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            assert ".." not in PurePosixPath(path).parts
            place = Path(folder) / "record" / PurePosixPath(path).relative_to(".")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        request = Request(Path(folder) / "record", None, [], 1)
        verify(request, report, lambda *_: None)
    return report


def changed(files: Folder, change: Case) -> None:
    """Makes one change to a record."""
    path = change["path"]
    if "create" in change:
        files[path] = b64decode(change["create"], validate=True)
    elif "delete" in change:
        del files[path]
    elif "rename" in change:
        files[change["rename"]] = files.pop(path)
    elif "xor" in change:
        data, at = bytearray(files[path]), change["offset"]
        data[at] ^= change["xor"]
        files[path] = bytes(data)
    else:
        data, at = bytearray(files[path]), change["offset"]
        data[at : at + change["remove"]] = b64decode(change["insert"], validate=True)
        files[path] = bytes(data)


def record(case: Case) -> Case:
    """record.json."""
    report = verify_files(_files(case))
    return {
        "report": {
            "valid": report.valid,
            "election": report.election and report.election.hex(),
            "phase": report.phase,
            "result": report.result,
        }
    }


def bad_records(good: list[Case]) -> Test:
    """records_bad.json, beside the records from which its changes start."""
    records = {case["name"]: _files(case) for case in good}

    def test(case: Case) -> Case:
        files = dict(records[case["record"]])
        for change in case["changes"]:
            changed(files, change)
        report = verify_files(files)
        failures = {
            (check, entry)
            for check, result in report.checks.items()
            for entry, _ in result.failures
        }
        expected = (case["check"], case["entry"])
        if report.valid or expected not in failures:
            raise AssertionError(f"{expected} is not among {failures}")
        if case["only"] and failures != {expected}:
            raise AssertionError(f"not only {expected} but {failures}")
        return {}

    return test
