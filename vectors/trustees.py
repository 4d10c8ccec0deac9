"""A ceremony of 2 of 3 with its good and bad acts, and the tally of its key (7, 11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from hanpyo import crypto
from hanpyo.election.ceremony import ceremony_id
from hanpyo.encoding import frame
from vectors.common import L, Vector, flip, put, scalar, seed

ELECTION_ID = seed("ceremony", "election")
T, M = 2, 3
INDEXES = (1, 2, 3)
IDENTITY = bytes(32)
KEYS = {k: crypto.ed25519_public(seed("trustee key", k)) for k in INDEXES}
CEREMONY_ID = ceremony_id(ELECTION_ID, 1, T, M, KEYS)
SIZE = {"ceremony_id": CEREMONY_ID, "threshold": T, "slots": M}
SEEDS = {k: seed("trustee", k) for k in INDEXES}


@dataclass(frozen=True)
class Published:
    """What a trustee publishes."""

    transport: bytes
    proof: bytes
    commitment: bytes
    points: bytes
    reveal_proof: bytes


def publish(k: int, m: int = M) -> Published:
    """Let a trustee commit and reveal, in one part."""
    made = crypto.ceremony_commit(SEEDS[k], CEREMONY_ID, k, T, m, seed("commit", k))
    points, proof = crypto.ceremony_reveal(SEEDS[k], CEREMONY_ID, k, T, m, 0, seed("reveal", k))
    return Published(*made, points, proof)


def deal(k: int, i: int) -> bytes:
    """Deal from k to i."""
    return crypto.ceremony_deal(SEEDS[k], CEREMONY_ID, k, i, publish(i).transport, T, M)


def ceremony() -> Iterator[Vector]:
    """Acts of the ceremony, in order."""
    for attempt, taking in ((1, INDEXES), (2, (1, 3))):
        keys = {k: KEYS[k] for k in taking}
        yield {
            "name": f"ceremony id of attempt {attempt}",
            "kind": "ceremony id",
            "election_id": ELECTION_ID,
            "attempt": attempt,
            "threshold": T,
            "slots": M,
            "keys": sorted(keys.items()),
            "ceremony_id": ceremony_id(ELECTION_ID, attempt, T, M, keys),
        }
    for k in INDEXES:
        signing = sha256(frame("trustee signing key", SEEDS[k])).digest()
        name = f"signing key from the seed of trustee {k}"
        key = crypto.ed25519_public(signing)
        yield {"name": name, "kind": "signing key", "seed": SEEDS[k], "key": key}
    yield from commits()
    yield from reveals()
    yield from deals()
    yield from complaints()
    yield from joint()


def commits() -> Iterator[Vector]:
    """Round 1."""
    for k in INDEXES:
        his = publish(k)
        common = {"kind": "commit", **SIZE, "trustee": k}
        fields = {"transport": his.transport, "proof": his.proof, "commitment": his.commitment}
        made = {"seed": SEEDS[k], "random": seed("commit", k)}
        yield {"name": f"commit of trustee {k}", **common, **fields, **made, "code": 0}
    faults: dict[str, dict[str, object]] = {
        "another trustee's": {"trustee": 1},
        "another ceremony's": {"ceremony_id": seed("other")},
        "another commitment": {"commitment": flip(his.commitment, 0)},
        "another transport key": {"transport": publish(1).transport},
        "transport key is the identity": {"transport": IDENTITY},
        "transport key is no point": {"transport": flip(his.transport, 0)},
        "proof changed": {"proof": flip(his.proof, 40)},
        "proof a byte short": {"proof": his.proof[:-1]},
    }
    for name, changes in faults.items():
        yield {"name": f"commit: {name}", **common, **fields, **changes, "code": 40}


def reveals() -> Iterator[Vector]:
    """Round 2, in one part and in several."""
    for k in INDEXES:
        his = publish(k)
        common = {"kind": "reveal", **SIZE, "trustee": k, "part": 0}
        common |= {"transport": his.transport, "commitment": his.commitment}
        fields = {"points": his.points, "proof": his.reveal_proof}
        made = {"seed": SEEDS[k], "random": seed("reveal", k)}
        yield {"name": f"reveal of trustee {k}", **common, **fields, **made, "code": 0}
    other = crypto.base_multiply(scalar(5))
    c = int.from_bytes(his.reveal_proof[:32], "little")
    faults: dict[str, dict[str, object]] = {
        "another trustee's": {"trustee": 1},
        "another part": {"part": 1},
        "another C_kj0": {"points": put(his.points, 0, other)},
        "another C_kj1": {"points": put(his.points, 32, other)},
        "a point is none": {"points": flip(his.points, 0)},
        "points a byte short": {"points": his.points[:-1]},
        "proof changed": {"proof": flip(his.reveal_proof, 40)},
        "c is the same plus l": {"proof": put(his.reveal_proof, 0, scalar(c + L))},
        "proof a scalar short": {"proof": his.reveal_proof[:-32]},
        "another transport key": {"transport": publish(1).transport},
    }
    for name, changes in faults.items():
        yield {"name": f"reveal: {name}", **common, **fields, **changes, "code": 40}
    common = {"kind": "commitment", "ceremony_id": CEREMONY_ID, "trustee": 3}
    yield {"name": "commitment", **common, "commitment": his.commitment, "points": his.points} | {
        "code": 0
    }
    changed = put(his.points, 32, other)
    yield {"name": "commitment: other points", **common, "commitment": his.commitment} | {
        "points": changed,
        "code": 40,
    }
    for threshold, slots in ((1, 512), (2, 500), (2, 501), (10, 137), (64, 512), (1, 1)):
        yield {
            "name": f"parts of {slots} slots with threshold {threshold}",
            "kind": "parts",
            "threshold": threshold,
            "slots": slots,
            "parts": crypto.reveal_part_count(threshold, slots),
        }


def deals() -> Iterator[Vector]:
    """Round 3; the recipient's seed opens a deal."""
    for k in INDEXES:
        for i in INDEXES:
            if i != k:
                yield deal_vector(f"deal of {k} to {i}", k, i, deal(k, i), 0)
    good = deal(1, 2)
    yield deal_vector("deal: changed", 1, 2, flip(good, 0), 42)
    yield deal_vector("deal: tag changed", 1, 2, flip(good, -1), 42)
    yield deal_vector("deal: a byte short", 1, 2, good[:-1], 42)
    yield deal_vector("deal: empty", 1, 2, b"", 42)
    yield deal_vector("deal: meant for another", 1, 2, deal(1, 3), 42)


