"""Commands for everyone: how an election stands, its result, its record, and whether it holds."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.acts import desk_at
from hanpyo.cli.options import (
    ElectionOption,
    JsonOption,
    LedgerOption,
    connect,
    now_unix_s,
)
from hanpyo.cli.output import print_json, print_result, print_table, say, waiting
from hanpyo.cli.results import print_results
from hanpyo.errors import InvalidQuery
from hanpyo.ledger.view import Phase
from hanpyo.node.storage.records import copy_record, download_record
from hanpyo.office.desk import Desk
from hanpyo.office.results import read_results
from hanpyo.office.status import Status, read_status
from hanpyo.office.words import first_text, moment

app = typer.Typer()

PUBLIC = "public"
_REASONED = (Phase.PAUSED, Phase.CANCELED, Phase.NOT_OPENABLE)


@app.command()
def status(
    ledger: LedgerOption, election: ElectionOption = "", as_json: JsonOption = False
) -> None:
    """Tell where an election stands: roll, key, voting, tally.

    Example: hanpyo status --ledger http://127.0.0.1:8000
    """
    desk = desk_at(ledger, election)
    found = read_status(desk)
    if as_json:
        print_json(_status_json(desk, found))
    else:
        print_table(list(_status_rows(desk, found)))


@app.command()
def result(
    ledger: LedgerOption, election: ElectionOption = "", as_json: JsonOption = False
) -> None:
    """Show the result: totals with bars, who won, and how it was counted.

    Example: hanpyo result --ledger http://127.0.0.1:8000
    """
    desk = desk_at(ledger, election)
    print_results(desk.manifest, read_results(desk), as_json=as_json)


@app.command()
def export(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="A new folder.")],
    ledger: Annotated[
        str, typer.Option("--ledger", envvar="HANPYO_LEDGER", metavar="URL", help="A node.")
    ] = "",
    source: Annotated[
        Path | None, typer.Option("--from", metavar="DIR", help="Folder of a node, instead.")
    ] = None,
) -> None:
    """Write the whole public record into a folder, for `hanpyo verify` and for keeping.

    Example: hanpyo export record --ledger http://127.0.0.1:8000
    """
    with waiting("writing the record"):
        if source is not None:
            public = source / PUBLIC
            size = copy_record(public if public.is_dir() else source, record)
        elif ledger:
            size = download_record(connect(ledger), record, now_unix_s())
        else:
            raise InvalidQuery("no source is named: give --ledger or --from")
    say(f"{size} entries; check them with `hanpyo verify {record}`")
    print_result(str(record))


def _status_rows(desk: Desk, found: Status) -> list[tuple[str, str]]:
    manifest = desk.manifest
    opens = "when organizers say so" if manifest.opens is None else moment(manifest.opens)
    ends = "when organizers say so" if found.ends_unix_s is None else moment(found.ends_unix_s)
    rows = [
        ("Title", first_text(manifest)),
        ("Election", desk.election_id.hex()),
        ("Status", found.word + (f": {found.reason}" if found.phase in _REASONED else "")),
        ("Opens", opens),
        ("Closes", ends),
        ("Roll", f"{found.rows} rows, weight {found.weight}" if found.rows else "not sealed"),
        ("Enrolled", f"{found.enrollments}, {found.replacements} replaced"),
        ("Ballots", str(found.ballots)),
        ("Key", _ceremony_in_words(desk, found)),
        ("Sealed by", _listed(found.sealed)),
        ("Shares of", _listed(found.shared)),
        ("Run by", "a single operator"),
        ("Entries", str(desk.reader.checkpoint.size)),
    ]
    if found.lost:
        rows.append(("Lost", _listed(found.lost)))
    return rows


def _ceremony_in_words(desk: Desk, found: Status) -> str:
    parties = len(desk.manifest.trustees.parties)
    taking_part = parties - (found.attempt - 1)
    confirmed = len(found.done["confirm"])
    if confirmed == taking_part:
        return f"made by {taking_part} of {parties} trustees"
    if taking_part < desk.manifest.trustees.least:
        return "failed: too few trustees are left"
    steps = ", ".join(f"{name} {len(done)}/{taking_part}" for name, done in found.done.items())
    return f"attempt {found.attempt}: {steps}"


def _listed(trustees: tuple[int, ...]) -> str:
    return ", ".join(f"trustee {each}" for each in trustees) or "nobody yet"


def _status_json(desk: Desk, found: Status) -> dict[str, object]:
    manifest = desk.manifest
    return {
        "attempt": found.attempt,
        "ballots": found.ballots,
        "ceremony": {name: list(done) for name, done in found.done.items()},
        "election": desk.election_id.hex(),
        "ends_unix_s": found.ends_unix_s,
        "enrollments": found.enrollments,
        "ledger": desk.reader.ledger_id.hex(),
        "lost": list(found.lost),
        "mode": "single operator",
        "opens_unix_s": manifest.opens,
        "phase": found.phase.value,
        "reason": found.reason,
        "replacements": found.replacements,
        "rows": found.rows,
        "sealed": list(found.sealed),
        "shared": list(found.shared),
        "size": desk.reader.checkpoint.size,
        "title": dict(manifest.title),
        "weight": found.weight,
        "word": found.word,
    }
