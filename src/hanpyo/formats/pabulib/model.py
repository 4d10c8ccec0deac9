"""What a Pabulib file says, and the most it may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FILE_BYTES_MAX = 64 * 2**20
LINES_MAX = 1_000_000
LINE_CHARACTERS_MAX = 100_000
META_KEYS_MAX = 200
COLUMNS_MAX = 200
PROJECTS_MAX = 512
ID_CHARACTERS_MAX = 200
NEIGHBORHOODS_MAX = 512
AMOUNT_DIGITS_MAX = 15
AMOUNT_DECIMALS_MAX = 4

POINTS_MAX = 2**32 - 1
VOTE_TYPES = ("approval", "choose-1", "cumulative", "scoring")
POINTS_TYPES = ("cumulative", "scoring")


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both allowed; `high` is None where nothing limits it."""

    low: int = 0
    high: int | None = None

    def __contains__(self, value: int) -> bool:
        """Tell whether the range allows `value`."""
        return self.low <= value and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class BallotLimits:
    """What META allows in one ballot. A range that META does not name, allows everything.

    Attributes:
        length: how many projects are listed (`min_length`, `max_length`).
        cost: what they cost together (`min_sum_cost`, `max_sum_cost`), approval only.
        points: points of each listed project (`min_points`, `max_points`).
        points_sum: points of all together (`min_sum_points`, `max_sum_points`), cumulative only.
        default_score: points of each project that is not listed, scoring only.
    """

    length: Range = Range()
    cost: Range = Range()
    points: Range = Range()
    points_sum: Range = Range()
    default_score: int = 0


@dataclass(frozen=True, slots=True)
class Project:
    """One line of PROJECTS.

    Attributes:
        line: where it stands, 1-based.
        id: as the file has it.
        name: as the file has it, empty where it has none.
        cost: in the smallest unit, see `PabulibFile.decimals`.
        votes: the official number of voters for it, if the file has it.
        score: the official number of points, if the file has it.
        selected: 1 where it was funded, 0 where not, other numbers as META's comment says.
    """

    line: int
    id: str
    name: str
    cost: int
    votes: int | None
    score: int | None
    selected: int | None


@dataclass(frozen=True, slots=True)
class Voter:
    """One line of VOTES.

    Attributes:
        line: where it stands, 1-based.
        id: as the file has it.
        selections: (number of the project, points) of the listed projects, in the file's order;
            an approval is 1 point.
        neighborhood: as the file has it, or None where VOTES has no such column.
    """

    line: int
    id: str
    selections: tuple[tuple[int, int], ...]
    neighborhood: str | None


@dataclass(frozen=True, slots=True)
class PabulibFile:
    """One `.pb` file.

    Attributes:
        meta: all of META, as text.
        vote_type: one of VOTE_TYPES.
        limits: what META allows in one ballot.
        top: the most points that one project can get, from 1.
        minimum: projects with less in total are not funded (`min_project_score_threshold`).
        decimals: all money is in units of 10^-decimals of the currency.
        budget: the money to spend.
        projects: in the file's order.
        voters: those whose ballot keeps all limits, in the file's order.
        outside: (line, why) of every other ballot. They are not cast, and never changed.
    """

    meta: Mapping[str, str]
    vote_type: str
    limits: BallotLimits
    top: int
    minimum: int
    decimals: int
    budget: int
    projects: tuple[Project, ...]
    voters: tuple[Voter, ...]
    outside: tuple[tuple[int, str], ...]

    @property
    def with_points(self) -> bool:
        """Whether ballots give points; else they approve."""
        return self.vote_type in POINTS_TYPES
