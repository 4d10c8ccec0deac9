"""Majority: one option, with more than a share of all.

Source: docs/protocol.md 12.
"""

from __future__ import annotations

from hanpyo.election.contests import Contest
from hanpyo.election.counting.outcome import (
    DECIDED,
    NO_MAJORITY,
    TIED,
    ContestOutcome,
    Counted,
)
from hanpyo.election.counting.thresholds import levels, standing
from hanpyo.election.counting.words import comparison, labels


def count_majority(contest: Contest, counted: Counted) -> ContestOutcome:
    """Elect the option with the highest total, if it is more than p/q of the base."""
    options, first_steps = standing(contest, counted)
    p, q = contest.rule.share
    if contest.rule.base == "marked":
        base = sum(counted.totals) - (0 if contest.blank is None else counted.totals[contest.blank])
        of_all = f"all {base} marks"
    else:
        base = counted.weight
        of_all = f"the counted weight of {base}"
    steps = [*first_steps, f"More than {p}/{q} of {of_all} is needed."]
    if not options:
        return _without_winner(steps, "No option is left, so none wins.")
    highest, level = levels(counted, options)[0]
    shown = labels(contest, counted, level)
    compared = comparison(highest, contest.rule.share, base)
    if highest * q <= base * p:
        return _without_winner(steps, f"The most, but too few: {shown}; {compared}.")
    if len(level) > 1:
        steps.append(f"The most, enough, and a tie: {shown}; {compared}.")
        return ContestOutcome(TIED, (), tuple(level), tuple(steps))
    steps.append(f"The most, and elected: {shown}; {compared}.")
    return ContestOutcome(DECIDED, (level[0],), (), tuple(steps))


def _without_winner(steps: list[str], why: str) -> ContestOutcome:
    return ContestOutcome(NO_MAJORITY, (), (), (*steps, why))
