"""Who wins: from a contest's opened totals to its outcome, in steps that a person can follow.

Whole numbers only, so that every machine finds the same. Each family of rules is one file, and
`thresholds` holds what is common to all. Nothing here knows of encryption.

Source: docs/protocol.md 12.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from hanpyo.election.contests import Contest
from hanpyo.election.counting.budget import count_budget
from hanpyo.election.counting.items import count_items
from hanpyo.election.counting.majority import count_majority
from hanpyo.election.counting.outcome import (
    DECIDED,
    NO_MAJORITY,
    NOT_OPENED,
    TIED,
    TOO_FEW,
    ContestOutcome,
    Counted,
)
from hanpyo.election.counting.ranking import count_ranking
from hanpyo.election.counting.thresholds import turnout
from hanpyo.errors import InvalidQuery

__all__ = [
    "DECIDED",
    "NOT_OPENED",
    "NO_MAJORITY",
    "TIED",
    "TOO_FEW",
    "ContestOutcome",
    "Counted",
    "count",
]

FAMILIES: Mapping[str, Callable[[Contest, Counted], ContestOutcome]] = {
    "plurality": count_ranking,
    "majority": count_majority,
    "approval": count_ranking,
    "score-sum": count_ranking,
    "score-mean": count_ranking,
    "cumulative": count_ranking,
    "budget": count_budget,
    "items": count_items,
}


def count(contest: Contest, counted: Counted | None) -> ContestOutcome:
    """Find the outcome of one contest.

    Args:
        contest: as the manifest has it; its rule fits its form.
        counted: the sums over its published groups, or None where no group was opened.

    Raises:
        InvalidQuery: the totals are not one per option.
    """
    if counted is None:
        steps = ("Too few ballots to open any sum of this contest without showing single votes.",)
        return ContestOutcome(NOT_OPENED, (), (), steps)
    if len(counted.totals) != len(contest.options):
        raise InvalidQuery(
            f"contest {contest.id}: {len(counted.totals)} totals for {len(contest.options)} options"
        )
    enough, first_steps = turnout(contest.rule, counted)
    if not enough:
        return ContestOutcome(TOO_FEW, (), (), first_steps)
    outcome = FAMILIES[contest.rule.name](contest, counted)
    return replace(outcome, steps=first_steps + outcome.steps)
