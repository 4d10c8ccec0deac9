"""Rules for acts of the ledger: its keepers, gateways, manifests and their announcement."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from hanpyo import crypto
from hanpyo.election.manifest import decode_manifest, election_id
from hanpyo.errors import InvalidKey, InvalidManifest, Rejected
from hanpyo.ledger.admission import CheckedEntry
from hanpyo.ledger.entry import (
    MANIFEST_PART_BYTES_MAX,
    Act,
    Announce,
    Body,
    Consortium,
    Equivocation,
    Gateway,
    Genesis,
    Join,
    Leave,
    ManifestPart,
    Rotate,
    act_message,
)
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.roles import due_roles, signing_keys
from hanpyo.ledger.rules import membership as keeping
from hanpyo.ledger.rules.equivocation import note_equivocation
from hanpyo.ledger.rules.ledger_changes import (
    ElectionAnnounced,
    GatewayListed,
    LedgerChange,
    PartKept,
)
from hanpyo.ledger.view import LedgerView

MANIFEST_PARTS_MAX = 18


@dataclass(frozen=True, slots=True)
class LedgerCase:
    """An act of the ledger to be decided; `body` has the type that its rule takes."""

    view: LedgerView
    membership: Membership
    act: Act
    body: Any
    entry_hash: bytes
    block_time_unix_s: int


# The rule of every kind of act of the ledger after entry 0.
LEDGER_RULES: dict[type[Body], Callable[[LedgerCase], LedgerChange]] = {
    Genesis: lambda _: _refuse_genesis(),
    Gateway: lambda case: list_gateway(case.view, case.act, case.body),
    ManifestPart: lambda case: keep_part(case.view, case.act, case.body, case.entry_hash),
    Announce: lambda case: announce(
        case.view, case.membership, case.act, case.body, case.entry_hash
    ),
    Consortium: lambda case: keeping.hand_ledger_over(
        case.membership, case.act, case.body, case.entry_hash, case.block_time_unix_s
    ),
    Join: lambda case: keeping.join(case.membership, case.act, case.body, case.entry_hash),
    Leave: lambda case: keeping.leave(case.membership, case.act, case.body, case.entry_hash),
    Rotate: lambda case: keeping.rotate(case.membership, case.act, case.body, case.entry_hash),
    Equivocation: lambda case: note_equivocation(
        case.view, case.membership, case.act, case.body, case.entry_hash
    ),
}


def decide_for_ledger(
    view: LedgerView, checked: CheckedEntry, act: Act, block_time_unix_s: int
) -> LedgerChange:
    """Decide an act of the ledger itself."""
    body, name, membership = act.body, checked.entry_hash, view.membership
    if membership is not None:
        case = LedgerCase(view, membership, act, body, name, block_time_unix_s)
        return LEDGER_RULES[type(body)](case)
    assert isinstance(body, Genesis | Consortium), "admission refuses others before entry 0"
    return keeping.found_ledger(act, body, name)


def _refuse_genesis() -> LedgerChange:
    raise Rejected("C03", "genesis stands at index 0 alone")


def list_gateway(view: LedgerView, act: Act, body: Gateway) -> GatewayListed:
    """Decide a gateway's listing: a valid key, once."""
    member = act.signatures[0].party
    due = view.gateway_acts.get(member, 0) + 1
    if act.number != due:
        raise Rejected("C07", f"member {member}'s next gateway act has number {due}")
    try:
        crypto.check_ed25519_key(body.key)
    except InvalidKey as error:
        raise Rejected("C08", f"the gateway's key is none: {error}") from error
    if body.key in view.gateways:
        raise Rejected("C08", "this gateway is listed already")
    return GatewayListed(body.key, member)


def keep_part(view: LedgerView, act: Act, body: ManifestPart, entry_hash: bytes) -> PartKept:
    """Decide a piece of a manifest: the next of its digest."""
    if act.number != 0:
        raise Rejected("C07", "a manifest part has number 0")
    due = len(view.parts.get(body.digest, ()))
    if body.part != due or due >= MANIFEST_PARTS_MAX:
        raise Rejected("C09", f"part {body.part} is not the next, {due} of {MANIFEST_PARTS_MAX}")
    return PartKept(body.digest, body.data, entry_hash)


def announce(
    view: LedgerView, membership: Membership, act: Act, body: Announce, entry_hash: bytes
) -> LedgerChange:
    """Decide an announcement: the waiting pieces are a manifest, whose organizers sign."""
    assert view.ledger_id is not None, "entry 0 comes first"
    parts = view.parts.get(body.digest, [])
    data = b"".join(parts)
    if len(data) != body.length or sha256(data).digest() != body.digest:
        raise Rejected("C09", "the waiting parts do not have this length and digest")
    if any(len(part) != MANIFEST_PART_BYTES_MAX for part in parts[:-1]):
        raise Rejected("C09", f"a part before the last has not {MANIFEST_PART_BYTES_MAX} bytes")
    try:
        manifest = decode_manifest(data)
    except InvalidManifest as error:
        raise Rejected("C09", f"not a manifest: {error}") from error
    if act.scope != election_id(view.ledger_id, data):
        raise Rejected("C09", "the scope is not the id of the announced election")
    if act.scope in view.elections:
        raise Rejected("C09", "this election is announced already")
    keys = signing_keys(act, due_roles(body, manifest), membership, manifest)
    message = act_message(view.ledger_id, act.scope, act.number, body)
    items = [(key, message, s.signature) for key, s in zip(keys, act.signatures, strict=True)]
    if not all(crypto.check_ed25519_many(items, 1)):
        raise Rejected("C07", "a signature does not hold")
    if act.number != 0:
        raise Rejected("C07", "an announcement has number 0")
    return ElectionAnnounced(act.scope, manifest, body.digest, entry_hash)
