"""Phrases for the steps: options with their totals, shares with their arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from hanpyo.election.contests import Contest
from hanpyo.election.counting.outcome import Counted


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def label(contest: Contest, counted: Counted, option: int) -> str:
    """Name an option with its total, and with its mean where the rule shows means."""
    total = counted.totals[option]
    if contest.rule.name == "score-mean" and counted.weight > 0:
        return f"{contest.options[option].id} ({total}, mean {mean(total, counted.weight)})"
    return f"{contest.options[option].id} ({total})"


def labels(contest: Contest, counted: Counted, options: Sequence[int]) -> str:
    """Name several options with their totals."""
    return listed([label(contest, counted, option) for option in options])


def mean(total: int, weight: int) -> str:
    """Write total / weight with two decimals, half rounded up. `weight` is at least 1."""
    hundredths = (200 * total + weight) // (2 * weight)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def plural(number: int, noun: str) -> str:
    """Count a noun: "1 seat", "2 seats"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def comparison(part: int, share: tuple[int, int], base: int) -> str:
    """Show how `part` stands to p/q of `base`, in whole numbers."""
    p, q = share
    left, right = part * q, base * p
    relation = "is more than" if left > right else "equals" if left == right else "is less than"
    return f"{part} x {q} = {left} {relation} {base} x {p} = {right}"
