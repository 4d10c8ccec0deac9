"""Contests: n options, a top score and limits (protocol.md 5)."""

import functools
import itertools
import re
from dataclasses import dataclass
from typing import Any

from hanpyo_verifier.errors import MalformedError

MAX_BITS = 4096
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
FORMS = ("one", "some", "approval", "score", "matrix", "cumulative", "budget")


@dataclass(frozen=True)
class Limit:
    """low <= sum of c_i * score_i <= high."""

    coefficients: list[tuple[int, int]]
    low: int
    high: int

    def allows(self, scores: list[int]) -> bool:
        """Tells whether these scores keep the limit."""
        return self.low <= sum(c * scores[i] for i, c in self.coefficients) <= self.high


@dataclass(frozen=True)
class Rule:
    """How a contest is decided (protocol.md 12)."""

    name: str
    seats: int
    share: tuple[int, int]
    base: str
    quorum: int
    turnout: tuple[int, int]
    minimum: int
    budget: int


@dataclass(frozen=True)
class Contest:
    """One contest of a manifest."""

    id: str
    form: str
    top: int
    option_ids: list[str]
    costs: list[int]
    limits: list[Limit]
    blank: int | None
    parts: list[list[int]]
    rule: Rule

    @property
    def n(self) -> int:
        """The number of options."""
        return len(self.option_ids)

    @functools.cached_property
    def score_weights(self) -> list[int]:
        """The weights w_1..w_b of one score's bits."""
        return bit_weights(self.top)

    @functools.cached_property
    def slack_weights(self) -> list[list[int]]:
        """The weights of each limit's slack bits."""
        return [bit_weights(limit.high - limit.low) for limit in self.limits]

    @functools.cached_property
    def bits(self) -> int:
        """The number of all bits of a ballot."""
        return self.n * len(self.score_weights) + sum(map(len, self.slack_weights))

    @property
    def size(self) -> int:
        """The bytes of this contest's part of a ballot (5.2)."""
        return 32 * (self.n + self.bits + 6)

    def part_of(self, district: int) -> int:
        """Returns the number of the part that a district is in."""
        return self._part_by_district.get(district, 0)

    @functools.cached_property
    def _part_by_district(self) -> dict[int, int]:
        return {d: number for number, part in enumerate(self.parts) for d in part}


def bit_weights(top: int) -> list[int]:
    """The weights of the bits that write a range 0..top (protocol.md 5.2)."""
    bits = top.bit_length()
    if not bits:
        return []
    return [1 << i for i in range(bits - 1)] + [top - ((1 << (bits - 1)) - 1)]


def fields(value: Any, *names: str) -> list[Any]:
    """Returns the values of an object that has exactly these keys."""
    if not isinstance(value, dict) or set(value) != set(names):
        raise MalformedError(f"an object must have exactly the keys {', '.join(names)}")
    return [value[name] for name in names]


def integer(value: Any, low: int, high: int, what: str) -> int:
    """Returns an integer in a range."""
    if type(value) is not int or not low <= value <= high:
        raise MalformedError(f"{what} must be an integer from {low} to {high}")
    return value


def array(value: Any, low: int, high: int, what: str) -> list[Any]:
    """Returns an array with so many items."""
    if not isinstance(value, list) or not low <= len(value) <= high:
        raise MalformedError(f"{what} must be an array of {low} to {high} items")
    return value


