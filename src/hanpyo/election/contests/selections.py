"""Which scores are lawful, and in words which limit others break. Source: protocol.md 5."""

from __future__ import annotations

from collections.abc import Sequence

from hanpyo.election.contests.contest import Contest, Limit
from hanpyo.errors import InvalidSelection


def check_scores(contest: Contest, scores: Sequence[int]) -> None:
    """Refuse scores for which no lawful ballot exists.

    Args:
        contest: within its bounds.
        scores: one per option, in order.

    Raises:
        InvalidSelection: the message says what is wrong, for the person who voted.
    """
    if len(scores) != len(contest.options):
        raise InvalidSelection(f"{len(scores)} scores for {len(contest.options)} options")
    for option, score in enumerate(scores):
        top = 1 if option == contest.blank else contest.top
        if not 0 <= score <= top:
            name = contest.options[option].id
            raise InvalidSelection(f"option {name!r} has {score}, must be 0..{top}")
    blank = contest.blank
    if blank is not None and scores[blank] and sum(map(bool, scores)) > 1:
        raise InvalidSelection("blank is marked together with other options")
    for number, limit in enumerate(contest.limits):
        if not limit.low <= limit.sum(scores) <= limit.high:
            raise InvalidSelection(_describe(contest, number, scores))


def _describe(contest: Contest, number: int, scores: Sequence[int]) -> str:
    """Say how the scores break a limit, in the words of the contest's form."""
    limit = contest.limits[number]
    if contest.form == "matrix" and number < len(contest.options) // 2:
        return f"item {number + 1} is both accepted and refused"
    total = limit.sum(scores)
    border = f"at most {limit.high}" if total > limit.high else f"at least {limit.low}"
    if _is_plain(contest, limit):
        if contest.top == 1:
            return f"{total} options are marked, must be {border}"
        return f"{total} points are given, must be {border}"
    if contest.form == "budget":
        return f"the marked options cost {total} together, must be {border}"
    return f"limit {number + 1} adds up to {total}, must be {border}"


def _is_plain(contest: Contest, limit: Limit) -> bool:
    """Whether a limit counts all options alike, but for blank."""
    counted = [c for option, c in limit.coefficients if option != contest.blank]
    others = len(contest.options) - (contest.blank is not None)
    return len(counted) == others and all(c == 1 for c in counted)
