"""The roll: who may vote, with which weight, style and district (protocol.md 6, 10)."""

import hashlib
import itertools
from array import array
from collections.abc import Callable
from typing import Any

from hanpyo_verifier.election.contests import ascending
from hanpyo_verifier.election.manifest import Manifest
from hanpyo_verifier.encoding import cbor
from hanpyo_verifier.errors import RefusedError
from hanpyo_verifier.hashing.frames import frame

MAX_ROWS = 2**24
MAX_TOTAL = 2**44

Effect = Callable[[], None]


class Roll:
    """All rows, compactly: one array for each column."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._commitments = bytearray()  # of the sealed rows, ascending
        self._late: set[bytes] = set()  # commitments of rows that a roll-change added
        self._digest = hashlib.sha256(frame("roll"))
        self._top = max(contest.top for contest in manifest.contests)
        self.weights = array("Q")
        self.styles = array("B")
        self.districts = array("H")
        self.chunks = 0
        self.sealed = False
        self.weight = 0
        self.weight_by_style = [0] * len(manifest.styles)

    def __len__(self) -> int:
        return len(self.weights)

    def contest_weight(self, contest: int) -> int:
        """The weight of all rows whose style has a contest."""
        return sum(
            weight
            for weight, style in zip(self.weight_by_style, self._manifest.styles, strict=True)
            if contest in style
        )

    def judge_chunk(self, number: int, rows: list[list[Any]]) -> Effect:
        """Judges a roll-chunk."""
        if number != self.chunks:
            raise RefusedError("C11", f"chunk {number} stands where {self.chunks} belongs")
        self._check_new_rows(rows)
        if self._commitments and rows[0][0] <= self._commitments[-32:]:
            raise RefusedError("C11", "commitments do not ascend from the chunk before")

        def effect() -> None:
            self.chunks += 1
            for row in rows:
                self._commitments += row[0]
                encoded = cbor.encode(row)
                self._digest.update(len(encoded).to_bytes(4, "big") + encoded)
                self._append(row)

        return effect

    def judge_seal(self, count: int, weight: int, digest: bytes) -> Effect:
        """Judges a roll-seal."""
        if not len(self) or (count, weight, digest) != (
            len(self),
            self.weight,
            self._digest.digest(),
        ):
            raise RefusedError("C11", "count, weight or digest are not those of the chunks")
        self._check_bound(self.weight)

        def effect() -> None:
            self.sealed = True

        return effect

    def judge_change(
        self, new: list[list[Any]], changed: list[list[int]], *, may_change: bool
    ) -> Effect:
        """Judges a roll-change."""
        if not new and not changed:
            raise RefusedError("C11", "nothing is changed")
        self._check_new_rows(new)
        if any(self._known(row[0]) for row in new):
            raise RefusedError("C11", "a commitment that is on the roll already")
        if changed and not may_change:
            raise RefusedError("C11", "rows are only changed before voting opens")
        if not ascending([row[0] for row in changed]):
            raise RefusedError("C11", "changed rows do not ascend")
        if changed and changed[-1][0] >= len(self):
            raise RefusedError("C11", "a changed row does not exist")
        for _, weight, style, district in changed:
            self._check_values(weight, style, district)
        added = sum(row[1] for row in new)
        added += sum(row[1] - self.weights[row[0]] for row in changed)
        self._check_bound(self.weight + added)

        def effect() -> None:
            for number, weight, style, district in changed:
                self._count(self.styles[number], -self.weights[number])
                self.weights[number] = weight
                self.styles[number] = style
                self.districts[number] = district
                self._count(style, weight)
            for row in new:
                self._late.add(row[0])
                self._append(row)

        return effect

    def _check_new_rows(self, rows: list[list[Any]]) -> None:
        if len(self) + len(rows) > MAX_ROWS:
            raise RefusedError("C11", "a roll has at most 2^24 rows")
        if not all(a[0] < b[0] for a, b in itertools.pairwise(rows)):
            raise RefusedError("C11", "commitments do not ascend")
        for _, weight, style, district in rows:
            self._check_values(weight, style, district)

    def _check_values(self, weight: int, style: int, district: int) -> None:
        most = 1 if self._manifest.weights == "none" else 2**32 - 1
        if not 1 <= weight <= most:
            raise RefusedError("C11", "a weight that the manifest does not allow")
        if style >= len(self._manifest.styles) or district >= self._manifest.districts:
            raise RefusedError("C11", "a style or district that does not exist")

    def _check_bound(self, weight: int) -> None:
        if self._top * weight >= MAX_TOTAL:
            raise RefusedError("C11", "totals could reach 2^44")

    def _known(self, commitment: bytes) -> bool:
        """Looks a commitment up, by halving among the sealed rows."""
        if commitment in self._late:
            return True
        low, high = 0, len(self._commitments) // 32
        while low < high:
            middle = (low + high) // 2
            found = self._commitments[32 * middle : 32 * middle + 32]
            if found == commitment:
                return True
            if found < commitment:
                low = middle + 1
            else:
                high = middle
        return False

    def _append(self, row: list[Any]) -> None:
        _, weight, style, district = row
        self.weights.append(weight)
        self.styles.append(style)
        self.districts.append(district)
        self._count(style, weight)

    def _count(self, style: int, weight: int) -> None:
        self.weight += weight
        self.weight_by_style[style] += weight
