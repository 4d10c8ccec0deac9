"""Commands of the registrar: its key, the roll, and the credentials of its rows."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.acts import desk_at, finish
from hanpyo.cli.options import (
    ElectionOption,
    LedgerOption,
    NameOption,
    OrganizerOption,
    OutOption,
    RegistrarOption,
    connect,
    load_signers,
    now_unix_s,
    open_desk,
)
from hanpyo.cli.output import print_result, say, waiting
from hanpyo.election.papers import request_from_json
from hanpyo.errors import Rejected
from hanpyo.node.http.serve import NodeServer
from hanpyo.office.codes import Codes
from hanpyo.office.desk import Desk
from hanpyo.office.enrolling import Enrolling
from hanpyo.office.files import locked, read_json
from hanpyo.office.party import PUBLIC_FILE, create_signer, load_signer
from hanpyo.office.private_roll import PrivateRoll
from hanpyo.office.registrar import Handed, Registrar
from hanpyo.office.registrar_service import RegistrarService
from hanpyo.office.roll import (
    begin_roll,
    change_body,
    chunk_entries,
    published_roll,
    seal_body,
)
from hanpyo.office.roll_file import read_roll_file
from hanpyo.office.sign_in import CodeSignIn

REQUEST_BYTES_MAX = 10_000

app = typer.Typer()
registrar = typer.Typer(help="The registrar's key, and the credentials of rows.")
roll = typer.Typer(help="The roll: who may vote.")
app.add_typer(registrar, name="registrar")
app.add_typer(roll, name="roll")

NOBODY: list[Path] = []
MembersArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="CSV with the columns reference, and weight, style, district."
    ),
]
PublicLedgerOption = Annotated[
    str,
    typer.Option("--invite-to", metavar="URL", help="Address for invitations, if another."),
]


@registrar.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")], name: NameOption
) -> None:
    """Make the folder of the registrar, with a fresh signing key.

    Example: hanpyo registrar init registrar --name "Election office"
    """
    create_signer(folder, "registrar", name)
    say(f"Keep {folder} to yourself: it will hold personal data. Hand out {PUBLIC_FILE} alone.")
    print_result(str(folder / PUBLIC_FILE))


@roll.command()
def seal(
    members: MembersArgument,
    folder: RegistrarOption,
    ledger: LedgerOption,
    organizers: OrganizerOption = NOBODY,
    election: ElectionOption = "",
    invite_to: PublicLedgerOption = "",
    out: OutOption = None,
) -> None:
    """Publish and seal the roll, and write an invitation for every member.

    Example: hanpyo roll seal members.csv --registrar registrar --organizer anna
    --ledger http://127.0.0.1:8000
    """
    signers = [load_signer(folder, "registrar"), *load_signers(organizers)]
    desk = desk_at(ledger, election)
    entitled = read_roll_file(members, desk.manifest)
    with locked(folder):
        private = PrivateRoll(folder, desk.election_id)
        found = published_roll(desk)
        rows = begin_roll(desk, private, found, entitled)
        entries = chunk_entries(desk, signers[0], found, rows)
        with waiting(f"publishing {len(rows)} rows"):
            desk.send(entries)
        numbers = {row.commitment: number for number, row in enumerate(rows)}
        _invite(private, invite_to or ledger, numbers)
    desk = desk_at(ledger, desk.election_id.hex())
    finish(desk, desk.sign(desk.prepare(seal_body(rows)), signers), out)


@roll.command()
def change(
    members: MembersArgument,
    folder: RegistrarOption,
    ledger: LedgerOption,
    organizers: OrganizerOption = NOBODY,
    election: ElectionOption = "",
    invite_to: PublicLedgerOption = "",
    out: OutOption = None,
) -> None:
    """Add members to a sealed roll, or change those it has: give the lines that are new or differ.

    Example: hanpyo roll change late.csv --registrar registrar --organizer anna
    --ledger http://127.0.0.1:8000
    """
    signers = [load_signer(folder, "registrar"), *load_signers(organizers)]
    desk = desk_at(ledger, election)
    entitled = read_roll_file(members, desk.manifest)
    with locked(folder):
        private = PrivateRoll(folder, desk.election_id)
        body = change_body(desk, published_roll(desk), *private.change(entitled))
        if body is None:
            say("The roll says all of this already.")
            done = True
        else:
            done = finish(desk, desk.sign(desk.prepare(body), signers), out)
        if done:
            _invite_from_ledger(private, desk, invite_to or ledger)
        else:
            say("Once it is recorded, run `hanpyo roll invite` for the invitations.")


@roll.command()
def invite(
    folder: RegistrarOption,
    ledger: LedgerOption,
    election: ElectionOption = "",
    invite_to: PublicLedgerOption = "",
) -> None:
    """Write the invitations that are missing, for all members whose rows are on the ledger.

    Example: hanpyo roll invite --registrar registrar --ledger http://127.0.0.1:8000
    """
    load_signer(folder, "registrar")
    desk = desk_at(ledger, election)
    with locked(folder):
        _invite_from_ledger(PrivateRoll(folder, desk.election_id), desk, invite_to or ledger)


@registrar.command()
def enroll(
    requests: Annotated[
        list[Path], typer.Argument(metavar="REQUEST...", help="Files from voters' devices.")
    ],
    folder: RegistrarOption,
    ledger: LedgerOption,
    election: ElectionOption = "",
) -> None:
    """Bind credentials to rows, as voters' devices ask; nobody is enrolled if one request is bad.

    Example: hanpyo registrar enroll requests/*.json --registrar registrar
    --ledger http://127.0.0.1:8000
    """
    desk = desk_at(ledger, election)
    handed = [_read_request(path) for path in requests]
    with waiting("enrolling"):
        desk.send(_registrar(folder, desk).enroll(handed))
    after = Desk(desk.reader.ledger, ledger, desk.election_id, now_unix_s())
    for each in handed:
        if after.row_now(each.request.row)[0] != each.request.credential:
            raise Rejected("C12", f"{each.where}: row {each.request.row} was not enrolled")
    print_result(f"enrolled {len(handed)}")


@registrar.command()
def serve(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the registrar.")],
    ledger: LedgerOption,
    election: ElectionOption = "",
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes any free one.")] = 8001,
) -> None:
    """Enroll voters' devices as their pages ask, until it is told to stop.

    A ledger passes its pages on to it: `hanpyo serve --registrar URL`. Letters with codes are
    made by `hanpyo roll letters`.

    Example: hanpyo registrar serve registrar --ledger http://127.0.0.1:8000
    """
    remote = connect(ledger)
    desk = open_desk(remote, ledger, election)
    signer = load_signer(folder, "registrar")
    private = PrivateRoll(folder, desk.election_id)
    members = private.read()
    codes = Codes(private.folder).draw(members)
    sign_in = CodeSignIn(desk.election_id, members, codes)
    with Enrolling(remote, desk.election_id, signer, members, sign_in, now_unix_s) as enrolling:
        app = RegistrarService(enrolling, desk.election_id).app()
        NodeServer(app, host, port, print_result).run()


@registrar.command()
def replace(
    request: Annotated[Path, typer.Argument(metavar="REQUEST", help="File from the new device.")],
    folder: RegistrarOption,
    ledger: LedgerOption,
    organizers: OrganizerOption = NOBODY,
    election: ElectionOption = "",
    out: OutOption = None,
) -> None:
    """Replace the credential of a row; once it has voted, organizers must sign, too.

    Example: hanpyo registrar replace request.json --registrar registrar
    --ledger http://127.0.0.1:8000
    """
    desk = desk_at(ledger, election)
    handed = _read_request(request)
    prepared = _registrar(folder, desk).replace(handed)
    if desk.row_now(handed.request.row)[1]:
        prepared = desk.sign(prepared, load_signers(organizers))
    finish(desk, prepared, out)


def _read_request(path: Path) -> Handed:
    value = read_json(path, REQUEST_BYTES_MAX)
    return Handed(str(path), request_from_json(value, str(path)))


def _registrar(folder: Path, desk: Desk) -> Registrar:
    signer = load_signer(folder, "registrar")
    return Registrar(desk, signer, PrivateRoll(folder, desk.election_id).read())


def _invite_from_ledger(private: PrivateRoll, desk: Desk, address: str) -> None:
    fresh = Desk(desk.reader.ledger, desk.address, desk.election_id, now_unix_s())
    _invite(private, address, published_roll(fresh).row_of())


def _invite(private: PrivateRoll, address: str, row_of: dict[bytes, int]) -> None:
    count = private.invite(address, row_of)
    say(f"{count} invitations written to {private.invitations}: each is one voter's secret")
