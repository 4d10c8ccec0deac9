"""A voter's own device: what it checks, encrypts, signs, opens and remembers. Pure.

The secret of the credential and the seed of a ballot enter as arguments and leave in nothing but
what is meant to leave. Whoever calls keeps `Memory` durably *before* a ballot is sent.
Source: docs/protocol.md sections 6 and 8.
"""

from hanpyo.voter.ballot import Prepared, cast, prepare
from hanpyo.voter.challenge import Opened, check_challenge
from hanpyo.voter.credential import check_invitation, make_request
from hanpyo.voter.election import (
    CheckedElection,
    check_election,
    check_enrolled,
    check_manifest,
    check_voting_open,
)
from hanpyo.voter.memory import Memory, memory_from_json, memory_to_json
from hanpyo.voter.row import RecordedBallot, RowRecord, read_row
from hanpyo.voter.selections import (
    Answer,
    answers,
    rule_in_words,
    scores_from_json,
    scores_of,
)

__all__ = [
    "Answer",
    "CheckedElection",
    "Memory",
    "Opened",
    "Prepared",
    "RecordedBallot",
    "RowRecord",
    "answers",
    "cast",
    "check_challenge",
    "check_election",
    "check_enrolled",
    "check_invitation",
    "check_manifest",
    "check_voting_open",
    "make_request",
    "memory_from_json",
    "memory_to_json",
    "prepare",
    "read_row",
    "rule_in_words",
    "scores_from_json",
    "scores_of",
]
