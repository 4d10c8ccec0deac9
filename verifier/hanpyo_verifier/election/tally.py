"""Seals, shares, results and outcome (protocol.md 10, 11, 12)."""

import secrets
from collections.abc import Callable
from typing import Any

from hanpyo_verifier.election.ceremony import Ceremony
from hanpyo_verifier.election.contests import ascending
from hanpyo_verifier.election.counting import Counting, Group, Sums
from hanpyo_verifier.election.entries import LOST, NOT_OPENABLE, OUTCOME, RESULT, SEAL, SHARE, Act
from hanpyo_verifier.election.manifest import Manifest
from hanpyo_verifier.election.outcome import Count, Outcome, decide
from hanpyo_verifier.election.roll import Effect, Roll
from hanpyo_verifier.errors import RefusedError
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.edwards import IDENTITY, Cached, Point, add, cache_all, negate_cached
from hanpyo_verifier.group.multi_scalar import NARROW_BITS, Terms, multiply
from hanpyo_verifier.group.scalars import L, decode_scalar
from hanpyo_verifier.hashing.frames import u32
from hanpyo_verifier.hashing.transcript import Transcript


class Tally:
    """What stands after the close entry."""

    def __init__(
        self,
        election_id: bytes,
        manifest: Manifest,
        state: tuple[Roll, Ceremony, Counting],
        closing: tuple[int, bytes],
        sums: Callable[[], Sums],
    ) -> None:
        self._election_id = election_id
        self._manifest = manifest
        self._roll, self._ceremony, counting = state
        self._closing = closing
        self._make_sums = sums
        self._sums: Sums | None = None
        self._confirmed = self._ceremony.confirmed
        self._sealed: set[int] = set()
        self._lost: set[int] = set()
        self.groups = [counting.groups(c) for c in range(len(manifest.contests))]
        self._group_points: dict[tuple[int, int], list[Point]] = {}
        self._shares: dict[tuple[int, int], dict[int, list[Cached]]] = {}
        self.totals: dict[tuple[int, int], list[int]] = {}
        self.finished = False

    def judge(self, act: Act, signer: int) -> Effect:
        """Judges an entry of kinds 40 to 45; `signer` is the trustee's index where one signs."""
        judges: dict[int, Callable[[dict[int, Any], int], Effect]] = {
            SEAL: self._judge_seal,
            LOST: self._judge_lost,
            NOT_OPENABLE: self._judge_not_openable,
            SHARE: self._judge_share,
            RESULT: self._judge_result,
            OUTCOME: self._judge_outcome,
        }
        return judges[act.kind](act.body, signer)

    def enough_seals(self) -> bool:
        """Tells whether there are enough seals (11.1)."""
        return enough_seals(self._confirmed, self._sealed, self._lost, self._manifest.threshold)

    def _judge_seal(self, body: dict[int, Any], signer: int) -> Effect:
        self._check_may_seal(signer)
        if (body[0], body[1]) != self._closing:
            raise RefusedError("C21", "size and root are not the closing size and root")
        return lambda: self._sealed.add(signer)

    def _check_may_seal(self, trustee: int) -> None:
        if trustee not in self._confirmed:
            raise RefusedError("C21", f"trustee {trustee} did not confirm the joint key")
        if trustee in self._sealed or trustee in self._lost:
            raise RefusedError("C21", f"trustee {trustee} has sealed or is declared lost")

    def _judge_lost(self, body: dict[int, Any], _: int) -> Effect:
        if not ascending(body[0]):
            raise RefusedError("C21", "the trustees do not ascend")
        for trustee in body[0]:
            self._check_may_seal(trustee)
        return lambda: self._lost.update(body[0])

    def _judge_not_openable(self, _: dict[int, Any], __: int) -> Effect:
        if len(self._confirmed) - len(self._lost) >= self._manifest.threshold:
            raise RefusedError("C21", "enough trustees are not declared lost")
        return lambda: None

    def _group(self, contest: int, number: int) -> Group:
        if contest >= len(self.groups) or number >= len(self.groups[contest]):
            raise RefusedError("C20", f"contest {contest} has no group {number}")
        return self.groups[contest][number]

    def _points(self, contest: int, number: int) -> list[Point]:
        """A and B_1..B_n of a group."""
        key = contest, number
        if key not in self._group_points:
            if self._sums is None:
                self._sums = self._make_sums()
            total = [IDENTITY] * (1 + self._manifest.contests[contest].n)
            for part in self.groups[contest][number].parts:
                points = self._sums.get((contest, part), total[:0])
                if points:
                    total = [add(p, q) for p, q in zip(total, points, strict=True)]
            self._group_points[key] = total
        return self._group_points[key]

    def _judge_share(self, body: dict[int, Any], signer: int) -> Effect:
        if not self.enough_seals():
            raise RefusedError("C21", "there are not enough seals")
        contest, number, data, proof = (body[key] for key in range(4))
        if signer not in self._confirmed:
            raise RefusedError("C20", f"trustee {signer} did not confirm the joint key")
        self._group(contest, number)
        key = contest, number
        if signer in self._shares.get(key, {}):
            raise RefusedError("C22", "the trustee has given this share already")
        n = self._manifest.contests[contest].n
        if len(data) != 32 * n:
            raise RefusedError("C22", "the share is not of its length")
        shares = ristretto.decode_all(data)
        if shares is None:
            raise RefusedError("C22", "a point that is none")
        A = self._points(contest, number)[0]
        statement = (
            self._election_id,
            self._ceremony.ceremony_id,
            u32(contest),
            u32(number),
            u32(signer),
            ristretto.encode(A),
        )
        keys = self._ceremony.verification_keys(signer)[:n]
        if not share_holds(statement, (A, keys), (data, shares), proof):
            raise RefusedError("C22", "the proof does not hold")
        decoded = shares
        return lambda: self._shares.setdefault(key, {}).update({signer: decoded})

    def _judge_result(self, body: dict[int, Any], _: int) -> Effect:
        contest, number, parts, ballots, weight, trustees, totals = (body[key] for key in range(7))
        group = self._group(contest, number)
        if parts != group.parts:
            raise RefusedError("C20", "the parts are not those of the group")
        if (ballots, weight) != (group.ballots, group.weight):
            raise RefusedError(
                "C19", f"the group counts {group.ballots} ballots of weight {group.weight}"
            )
        key = contest, number
        if key in self.totals:
            raise RefusedError("C23", "the group has its result already")
        shares = self._shares.get(key, {})
        if len(trustees) != self._manifest.threshold or not ascending(trustees):
            raise RefusedError("C23", "not exactly t trustees, ascending")
        if any(index not in shares for index in trustees):
            raise RefusedError("C23", "a trustee whose share is not there")
        shape = self._manifest.contests[contest]
        if len(totals) != shape.n or max(totals) > shape.top * weight:
            raise RefusedError("C23", "totals that cannot be")
        chosen = {index: shares[index] for index in trustees}
        if not totals_hold(cache_all(self._points(contest, number)[1:]), chosen, totals):
            raise RefusedError("C23", "a total that the shares do not give")

        def effect() -> None:
            self.totals[key] = totals

        return effect

    def _judge_outcome(self, body: dict[int, Any], _: int) -> Effect:
        wanted = {
            (c, number) for c, groups in enumerate(self.groups) for number in range(len(groups))
        }
        if wanted != set(self.totals):
            raise RefusedError("C23", "a group has no result")
        outcome = [[status, winners, tied] for status, winners, tied in self.outcomes()]
        if body[0] != outcome:
            raise RefusedError("C24", f"the outcome is {outcome}")

        def effect() -> None:
            self.finished = True

        return effect

    def outcomes(self) -> list[Outcome]:
        """The outcome of every contest (12)."""
        out = []
        for c, (contest, groups) in enumerate(
            zip(self._manifest.contests, self.groups, strict=True)
        ):
            count = None
            if groups:
                count = Count(
                    self.contest_totals(c),
                    sum(group.ballots for group in groups),
                    sum(group.weight for group in groups),
                    self._roll.contest_weight(c),
                )
            out.append(decide(contest, count))
        return out

    def contest_totals(self, contest: int) -> list[int]:
        """The totals over the groups of a contest that have a result."""
        found = [totals for (c, _), totals in self.totals.items() if c == contest]
        return [sum(column) for column in zip(*found, strict=True)]


