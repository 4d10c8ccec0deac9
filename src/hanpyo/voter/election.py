"""What a device checks before it encrypts: manifest, joint key, enrollment, phase.

Nothing a node says is taken on trust, except that it leaves nothing newer out: a pause or a closing
entry that it hides only makes it refuse the ballot later. Source: docs/protocol.md 8.1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hanpyo import crypto
from hanpyo.election.ballot import ballot_kit
from hanpyo.election.ceremony import (
    Ceremony,
    Contribution,
    JointKey,
    accept_commit,
    accept_confirm,
    accept_deal,
    accept_reveal,
    ceremony_id,
    joint_key,
)
from hanpyo.election.manifest import Manifest, Party, decode_manifest, election_id
from hanpyo.errors import InvalidCeremony, InvalidManifest, InvalidSignature, NotYet, Rejected
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import (
    REGISTRAR,
    TRUSTEE,
    Act,
    Body,
    Cancel,
    Close,
    Commit,
    Confirm,
    Deal,
    Enroll,
    Open,
    Pause,
    Replace,
    Resume,
    Reveal,
    act_message,
    entry_hash,
)
from hanpyo.ledger.reader import Proven, check_fresh, check_proven


@dataclass(frozen=True, slots=True)
class CheckedElection:
    """An election as a device checked it, all under one fresh checkpoint."""

    ledger_id: bytes
    election_id: bytes
    manifest: Manifest
    joint_key: JointKey
    kit: crypto.BallotKit
    checkpoint: Checkpoint


def check_manifest(expected: bytes, ledger_id: bytes, manifest: bytes) -> Manifest:
    """Check a manifest's bytes against the election id that came by the invitation.

    Raises:
        InvalidManifest: they are another election's.
    """
    if election_id(ledger_id, manifest) != expected:
        raise InvalidManifest("this ledger shows another election than your invitation names")
    return decode_manifest(manifest)


def check_election(
    expected: bytes,
    founding: Sequence[Proven],
    manifest_bytes: bytes,
    ceremony: Sequence[Proven],
    checkpoint: Checkpoint,
    now_unix_s: int,
) -> CheckedElection:
    """Check everything that a ballot is encrypted with.

    Args:
        expected: the election id of the invitation.
        founding: entry 0 and all later acts of membership, in order.
        manifest_bytes: the manifest as announced.
        ceremony: the commit, reveal, deal and confirm entries of the last attempt, in log order.
        checkpoint: the one that all proofs lead to.
        now_unix_s: this device's clock.

    Raises:
        InvalidCheckpoint, InvalidInclusion, InvalidManifest, InvalidSignature, InvalidCeremony:
            somebody shows this device something else than what the parties signed.
    """
    check_fresh(founding, checkpoint, now_unix_s)
    ledger_id = entry_hash(founding[0].entry)
    manifest = check_manifest(expected, ledger_id, manifest_bytes)
    signed = []
    parties = list(enumerate(manifest.trustees.parties, 1))
    for proven in ceremony:
        act = _act_of(proven, expected, checkpoint)
        signed.append((_check_signed(act, ledger_id, TRUSTEE, parties), act.body, proven.entry))
    key = _replay(expected, manifest, signed)
    kit = ballot_kit(expected, manifest, key)
    return CheckedElection(ledger_id, expected, manifest, key, kit, checkpoint)


def check_enrolled(
    election: CheckedElection, enrollment: Proven, row: int, credential: bytes
) -> None:
    """Check that the registrar bound this credential to this row.

    Raises:
        InvalidInclusion, InvalidSignature: no such enrollment is shown.
        NotYet: the entry binds another credential.
    """
    act = _act_of(enrollment, election.election_id, election.checkpoint)
    _check_signed(act, election.ledger_id, REGISTRAR, [(0, election.manifest.registrar)])
    match act.body:
        case Enroll(rows):
            bound = any((each.row, each.credential) == (row, credential) for each in rows)
        case Replace(row=of, new=new):
            bound = (of, new) == (row, credential)
        case _:
            bound = False
    if not bound:
        raise NotYet("your credential is not the one enrolled for your row")


def check_voting_open(election: CheckedElection, phases: Sequence[Proven]) -> None:
    """Check that voting has opened and, by what the node shows, is neither paused nor over.

    Args:
        phases: the election's open, pause, resume, close and cancel entries, in log order.

    Raises:
        NotYet: voting has not opened, or is paused.
        Rejected: voting is over.
    """
    acts = [_act_of(each, election.election_id, election.checkpoint).body for each in phases]
    if any(isinstance(body, Close | Cancel) for body in acts):
        raise Rejected("C15", "voting is over")
    last = next((body for body in reversed(acts) if isinstance(body, Open | Pause | Resume)), None)
    if last is None:
        raise NotYet("voting has not opened yet")
    if isinstance(last, Pause):
        raise NotYet(f"voting is paused: {last.reason}")


def _check_signed(
    act: Act, ledger_id: bytes, role: int, parties: Iterable[tuple[int, Party]]
) -> int:
    """Check that a party of this role signed an act, and give its number.

    Raises:
        InvalidSignature: nobody of them did, or the signature does not hold.
    """
    keys = {number: party.key for number, party in parties}
    for each in act.signatures:
        if each.role == role and each.party in keys:
            message = act_message(ledger_id, act.scope, act.number, act.body)
            crypto.check_ed25519(keys[each.party], message, each.signature)
            return each.party
    raise InvalidSignature("an entry lacks the signature of the party that it needs")


def _act_of(proven: Proven, scope: bytes, checkpoint: Checkpoint) -> Act:
    entry = check_proven(proven, checkpoint)
    if not isinstance(entry, Act) or entry.scope != scope:
        raise InvalidManifest("an entry of another election is shown in place of yours")
    return entry


def _replay(
    expected: bytes, manifest: Manifest, signed: Sequence[tuple[int, Body, bytes]]
) -> JointKey:
    """Replay one attempt from its signed entries: signer, body, entry.

    Each trustee's confirmation binds the attempt, who takes part, and every entry before it; so it
    is enough that all who committed in it confirm, and that they are not fewer than the least.
    """
    commits = {signer: body for signer, body, _ in signed if isinstance(body, Commit)}
    attempts = {body.attempt for body in commits.values()}
    if len(attempts) != 1:
        raise InvalidCeremony("the joint key's entries are missing, or of several attempts")
    attempt = attempts.pop()
    threshold, slots = manifest.trustees.threshold, manifest.slots
    keys = {index: manifest.trustees.parties[index - 1].key for index in sorted(commits)}
    ceremony = Ceremony(
        election_id=expected,
        ceremony_id=ceremony_id(expected, attempt, threshold, slots, keys),
        attempt=attempt,
        threshold=threshold,
        least=manifest.trustees.least,
        slots=slots,
        trustees={index: Contribution(key) for index, key in keys.items()},
    )
    try:
        for signer, body, entry in signed:
            ceremony = _accept(ceremony, signer, body, entry_hash(entry))
        return joint_key(ceremony)
    except (Rejected, NotYet) as error:
        raise InvalidCeremony(f"the joint key does not hold: {error}") from error


def _accept(ceremony: Ceremony, signer: int, body: Body, digest: bytes) -> Ceremony:
    match body:
        case Commit(attempt, transport, proof, commitment):
            return accept_commit(ceremony, attempt, signer, transport, proof, commitment, digest)
        case Reveal(attempt, part, points, proof):
            return accept_reveal(ceremony, attempt, signer, part, points, proof, digest)
        case Deal(attempt, recipient, ciphertext):
            return accept_deal(ceremony, attempt, signer, recipient, ciphertext, digest)
        case Confirm(attempt, joint):
            return accept_confirm(ceremony, attempt, signer, joint)
    raise InvalidCeremony("an entry is shown that has no place in making the joint key")
