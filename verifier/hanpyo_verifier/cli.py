"""The command line."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hanpyo_verifier.log.files import shown
from hanpyo_verifier.promises import MAX_PROMISE_FILE
from hanpyo_verifier.report import UNSEEN, Report
from hanpyo_verifier.self_test.run import self_test
from hanpyo_verifier.verify import Request, SeveralElectionsError, verify

HOLDS, DOES_NOT_HOLD, MISUSED = 0, 1, 2


def _election(text: str) -> bytes:
    if len(text) != 64 or any(c not in "0123456789abcdef" for c in text):
        raise argparse.ArgumentTypeError("an election id is 64 lowercase hex digits")
    return bytes.fromhex(text)


def _processes(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= 1024:
        raise argparse.ArgumentTypeError("a number from 1 to 1024 is needed")
    return int(text)


def make_parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    parser = argparse.ArgumentParser(
        prog="verifier",
        allow_abbrev=False,
        description="Checks the record of a hanpyo election from its files alone.",
        epilog=f"Exit status: 0 the record holds, 1 it does not, 2 wrong use. {UNSEEN}",
    )
    parser.add_argument("record", metavar="RECORD", nargs="?", help="the record's folder")
    parser.add_argument(
        "--election", metavar="ID", type=_election, help="which election, if there are several"
    )
    parser.add_argument(
        "--promise",
        metavar="FILE",
        action="append",
        default=[],
        help="a promise file to judge (may be given several times)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--processes",
        metavar="N",
        type=_processes,
        default=os.cpu_count() or 1,
        help="how many processes check ballots (default: one for each processor)",
    )
    parser.add_argument(
        "--self-test", metavar="VECTORS_DIR", help="test against published vectors instead"
    )
    return parser


def _read_promise(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PROMISE_FILE + 1)
    except OSError:
        return None
    return data if len(data) <= MAX_PROMISE_FILE else None


class _Progress:
    """A line on stderr, only where it is a terminal."""

    def __init__(self) -> None:
        self._wanted = sys.stderr.isatty()
        self._shown = -1

    def __call__(self, what: str, done: int, total: int) -> None:
        permille = 1000 * done // max(total, 1)
        if self._wanted and permille != self._shown:
            self._shown = permille
            print(f"\r\x1b[K{what}: {done} of {total}", end="", file=sys.stderr, flush=True)

    def finish(self) -> None:
        if self._wanted and self._shown >= 0:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the verifier and returns its exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.self_test is not None:
        if not Path(options.self_test).is_dir():
            parser.error("the vectors' folder does not exist")
        lines, good = self_test(Path(options.self_test))
        print("\n".join(lines))
        return HOLDS if good else DOES_NOT_HOLD
    if options.record is None:
        parser.error("RECORD is missing")
    record = Path(options.record)
    for path in [record, *map(Path, options.promise)]:
        if not os.path.lexists(path):
            parser.error(f"{shown(str(path))} does not exist")
    promises = [(shown(name), _read_promise(Path(name))) for name in options.promise]
    request = Request(record, options.election, promises, options.processes)
    report = Report()
    progress = _Progress()
    try:
        verify(request, report, progress)
    except SeveralElectionsError as several:
        ids = ", ".join(election.hex() for election in several.elections)
        parser.error(f"the record holds several elections, choose one by --election: {ids}")
    except Exception as error:  # noqa: BLE001 - whatever a record does to us is its failure
        report.stopped = True
        report.fail("C01", None, f"the verifier cannot go on: {type(error).__name__}: {error}")
    finally:
        progress.finish()
    print(report.as_json() if options.json else report.as_text())
    return HOLDS if report.valid else DOES_NOT_HOLD
