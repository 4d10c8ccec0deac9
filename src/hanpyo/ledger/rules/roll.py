"""Rules for the roll and the credentials of its rows (docs/protocol.md sections 6 and 10)."""

from itertools import pairwise

from hanpyo.election.roll import ROWS_MAX, check_ascending, check_bounds, check_row
from hanpyo.errors import Rejected
from hanpyo.ledger.entry import ChangedRow, Enroll, Replace, RollChange, RollChunk, RollSeal, Row
from hanpyo.ledger.rules.changes import (
    ChunkAdded,
    CredentialReplaced,
    RollChanged,
    RollSealed,
    RowsEnrolled,
)
from hanpyo.ledger.view import ElectionView, Phase

REPLACEMENTS_MAX = 5  # of a row that has recorded no ballot


def add_chunk(election: ElectionView, body: RollChunk) -> ChunkAdded:
    """Decide the next rows of the roll."""
    roll = election.roll
    if body.chunk != election.chunks:
        raise Rejected("C11", f"chunk {body.chunk} is not the next, {election.chunks}")
    if len(roll) + len(body.rows) > ROWS_MAX:
        raise Rejected("C11", f"a roll has at most {ROWS_MAX} rows")
    for row in body.rows:
        check_row(row, election.manifest)
    check_ascending(body.rows, roll.last_commitment())
    return ChunkAdded(body.rows)


def seal_roll(election: ElectionView, body: RollSeal) -> RollSealed:
    """Decide the seal: it names exactly the rows of the chunks."""
    roll = election.roll
    if body.count < 1:
        raise Rejected("C11", "a roll has at least one row")
    if (body.count, body.weight, body.digest) != (len(roll), roll.total_weight, roll.digest):
        raise Rejected("C11", "count, weight or digest is not that of the chunks")
    check_bounds(election.manifest, roll.total_weight)
    return RollSealed()


def change_roll(election: ElectionView, body: RollChange) -> RollChanged:
    """Decide a change of a sealed roll: rows appended, and rows changed before opening."""
    roll = election.roll
    if not body.new and not body.changed:
        raise Rejected("C11", "a roll change must change something")
    if len(roll) + len(body.new) > ROWS_MAX:
        raise Rejected("C11", f"a roll has at most {ROWS_MAX} rows")
    check_ascending(body.new)
    if any(roll.has_commitment(row.commitment) for row in body.new):
        raise Rejected("C11", "a new row has the commitment of another")
    if body.changed and election.phase not in {Phase.DRAFT, Phase.READY}:
        raise Rejected("C11", "rows are only changed before opening")
    numbers = [each.row for each in body.changed]
    if any(first >= second for first, second in pairwise(numbers)):
        raise Rejected("C11", "changed rows must ascend by number")
    if numbers and numbers[-1] >= len(roll):
        raise Rejected("C11", f"there is no row {numbers[-1]}")
    for row in (*body.new, *[_as_row(each) for each in body.changed]):
        check_row(row, election.manifest)
    added = sum(row.weight for row in body.new)
    added += sum(each.weight - roll.weights[each.row] for each in body.changed)
    check_bounds(election.manifest, roll.total_weight + added)
    return RollChanged(body.new, body.changed)


def _as_row(changed: ChangedRow) -> Row:
    return Row(b"", changed.weight, changed.style, changed.district)


def enroll(election: ElectionView, body: Enroll, *, possessions_hold: bool) -> RowsEnrolled:
    """Decide a batch of enrollments: each row alone, in order; those that do not pass are ignored.

    A batch prepared by the registrar must not fail because one of its rows was enrolled before.
    """
    roll = election.roll
    if not possessions_hold:
        raise Rejected("C12", "a credential or its proof of possession does not hold")
    rows: dict[int, bytes] = {}
    credentials: set[bytes] = set()
    for each in body.rows:
        is_free = each.row < len(roll) and not roll.credentials[each.row] and each.row not in rows
        is_new = each.credential not in roll.row_of and each.credential not in credentials
        if is_free and is_new:
            rows[each.row] = each.credential
            credentials.add(each.credential)
    if not rows:
        raise Rejected("C12", "no row of the batch can be enrolled")
    return RowsEnrolled(tuple(rows.items()))


def replace(election: ElectionView, body: Replace, *, possession_holds: bool) -> CredentialReplaced:
    """Decide a replacement of a row's credential."""
    roll = election.roll
    if body.row >= len(roll) or roll.credentials[body.row] != body.old:
        raise Rejected("C12", f"row {body.row} does not have the old credential")
    if body.new in roll.row_of:
        raise Rejected("C12", "the new credential was enrolled before")
    if not possession_holds:
        raise Rejected("C12", "the new credential or its proof of possession does not hold")
    if not roll.recorded[body.row] and roll.replaced[body.row] >= REPLACEMENTS_MAX:
        raise Rejected("C12", f"row {body.row} was replaced {REPLACEMENTS_MAX} times before voting")
    return CredentialReplaced(body.row, body.new)


def has_voted(election: ElectionView, body: Replace) -> bool:
    """Whether the row has recorded a ballot: then organizers sign its replacement, too."""
    return body.row < len(election.roll) and election.roll.recorded[body.row] > 0
