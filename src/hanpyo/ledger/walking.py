"""Who keeps a ledger, found from its acts of membership alone: for whoever holds no whole log.

The same rules decide as in a whole log, except that the time of blocks is not known here. That no
act was left out at the end is not seen here either; left out in between, the next one's number, or
its signatures, would not fit.
"""

from collections.abc import Sequence

from hanpyo.errors import Rejected
from hanpyo.ledger.admission import NotAdmitted, admit
from hanpyo.ledger.entry import Act, Consortium, Genesis, Join, Leave, Rotate
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.rules import apply, decide
from hanpyo.ledger.view import LedgerView

MEMBERSHIP_BODIES = (Genesis, Consortium, Join, Leave, Rotate)
MEMBERSHIP_KINDS = tuple(body.kind for body in MEMBERSHIP_BODIES)
_UNKNOWN_TIME_UNIX_S = 0


def walk_membership(entries: Sequence[bytes]) -> Membership:
    """Judge a log's entries of kinds 0 and 4 to 7 in order; give the membership after them.

    Args:
        entries: entry 0 and those of the other kinds so far, in order.

    Raises:
        Rejected: there is none, one of them is of another kind, or a rule refuses one.
    """
    view = LedgerView()
    for index, data in enumerate(entries):
        _walk(view, data, index)
    if view.membership is None:
        raise Rejected("C03", "a log begins with genesis or consortium")
    return view.membership


def _walk(view: LedgerView, data: bytes, index: int) -> None:
    (checked,) = admit(view.facts, [data], 1)
    if isinstance(checked, NotAdmitted):
        raise checked
    if not isinstance(checked.entry, Act) or checked.entry.kind not in MEMBERSHIP_KINDS:
        raise Rejected("C06", f"an entry of kind {checked.entry.kind} is no act of membership")
    apply(view, checked, decide(view, checked, _UNKNOWN_TIME_UNIX_S), index)
