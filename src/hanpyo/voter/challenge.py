"""The second device: it makes a challenged ballot again and says what it holds (8.6)."""

from dataclasses import dataclass

from hanpyo.election.ballot import PlaintextBallot, check_selections, tracker, tracker_hash
from hanpyo.election.papers import Challenge
from hanpyo.errors import InvalidProof, InvalidQuery
from hanpyo.voter.election import CheckedElection


@dataclass(frozen=True, slots=True)
class Opened:
    """What a second device found in a challenged ballot."""

    tracker: str
    scores: PlaintextBallot


def check_challenge(election: CheckedElection, challenge: Challenge, credential: bytes) -> Opened:
    """Make the ballot again from its seed and compare the whole hash.

    Args:
        election: checked by this device, with a node of its own choice.
        credential: the row's X, from that node, by the row number printed on the invitation.

    Returns:
        The selections that the ballot holds, and its number.

    Raises:
        InvalidProof: the first device made another ballot than it says.
    """
    if challenge.election_id != election.election_id:
        raise InvalidQuery("the challenge is of another election")
    if challenge.style >= len(election.manifest.styles):
        raise InvalidQuery(f"the election has no ballot style {challenge.style}")
    check_selections(election.manifest, challenge.style, challenge.scores)
    ballot = election.kit.prove(challenge.style, credential, challenge.seed, challenge.scores)
    if tracker_hash(election.election_id, ballot) != challenge.tracker_hash:
        raise InvalidProof("the ballot that was shown does not hold these selections")
    return Opened(tracker(election.election_id, ballot), challenge.scores)
