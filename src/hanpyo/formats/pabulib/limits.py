"""Why a ballot is outside the limits of its file."""

from __future__ import annotations

from collections.abc import Sequence

from hanpyo.formats.pabulib.model import BallotLimits, Range


def why_outside(
    limits: BallotLimits, costs: Sequence[int], selections: Sequence[tuple[int, int]]
) -> str | None:
    """Tell which limit a ballot breaks; None where it keeps them all.

    Args:
        costs: what each project costs.
        selections: (project, points) of the projects that the ballot lists, each once.
    """
    if len(selections) not in limits.length:
        return f"{len(selections)} projects, {_allowed(limits.length)}"
    cost = sum(costs[project] for project, _ in selections)
    if cost not in limits.cost:
        return f"projects for {cost} together, {_allowed(limits.cost)}"
    for _, points in selections:
        if points not in limits.points:
            return f"{points} points for one project, {_allowed(limits.points)}"
    total = sum(points for _, points in selections)
    if total not in limits.points_sum:
        return f"{total} points together, {_allowed(limits.points_sum)}"
    return None


def _allowed(limit: Range) -> str:
    least = [f"at least {limit.low}"] if limit.low else []
    most = [] if limit.high is None else [f"at most {limit.high}"]
    return f"where META allows {' and '.join(least + most)}"
