"""Acts by which a consortium changes: prepared by one member, signed by each, sent by the last.

A prepared act travels as a small file. It holds nothing secret. Source: docs/protocol.md 9.3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hanpyo import crypto
from hanpyo.encoding import decode_base64, decode_hex, encode_base64, encode_json
from hanpyo.errors import ElectionError, InvalidFile, InvalidQuery, Rejected
from hanpyo.ledger.entry import (
    JOINER,
    MEMBER,
    NO_SCOPE,
    Act,
    Join,
    Leave,
    Rotate,
    Signature,
    act_message,
    decode_entry,
    encode_entry,
)
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.roles import joining_keys
from hanpyo.node.consortium.member_file import read_paper
from hanpyo.node.storage.disk import PUBLIC, write_durably
from hanpyo.node.storage.folder import Operator, number_of

MemberAct = Join | Leave | Rotate
_KEYS = {"act", "ledger_id", "paper"}
PAPER = "prepared act of members"


@dataclass(frozen=True, slots=True)
class PreparedChange:
    """A change of the membership on its way from signer to signer.

    Attributes:
        ledger_id: whose members sign.
        act: with the signatures so far.
    """

    ledger_id: bytes
    act: Act

    @property
    def body(self) -> MemberAct:
        """What it changes."""
        assert isinstance(self.act.body, MemberAct), "nothing else is prepared or read"
        return self.act.body

    @property
    def message(self) -> bytes:
        """What everybody signs."""
        return act_message(self.ledger_id, NO_SCOPE, self.act.number, self.act.body)


def prepare_change(ledger_id: bytes, membership: Membership, body: MemberAct) -> PreparedChange:
    """Prepare an act with its number and no signature."""
    return PreparedChange(ledger_id, Act(NO_SCOPE, membership.changes + 1, body, ()))


def sign_change(
    prepared: PreparedChange, membership: Membership, operators: Sequence[Operator]
) -> PreparedChange:
    """Add what a node's keys may sign: as a member, as whoever joins, or as both.

    Args:
        operators: the node's present keys, and its next ones where it has any.

    Raises:
        InvalidQuery: these keys have no say in it.
    """
    joining = joining_keys(prepared.body, membership)
    made: dict[tuple[int, int], Signature] = {}
    for operator in operators:
        number, own = number_of(operator, membership), operator.validator.key
        places = [(MEMBER, number)] if number is not None else []
        places += [(JOINER, place) for place, key in joining.items() if key == own]
        for role, party in places:
            made[role, party] = Signature(role, party, operator.sign(prepared.message))
    if not made:
        raise InvalidQuery("the keys in this folder have no say in this act")
    former = {(each.role, each.party): each for each in prepared.act.signatures}
    ordered = tuple(each for _, each in sorted({**former, **made}.items()))
    return replace(prepared, act=replace(prepared.act, signatures=ordered))


def check_change(prepared: PreparedChange, ledger_id: bytes, membership: Membership) -> None:
    """Check a prepared act before signing or sending it.

    Raises:
        InvalidQuery: it is another ledger's, or somebody signed who has no say.
        Rejected: C07: another change came first.
        InvalidSignature: a signature does not hold.
    """
    if prepared.ledger_id != ledger_id:
        raise InvalidQuery("this act is of another ledger")
    due = membership.changes + 1
    if prepared.act.number != due:
        why = f"this act is stale: it has number {prepared.act.number}, next is {due}"
        raise Rejected("C07", f"{why}; prepare it again")
    keys = _keys(prepared, membership)
    for each in prepared.act.signatures:
        key = keys.get((each.role, each.party))
        if key is None:
            raise InvalidQuery("the act is signed by somebody who has no say in it")
        crypto.check_ed25519(key, prepared.message, each.signature)


def _keys(prepared: PreparedChange, membership: Membership) -> Mapping[tuple[int, int], bytes]:
    keys = {(MEMBER, number): keeper.key for number, keeper in membership.active.items()}
    joining = joining_keys(prepared.body, membership)
    return {**keys, **{(JOINER, place): key for place, key in joining.items()}}


def missing_signers(prepared: PreparedChange, membership: Membership) -> list[str]:
    """Say whose signatures an act still lacks; empty: it can be sent."""
    signed = [each.role for each in prepared.act.signatures]
    lacking = []
    left = membership.quorum - signed.count(MEMBER)
    if left > 0:
        lacking.append(f"{left} more member{'s' if left > 1 else ''}")
    if joining_keys(prepared.body, membership) and JOINER not in signed:
        lacking.append("the node whose keys are new")
    return lacking


def describe_change(prepared: PreparedChange, membership: Membership) -> str:
    """Say in one sentence what an act does, for the person who is to sign it."""
    match prepared.body:
        case Join(validator):
            return (
                f"{validator.name!r} joins as a member, with node key {validator.key.hex()[:16]}."
            )
        case Leave(number, reason):
            return f"{_name(membership, number)} leaves: {reason}"
        case Rotate(number, key):
            return f"{_name(membership, number)} has new keys, with key {key.hex()[:16]}."


def _name(membership: Membership, number: int) -> str:
    keeper = membership.active.get(number)
    return f"member {number} ({keeper.name})" if keeper else f"member {number}"


def member_named(membership: Membership, name: str) -> int:
    """Find an active member by its name.

    Raises:
        InvalidQuery: there is none of this name.
    """
    for number, keeper in membership.active.items():
        if keeper.name == name:
            return number
    names = ", ".join(keeper.name for keeper in membership.active.values())
    raise InvalidQuery(f"no member is called {name!r}; there are {names}")


def write_change(path: Path, prepared: PreparedChange) -> None:
    """Write a prepared act for the next signer."""
    value = {
        "act": encode_base64(encode_entry(prepared.act)),
        "ledger_id": prepared.ledger_id.hex(),
        "paper": PAPER,
    }
    write_durably(path, encode_json(value) + b"\n", PUBLIC)


def read_change(path: Path) -> PreparedChange:
    """Read a prepared act.

    Raises:
        InvalidFile: malformed.
    """
    value = read_paper(path)
    if set(value) != _KEYS or value["paper"] != PAPER:
        raise InvalidFile(f"{path}: is no {PAPER}")
    try:
        act = decode_entry(decode_base64(str(value["act"])))
        ledger_id = decode_hex(str(value["ledger_id"]), 32)
    except ElectionError as error:
        raise InvalidFile(f"{path}: {error}") from error
    if not isinstance(act, Act) or not isinstance(act.body, MemberAct):
        raise InvalidFile(f"{path}: changes no membership")
    return PreparedChange(ledger_id, act)
