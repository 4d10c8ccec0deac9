"""Joining: the invitation against the roll, and the request that binds a credential to the row."""

from collections.abc import Iterable, Iterator, Sequence

from hanpyo import crypto
from hanpyo.election.papers import EnrollmentRequest, Invitation, invitation_code
from hanpyo.election.roll import Row
from hanpyo.errors import InvalidInclusion
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import Act, Body, RollChange, RollChunk
from hanpyo.ledger.reader import Proven, check_proven


def check_invitation(
    invitation: Invitation,
    chunks: Iterable[Proven],
    changes: Sequence[Proven],
    checkpoint: Checkpoint,
) -> Row:
    """Check that the voter's own commitment stands in the roll of the election.

    Two people cannot be given one row: a commitment explains one reference only.

    Args:
        chunks: roll chunks, those first in which the row is expected; taken until it is found.
        changes: all roll changes, in log order.

    Returns:
        The row, as it was changed last.

    Raises:
        InvalidInclusion: the roll does not hold it.
    """
    found = None
    for body in _bodies(invitation, chunks, checkpoint):
        if isinstance(body, RollChunk):
            found = _listed(invitation, body.rows)
            if found is not None:
                break
    for body in _bodies(invitation, changes, checkpoint):
        if isinstance(body, RollChange):
            found = found or _listed(invitation, body.new)
            for each in body.changed:
                if found is not None and each.row == invitation.row:
                    found = Row(found.commitment, each.weight, each.style, each.district)
    if found is None:
        raise InvalidInclusion("the roll has no row that belongs to your invitation")
    return found


def _bodies(
    invitation: Invitation, roll: Iterable[Proven], checkpoint: Checkpoint
) -> Iterator[Body]:
    for proven in roll:
        act = check_proven(proven, checkpoint)
        if isinstance(act, Act) and act.scope == invitation.election_id:
            yield act.body


def _listed(invitation: Invitation, rows: Iterable[Row]) -> Row | None:
    commitment = invitation.commitment
    return next((row for row in rows if row.commitment == commitment), None)


def make_request(
    invitation: Invitation, ledger_id: bytes, secret: bytes, random: bytes
) -> EnrollmentRequest:
    """Ask the registrar to bind this device's credential to the invitation's row.

    Args:
        secret: the credential's secret scalar.
        random: 32 fresh bytes.
    """
    credential = crypto.credential_public(secret)
    possession = crypto.prove_possession(
        secret, random, ledger_id, invitation.election_id, invitation.row
    )
    code = invitation_code(invitation.salt, credential, possession)
    return EnrollmentRequest(invitation.election_id, invitation.row, credential, possession, code)
