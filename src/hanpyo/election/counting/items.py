"""Items: each stands alone, accepted when its yes is more than a share and more than its no.

Source: docs/protocol.md 12.
"""

from __future__ import annotations

from hanpyo.election.contests import Contest
from hanpyo.election.counting.outcome import DECIDED, TIED, ContestOutcome, Counted
from hanpyo.election.counting.words import comparison, label


def count_items(contest: Contest, counted: Counted) -> ContestOutcome:
    """Judge item i by option 2i (yes) and option 2i + 1 (no)."""
    p, q = contest.rule.share
    of_all = "its marks" if contest.rule.base == "marked" else "the counted weight"
    steps = [f"An item needs more yes than no, and yes from more than {p}/{q} of {of_all}."]
    winners: list[int] = []
    tied: list[int] = []
    for yes in range(0, len(contest.options), 2):
        no = yes + 1
        verdict = _verdict(contest, counted, yes)
        if verdict == "accepted":
            winners.append(yes)
        elif verdict == "a tie":
            tied += [yes, no]
        base = _base(contest, counted, yes)
        steps.append(
            f"{label(contest, counted, yes)} against {label(contest, counted, no)}: {verdict}; "
            f"{comparison(counted.totals[yes], contest.rule.share, base)}."
        )
    return ContestOutcome(TIED if tied else DECIDED, tuple(winners), tuple(tied), tuple(steps))


def _base(contest: Contest, counted: Counted, yes: int) -> int:
    if contest.rule.base == "marked":
        return counted.totals[yes] + counted.totals[yes + 1]
    return counted.weight


def _verdict(contest: Contest, counted: Counted, yes: int) -> str:
    """Say what becomes of an item. Below the minimum it is not accepted, and no tie matters."""
    p, q = contest.rule.share
    accepting, refusing = counted.totals[yes], counted.totals[yes + 1]
    if accepting < contest.rule.minimum:
        return f"below the minimum of {contest.rule.minimum}, not accepted"
    if accepting == refusing and accepting > 0:
        return "a tie"
    if accepting <= refusing:
        return "not more yes than no, not accepted"
    if accepting * q <= _base(contest, counted, yes) * p:
        return "too few yes, not accepted"
    return "accepted"
