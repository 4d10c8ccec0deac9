"""Contests: one shape for every ballot that is counted by adding. Source: protocol.md 5 and 12.

`contest` says what a contest is, `reading` how it stands in a manifest, `bounds` what is refused,
`selections` which scores are lawful; `builders` make a contest from people's words.
"""

from hanpyo.election.contests.bounds import check_contest
from hanpyo.election.contests.builders import (
    approval,
    budget,
    cumulative,
    matrix,
    one,
    score,
    some,
)
from hanpyo.election.contests.contest import Contest, Limit, Option, Rule, contest_shape
from hanpyo.election.contests.reading import contest_from_json, contest_to_json
from hanpyo.election.contests.selections import check_scores

__all__ = [
    "Contest",
    "Limit",
    "Option",
    "Rule",
    "approval",
    "budget",
    "check_contest",
    "check_scores",
    "contest_from_json",
    "contest_shape",
    "contest_to_json",
    "cumulative",
    "matrix",
    "one",
    "score",
    "some",
]
