"""Who signs which act, and which acts are numbered (docs/protocol.md section 9.3)."""

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from hanpyo.election.manifest import Manifest
from hanpyo.errors import Rejected
from hanpyo.ledger.entry import (
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
    Deal,
    Drop,
    Enroll,
    Extend,
    Gateway,
    Genesis,
    Lost,
    ManifestPart,
    NotOpenable,
    Open,
    Outcome,
    Pause,
    Replace,
    Result,
    Resume,
    Reveal,
    RollChange,
    RollChunk,
    RollSeal,
    Seal,
    Share,
)

Roles = tuple[int, ...]
NOBODY: Roles = ()
_ORGANIZERS_AND_REGISTRAR = (ORGANIZER, REGISTRAR)

# The roles that sign, ascending. Genesis has a rule of its own; open and close are signed by nobody
# where the manifest announces their time; replace also by organizers where the row has voted.
_ROLES: dict[type[Body], Roles] = {
    Gateway: (MEMBER,),
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
    **dict.fromkeys((Result, Outcome), NOBODY),
}
_ROLE_NAMES = ("a member", "organizers", "the registrar", "a trustee")


class Numbering(Enum):
    """Whose accepted acts an act's number counts."""

    NONE = "none"
    MEMBER = "the member's"
    ORGANIZERS = "the organizers'"
    TRUSTEE = "the trustee's"


def due_roles(body: Body, manifest: Manifest | None, *, has_voted: bool = False) -> Roles:
    """Give the roles that must sign, and no others may.

    Args:
        body: what the act says; not genesis.
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
    return Numbering.MEMBER if isinstance(body, Gateway) else Numbering.NONE


def signing_keys(
    act: Act, roles: Roles, genesis: Genesis, manifest: Manifest | None
) -> list[bytes]:
    """Give the key of each signature of an act, if exactly the parties that must sign did.

    Args:
        roles: who must sign, as `due_roles` says.
        manifest: the election's; `None` for acts of the ledger, which members alone sign.

    Raises:
        Rejected: C07.
    """
    places = [(each.role, each.party) for each in act.signatures]
    if any(first >= second for first, second in pairwise(places)):
        raise Rejected("C07", "signatures must ascend by role and party, without repetition")
    if tuple(dict.fromkeys(role for role, _ in places)) != roles:
        due = " and ".join(_ROLE_NAMES[role] for role in roles) or "nobody"
        raise Rejected("C07", f"{due} must sign, and no others")
    for role in roles:
        signed = sum(each == role for each, _ in places)
        if role == ORGANIZER and manifest is not None:
            if signed < manifest.organizers.quorum:
                raise Rejected("C07", f"{signed} organizers signed, a quorum has more")
        elif signed != 1:
            raise Rejected("C07", f"{_ROLE_NAMES[role]} must sign once, not {signed} times")
    return [_key(role, party, genesis, manifest) for role, party in places]


def _key(role: int, party: int, genesis: Genesis, manifest: Manifest | None) -> bytes:
    keys: Sequence[bytes]
    first = 0
    if role == MEMBER:
        keys = [member.key for member in genesis.members]
    elif manifest is None:
        keys = ()
    elif role == ORGANIZER:
        keys = [each.key for each in manifest.organizers.parties]
    elif role == REGISTRAR:
        keys = [manifest.registrar.key]
    else:
        keys, first = [each.key for each in manifest.trustees.parties], 1
    if not first <= party < first + len(keys):
        raise Rejected("C07", f"no {_ROLE_NAMES[role].split()[-1]} has number {party}")
    return keys[party - first]
