"""Announcing an election: the act that organizers sign before the operator admits it."""

from hanpyo.election.manifest import Manifest, decode_manifest, election_id, manifest_digest
from hanpyo.errors import InvalidManifest
from hanpyo.ledger.entry import Act, Announce
from hanpyo.office.acts import PreparedAct


def announcement(manifest: bytes, ledger_id: bytes, address: str) -> PreparedAct:
    """Prepare the announcement of an election, without signatures."""
    body = Announce(manifest_digest(manifest), len(manifest))
    act = Act(election_id(ledger_id, manifest), 0, body, ())
    return PreparedAct(address, ledger_id, act, manifest)


def announced_manifest(prepared: PreparedAct) -> Manifest:
    """Give the manifest that a prepared announcement is about.

    Raises:
        InvalidManifest: the act is about another manifest than the file carries.
    """
    data = prepared.manifest
    if announcement(data, prepared.ledger_id, "").act != _unsigned(prepared.act):
        raise InvalidManifest("the announcement is about another manifest than this file carries")
    return decode_manifest(data)


def _unsigned(act: Act) -> Act:
    return Act(act.scope, act.number, act.body, ())
