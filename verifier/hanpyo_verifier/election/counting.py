"""Counted ballots, their groups and their sums (protocol.md 11.2)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from hanpyo_verifier.election.manifest import Manifest
from hanpyo_verifier.group.edwards import (
    IDENTITY,
    Cached,
    Point,
    add,
    add_cached,
    double,
    negate_cached,
)


@dataclass(slots=True)
class Part:
    """What is counted in one part of a contest: how many rows with each weight."""

    rows_by_weight: Counter[int] = field(default_factory=Counter)

    @property
    def ballots(self) -> int:
        """The number of counted ballots."""
        return self.rows_by_weight.total()

    @property
    def weight(self) -> int:
        """The weight of the counted ballots."""
        return sum(weight * rows for weight, rows in self.rows_by_weight.items())


@dataclass(slots=True, frozen=True)
class Group:
    """Parts of a contest that are opened together."""

    parts: list[int]
    ballots: int
    weight: int


class Counting:
    """The counted ballots of every part of every contest."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._parts = [[Part() for _ in contest.parts] for contest in manifest.contests]

    def parts_of(self, style: int, district: int) -> list[int]:
        """Returns the part that a row is in, for each contest of its style."""
        contests = self._manifest.contests
        return [contests[c].part_of(district) for c in self._manifest.styles[style]]

    def change(self, style: int, district: int, weight: int, by: int) -> None:
        """Counts a ballot (by 1) or takes it out (by -1)."""
        numbers = self._manifest.styles[style]
        for contest, part in zip(numbers, self.parts_of(style, district), strict=True):
            rows = self._parts[contest][part].rows_by_weight
            rows[weight] += by
            if not rows[weight]:
                del rows[weight]

    def groups(self, contest: int) -> list[Group]:
        """Forms the groups of a contest."""
        parts, m = self._parts[contest], self._manifest
        return [
            Group(
                group,
                sum(parts[number].ballots for number in group),
                sum(parts[number].weight for number in group),
            )
            for group in form_groups(parts, m.smallest_tally, m.weights)
        ]


def form_groups(parts: list[Part], smallest: int, weights: str) -> list[list[int]]:
    """Forms the groups of a contest: the numbers of their parts."""

    def large_enough(chosen: list[int]) -> bool:
        rows: Counter[int] = Counter()
        for number in chosen:
            rows.update(parts[number].rows_by_weight)
        if rows.total() < smallest:
            return False
        if weights == "revealing" and len(chosen) == len(parts):
            return True
        return all(count >= smallest for count in rows.values())

    groups: list[list[int]] = []
    gathered: list[int] = []
    for number in range(len(parts)):
        gathered.append(number)
        if large_enough(gathered):
            groups.append(gathered)
            gathered = []
    if gathered:
        while groups and not large_enough(gathered):
            gathered = groups.pop() + gathered
        if large_enough(gathered):
            groups.append(gathered)
    return groups


# A ballot's style, weight, part in each contest, and A, B_1..B_n of each contest.
Weighted = tuple[int, int, list[int], list[list[Cached]]]
Sums = dict[tuple[int, int], list[Point]]  # (contest, part): A, B_1..B_n


class Summing:
    """Sums of weight * (A, B_1..B_n) for each contest and part."""

    def __init__(self) -> None:
        self.sums: Sums = {}

    def add(
        self,
        ballots: Iterable[Weighted],
        styles: list[list[int]],
        sign: int,
    ) -> None:
        """Adds ballots (style, weight, parts, ciphertexts), or with sign -1 takes them out."""
        columns: dict[tuple[int, int], list[tuple[int, list[Cached]]]] = {}
        for style, weight, parts, ciphertexts in ballots:
            for contest, part, points in zip(styles[style], parts, ciphertexts, strict=True):
                columns.setdefault((contest, part), []).append((weight, points))
        for key, weighted in columns.items():
            width = len(weighted[0][1])
            total = self.sums.setdefault(key, [IDENTITY] * width)
            heaviest = max(weight for weight, _ in weighted)
            for j in range(width):
                column = [
                    (weight, points[j] if sign > 0 else negate_cached(points[j]))
                    for weight, points in weighted
                ]
                total[j] = _add_weighted(total[j], column, heaviest)


def _add_weighted(start: Point, column: list[tuple[int, Cached]], heaviest: int) -> Point:
    """Adds weight * point for all of a column, the doublings shared."""
    if heaviest == 1:
        return add_cached(start, [point for _, point in column])
    total = IDENTITY
    for bit in range(heaviest.bit_length() - 1, -1, -1):
        total = double(total)
        total = add_cached(total, [point for weight, point in column if weight >> bit & 1])
    return add(start, total)


def merge_sums(many: Iterable[Sums]) -> Sums:
    """Adds up the sums of several workers."""
    merged: Sums = {}
    for sums in many:
        for key, points in sums.items():
            if key in merged:
                merged[key] = [add(p, q) for p, q in zip(merged[key], points, strict=True)]
            else:
                merged[key] = points
    return merged
