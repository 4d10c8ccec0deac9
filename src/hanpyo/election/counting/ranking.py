"""Plurality, approval, score-sum, score-mean and cumulative: the highest totals take the seats.

Source: docs/protocol.md 12.
"""

from __future__ import annotations

from hanpyo.election.contests import Contest
from hanpyo.election.counting.outcome import DECIDED, TIED, ContestOutcome, Counted
from hanpyo.election.counting.thresholds import levels, standing
from hanpyo.election.counting.words import labels, plural


def count_ranking(contest: Contest, counted: Counted) -> ContestOutcome:
    """Fill the seats from the highest total down; a total with more options than seats ties."""
    options, first_steps = standing(contest, counted)
    seats = contest.rule.seats
    winners: list[int] = []
    tied: list[int] = []
    behind: list[int] = []
    for _, level in levels(counted, options):
        left = seats - len(winners)
        if len(level) <= left:
            winners += level
            continue
        (tied if left > 0 else behind).extend(level)
        break
    steps = [*first_steps, f"{plural(seats, 'seat')} to fill."]
    if 0 < len(options) <= seats:
        steps.append("Not more options than seats: each of them wins.")
    if winners:
        steps.append(f"The most, and elected: {labels(contest, counted, winners)}.")
    if tied:
        left = seats - len(winners)
        steps.append(f"A tie for {plural(left, 'seat')}: {labels(contest, counted, tied)}.")
    if behind:
        steps.append(f"Next, and without a seat: {labels(contest, counted, behind)}.")
    if not options:
        steps.append("No option is left, so none wins.")
    status = TIED if tied else DECIDED
    return ContestOutcome(status, tuple(sorted(winners)), tuple(tied), tuple(steps))
