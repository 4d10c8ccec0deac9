"""Reads the section META: what is voted on, and what it allows in one ballot.

Only META limits a ballot: neither the format's defaults nor a comment does. The one exception is
the vote type `choose-1`, itself a key of META, which means one project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hanpyo.errors import InvalidFile
from hanpyo.formats.pabulib.lines import Faults, Table, shown
from hanpyo.formats.pabulib.model import (
    META_KEYS_MAX,
    POINTS_MAX,
    VOTE_TYPES,
    BallotLimits,
    Range,
)
from hanpyo.formats.pabulib.numbers import MONEY_WORDS, WHOLE_WORDS, whole

NO_RANKS = "ranked ballots do not exist here yet"
NEEDED_KEYS = ("num_projects", "num_votes", "budget", "vote_type")
LIMIT_KEYS = {  # the limits that each vote type has in the format
    "approval": ("min_length", "max_length", "min_sum_cost", "max_sum_cost"),
    "choose-1": ("min_length", "max_length"),
    "cumulative": (
        *("min_length", "max_length", "min_points", "max_points"),
        *("min_sum_points", "max_sum_points"),
    ),
    "scoring": ("min_length", "max_length", "min_points", "max_points", "default_score"),
}
THRESHOLD_KEY = "min_project_score_threshold"


def read_meta(table: Table, faults: Faults) -> tuple[dict[str, str], dict[str, int]]:
    """Read all keys with their values, and with their lines.

    Raises:
        InvalidFile: this is no META, a key is missing, or the vote type is not one of VOTE_TYPES.
    """
    if table.columns != ("key", "value"):
        raise InvalidFile(f"line {table.line}: the columns of META must be key;value")
    if len(table.rows) > META_KEYS_MAX:
        raise InvalidFile(f"META has more than {META_KEYS_MAX} lines")
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, (key, value) in table.rows:
        if key in meta:
            faults.add(line, f"the key {shown(key)} stands on line {lines[key]} already")
        else:
            meta[key], lines[key] = value, line
    for key in NEEDED_KEYS:
        if key not in meta:
            faults.check()
            raise InvalidFile(f"the key {key} is missing in META")
    vote_type = meta["vote_type"]
    if vote_type not in VOTE_TYPES:
        where = f"line {lines['vote_type']}: vote_type is {shown(vote_type)}"
        if vote_type == "ordinal":
            raise InvalidFile(f"{where}, and {NO_RANKS}")
        raise InvalidFile(f"{where}, not one of {', '.join(VOTE_TYPES)}")
    return meta, lines


def unused_limits(meta: Mapping[str, str]) -> list[str]:
    """Name the limits in META that say nothing for its vote type, or that are not read here."""
    known = {key for keys in LIMIT_KEYS.values() for key in keys}
    unused = known.difference(LIMIT_KEYS[meta["vote_type"]])
    return [key for key in meta if key in unused or key.endswith("_per_category")]


@dataclass(frozen=True, slots=True)
class MetaReader:
    """Reads the numbers of META and notes what is wrong with them.

    Attributes:
        meta: all keys with their values, as `read_meta` gives them.
        lines: the line of each key.
        money: reads an amount in the file's unit.
        faults: gathers what is wrong.
    """

    meta: Mapping[str, str]
    lines: Mapping[str, int]
    money: Callable[[str], int | None]
    faults: Faults

    def budget(self) -> int:
        """Read the money to spend."""
        return self._number("budget", self.money) or 0

    def minimum(self) -> int:
        """Read below which total no project is funded."""
        rule = self.meta.get("rule")
        if rule == "greedy-threshold" and THRESHOLD_KEY not in self.meta:
            self.faults.add(self.lines["rule"], f"rule {rule} needs the key {THRESHOLD_KEY}")
        return self._number(THRESHOLD_KEY) or 0

    def limits(self) -> BallotLimits:
        """Read what is allowed in one ballot."""
        length = self._range("length")
        match self.meta["vote_type"]:
            case "approval":
                return BallotLimits(length, cost=self._range("sum_cost", self.money))
            case "choose-1":
                if length.low > 1 or length.high not in (None, 1):
                    self._refuse_vote_type("choose-1 allows no other length than 1")
                return BallotLimits(Range(length.low if "min_length" in self.meta else 1, 1))
            case "cumulative":
                points, points_sum = self._range("points"), self._range("sum_points")
                return BallotLimits(length, points=points, points_sum=points_sum)
            case _:
                default = self._number("default_score") or 0
                return BallotLimits(length, points=self._range("points"), default_score=default)

    def top(self, limits: BallotLimits) -> int:
        """Find the most points that one project can get."""
        if self.meta["vote_type"] in ("approval", "choose-1"):
            return 1
        borders = [limits.points.high, limits.points_sum.high]
        top = min((border for border in borders if border is not None), default=None)
        if top is None:
            self._refuse_vote_type("max_points or max_sum_points must tell the top score")
        elif not 1 <= top <= POINTS_MAX:
            self._refuse_vote_type(f"the top score must be 1 to {POINTS_MAX}, not {top}")
        elif limits.default_score > top:
            self._refuse_vote_type("default_score is more than max_points")
        return top or 1

    def check_count(self, key: str, section: str, found: int) -> None:
        """Note when META announces another number of lines than a section has."""
        if whole(self.meta[key]) != found:
            why = f"{key} is {shown(self.meta[key])}, but {section} has {found} lines"
            self.faults.add(self.lines[key], why)

    def _number(self, key: str, read: Callable[[str], int | None] = whole) -> int | None:
        if key not in self.meta:
            return None
        value = read(self.meta[key])
        if value is None:
            words = WHOLE_WORDS if read is whole else MONEY_WORDS
            self.faults.add(self.lines[key], f"{key} must be {words}, not {shown(self.meta[key])}")
        return value

    def _range(self, name: str, read: Callable[[str], int | None] = whole) -> Range:
        low, high = self._number(f"min_{name}", read), self._number(f"max_{name}", read)
        if low is not None and high is not None and low > high:
            self.faults.add(self.lines[f"min_{name}"], f"min_{name} is more than max_{name}")
        return Range(low or 0, high)

    def _refuse_vote_type(self, why: str) -> None:
        self.faults.add(self.lines["vote_type"], why)