def false_points() -> bytes:
    """Give points of trustee 1 that its good deal to 2 does not fit."""
    return put(publish(1).points, 32, crypto.base_multiply(scalar(5)))


def deal_vector(name: str, k: int, i: int, data: bytes, code: int) -> Vector:
    """Describe a deal as its recipient checks it."""
    return {
        "name": name,
        "kind": "deal",
        **SIZE,
        "dealer": k,
        "recipient": i,
        "dealer_transport": publish(k).transport,
        "dealer_points": publish(k).points,
        "dealer_seed": SEEDS[k],
        "recipient_transport": publish(i).transport,
        "recipient_seed": SEEDS[i],
        "deal": data,
        "code": code,
    }


def complaints() -> Iterator[Vector]:
    """Round 4: trustee 2 complains of dealer 1."""
    one, two = publish(1), publish(2)
    point, proof = crypto.complain(SEEDS[2], CEREMONY_ID, 1, 2, one.transport, seed("complain"))
    yield deal_vector("deal: does not fit the points", 1, 2, deal(1, 2), 42) | {
        "dealer_points": false_points()
    }
    common = {
        "kind": "complaint",
        **SIZE,
        "dealer": 1,
        "trustee": 2,
        "dealer_transport": one.transport,
        "trustee_transport": two.transport,
        "point": point,
        "proof": proof,
    }
    made = {"seed": SEEDS[2], "random": seed("complain")}
    yield {"name": "complaint: proof", **common, **made, "code": 0}
    judged: dict[str, tuple[bytes, bytes, int]] = {
        "false, the deal is good": (one.points, deal(1, 2), 2),
        "true, the deal does not decrypt": (one.points, flip(deal(1, 2), 0), 1),
        "true, the deal is short": (one.points, deal(1, 2)[:-1], 1),
        "true, the deal is empty": (one.points, b"", 1),
        "true, a share does not fit the points": (false_points(), deal(1, 2), 1),
    }
    for name, (points, data, culprit) in judged.items():
        yield {
            "name": f"complaint: {name}",
            **common,
            "code": 0,
            "dealer_points": points,
            "deal": data,
            "culprit": culprit,
        }
    faults: dict[str, dict[str, object]] = {
        "another D": {"point": crypto.base_multiply(scalar(5))},
        "D is no point": {"point": flip(point, 0)},
        "D is the identity": {"point": IDENTITY},
        "proof changed": {"proof": flip(proof, 40)},
        "proof a byte short": {"proof": proof[:-1]},
        "of another dealer": {"dealer": 3},
        "of another trustee": {"trustee": 3},
        "of another ceremony": {"ceremony_id": seed("other")},
    }
    for name, changes in faults.items():
        yield {"name": f"complaint: {name}", **common, **changes, "code": 43}


