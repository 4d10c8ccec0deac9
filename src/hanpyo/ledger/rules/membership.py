"""Rules for who keeps the ledger: its founding, its handing over, and members that come and go."""

from collections.abc import Sequence
from itertools import chain

from hanpyo import crypto
from hanpyo.errors import InvalidKey, InvalidSignature, Rejected
from hanpyo.ledger.entry import (
    JOINER,
    MEMBER,
    MEMBERS_MAX,
    MEMBERS_MIN,
    NO_SCOPE,
    Act,
    Consortium,
    Genesis,
    Join,
    Leave,
    Member,
    Rotate,
    Validator,
    act_message,
)
from hanpyo.ledger.membership import (
    Keeper,
    Membership,
    found_consortium,
    found_single,
    hand_over,
    keeper_of,
)
from hanpyo.ledger.rules.ledger_changes import LedgerFounded, MembershipChanged


def found_ledger(act: Act, body: Genesis | Consortium, entry_hash: bytes) -> LedgerFounded:
    """Decide entry 0: everyone whom it names signs, with valid keys that are all distinct.

    Raises:
        Rejected: C03.
    """
    if act.scope != NO_SCOPE:
        raise Rejected("C03", "entry 0 has a scope of 32 zero bytes")
    if act.number != 0:
        raise Rejected("C03", "entry 0 has number 0")
    if isinstance(body, Genesis):
        _check_founders(act, MEMBER, body.members)
        return LedgerFounded(entry_hash, found_single(body))
    _check_founders(act, JOINER, body.validators)
    _check_names("C03", body.validators)
    return LedgerFounded(entry_hash, found_consortium(body, entry_hash))


def _check_founders(act: Act, role: int, founders: Sequence[Member | Validator]) -> None:
    """Refuse a founding that one of the founders did not sign, or in which keys repeat."""
    places = [(each.role, each.party) for each in act.signatures]
    if places != [(role, party) for party in range(len(founders))]:
        raise Rejected("C03", "every founder must sign entry 0, in order, and nobody else")
    keys = list(chain.from_iterable(founder.keys for founder in founders))
    if len(set(keys)) != len(keys):
        raise Rejected("C03", "the founders' keys must all be distinct")
    message = act_message(NO_SCOPE, NO_SCOPE, act.number, act.body)
    try:
        for key in keys:
            crypto.check_ed25519_key(key)
        for founder, signature in zip(founders, act.signatures, strict=True):
            crypto.check_ed25519(founder.key, message, signature.signature)
    except (InvalidKey, InvalidSignature) as error:
        raise Rejected("C03", f"a founder's key or signature does not hold: {error}") from error


def hand_ledger_over(
    membership: Membership, act: Act, body: Consortium, entry_hash: bytes, block_time_unix_s: int
) -> MembershipChanged:
    """Decide the operator's last act: from here on validators keep the ledger, for good.

    Raises:
        Rejected: C07 for its number, else C08.
    """
    _check_number(act, 0)
    if membership.is_consortium:
        raise Rejected("C08", "a consortium keeps the ledger already")
    keys = list(chain.from_iterable(validator.keys for validator in body.validators))
    _check_new_keys(membership, keys)
    _check_names("C08", body.validators)
    if body.time_unix_s < block_time_unix_s:
        raise Rejected("C08", "the engine's first time is before this block's")
    return MembershipChanged(hand_over(membership, body, entry_hash), entry_hash)


def join(membership: Membership, act: Act, body: Join, entry_hash: bytes) -> MembershipChanged:
    """Decide that one more member keeps the ledger.

    Raises:
        Rejected: C07 for its number, else C08.
    """
    _check_number(act, membership.changes + 1)
    _check_new_keys(membership, body.validator.keys)
    active = membership.active
    if any(each.name == body.validator.name for each in active.values()):
        raise Rejected("C08", "an active member has this name")
    if len(active) >= MEMBERS_MAX:
        raise Rejected("C08", f"at most {MEMBERS_MAX} members keep a ledger")
    keeper = keeper_of(body.validator)
    return MembershipChanged(membership.with_keeper(membership.given, keeper), entry_hash)


def leave(membership: Membership, act: Act, body: Leave, entry_hash: bytes) -> MembershipChanged:
    """Decide that a member keeps the ledger no longer.

    Raises:
        Rejected: C07 for its number, else C08.
    """
    _check_number(act, membership.changes + 1)
    _active_member(membership, body.number)
    if len(membership.active) <= MEMBERS_MIN:
        raise Rejected("C08", f"at least {MEMBERS_MIN} members keep a ledger")
    return MembershipChanged(membership.without(body.number), entry_hash)


def rotate(membership: Membership, act: Act, body: Rotate, entry_hash: bytes) -> MembershipChanged:
    """Decide that a member has other keys from now on.

    Raises:
        Rejected: C07 for its number, else C08.
    """
    _check_number(act, membership.changes + 1)
    former = _active_member(membership, body.number)
    keeper = Keeper(former.name, body.key, body.cosigning_key, body.validator_key)
    new = [key for key, old in zip(keeper.keys, former.keys, strict=True) if key != old]
    if not new:
        raise Rejected("C08", "the member has these very keys")
    _check_new_keys(membership, new)
    return MembershipChanged(membership.with_keeper(body.number, keeper), entry_hash)


def _active_member(membership: Membership, number: int) -> Keeper:
    keeper = membership.active.get(number)
    if keeper is None:
        raise Rejected("C08", f"no active member has number {number}")
    return keeper


def _check_number(act: Act, due: int) -> None:
    if act.number != due:
        raise Rejected("C07", f"the act has number {act.number}, due is {due}")


def _check_new_keys(membership: Membership, keys: Sequence[bytes]) -> None:
    """Refuse keys that are none, repeat, or that any member ever had for any use."""
    if len(set(keys)) != len(keys):
        raise Rejected("C08", "the members' keys must all be distinct")
    if any(key in membership.used_keys for key in keys):
        raise Rejected("C08", "a key is or was a member's already")
    try:
        for key in keys:
            crypto.check_ed25519_key(key)
    except InvalidKey as error:
        raise Rejected("C08", f"a member's key is none: {error}") from error


def _check_names(check: str, validators: Sequence[Validator]) -> None:
    if len({validator.name for validator in validators}) != len(validators):
        raise Rejected(check, "the members' names must all be distinct")
