"""Commands of the organizers: their keys, and the acts that they sign together."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.acts import desk_at, finish, sign_and_send
from hanpyo.cli.options import (
    ElectionOption,
    LedgerOption,
    NameOption,
    OrganizerOption,
    OutOption,
    ReasonOption,
)
from hanpyo.cli.output import print_result, say
from hanpyo.errors import InvalidManifest, InvalidQuery, NotYet
from hanpyo.ledger.bodies import (
    Cancel,
    Close,
    Drop,
    Extend,
    Lost,
    NotOpenable,
    Open,
    Pause,
    Resume,
)
from hanpyo.office.party import PUBLIC_FILE, create_signer
from hanpyo.office.status import announced_end, current_attempt
from hanpyo.office.tables import read_moment
from hanpyo.office.words import moment

app = typer.Typer()
organizer = typer.Typer(help="Keys of an organizer, and what organizers decide about trustees.")
app.add_typer(organizer, name="organizer")

NOBODY: list[Path] = []
TrusteeArgument = Annotated[int, typer.Argument(metavar="TRUSTEE", help="Its index, from 1.")]


@organizer.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")], name: NameOption
) -> None:
    """Make the folder of an organizer, with a fresh signing key.

    Example: hanpyo organizer init anna --name "Anna Kim"
    """
    create_signer(folder, "organizer", name)
    say(f"Keep {folder} to yourself; hand out {PUBLIC_FILE} alone.")
    print_result(str(folder / PUBLIC_FILE))


@organizer.command()
def drop(
    trustee: TrusteeArgument,
    organizers: OrganizerOption,
    ledger: LedgerOption,
    reason: ReasonOption,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """Go on with the key ceremony without a trustee whose entry is missing.

    Example: hanpyo organizer drop 3 --organizer anna --ledger http://127.0.0.1:8000 --reason "ill"
    """
    desk = desk_at(ledger, election)
    sign_and_send(Drop(current_attempt(desk), trustee, reason), desk, organizers, out)


@organizer.command()
def lost(
    trustees: Annotated[list[int], typer.Argument(metavar="TRUSTEE...", help="Indexes, from 1.")],
    organizers: OrganizerOption,
    ledger: LedgerOption,
    reason: ReasonOption,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """Declare trustees lost, so that the seals of the others are enough.

    Example: hanpyo organizer lost 3 --organizer anna --ledger http://127.0.0.1:8000 --reason "lost"
    """
    body = Lost(tuple(sorted(set(trustees))), reason)
    sign_and_send(body, desk_at(ledger, election), organizers, out)


@organizer.command("not-openable")
def not_openable(
    organizers: OrganizerOption,
    ledger: LedgerOption,
    reason: ReasonOption,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """End an election without a result, where too few trustees are left to decrypt.

    Example: hanpyo organizer not-openable --organizer anna --ledger http://127.0.0.1:8000
    --reason "two of three keys are lost"
    """
    sign_and_send(NotOpenable(reason), desk_at(ledger, election), organizers, out)


@app.command("open")
def open_voting(
    ledger: LedgerOption,
    organizers: OrganizerOption = NOBODY,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """Open voting. Where the manifest announces the time, anyone may do it once it has come.

    Example: hanpyo open --organizer anna --ledger http://127.0.0.1:8000
    """
    _begin_or_end(Open, ledger, organizers, election, out)


@app.command("close")
def close_voting(
    ledger: LedgerOption,
    organizers: OrganizerOption = NOBODY,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """Close voting, for good. Where the end is announced, anyone may do it once it has come.

    Example: hanpyo close --organizer anna --ledger http://127.0.0.1:8000
    """
    _begin_or_end(Close, ledger, organizers, election, out)


@app.command()
def pause(
    organizers: OrganizerOption,
    ledger: LedgerOption,
    reason: ReasonOption,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """Pause voting, for a public reason.

    Example: hanpyo pause --organizer anna --ledger http://127.0.0.1:8000 --reason "power cut"
    """
    sign_and_send(Pause(reason), desk_at(ledger, election), organizers, out)


@app.command()
def resume(
    organizers: OrganizerOption,
    ledger: LedgerOption,
    reason: ReasonOption,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """Resume voting after a pause.

    Example: hanpyo resume --organizer anna --ledger http://127.0.0.1:8000 --reason "power is back"
    """
    sign_and_send(Resume(reason), desk_at(ledger, election), organizers, out)


@app.command()
def extend(
    until: Annotated[str, typer.Argument(metavar="TIME", help="The new end, with its offset.")],
    organizers: OrganizerOption,
    ledger: LedgerOption,
    reason: ReasonOption,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """Move the announced end of voting to a later time.

    Example: hanpyo extend 2026-05-02T18:00:00+09:00 --organizer anna
    --ledger http://127.0.0.1:8000 --reason "two hours were lost"
    """
    try:
        end = read_moment(until, "TIME")
    except InvalidManifest as error:
        raise InvalidQuery(str(error)) from error
    if end is None:
        raise InvalidQuery("TIME: say when voting will end")
    sign_and_send(Extend(end, reason), desk_at(ledger, election), organizers, out)


@app.command()
def cancel(
    organizers: OrganizerOption,
    ledger: LedgerOption,
    reason: ReasonOption,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """Cancel an election before it is closed, without a result and for good.

    Example: hanpyo cancel --organizer anna --ledger http://127.0.0.1:8000 --reason "wrong roll"
    """
    sign_and_send(Cancel(reason), desk_at(ledger, election), organizers, out)


def _begin_or_end(
    body: type[Open] | type[Close],
    ledger: str,
    organizers: list[Path],
    election: str,
    out: Path | None,
) -> None:
    """Open or close: at the announced time and unsigned, or now and signed."""
    desk = desk_at(ledger, election)
    newest = desk.reader.checkpoint.timestamp_unix_s
    announced = desk.manifest.opens if body is Open else announced_end(desk)
    if announced is None:
        if not organizers:
            raise InvalidQuery("no time is announced, so organizers sign it: give --organizer")
        sign_and_send(body(newest), desk, organizers, out)
    elif announced > newest:
        raise NotYet(f"it is announced for {moment(announced)}")
    else:
        finish(desk, desk.prepare(body(announced)), out)
