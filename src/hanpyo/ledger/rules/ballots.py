"""The rule for a cast ballot (docs/protocol.md section 10)."""

from hanpyo.errors import Rejected
from hanpyo.ledger.admission import CheckedEntry
from hanpyo.ledger.entry import Cast
from hanpyo.ledger.rules.changes import BallotRecorded
from hanpyo.ledger.view import ElectionView, Phase

SEQUENCE_STEP_MAX = 8


def record_ballot(election: ElectionView, cast: Cast, checked: CheckedEntry) -> BallotRecorded:
    """Decide a ballot whose form, signature and proofs hold already."""
    if election.phase is not Phase.VOTING:
        raise Rejected("C15", f"ballots are taken while voting, not while {election.phase.value}")
    roll = election.roll
    row = roll.row_of.get(cast.credential)
    if row is None or roll.credentials[row] != cast.credential:
        raise Rejected("C16", "the credential is not a row's current one")
    if roll.styles[row] != cast.style:
        raise Rejected("C16", f"the row has style {roll.styles[row]}, not {cast.style}")
    last = roll.sequences[row]
    if not last < cast.sequence <= last + SEQUENCE_STEP_MAX:
        raise Rejected("C16", f"sequence {cast.sequence} does not follow {last}")
    if roll.recorded[row] >= election.manifest.ballots_per_row:
        raise Rejected("C16", f"the row has recorded {roll.recorded[row]} ballots, no more fit")
    assert checked.batch is not None, "admission keeps the points of every ballot"
    return BallotRecorded(row, cast.sequence, checked.batch, checked.place)
