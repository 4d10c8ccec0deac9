"""The rule for an equivocation: proof that a validator signed two votes for one place."""

from hanpyo import crypto
from hanpyo.errors import Rejected
from hanpyo.ledger.engine_bytes import Vote as EngineVote
from hanpyo.ledger.engine_bytes import vote_message
from hanpyo.ledger.entry import Act, Equivocation
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.rules.ledger_changes import EquivocationNoted
from hanpyo.ledger.view import Equivocated, LedgerView

PREVOTE, PRECOMMIT = 1, 2  # the engine's types of votes


def note_equivocation(
    view: LedgerView, membership: Membership, act: Act, body: Equivocation, entry_hash: bytes
) -> EquivocationNoted:
    """Decide an equivocation: two votes that hold, of one validator, for different blocks.

    Raises:
        Rejected: C07 for its number, else C08.
    """
    if act.number != 0:
        raise Rejected("C07", "an equivocation has number 0")
    member = membership.validator_numbers.get(body.validator_key)
    if member is None:
        raise Rejected("C08", "the key is not and never was a member's validator key")
    if body.vote_type not in {PREVOTE, PRECOMMIT}:
        raise Rejected("C08", f"the engine has no votes of type {body.vote_type}")
    if body.height < 1:
        raise Rejected("C08", "engine heights begin with 1")
    first, second = body.votes
    if not first.block_hash < second.block_hash:
        raise Rejected("C08", "two votes must be for different blocks, the lesser hash first")
    place: Equivocated = body.place
    if place in view.equivocations:
        raise Rejected("C08", "an equivocation at this place is in the log already")
    _check_votes(membership, body)
    return EquivocationNoted(place, member, entry_hash)


def _check_votes(membership: Membership, body: Equivocation) -> None:
    assert membership.chain_id is not None, "validators come with the chain"
    items = []
    for vote in body.votes:
        signed = EngineVote(
            body.vote_type,
            body.height,
            body.round,
            vote.block_hash,
            vote.parts_total,
            vote.parts_hash,
            vote.seconds,
            vote.nanos,
        )
        message = vote_message(membership.chain_id, signed)
        items.append((body.validator_key, message, vote.signature))
    if not all(crypto.check_zip215_many(items, 1)):
        raise Rejected("C08", "a vote's signature does not hold")
