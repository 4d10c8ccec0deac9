"""Acts that a member signs for itself: the key of its gateway's promises, listed on the ledger."""

from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    Act,
    Body,
    Gateway,
    Signature,
    act_message,
    encode_entry,
)
from hanpyo.ledger.view import LedgerView
from hanpyo.node.storage.folder import Operator


def member_act(
    operator: Operator, ledger_id: bytes, number: int, body: Body, member: int = 0
) -> bytes:
    """Give an act of the ledger, signed by one member; a single operator is member 0."""
    message = act_message(ledger_id, NO_SCOPE, number, body)
    signature = Signature(MEMBER, member, operator.sign(message))
    return encode_entry(Act(NO_SCOPE, number, body, (signature,)))


def gateway_listing(view: LedgerView, operator: Operator, member: int = 0) -> bytes | None:
    """Give the act that lists a member's gateway, `None` where it is listed."""
    if operator.gateway in view.gateways or view.ledger_id is None:
        return None
    number = view.gateway_acts.get(member, 0) + 1
    return member_act(operator, view.ledger_id, number, Gateway(operator.gateway), member)