def joint() -> Iterator[Vector]:
    """Joint keys, verification keys, and the digest."""
    points = [publish(k).points for k in INDEXES]
    common = {"threshold": T, "slots": M, "points": points}
    keys = crypto.joint_keys(points, T, M)
    yield {"name": "joint keys", "kind": "joint keys", **common, "keys": keys, "code": 0}
    repeated = points[0][:64] * 3
    yield {
        "name": "joint keys: all the same",
        "kind": "joint keys",
        **common,
        "points": [repeated],
        "code": 40,
    }
    opposite = put(points[0], 64, IDENTITY)
    yield {
        "name": "joint keys: the identity",
        "kind": "joint keys",
        **common,
        "points": [opposite],
        "code": 40,
    }
    for k in INDEXES:
        found = crypto.verification_keys(points, T, M, k)
        name = f"verification keys of trustee {k}"
        yield {"name": name, "kind": "verification keys", **common, "trustee": k, "keys": found}
    hashes = [sha256(bytes([n])).digest() for n in range(12)]
    digest = sha256(frame("joint key", CEREMONY_ID, *hashes)).digest()
    yield {
        "name": "joint key digest",
        "kind": "joint key digest",
        "ceremony_id": CEREMONY_ID,
        "entry_hashes": hashes,
        "digest": digest,
    }


def trustee_key(i: int) -> crypto.TrusteeKey:
    """Let a trustee make its key."""
    dealt = [(k, publish(k).transport, deal(k, i)) for k in INDEXES if k != i]
    return crypto.TrusteeKey(SEEDS[i], CEREMONY_ID, i, T, M, dealt)


