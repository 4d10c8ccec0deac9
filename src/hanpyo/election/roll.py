"""The roll: who may vote, as rows that name nobody. Source: protocol.md 3 and 6."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from hanpyo.election.manifest import Manifest
from hanpyo.encoding import encode_cbor, frame, u32
from hanpyo.errors import Rejected

ROWS_MAX = 2**24
WEIGHT_MAX = 2**32 - 1
TOTAL_MAX = 2**44 - 1  # totals must be searchable: the top score times the sum of weights


class Row(NamedTuple):
    """One voter without a name.

    Attributes:
        commitment: 32 bytes that only salt and reference explain.
        weight: how often a ballot of this row counts.
        style, district: numbers in the manifest.
    """

    commitment: bytes
    weight: int
    style: int
    district: int


def row_commitment(salt: bytes, reference: str) -> bytes:
    """Commit to a voter's reference. `salt`: 32 random bytes, fresh for each row and election."""
    assert len(salt) == 32
    return sha256(frame("roll row", salt, reference.encode("utf-8"))).digest()


def roll_digest(rows: Iterable[Row]) -> bytes:
    """Digest a roll, row after row, so that it never has to be in memory at once."""
    digest = sha256(frame("roll"))
    for row in rows:
        encoded = encode_cbor(list(row))
        digest.update(u32(len(encoded)) + encoded)
    return digest.digest()


def check_row(row: Row, manifest: Manifest) -> None:
    """Refuse a row that the manifest has no place for.

    Raises:
        Rejected: C11.
    """
    weight_max = 1 if manifest.weights == "none" else WEIGHT_MAX
    if not 1 <= row.weight <= weight_max:
        raise Rejected("C11", f"a row has weight {row.weight}, must be 1..{weight_max}")
    if row.style >= len(manifest.styles):
        raise Rejected("C11", f"a row has style {row.style} of {len(manifest.styles)}")
    if row.district >= len(manifest.districts):
        raise Rejected("C11", f"a row has district {row.district} of {len(manifest.districts)}")


def check_ascending(rows: Iterable[Row], last: bytes = b"") -> None:
    """Refuse rows that do not stand in strict order of their commitments: file order names people.

    Args:
        last: the commitment of the row before; empty for the first.

    Raises:
        Rejected: C11.
    """
    for row in rows:
        if row.commitment <= last:
            raise Rejected("C11", "rows must stand in ascending order of their commitments")
        last = row.commitment


def check_bounds(manifest: Manifest, total_weight: int) -> None:
    """Refuse a roll whose totals could not be searched.

    Raises:
        Rejected: C11.
    """
    for contest in manifest.contests:
        if contest.top * total_weight > TOTAL_MAX:
            raise Rejected(
                "C11",
                f"contest {contest.id!r}: its top score {contest.top} times the roll's weight "
                f"{total_weight} must stay below 2^44",
            )
