"""Commands to write down an election, announce it, and sign what others prepared."""

import secrets
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.acts import desk_at, finish, hand_on
from hanpyo.cli.options import LedgerOption, OutOption, YesOption, connect, load_signers, now_unix_s
from hanpyo.cli.output import ask, can_ask, print_result, say, waiting
from hanpyo.election.manifest import Manifest, encode_manifest
from hanpyo.errors import InvalidFile, InvalidInclusion, InvalidManifest, InvalidQuery
from hanpyo.ledger.bodies import Announce, RollSeal
from hanpyo.ledger.reader import LedgerReader
from hanpyo.office.acts import (
    PreparedAct,
    check_signatures,
    missing_signatures,
    prepared_from_json,
    sign_act,
)
from hanpyo.office.announcement import announced_manifest, announcement
from hanpyo.office.election_file import read_election_file
from hanpyo.office.example import EXAMPLE
from hanpyo.office.files import read_json
from hanpyo.office.party import PartyFolder, load_signer
from hanpyo.office.roll import check_roll_seal
from hanpyo.office.sending import WAIT_S, patiently
from hanpyo.office.words import describe, moment

app = typer.Typer()
election = typer.Typer(help="Write down an election and announce it.")
app.add_typer(election, name="election")

NOBODY: list[Path] = []


@election.command()
def example() -> None:
    """Print an election file to begin with.

    Example: hanpyo election example > council.toml
    """
    print_result(EXAMPLE.rstrip())


@election.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The election, as TOML.")],
    organizers: Annotated[
        list[Path], typer.Option("--organizer", metavar="DIR", help="Folder of an organizer.")
    ],
    ledger: LedgerOption,
    out: OutOption = None,
) -> None:
    """Announce an election on a ledger; prints its id.

    Example: hanpyo election new council.toml --organizer anna --ledger http://127.0.0.1:8000
    """
    signers = load_signers(organizers)
    manifest = read_election_file(file, secrets.token_bytes(32))
    try:
        data = encode_manifest(manifest)
    except InvalidManifest as error:
        raise InvalidFile(f"{file}: {error}") from error
    remote = connect(ledger)
    prepared = announcement(data, LedgerReader(remote, now_unix_s()).ledger_id, ledger)
    for signer in signers:
        prepared = sign_act(prepared, manifest, signer)
    say(summary(manifest))
    _announce_or_hand_on(prepared, manifest, out)


@app.command()
def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An act that others prepared.")],
    organizers: Annotated[
        list[Path] | None,
        typer.Option("--organizer", metavar="DIR", help="Folder of an organizer."),
    ] = None,
    registrar: Annotated[
        Path | None, typer.Option("--registrar", metavar="DIR", help="Folder of the registrar.")
    ] = None,
    ledger: Annotated[
        str, typer.Option("--ledger", metavar="URL", help="Another node than the file names.")
    ] = "",
    yes: YesOption = False,
) -> None:
    """Sign an act that others prepared; whoever signs last sends it.

    Example: hanpyo sign pause-4.json --organizer bo
    """
    signers = load_signers(organizers or [])
    if registrar is not None:
        signers.append(load_signer(registrar, "registrar"))
    if not signers:
        raise InvalidQuery("nobody is to sign: give --organizer or --registrar")
    prepared = prepared_from_json(read_json(file), str(file))
    if isinstance(prepared.act.body, Announce):
        _sign_announcement(prepared, signers, file, yes=yes)
    else:
        _sign_act(prepared, ledger or prepared.ledger, signers, file, yes=yes)


def summary(manifest: Manifest) -> str:
    """Say what an election is, on a few lines, for the person who is to sign it."""
    lines = [describe(Announce(b"", 0), manifest)]
    for name, time_unix_s in (("Opens", manifest.opens), ("Closes", manifest.closes)):
        when = "when organizers say so" if time_unix_s is None else moment(time_unix_s)
        lines.append(f"{name}: {when}")
    for contest in manifest.contests:
        title = next(iter(contest.title.values()))
        lines.append(f"Contest {contest.id}: {title} ({len(contest.options)} options)")
    trustees = manifest.trustees
    names = ", ".join(party.name for party in trustees.parties)
    lines.append(f"Trustees: {names}; {trustees.threshold} of them decrypt")
    return "\n".join(lines)


def _sign_announcement(
    prepared: PreparedAct, signers: list[PartyFolder], file: Path, *, yes: bool
) -> None:
    manifest = announced_manifest(prepared)
    check_signatures(prepared, manifest)
    say(summary(manifest))
    _ask_to_sign(yes=yes)
    for signer in signers:
        prepared = sign_act(prepared, manifest, signer)
    _announce_or_hand_on(prepared, manifest, file)


def _sign_act(
    prepared: PreparedAct, address: str, signers: list[PartyFolder], file: Path, *, yes: bool
) -> None:
    act = prepared.act
    desk = desk_at(address, act.scope.hex())
    if prepared.ledger_id != desk.reader.ledger_id:
        raise InvalidFile(f"{file}: the act is for another ledger than {address}")
    check_signatures(prepared, desk.manifest)
    desk.check_current(act)
    if isinstance(act.body, RollSeal):
        check_roll_seal(desk, act.body)
    say(describe(act.body, desk.manifest))
    _ask_to_sign(yes=yes)
    finish(desk, desk.sign(prepared, signers), file)


def _ask_to_sign(*, yes: bool) -> None:
    if yes:
        return
    if not can_ask():
        raise InvalidQuery("nobody is here to be asked: read the lines above, then give --yes")
    if ask("Sign this? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise typer.Abort


def _announce_or_hand_on(prepared: PreparedAct, manifest: Manifest, out: Path | None) -> None:
    """Ask the operator to admit the election once a quorum has signed it."""
    lacking = missing_signatures(prepared.act, manifest)
    if lacking:
        hand_on(prepared, lacking, out)
        return
    remote = connect(prepared.ledger)
    reader = LedgerReader(remote, now_unix_s())
    if reader.ledger_id != prepared.ledger_id:
        raise InvalidFile(f"the announcement is for another ledger than {prepared.ledger}")
    with waiting("recording"):
        announce = partial(remote.announce, prepared.manifest, prepared.act.signatures)
        for verdict in patiently(announce).verdicts:
            remote.wait(verdict.entry_hash, WAIT_S)
        found = LedgerReader(remote, now_unix_s())
        if found.manifest(prepared.act.scope) != prepared.manifest:
            raise InvalidInclusion("the ledger does not show the election that was announced")
    print_result(prepared.act.scope.hex())
