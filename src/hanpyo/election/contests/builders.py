"""People's words as contests: choose one, approve, give points, share out a budget.

Every builder takes the options in the order in which they are shown, and with `blank` one more at
the end that means "I leave this blank". `check_contest` tells where the numbers given break a
bound. The partition is empty: `dataclasses.replace` sets another. Source: protocol.md 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hanpyo.election.contests.contest import Contest, Limit, Option, Rule


def one(
    id: str,
    title: Mapping[str, str],
    options: Sequence[Option],
    rule: Rule,
    *,
    may_skip: bool = False,
    blank: Option | None = None,
) -> Contest:
    """Choose exactly one; with `may_skip` one or none."""
    contest = _contest(id, title, "one", options, rule)
    return _add_blank(_add_count(contest, 0 if may_skip else 1, 1), blank)


def some(
    id: str,
    title: Mapping[str, str],
    options: Sequence[Option],
    rule: Rule,
    *,
    count: tuple[int, int],
    blank: Option | None = None,
) -> Contest:
    """Choose between `count[0]` and `count[1]` options."""
    contest = _contest(id, title, "some", options, rule)
    return _add_blank(_add_count(contest, *count), blank)


def approval(
    id: str,
    title: Mapping[str, str],
    options: Sequence[Option],
    rule: Rule,
    *,
    at_most: int | None = None,
    blank: Option | None = None,
) -> Contest:
    """Approve as many as one likes, or at most so many."""
    contest = _contest(id, title, "approval", options, rule)
    if at_most is not None:
        contest = _add_count(contest, 0, at_most)
    return _add_blank(contest, blank)


def score(
    id: str,
    title: Mapping[str, str],
    options: Sequence[Option],
    rule: Rule,
    *,
    top: int,
    blank: Option | None = None,
) -> Contest:
    """Give each option a score of 0..top."""
    contest = _contest(id, title, "score", options, rule)
    return _add_blank(replace(contest, top=top), blank)


def matrix(
    id: str, title: Mapping[str, str], items: Sequence[tuple[Option, Option]], rule: Rule
) -> Contest:
    """Accept, refuse or skip each item. `items`: the options *yes* and *no* of each.

    Leaving all items unmarked is what blank means here, so there is no option for it.
    """
    options = [option for item in items for option in item]
    limits = [Limit(0, 1, ((2 * item, 1), (2 * item + 1, 1))) for item in range(len(items))]
    return replace(_contest(id, title, "matrix", options, rule), limits=tuple(limits))


def cumulative(
    id: str,
    title: Mapping[str, str],
    options: Sequence[Option],
    rule: Rule,
    *,
    points: int,
    exact: bool = False,
    blank: Option | None = None,
) -> Contest:
    """Share out points, at most so many or exactly so many."""
    contest = replace(_contest(id, title, "cumulative", options, rule), top=points)
    return _add_blank(_add_count(contest, points if exact else 0, points), blank)


def budget(
    id: str,
    title: Mapping[str, str],
    options: Sequence[Option],
    rule: Rule,
    *,
    amount: int,
    at_most: int | None = None,
    blank: Option | None = None,
) -> Contest:
    """Choose options that cost at most `amount` together, and are at most so many."""
    contest = _contest(id, title, "budget", options, rule)
    costs = tuple((place, each.cost) for place, each in enumerate(options) if each.cost)
    if costs:  # where everything is free, the amount limits nothing
        contest = replace(contest, limits=(Limit(0, amount, costs),))
    if at_most is not None:
        contest = _add_count(contest, 0, at_most)
    return _add_blank(contest, blank)


def _contest(
    id: str, title: Mapping[str, str], form: str, options: Sequence[Option], rule: Rule
) -> Contest:
    """Begin a contest of ticks without limits."""
    return Contest(
        id=id,
        title=title,
        form=form,
        options=tuple(options),
        top=1,
        limits=(),
        blank=None,
        example=None,
        partition=(),
        rule=rule,
    )


def _add_count(contest: Contest, low: int, high: int) -> Contest:
    """Limit the sum of all scores, and give an example where blank paper would be refused."""
    options = range(len(contest.options))
    limit = Limit(low, high, tuple((option, 1) for option in options))
    if low == 0:
        return replace(contest, limits=(*contest.limits, limit))
    left = [max(low - option * contest.top, 0) for option in options]  # the first options take it
    example = tuple(min(each, contest.top) for each in left)
    return replace(contest, limits=(*contest.limits, limit), example=example)


def _add_blank(contest: Contest, blank: Option | None) -> Contest:
    """Add an option that uses up every limit, so that it excludes all others."""
    if blank is None:
        return contest
    n = len(contest.options)
    limits = contest.limits
    if not any(len(limit.coefficients) == n for limit in limits):
        everything = tuple((option, 1) for option in range(n))
        limits = (*limits, Limit(0, n * contest.top, everything))
    weighed = (Limit(each.low, each.high, (*each.coefficients, (n, each.high))) for each in limits)
    return replace(
        contest,
        options=(*contest.options, blank),
        limits=tuple(weighed),
        blank=n,
        example=None if contest.example is None else (*contest.example, 0),
    )
