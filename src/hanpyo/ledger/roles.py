"""Who signs which act, and which acts are numbered (docs/protocol.md section 9.3)."""

from collections.abc import Mapping, Sequence
from enum import Enum
from itertools import pairwise

from hanpyo.election.manifest import Manifest
from hanpyo.errors import Rejected
from hanpyo.ledger.entry import (
    JOINER,
    MEMBER,
    ORGANIZER,
    REGISTRAR,
    TRUSTEE,
    Act,
    Announce,
    Body,
    Cancel,
    Close,
    Commit,
    Complain,
    Confirm,
    Consortium,
    Deal,
    Drop,
    Enroll,
    Equivocation,
    Extend,
    Gateway,
    Join,
    Leave,
    Lost,
    ManifestPart,
    NotOpenable,
    Open,
    Outcome,
    Pause,
    Quorum,
    Replace,
    Result,
    Resume,
    Reveal,
    RollChange,
    RollChunk,
    RollSeal,
    Rotate,
    Seal,
    Share,
)
from hanpyo.ledger.membership import Membership

Roles = tuple[int, ...]
NOBODY: Roles = ()
_ORGANIZERS_AND_REGISTRAR = (ORGANIZER, REGISTRAR)

# The roles that sign, ascending. Entry 0 has a rule of its own; open and close are signed by nobody
# where the manifest announces their time; replace also by organizers where the row has voted.
_ROLES: dict[type[Body], Roles] = {
    Gateway: (MEMBER,),
    Consortium: (MEMBER, JOINER),
    Join: (MEMBER, JOINER),
    Leave: (MEMBER,),
    Rotate: (MEMBER, JOINER),
    ManifestPart: (MEMBER,),
    Announce: (MEMBER, ORGANIZER),
    RollChunk: (REGISTRAR,),
    Enroll: (REGISTRAR,),
    Replace: (REGISTRAR,),
    RollSeal: _ORGANIZERS_AND_REGISTRAR,
    RollChange: _ORGANIZERS_AND_REGISTRAR,
    **dict.fromkeys((Commit, Reveal, Deal, Complain, Confirm, Seal, Share), (TRUSTEE,)),
    **dict.fromkeys((Drop, Pause, Resume, Extend, Cancel, Lost, NotOpenable), (ORGANIZER,)),
    **dict.fromkeys((Open, Close), (ORGANIZER,)),
    **dict.fromkeys((Result, Outcome, Equivocation, Quorum), NOBODY),
}
_ROLE_NAMES = ("a member", "organizers", "the registrar", "a trustee", "whoever joins")
_BY_QUORUM = (Join, Leave, Rotate)


class Numbering(Enum):
    """Whose accepted acts an act's number counts."""

    NONE = "none"
    MEMBER = "the member's"
    ORGANIZERS = "the organizers'"
    TRUSTEE = "the trustee's"
    MEMBERSHIP = "all that change the membership"


def due_roles(body: Body, manifest: Manifest | None, *, has_voted: bool = False) -> Roles:
    """Give the roles that must sign, and no others may.

    Args:
        body: what the act says; not entry 0.
        manifest: the election's, `None` for acts of the ledger.
        has_voted: for replace, whether the row has recorded a ballot.
    """
    if manifest is not None:
        announced = {Open: manifest.opens, Close: manifest.closes}.get(type(body))
        if announced is not None:
            return NOBODY
    if has_voted and isinstance(body, Replace):
        return _ORGANIZERS_AND_REGISTRAR
    return _ROLES[type(body)]


def numbering(body: Body, roles: Roles) -> Numbering:
    """Tell whose acts the number counts; with `NONE` it is 0."""
    if roles == (TRUSTEE,):
        return Numbering.TRUSTEE
    if ORGANIZER in roles and not isinstance(body, Announce | Replace):
        return Numbering.ORGANIZERS
    if isinstance(body, _BY_QUORUM):
        return Numbering.MEMBERSHIP
    return Numbering.MEMBER if isinstance(body, Gateway) else Numbering.NONE


def joining_keys(body: Body, membership: Membership) -> dict[int, bytes]:
    """Give the signing key of each joiner of an act, by the number that the member has or gets."""
    match body:
        case Consortium():
            keys = [validator.key for validator in body.validators]
            return dict(enumerate(keys, membership.given))
        case Join():
            return {membership.given: body.validator.key}
        case Rotate():
            return {body.number: body.key}
    return {}


def signing_keys(
    act: Act, roles: Roles, membership: Membership, manifest: Manifest | None
) -> list[bytes]:
    """Give the key of each signature of an act, if exactly the parties that must sign did.

    Args:
        act: not entry 0.
        roles: who must sign, as `due_roles` says.
        membership: who keeps the ledger where the act stands.
        manifest: the election's; `None` for acts of the ledger, which members and joiners sign.

    Raises:
        Rejected: C07.
    """
    places = [(each.role, each.party) for each in act.signatures]
    if any(first >= second for first, second in pairwise(places)):
        raise Rejected("C07", "signatures must ascend by role and party, without repetition")
    if tuple(dict.fromkeys(role for role, _ in places)) != roles:
        due = " and ".join(_ROLE_NAMES[role] for role in roles) or "nobody"
        raise Rejected("C07", f"{due} must sign, and no others")
    keys: list[bytes] = []
    for role in roles:
        parties = [party for each, party in places if each == role]
        _check_parties(act.body, role, parties, membership, manifest)
        known = _keys_of(act.body, role, membership, manifest)
        if unknown := [party for party in parties if party not in known]:
            name = _ROLE_NAMES[role].split()[-1]
            raise Rejected("C07", f"no {name} who may sign this has number {unknown[0]}")
        keys += [known[party] for party in parties]
    return keys


def _check_parties(
    body: Body,
    role: int,
    parties: Sequence[int],
    membership: Membership,
    manifest: Manifest | None,
) -> None:
    """Refuse an act that too few or too many of a role have signed."""
    signed = len(parties)
    if role == ORGANIZER and manifest is not None:
        if signed < manifest.organizers.quorum:
            raise Rejected("C07", f"{signed} organizers signed, a quorum has more")
    elif role == MEMBER and isinstance(body, _BY_QUORUM):
        if signed < membership.quorum:
            raise Rejected("C07", f"{signed} members signed, a quorum has {membership.quorum}")
    elif role == JOINER:
        if list(parties) != list(joining_keys(body, membership)):
            raise Rejected("C07", "whoever joins must sign under the number that the act gives")
    elif signed != 1:
        raise Rejected("C07", f"{_ROLE_NAMES[role]} must sign once, not {signed} times")


def _keys_of(
    body: Body, role: int, membership: Membership, manifest: Manifest | None
) -> Mapping[int, bytes]:
    """Give the keys of a role's parties by their numbers."""
    if role == MEMBER:
        return _keys_of_members(body, membership)
    if role == JOINER:
        return joining_keys(body, membership)
    if manifest is None:
        return {}
    if role == TRUSTEE:
        return dict(enumerate((each.key for each in manifest.trustees.parties), 1))
    is_organizer = role == ORGANIZER
    parties = manifest.organizers.parties if is_organizer else (manifest.registrar,)
    return dict(enumerate(each.key for each in parties))


def _keys_of_members(body: Body, membership: Membership) -> Mapping[int, bytes]:
    """Give the keys of the active members; handing the ledger over is the operator's to sign."""
    return {
        number: keeper.key
        for number, keeper in membership.active.items()
        if number == 0 or not isinstance(body, Consortium)
    }
