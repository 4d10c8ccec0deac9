"""Asks pabutools for its greedy rule. Run by the Python that has pabutools, never by ours.

Reads a JSON list of instances from stdin and writes `{"version": ..., "answers": [...]}` to stdout.
An instance is one of

- `{"costs": [...], "budget": ..., "ballots": [[points per project], ...]}`: the answer is every
  allocation that some order of equal projects gives, each a list of project numbers;
- `{"file": path, "minimum": ...}`, a Pabulib file that pabutools itself reads: the answer is its
  totals and its one allocation, by project id, equal projects in the order of their ids.

pabutools takes, again and again, the project with the most satisfaction per cost that still fits.
To take the one with the most votes instead, as cities do and Pabulib calls `greedy`, satisfaction
must be votes times cost: that is `Cost_Sat` for approvals, and for points `PointsTimesCost`.
"""

import json
import sys
from importlib.metadata import version

from pabutools.election import (
    ApprovalBallot,
    ApprovalProfile,
    Cost_Sat,
    CumulativeBallot,
    CumulativeProfile,
    Instance,
    Project,
    parse_pabulib,
)
from pabutools.election.satisfaction import AdditiveSatisfaction
from pabutools.rules import greedy_utilitarian_welfare


class PointsTimesCost(AdditiveSatisfaction):
    """Points times cost, so that satisfaction per cost is the points."""

    def __init__(self, instance, profile, ballot):
        super().__init__(instance, profile, ballot, points_times_cost)


def points_times_cost(_instance, _profile, ballot, project, _values):
    return ballot.get(project, 0) * project.cost


def answer(case):
    if "file" in case:
        return answer_for_file(case["file"], case["minimum"])
    projects = [Project(f"{number:03}", cost) for number, cost in enumerate(case["costs"])]
    instance = Instance(projects, budget_limit=case["budget"])
    ballots = [dict(zip(projects, points, strict=True)) for points in case["ballots"]]
    given = [{project: points for project, points in each.items() if points} for each in ballots]
    if all(points == 1 for each in given for points in each.values()):
        profile, satisfaction = ApprovalProfile(map(ApprovalBallot, given)), Cost_Sat
    else:
        profile, satisfaction = CumulativeProfile(map(CumulativeBallot, given)), PointsTimesCost
    allocations = greedy_utilitarian_welfare(
        instance, profile, sat_class=satisfaction, resoluteness=False
    )
    return sorted(sorted(int(project.name) for project in each) for each in allocations)


def answer_for_file(path, minimum):
    instance, profile = parse_pabulib(path)
    approvals = isinstance(profile, ApprovalProfile)
    totals = dict.fromkeys(instance, 0)
    for ballot in profile:
        for project in ballot:
            totals[project] += 1 if approvals else int(ballot[project])
    for project in totals:
        if totals[project] < max(1, minimum):
            instance.remove(project)
    allocation = greedy_utilitarian_welfare(
        instance,
        profile.as_multiprofile(),
        sat_class=Cost_Sat if approvals else PointsTimesCost,
    )
    return {
        "totals": {project.name: total for project, total in totals.items()},
        "allocation": sorted(project.name for project in allocation),
    }


def main():
    answers = [answer(case) for case in json.load(sys.stdin)]
    json.dump({"version": version("pabutools"), "answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
