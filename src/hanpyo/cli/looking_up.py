"""Finding a vote again, by ballot number or by row, and saying whether it counts."""

import re
from dataclasses import asdict, dataclass

from hanpyo.cli.device import Booth
from hanpyo.cli.output import print_json, print_result
from hanpyo.election.ballot import TRACKER_BYTES, tracker
from hanpyo.election.roll import ROWS_MAX
from hanpyo.errors import InvalidQuery, Rejected
from hanpyo.ledger.bodies import Enroll, Replace
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import Cast
from hanpyo.office.words import moment
from hanpyo.voter import RowRecord

TRACKER_CHARACTERS = TRACKER_BYTES * 8 // 5
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("ILO", "110")
_FATES = {
    "counts": "this is the ballot that counts",
    "superseded": "replaced by a later one of the same row",
    "void": "void, because the row's credential was replaced",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up found; `tracker` is the one asked for, empty where a row was."""

    row: RowRecord
    tracker: str
    checkpoint: Checkpoint


def look_up(booth: Booth, text: str) -> Found:
    """Find a row by its number, or a ballot by its number.

    Raises:
        InvalidQuery: the text is neither.
        Rejected: nothing is recorded under it.
    """
    if text.isascii() and text.isdigit() and len(text) < TRACKER_CHARACTERS:
        row = int(text)
        if row >= ROWS_MAX:
            raise InvalidQuery(f"a row number is below {ROWS_MAX}")
        return Found(booth.row(row), "", booth.reader.checkpoint)
    start = _tracker_bytes(text)
    index = booth.reader.ledger.find_tracker(booth.election_id, start)
    entry = booth.reader.entry(index) if index is not None else None
    if not isinstance(entry, Cast) or entry.election != booth.election_id:
        raise Rejected("C19", "no ballot with this number is recorded in this election")
    name = tracker(entry.election, entry.ballot)
    record = booth.row(_row_of(booth, entry.credential))
    if name not in [each.tracker for each in record.ballots]:
        raise Rejected("C19", "the ledger shows another ballot than the number asked for")
    return Found(record, name, booth.reader.checkpoint)


def print_found(found: Found, *, as_json: bool) -> None:
    """Say what was found."""
    row, counted = found.row, found.row.counted
    if as_json:
        print_json(
            {
                "ballots": [asdict(each) for each in row.ballots],
                "counts": None if counted is None else counted.tracker,
                "replaced": row.replaced,
                "row": row.row,
                "signed_unix_s": found.checkpoint.timestamp_unix_s,
                "size": found.checkpoint.size,
            }
        )
        return
    count = len(row.ballots)
    print_result(f"Row {row.row} has recorded {count} ballot{'' if count == 1 else 's'}.")
    for each in row.ballots:
        mark = "  <- the number asked for" if each.tracker == found.tracker else ""
        print_result(f"  {each.tracker}  entry {each.index}: {_FATES[each.fate]}{mark}")
    if counted is None:
        print_result("No ballot of this row counts.")
    if row.replaced:
        print_result(f"The row's credential was replaced {row.replaced} times.")
    signed = moment(found.checkpoint.timestamp_unix_s)
    print_result(f"Checked here: each entry is in the log of {found.checkpoint.size} entries,")
    print_result(f"which its operator signed {signed}.")


def _tracker_bytes(text: str) -> bytes:
    """Read a ballot number as people write it, or the whole hash of a QR code in hex."""
    plain = text.strip()
    if re.fullmatch("[0-9a-f]{64}", plain):
        return bytes.fromhex(plain)[:TRACKER_BYTES]
    letters = re.sub("[-\\s]", "", plain).upper().translate(_LOOKALIKES)
    if len(letters) != TRACKER_CHARACTERS or any(each not in _ALPHABET for each in letters):
        raise InvalidQuery("a ballot number has six groups of four letters or digits")
    number = 0
    for each in letters:
        number = number << 5 | _ALPHABET.index(each)
    return number.to_bytes(TRACKER_BYTES, "big")


def _row_of(booth: Booth, credential: bytes) -> int:
    """Find the row that a credential was bound to."""
    for _, act in booth.reader.acts(booth.election_id, (Enroll.kind, Replace.kind)):
        if isinstance(act.body, Replace) and act.body.new == credential:
            return act.body.row
        if isinstance(act.body, Enroll):
            for each in act.body.rows:
                if each.credential == credential:
                    return each.row
    raise Rejected("C12", "the ledger shows no row for this ballot's credential")
