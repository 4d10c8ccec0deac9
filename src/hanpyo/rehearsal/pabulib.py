"""Holding a real election again from its published ballots (`.pb`), every one for real."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hanpyo.election.manifest import Manifest, Party
from hanpyo.errors import InvalidFile, InvalidResult
from hanpyo.formats.pabulib import (
    FILE_BYTES_MAX,
    PabulibElection,
    PabulibFile,
    election_from_pabulib,
    official_totals,
    parse_pabulib,
)
from hanpyo.office.files import read_file
from hanpyo.rehearsal.parties import Parties, Voter
from hanpyo.rehearsal.place import consortium, embedded
from hanpyo.rehearsal.player import Held, Player, Watch
from hanpyo.rehearsal.records import beside, check_new, put_in_place
from hanpyo.rehearsal.voting import Vote, cast_all

SMALLEST_TALLY = 2  # the least there is; smaller districts are opened together

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal that was held.

    Attributes:
        ballots: how many were cast.
        official: the file's own totals by option; `None` where it has none.
    """

    held: Held
    ballots: int
    official: Mapping[str, int] | None

    def differences(self) -> list[tuple[str, int, int]]:
        """Give (option, official total, ours) wherever they differ."""
        (ours,) = self.held.totals().values()
        known = self.official or {}
        return [(id, due, ours[id]) for id, due in known.items() if ours[id] != due]


def read_election(path: Path, say: Say) -> tuple[PabulibFile, PabulibElection]:
    """Read a file, and tell what of it is not cast, or not as it stands there.

    Raises:
        InvalidFile: the message lists every fault by its line.
    """
    try:
        text = read_file(path, FILE_BYTES_MAX).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidFile(f"{path}: byte {error.start} is no UTF-8 text") from error
    try:
        file = parse_pabulib(text)
        election = election_from_pabulib(file)
    except InvalidFile as error:
        lines = str(error).splitlines()
        raise InvalidFile("\n".join(f"{path}: {line}" for line in lines)) from error
    if len(election.rows) < SMALLEST_TALLY:
        raise InvalidFile(f"{path}: fewer than {SMALLEST_TALLY} ballots are never opened")
    for note in election.notes:
        say(f"note: {note}")
    for line, why in file.outside:
        say(f"line {line}: not cast: {why}")
    if file.outside:
        say(f"{len(file.outside)} ballots are outside the file's own limits and are not cast.")
    return file, election


def manifest_of(election: PabulibElection, parties: Parties) -> Manifest:
    """Fix what is fixed before the election opens."""
    return Manifest(
        kind="election",
        title=election.title,
        description=election.description,
        nonce=parties.secret("nonce"),
        organizers=parties.organizers(),
        registrar=Party(parties.registrar.name, parties.registrar.key),
        trustees=parties.trustees(),
        contests=(election.contest,),
        districts=election.districts,
        styles=((0,),),
        smallest_tally=SMALLEST_TALLY,
        ballots_per_row=1,
    )


def rehearse(
    path: Path, record: Path, threads: int, watch: Watch, say: Say, *, members: int = 0
) -> Rehearsal:
    """Hold a file's election: every ballot encrypted, proven, signed, recorded and counted.

    Args:
        record: where the record goes; the folder is there whole at the end, or not at all.
        threads: how many threads Rust may use in one call.
        members: hold it on a consortium of so many nodes; 0: on an embedded ledger.

    Raises:
        InvalidFile: the file cannot be read as an election.
        InvalidQuery: something stands at `record`.
    """
    check_new(record)
    file, election = read_election(path, say)
    parties = Parties(secrets.token_bytes(32))
    with beside(record) as scratch:
        where = (
            consortium(scratch / "cluster", members)
            if members
            else embedded(scratch / "ledger", parties.operator(), threads)
        )
        with where as place:
            player = Player(place, parties, manifest_of(election, parties), threads)
            ballots = _vote(player, election, threads, watch)
            with watch("writing the record for the trustees"):
                player.write_record(scratch / "closed")
            player.verify_and_seal(scratch / "closed", watch)
            with watch("opening the totals"):
                held = player.decrypt()
            _check_all_counted(held, ballots)
            with watch("writing the record"):
                player.write_record(scratch / "record")
        put_in_place(scratch / "record", record)
    return Rehearsal(held, ballots, official_totals(file))


def _check_all_counted(held: Held, ballots: int) -> None:
    """See that what was cast was counted: all of it, and nothing else.

    Raises:
        InvalidResult: it was not.
    """
    (result,) = held.results
    counted = 0 if result.counted is None else result.counted.ballots
    if counted != ballots:
        raise InvalidResult(f"{ballots} ballots were cast, but {counted} were counted")


def _vote(player: Player, election: PabulibElection, threads: int, watch: Watch) -> int:
    """Go from the announcement to the closing."""
    voters = [
        Voter(number, f"line {row.line}", 0, row.district)
        for number, row in enumerate(election.rows)
    ]
    with watch("making the trustees' key"):
        player.announce()
        player.make_key()
    with watch("sealing the roll"):
        player.seal_roll(voters)
    with watch("enrolling") as advance:
        player.enroll(advance)
    player.open()

    def votes() -> Iterator[Vote]:
        for voter, row in zip(voters, election.rows, strict=True):
            yield Vote(voter, (election.scores(row),))

    with watch("casting ballots") as advance:
        ballots = cast_all(player, votes(), len(voters), threads, advance)
    player.close()
    return ballots
