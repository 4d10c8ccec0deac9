"""Ballots: decoding, signatures and proofs, in bulk (protocol.md 8.4, 8.5, 8.7)."""

import secrets
from dataclasses import dataclass

from hanpyo_verifier.election.contests import Contest
from hanpyo_verifier.election.entries import Cast
from hanpyo_verifier.election.generators import Generators
from hanpyo_verifier.election.schnorr import Signature, decode_signature
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.edwards import Cached
from hanpyo_verifier.group.multi_scalar import NARROW_BITS, Terms
from hanpyo_verifier.group.scalars import L, decode_scalars
from hanpyo_verifier.hashing.frames import frame, to_scalar, u32, u64
from hanpyo_verifier.hashing.transcript import Transcript

Verdict = tuple[str, str] | None  # (check, why), or None where all holds
NO_POINT = "a point that is none"
NO_SCALAR = "a scalar that is none"


@dataclass(frozen=True)
class BallotKeys:
    """All that a ballot's proofs depend on besides the ballot."""

    election_id: bytes
    joint_key_digest: bytes
    contests: list[Contest]
    styles: list[list[int]]
    slot_keys: list[Cached]
    generators: Generators


@dataclass(slots=True, frozen=True)
class ContestProof:
    """One contest of a ballot, decoded, with its challenges."""

    contest: Contest
    A: Cached
    B: list[Cached]
    V: Cached
    V_mask: Cached
    W_mask: Cached
    f: list[int]
    z: int
    z_s: int
    y: int
    x: int

    @property
    def values(self) -> list[int]:
        """value_i(f) for each option (5.2), not reduced."""
        weights = self.contest.score_weights
        size = len(weights)
        if size == 1:
            return self.f[: self.contest.n]
        return [
            sum(w * f for w, f in zip(weights, self.f[at : at + size], strict=True))
            for at in range(0, size * self.contest.n, size)
        ]

    def first_equation_holds(self) -> bool:
        """Equation (1): M f = x u, exactly."""
        values = self.values
        at = len(self.contest.score_weights) * self.contest.n
        for limit, weights in zip(self.contest.limits, self.contest.slack_weights, strict=True):
            total = sum(c * values[i] for i, c in limit.coefficients) - self.x * limit.high
            for weight in weights:
                total += weight * self.f[at]
                at += 1
            if total % L:
                return False
        return True


@dataclass(slots=True, frozen=True)
class Ballot:
    """A ballot whose points and scalars decode."""

    signature: Signature | None
    contests: list[ContestProof]


class _Sum:
    """The weighted sum of equations of 8.7: ballots' points, and scalars of the fixed points."""

    def __init__(self, keys: BallotKeys) -> None:
        self._keys = keys
        self._terms = Terms()
        self._base = 0
        self._K = 0
        self._G0 = 0
        bits = len(keys.generators.Q)
        self._G = [0] * bits
        self._Q = [0] * bits
        self._H = [0] * len(keys.slot_keys)

    def add_signature(self, one: Signature, weight: int) -> None:
        """Adds weight * (R + c X - s g)."""
        self._terms.add_narrow(weight, one.R)
        self._terms.add(weight * one.c % L, one.X)
        self._base += weight * one.s

    def add_second(self, one: ContestProof, weight: int) -> None:
        """Adds weight * equation (2)."""
        self._terms.add_narrow(weight, one.V_mask)
        self._terms.add(weight * one.x % L, one.V)
        self._K += weight * one.z_s
        self._G0 += weight * one.z
        x, G, Q = one.x, self._G, self._Q
        for i, f in enumerate(one.f):
            weighted = weight * f
            G[i] += weighted
            Q[i] += weighted * (x - f)

    def add_third(self, one: ContestProof, weight: int) -> None:
        """Adds weight * equation (3)."""
        y, H, terms = one.y, self._H, self._terms
        terms.add_narrow(weight, one.W_mask)
        left = weight * one.x % L
        right = weight * one.z % L
        terms.add(left, one.A)
        for i, point in enumerate(one.B):
            left = left * y % L
            right = right * y % L
            terms.add(left, point)
            H[i] += right
        value = 0
        for v in reversed(one.values):
            value = (value + v) * y % L
        self._base += weight * (one.z + value)

    def is_identity(self) -> bool:
        """Tells whether left and right sides agree."""
        g = self._keys.generators
        fixed = [
            (self._base, ristretto.BASE),
            (self._K, g.K),
            (self._G0, g.G[0]),
            *zip(self._G, g.G[1:], strict=True),
            *zip(self._Q, g.Q, strict=True),
            *zip(self._H, self._keys.slot_keys, strict=True),
        ]
        for scalar, point in fixed:
            if scalar % L:
                self._terms.add(-scalar % L, point)
        return ristretto.is_identity(self._terms.sum())


