"""The voters: a device's checks, and ballots by the thousand, proven while others are taken in."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice

from hanpyo import crypto, voter
from hanpyo.election.ballot import PlaintextBallot
from hanpyo.ledger.entry import (
    Cancel,
    Cast,
    Close,
    Commit,
    Confirm,
    Deal,
    Open,
    Pause,
    Resume,
    Reveal,
    encode_entry,
)
from hanpyo.ledger.reader import LedgerReader
from hanpyo.office.sending import patiently, wait_recorded
from hanpyo.rehearsal.parties import Parties, Voter
from hanpyo.rehearsal.place import Place
from hanpyo.rehearsal.player import Player
from hanpyo.verify import Progress
from hanpyo.voter import CheckedElection

BATCH_BALLOTS = 256
RECORD_SECONDS_MAX = 600.0  # for what still waits in the ledger's queue at the end
BATCHES_AHEAD = 2  # proven, or being proven, before the ledger has taken the one before

_CEREMONY = tuple(body.kind for body in (Commit, Reveal, Deal, Confirm))
_PHASES = tuple(body.kind for body in (Open, Pause, Resume, Cancel, Close))


@dataclass(frozen=True, slots=True)
class Vote:
    """A voter's wish.

    Attributes:
        scores: one score per option, for each contest of the voter's style.
        sequence: 1 for the first ballot of the voter, and so on.
    """

    voter: Voter
    scores: PlaintextBallot
    sequence: int = 1


def check_election(place: Place, election_id: bytes) -> CheckedElection:
    """Check, as a voter's device does, everything that a ballot is encrypted with."""
    now = place.clock()
    reader = LedgerReader(place.ledger, now)
    ceremony = list(reader.all_proven(reader.find(election_id, _CEREMONY)))
    manifest = reader.manifest(election_id)
    checked = voter.check_election(
        election_id, reader.founding, manifest, ceremony, reader.checkpoint, now
    )
    phases = list(reader.all_proven(reader.find(election_id, _PHASES)))
    voter.check_voting_open(checked, phases)
    return checked


def cast_all(
    player: Player, votes: Iterable[Vote], total: int, threads: int, advance: Progress
) -> int:
    """Encrypt, prove, sign and cast ballots, and wait until the last one is recorded.

    One thread proves ahead while this one hands in what is proven and the ledger's own thread
    writes; at most `BATCHES_AHEAD` batches of ballots are in memory besides the ledger's queue.

    Returns:
        How many ballots were cast.

    Raises:
        Rejected: the ledger refuses one.
    """
    election = check_election(player.place, player.election_id)
    make = partial(make_ballots, player.parties, election, threads=threads)
    ledger, done, last = player.place.ledger, 0, b""
    with ThreadPoolExecutor(1, "prover") as prover:
        for entries in _ahead(prover, make, votes):
            patiently(partial(ledger.submit, entries))
            done, last = done + len(entries), entries[-1]
            advance(done, total)
    if last:
        wait_recorded(ledger, player.membership, last, RECORD_SECONDS_MAX)
    return done


def _ahead(
    prover: ThreadPoolExecutor, make: "partial[list[bytes]]", votes: Iterable[Vote]
) -> Iterator[list[bytes]]:
    """Give batches of entries in order, with others being made meanwhile."""
    waiting: deque[Future[list[bytes]]] = deque()
    source = iter(votes)
    while batch := list(islice(source, BATCH_BALLOTS)):
        waiting.append(prover.submit(make, batch))
        if len(waiting) > BATCHES_AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def make_ballots(
    parties: Parties, election: CheckedElection, votes: Sequence[Vote], *, threads: int
) -> list[bytes]:
    """Make the entries of ballots; secrets live no longer than this call."""
    secrets = [parties.credential(vote.voter) for vote in votes]
    names = [crypto.credential_public(secret) for secret in secrets]
    items = [
        (vote.voter.style, name, _fresh(parties, "ballot", vote), vote.scores)
        for vote, name in zip(votes, names, strict=True)
    ]
    entries = []
    ballots = election.kit.prove_many(items, threads)
    for vote, secret, name, ballot in zip(votes, secrets, names, ballots, strict=True):
        style, sequence, random = vote.voter.style, vote.sequence, _fresh(parties, "cast", vote)
        signature = crypto.sign_ballot(
            secret, random, election.election_id, style, sequence, ballot
        )
        cast = Cast(election.election_id, style, name, sequence, ballot, signature)
        entries.append(encode_entry(cast))
    return entries


def _fresh(parties: Parties, name: str, vote: Vote) -> bytes:
    """Give 32 bytes that serve one ballot only."""
    return parties.secret(f"{name} {vote.sequence}", vote.voter.number)
