"""What an accepted entry changes: the only code that writes to a view.

A rule decides and returns one of these values; `apply` writes it. Each names the view rows that it
touched, so that a store can keep them in step. Those of the ledger as a whole stand in
`ledger_changes.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hanpyo import crypto
from hanpyo.election.ballot import ballot_kit
from hanpyo.election.ceremony import Ceremony, joint_key
from hanpyo.election.roll import Row
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import ChangedRow, Outcome, Result
from hanpyo.ledger.roll_table import NONE
from hanpyo.ledger.rules.ledger_changes import LedgerChange
from hanpyo.ledger.view import ElectionView, LedgerView, Phase


class Place(NamedTuple):
    """Where a change of an election is written, and where its entry stands in the log."""

    view: LedgerView
    election: ElectionView
    log_index: int


class ElectionChange(ABC):
    """A change of one election."""

    __slots__ = ()

    @abstractmethod
    def write(self, at: Place) -> None:
        """Write the change to the election."""


Change = LedgerChange | ElectionChange


# --- the roll ---


@dataclass(frozen=True, slots=True)
class ChunkAdded(ElectionChange):
    """The next rows of the roll."""

    rows: Sequence[Row]

    def write(self, at: Place) -> None:
        """Append them."""
        roll = at.election.roll
        first = len(roll)
        roll.append_chunk(self.rows)
        at.election.chunks += 1
        at.view.touch_rows(at.election, range(first, len(roll)))


@dataclass(frozen=True, slots=True)
class RollSealed(ElectionChange):
    """The roll is fixed."""

    def write(self, at: Place) -> None:
        """Keep its count."""
        at.election.sealed_rows = len(at.election.roll)
        _make_ready(at.election)


@dataclass(frozen=True, slots=True)
class RollChanged(ElectionChange):
    """Rows appended to a sealed roll, rows changed before opening."""

    new: Sequence[Row]
    changed: Sequence[ChangedRow]

    def write(self, at: Place) -> None:
        """Change first, then append: a new row is never also a changed one."""
        roll = at.election.roll
        for each in self.changed:
            roll.change(each.row, each.weight, each.style, each.district)
        first = len(roll)
        roll.append_later(self.new)
        at.view.touch_rows(at.election, [each.row for each in self.changed])
        at.view.touch_rows(at.election, range(first, len(roll)))


@dataclass(frozen=True, slots=True)
class RowsEnrolled(ElectionChange):
    """Rows took their credentials: pairs of row and X."""

    rows: Sequence[tuple[int, bytes]]

    def write(self, at: Place) -> None:
        """Enroll them."""
        for row, credential in self.rows:
            at.election.roll.enroll(row, credential)
        at.view.touch_rows(at.election, [row for row, _ in self.rows])


@dataclass(frozen=True, slots=True)
class CredentialReplaced(ElectionChange):
    """A row's old X is retired; its counted ballot counts no longer."""

    row: int
    new: bytes

    def write(self, at: Place) -> None:
        """Take the ballot out before the table forgets which it was."""
        roll = at.election.roll
        counted, old = roll.counted[self.row], roll.credentials[self.row]
        if counted != NONE:
            at.election.sums.remove(counted, self.row)
        roll.enroll(self.row, self.new)
        roll.replaced[self.row] += 1
        at.view.touch_rows(at.election, [self.row])
        at.view.touch("retired", at.election.election_id, old)


# --- the ceremony ---


@dataclass(frozen=True, slots=True)
class CeremonyMoved(ElectionChange):
    """The ceremony with one more entry, or its next attempt."""

    ceremony: Ceremony

    def write(self, at: Place) -> None:
        """Keep it; when it is complete, there is a joint key to vote with."""
        election = at.election
        election.ceremony = self.ceremony
        if self.ceremony.is_complete:
            key = joint_key(self.ceremony)
            election.joint_key = key
            election.kit = ballot_kit(election.election_id, election.manifest, key)
            at.view.know_election(election)
            _make_ready(election)


