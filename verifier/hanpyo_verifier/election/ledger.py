"""The view of the whole ledger: genesis, gateways and announcements (protocol.md 10)."""

import hashlib
from dataclasses import dataclass, field

from hanpyo_verifier.election import entries as e
from hanpyo_verifier.election.entries import LEDGER_SCOPE, Act, Cast, Entry
from hanpyo_verifier.election.manifest import Manifest, parse_manifest
from hanpyo_verifier.election.roll import Effect
from hanpyo_verifier.election.signatures import Keys, Signers, check_signatures
from hanpyo_verifier.election.view import Election, Hooks, Place
from hanpyo_verifier.errors import MalformedError, RefusedError
from hanpyo_verifier.group.ed25519 import PublicKey, public_key
from hanpyo_verifier.hashing.frames import framed_digest

MAX_PARTS = 18
PART_SIZE = 60_000


@dataclass
class _Waiting:
    """Parts of one manifest that wait for their announce; kept only where they are needed."""

    sizes: list[int] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)


class Ledger:
    """The view of a ledger, with one election followed."""

    def __init__(
        self,
        ledger_id: bytes,
        members: list[PublicKey],
        followed: bytes | None,
        digests: set[bytes],
        hooks: Hooks,
    ) -> None:
        self.ledger_id = ledger_id
        self.followed = followed
        self.election: Election | None = None
        self.gateways: set[bytes] = set()
        self._keys = Keys(members)
        self._digests = digests  # of the manifests that the followed election announces
        self._hooks = hooks
        self._gateway_acts = [0] * len(members)
        self._waiting: dict[bytes, _Waiting] = {}
        self._announced: set[bytes] = set()

    def follows(self, entry: Entry) -> bool:
        """Tells whether an entry belongs to the ledger or to the followed election."""
        if isinstance(entry, Cast):
            return entry.election == self.followed
        return entry.kind < e.ANNOUNCE or entry.scope == self.followed

    def judge(self, entry: Entry, place: Place) -> Effect:
        """Judges a decoded entry other than entry 0; returns its effect or raises RefusedError."""
        if not self.follows(entry):
            return self._pass_by(entry)
        if place.duplicate:
            check = "C16" if isinstance(entry, Cast) else "C07"
            raise RefusedError(check, "the same entry was accepted before")
        if isinstance(entry, Act) and entry.kind < e.ANNOUNCE:
            return self._judge_of_ledger(entry)
        if isinstance(entry, Act) and entry.kind == e.ANNOUNCE:
            return self._judge_announce(entry)
        if self.election is None:
            raise RefusedError("C06", "the scope is no announced election")
        return self.election.judge(entry, place)

    def _pass_by(self, entry: Entry) -> Effect:
        """An entry of another election: its scope must have been announced, nothing more."""
        scope = entry.election if isinstance(entry, Cast) else entry.scope
        if isinstance(entry, Act) and entry.kind == e.ANNOUNCE:

            def effect() -> None:
                self._announced.add(scope)
                self._waiting.pop(entry.body[0], None)

            return effect
        if scope not in self._announced:
            raise RefusedError("C06", "the scope is no announced election")
        return lambda: None

    def _judge_of_ledger(self, act: Act) -> Effect:
        if act.kind == e.GENESIS:
            raise RefusedError("C03", "genesis can only be entry 0")
        if act.scope != LEDGER_SCOPE:
            raise RefusedError("C06", "the scope of an act of the ledger is zero")
        member = check_signatures(self.ledger_id, act, Signers(member=True), self._keys)
        if act.kind == e.GATEWAY:
            return self._judge_gateway(act, member)
        if act.number:
            raise RefusedError("C07", "this kind carries number 0")
        return self._judge_part(act)

    def _judge_gateway(self, act: Act, member: int) -> Effect:
        number = self._gateway_acts[member] + 1
        if act.number != number:
            raise RefusedError("C07", f"number {act.number} stands where {number} belongs")
        key = act.body[0]
        if key in self.gateways or public_key(key) is None:
            raise RefusedError("C08", "the gateway's key is no key, or is listed already")

        def effect() -> None:
            self.gateways.add(key)
            self._gateway_acts[member] += 1

        return effect

    def _judge_part(self, act: Act) -> Effect:
        digest, number, piece = (act.body[key] for key in range(3))
        waiting = self._waiting.get(digest, _Waiting())
        if number != len(waiting.sizes) or number >= MAX_PARTS:
            raise RefusedError("C09", f"part {number} stands where {len(waiting.sizes)} belongs")

        def effect() -> None:
            waiting.sizes.append(len(piece))
            if digest in self._digests:
                waiting.pieces.append(piece)
            self._waiting[digest] = waiting

        return effect

    def _judge_announce(self, act: Act) -> Effect:
        manifest = self._announced_manifest(act)
        keys = self._keys.with_manifest(manifest)
        signers = Signers(member=True, organizers=True)
        check_signatures(self.ledger_id, act, signers, keys)
        if act.number:
            raise RefusedError("C07", "this kind carries number 0")

        def effect() -> None:
            del self._waiting[act.body[0]]
            ids = self.ledger_id, act.scope
            self.election = Election(ids, manifest, self._keys, self._hooks)

        return effect

    def _announced_manifest(self, act: Act) -> Manifest:
        digest, length = act.body[0], act.body[1]
        waiting = self._waiting.get(digest, _Waiting())
        data = b"".join(waiting.pieces)
        if not data or len(data) != length or hashlib.sha256(data).digest() != digest:
            raise RefusedError("C09", "the parts do not have this length and digest")
        if any(size != PART_SIZE for size in waiting.sizes[:-1]):
            raise RefusedError("C09", "a part other than the last is not 60,000 bytes long")
        try:
            manifest = parse_manifest(data)
        except MalformedError as error:
            raise RefusedError("C09", f"the manifest is refused: {error}") from None
        if framed_digest("election", self.ledger_id, data) != act.scope:
            raise RefusedError("C09", "the scope is not the election id")
        if self.election is not None:
            raise RefusedError("C09", "the election is announced already")
        return manifest
