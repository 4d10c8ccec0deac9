"""Makes whole records after protocol.md alone, to show that the page suffices.

Only the verifier's arithmetic and encoders are used; everything that signs, proves, encrypts or
decrypts is written here.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hanpyo_verifier.election.contests import Contest, parse_contest
from hanpyo_verifier.election.counting import Counting
from hanpyo_verifier.election.generators import Generators, make_generators
from hanpyo_verifier.election.manifest import parse_manifest
from hanpyo_verifier.election.outcome import Count, decide, parse_rule
from hanpyo_verifier.encoding import canonical_json, cbor
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.edwards import (
    IDENTITY,
    Cached,
    Point,
    add,
    add_cached,
    cache_all,
    from_cached,
)
from hanpyo_verifier.group.field import P
from hanpyo_verifier.group.multi_scalar import multiply
from hanpyo_verifier.group.scalars import L, encode_scalar
from hanpyo_verifier.hashing.chacha20poly1305 import seal
from hanpyo_verifier.hashing.frames import frame, framed_digest, to_scalar, u32, u64
from hanpyo_verifier.hashing.hkdf import hkdf_sha512
from hanpyo_verifier.hashing.transcript import Transcript

ZERO = bytes(32)
MEMBER, ORGANIZER, REGISTRAR, TRUSTEE = range(4)


def random_scalar() -> int:
    return 1 + secrets.randbelow(L - 1)


def times_base(scalar: int) -> Point:
    return ristretto.base_table().multiply(scalar % L)


def times(scalar: int, point: Point) -> Point:
    return multiply([scalar % L], cache_all([point]))


def tile_name(number: int) -> str:
    """An independent way to write a tile's number: x001/x234/067."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join(["x" + group for group in groups[:-1]] + groups[-1:])


class Signer:
    """An Ed25519 key (RFC 8032 section 5.1.6)."""

    def __init__(self, seed: bytes | None = None) -> None:
        digest = hashlib.sha512(seed or secrets.token_bytes(32)).digest()
        scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
        self._scalar, self._prefix = scalar % L, digest[32:]
        self.key = self._encode(times_base(self._scalar))

    @staticmethod
    def _encode(point: Point) -> bytes:
        inverse = pow(point[2], -1, P)
        x, y = point[0] * inverse % P, point[1] * inverse % P
        return (y | (x & 1) << 255).to_bytes(32, "little")

    def sign(self, message: bytes) -> bytes:
        nonce = int.from_bytes(hashlib.sha512(self._prefix + message).digest(), "little") % L
        R = self._encode(times_base(nonce))
        k = int.from_bytes(hashlib.sha512(R + self.key + message).digest(), "little") % L
        return R + encode_scalar(nonce + k * self._scalar)


def schnorr(secret: int, base: Point | None, challenge: Any) -> bytes:
    """R || s with s base = R + c secret base; `challenge` makes c of the bytes of R."""
    nonce = random_scalar()
    R = ristretto.encode(times_base(nonce) if base is None else times(nonce, base))
    return R + encode_scalar(nonce + challenge(R) * secret)


# Contests and ballots.


def text(words: str) -> dict[str, str]:
    return {"en": words}


def contest_json(
    name: str = "c", options: int = 3, top: int = 1, limits: Any = None, **more: Any
) -> dict[str, Any]:
    """A contest; without `limits` at most one option is marked."""
    if limits is None:
        limits = [{"coefficients": [[i, 1] for i in range(options)], "high": 1, "low": 0}]
    value = {
        "blank": None,
        "example": None,
        "form": "some",
        "id": name,
        "limits": limits,
        "options": [{"cost": 0, "id": f"o{i}", "title": text(f"Option {i}")}
                    for i in range(options)],
        "partition": [],
        "rule": {
            "base": "cast", "budget": 0, "minimum": 0, "name": "plurality", "quorum": 0,
            "seats": 1, "share": [0, 1], "turnout": [0, 1],
        },
        "title": text(f"Contest {name}"),
        "top": top,
    }  # fmt: skip
    value.update(more)
    return value


def code_word(score: int, top: int) -> list[int]:
    """The bits of a score (5.2)."""
    bits = top.bit_length()
    if not bits:
        return []
    rest = (1 << (bits - 1)) - 1
    last = int(score > rest)
    score -= last * (top - rest)
    return [score >> i & 1 for i in range(bits - 1)] + [last]


