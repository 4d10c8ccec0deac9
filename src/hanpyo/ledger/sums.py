"""Encrypted sums over the counted ballots, one for each contest and part of the roll (11.2).

Ballots are gathered and added many at a time, in Rust. A ballot that no longer counts is read
again, decoded and subtracted, or just dropped where it was not added yet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hanpyo import crypto
from hanpyo.election.manifest import Manifest
from hanpyo.election.tally import PartCount
from hanpyo.errors import DamagedLedger
from hanpyo.ledger.entry import Cast, decode_entry
from hanpyo.ledger.roll_table import RollTable

# Gives the bytes of the entry at an index. What is read here changes the sums, so a store that
# somebody may have edited compares them with its tree first.
EntryReader = Callable[[int], bytes]
Place = tuple[crypto.Batch, int]  # a batch and the ballot's number in it
Item = tuple[int, int, int]  # as crypto.Sum.add takes it


@dataclass(slots=True)
class PartSum:
    """The counted ballots of one contest in one part of its partition.

    Attributes:
        total: the sum of weight * (A, B_1..B_n).
        by_weight: how many ballots count with each weight.
    """

    total: crypto.Sum
    by_weight: dict[int, int] = field(default_factory=dict)

    @property
    def has_ballots(self) -> bool:
        """Whether any ballot counts here."""
        return any(self.by_weight.values())

    def count(self) -> PartCount:
        """Give number, weight, and number by weight, weights ascending."""
        by_weight = {weight: n for weight, n in sorted(self.by_weight.items()) if n}
        weight = sum(weight * n for weight, n in by_weight.items())
        return PartCount(sum(by_weight.values()), weight, by_weight)


class Sums:
    """All sums of one election, and the ballots still to be added or subtracted.

    Attributes:
        parts: the sums by (contest, part); a part without ballots may be missing.
    """

    __slots__ = ("_added", "_option_counts", "_parts_of", "_removed", "_styles", "parts")

    def __init__(self, manifest: Manifest) -> None:
        self._styles = [tuple(style) for style in manifest.styles]
        self._option_counts = [len(contest.options) for contest in manifest.contests]
        self._parts_of = [
            _part_of_districts(contest.partition, len(manifest.districts))
            for contest in manifest.contests
        ]
        self._added: dict[int, tuple[Place, int]] = {}  # index -> where the points are, row
        self._removed: list[tuple[int, int]] = []  # index, row
        self.parts: dict[tuple[int, int], PartSum] = {}

    def add(self, index: int, place: Place, row: int) -> None:
        """Count a ballot of a row."""
        self._added[index] = place, row

    def remove(self, index: int, row: int) -> None:
        """Count a ballot no longer."""
        if self._added.pop(index, None) is None:
            self._removed.append((index, row))

    @property
    def waiting(self) -> int:
        """How many ballots are to be added or subtracted."""
        return len(self._added) + len(self._removed)

    def settle(
        self, kit: crypto.BallotKit | None, roll: RollTable, entry_at: EntryReader, threads: int
    ) -> None:
        """Bring the sums up to date.

        Raises:
            DamagedLedger: a recorded ballot cannot be decoded again.
        """
        self._apply(list(self._added.values()), roll, 1)
        self._added.clear()
        if self._removed:
            assert kit is not None, "where a ballot was recorded there is a joint key"
            self._apply(self._read_again(kit, roll, entry_at, threads), roll, -1)
            self._removed.clear()

    def _read_again(
        self, kit: crypto.BallotKit, roll: RollTable, entry_at: EntryReader, threads: int
    ) -> list[tuple[Place, int]]:
        ballots = []
        for index, row in self._removed:
            cast = decode_entry(entry_at(index))
            if not isinstance(cast, Cast) or roll.row_of.get(cast.credential) != row:
                raise DamagedLedger(f"entry {index} was a ballot of row {row} and is none any more")
            ballots.append((roll.styles[row], cast.ballot))
        batch = kit.decode(ballots, threads)
        if any(batch.verdicts):
            raise DamagedLedger("a recorded ballot does not decode any more")
        return [((batch, number), row) for number, (_, row) in enumerate(self._removed)]

    def _apply(self, ballots: Sequence[tuple[Place, int]], roll: RollTable, sign: int) -> None:
        """Group ballots by sum and batch, and hand each group to Rust at once."""
        groups: dict[tuple[int, int], dict[int, tuple[crypto.Batch, list[Item]]]] = {}
        for (batch, number), row in ballots:
            weight, district = roll.weights[row], roll.districts[row]
            for place, contest in enumerate(self._styles[roll.styles[row]]):
                part = self._parts_of[contest][district]
                batches = groups.setdefault((contest, part), {})
                batches.setdefault(id(batch), (batch, []))[1].append((number, place, weight))
        for key, batches in groups.items():
            part_sum = self.parts.get(key)
            if part_sum is None:
                part_sum = self.parts[key] = PartSum(crypto.Sum(self._option_counts[key[0]]))
            by_weight = part_sum.by_weight
            for batch, items in batches.values():
                (part_sum.total.add if sign > 0 else part_sum.total.subtract)(batch, items)
                for _, _, weight in items:
                    by_weight[weight] = by_weight.get(weight, 0) + sign

    def counted_parts(self) -> list[tuple[int, int]]:
        """Name the parts that have counted ballots, as of the last settling, in order."""
        return [key for key in sorted(self.parts) if self.parts[key].has_ballots]

    def counts(self, contest: int) -> list[PartCount]:
        """Give the counted ballots of each part of a contest, as of the last settling."""
        part_count = max(self._parts_of[contest]) + 1
        found = [self.parts.get((contest, part)) for part in range(part_count)]
        return [PartCount(0, 0, {}) if part is None else part.count() for part in found]

    def group_total(self, contest: int, parts: Sequence[int]) -> bytes:
        """Give the encrypted sum over several parts, as `crypto.Sum.encode` writes it."""
        total = crypto.Sum(self._option_counts[contest])
        for part in parts:
            if (contest, part) in self.parts:
                total.merge(self.parts[contest, part].total)
        return total.encode()


def _part_of_districts(partition: Sequence[Sequence[int]], district_count: int) -> list[int]:
    """Give the part of each district; an empty partition is one part of all."""
    part_of = [0] * district_count
    for part, districts in enumerate(partition):
        for district in districts:
            part_of[district] = part
    return part_of