def seal_quorum(confirmed: list[int], t: int) -> int:
    """The quorum q of seals (11.1): (n + t) / 2, rounded up."""
    return (len(confirmed) + t + 1) // 2


def enough_seals(confirmed: list[int], sealed: set[int], lost: set[int], t: int) -> bool:
    """Tells whether there are enough seals (11.1)."""
    q = seal_quorum(confirmed, t)
    if len(sealed) >= q:
        return True
    remain = [index for index in confirmed if index not in lost]
    return t <= len(remain) < q and all(index in sealed for index in remain)


def share_holds(
    statement: tuple[bytes, ...],
    bases: tuple[Point, list[Point]],
    shares: tuple[bytes, list[Cached]],
    proof: bytes,
) -> bool:
    """The proof of a share (11.3)."""
    (A, keys), (data, points) = bases, shares
    c, z = decode_scalar(proof[:32]), decode_scalar(proof[32:])
    if c is None or z is None:
        return False
    transcript = Transcript("share")
    transcript.absorb("statement", *statement)
    transcript.absorb("keys", *map(ristretto.encode, keys))
    transcript.absorb("shares", *[data[i : i + 32] for i in range(0, len(data), 32)])
    e = transcript.challenge("e")
    weights = [pow(e, j, L) for j in range(1, len(points) + 1)]
    *cached, P, S = cache_all([A, multiply(weights, cache_all(keys)), multiply(weights, points)])
    transcript.absorb(
        "nonces",
        ristretto.encode(multiply([z, -c % L], [ristretto.BASE, P])),
        ristretto.encode(multiply([z, -c % L], [cached[0], S])),
    )
    return transcript.challenge("c") == c


def lagrange(indexes: list[int]) -> dict[int, int]:
    """lambda_i for each of these distinct indexes (11.3)."""
    out = {}
    for i in indexes:
        top, bottom = 1, 1
        for k in indexes:
            if k != i:
                top = top * k % L
                bottom = bottom * (k - i) % L
        out[i] = top * pow(bottom, -1, L) % L
    return out


def totals_hold(B: list[Cached], shares: dict[int, list[Cached]], totals: list[int]) -> bool:
    """Tests T_j g = B_j - sum_i lambda_i D_ij for all j at once, each times a random weight."""
    terms = Terms()
    base = 0
    factors = lagrange(list(shares))
    for j, (point, total) in enumerate(zip(B, totals, strict=True)):
        weight = secrets.randbits(NARROW_BITS)
        base += weight * total
        terms.add_narrow(weight, negate_cached(point))
        for i, factor in factors.items():
            terms.add(weight * factor % L, shares[i][j])
    terms.add(base % L, ristretto.BASE)
    return ristretto.is_identity(terms.sum())
