"""Rules for acts of the ledger: genesis, gateways, manifests and their announcement."""

from hashlib import sha256

from hanpyo import crypto
from hanpyo.election.manifest import decode_manifest, election_id
from hanpyo.errors import InvalidKey, InvalidManifest, InvalidSignature, Rejected
from hanpyo.ledger.admission import CheckedEntry
from hanpyo.ledger.entry import (
    MANIFEST_PART_BYTES_MAX,
    MEMBER,
    NO_SCOPE,
    Act,
    Announce,
    Gateway,
    Genesis,
    ManifestPart,
    act_message,
)
from hanpyo.ledger.roles import due_roles, signing_keys
from hanpyo.ledger.rules.changes import (
    ElectionAnnounced,
    GatewayListed,
    LedgerChange,
    LedgerFounded,
    PartKept,
)
from hanpyo.ledger.view import LedgerView

MANIFEST_PARTS_MAX = 18
LEDGER_BODIES = (Genesis, Gateway, ManifestPart, Announce)


def decide_for_ledger(view: LedgerView, checked: CheckedEntry, act: Act) -> LedgerChange:
    """Decide an act of the ledger itself."""
    match act.body:
        case Gateway() as body:
            return list_gateway(view, act, body)
        case ManifestPart() as body:
            return keep_part(view, act, body, checked.entry_hash)
        case Announce() as body:
            return announce(view, act, body, checked.entry_hash)
        case Genesis() as body:
            return found_ledger(view, act, body, checked.entry_hash)
    raise AssertionError(f"no act of the ledger: {act.body}")


def found_ledger(view: LedgerView, act: Act, genesis: Genesis, entry_hash: bytes) -> LedgerFounded:
    """Decide entry 0: every member signs, with valid keys that are all distinct."""
    if view.genesis is not None:
        raise Rejected("C03", "genesis stands at index 0 alone")
    if act.scope != NO_SCOPE:
        raise Rejected("C03", "genesis has a scope of 32 zero bytes")
    if act.number != 0:
        raise Rejected("C03", "genesis has number 0")
    places = [(each.role, each.party) for each in act.signatures]
    if places != [(MEMBER, party) for party in range(len(genesis.members))]:
        raise Rejected("C03", "every member must sign genesis, in order, and nobody else")
    keys = [key for member in genesis.members for key in (member.key, member.cosigning_key)]
    if len(set(keys)) != len(keys):
        raise Rejected("C03", "the members' keys must all be distinct")
    message = act_message(NO_SCOPE, NO_SCOPE, act.number, genesis)
    try:
        for key in keys:
            crypto.check_ed25519_key(key)
        for member, signature in zip(genesis.members, act.signatures, strict=True):
            crypto.check_ed25519(member.key, message, signature.signature)
    except (InvalidKey, InvalidSignature) as error:
        raise Rejected("C03", f"a member's key or signature does not hold: {error}") from error
    return LedgerFounded(entry_hash, genesis)


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


def announce(view: LedgerView, act: Act, body: Announce, entry_hash: bytes) -> LedgerChange:
    """Decide an announcement: the waiting pieces are a manifest, whose organizers sign."""
    assert view.ledger_id is not None, "genesis comes first"
    assert view.genesis is not None, "genesis comes first"
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
    keys = signing_keys(act, due_roles(body, manifest), view.genesis, manifest)
    message = act_message(view.ledger_id, act.scope, act.number, body)
    items = [(key, message, s.signature) for key, s in zip(keys, act.signatures, strict=True)]
    if not all(crypto.check_ed25519_many(items, 1)):
        raise Rejected("C07", "a signature does not hold")
    if act.number != 0:
        raise Rejected("C07", "an announcement has number 0")
    return ElectionAnnounced(act.scope, manifest, body.digest, entry_hash)
