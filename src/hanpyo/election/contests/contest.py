"""What a contest is: options, a top score R, and limits `low <= sum(c_i * score_i) <= high`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hanpyo import crypto

FORMS = ("one", "some", "approval", "score", "matrix", "cumulative", "budget")


@dataclass(frozen=True, slots=True)
class Option:
    """What can be marked or scored.

    Attributes:
        title: its name by language tag.
        cost: what it costs, for rule budget; 0 elsewhere.
    """

    id: str
    title: Mapping[str, str]
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """`low <= sum(c * score of option) <= high`, coefficients as (option, c), options ascending."""

    low: int
    high: int
    coefficients: tuple[tuple[int, int], ...]

    def sum(self, scores: Sequence[int]) -> int:
        """Add up the scores as this limit weighs them."""
        return sum(c * scores[option] for option, c in self.coefficients)


@dataclass(frozen=True, slots=True)
class Rule:
    """How totals become an outcome; each field is explained in protocol.md 12.

    A field that a rule does not use keeps its default here, but for `seats`: 0 with budget, items.
    """

    name: str
    seats: int = 1
    share: tuple[int, int] = (0, 1)
    base: str = "cast"
    quorum: int = 0
    turnout: tuple[int, int] = (0, 1)
    minimum: int = 0
    budget: int = 0


@dataclass(frozen=True, slots=True)
class Contest:
    """One thing that is put to the vote.

    Attributes:
        title: what is asked, by language tag.
        form: how it is shown, one of `FORMS`; proofs do not depend on it.
        options: 1..512 of them, numbered from 0.
        top: R, the highest score.
        limits: what every lawful ballot satisfies.
        blank: the number of the option that means "I leave this blank".
        example: scores that satisfy all limits.
        partition: district numbers by part; empty: one part of all districts.
        rule: how totals become an outcome.
    """

    id: str
    title: Mapping[str, str]
    form: str
    options: tuple[Option, ...]
    top: int
    limits: tuple[Limit, ...]
    blank: int | None
    example: tuple[int, ...] | None
    partition: tuple[tuple[int, ...], ...]
    rule: Rule

    @property
    def bit_count(self) -> int:
        """b: how many bits a ballot proves, scores and slack together (protocol.md 5.2)."""
        slack = sum((limit.high - limit.low).bit_length() for limit in self.limits)
        return len(self.options) * self.top.bit_length() + slack

    @property
    def byte_size(self) -> int:
        """How many bytes this contest takes in a ballot (protocol.md 8.5)."""
        return 32 * (len(self.options) + self.bit_count + 6)

    def parts(self, districts: int) -> tuple[tuple[int, ...], ...]:
        """Give the parts of the roll by which this contest is summed, of so many districts."""
        return self.partition or (tuple(range(districts)),)


def contest_shape(contest: Contest) -> crypto.Shape:
    """Give the contest as proofs know it.

    Raises:
        InvalidShape: the limits break a bound or contradict each other.
    """
    limits = [(each.low, each.high, each.coefficients) for each in contest.limits]
    return crypto.Shape(len(contest.options), contest.top, limits)
