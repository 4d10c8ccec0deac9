"""Who signs an act (protocol.md 9.3)."""

import functools
import itertools
from dataclasses import dataclass, field

from hanpyo_verifier.election.entries import (
    LEDGER_SCOPE,
    MEMBER,
    ORGANIZER,
    REGISTRAR,
    TRUSTEE,
    Act,
)
from hanpyo_verifier.election.manifest import Manifest
from hanpyo_verifier.errors import RefusedError
from hanpyo_verifier.group.ed25519 import PublicKey, public_key
from hanpyo_verifier.hashing.frames import frame, u32, u64


@dataclass(frozen=True)
class Signers:
    """Which roles must sign an act; no other may."""

    member: bool = False
    organizers: bool = False
    registrar: bool = False
    trustee: bool = False


@dataclass(frozen=True)
class Keys:
    """The keys of all parties that an act can name."""

    members: list[PublicKey]
    organizers: list[PublicKey] = field(default_factory=list)
    quorum: int = 0
    registrar: PublicKey | None = None
    trustees: list[PublicKey] = field(default_factory=list)

    def with_manifest(self, manifest: Manifest) -> "Keys":
        """Returns the keys of an election of this ledger."""
        return Keys(
            self.members,
            manifest.organizers,
            manifest.quorum,
            manifest.registrar,
            manifest.trustees,
        )

    def find(self, role: int, party: int) -> PublicKey | None:
        """Returns a party's key; None if the party does not exist."""
        if role == REGISTRAR:
            return self.registrar if party == 0 else None
        if role == TRUSTEE:
            return self.trustees[party - 1] if 1 <= party <= len(self.trustees) else None
        parties = self.members if role == MEMBER else self.organizers
        return parties[party] if party < len(parties) else None


def signed_message(ledger_id: bytes, act: Act) -> bytes:
    """The bytes that every party of an act signs."""
    return frame("act", ledger_id, act.scope, u32(act.kind), u64(act.number), act.body_bytes)


@functools.lru_cache(maxsize=128)
def _verify(key: PublicKey, message: bytes, signature: bytes) -> bool:
    return key.verify(message, signature)


def check_signatures(ledger_id: bytes, act: Act, signers: Signers, keys: Keys) -> int:
    """Checks roles, quorum, parties, order and every signature; returns the last party."""
    places = [(role, party) for role, party, _ in act.signatures]
    if any(a >= b for a, b in itertools.pairwise(places)):
        raise RefusedError("C07", "signatures do not ascend by role and party")
    counts = [sum(role == wanted for role, _ in places) for wanted in range(4)]
    if (
        counts[MEMBER] != signers.member
        or counts[REGISTRAR] != signers.registrar
        or counts[TRUSTEE] != signers.trustee
        or (counts[ORGANIZER] > 0) != signers.organizers
    ):
        raise RefusedError("C07", "not signed by exactly those who must")
    if signers.organizers and counts[ORGANIZER] < keys.quorum:
        raise RefusedError("C07", f"fewer than {keys.quorum} organizers have signed")
    message = signed_message(ledger_id, act)
    for role, party, signature in act.signatures:
        key = keys.find(role, party)
        if key is None:
            raise RefusedError("C07", f"party {party} of role {role} does not exist")
        if not _verify(key, message, signature):
            raise RefusedError("C07", f"the signature of role {role}, party {party} is wrong")
    return places[-1][1] if places else 0


def judge_genesis(act: Act) -> list[PublicKey]:
    """Judges entry 0 (10) and returns the members' signing keys."""
    members = act.body[3]
    keys = [data for member in members for data in (member[1], member[2])]
    if len(set(keys)) != len(keys):
        raise RefusedError("C03", "the members' keys are not distinct")
    signing = [public_key(member[1]) for member in members]
    cosigning = [public_key(member[2]) for member in members]
    if None in signing or None in cosigning:
        raise RefusedError("C03", "a member's key is no Ed25519 key")
    found = [key for key in signing if key is not None]
    if act.scope != LEDGER_SCOPE or act.number:
        raise RefusedError("C03", "scope and number of genesis are zero")
    places = [(role, party) for role, party, _ in act.signatures]
    if places != [(MEMBER, party) for party in range(len(members))]:
        raise RefusedError("C03", "genesis is signed by every member, in order")
    message = signed_message(LEDGER_SCOPE, act)
    for _, party, signature in act.signatures:
        if not found[party].verify(message, signature):
            raise RefusedError("C03", f"the signature of member {party} is wrong")
    return found
