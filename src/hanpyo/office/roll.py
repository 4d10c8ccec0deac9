"""Publishing the roll: chunks, seal and changes, from the private roll to the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hanpyo import crypto
from hanpyo.election.roll import Row, check_bounds, roll_digest
from hanpyo.errors import InvalidQuery, Rejected
from hanpyo.ledger.entry import (
    REGISTRAR,
    Act,
    Body,
    ChangedRow,
    RollChange,
    RollChunk,
    RollSeal,
    Signature,
    act_message,
    encode_entry,
)
from hanpyo.office.desk import Desk
from hanpyo.office.party import PartyFolder
from hanpyo.office.private_roll import Member, PrivateRoll
from hanpyo.office.roll_file import Entitled

CHUNK_ROWS = 1_000
CHANGE_ROWS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class PublishedRoll:
    """The roll as it stands on the ledger.

    Attributes:
        rows: by number, changes included.
        chunks: how many chunks there are.
        sealed: whether it is sealed.
    """

    rows: tuple[Row, ...]
    chunks: int
    sealed: bool

    def row_of(self) -> dict[bytes, int]:
        """Give the row number of each commitment."""
        return {row.commitment: number for number, row in enumerate(self.rows)}


def published_roll(desk: Desk) -> PublishedRoll:
    """Read the roll from the ledger."""
    rows: list[Row] = []
    chunks, sealed = 0, False
    kinds = (RollChunk.kind, RollSeal.kind, RollChange.kind)
    for _, act in desk.reader.acts(desk.election_id, kinds):
        match act.body:
            case RollChunk(_, new):
                rows += new
                chunks += 1
            case RollSeal():
                sealed = True
            case RollChange(new, changed):
                for each in changed:
                    what = each.weight, each.style, each.district
                    rows[each.row] = Row(rows[each.row].commitment, *what)
                rows += new
    return PublishedRoll(tuple(rows), chunks, sealed)


def sorted_rows(members: Sequence[Member]) -> list[Row]:
    """Give members' rows in the order of publication: commitments ascending, file order gone."""
    return sorted((member.row for member in members), key=lambda row: row.commitment)


def begin_roll(
    desk: Desk, private: PrivateRoll, found: PublishedRoll, entitled: Sequence[Entitled]
) -> list[Row]:
    """Take up a list of members as the election's roll, and give the rows to publish.

    Raises:
        Rejected: the roll is too heavy for its contests.
        InvalidQuery: the roll is sealed, or another list is being published.
    """
    check_bounds(desk.manifest, sum(each.weight for each in entitled))
    if found.sealed:
        raise InvalidQuery("the roll is sealed: use `hanpyo roll change` for what is new")
    return sorted_rows(private.begin(entitled, is_published=bool(found.rows)))


def chunk_entries(
    desk: Desk, registrar: PartyFolder, found: PublishedRoll, rows: Sequence[Row]
) -> list[bytes]:
    """Give the entries of the chunks that are not on the ledger yet.

    Raises:
        InvalidQuery: the ledger holds other rows than these.
    """
    if list(found.rows) != list(rows[: len(found.rows)]):
        raise InvalidQuery("the ledger already holds rows of another list for this election")
    left = rows[len(found.rows) :]
    return [
        _signed(desk, registrar, RollChunk(number, chunk))
        for number, chunk in enumerate(_chunks(left), found.chunks)
    ]


def seal_body(rows: Sequence[Row]) -> RollSeal:
    """Give what fixes these rows."""
    return RollSeal(len(rows), sum(row.weight for row in rows), roll_digest(rows))


def change_body(
    desk: Desk, found: PublishedRoll, new: Sequence[Member], known: Sequence[Member]
) -> RollChange | None:
    """Give the change that brings the ledger's roll to what the office says.

    Args:
        found: the ledger's roll.
        new, known: from `PrivateRoll.change`; those known to the office may still be new here.

    Returns:
        The change, or `None` where the ledger's roll says all of this already.

    Raises:
        InvalidQuery: the roll is not sealed, or the change is too large for one act.
        Rejected: the roll would be too heavy for its contests.
    """
    if not found.sealed:
        raise InvalidQuery("the roll is not sealed yet: use `hanpyo roll seal`")
    row_of = found.row_of()
    added, changed = [], []
    for row in sorted_rows([*new, *known]):
        number = row_of.get(row.commitment)
        if number is None:
            added.append(row)
        elif found.rows[number] != row:
            changed.append(ChangedRow(number, row.weight, row.style, row.district))
    if len(added) > CHANGE_ROWS_MAX or len(changed) > CHANGE_ROWS_MAX:
        raise InvalidQuery(f"one change adds and changes at most {CHANGE_ROWS_MAX} rows: split it")
    rows = [*found.rows, *added]
    for each in changed:
        rows[each.row] = rows[each.row]._replace(weight=each.weight)
    check_bounds(desk.manifest, sum(row.weight for row in rows))
    if not added and not changed:
        return None
    return RollChange(tuple(added), tuple(sorted(changed, key=lambda each: each.row)))


def check_roll_seal(desk: Desk, body: RollSeal) -> None:
    """Check, for a signer, that a seal fixes what the ledger's chunks hold.

    Raises:
        Rejected: it does not.
    """
    if body != seal_body(published_roll(desk).rows):
        raise Rejected("C11", "the seal does not fix the rows that are on the ledger")


def _chunks(rows: Sequence[Row]) -> Iterator[tuple[Row, ...]]:
    for start in range(0, len(rows), CHUNK_ROWS):
        yield tuple(rows[start : start + CHUNK_ROWS])


def _signed(desk: Desk, registrar: PartyFolder, body: Body) -> bytes:
    """Sign an act that the registrar alone signs, without a number."""
    message = act_message(desk.reader.ledger_id, desk.election_id, 0, body)
    signature = Signature(REGISTRAR, 0, crypto.ed25519_sign(registrar.secret, message))
    return encode_entry(Act(desk.election_id, 0, body, (signature,)))
