"""Reads the section PROJECTS."""

from __future__ import annotations

from collections.abc import Callable

from hanpyo.errors import InvalidFile
from hanpyo.formats.pabulib.lines import Faults, Table, is_id, shown
from hanpyo.formats.pabulib.model import PROJECTS_MAX, Project
from hanpyo.formats.pabulib.numbers import MONEY_WORDS, WHOLE_WORDS, whole


def read_projects(
    table: Table, money: Callable[[str], int | None], faults: Faults
) -> tuple[Project, ...]:
    """Read all projects; `money` reads an amount in the file's unit.

    Raises:
        InvalidFile: a column is missing, there is no project, or there are too many.
    """
    if not 1 <= len(table.rows) <= PROJECTS_MAX:
        faults.check()
        raise InvalidFile(f"the file has {len(table.rows)} projects, but 1 to {PROJECTS_MAX} fit")
    id_place, cost_place = table.required("project_id"), table.required("cost")
    name_place = table.place("name")
    projects: list[Project] = []
    seen: dict[str, int] = {}
    for line, fields in table.rows:
        project_id, cost = fields[id_place], money(fields[cost_place])
        if not is_id(project_id) or "," in project_id:
            faults.add(line, f"project_id {shown(project_id)} cannot be an id")
        if seen.setdefault(project_id, line) != line:
            faults.add(
                line, f"project {shown(project_id)} stands on line {seen[project_id]} already"
            )
        if cost is None:
            faults.add(line, f"cost must be {MONEY_WORDS}, not {shown(fields[cost_place])}")
        projects.append(
            Project(
                line=line,
                id=project_id,
                name="" if name_place is None else fields[name_place],
                cost=cost or 0,
                votes=_optional(table, "votes", line, fields, faults),
                score=_optional(table, "score", line, fields, faults),
                selected=_optional(table, "selected", line, fields, faults),
            )
        )
    return tuple(projects)


def _optional(
    table: Table, column: str, line: int, fields: list[str], faults: Faults
) -> int | None:
    place = table.place(column)
    if place is None or fields[place] == "":
        return None
    number = whole(fields[place])
    if number is None:
        faults.add(line, f"{column} must be {WHOLE_WORDS}, not {shown(fields[place])}")
    return number