def _make_ready(election: ElectionView) -> None:
    if election.sealed_rows is not None and election.joint_key is not None:
        election.phase = Phase.READY


# --- phases ---


@dataclass(frozen=True, slots=True)
class PhaseChanged(ElectionChange):
    """Voting pauses or goes on, or the election ends otherwise than by its outcome."""

    phase: Phase

    def write(self, at: Place) -> None:
        """Enter the phase."""
        at.election.phase = self.phase


@dataclass(frozen=True, slots=True)
class VotingOpened(ElectionChange):
    """Voting begins."""

    time_unix_s: int

    def write(self, at: Place) -> None:
        """Enter the phase and keep the time that the entry names."""
        at.election.phase = Phase.VOTING
        at.election.opened_unix_s = self.time_unix_s


@dataclass(frozen=True, slots=True)
class VotingExtended(ElectionChange):
    """Voting ends later."""

    end_unix_s: int

    def write(self, at: Place) -> None:
        """Move the end."""
        at.election.ends_unix_s = self.end_unix_s


@dataclass(frozen=True, slots=True)
class VotingClosed(ElectionChange):
    """Voting is over. The state then fixes sums, groups and the closing root."""

    def write(self, at: Place) -> None:
        """Enter the phase."""
        at.election.phase = Phase.CLOSED


# --- ballots ---


@dataclass(frozen=True, slots=True)
class BallotRecorded(ElectionChange):
    """A ballot counts from now on; the row's former one does not."""

    row: int
    sequence: int
    batch: crypto.Batch
    place: int

    def write(self, at: Place) -> None:
        """Put it in the place of the former one."""
        view, election, index = at
        row, roll, sums = self.row, election.roll, election.sums
        former = roll.counted[row]
        if former != NONE:
            sums.remove(former, row)
        sums.add(index, (self.batch, self.place), row)
        roll.record(row, self.sequence, index)
        view.changed["row", election.election_id, row] = None


# --- the tally ---


@dataclass(frozen=True, slots=True)
class ClosingSealed(ElectionChange):
    """A trustee sealed the closing root."""

    trustee: int

    def write(self, at: Place) -> None:
        """Note it."""
        at.election.seals.add(self.trustee)


@dataclass(frozen=True, slots=True)
class TrusteesLost(ElectionChange):
    """Trustees are declared lost."""

    trustees: Sequence[int]

    def write(self, at: Place) -> None:
        """Note them."""
        at.election.lost.update(self.trustees)


@dataclass(frozen=True, slots=True)
class ClosingCosigned(ElectionChange):
    """A quorum of members cosigned the closing root."""

    checkpoint: Checkpoint

    def write(self, at: Place) -> None:
        """Keep it: shares may follow."""
        at.election.quorum = self.checkpoint
        at.view.touch("quorum", at.election.election_id)


@dataclass(frozen=True, slots=True)
class ShareGiven(ElectionChange):
    """A trustee's share of a group's sum."""

    contest: int
    group: int
    trustee: int
    shares: bytes

    def write(self, at: Place) -> None:
        """Keep it for the result."""
        given = at.election.shares.setdefault((self.contest, self.group), {})
        given[self.trustee] = self.shares
        at.view.touch("share", at.election.election_id, self.contest, self.group, self.trustee)


@dataclass(frozen=True, slots=True)
class ResultPublished(ElectionChange):
    """The totals of a group."""

    result: Result

    def write(self, at: Place) -> None:
        """Keep them."""
        key = self.result.contest, self.result.group
        at.election.results[key] = self.result
        at.view.touch("result", at.election.election_id, *key)


@dataclass(frozen=True, slots=True)
class OutcomePublished(ElectionChange):
    """The end of an election."""

    outcome: Outcome

    def write(self, at: Place) -> None:
        """Enter the last phase."""
        at.election.outcome = self.outcome
        at.election.phase = Phase.TALLIED
