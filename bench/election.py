"""A real election of 5-option ballots: recording, closing, and verifying it from its files."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median

from bench.command import run_hanpyo
from bench.figures import Figure
from hanpyo.election.contests import Option, Rule, one
from hanpyo.election.manifest import District, Manifest, Party
from hanpyo.ledger.entry import Cast, decode_entry
from hanpyo.node.storage.records import open_record
from hanpyo.rehearsal.parties import Parties, Voter
from hanpyo.rehearsal.place import embedded
from hanpyo.rehearsal.player import Player
from hanpyo.rehearsal.voting import Vote, check_election, make_ballots
from hanpyo.verify import verify_record

BATCH = 256
CHECKED_BALLOTS = 1_024  # checked at once, as `hanpyo verify` does
ROUNDS = 7
OPTIONS = 5
TITLE = {"en": "Bench"}
ROOT = Path(__file__).resolve().parent.parent
MIB = 1024  # in the kB that the system counts

CheckItem = tuple[int, bytes, int, bytes, bytes]  # as crypto.BallotKit.check takes it


def measure(folder: Path, ballots: int, fewer_ballots: int) -> list[Figure]:
    """Hold an election, and measure each step beside the bulk check of the same ballots.

    Args:
        folder: for the records.
        ballots: how many.
        fewer_ballots: of a second election, for what a further row costs, and for verifier/.
    """
    held = Bench(folder / "large", ballots)
    fewer = Bench(folder / "small", fewer_ballots)
    memory_kb = _memory_kb(held.record)
    a_row = (memory_kb - _memory_kb(fewer.record)) / (ballots - fewer_ballots)
    a_second = fewer_ballots / _verifier_seconds(fewer.record)
    recording = held.record_seconds / held.check_seconds
    verifying = _verify_ratio(held)
    return [
        Figure("a 5-option contest, bytes", held.contest_bytes, 520),
        Figure("a 5-option ballot as an entry, bytes", held.entry_bytes, 720),
        Figure(f"bytes to durable, batches of {BATCH}, against the bulk check", recording, 2.2),
        Figure(f"closing {ballots:,} ballots, s", held.close_seconds, 0.1),
        Figure(f"verifying {ballots:,} ballots against the bulk check", verifying, 2.0),
        Figure("memory of hanpyo verify, MiB", memory_kb / MIB, 300),
        Figure("its memory for a further row, kB", a_row, 1.0),
        Figure("verifier/: ballots a second a core", a_second, 150, at_least=True),
    ]


class Bench:
    """An election that was held for measuring.

    Attributes:
        ballots: how many.
        record: its folder, with the log up to the closing.
        check_seconds: of the bulk check of one batch, median.
        record_seconds: of the same batch from bytes to durable acknowledgement, median.
    """

    def __init__(self, folder: Path, ballots: int) -> None:
        """Hold it."""
        folder.mkdir()
        self.ballots = ballots
        parties = Parties(os.urandom(32))
        self.record = folder / "record"
        voters = [Voter(number, f"voter {number}") for number in range(ballots)]
        with embedded(folder / "ledger", parties.operator(), 1) as place:
            player = Player(place, parties, manifest_for(parties), 2)
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
        self._kit, self._sample = election.kit, list[CheckItem]()
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
            if len(self._sample) < CHECKED_BALLOTS:
                self._sample += items
            if len(batch) == BATCH:
                checked.append(middle - start)
                recorded.append(end - middle)
        self.contest_bytes, self.entry_bytes = len(casts[0].ballot), len(entries[0])
        self.check_seconds, self.record_seconds = median(checked), median(recorded)

    def check_all_seconds(self) -> float:
        """Measure the bulk check as it is now, and give what it takes for all ballots."""
        seconds = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            assert not any(self._kit.check(self._sample, 1).verdicts)
            seconds.append(time.perf_counter() - start)
        return median(seconds) * self.ballots / len(self._sample)


def _batches(voters: Sequence[Voter]) -> Iterator[list[Voter]]:
    source = iter(voters)
    while batch := list(islice(source, BATCH)):
        yield batch


def manifest_for(parties: Parties) -> Manifest:
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


def _verify_ratio(held: Bench) -> float:
    """Compare verifying on one thread with the bulk check just before and just after."""
    before = held.check_all_seconds()
    start = time.perf_counter()
    assert verify_record(open_record(held.record), threads=1).valid
    seconds = time.perf_counter() - start
    return 2 * seconds / (before + held.check_all_seconds())


def _memory_kb(record: Path) -> int:
    """Verify with the command, and give the most memory that it took."""
    report, used_kb = run_hanpyo("verify", str(record))
    assert report["valid"]
    return used_kb


def _verifier_seconds(record: Path) -> float:
    command = [sys.executable, str(ROOT / "verifier"), str(record), "--processes", "1"]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start
