"""The command that checks every proof in a record, from its files alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.options import ElectionOption, JsonOption
from hanpyo.cli.output import print_error, print_json, print_result, print_table, say
from hanpyo.cli.verifying import check_rows, damaged, failures, named, verify_files
from hanpyo.encoding import decode_hex
from hanpyo.errors import DamagedRecord, InvalidEncoding, InvalidQuery
from hanpyo.node.storage.records import open_record
from hanpyo.office.files import read_file

PROMISE_FILE_BYTES_MAX = 100_000
FAILURES_SHOWN = 100
UNSEEN = (
    "No verifier can see: ballots that were never admitted and for which nobody holds a promise; "
    "rows on the roll that belong to nobody; what a voter's device did."
)

app = typer.Typer()


@app.command()
def verify(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="Folder of the record.")],
    election: ElectionOption = "",
    promises: Annotated[
        list[Path] | None,
        typer.Option("--promise", metavar="FILE", help="A promise to judge; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check every proof in a record, from its files alone: 0 it holds, 1 it does not.

    Example: hanpyo verify record
    """
    election_id = _election_id(election)
    files = [(str(path), read_file(path, PROMISE_FILE_BYTES_MAX)) for path in promises or []]
    try:
        found = verify_files(open_record(record), election_id, files)
    except DamagedRecord as error:
        found = damaged(error)
    report = found.to_json()
    if as_json:
        print_json(report)
    else:
        _print_report(report)
    raise typer.Exit(0 if report["valid"] else 1)


def _election_id(text: str) -> bytes | None:
    try:
        return decode_hex(text, 32) if text else None
    except InvalidEncoding as error:
        raise InvalidQuery(f"--election: {error}") from error


def _print_report(report: Mapping[str, object]) -> None:
    rows = check_rows(report)
    print_table([("id", "check", "checked", ""), *rows], right=(2,))
    found = failures(report)
    for sentence in found[:FAILURES_SHOWN]:
        print_error(sentence)
    if len(found) > FAILURES_SHOWN:
        say(f"and {len(found) - FAILURES_SHOWN} more: see --json")
    for promise in named(report, "promises"):
        print_result(f"promise {promise['name']}: {promise['standing']}")
    print_result(UNSEEN)
    held = sum(row[3] == "holds" for row in rows)
    print_result(f"{held} of {len(rows)} checks hold")
    print_result("The record holds." if report["valid"] else "The record does not hold.")