class BallotVerifier:
    """Judges what of a ballot does not depend on the view: its form, signature and proofs."""

    def __init__(self, keys: BallotKeys) -> None:
        self.keys = keys
        self._sizes = [sum(keys.contests[c].size for c in style) for style in keys.styles]

    def check(self, casts: list[Cast]) -> tuple[list[Verdict], list[Ballot | None]]:
        """Returns for each cast the verdict, and the decoded ballot where all holds."""
        verdicts: list[Verdict] = [None] * len(casts)
        ballots: list[Ballot | None] = [None] * len(casts)
        batch: list[int] = []
        for i, cast in enumerate(casts):
            ballot = self.decode(cast)
            if isinstance(ballot, str):
                verdicts[i] = ("C16", ballot)
                continue
            ballots[i] = ballot
            sound = all(one.first_equation_holds() for one in ballot.contests)
            if ballot.signature is None or not sound:
                verdicts[i] = self._explain(ballot)
            else:
                batch.append(i)
        self._search(batch, ballots, verdicts, known_false=False)
        for i, verdict in enumerate(verdicts):
            if verdict is not None:
                ballots[i] = None
        return verdicts, ballots

    def decode(self, cast: Cast) -> Ballot | str:
        """Decodes a ballot under the form rules of section 10 (C16), or says what is wrong."""
        keys = self.keys
        if cast.style >= len(keys.styles):
            return "the style does not exist"
        if len(cast.ballot) != self._sizes[cast.style]:
            return "the ballot's length is not the style's"
        X = ristretto.decode_nonidentity(cast.credential)
        if X is None:
            return f"the credential is the identity or {NO_POINT}"
        contests = []
        at = 0
        for number in keys.styles[cast.style]:
            contest = keys.contests[number]
            proof = self._decode_contest(
                number, cast.credential, cast.ballot[at : at + contest.size]
            )
            if isinstance(proof, str):
                return f"contest {number}: {proof}"
            contests.append(proof)
            at += contest.size
        if not cast.sequence:
            return "the sequence is 0"
        c = to_scalar(
            "cast",
            cast.signature[:32],
            cast.credential,
            cast.election,
            u32(cast.style),
            u64(cast.sequence),
            cast.ballot,
        )
        return Ballot(decode_signature(cast.signature, X, c), contests)

    def _decode_contest(self, number: int, credential: bytes, data: bytes) -> ContestProof | str:
        contest = self.keys.contests[number]
        at = 32 * (contest.n + 1)
        points = ristretto.decode_all(data[: at + 96])
        if points is None:
            return NO_POINT
        V_bytes = data[at : at + 32]
        if ristretto.IDENTITY_BYTES in (data[:32], V_bytes):
            return f"A or V, the identity, is {NO_POINT}"
        scalars = decode_scalars(data[at + 96 :])
        if scalars is None:
            return NO_SCALAR
        transcript = Transcript("contest proof")
        transcript.absorb("context", self.context(number, credential))
        transcript.absorb("ciphertext", *[data[i : i + 32] for i in range(0, at, 32)])
        transcript.absorb("bits", V_bytes)
        y = transcript.challenge("y")
        transcript.absorb("masks", data[at + 32 : at + 64], data[at + 64 : at + 96])
        x = transcript.challenge("x")
        n = contest.n
        return ContestProof(
            contest=contest,
            A=points[0],
            B=points[1 : n + 1],
            V=points[n + 1],
            V_mask=points[n + 2],
            W_mask=points[n + 3],
            f=scalars[:-2],
            z=scalars[-2],
            z_s=scalars[-1],
            y=y,
            x=x,
        )

    def context(self, number: int, credential: bytes) -> bytes:
        """The context of a contest's proof (8.2)."""
        keys = self.keys
        return frame("contest", keys.election_id, keys.joint_key_digest, u32(number), credential)

    def ciphertexts(self, cast: Cast) -> list[list[Cached]]:
        """Decodes A and B_1..B_n of each contest of a ballot that was accepted before."""
        out = []
        at = 0
        for number in self.keys.styles[cast.style]:
            contest = self.keys.contests[number]
            points = ristretto.decode_all(cast.ballot[at : at + 32 * (contest.n + 1)])
            out.append(points or [])
            at += contest.size
        return out

    def _search(
        self,
        batch: list[int],
        ballots: list[Ballot | None],
        verdicts: list[Verdict],
        *,
        known_false: bool,
    ) -> bool:
        """Tests a batch and halves it while it fails; tells whether it held."""
        chosen = [ballot for i in batch if (ballot := ballots[i]) is not None]
        if not known_false and self._all_hold(chosen):
            return True
        if len(batch) == 1:
            verdicts[batch[0]] = self._explain(chosen[0])
        else:
            middle = len(batch) // 2
            first = self._search(batch[:middle], ballots, verdicts, known_false=False)
            self._search(batch[middle:], ballots, verdicts, known_false=first)
        return False

    def _all_hold(self, ballots: list[Ballot]) -> bool:
        """Tests every signature, (2) and (3), each times a fresh weight (8.7)."""
        if not ballots:
            return True
        total = _Sum(self.keys)
        for ballot in ballots:
            if ballot.signature is not None:
                total.add_signature(ballot.signature, secrets.randbits(NARROW_BITS))
            for one in ballot.contests:
                total.add_second(one, secrets.randbits(NARROW_BITS))
                total.add_third(one, secrets.randbits(NARROW_BITS))
        return total.is_identity()

    def _explain(self, ballot: Ballot) -> Verdict:
        """Tests one ballot equation by equation."""
        if ballot.signature is None:
            return "C17", "the signature is not a canonical point and scalar"
        total = _Sum(self.keys)
        total.add_signature(ballot.signature, 1)
        if not total.is_identity():
            return "C17", "the signature does not hold"
        for i, one in enumerate(ballot.contests):
            which = f"contest {i} of the style: equation"
            if not one.first_equation_holds():
                return "C18", f"{which} (1) does not hold"
            total = _Sum(self.keys)
            total.add_second(one, 1)
            if not total.is_identity():
                return "C18", f"{which} (2) does not hold"
            total = _Sum(self.keys)
            total.add_third(one, 1)
            if not total.is_identity():
                return "C18", f"{which} (3) does not hold"
        return None
