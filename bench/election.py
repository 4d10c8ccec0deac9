"""A real election of 5-option ballots: recording, closing, and verifying it from its files."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median

from bench.figures import Figure
from hanpyo.election.contests import Option, Rule, one
from hanpyo.election.manifest import District, Manifest, Party
from hanpyo.ledger.entry import Cast, decode_entry
from hanpyo.node.records import open_record
from hanpyo.rehearsal.parties import Parties, Voter
from hanpyo.rehearsal.place import embedded
from hanpyo.rehearsal.player import Player
from hanpyo.rehearsal.voting import Vote, check_election, make_ballots
from hanpyo.verify import verify_record

BATCH = 256
OPTIONS = 5
TITLE = {"en": "Bench"}
ROOT = Path(__file__).resolve().parent.parent
MIB = 1024  # in the kB that the system counts


def measure(folder: Path, ballots: int, verifier_ballots: int) -> list[Figure]:
    """Hold an election, and measure each step beside the bulk check of the same ballots."""
    held = Bench(folder / "large", ballots)
    small = Bench(folder / "small", verifier_ballots)
    memory = _memory_kb(held.record) - _memory_kb(small.record)
    check = held.check_seconds * ballots / BATCH
    return [
        Figure("a 5-option contest, bytes", held.contest_bytes, 520),
        Figure("a 5-option ballot as an entry, bytes", held.entry_bytes, 720),
        Figure(
            f"bytes to durable, batches of {BATCH}, against the bulk check",
            held.record_seconds / held.check_seconds,
            2.2,
        ),
        Figure(f"closing {ballots:,} ballots, s", held.close_seconds, 0.1),
        Figure(
            f"verifying {ballots:,} ballots against the bulk check",
            _verify_seconds(held.record) / check,
            2.0,
        ),
        Figure("memory of hanpyo verify, MiB", _memory_kb(held.record) / MIB, 300),
        Figure("its memory for a further row, kB", memory / (ballots - verifier_ballots), 1.0),
        Figure(
            "verifier/: ballots a second a core",
            verifier_ballots / _verifier_seconds(small.record),
            150,
            at_least=True,
        ),
    ]


class Bench:
    """An election that was held for measuring.

    Attributes:
        check_seconds: of the bulk check of one batch, median.
        record_seconds: of the same batch from bytes to durable acknowledgement, median.
    """

    def __init__(self, folder: Path, ballots: int) -> None:
        """Hold it."""
        folder.mkdir()
        parties = Parties(os.urandom(32))
        self.record = folder / "record"
        voters = [Voter(number, f"voter {number}") for number in range(ballots)]
        with embedded(folder / "ledger", parties.operator(), 1) as place:
            player = Player(place, parties, _manifest(parties), 2)
            player.announce()
            player.make_key()
            player.seal_roll(voters)
            player.enroll(lambda _done, _total: None)
            player.open()
            self._vote(player, voters)
            start = time.perf_counter()
            player.close()
            self.close_seconds = time.perf_counter() - start
            player.write_record(self.record)

    def _vote(self, player: Player, voters: Sequence[Voter]) -> None:
        election = check_election(player.place, player.election_id)
        ledger, checked, recorded = player.place.ledger, [], []
        for batch in _batches(voters):
            votes = [Vote(voter, ((1, 0, 0, 0, 0),)) for voter in batch]
            entries = make_ballots(player.parties, election, votes, threads=2)
            casts = [cast for cast in map(decode_entry, entries) if isinstance(cast, Cast)]
            items = [(c.style, c.credential, c.sequence, c.ballot, c.signature) for c in casts]
            start = time.perf_counter()
            assert not any(election.kit.check(items, 1).verdicts)
            middle = time.perf_counter()
            admission = ledger.submit(entries)
            ledger.wait(admission.verdicts[-1].entry_hash, 60)
            end = time.perf_counter()
            if len(batch) == BATCH:
                checked.append(middle - start)
                recorded.append(end - middle)
        self.contest_bytes, self.entry_bytes = len(casts[0].ballot), len(entries[0])
        self.check_seconds, self.record_seconds = median(checked), median(recorded)


def _batches(voters: Sequence[Voter]) -> Iterator[list[Voter]]:
    source = iter(voters)
    while batch := list(islice(source, BATCH)):
        yield batch


def _manifest(parties: Parties) -> Manifest:
    options = [Option(f"option-{number}", TITLE) for number in range(OPTIONS)]
    return Manifest(
        kind="election",
        title=TITLE,
        description={},
        nonce=os.urandom(32),
        organizers=parties.organizers(),
        registrar=Party(parties.registrar.name, parties.registrar.key),
        trustees=parties.trustees(),
        contests=(one("bench", TITLE, options, Rule("plurality")),),
        districts=(District("all", TITLE),),
        styles=((0,),),
        smallest_tally=2,
        ballots_per_row=1,
    )


def _verify_seconds(record: Path) -> float:
    start = time.perf_counter()
    assert verify_record(open_record(record), threads=1).valid
    return time.perf_counter() - start


def _memory_kb(record: Path) -> int:
    """Verify with the command, and give the most memory that it took."""
    command = [str(Path(sys.executable).parent / "hanpyo"), "verify", str(record), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        report = json.loads(process.stdout.read())
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert report["valid"]
    return used.ru_maxrss


def _verifier_seconds(record: Path) -> float:
    command = [sys.executable, str(ROOT / "verifier"), str(record), "--processes", "1"]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start
