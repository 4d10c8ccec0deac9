"""The key ceremony: its entries and the joint key (protocol.md 7, 10)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hanpyo_verifier.election.ceremony_proofs import (
    complaint_holds,
    deal_is_right,
    evaluate,
    keys_are_lawful,
    make_ceremony_id,
    part_size,
    reveal_holds,
    transport_holds,
)
from hanpyo_verifier.election.entries import (
    COMMIT,
    COMPLAIN,
    CONFIRM,
    DEAL,
    DROP,
    REVEAL,
    Act,
)
from hanpyo_verifier.election.manifest import Manifest
from hanpyo_verifier.election.roll import Effect
from hanpyo_verifier.errors import RefusedError
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.edwards import (
    IDENTITY,
    Cached,
    Point,
    add_cached,
    cache_all,
)
from hanpyo_verifier.hashing.frames import frame, framed_digest, u32

STEPS = (COMMIT, REVEAL, DEAL, CONFIRM)


@dataclass
class _Attempt:
    """What the trustees taking part in one attempt have published."""

    number: int
    takers: list[int]
    ceremony_id: bytes
    transport: dict[int, bytes] = field(default_factory=dict)  # E_k
    commitment: dict[int, bytes] = field(default_factory=dict)  # H_k
    parts: dict[int, list[bytes]] = field(default_factory=dict)
    deals: dict[tuple[int, int], bytes] = field(default_factory=dict)  # (dealer, recipient)
    confirmed: set[int] = field(default_factory=set)
    hashes: list[bytes] = field(default_factory=list)
    sums: list[list[Point]] = field(default_factory=list)  # sum of C_kjd over k, by slot and d


class Ceremony:
    """The ceremony of one election."""

    def __init__(self, election_id: bytes, manifest: Manifest) -> None:
        self._election_id = election_id
        self._trustees = manifest.trustees
        self._t = manifest.threshold
        self._m = manifest.slots
        self._least = manifest.least
        self._part_size = part_size(self._t)
        self._parts = -(-self._m // self._part_size)
        self._now = self._begin(1, list(range(1, len(manifest.trustees) + 1)))
        self.failed = False
        self._slot_keys: list[bytes] | None = None
        self._verification_keys: dict[int, list[Point]] = {}

    @property
    def complete(self) -> bool:
        """Tells whether all trustees taking part have confirmed."""
        return len(self._now.confirmed) == len(self._now.takers) and not self.failed

    @property
    def confirmed(self) -> list[int]:
        """The trustees who confirmed, ascending."""
        return sorted(self._now.confirmed)

    @property
    def ceremony_id(self) -> bytes:
        """The ceremony id of the current attempt (3)."""
        return self._now.ceremony_id

    @property
    def joint_key_digest(self) -> bytes:
        """The digest that trustees confirm (7)."""
        return framed_digest("joint key", self._now.ceremony_id, *self._now.hashes)

    @property
    def slot_points(self) -> list[Point]:
        """h_1..h_m."""
        return [sums[0] for sums in self._now.sums]

    def verification_keys(self, trustee: int) -> list[Point]:
        """Y_i1..Y_im of a trustee who confirmed."""
        if trustee not in self._verification_keys:
            self._verification_keys[trustee] = [evaluate(sums, trustee) for sums in self._now.sums]
        return self._verification_keys[trustee]

    def judge(self, act: Act, signer: int, entry_hash: bytes) -> Effect:
        """Judges an entry of kinds 16 to 21; `signer` is 0 for drop."""
        now = self._now
        if act.body[0] != now.number:
            raise RefusedError("C13", f"attempt {act.body[0]} is not the current one")
        taking_part = act.body[1] if act.kind == DROP else signer
        if taking_part not in now.takers:
            raise RefusedError("C13", f"trustee {taking_part} does not take part")
        judges: dict[int, Callable[[Act, int], Effect]] = {
            COMMIT: self._judge_commit,
            REVEAL: self._judge_reveal,
            DEAL: self._judge_deal,
            COMPLAIN: self._judge_complain,
            CONFIRM: self._judge_confirm,
            DROP: self._judge_drop,
        }
        effect = judges[act.kind](act, taking_part)

        def with_hash() -> None:
            effect()
            if act.kind in (COMMIT, REVEAL, DEAL):
                now.hashes.append(entry_hash)

        return with_hash

    def _begin(self, number: int, takers: list[int]) -> _Attempt:
        keys = [(index, self._trustees[index - 1].data) for index in takers]
        ceremony_id = make_ceremony_id(self._election_id, number, (self._t, self._m), keys)
        attempt = _Attempt(number, takers, ceremony_id)
        attempt.sums = [[IDENTITY] * self._t for _ in range(self._m)]
        return attempt

    def _drop(self, trustee: int) -> None:
        left = [index for index in self._now.takers if index != trustee]
        if len(left) < self._least:
            self.failed = True
        else:
            self._now = self._begin(self._now.number + 1, left)
            self._slot_keys = None

    def _judge_commit(self, act: Act, signer: int) -> Effect:
        now = self._now
        _, E, proof, H = (act.body[key] for key in range(4))
        if signer in now.transport:
            raise RefusedError("C13", "the trustee has committed already")
        if not transport_holds(now.ceremony_id, signer, E, proof, H):
            raise RefusedError("C13", "the transport key or its proof does not hold")

        def effect() -> None:
            now.transport[signer] = E
            now.commitment[signer] = H

        return effect

    def _judge_reveal(self, act: Act, signer: int) -> Effect:
        now = self._now
        _, part, points, proof = (act.body[key] for key in range(4))
        if len(now.transport) < len(now.takers):
            raise RefusedError("C13", "not all trustees have committed")
        before = now.parts.get(signer, [])
        if part != len(before) or part >= self._parts:
            raise RefusedError("C13", f"part {part} stands where {len(before)} belongs")
        slots = min(self._part_size, self._m - part * self._part_size)
        if len(points) != 32 * self._t * slots or len(proof) != 32 * (1 + slots):
            raise RefusedError("C13", "points or proof are not of their length")
        decoded = ristretto.decode_all(points)
        if decoded is None:
            raise RefusedError("C13", "a point that is none")
        statement = (
            now.ceremony_id,
            u32(signer),
            now.transport[signer],
            now.commitment[signer],
            u32(part),
        )
        constants = tuple(decoded[:: self._t])
        if not reveal_holds(statement, points, constants, proof):
            raise RefusedError("C13", "the proof does not hold")
        if part == self._parts - 1:
            digest = framed_digest(
                "commitment", now.ceremony_id, u32(signer), b"".join([*before, points])
            )
            if digest != now.commitment[signer]:
                raise RefusedError("C13", "the points are not those committed to")
        first = part * self._part_size

        def effect() -> None:
            now.parts[signer] = [*before, points]
            for i, point in enumerate(decoded):
                sums = now.sums[first + i // self._t]
                sums[i % self._t] = add_cached(sums[i % self._t], [point])

        return effect

    def _all_revealed(self) -> bool:
        now = self._now
        return all(len(now.parts.get(index, [])) == self._parts for index in now.takers)

    def _judge_deal(self, act: Act, signer: int) -> Effect:
        now = self._now
        _, recipient, ciphertext = (act.body[key] for key in range(3))
        if not self._all_revealed():
            raise RefusedError("C13", "not all trustees have revealed")
        if recipient not in now.takers or recipient == signer:
            raise RefusedError("C13", "the recipient does not take part or is the signer")
        if (signer, recipient) in now.deals:
            raise RefusedError("C13", "the recipient has this deal already")
        if len(ciphertext) != 32 * self._m + 16:
            raise RefusedError("C13", "the deal is not of its length")

        def effect() -> None:
            now.deals[signer, recipient] = ciphertext

        return effect

    def _judge_complain(self, act: Act, signer: int) -> Effect:
        now = self._now
        _, dealer, D, proof = (act.body[key] for key in range(4))
        if dealer not in now.takers or dealer == signer:
            raise RefusedError("C13", "the dealer does not take part or is the signer")
        if (dealer, signer) not in now.deals:
            raise RefusedError("C13", "there is no such deal")
        if signer in now.confirmed:
            raise RefusedError("C13", "the signer has confirmed")
        statement = (
            now.ceremony_id,
            u32(signer),
            u32(dealer),
            now.transport[signer],
            now.transport[dealer],
            D,
        )
        if not complaint_holds(statement, proof):
            raise RefusedError("C13", "the decrypted point or its proof does not hold")

        info = frame("deal", now.ceremony_id, u32(dealer), u32(signer))
        deal = info, now.deals[dealer, signer]

        def effect() -> None:
            right = deal_is_right(D, deal, b"".join(now.parts[dealer]), self._t, signer)
            self._drop(signer if right else dealer)

        return effect

    def _judge_confirm(self, act: Act, signer: int) -> Effect:
        now = self._now
        if len(now.deals) < len(now.takers) * (len(now.takers) - 1) or not self._all_revealed():
            raise RefusedError("C13", "not all trustees have dealt to all others")
        if signer in now.confirmed:
            raise RefusedError("C13", "the trustee has confirmed already")
        if self._slot_keys is None:
            self._slot_keys = [ristretto.encode(point) for point in self.slot_points]
        keys = self._slot_keys
        if not keys_are_lawful(keys):
            raise RefusedError("C14", "a slot key is the identity or stands twice")
        if act.body[1] != self.joint_key_digest:
            raise RefusedError("C14", "the digest is not the joint key digest")

        def effect() -> None:
            now.confirmed.add(signer)

        return effect

    def _judge_drop(self, _: Act, trustee: int) -> Effect:
        step = next(
            (step for step in STEPS if any(self._missing(step, k) for k in self._now.takers)), None
        )
        if step is None or not self._missing(step, trustee):
            raise RefusedError("C13", "the trustee's entries for the step are complete")
        return lambda: self._drop(trustee)

    def _missing(self, step: int, trustee: int) -> bool:
        """Tells whether a trustee's entries for a step are incomplete."""
        now = self._now
        if step == COMMIT:
            return trustee not in now.transport
        if step == REVEAL:
            return len(now.parts.get(trustee, [])) < self._parts
        if step == DEAL:
            others = [index for index in now.takers if index != trustee]
            return any((trustee, other) not in now.deals for other in others)
        return trustee not in now.confirmed


def slot_keys(ceremony: Ceremony) -> list[Cached]:
    """h_1..h_m, ready to be added."""
    return cache_all(ceremony.slot_points)