def rows_of(contest: Contest) -> list[list[int]]:
    """M, one row for each limit (5.2)."""
    per_option = len(contest.score_weights)
    at = per_option * contest.n
    rows = []
    for limit, slack in zip(contest.limits, contest.slack_weights, strict=True):
        row = [0] * contest.bits
        for option, c in limit.coefficients:
            for k, weight in enumerate(contest.score_weights):
                row[option * per_option + k] = c * weight
        row[at : at + len(slack)] = slack
        at += len(slack)
        rows.append(row)
    return rows


def kernel_vector(rows: list[list[int]], width: int) -> list[int]:
    """A random a with M a = 0: free columns at will, pivots solved for (8.3, 8.4)."""
    rows = [[value % L for value in row] for row in rows]
    pivots: list[int] = []
    done = 0
    for column in range(width):
        found = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        inverse = pow(rows[done][column], -1, L)
        rows[done] = [value * inverse % L for value in rows[done]]
        for i, row in enumerate(rows):
            if i != done and (factor := row[column]):
                rows[i] = [(v - factor * w) % L for v, w in zip(row, rows[done], strict=True)]
        pivots.append(column)
        done += 1
    a = [random_scalar() for _ in range(width)]
    free = [column for column in range(width) if column not in pivots]
    for row, pivot in zip(rows, pivots, strict=False):
        a[pivot] = -sum(row[column] * a[column] for column in free if row[column]) % L
    return a


@dataclass
class Ballots:
    """Makes ballots under a joint key."""

    election_id: bytes
    joint_key_digest: bytes
    contests: list[Contest]
    styles: list[list[int]]
    slot_keys: list[Point]
    generators: Generators
    cached_keys: list[Cached] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cached_keys = cache_all(self.slot_keys)

    def prove(self, number: int, X: bytes, scores: list[int], *, lie: bool = False) -> bytes:
        """One contest's part of a ballot (8.4, 8.5); with `lie`, any scores are encoded."""
        contest = self.contests[number]
        g = self.generators
        v = [bit for score in scores for bit in code_word(score % (contest.top + 1), contest.top)]
        for limit in contest.limits:
            total = sum(c * scores[i] for i, c in limit.coefficients)
            slack = limit.high - total
            if lie:
                slack = max(0, min(slack, limit.high - limit.low))
            v += code_word(slack, limit.high - limit.low)
        r, s, r_mask, s_mask = (random_scalar() for _ in range(4))
        a = kernel_vector(rows_of(contest), contest.bits)
        A = times_base(r)
        B = [
            add(multiply([r], [h]), times_base(score))
            for h, score in zip(self.cached_keys, scores, strict=False)
        ]
        b = contest.bits
        fixed = [g.K, *g.G[: b + 1], *g.Q[:b]]
        V = multiply([s, r, *v, *[x * (1 - 2 * y) % L for x, y in zip(a, v, strict=True)]], fixed)
        T = Transcript("contest proof")
        T.absorb(
            "context",
            frame("contest", self.election_id, self.joint_key_digest, u32(number), X),
        )
        ciphertext = [ristretto.encode(point) for point in [A, *B]]
        T.absorb("ciphertext", *ciphertext)
        V_bytes = ristretto.encode(V)
        T.absorb("bits", V_bytes)
        y = T.challenge("y")
        powers = [pow(y, i, L) for i in range(1, contest.n + 1)]
        V_mask = multiply([s_mask, r_mask, *a, *[-x * x % L for x in a]], fixed)
        per_option = len(contest.score_weights)
        value = sum(
            e * sum(w * a[i * per_option + k] for k, w in enumerate(contest.score_weights))
            for i, e in enumerate(powers)
        )
        W_mask = multiply(
            [(r_mask + value) % L, *[r_mask * e % L for e in powers]],
            [ristretto.BASE, *self.cached_keys[: contest.n]],
        )
        masks = ristretto.encode(V_mask), ristretto.encode(W_mask)
        T.absorb("masks", *masks)
        x = T.challenge("x")
        f = [encode_scalar(ai + x * vi) for ai, vi in zip(a, v, strict=True)]
        tail = [encode_scalar(r_mask + x * r), encode_scalar(s_mask + x * s)]
        return b"".join([*ciphertext, V_bytes, *masks, *f, *tail])

    def cast(
        self, secret: int, style: int, scores: list[list[int]], sequence: int = 1, **more: Any
    ) -> bytes:
        """A whole cast entry; `scores` for each contest of the style."""
        X = ristretto.encode(times_base(secret))
        ballot = b"".join(
            self.prove(number, X, chosen, **more)
            for number, chosen in zip(self.styles[style], scores, strict=True)
        )
        return self.signed_cast(secret, style, ballot, sequence)

    def signed_cast(self, secret: int, style: int, ballot: bytes, sequence: int = 1) -> bytes:
        X = ristretto.encode(times_base(secret))
        signature = schnorr(
            secret,
            None,
            lambda R: to_scalar("cast", R, X, self.election_id, u32(style), u64(sequence), ballot),
        )
        return cbor.encode(
            {0: 32, 1: self.election_id, 2: style, 3: X, 4: sequence, 5: ballot, 6: signature}
        )


