"""What the ledger shows of one row: its credential, and which of its ballots counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from hanpyo.election.ballot import tracker
from hanpyo.ledger.entry import Cast, Enroll, Entry, Replace


@dataclass(frozen=True, slots=True)
class RecordedBallot:
    """A ballot of a row.

    Attributes:
        index: where it stands in the log.
        fate: "counts", "superseded" by a later one, or "void" as its credential was replaced.
    """

    index: int
    tracker: str
    sequence: int
    fate: str


@dataclass(frozen=True, slots=True)
class RowRecord:
    """What the ledger shows of a row.

    Attributes:
        credential: the current one, `None` before enrollment.
        enrolled_at: index of the entry that bound it.
        replaced: how often it was replaced.
        ballots: all recorded ballots, in log order.
    """

    row: int
    credential: bytes | None
    enrolled_at: int | None
    replaced: int
    ballots: tuple[RecordedBallot, ...]

    @property
    def counted(self) -> RecordedBallot | None:
        """The ballot that counts, if there is one."""
        return next((each for each in self.ballots if each.fate == "counts"), None)

    @property
    def sequence(self) -> int:
        """The highest sequence number recorded by the current credential; 0: none."""
        return 0 if self.counted is None else self.counted.sequence


def read_row(election_id: bytes, row: int, entries: Sequence[tuple[int, Entry]]) -> RowRecord:
    """Read a row's entries: enrollments, replacements and ballots.

    Args:
        entries: index and entry, in log order, inclusion checked. What is not of this row is
            passed over: a look-up is only a hint.
    """
    credential: bytes | None = None
    enrolled_at: int | None = None
    replaced = 0
    casts: list[tuple[int, Cast]] = []
    for index, entry in entries:
        if entry.scope != election_id:
            continue
        if isinstance(entry, Cast):
            if entry.credential == credential:
                casts.append((index, entry))
        elif isinstance(entry.body, Enroll) and credential is None:
            mine = [each.credential for each in entry.body.rows if each.row == row]
            if mine:
                credential, enrolled_at = mine[0], index
        elif isinstance(entry.body, Replace) and entry.body.row == row:
            credential, enrolled_at, replaced = entry.body.new, index, replaced + 1
    return RowRecord(row, credential, enrolled_at, replaced, _judged(casts, credential))


def _judged(casts: list[tuple[int, Cast]], credential: bytes | None) -> tuple[RecordedBallot, ...]:
    current = [index for index, cast in casts if cast.credential == credential]
    judged = []
    for index, cast in casts:
        fate = "void" if cast.credential != credential else "superseded"
        if current and index == current[-1]:
            fate = "counts"
        name = tracker(cast.election, cast.ballot)
        judged.append(RecordedBallot(index, name, cast.sequence, fate))
    return tuple(judged)
