"""What holds for every rule: enough must take part, and an option needs its minimum.

Source: docs/protocol.md 12.
"""

from __future__ import annotations

from hanpyo.election.contests import Contest, Rule
from hanpyo.election.counting.outcome import Counted
from hanpyo.election.counting.words import comparison, labels, plural


def turnout(rule: Rule, counted: Counted) -> tuple[bool, tuple[str, ...]]:
    """Tell whether enough took part, and the steps that show it."""
    weight = "" if counted.weight == counted.ballots else f" with a weight of {counted.weight}"
    steps = [f"Counted: {plural(counted.ballots, 'ballot')}{weight}."]
    enough = True
    if rule.quorum > 0:
        reached = counted.ballots >= rule.quorum
        steps.append(
            f"At least {plural(rule.quorum, 'ballot')} must be counted: "
            f"{'enough' if reached else 'too few'}."
        )
        enough = reached
    p, q = rule.turnout
    if p > 0:
        reached = counted.weight * q >= counted.roll_weight * p
        steps.append(
            f"At least {p}/{q} of the roll's weight of {counted.roll_weight} must take part: "
            f"{comparison(counted.weight, rule.turnout, counted.roll_weight)}, "
            f"{'enough' if reached else 'too few'}."
        )
        enough = enough and reached
    return enough, tuple(steps)


def standing(contest: Contest, counted: Counted) -> tuple[list[int], tuple[str, ...]]:
    """Give the options that can win, ascending, and the steps that name the others."""
    steps = []
    options = [option for option in range(len(contest.options)) if option != contest.blank]
    if contest.blank is not None:
        steps.append(f"{labels(contest, counted, [contest.blank])} means blank and cannot win.")
    minimum = contest.rule.minimum
    below = [option for option in options if counted.totals[option] < minimum]
    if below:
        steps.append(f"Below the minimum of {minimum}, and out: {labels(contest, counted, below)}.")
    return [option for option in options if counted.totals[option] >= minimum], tuple(steps)


def levels(counted: Counted, options: list[int]) -> list[tuple[int, list[int]]]:
    """Group options by total, highest total first, options ascending within a total."""
    groups: dict[int, list[int]] = {}
    for option in options:
        groups.setdefault(counted.totals[option], []).append(option)
    return sorted(groups.items(), reverse=True)