# The ledger.


@dataclass
class Maker:
    """A ledger with one member, and an election on it."""

    entries: list[bytes] = field(default_factory=list)
    blocks: list[tuple[int, int]] = field(default_factory=list)  # time, size
    time: int = 1_700_000_000
    member: Signer = field(default_factory=Signer)
    cosigner: Signer = field(default_factory=Signer)
    gateway: Signer = field(default_factory=Signer)
    organizers: list[Signer] = field(default_factory=lambda: [Signer() for _ in range(3)])
    registrar: Signer = field(default_factory=Signer)
    trustees: list[Signer] = field(default_factory=lambda: [Signer() for _ in range(3)])
    threshold: int = 2
    least: int = 2
    quorum: int = 2
    organizer_number: int = 0
    trustee_numbers: dict[int, int] = field(default_factory=dict)
    election_id: bytes = ZERO
    credentials: dict[int, int] = field(default_factory=dict)  # row: secret
    attempt: int = 1

    # Log.

    def block(self, time: int | None = None) -> None:
        """Ends a block."""
        self.time = self.time + 10 if time is None else time
        self.blocks.append((self.time, len(self.entries)))

    def add(self, entry: bytes) -> int:
        self.entries.append(entry)
        return len(self.entries) - 1

    def act(
        self,
        kind: int,
        body: dict[int, Any],
        signers: list[tuple[int, int, Signer]],
        number: int = 0,
        scope: bytes | None = None,
    ) -> bytes:
        """An act's bytes."""
        scope = self.election_id if scope is None else scope
        ledger_id = self.ledger_id if self.entries else ZERO
        message = frame("act", ledger_id, scope, u32(kind), u64(number), cbor.encode(body))
        signatures = [[role, party, key.sign(message)] for role, party, key in signers]
        return cbor.encode({0: kind, 1: scope, 2: number, 3: body, 4: signatures})

    def some_organizers(self) -> list[tuple[int, int, Signer]]:
        return [(ORGANIZER, i, self.organizers[i]) for i in range(self.quorum)]

    def by_organizers(self, kind: int, body: dict[int, Any], *, registrar: bool = False) -> bytes:
        self.organizer_number += 1
        signers = self.some_organizers()
        if registrar:
            signers.append((REGISTRAR, 0, self.registrar))
        return self.act(kind, body, signers, self.organizer_number)

    def by_trustee(self, kind: int, index: int, body: dict[int, Any]) -> bytes:
        number = self.trustee_numbers[index] = self.trustee_numbers.get(index, 0) + 1
        return self.act(kind, body, [(TRUSTEE, index, self.trustees[index - 1])], number)

    def by_registrar(self, kind: int, body: dict[int, Any]) -> bytes:
        return self.act(kind, body, [(REGISTRAR, 0, self.registrar)])

    @property
    def ledger_id(self) -> bytes:
        return hashlib.sha256(self.entries[0]).digest()

    @property
    def origin(self) -> str:
        return "hanpyo/" + cbor.decode(self.entries[0])[3][1][:8].hex()

    def root(self, size: int, start: int = 0) -> bytes:
        """MTH of RFC 9162 section 2.1.1, by its recursive definition."""
        if size == 1:
            return hashlib.sha256(b"\x00" + self.entries[start]).digest()
        k = 1 << (size - 1).bit_length() - 1
        left, right = self.root(k, start), self.root(size - k, start + k)
        return hashlib.sha256(b"\x01" + left + right).digest()

    def begin(self) -> None:
        """Genesis and one gateway."""
        body = {
            0: 1, 1: secrets.token_bytes(32), 2: 0,
            3: [{0: "Member", 1: self.member.key, 2: self.cosigner.key}],
        }  # fmt: skip
        self.add(self.act(0, body, [(MEMBER, 0, self.member)], scope=ZERO))
        self.block(self.time)
        self.add(self.by_member(1, {0: self.gateway.key}, 1))

    def by_member(self, kind: int, body: dict[int, Any], number: int = 0) -> bytes:
        return self.act(kind, body, [(MEMBER, 0, self.member)], number, ZERO)

    # Before voting.

    def manifest(self, contests: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        def party(name: str, signer: Signer) -> dict[str, str]:
            return {"key": signer.key.hex(), "name": name}

        value = {
            "ballots_per_row": 3,
            "closes": None,
            "contests": contests,
            "description": {},
            "districts": [{"id": "d0", "title": text("North")},
                          {"id": "d1", "title": text("South")}],
            "kind": "election",
            "nonce": secrets.token_hex(32),
            "opens": None,
            "organizers": {"parties": [party(f"Organizer {i}", s)
                                       for i, s in enumerate(self.organizers)],
                           "quorum": self.quorum},
            "registrar": party("Registrar", self.registrar),
            "secrecy": "secret",
            "sign_in": "code",
            "single_trustee": len(self.trustees) == 1,
            "smallest_tally": 2,
            "styles": [list(range(len(contests)))],
            "title": text("An election"),
            "trustees": {"least": self.least,
                         "parties": [party(f"Trustee {i}", s)
                                     for i, s in enumerate(self.trustees)],
                         "threshold": self.threshold},
            "version": 1,
            "weights": "none",
        }  # fmt: skip
        value.update(more)
        return value

    def announce(self, manifest: dict[str, Any]) -> None:
        data = canonical_json.encode(manifest)
        digest = hashlib.sha256(data).digest()
        for number in range(-(-len(data) // 60_000)):
            piece = data[60_000 * number : 60_000 * (number + 1)]
            self.add(self.by_member(2, {0: digest, 1: number, 2: piece}))
        self.election_id = framed_digest("election", self.ledger_id, data)
        self.parsed = parse_manifest(data)
        self.contests = [
            parse_contest(c, len(manifest["districts"]), parse_rule) for c in manifest["contests"]
        ]
        signers = [(MEMBER, 0, self.member), *self.some_organizers()]
        self.add(self.act(3, {0: digest, 1: len(data)}, signers))
        self.block()

    def publish_roll(self, rows: list[tuple[int, int, int]], chunk: int = 1000) -> None:
        """Rows (weight, style, district) get their commitments and are sealed."""
        commitments = sorted(
            framed_digest("roll row", secrets.token_bytes(32), f"voter {i}".encode())
            for i in range(len(rows))
        )
        self.rows = [[c, *row] for c, row in zip(commitments, rows, strict=True)]
        for number in range(-(-len(rows) // chunk)):
            part = self.rows[chunk * number : chunk * (number + 1)]
            self.add(self.by_registrar(8, {0: number, 1: part}))
        digest = framed_digest("roll", *map(cbor.encode, self.rows))
        total = sum(row[1] for row in self.rows)
        self.add(self.by_organizers(9, {0: len(rows), 1: total, 2: digest}, registrar=True))
        self.block()

    def possession(self, row: int, secret: int) -> tuple[bytes, bytes]:
        X = ristretto.encode(times_base(secret))
        proof = schnorr(
            secret,
            None,
            lambda R: to_scalar("possession", R, X, self.ledger_id, self.election_id, u32(row)),
        )
        return X, proof

    def enroll(self, rows: list[int], batch: int = 500) -> None:
        for at in range(0, len(rows), batch):
            items = []
            for row in rows[at : at + batch]:
                self.credentials[row] = random_scalar()
                items.append([row, *self.possession(row, self.credentials[row])])
            self.add(self.by_registrar(11, {0: items}))
        self.block()

    # The ceremony.

    def ceremony(self, takers: list[int] | None = None, *, confirm: bool = True) -> None:
        """All steps of one attempt."""
        takers = takers or list(range(1, len(self.trustees) + 1))
        m, t = self.parsed.slots, self.threshold
        parts = [u32(self.attempt), u32(t), u32(m)]
        for k in takers:
            parts += [u32(k), self.trustees[k - 1].key]
        self.ceremony_id = cid = framed_digest("ceremony", self.election_id, *parts)
        self.takers = takers
        self.coefficients = {
            k: [[random_scalar() for _ in range(t)] for _ in range(m)] for k in takers
        }
        self.transport = {k: random_scalar() for k in takers}
        points = {
            k: [[ristretto.encode(times_base(a)) for a in row] for row in self.coefficients[k]]
            for k in takers
        }
        self.E = {k: ristretto.encode(times_base(self.transport[k])) for k in takers}
        H = {
            k: framed_digest("commitment", cid, u32(k), b"".join(b"".join(r) for r in points[k]))
            for k in takers
        }
        hashed: list[bytes] = []

        def post(entry: bytes) -> None:
            hashed.append(hashlib.sha256(entry).digest())
            self.add(entry)

        for k in takers:
            proof = schnorr(
                self.transport[k],
                None,
                lambda R, k=k: to_scalar("transport", R, self.E[k], cid, u32(k), H[k]),
            )
            post(self.by_trustee(16, k, {0: self.attempt, 1: self.E[k], 2: proof, 3: H[k]}))
        size = 1500 // (t + 1)
        for k in takers:
            for p in range(-(-m // size)):
                slots = range(p * size, min((p + 1) * size, m))
                joined = b"".join(b"".join(points[k][j]) for j in slots)
                proof = self.prove_reveal(
                    k, p, joined, H[k], [self.coefficients[k][j][0] for j in slots]
                )
                post(self.by_trustee(17, k, {0: self.attempt, 1: p, 2: joined, 3: proof}))
        for k in takers:
            for i in takers:
                if i != k:
                    body = {0: self.attempt, 1: i, 2: self.deal(k, i)}
                    post(self.by_trustee(18, k, body))
        self.joint_key_digest = framed_digest("joint key", cid, *hashed)
        self.points = points
        self.slot_keys = [
            self.sum_points([times_base(self.coefficients[k][j][0]) for k in takers])
            for j in range(m)
        ]
        self.secret_shares = {
            i: [sum(self.polynomial(k, j, i) for k in takers) % L for j in range(m)] for i in takers
        }
        if confirm:
            for k in takers:
                self.confirm(k)
            self.block()

    def confirm(self, k: int) -> None:
        self.add(self.by_trustee(20, k, {0: self.attempt, 1: self.joint_key_digest}))

    @staticmethod
    def sum_points(points: list[Point]) -> Point:
        total = IDENTITY
        for point in points:
            total = add(total, point)
        return total

    def polynomial(self, k: int, slot: int, x: int) -> int:
        return sum(a * x**d for d, a in enumerate(self.coefficients[k][slot])) % L

    def prove_reveal(self, k: int, part: int, points: bytes, H: bytes, secret: list[int]) -> bytes:
        T = Transcript("reveal")
        T.absorb("statement", self.ceremony_id, u32(k), self.E[k], H, u32(part))
        T.absorb("points", points)
        nonces = [random_scalar() for _ in secret]
        T.absorb("nonces", *[ristretto.encode(times_base(rho)) for rho in nonces])
        c = T.challenge("c")
        return encode_scalar(c) + b"".join(
            encode_scalar(rho + c * a) for rho, a in zip(nonces, secret, strict=True)
        )

    def deal(self, k: int, i: int) -> bytes:
        E = ristretto.decode(self.E[i])
        assert E is not None
        key = hkdf_sha512(
            ristretto.encode(multiply([self.transport[k]], [E])),
            frame("deal", self.ceremony_id, u32(k), u32(i)),
            32,
        )
        shares = [self.polynomial(k, j, i) for j in range(self.parsed.slots)]
        return seal(key, bytes(12), b"", b"".join(map(encode_scalar, shares)))

    def complain(self, i: int, k: int) -> bytes:
        """Trustee i complains of dealer k."""
        E_k = ristretto.decode(self.E[k])
        assert E_k is not None
        D = ristretto.encode(multiply([self.transport[i]], [E_k]))
        T = Transcript("complaint")
        T.absorb("statement", self.ceremony_id, u32(i), u32(k), self.E[i], self.E[k], D)
        rho = random_scalar()
        T.absorb(
            "nonces",
            ristretto.encode(times_base(rho)),
            ristretto.encode(multiply([rho], [E_k])),
        )
        c = T.challenge("c")
        proof = encode_scalar(c) + encode_scalar(rho + c * self.transport[i])
        return self.by_trustee(19, i, {0: self.attempt, 1: k, 2: D, 3: proof})

    # Voting.

    def open(self) -> None:
        self.add(self.by_organizers(24, {0: self.time}))
        self.block()

    def ballots(self) -> Ballots:
        generators = make_generators(max(c.bits for c in self.contests))
        return Ballots(
            self.election_id,
            self.joint_key_digest,
            self.contests,
            self.parsed.styles,
            self.slot_keys,
            generators,
        )

    def close(self) -> None:
        self.add(self.by_organizers(29, {0: self.time}))
        self.closing = len(self.entries), self.root(len(self.entries))
        self.block()

    # The tally. `counted`: row -> (entry index) of the ballots that count.

    def seal(self, k: int) -> None:
        self.add(self.by_trustee(40, k, {0: self.closing[0], 1: self.closing[1]}))

    def tally(self, counted: dict[int, int], *, publish_outcome: bool = True) -> None:
        """Seals, shares, results and outcome by all trustees."""
        for k in self.takers:
            self.seal(k)
        counting = Counting(self.parsed)
        for row in counted:
            _, weight, style, district = self.rows[row]
            counting.change(style, district, weight, 1)
        self.results: dict[int, list[list[int]]] = {}
        outcome = []
        for c, contest in enumerate(self.contests):
            groups = counting.groups(c)
            self.results[c] = []
            for number, group in enumerate(groups):
                A, B = self.sums(c, set(group.parts), counted)
                shares = {i: self.share(c, number, i, A) for i in self.takers}
                used = self.takers[-self.threshold :]
                totals = self.decrypt(B, {i: shares[i] for i in used}, contest.n)
                self.results[c].append(totals)
                self.add(self.act(44, {
                    0: c, 1: number, 2: group.parts, 3: group.ballots, 4: group.weight,
                    5: used, 6: totals,
                }, []))  # fmt: skip
            outcome.append(list(self.decide(c, groups)))
        self.block()
        if publish_outcome:
            self.add(self.act(45, {0: outcome}, []))
            self.block()

    def decide(self, c: int, groups: list[Any]) -> Any:
        count = None
        if groups:
            roll = sum(row[1] for row in self.rows if c in self.parsed.styles[row[2]])
            count = Count(
                [sum(column) for column in zip(*self.results[c], strict=True)],
                sum(group.ballots for group in groups),
                sum(group.weight for group in groups),
                roll,
            )
        return decide(self.contests[c], count)

    def sums(self, c: int, parts: set[int], counted: dict[int, int]) -> tuple[Point, list[Point]]:
        contest = self.contests[c]
        total = [IDENTITY] * (1 + contest.n)
        for row, entry in counted.items():
            _, weight, style, district = self.rows[row]
            numbers = self.parsed.styles[style]
            if c not in numbers or contest.part_of(district) not in parts:
                continue
            at = sum(self.contests[n].size for n in numbers[: numbers.index(c)])
            data = cbor.decode(self.entries[entry])[5][at : at + 32 * (1 + contest.n)]
            points = ristretto.decode_all(data)
            assert points is not None
            for j, point in enumerate(points):
                if weight == 1:
                    total[j] = add_cached(total[j], [point])
                else:
                    total[j] = add(total[j], times(weight, from_cached(point)))
        return total[0], total[1:]

    def share(self, c: int, number: int, i: int, A: Point) -> list[Point]:
        n = self.contests[c].n
        x = self.secret_shares[i][:n]
        cached = cache_all([A])
        D = [multiply([value], cached) for value in x]
        T = Transcript("share")
        T.absorb(
            "statement",
            self.election_id, self.ceremony_id, u32(c), u32(number), u32(i), ristretto.encode(A),
        )  # fmt: skip
        T.absorb("keys", *[ristretto.encode(times_base(value)) for value in x])
        D_bytes = [ristretto.encode(point) for point in D]
        T.absorb("shares", *D_bytes)
        e = T.challenge("e")
        rho = random_scalar()
        T.absorb(
            "nonces",
            ristretto.encode(times_base(rho)),
            ristretto.encode(multiply([rho], cached)),
        )
        challenge = T.challenge("c")
        z = rho + challenge * sum(pow(e, j + 1, L) * value for j, value in enumerate(x))
        proof = encode_scalar(challenge) + encode_scalar(z)
        self.add(self.by_trustee(43, i, {0: c, 1: number, 2: b"".join(D_bytes), 3: proof}))
        return D

    def decrypt(self, B: list[Point], shares: dict[int, list[Point]], n: int) -> list[int]:
        factors = {}
        for i in shares:
            factor = 1
            for k in shares:
                if k != i:
                    factor = factor * k * pow(k - i, -1, L) % L
            factors[i] = factor
        small = {ristretto.encode(times_base(value)): value for value in range(2000)}
        totals = []
        for j in range(n):
            point = B[j]
            for i, D in shares.items():
                point = add(point, times(-factors[i], D[j]))
            totals.append(small[ristretto.encode(point)])
        return totals

    # The record.

    def checkpoint_text(self, size: int) -> bytes:
        root = base64.b64encode(self.root(size)).decode()
        return f"{self.origin}\n{size}\n{root}\n".encode()

    def cosign(self, time: int, body: bytes) -> bytes:
        return self.cosigner.sign(f"cosignature/v1\ntime {time}\n".encode() + body)

    def checkpoint(self, timestamp: int | None = None) -> bytes:
        body = self.checkpoint_text(len(self.entries))
        timestamp = self.time if timestamp is None else timestamp

        def line(name: str, kind: bytes, key: bytes, signature: bytes) -> bytes:
            key_id = hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]
            return f"\u2014 {name} {base64.b64encode(key_id + signature).decode()}\n".encode()

        cosignature = u64(timestamp) + self.cosign(timestamp, body)
        return (
            body
            + b"\n"
            + line(self.origin, b"\x01", self.member.key, self.member.sign(body))
            + line(f"{self.origin}/0", b"\x04", self.cosigner.key, cosignature)
        )

    def blocks_file(self) -> bytes:
        lines = []
        for height, (time, size) in enumerate(self.blocks, 1):
            body = self.checkpoint_text(size)
            root = base64.b64encode(self.root(size)).decode()
            cosignature = base64.b64encode(self.cosign(time, body)).decode()
            lines.append(f"{height} {time} {size} {root} {cosignature}\n")
        return "".join(lines).encode()

    def write(self, folder: Path, timestamp: int | None = None) -> Path:
        """Writes the record (9.4, 13)."""
        if not self.blocks or self.blocks[-1][1] < len(self.entries):
            self.block()

        def tile(level: str, items: list[bytes]) -> None:
            for at in range(0, len(items), 256):
                part = items[at : at + 256]
                name = tile_name(at // 256) + ("" if len(part) == 256 else f".p/{len(part)}")
                path = folder / "tile" / level / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"".join(part))

        folder.mkdir(parents=True, exist_ok=True)
        tile("entries", [len(e).to_bytes(2, "big") + e for e in self.entries])
        hashes = [hashlib.sha256(b"\x00" + e).digest() for e in self.entries]
        level = 0
        while hashes:
            tile(str(level), hashes)
            level += 1
            step = 256**level
            hashes = [self.root(step, step * i) for i in range(len(self.entries) // step)]
        (folder / "checkpoint").write_bytes(self.checkpoint(timestamp))
        (folder / "blocks").write_bytes(self.blocks_file())
        return folder

    def promise(self, entry: bytes, size: int, time: int, gateway: Signer | None = None) -> bytes:
        """A promise file (9.7)."""
        gateway = gateway or self.gateway
        entry_hash = hashlib.sha256(entry).digest()
        message = frame("promise", self.ledger_id, entry_hash, u64(size), u64(time))
        promise = {
            0: self.ledger_id, 1: entry_hash, 2: size, 3: time, 4: gateway.key,
            5: gateway.sign(message),
        }  # fmt: skip
        return cbor.encode({0: cbor.encode(promise), 1: entry})


def ready_election(
    contests: list[dict[str, Any]] | None = None,
    rows: list[tuple[int, int, int]] | None = None,
    maker: Maker | None = None,
    **manifest: Any,
) -> Maker:
    """An election that is open, with every row enrolled."""
    maker = maker or Maker()
    maker.begin()
    maker.announce(maker.manifest(contests or [contest_json()], **manifest))
    maker.publish_roll(rows or [(1, 0, i % 2) for i in range(4)])
    maker.ceremony()
    maker.enroll(list(range(len(maker.rows))))
    maker.open()
    return maker
