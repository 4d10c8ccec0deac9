"""Participatory budget: the cities' own greedy rule, from the highest total down.

It needs nothing but the opened totals. Rules that need single ballots, such as the Method of Equal
Shares, wait for a verifiable shuffle.

Source: docs/protocol.md 12; called `greedy` in Pabulib, "greedy by votes" in the literature.
"""

from __future__ import annotations

from hanpyo.election.contests import Contest
from hanpyo.election.counting.outcome import DECIDED, TIED, ContestOutcome, Counted
from hanpyo.election.counting.thresholds import levels, standing
from hanpyo.election.counting.words import label, labels, listed


def count_budget(contest: Contest, counted: Counted) -> ContestOutcome:
    """Pay for options while the money lasts, all options of one total together or none.

    An option dearer than what is left is passed over. Where several of one total would fit alone
    but not together, they are tied and counting stops: who is before whom would decide.
    """
    options, first_steps = standing(contest, counted)
    left = contest.rule.budget
    winners: list[int] = []
    steps = [*first_steps, f"The budget is {left}."]
    for total, level in levels(counted, options):
        if total == 0:
            steps.append(f"No votes, and out: {labels(contest, counted, level)}.")
            break
        dear = [option for option in level if contest.options[option].cost > left]
        fitting = [option for option in level if contest.options[option].cost <= left]
        if dear:
            steps.append(
                f"More than the {left} left, and passed over: {_priced(contest, counted, dear)}."
            )
        cost = sum(contest.options[option].cost for option in fitting)
        if cost > left:
            steps.append(
                f"A tie, because {cost} together is more than the {left} left, though each alone "
                f"would fit: {_priced(contest, counted, fitting)}. Counting stops here."
            )
            return ContestOutcome(TIED, tuple(sorted(winners)), tuple(fitting), tuple(steps))
        if fitting:
            left -= cost
            winners += fitting
            steps.append(f"Paid for: {_priced(contest, counted, fitting)}. {left} is left.")
    if not winners:
        steps.append("Nothing is paid for.")
    return ContestOutcome(DECIDED, tuple(sorted(winners)), (), tuple(steps))


def _priced(contest: Contest, counted: Counted, options: list[int]) -> str:
    return listed(
        [
            f"{label(contest, counted, option)} at {contest.options[option].cost}"
            for option in options
        ]
    )
