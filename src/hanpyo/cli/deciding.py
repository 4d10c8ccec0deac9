"""From selections to a ballot that is signed and under way, or opened to a second device."""

import secrets
from dataclasses import dataclass
from pathlib import Path

import typer

from hanpyo import crypto
from hanpyo import voter as machine
from hanpyo.cli.device import Booth, Device
from hanpyo.cli.filling import fill_in, read_ballot, show
from hanpyo.cli.output import ask, can_ask, print_result, say
from hanpyo.election.ballot import PlaintextBallot
from hanpyo.election.papers import Challenge, Invitation, challenge_to_json
from hanpyo.errors import InvalidQuery
from hanpyo.office.files import write_json
from hanpyo.voter import CheckedElection, Prepared


@dataclass(frozen=True, slots=True)
class Wish:
    """What the voter asked of `hanpyo vote`."""

    ballot: Path | None
    challenge: bool
    out: Path
    yes: bool


def sign_ballot(device: Device, booth: Booth, election: CheckedElection, wish: Wish) -> Device:
    """Fill in, encrypt, show the tracker, and then sign or open; the ballot is under way if signed.

    A challenged ballot is followed by a fresh one with the same selections, if somebody is asked.
    """
    invited, credential = device.invitation, crypto.credential_public(device.secret)
    row = booth.row(invited.row)
    booth.check_enrolled(election, row, credential)
    booth.check_open(election)
    style = booth.listed(invited).style
    scores = _selections(election, style, wish.ballot)
    for line in show(election.manifest, style, scores):
        say(line)
    while True:
        seed = secrets.token_bytes(32)
        prepared = machine.prepare(election, style, credential, seed, scores)
        say(f"Your ballot number: {prepared.tracker}")
        say(f"For the second device: {prepared.tracker_hash.hex()}")
        decision = _decide(wish)
        if decision == "stop":
            raise typer.Abort
        if decision == "cast":
            sequence = device.memory.next_sequence(row.sequence)
            random = secrets.token_bytes(32)
            entry = machine.cast(election, prepared, device.secret, random, sequence)
            return device.keep(device.memory.signed(sequence, entry))
        _write_challenge(prepared, invited, wish.out)
        if wish.challenge:
            return device
        say("That ballot is not cast. Here is a fresh one with the same selections.")


def _selections(election: CheckedElection, style: int, ballot: Path | None) -> PlaintextBallot:
    if ballot is not None:
        return read_ballot(ballot, election.manifest, style)
    if not can_ask():
        raise InvalidQuery("nobody is here to be asked: give the selections by --ballot")
    return fill_in(election.manifest, style)


def _decide(wish: Wish) -> str:
    """Ask what becomes of the ballot, after its number was shown."""
    if wish.challenge or wish.yes:
        return "test" if wish.challenge else "cast"
    if not can_ask():
        raise InvalidQuery("nobody is here to be asked: give --yes to cast, or --challenge")
    while True:
        answer = ask("[c]ast my vote, [t]est this device, or [s]top: ").strip().lower()
        found = [word for word in ("cast", "test", "stop") if answer and word.startswith(answer)]
        if found:
            return found[0]


def _write_challenge(prepared: Prepared, invited: Invitation, out: Path) -> None:
    """Write a challenge for the second device."""
    opened = Challenge(
        election_id=invited.election_id,
        row=invited.row,
        style=prepared.style,
        tracker_hash=prepared.tracker_hash,
        seed=prepared.seed,
        scores=prepared.scores,
    )
    write_json(out, challenge_to_json(opened))
    say("On the second device, run `hanpyo challenge check` with this file; then delete it:")
    print_result(str(out))
