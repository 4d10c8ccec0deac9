"""Commands of a voter: join, vote, test the device, look the vote up."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from hanpyo import crypto
from hanpyo import voter as machine
from hanpyo.cli.casting import deliver, print_recorded
from hanpyo.cli.deciding import Wish, sign_ballot
from hanpyo.cli.device import Booth, Device, create_device, open_device
from hanpyo.cli.filling import show, text_of
from hanpyo.cli.looking_up import Found, look_up, print_found
from hanpyo.cli.options import (
    ElectionOption,
    JsonOption,
    LedgerOption,
    VoterOption,
    YesOption,
    connect,
    now_unix_s,
    pick_election,
)
from hanpyo.cli.output import print_result, say, waiting
from hanpyo.election.papers import (
    challenge_from_json,
    invitation_from_json,
    request_to_json,
)
from hanpyo.errors import InvalidQuery, NotYet
from hanpyo.ledger.reader import LedgerReader
from hanpyo.office.files import locked, read_json, write_json

INVITATION_BYTES_MAX = 10_000

app = typer.Typer()
voter = typer.Typer(help="A voter's device.")
challenge = typer.Typer(help="The second device, which opens a challenged ballot.")
app.add_typer(voter, name="voter")
app.add_typer(challenge, name="challenge")

AnyLedgerOption = Annotated[
    str,
    typer.Option("--ledger", metavar="URL", help="Another node than the invitation names."),
]


@voter.callback()
def _of_voter() -> None:
    """Keep `voter` a group, though it has one command."""


@challenge.callback()
def _of_challenge() -> None:
    """Keep `challenge` a group, though it has one command."""


@voter.command()
def join(
    invitation: Annotated[Path, typer.Argument(metavar="INVITATION", help="File of the office.")],
    folder: VoterOption,
    ledger: AnyLedgerOption = "",
) -> None:
    """Check an invitation against the roll, make a credential, and ask to be enrolled.

    Example: hanpyo voter join invitation.json --voter my-vote
    """
    value = read_json(invitation, INVITATION_BYTES_MAX)
    invited = invitation_from_json(value, str(invitation))
    booth = Booth(connect(ledger or invited.ledger), invited.election_id, None)
    reader = booth.reader
    manifest = machine.check_manifest(
        invited.election_id, reader.ledger_id, reader.manifest(invited.election_id)
    )
    booth.listed(invited)
    secret = crypto.credential_secret(secrets.token_bytes(32))
    device = create_device(folder, invited, secret)
    device.keep_checkpoint(reader.checkpoint)
    request = machine.make_request(invited, reader.ledger_id, secret, secrets.token_bytes(32))
    write_json(folder / "request.json", request_to_json(request))
    say(f"{text_of(manifest.title)}: row {invited.row} is yours, {invited.reference}.")
    say("Hand this file to the registrar, by the way that the office has told you:")
    print_result(str(folder / "request.json"))


@app.command()
def vote(
    folder: VoterOption,
    ballot: Annotated[
        Path | None,
        typer.Option(
            "--ballot",
            metavar="FILE",
            help='Selections as JSON, such as {"chair": "anna"}; - reads stdin.',
        ),
    ] = None,
    challenge: Annotated[
        bool, typer.Option("--challenge", help="Open the ballot to a second device; cast nothing.")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where a challenge goes.")
    ] = Path("challenge.json"),
    ledger: AnyLedgerOption = "",
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Fill in a ballot, encrypt it on this device, and cast it; the last ballot counts.

    Example: hanpyo vote --voter my-vote
    """
    with locked(folder):
        device = open_device(folder)
        invited = device.invitation
        remote = connect(ledger or invited.ledger)
        booth = Booth(remote, invited.election_id, device.last_checkpoint())
        with waiting("checking the election"):
            election = booth.election()
        if device.memory.waiting is not None:
            say("A ballot is still under way; it is sent again as it is.")
        else:
            device = sign_ballot(device, booth, election, Wish(ballot, challenge, out, yes))
        if device.memory.waiting is not None:
            recorded = deliver(device, booth)
            print_recorded(recorded, election.manifest, as_json=as_json)


@app.command()
def check(
    number: Annotated[
        str, typer.Argument(metavar="[NUMBER]", help="Ballot number, or row number.")
    ] = "",
    folder: Annotated[
        Path | None, typer.Option("--voter", metavar="DIR", help="Folder of the voter's device.")
    ] = None,
    ledger: Annotated[
        str, typer.Option("--ledger", envvar="HANPYO_LEDGER", metavar="URL", help="A node.")
    ] = "",
    election: ElectionOption = "",
    as_json: JsonOption = False,
) -> None:
    """Find a vote: whether it is recorded, whether it counts, how many ballots the row cast.

    With --voter alone it looks up the row of that device.

    Example: hanpyo check 12 --ledger http://127.0.0.1:8000
    """
    if folder is not None:
        device = open_device(folder)
        invited = device.invitation
        ledger = ledger or invited.ledger
        booth = Booth(connect(ledger), invited.election_id, device.last_checkpoint())
        number = number or str(invited.row)
    elif not ledger:
        raise InvalidQuery("no node is named: give --ledger or --voter")
    elif not number:
        raise InvalidQuery("nothing to look up: give a ballot number, a row number, or --voter")
    else:
        device, remote = None, connect(ledger)
        name = pick_election(LedgerReader(remote, now_unix_s()), election)
        booth = Booth(remote, name, None)
    found = look_up(booth, number)
    if device is not None:
        _warn_of_others(device, found)
    print_found(found, as_json=as_json)


@challenge.command("check")
def check_challenge(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="From `hanpyo vote --challenge`.")],
    ledger: LedgerOption,
    row: Annotated[
        int | None, typer.Option("--row", metavar="N", help="Row number on the invitation.")
    ] = None,
) -> None:
    """Make a challenged ballot again on this second device, and show what it holds.

    Example: hanpyo challenge check challenge.json --row 12 --ledger http://127.0.0.1:8000
    """
    opened = challenge_from_json(read_json(file), str(file))
    if row is not None and row != opened.row:
        raise InvalidQuery(f"{file}: the challenge is of row {opened.row}, not {row}")
    booth = Booth(connect(ledger), opened.election_id, None)
    with waiting("checking the election"):
        election = booth.election()
    record = booth.row(opened.row)
    if record.credential is None:
        raise NotYet(f"the registrar has not enrolled row {opened.row}")
    booth.check_enrolled(election, record, record.credential)
    found = machine.check_challenge(election, opened, record.credential)
    print_result(f"Ballot number {found.tracker}, row {opened.row}, holds:")
    for line in show(election.manifest, opened.style, found.scores):
        print_result(line)
    say("Is this what you chose, and the ballot number that you saw? This ballot is never cast.")


def _warn_of_others(device: Device, found: Found) -> None:
    """Say it where another device than this one holds the row."""
    credential = crypto.credential_public(device.secret)
    if found.row.row == device.invitation.row and found.row.credential != credential:
        say("The row's credential is not this device's: if you did not ask for that, tell others.")
