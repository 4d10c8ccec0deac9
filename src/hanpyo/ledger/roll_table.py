"""The roll of one election in memory: columns of plain numbers, about 250 bytes a row.

A row is what the office published (commitment, weight, style, district) and what happened to it
since: its credential, the sequence numbers it used, and which of its ballots counts.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from hanpyo.election.roll import Row
from hanpyo.encoding import frame, u32
from hanpyo.ledger.forms import encode_hash, encode_number
from hanpyo.ledger.row_chains import RowChains

NONE = -1  # in `counted`: no ballot of this row counts


def encode_row(row: Row) -> bytes:
    """Write a row as its CBOR array."""
    commitment, weight, style, district = row
    numbers = encode_number(weight) + encode_number(style) + encode_number(district)
    return b"\x84" + encode_hash(commitment) + numbers


@dataclass(frozen=True, slots=True)
class RowState:
    """Everything the ledger knows of one row.

    Attributes:
        credential: the current X, or `None` before enrollment.
        sequence: the highest sequence number recorded by the current X; 0: none.
        recorded: how many ballots the row has recorded, under all its credentials.
        replaced: how often its credential was replaced.
        counted: index of the ballot that counts, or `None`.
    """

    row: Row
    credential: bytes | None
    sequence: int
    recorded: int
    replaced: int
    counted: int | None


class RollTable:
    """The rows by number, and the row of every credential.

    Attributes:
        weights, styles, districts: columns of what the row is.
        credentials: each row's current X (`b""`: not enrolled).
        sequences, recorded, replaced, counted: columns of what happened, as in `RowState`.
        row_of: the row of every X ever enrolled here, retired ones included.
        style_weights: the sum of weights of the rows of each style.
    """

    __slots__ = (
        "_commitments",
        "_digest",
        "_former",
        "_later",
        "_sorted",
        "counted",
        "credentials",
        "districts",
        "recorded",
        "replaced",
        "row_of",
        "sequences",
        "style_weights",
        "styles",
        "weights",
    )

    def __init__(self, style_count: int) -> None:
        self._commitments = bytearray()
        self._sorted = 0  # the rows below stand in ascending order of commitments
        self._later: set[bytes] = set()  # commitments of rows appended after the seal
        self._digest = sha256(frame("roll"))
        self._former = RowChains()  # ballots that do not count any more
        self.weights = array("I")
        self.styles = array("B")
        self.districts = array("H")
        self.credentials: list[bytes] = []
        self.sequences = array("Q")
        self.recorded = array("B")
        self.replaced = array("I")
        self.counted = array("q")
        self.row_of: dict[bytes, int] = {}
        self.style_weights = [0] * style_count

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def total_weight(self) -> int:
        """The sum of all rows' weights."""
        return sum(self.style_weights)

    @property
    def digest(self) -> bytes:
        """The roll digest over the rows of the chunks."""
        return self._digest.digest()

    def commitment(self, row: int) -> bytes:
        """Give a row's commitment."""
        return bytes(self._commitments[32 * row : 32 * row + 32])

    def last_commitment(self) -> bytes:
        """Give the last row's commitment; empty, hence below all others, without rows."""
        return bytes(self._commitments[-32:])

    def has_commitment(self, commitment: bytes) -> bool:
        """Whether a row has this commitment."""
        if commitment in self._later:
            return True
        place = bisect_left(range(self._sorted), commitment, key=self.commitment)
        return place < self._sorted and self.commitment(place) == commitment

    def append_chunk(self, rows: Sequence[Row]) -> None:
        """Add rows of a chunk; the caller has checked form and order."""
        for row in rows:
            encoded = encode_row(row)
            self._digest.update(u32(len(encoded)) + encoded)
        self._append(rows)
        self._sorted = len(self.weights)

    def append_later(self, rows: Sequence[Row]) -> None:
        """Add rows after the seal."""
        self._later.update(row.commitment for row in rows)
        self._append(rows)

    def _append(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._commitments += row.commitment
            self.weights.append(row.weight)
            self.styles.append(row.style)
            self.districts.append(row.district)
            self.style_weights[row.style] += row.weight
        empty = bytes(8 * len(rows))
        self.credentials.extend([b""] * len(rows))
        self.sequences.frombytes(empty)
        self.recorded.frombytes(bytes(len(rows)))
        self.replaced.frombytes(bytes(self.replaced.itemsize * len(rows)))
        self.counted.extend([NONE] * len(rows))

    def change(self, row: int, weight: int, style: int, district: int) -> None:
        """Change what a row is; only before any ballot."""
        self.style_weights[self.styles[row]] -= self.weights[row]
        self.weights[row], self.styles[row], self.districts[row] = weight, style, district
        self.style_weights[style] += weight

    def enroll(self, row: int, credential: bytes) -> None:
        """Give a row its credential, its first or a new one; what the old one did is forgotten."""
        self.credentials[row] = credential
        self.row_of[credential] = row
        self.sequences[row] = 0
        self._set_counted(row, NONE)

    def record(self, row: int, sequence: int, index: int) -> None:
        """Note that a ballot of this row was recorded, and counts."""
        self.sequences[row] = sequence
        self.recorded[row] += 1
        self._set_counted(row, index)

    def _set_counted(self, row: int, index: int) -> None:
        if self.counted[row] != NONE:
            self._former.add(row, self.counted[row])
        self.counted[row] = index

    def ballots(self, row: int) -> list[int]:
        """Give the indexes of all ballots recorded by a row, under all its credentials."""
        counted = self.counted[row]
        return self._former.find(row) + ([] if counted == NONE else [counted])

    def state(self, row: int) -> RowState:
        """Give everything known of one row."""
        what = (self.commitment(row), self.weights[row], self.styles[row], self.districts[row])
        return RowState(
            row=Row(*what),
            credential=self.credentials[row] or None,
            sequence=self.sequences[row],
            recorded=self.recorded[row],
            replaced=self.replaced[row],
            counted=None if self.counted[row] == NONE else self.counted[row],
        )

    def retired(self) -> Iterator[tuple[bytes, int]]:
        """Give each X that was replaced, with its row, in the order of enrollment."""
        for credential, row in self.row_of.items():
            if self.credentials[row] != credential:
                yield credential, row


assert array("I").itemsize == 4, "weights below 2^32 need 4 bytes"