def shares() -> Iterator[Vector]:
    """A sum of three ballots, its shares, and its totals."""
    points = [publish(k).points for k in INDEXES]
    slot_keys, digest = crypto.joint_keys(points, T, M), seed("joint key digest")
    shape = crypto.Shape(3, 5, [])
    kit = crypto.BallotKit(ELECTION_ID, digest, slot_keys, [shape], [[0]])
    X = crypto.credential_public(crypto.credential_secret(seed("voter")))
    scores, weights = [[5, 0, 1], [2, 3, 1], [0, 0, 0]], [1, 7, 2**32 - 1]
    ballots = [kit.prove(0, X, seed("ballot", n), [each]) for n, each in enumerate(scores)]
    batch = kit.decode([(0, each) for each in ballots], 1)
    running = crypto.Sum(3)
    running.add(batch, [(n, 0, weight) for n, weight in enumerate(weights)])
    total = running.encode()
    yield {
        "name": "sum of three ballots",
        "kind": "sum",
        "ciphertexts": [each[: 32 * 4] for each in ballots],
        "weights": weights,
        "total": total,
    }
    yield {
        "name": "sum of no ballots",
        "kind": "sum",
        "ciphertexts": [],
        "weights": [],
        "total": bytes(128),
    }
    given: dict[int, bytes] = {}
    for i in INDEXES:
        share = share_vector(i, total, points)
        given[i] = share["shares"]
        yield share
    yield from bad_shares(share)
    totals = [sum(w * s[j] for w, s in zip(weights, scores, strict=True)) for j in range(3)]
    for pair in ((1, 2), (1, 3), (2, 3)):
        yield totals_vector(f"totals from {pair}", total, {i: given[i] for i in pair}, totals, 0)
    two = {i: given[i] for i in (1, 2)}
    over = [totals[0] + 1, *totals[1:]]
    yield totals_vector("totals: one more", total, two, over, 44)
    exchanged = [totals[1], totals[0], totals[2]]
    yield totals_vector("totals: exchanged", total, two, exchanged, 44)
    yield totals_vector("totals: one missing", total, two, totals[:2], 44)
    named_wrong = {1: given[1], 2: given[3]}
    yield totals_vector("totals: a share under another index", total, named_wrong, totals, 44)
    yield totals_vector("totals: one share only", total, {1: given[1]}, totals, 44)


def share_vector(i: int, total: bytes, points: list[bytes]) -> Vector:
    """Let trustee i give its share."""
    random = seed("share", i)
    made, proof = trustee_key(i).share(ELECTION_ID, 2, 1, total, random)
    return {
        "name": f"share of trustee {i}",
        "kind": "share",
        "election_id": ELECTION_ID,
        **SIZE,
        "contest": 2,
        "group": 1,
        "trustee": i,
        "keys": crypto.verification_keys(points, T, M, i),
        "total": total,
        "shares": made,
        "proof": proof,
        "seed": SEEDS[i],
        "deals": [[k, publish(k).transport, deal(k, i)] for k in INDEXES if k != i],
        "random": random,
        "code": 0,
    }


def bad_shares(good: Vector) -> Iterator[Vector]:
    """Put one fault into a share."""
    made, proof, total = good["shares"], good["proof"], good["total"]
    other = crypto.base_multiply(scalar(5))
    z = int.from_bytes(proof[32:], "little")
    faults: dict[str, dict[str, object]] = {
        "another D_1": {"shares": put(made, 0, other)},
        "another D_3": {"shares": put(made, 64, other)},
        "D_1 and D_2 exchanged": {"shares": made[32:64] + made[:32] + made[64:]},
        "D_1 is no point": {"shares": flip(made, 0)},
        "a D is missing": {"shares": made[:64]},
        "proof changed": {"proof": flip(proof, 2)},
        "z is one more": {"proof": put(proof, 32, scalar((z + 1) % L))},
        "z is the same plus l": {"proof": put(proof, 32, scalar(z + L))},
        "proof a byte short": {"proof": proof[:-1]},
        "of another contest": {"contest": 3},
        "of another group": {"group": 0},
        "of another trustee": {"trustee": 1},
        "of another election": {"election_id": seed("other")},
        "of another ceremony": {"ceremony_id": seed("other")},
        "of another sum": {"total": put(total, 0, other)},
        "other keys": {"keys": list(reversed(good["keys"]))},
    }
    plain = {name: good[name] for name in good if name not in {"seed", "deals", "random"}}
    for name, changes in faults.items():
        yield {**plain, "name": f"share: {name}", **changes, "code": 41}


def totals_vector(
    name: str, total: bytes, given: dict[int, bytes], totals: list[int], code: int
) -> Vector:
    """Describe totals and the shares that open them."""
    return {
        "name": name,
        "kind": "totals",
        "total": total,
        "shares": sorted(given.items()),
        "totals": totals,
        "code": code,
    }
