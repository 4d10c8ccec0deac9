"""The file's limits as those of a contest: what an encrypted ballot can prove of them.

A contest's limits are sums over scores. How many projects a ballot lists is such a sum only where a
project gets one point or none, and "none, or at least 2 points" never is; those limits are checked
in the file (`limits.why_outside`) but no proof covers them, and `unproven` names them.
"""

from __future__ import annotations

from collections.abc import Sequence

from hanpyo.election.contests import Limit
from hanpyo.formats.pabulib.model import PabulibFile, Range

FORMS = {
    "approval": "approval",
    "choose-1": "one",
    "cumulative": "cumulative",
    "scoring": "score",
}


def contest_form(file: PabulibFile) -> str:
    """Choose how the contest is shown: as a budget where each ballot has one of its own."""
    return "budget" if file.limits.cost != Range() else FORMS[file.vote_type]


def contest_limits(file: PabulibFile) -> tuple[Limit, ...]:
    """Give the limits that a ballot proves. One that excludes nothing is left out."""
    ones = [1] * len(file.projects)
    costs = [project.cost for project in file.projects]
    limits = [
        None if file.with_points else _limit(file.limits.length, ones, 1),
        _limit(file.limits.cost, costs, 1),
        _limit(file.limits.points_sum, ones, file.top),
    ]
    return tuple(limit for limit in limits if limit is not None)


def unproven(file: PabulibFile) -> list[str]:
    """Name the limits of META that this file's ballots keep but cannot prove when encrypted."""
    notes = []
    if file.with_points and _limit(file.limits.length, [1] * len(file.projects), 1) is not None:
        notes.append("min_length and max_length")
    if file.limits.points.low > 1:
        notes.append("min_points")
    return [f"{name}: checked in the file, but no encrypted ballot proves it" for name in notes]


def _limit(allowed: Range, coefficients: Sequence[int], top: int) -> Limit | None:
    most = sum(coefficients) * top
    high = most if allowed.high is None else min(allowed.high, most)
    if allowed.low == 0 and high == most:
        return None
    weighed = tuple((option, c) for option, c in enumerate(coefficients) if c > 0)
    return Limit(allowed.low, high, weighed)
