"""Acts that several parties sign: prepared by one, signed by each in turn, sent by the last.

A prepared act travels as a small file. It holds nothing secret, and says all that a signer must
see. Source: docs/protocol.md section 9.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hanpyo import crypto
from hanpyo.election.fields import fail, read_hex, read_object, read_string
from hanpyo.election.manifest import Manifest
from hanpyo.election.papers import ADDRESS_CHARACTERS_MAX
from hanpyo.encoding import decode_base64, encode_base64
from hanpyo.errors import InvalidEncoding, InvalidFile, InvalidManifest, InvalidQuery, Rejected
from hanpyo.ledger.bodies import Cancel
from hanpyo.ledger.entry import (
    ORGANIZER,
    REGISTRAR,
    Act,
    Body,
    Close,
    Drop,
    Extend,
    Lost,
    NotOpenable,
    Open,
    Pause,
    Resume,
    RollChange,
    RollSeal,
    Signature,
    act_message,
    decode_entry,
    encode_entry,
)
from hanpyo.ledger.roles import Numbering, due_roles, numbering
from hanpyo.office.party import PartyFolder

PAPER = "prepared act"


@dataclass(frozen=True, slots=True)
class PreparedAct:
    """An act on its way from signer to signer.

    Attributes:
        ledger: the address of the node that takes it.
        act: with the signatures so far.
        manifest: for an announcement, the manifest's bytes; else empty.
    """

    ledger: str
    ledger_id: bytes
    act: Act
    manifest: bytes = b""


def organizer_kinds(manifest: Manifest) -> tuple[int, ...]:
    """Give the kinds whose accepted acts the organizers' number counts."""
    bodies: list[Body] = [
        RollSeal(0, 0, b""),
        RollChange((), ()),
        Drop(1, 1, ""),
        Open(0),
        Pause(""),
        Resume(""),
        Extend(0, ""),
        Cancel(""),
        Close(0),
        Lost((), ""),
        NotOpenable(""),
    ]
    return tuple(
        body.kind
        for body in bodies
        if numbering(body, due_roles(body, manifest)) is Numbering.ORGANIZERS
    )


def sign_act(prepared: PreparedAct, manifest: Manifest, signer: PartyFolder) -> PreparedAct:
    """Add a party's signature; one that stands there already is kept as it is.

    Raises:
        InvalidQuery: the election does not list this key in this role.
    """
    role, party = _place(manifest, signer)
    act = prepared.act
    if any((each.role, each.party) == (role, party) for each in act.signatures):
        return prepared
    message = act_message(prepared.ledger_id, act.scope, act.number, act.body)
    signature = Signature(role, party, crypto.ed25519_sign(signer.secret, message))
    signatures = sorted([*act.signatures, signature], key=lambda each: (each.role, each.party))
    return replace(prepared, act=replace(act, signatures=tuple(signatures)))


def missing_signatures(act: Act, manifest: Manifest, *, has_voted: bool = False) -> list[str]:
    """Say whose signatures an act still lacks; empty: it can be sent."""
    roles = due_roles(act.body, manifest, has_voted=has_voted)
    signed = [each.role for each in act.signatures]
    lacking = []
    if ORGANIZER in roles:
        left = manifest.organizers.quorum - signed.count(ORGANIZER)
        if left > 0:
            lacking.append(f"{left} more organizer{'s' if left > 1 else ''}")
    if REGISTRAR in roles and REGISTRAR not in signed:
        lacking.append("the registrar")
    return lacking


def check_signatures(prepared: PreparedAct, manifest: Manifest) -> None:
    """Check the signatures so far, so that a signer does not pass on a broken one.

    Raises:
        InvalidSignature: one does not hold.
        InvalidQuery: one is of nobody who may sign.
    """
    act = prepared.act
    message = act_message(prepared.ledger_id, act.scope, act.number, act.body)
    for each in act.signatures:
        key = _key(manifest, each)
        crypto.check_ed25519(key, message, each.signature)


def check_not_stale(act: Act, next_number: int) -> None:
    """Refuse an act whose number is no longer next: another was recorded since it was prepared.

    Raises:
        Rejected: C07.
    """
    if act.number not in {0, next_number}:
        raise Rejected(
            "C07",
            f"this act is stale: it was prepared as number {act.number}, and next is "
            f"{next_number}; prepare it again",
        )


def prepared_to_json(prepared: PreparedAct) -> dict[str, object]:
    """Give a prepared act as it is written to a file."""
    return {
        "act": encode_base64(encode_entry(prepared.act)),
        "ledger": prepared.ledger,
        "ledger_id": prepared.ledger_id.hex(),
        "manifest": encode_base64(prepared.manifest),
        "paper": PAPER,
    }


def prepared_from_json(value: object, where: str) -> PreparedAct:
    """Read a prepared act.

    Raises:
        InvalidFile: malformed; the message begins with `where`.
    """
    try:
        if not isinstance(value, dict) or value.get("paper") != PAPER:
            fail("", f"is no {PAPER}")
        fields = read_object(value, "", ("act", "ledger", "ledger_id", "manifest", "paper"))
        act = decode_entry(_bytes(fields, "act"))
        if not isinstance(act, Act):
            fail("act", "is no act")
        return PreparedAct(
            ledger=read_string(fields["ledger"], "ledger", ADDRESS_CHARACTERS_MAX),
            ledger_id=read_hex(fields["ledger_id"], "ledger_id"),
            act=act,
            manifest=_bytes(fields, "manifest"),
        )
    except (InvalidManifest, InvalidEncoding) as error:
        raise InvalidFile(f"{where}: {error}") from error


def _bytes(fields: dict[str, object], key: str) -> bytes:
    value = fields[key]
    if not isinstance(value, str):
        fail(key, "must be Base64")
    return decode_base64(value)


def _place(manifest: Manifest, signer: PartyFolder) -> tuple[int, int]:
    """Give role and number of a signer."""
    if signer.role == "registrar" and manifest.registrar.key == signer.key:
        return REGISTRAR, 0
    if signer.role == "organizer":
        for number, party in enumerate(manifest.organizers.parties):
            if party.key == signer.key:
                return ORGANIZER, number
    raise InvalidQuery(f"{signer.path}: this election does not list this {signer.role}'s key")


def _key(manifest: Manifest, signature: Signature) -> bytes:
    parties: Sequence[bytes] = ()
    if signature.role == ORGANIZER:
        parties = [party.key for party in manifest.organizers.parties]
    elif signature.role == REGISTRAR:
        parties = [manifest.registrar.key]
    if signature.party >= len(parties):
        raise InvalidQuery("the act is signed by somebody who has no say in it")
    return parties[signature.party]
