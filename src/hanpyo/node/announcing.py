"""Admitting an election: the operator adds its own signature to that of the organizers.

The operator's policy is `organizers.txt` in the node's folder, one key a line in hex, `#` begins a
comment: only whose key stands there may hold elections here. Without the file everybody may.
"""

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from hanpyo import crypto
from hanpyo.election.manifest import Manifest, decode_manifest, election_id
from hanpyo.encoding import decode_hex
from hanpyo.errors import ElectionError, InvalidFile, InvalidQuery, Rejected
from hanpyo.ledger.entry import (
    MANIFEST_PART_BYTES_MAX,
    MEMBER,
    NO_SCOPE,
    ORGANIZER,
    Act,
    Announce,
    ManifestPart,
    Signature,
    act_message,
    encode_entry,
)
from hanpyo.ledger.interface import Admission
from hanpyo.node.ledger import NodeLedger
from hanpyo.node.storage.disk import read_if_there

ORGANIZERS_BYTES_MAX = 1_048_576


def announce(
    ledger: NodeLedger, manifest_bytes: bytes, signatures: Sequence[Signature]
) -> Admission:
    """Bring an election onto the ledger: parts of its manifest, then its announcement.

    Args:
        ledger: the operator's own.
        manifest_bytes: the manifest.
        signatures: of organizers, over the `announce` act with number 0.

    Returns:
        A verdict for each entry handed in; the last is the announcement's.

    Raises:
        InvalidManifest: the manifest is none.
        Rejected: too few organizers signed, or a signature does not hold.
        InvalidQuery: the operator does not admit these organizers.
    """
    manifest = decode_manifest(manifest_bytes)
    ledger_id = ledger.members().ledger_id
    scope = election_id(ledger_id, manifest_bytes)
    body = Announce(sha256(manifest_bytes).digest(), len(manifest_bytes))
    message = act_message(ledger_id, scope, 0, body)
    _check_signatures(manifest, message, signatures)
    _check_policy(ledger.folder.organizers, manifest, signatures)
    signed = Signature(MEMBER, ledger.number, ledger.operator.sign(message))
    entries = _missing_parts(ledger, ledger_id, body.digest, manifest_bytes)
    entries.append(encode_entry(Act(scope, 0, body, (signed, *signatures))))
    return ledger.submit(entries)


def _check_signatures(manifest: Manifest, message: bytes, signatures: Sequence[Signature]) -> None:
    """See that a quorum of organizers signed, before a part of the manifest is recorded."""
    parties = [each.party for each in signatures]
    if any(first >= second for first, second in pairwise(parties)):
        raise Rejected("C07", "the organizers' signatures must ascend, without repetition")
    organizers = manifest.organizers
    if len(parties) < organizers.quorum:
        raise Rejected("C07", f"{len(parties)} organizers signed, due are {organizers.quorum}")
    for each in signatures:
        if each.role != ORGANIZER or each.party >= len(organizers.parties):
            raise Rejected("C07", f"there is no organizer {each.party}")
        try:
            crypto.check_ed25519(organizers.parties[each.party].key, message, each.signature)
        except ElectionError as error:
            why = f"the signature of organizer {each.party} does not hold"
            raise Rejected("C07", why) from error


def _check_policy(path: Path, manifest: Manifest, signatures: Sequence[Signature]) -> None:
    admitted = read_organizers(path)
    if admitted is None:
        return
    for each in signatures:
        party = manifest.organizers.parties[each.party]
        if party.key not in admitted:
            raise InvalidQuery(f"the operator of this ledger does not admit {party.name!r}")


def read_organizers(path: Path) -> frozenset[bytes] | None:
    """Read who may hold elections here; `None`: everybody.

    Raises:
        InvalidFile: a line is no key; the message names it.
    """
    data = read_if_there(path)
    if data is None:
        return None
    if len(data) > ORGANIZERS_BYTES_MAX:
        raise InvalidFile(f"{path}: is larger than {ORGANIZERS_BYTES_MAX} bytes")
    keys = set()
    for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
        text = line.partition("#")[0].strip()
        if text:
            try:
                keys.add(decode_hex(text, 32))
            except ElectionError as error:
                raise InvalidFile(f"{path}: line {number}: no key of 64 hex digits") from error
    return frozenset(keys)


def _missing_parts(ledger: NodeLedger, ledger_id: bytes, digest: bytes, data: bytes) -> list[bytes]:
    """Make the parts that do not wait on the ledger already from an earlier attempt."""
    waiting = ledger.look(lambda view: len(view.parts.get(digest, ())))
    pieces = [
        data[at : at + MANIFEST_PART_BYTES_MAX]
        for at in range(0, len(data), MANIFEST_PART_BYTES_MAX)
    ]
    entries = []
    for part, piece in list(enumerate(pieces))[waiting:]:
        body = ManifestPart(digest, part, piece)
        signature = ledger.operator.sign(act_message(ledger_id, NO_SCOPE, 0, body))
        entries.append(
            encode_entry(Act(NO_SCOPE, 0, body, (Signature(MEMBER, ledger.number, signature),)))
        )
    return entries
