"""Which sums may be opened, and who has to say so first. Source: protocol.md 11.1 and 11.2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartCount:
    """The counted ballots of one part of a contest's partition.

    Attributes:
        ballots: how many rows counted.
        weight: the sum of their weights.
        by_weight: how many rows counted with each weight; 0 is the same as none.
    """

    ballots: int
    weight: int
    by_weight: Mapping[int, int]


def seal_quorum(n: int, t: int) -> int:
    """Give q = ceil((n + t) / 2), so that any two sets of q trustees share at least t.

    Two different roots can thus be sealed only if t trustees lie, and t could read votes anyway.

    Args:
        n: trustees who confirmed the joint key.
        t: the threshold.
    """
    return (n + t + 1) // 2


def has_enough_seals(
    confirmed: Iterable[int], sealed: Iterable[int], lost: Iterable[int], threshold: int
) -> bool:
    """Whether shares may be given.

    Args:
        confirmed: trustees who confirmed the joint key.
        sealed: those who have sealed the closing root.
        lost: those whom the organizers declared lost; none of them has sealed before.
        threshold: how many trustees decrypt.
    """
    everybody, done = set(confirmed), set(sealed)
    quorum = seal_quorum(len(everybody), threshold)
    if len(done) >= quorum:
        return True
    left = everybody - set(lost)
    return threshold <= len(left) < quorum and left <= done


def form_groups(
    part_counts: Sequence[PartCount], smallest: int, weights: str
) -> list[tuple[int, ...]]:
    """Join the parts of a contest into the groups whose sums are opened, and no others.

    Args:
        part_counts: the counted ballots of each part, in the partition's order.
        smallest: how many ballots, and rows of each weight, a group needs at least.
        weights: the manifest's word; with "revealing" the rows of each weight do not matter where
            a group holds all parts.

    Returns:
        The part numbers of each group, ascending. Every part is in one group; or there is no group
        and nothing is opened.
    """
    every_part = range(len(part_counts))
    groups: list[_Group] = []
    gathered = _Group()
    for part in every_part:
        gathered.add(part, part_counts[part])
        if gathered.is_large_enough(smallest, weights, every_part):
            groups.append(gathered)
            gathered = _Group()
    if gathered.parts:
        while groups and not gathered.is_large_enough(smallest, weights, every_part):
            for part in groups.pop().parts:
                gathered.add(part, part_counts[part])
        if gathered.is_large_enough(smallest, weights, every_part):
            groups.append(gathered)
    return [tuple(sorted(group.parts)) for group in groups]


class _Group:
    """Parts gathered so far, with their counted ballots and the rows of each weight."""

    def __init__(self) -> None:
        self.parts: list[int] = []
        self.ballots = 0
        self.rows: dict[int, int] = {}

    def add(self, part: int, count: PartCount) -> None:
        self.parts.append(part)
        self.ballots += count.ballots
        for weight, rows in count.by_weight.items():
            self.rows[weight] = self.rows.get(weight, 0) + rows

    def is_large_enough(self, smallest: int, weights: str, every_part: range) -> bool:
        if self.ballots < smallest:
            return False
        if weights == "revealing" and len(self.parts) == len(every_part):
            return True
        return all(rows == 0 or rows >= smallest for rows in self.rows.values())
