"""Credentials and what each row has recorded (protocol.md 6, 10: enroll, replace, cast)."""

from array import array
from collections.abc import Callable
from typing import Any

from hanpyo_verifier.election import schnorr
from hanpyo_verifier.election.counting import Counting
from hanpyo_verifier.election.entries import Cast
from hanpyo_verifier.election.manifest import Manifest
from hanpyo_verifier.election.roll import Effect, Roll
from hanpyo_verifier.errors import RefusedError

MAX_REPLACED_UNVOTED = 5
MAX_SEQUENCE_STEP = 8

# Told of every ballot that becomes counted (1) or is taken out again (-1): (entry, row, by).
OnCount = Callable[[int, int, int], None]


class Voters:
    """One row's credential, ballots and last sequence, in arrays beside the roll."""

    def __init__(
        self,
        manifest: Manifest,
        roll: Roll,
        counting: Counting,
        ids: tuple[bytes, bytes],
        on_count: OnCount,
    ) -> None:
        self._manifest = manifest
        self._roll = roll
        self._counting = counting
        self._ids = ids  # ledger id, election id
        self._on_count = on_count
        self._rows: dict[bytes, int] = {}  # current credentials
        self._retired: set[bytes] = set()
        self._enrolled = bytearray()
        self._recorded = bytearray()
        self._sequence = array("q")
        self._counted = array("q")  # the entry of the counted ballot, or -1
        self._replaced: dict[int, int] = {}

    def has_recorded(self, row: int) -> bool:
        """Tells whether a row has recorded a ballot."""
        return row < len(self._recorded) and self._recorded[row] > 0

    def judge_enroll(self, batch: list[list[Any]], proofs_hold: Callable[[], bool]) -> Effect:
        """Judges an enroll."""
        self._grow()
        passing: list[tuple[int, bytes]] = []
        rows: set[int] = set()
        new: set[bytes] = set()
        for row, X, _ in batch:
            if row >= len(self._roll) or self._enrolled[row] or row in rows:
                continue
            if X in self._rows or X in self._retired or X in new:
                continue
            passing.append((row, X))
            rows.add(row)
            new.add(X)
        if not passing:
            raise RefusedError("C12", "no row of the batch can be enrolled")
        if not proofs_hold():
            raise RefusedError("C12", "a credential or its proof of possession does not hold")

        def effect() -> None:
            for row, X in passing:
                self._rows[X] = row
                self._enrolled[row] = 1

        return effect

    def judge_replace(self, row: int, old: bytes, new: bytes, proof: bytes) -> Effect:
        """Judges a replace."""
        self._grow()
        if self._rows.get(old) != row:
            raise RefusedError("C12", "the old credential is not the row's")
        if new in self._rows or new in self._retired:
            raise RefusedError("C12", "the new credential was enrolled before")
        signature = schnorr.possession(*self._ids, row, new, proof)
        if signature is None or not schnorr.holds(signature):
            raise RefusedError("C12", "the new credential or its proof does not hold")
        unvoted = not self._recorded[row]
        if unvoted and self._replaced.get(row, 0) >= MAX_REPLACED_UNVOTED:
            raise RefusedError("C12", "a row without a ballot is replaced at most 5 times")

        def effect() -> None:
            del self._rows[old]
            self._retired.add(old)
            self._rows[new] = row
            self._replaced[row] = self._replaced.get(row, 0) + 1
            self._sequence[row] = 0
            self._uncount(row)

        return effect

    def judge_cast(self, cast: Cast, entry: int) -> Effect:
        """Judges what of a cast depends on the view, last of all (10)."""
        self._grow()
        row = self._rows.get(cast.credential)
        if row is None:
            raise RefusedError("C16", "the credential is no row's current one")
        if cast.style != self._roll.styles[row]:
            raise RefusedError("C16", "the style is not the row's")
        last = self._sequence[row]
        if not last < cast.sequence <= last + MAX_SEQUENCE_STEP:
            raise RefusedError("C16", f"sequence {cast.sequence} does not follow {last}")
        if self._recorded[row] >= self._manifest.ballots_per_row:
            raise RefusedError("C16", "the row has recorded all its ballots")
        found = row

        def effect() -> None:
            self._recorded[found] += 1
            self._sequence[found] = cast.sequence
            self._uncount(found)
            self._counted[found] = entry
            self._change(found, entry, 1)

        return effect

    def _uncount(self, row: int) -> None:
        before = self._counted[row]
        if before >= 0:
            self._counted[row] = -1
            self._change(row, before, -1)

    def _change(self, row: int, entry: int, by: int) -> None:
        roll = self._roll
        self._counting.change(roll.styles[row], roll.districts[row], roll.weights[row], by)
        self._on_count(entry, row, by)

    def _grow(self) -> None:
        missing = len(self._roll) - len(self._enrolled)
        if missing > 0:
            self._enrolled += bytes(missing)
            self._recorded += bytes(missing)
            self._sequence.extend([0] * missing)
            self._counted.extend([-1] * missing)
