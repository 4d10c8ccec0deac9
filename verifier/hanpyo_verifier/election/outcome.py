"""The rules that decide a contest (protocol.md 12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hanpyo_verifier.election.contests import Contest, Rule, array, fields, integer
from hanpyo_verifier.errors import MalformedError

DECIDED, TIED, TOO_FEW, NO_MAJORITY, NOT_OPENED = range(5)

FITTING_FORMS = {
    "plurality": ("one", "some"),
    "majority": ("one",),
    "approval": ("approval", "some"),
    "score-sum": ("score",),
    "score-mean": ("score",),
    "cumulative": ("cumulative",),
    "budget": ("one", "some", "approval", "score", "cumulative", "budget"),
    "items": ("matrix",),
}

Outcome = tuple[int, list[int], list[int]]  # status, winners, tied


@dataclass(frozen=True)
class Count:
    """What the published groups of a contest add up to."""

    totals: list[int]
    ballots: int
    weight: int
    roll_weight: int  # of all rows whose style has the contest


def parse_rule(value: Any, form: str, eligible: int) -> Rule:
    """Reads a contest's rule; `eligible` counts the options without the blank one."""
    base, budget, minimum, name, quorum, seats, share, turnout = fields(
        value, "base", "budget", "minimum", "name", "quorum", "seats", "share", "turnout"
    )
    if not isinstance(name, str) or form not in FITTING_FORMS.get(name, ()):
        raise MalformedError("a rule that does not fit the form")
    most = 2**48 - 1
    if name in ("budget", "items"):
        integer(seats, 0, 0, "seats")
    elif name == "majority":
        integer(seats, 1, 1, "seats")
    else:
        integer(seats, 1, eligible, "seats")
    with_share = name in ("majority", "items")
    if base not in (("marked", "cast") if with_share else ("cast",)):
        raise MalformedError("a rule with a base that it does not use")
    p, q = array(share, 2, 2, "share")
    integer(q, 1, 10**6, "share")
    integer(p, 0, q - 1, "share")
    if not with_share and (p, q) != (0, 1):
        raise MalformedError("a rule with a share that it does not use")
    a, b = array(turnout, 2, 2, "turnout")
    integer(b, 1, 10**6, "turnout")
    integer(a, 0, b, "turnout")
    return Rule(
        name=name,
        seats=seats,
        share=(p, q),
        base=base,
        quorum=integer(quorum, 0, most, "quorum"),
        turnout=(a, b),
        minimum=integer(minimum, 0, most, "minimum"),
        budget=integer(budget, 0, most if name == "budget" else 0, "budget"),
    )


def decide(contest: Contest, count: Count | None) -> Outcome:
    """Returns the outcome; `count` is None where the contest has no group."""
    if count is None:
        return NOT_OPENED, [], []
    rule = contest.rule
    p, q = rule.turnout
    if count.ballots < rule.quorum or count.weight * q < count.roll_weight * p:
        return TOO_FEW, [], []
    if rule.name == "items":
        return _items(contest, count)
    options = [
        i for i in range(contest.n) if i != contest.blank and count.totals[i] >= rule.minimum
    ]
    if rule.name == "majority":
        return _majority(contest, count, options)
    if rule.name == "budget":
        return _budget(contest, count.totals, options)
    return _highest(rule.seats, count.totals, options)


def _highest(seats: int, totals: Sequence[int], options: list[int]) -> Outcome:
    if len(options) <= seats:
        return DECIDED, options, []
    edge = sorted((totals[i] for i in options), reverse=True)[seats - 1]
    above = [i for i in options if totals[i] > edge]
    at_edge = [i for i in options if totals[i] == edge]
    if len(at_edge) > seats - len(above):
        return TIED, above, at_edge
    return DECIDED, sorted(above + at_edge), []


def _majority(contest: Contest, count: Count, options: list[int]) -> Outcome:
    p, q = contest.rule.share
    base = count.weight
    if contest.rule.base == "marked":
        base = sum(total for i, total in enumerate(count.totals) if i != contest.blank)
    over = [i for i in options if count.totals[i] * q > p * base]
    if not over:
        return NO_MAJORITY, [], []
    highest = max(count.totals[i] for i in over)
    best = [i for i in over if count.totals[i] == highest]
    return (DECIDED, best, []) if len(best) == 1 else (TIED, [], best)


def _budget(contest: Contest, totals: Sequence[int], options: list[int]) -> Outcome:
    left = contest.rule.budget
    winners: list[int] = []
    for total in sorted({totals[i] for i in options if totals[i]}, reverse=True):
        step = [i for i in options if totals[i] == total and contest.costs[i] <= left]
        cost = sum(contest.costs[i] for i in step)
        if cost > left:
            return TIED, sorted(winners), step
        winners += step
        left -= cost
    return DECIDED, sorted(winners), []


def _items(contest: Contest, count: Count) -> Outcome:
    p, q = contest.rule.share
    winners: list[int] = []
    tied: list[int] = []
    for option in range(0, contest.n, 2):
        yes, no = count.totals[option : option + 2]
        if yes < contest.rule.minimum:
            continue
        base = yes + no if contest.rule.base == "marked" else count.weight
        if yes == no and yes > 0:
            tied += [option, option + 1]
        elif yes > no and yes * q > p * base:
            winners.append(option)
    return (TIED if tied else DECIDED), winners, tied