def identifier(value: Any, what: str) -> str:
    """Returns an id."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise MalformedError(f"{what} has an id that is none")
    return value


def check_text(value: Any, what: str, *, longest: int = 500, least: int = 1) -> None:
    """Checks a text, or with `least` 0 and `longest` 5,000 a note."""
    if not isinstance(value, dict) or not least <= len(value) <= 8:
        raise MalformedError(f"{what} must have {least} to 8 languages")
    for language, text in value.items():
        if not _LANGUAGE.fullmatch(language):
            raise MalformedError(f"{what} has a language tag that is none")
        if not isinstance(text, str) or not 1 <= len(text) <= longest:
            raise MalformedError(f"{what} must be 1 to {longest} characters long")


def distinct(values: list[Any], what: str) -> None:
    """Refuses a list in which something stands twice."""
    if len(set(values)) != len(values):
        raise MalformedError(f"{what} must be distinct")


def ascending(values: list[int]) -> bool:
    """Tells whether numbers ascend without repetition."""
    return all(a < b for a, b in itertools.pairwise(values))


def parse_contest(value: Any, districts: int, rule: Any) -> Contest:
    """Reads one contest of a manifest; `rule` reads its rule (protocol.md 5.1)."""
    blank, example, form, id_, limits, options, partition, rule_value, title, top = fields(
        value, "blank", "example", "form", "id", "limits", "options", "partition", "rule",
        "title", "top",
    )  # fmt: skip
    identifier(id_, "a contest")
    check_text(title, "a contest's title")
    if form not in FORMS:
        raise MalformedError("a contest has an unknown form")
    option_ids, costs = _options(options)
    n = len(option_ids)
    integer(top, 1, 2**32 - 1, "top")
    contest = Contest(
        id=id_,
        form=form,
        top=top,
        option_ids=option_ids,
        costs=costs,
        limits=parse_limits(limits, n, top, form),
        blank=None if blank is None else integer(blank, 0, n - 1, "blank"),
        parts=_partition(partition, districts),
        rule=rule(rule_value, form, n - (blank is not None)),
    )
    check_bits(contest)
    _check_example(contest, example)
    _check_matrix(contest)
    _check_blank(contest)
    return contest


def _options(value: Any) -> tuple[list[str], list[int]]:
    ids, costs = [], []
    for option in array(value, 1, 512, "options"):
        cost, id_, title = fields(option, "cost", "id", "title")
        ids.append(identifier(id_, "an option"))
        costs.append(integer(cost, 0, 2**48 - 1, "a cost"))
        check_text(title, "an option's title")
    distinct(ids, "option ids")
    return ids, costs


def check_bits(contest: Contest) -> None:
    """Refuses a contest with too many bits; at least one there always is."""
    if contest.bits > MAX_BITS:
        raise MalformedError("a contest has more than 4,096 bits")


def parse_limits(value: Any, n: int, top: int, form: str) -> list[Limit]:
    """Reads the limits of a contest with n options and this top score."""
    most = 64 + n // 2 if form == "matrix" else 64
    limits = []
    for item in array(value, 0, most, "limits"):
        coefficients, high, low = fields(item, "coefficients", "high", "low")
        pairs = []
        for pair in array(coefficients, 1, n, "coefficients"):
            option, c = array(pair, 2, 2, "a coefficient")
            pairs.append(
                (integer(option, 0, n - 1, "an option"), integer(c, 1, 2**48 - 1, "a coefficient"))
            )
        if not ascending([option for option, _ in pairs]):
            raise MalformedError("the options of a limit must ascend")
        integer(high, 0, 2**48 - 1, "high")
        integer(low, 0, high, "low")
        if sum(c for _, c in pairs) * top >= 2**64:
            raise MalformedError("a limit's coefficients are too large for the top score")
        limits.append(Limit(pairs, low, high))
    return limits


def _partition(value: Any, districts: int) -> list[list[int]]:
    parts = array(value, 0, districts, "a partition")
    if not parts:
        return [list(range(districts))]
    for part in parts:
        for district in array(part, 1, districts, "a part"):
            integer(district, 0, districts - 1, "a district")
        if not ascending(part):
            raise MalformedError("the districts of a part must ascend")
    if sorted(d for part in parts for d in part) != list(range(districts)):
        raise MalformedError("a partition must hold each district exactly once")
    return parts


def _check_example(contest: Contest, example: Any) -> None:
    """Checks the example; with it, the equations of 5.2 are consistent.

    So they are without one: all low are 0 then, and zero scores with the highest slack keep every
    limit. No elimination (8.3) is needed to verify.
    """
    if example is None:
        if any(limit.low for limit in contest.limits):
            raise MalformedError("a contest with a lower limit needs an example")
        return
    for score in array(example, contest.n, contest.n, "an example"):
        integer(score, 0, contest.top, "an example's score")
    if not all(limit.allows(example) for limit in contest.limits):
        raise MalformedError("an example breaks a limit")


def _check_matrix(contest: Contest) -> None:
    if contest.form != "matrix":
        return
    if contest.blank is not None:
        raise MalformedError("a matrix has no blank option")
    items = contest.n // 2
    expected = [Limit([(2 * i, 1), (2 * i + 1, 1)], 0, 1) for i in range(items)]
    if contest.n % 2 or contest.limits[:items] != expected:
        raise MalformedError("a matrix must have one limit of 1 for each pair of options")


def _check_blank(contest: Contest) -> None:
    if contest.blank is None:
        return
    for limit in contest.limits:
        if limit.high < 1 or dict(limit.coefficients).get(contest.blank) != limit.high:
            raise MalformedError("a blank option must fill every limit")
    if not any(len(limit.coefficients) == contest.n for limit in contest.limits):
        raise MalformedError("a blank option must exclude all others")
