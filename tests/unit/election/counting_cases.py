"""Contests to count, made of nothing but what counting reads."""

from hanpyo.election.contests import Contest, Limit, Option, Rule
from hanpyo.election.counting import ContestOutcome, Counted, count

FORMS = {
    "plurality": "some",
    "majority": "one",
    "approval": "approval",
    "score-sum": "score",
    "score-mean": "score",
    "cumulative": "cumulative",
    "budget": "budget",
    "items": "matrix",
}


def contest_of(
    rule: Rule, costs: list[int] | int, *, blank: int | None = None, top: int = 1
) -> Contest:
    """Make a contest whose options are called A, B, C, ..., with these costs or so many of them."""
    costs = [0] * costs if isinstance(costs, int) else costs
    options = [Option(chr(ord("A") + n), {"en": f"Option {n}"}, c) for n, c in enumerate(costs)]
    return Contest(
        id="contest",
        title={"en": "A contest"},
        form=FORMS[rule.name],
        options=tuple(options),
        top=top,
        limits=_limits(rule, len(costs), blank),
        blank=blank,
        example=None,
        partition=(),
        rule=rule,
    )


def counted_of(
    totals: list[int], *, ballots: int = 100, weight: int | None = None, roll_weight: int = 1000
) -> Counted:
    weight = ballots if weight is None else weight
    return Counted(tuple(totals), ballots, weight, roll_weight)


def outcome_of(
    rule: Rule, totals: list[int], *, blank: int | None = None, costs: list[int] | None = None
) -> ContestOutcome:
    """Count a contest of 100 ballots with weight 100."""
    return count(contest_of(rule, costs or len(totals), blank=blank), counted_of(totals))


def verdict(outcome: ContestOutcome) -> tuple[int, list[int], list[int]]:
    """Give what an outcome entry carries."""
    return outcome.status, list(outcome.winners), list(outcome.tied)


def _limits(rule: Rule, options: int, blank: int | None) -> tuple[Limit, ...]:
    if rule.name == "items":
        return tuple(Limit(0, 1, ((n, 1), (n + 1, 1))) for n in range(0, options, 2))
    if blank is not None:
        return (Limit(0, 1, tuple((n, 1) for n in range(options))),)
    return ()
