"""A Pabulib file as an election of ours: one contest, its districts, and a row for each ballot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hanpyo.election.contests import Contest, Option, Rule, check_contest
from hanpyo.election.manifest import District
from hanpyo.errors import InvalidFile, InvalidManifest
from hanpyo.formats.pabulib.lines import shown
from hanpyo.formats.pabulib.meta import unused_limits
from hanpyo.formats.pabulib.model import NEIGHBORHOODS_MAX, PabulibFile
from hanpyo.formats.pabulib.shape import contest_form, contest_limits, unproven
from hanpyo.formats.pabulib.titles import Titles

CONTEST_ID = "projects"
WHOLE_DISTRICT_ID = "all"
GREEDY_RULES = ("greedy", "greedy-threshold")

_ID = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class PabulibRow:
    """A voter of the file whose ballot is cast.

    Attributes:
        line: where the ballot stands in the file.
        reference: the voter's id in the file.
        district: a number of `PabulibElection.districts`.
        selections: (option, score) for every option whose score is not the default.
    """

    line: int
    reference: str
    district: int
    selections: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PabulibElection:
    """What a manifest and a roll need to know of the file.

    Attributes:
        title: a text.
        description: a note, `{}` if the file comments on nothing.
        contest: the projects, with the file's limits and the greedy rule.
        districts: the neighborhoods in order of first appearance; one where there are none.
        rows: one per ballot to cast, in the file's order; all have weight 1.
        default_score: what an option gets that a row's selections do not name.
        notes: what a person should know: texts that were changed, what the file has and we do not.
    """

    title: Mapping[str, str]
    description: Mapping[str, str]
    contest: Contest
    districts: tuple[District, ...]
    rows: tuple[PabulibRow, ...]
    default_score: int
    notes: tuple[str, ...]

    def scores(self, row: PabulibRow) -> tuple[int, ...]:
        """Give a row's ballot as one score per option."""
        return _scores(row.selections, len(self.contest.options), self.default_score)


def election_from_pabulib(file: PabulibFile) -> PabulibElection:
    """Turn a file into an election with the same projects, limits, districts and ballots.

    Raises:
        InvalidFile: the election would break a bound of docs/protocol.md 4 or 5.
    """
    if not file.voters:
        raise InvalidFile("no ballot of this file keeps the limits in META")
    titles = Titles(file.meta)
    title = titles.title(_title(file.meta), "Pabulib", "META, description")
    description = titles.description(file.meta.get("comment", ""), "META, comment")
    ids = option_ids(file)
    options = tuple(
        Option(id, titles.title(project.name, id, f"line {project.line}, name"), project.cost)
        for id, project in zip(ids, file.projects, strict=True)
    )
    numbers = _district_numbers(file)
    rows = tuple(
        PabulibRow(
            voter.line,
            voter.id,
            0 if voter.neighborhood is None else numbers[voter.neighborhood],
            voter.selections,
        )
        for voter in file.voters
    )
    districts = tuple(
        District(id, titles.title(name, id, f"neighborhood {shown(name)}"))
        for id, name in ((f"d{number + 1:03}", name) for name, number in numbers.items())
    ) or (District(WHOLE_DISTRICT_ID, title),)
    contest = _contest(file, title, options, partition=tuple((n,) for n in numbers.values()))
    try:
        check_contest(contest, len(districts))
    except InvalidManifest as error:
        raise InvalidFile(f"this election is too large to be held: {error}") from None
    return PabulibElection(
        title=title,
        description=description,
        contest=contest,
        districts=districts,
        rows=rows,
        default_score=file.limits.default_score,
        notes=(*_notes(file, ids), *titles.notes),
    )


def option_ids(file: PabulibFile) -> tuple[str, ...]:
    """Give the option id of each project: its own id, or "p007" where a manifest allows no such."""
    taken = {project.id for project in file.projects}
    ids = []
    for number, project in enumerate(file.projects, 1):
        fitting = project.id
        if not _ID.fullmatch(fitting):
            fitting = f"p{number:03}"
            while fitting in taken:
                fitting += "x"
            taken.add(fitting)
        ids.append(fitting)
    return tuple(ids)


def official_totals(file: PabulibFile) -> dict[str, int] | None:
    """Give the file's own totals by option id: column `score` where it exists, else `votes`.

    A project whose place is empty is left out; None where the file has neither column.
    """
    scores = [project.score for project in file.projects]
    if all(score is None for score in scores):
        scores = [project.votes for project in file.projects]
    known = zip(option_ids(file), scores, strict=True)
    return {id: score for id, score in known if score is not None} or None


def _title(meta: Mapping[str, str]) -> str:
    name = meta.get("description", "") or meta.get("unit", "")
    instance = meta.get("instance", "")
    return name if instance in name else f"{name} {instance}"


def _district_numbers(file: PabulibFile) -> dict[str, int]:
    """Number the neighborhoods in order of first appearance; empty where the file has none."""
    names = [voter.neighborhood for voter in file.voters if voter.neighborhood is not None]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    if len(numbers) > NEIGHBORHOODS_MAX:
        raise InvalidFile(f"more than {NEIGHBORHOODS_MAX} neighborhoods")
    return numbers


def _contest(
    file: PabulibFile,
    title: Mapping[str, str],
    options: tuple[Option, ...],
    partition: tuple[tuple[int, ...], ...],
) -> Contest:
    limits = contest_limits(file)
    example = None
    if any(limit.low > 0 for limit in limits):  # any lawful ballot serves: the first of the file
        example = _scores(file.voters[0].selections, len(options), file.limits.default_score)
    return Contest(
        id=CONTEST_ID,
        title=title,
        form=contest_form(file),
        options=options,
        top=file.top,
        limits=limits,
        blank=None,
        example=example,
        partition=partition,
        rule=Rule(name="budget", seats=0, minimum=file.minimum, budget=file.budget),
    )


def _scores(
    selections: Sequence[tuple[int, int]], options: int, default_score: int
) -> tuple[int, ...]:
    scores = [default_score] * options
    for option, score in selections:
        scores[option] = score
    return tuple(scores)


def _notes(file: PabulibFile, ids: Sequence[str]) -> list[str]:
    """Say where this election is not the file's, apart from its texts."""
    notes = []
    if file.decimals:
        currency = file.meta.get("currency", "the currency")
        notes.append(f"all money is in units of 1/{10**file.decimals} {currency}")
    rule = file.meta.get("rule", "unknown")
    if rule not in GREEDY_RULES:
        notes.append(f"rule {shown(rule)}: counted here by the greedy rule, so others may win")
    notes += unproven(file)
    notes += [
        f"{key}: not used with vote_type {file.vote_type}" for key in unused_limits(file.meta)
    ]
    notes += [
        f"line {project.line}: project {shown(project.id)} is option {id}"
        for id, project in zip(ids, file.projects, strict=True)
        if id != project.id
    ]
    return notes
