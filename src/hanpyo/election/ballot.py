"""The ballot: which selections are lawful, its tracker, and the kit that makes and checks it.

Source: protocol.md 3 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from hanpyo import crypto
from hanpyo.election.ceremony import JointKey
from hanpyo.election.contests import check_scores, contest_shape
from hanpyo.election.manifest import Manifest
from hanpyo.encoding import crockford, frame
from hanpyo.errors import InvalidSelection

TRACKER_BYTES = 15  # of the hash; the second device compares all of it
TRACKER_GROUP = 4

PlaintextBallot = tuple[tuple[int, ...], ...]  # the scores of each contest of a style, in order


def ballot_kit(election_id: bytes, manifest: Manifest, joint_key: JointKey) -> crypto.BallotKit:
    """Decode once what every ballot of an election is made and checked with."""
    shapes = [contest_shape(contest) for contest in manifest.contests]
    return crypto.BallotKit(
        election_id, joint_key.digest, joint_key.slot_keys, shapes, manifest.styles
    )


def check_selections(manifest: Manifest, style: int, scores: Sequence[Sequence[int]]) -> None:
    """Refuse selections for which no lawful ballot exists.

    Args:
        style: which contests the voter's row has.
        scores: of each of these contests, in the manifest's order.

    Raises:
        InvalidSelection: the message names the contest and the limit, in words.
    """
    contests = manifest.style_contests(style)
    if len(scores) != len(contests):
        raise InvalidSelection(f"{len(scores)} contests are filled in, must be {len(contests)}")
    for contest, marked in zip(contests, scores, strict=True):
        try:
            check_scores(contest, marked)
        except InvalidSelection as error:
            raise InvalidSelection(f"contest {contest.id!r}: {error}") from None


def tracker_hash(election_id: bytes, ballot: bytes) -> bytes:
    """Give the whole hash that a second device takes before the voter decides."""
    return sha256(frame("tracker", election_id, ballot)).digest()


def tracker(election_id: bytes, ballot: bytes) -> str:
    """Give what the voter keeps, such as `1TZP-0W9K-...`; it tells nothing about the selections."""
    text = crockford(tracker_hash(election_id, ballot)[:TRACKER_BYTES])
    starts = range(0, len(text), TRACKER_GROUP)
    return "-".join(text[start : start + TRACKER_GROUP] for start in starts)
