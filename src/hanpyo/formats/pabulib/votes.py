"""Reads the section VOTES: the ballots to cast, and those outside the limits with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hanpyo.errors import InvalidFile
from hanpyo.formats.pabulib.limits import why_outside
from hanpyo.formats.pabulib.lines import Faults, Table, is_id, shown
from hanpyo.formats.pabulib.model import POINTS_MAX, BallotLimits, Project, Voter
from hanpyo.formats.pabulib.numbers import is_number, whole

Outside = tuple[tuple[int, str], ...]


def read_votes(
    table: Table,
    with_points: bool,
    limits: BallotLimits,
    projects: Sequence[Project],
    faults: Faults,
) -> tuple[tuple[Voter, ...], Outside]:
    """Read all ballots; a line with a fault gives none.

    Raises:
        InvalidFile: a column is missing, or there is no ballot.
    """
    if not table.rows:
        faults.check()
        raise InvalidFile(f"line {table.line}: no vote follows")
    id_place, vote_place = table.required("voter_id"), table.required("vote")
    points_place = table.required("points") if with_points else None
    district_place = table.place("neighborhood")
    numbers = {project.id: number for number, project in enumerate(projects)}
    costs = [project.cost for project in projects]
    voters: list[Voter] = []
    outside: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    for line, fields in table.rows:
        voter_id, listed = fields[id_place], _split(fields[vote_place])
        points = ["1"] * len(listed) if points_place is None else _split(fields[points_place])
        fault = _fault(voter_id, listed, points)
        if fault is not None:
            faults.add(line, fault)
            continue
        why = _why_unreadable(listed, points, numbers)
        selections: tuple[tuple[int, int], ...] = ()
        if why is None:
            selections = tuple(
                (numbers[project], whole(given) or 0)
                for project, given in zip(listed, points, strict=True)
            )
            why = why_outside(limits, costs, selections)
        if seen.setdefault(voter_id, line) != line:
            why = f"voter {shown(voter_id)} stands on line {seen[voter_id]} already"
        if why is not None:
            outside.append((line, why))
            continue
        district = None if district_place is None else fields[district_place]
        voters.append(Voter(line, voter_id, selections, district))
    return tuple(voters), tuple(outside)


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.split(",")] if text else []


def _fault(voter_id: str, listed: list[str], points: list[str]) -> str | None:
    """Say what makes a line malformed, whatever the projects and limits are."""
    if not is_id(voter_id):
        return f"voter_id {shown(voter_id)} cannot be an id"
    if "" in listed:
        return "vote has an empty place between commas"
    if len(points) != len(listed):
        return f"{len(listed)} projects in vote, but {len(points)} numbers in points"
    for given in points:
        if not is_number(given):
            return f"points must be numbers, not {shown(given)}"
    return None


def _why_unreadable(listed: list[str], points: list[str], numbers: Mapping[str, int]) -> str | None:
    """Say why a well-formed ballot means nothing in this election."""
    for project in listed:
        if project not in numbers:
            return f"no project {shown(project)} in this file"
    if len(set(listed)) < len(listed):
        twice = next(project for project in listed if listed.count(project) > 1)
        return f"project {shown(twice)} stands more than once"
    for given in points:
        number = whole(given)
        if number is None or number > POINTS_MAX:
            return f"only whole points from 0 to {POINTS_MAX} can be counted, not {shown(given)}"
    return None
