"""The demonstration: a small secret election, told step by step while it is held."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hanpyo import crypto, voter
from hanpyo.election.ballot import PlaintextBallot
from hanpyo.election.papers import Challenge
from hanpyo.errors import ElectionError, InvalidProof, InvalidQuery
from hanpyo.ledger.entry import Act, Consortium, Genesis, decode_entry
from hanpyo.ledger.reader import LedgerReader
from hanpyo.ledger.record import COMMITS
from hanpyo.node.storage.records import open_record
from hanpyo.rehearsal import demo_voters as town
from hanpyo.rehearsal.cluster import NAMES
from hanpyo.rehearsal.parties import OPERATOR_NAME, THRESHOLD, TRUSTEE_COUNT, Parties, Voter
from hanpyo.rehearsal.place import embedded
from hanpyo.rehearsal.player import Held, Player
from hanpyo.rehearsal.records import beside, put_in_place
from hanpyo.rehearsal.voting import Vote, cast_all, check_election
from hanpyo.verify import Progress
from hanpyo.voter import CheckedElection

RECORD_TOP = {"blocks", "checkpoint", "tile"}


class Told(Protocol):
    """Whoever tells a person what happens."""

    def heading(self, text: str, /) -> None:
        """Begin a new step."""
        ...

    def line(self, text: str, /) -> None:
        """Say one thing."""
        ...


@dataclass(frozen=True, slots=True)
class DemoElection:
    """The election that was held, and how many entries its record has."""

    held: Held
    entries: int


def may_replace(record: Path) -> bool:
    """Tell whether a folder is the record of an earlier demonstration, with nothing else in it."""
    names = set() if record.is_symlink() else {each.name for each in record.iterdir()}
    if names - {COMMITS} != RECORD_TOP:
        return False
    try:
        reader = open_record(record)
        first = decode_entry(reader.entry(0))
        if any(not fault.why.endswith("is missing") for fault in reader.file_faults()):
            return False
    except ElectionError:
        return False
    founding = first.body if isinstance(first, Act) else None
    if isinstance(founding, Consortium):
        return {each.name for each in founding.validators} == set(NAMES)
    return isinstance(founding, Genesis) and founding.members[0].name == OPERATOR_NAME


def hold_demo(record: Path, threads: int, told: Told) -> DemoElection:
    """Hold the election and write its record, which replaces an earlier demonstration's.

    Args:
        record: where the record goes; it is there whole at the end, or as it was before.

    Raises:
        InvalidQuery: something else stands there.
    """
    is_old = record.exists() and (not record.is_dir() or any(record.iterdir()))
    if is_old and not (record.is_dir() and may_replace(record)):
        raise InvalidQuery(f"{record} holds something else: move it away, or choose --record DIR")
    parties = Parties(secrets.token_bytes(32))
    with beside(record) as scratch:
        with embedded(scratch / "ledger", parties.operator(), threads) as place:
            player = Player(place, parties, town.demo_manifest(parties), threads)
            prepare(player, told)
            test_devices(player, told)
            _vote(player, threads, told)
            held = open_totals(player, scratch / "closed", told)
            entries = player.write_record(scratch / "record")
        put_in_place(scratch / "record", record, scratch / "old" if is_old else None)
    return DemoElection(held, entries)


def prepare(player: Player, told: Told) -> None:
    """Bring the election to the point where voting is open."""
    told.heading("Three trustees make a key")
    player.announce()
    player.make_key()
    told.line(f"Each of {TRUSTEE_COUNT} trustees holds a part. Any {THRESHOLD} together can open")
    told.line("totals; one alone can open nothing, and nobody ever holds the whole key.")
    told.heading("The roll is sealed")
    player.seal_roll(town.demo_voters())
    player.enroll(_unseen)
    told.line(f"{town.ROLL_SIZE} rows without names. From now on any change of it is public.")
    player.open()


def test_devices(player: Player, told: Told) -> None:
    """Let voters test their devices; one device has been tampered with, and is found out."""
    told.heading("Some voters test their device")
    election = check_election(player.place, player.election_id)
    people = town.demo_voters()[town.VOTERS - town.CHALLENGES - 1 : town.VOTERS]
    for person in people[:-1]:
        opened = _challenge(player, election, person, town.wish(player.parties, person))
        assert opened == town.wish(player.parties, person), "an honest device holds what it says"
    told.line(f"{town.CHALLENGES} voters let a second device open a ballot before it was cast.")
    told.line("Each held exactly what its voter had chosen. An opened ballot is never cast.")
    try:
        _challenge(player, election, people[-1], town.wish(player.parties, people[-1], 2))
    except InvalidProof:
        told.line("One more device had put in another option than its voter chose: found out.")
    else:
        raise AssertionError("a ballot with other selections must not pass")


def _challenge(
    player: Player, election: CheckedElection, person: Voter, really: PlaintextBallot
) -> PlaintextBallot:
    """Make a ballot on one device, and open it on another.

    Args:
        really: what the device puts into the ballot; it says that it is what the voter wishes.

    Returns:
        What the second device found in it.
    """
    parties = player.parties
    credential = crypto.credential_public(parties.credential(person))
    seed = parties.secret("challenged ballot", person.number)
    shown = voter.prepare(election, person.style, credential, seed, really)
    row = player.roll.voters.index(person)
    said = Challenge(
        election.election_id,
        row,
        person.style,
        shown.tracker_hash,
        seed,
        town.wish(parties, person),
    )
    return voter.check_challenge(election, said, credential).scores


def _vote(player: Player, threads: int, told: Told) -> None:
    told.heading("The voters vote")
    people = town.demo_voters()[: town.VOTERS]
    first = [Vote(person, town.wish(player.parties, person)) for person in people]
    again = [
        Vote(person, town.wish(player.parties, person, 2), 2) for person in people[: town.CHANGED]
    ]
    cast_all(player, first, len(first), threads, _unseen)
    cast_all(player, again, len(again), threads, _unseen)
    told.line(f"{len(first)} people voted. {len(again)} of them voted again: the last one counts.")
    told.line("Every ballot was encrypted on the voter's device, with a proof that it keeps")
    told.line("the rules. The proof tells nothing else about it.")
    _find_again(player, people[0], told)
    player.close()
    told.line("Voting is closed.")


def _find_again(player: Player, person: Voter, told: Told) -> None:
    """Let somebody find the ballot that counts, every entry of the row proven."""
    row = player.roll.voters.index(person)
    reader = LedgerReader(player.place.ledger, player.place.clock())
    indexes = reader.find_row(player.election_id, row)
    entries = [(index, reader.entry(index)) for index in indexes]
    found = voter.read_row(player.election_id, row, entries).counted
    assert found is not None, "somebody who voted has a ballot that counts"
    told.line(f"{person.reference.capitalize()} finds the one that counts by its ballot number")
    told.line(f"{found.tracker}: entry {found.index}.")


def open_totals(player: Player, record: Path, told: Told) -> Held:
    """Let the trustees verify the closed election, seal it, and open its totals."""
    told.heading("The trustees verify, seal, and open the totals")
    entries = player.write_record(record)
    player.verify_and_seal(record, _unwatched)
    told.line(f"Each trustee checked all {entries} entries on its own, and then sealed them.")
    held = player.decrypt()
    names = " and ".join(str(number + 1) for number in range(THRESHOLD))
    told.line(f"Trustees {names} opened the totals, and only the totals. The third was not needed.")
    return held


def _unseen(_done: int, _total: int) -> None:
    """Show nothing: a step of the demonstration takes a second."""


def _unwatched(_what: str) -> AbstractContextManager[Progress]:
    return nullcontext(_unseen)


def first_failure(report: Mapping[str, object]) -> str:
    """Give the first failure of a verifier's report in one sentence; empty where there is none."""
    checks = report.get("checks")
    for check in checks if isinstance(checks, Sequence) else ():
        for failure in check["failures"]:
            place = "" if failure["entry"] is None else f"entry {failure['entry']}: "
            return f"{place}{failure['why']} (check {check['id']})"
    return ""
