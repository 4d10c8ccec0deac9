"""An election on a cluster, ready for its voters: ballots are proven before any clock starts."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.election import manifest_for
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.rehearsal.cluster import Cluster
from hanpyo.rehearsal.parties import Parties, Voter
from hanpyo.rehearsal.place import Place
from hanpyo.rehearsal.player import Player
from hanpyo.rehearsal.voting import Vote, check_election, make_ballots

SLICE = 4_096
OPTIONS = 5


@dataclass(frozen=True, slots=True)
class Opening:
    """Voting is open, and every elector's ballot is in memory.

    Attributes:
        ballots: as entries, each of another elector.
        size: of the log before the first of them.
    """

    player: Player
    ballots: Sequence[bytes]
    size: int


def open_election(cluster: Cluster, electors: int, threads: int) -> Opening:
    """Hold everything of an election that comes before its first ballot."""
    remote = RemoteLedger(cluster.url(0))
    try:
        return opened_at(remote, electors, threads)
    finally:
        remote.close()


def opened_at(remote: RemoteLedger, electors: int, threads: int) -> Opening:
    """Hold everything of an election that comes before its first ballot, at any ledger."""
    parties = Parties(os.urandom(32))
    player = Player(Place(remote, remote.announce), parties, manifest_for(parties), threads)
    player.announce()
    player.make_key()
    voters = [Voter(number, f"elector {number}") for number in range(electors)]
    player.seal_roll(voters)
    player.enroll(_unseen)
    player.open()
    election = check_election(player.place, player.election_id)
    ballots: list[bytes] = []
    for start in range(0, electors, SLICE):
        chosen = voters[start : start + SLICE]
        votes = [Vote(voter, [_choice(voter.number)]) for voter in chosen]
        ballots += make_ballots(parties, election, votes, threads=threads)
    time.sleep(1.0)  # the cluster is quiet again
    return Opening(player, ballots, remote.checkpoint().size)


def _choice(number: int) -> list[int]:
    return [int(option == number % OPTIONS) for option in range(OPTIONS)]


def _unseen(_done: int, _total: int) -> None:
    """Show nothing."""
