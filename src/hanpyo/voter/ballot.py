"""Encrypting a ballot, showing its tracker, and signing it. Source: docs/protocol.md 8.2 to 8.6."""

from dataclasses import dataclass, field

from hanpyo import crypto
from hanpyo.election.ballot import PlaintextBallot, check_selections, tracker, tracker_hash
from hanpyo.ledger.entry import Cast, encode_entry
from hanpyo.voter.election import CheckedElection


@dataclass(frozen=True, slots=True)
class Prepared:
    """An encrypted ballot whose voter has not decided yet whether to cast or to challenge it.

    Attributes:
        seed: erased with this value when the ballot is cast; a seed serves one ballot.
    """

    style: int
    ballot: bytes
    tracker: str
    tracker_hash: bytes
    seed: bytes = field(repr=False)
    scores: PlaintextBallot = field(repr=False)


def prepare(
    election: CheckedElection, style: int, credential: bytes, seed: bytes, scores: PlaintextBallot
) -> Prepared:
    """Encrypt selections and prove that they are lawful.

    Args:
        credential: the public X that stands in the roll.
        seed: 32 fresh random bytes, used for nothing else.

    Raises:
        InvalidSelection: no lawful ballot exists for these selections.
    """
    check_selections(election.manifest, style, scores)
    ballot = election.kit.prove(style, credential, seed, scores)
    name = election.election_id, ballot
    return Prepared(style, ballot, tracker(*name), tracker_hash(*name), seed, scores)


def cast(
    election: CheckedElection, prepared: Prepared, secret: bytes, random: bytes, sequence: int
) -> bytes:
    """Sign a ballot and give its entry; the caller keeps it durably before sending it.

    Args:
        secret: the credential's secret scalar.
        random: 32 fresh bytes, never from the ballot's seed: a challenge would give the key away.
        sequence: from `Memory.next_sequence`.
    """
    election_id, style, ballot = election.election_id, prepared.style, prepared.ballot
    signature = crypto.sign_ballot(secret, random, election_id, style, sequence, ballot)
    credential = crypto.credential_public(secret)
    return encode_entry(Cast(election_id, style, credential, sequence, ballot, signature))
