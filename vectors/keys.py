"""Credentials, and Ed25519 under the one rule (docs/protocol.md 2.5, 6, 8.5)."""

from collections.abc import Iterator

from hanpyo import crypto
from vectors.common import L, Vector, flip, put, scalar, seed
from vectors.edwards import BASE, TORSION, add, challenge, encode, multiply
from vectors.rfc import ED25519

IDENTITY = bytes(32)


def credentials() -> Iterator[Vector]:
    """Secrets, proofs of possession, and signatures that cast."""
    ledger_id, election_id = seed("ledger"), seed("election")
    where = {"ledger_id": ledger_id, "election_id": election_id}
    for n in range(3):
        random = seed("credential", n)
        secret = crypto.credential_secret(random)
        X = crypto.credential_public(secret)
        made = {"random": random, "secret": secret, "credential": X}
        yield {"name": f"credential {n}", "kind": "credential", **made}
        row, random = 7**n, seed("proof", n)
        proof = crypto.prove_possession(secret, random, ledger_id, election_id, row)
        common = {"kind": "possession", **where, "credential": X, "row": row}
        made = {"secret": secret, "random": random, "proof": proof}
        yield {"name": f"possession {n}", **common, **made, "code": 0}
    for name, change in _signature_faults(proof).items():
        yield {"name": f"possession: {name}", **common, "proof": change, "code": 35}
    faults: dict[str, dict[str, object]] = {
        "another row": {"row": row + 1},
        "another ledger": {"ledger_id": election_id},
        "another election": {"election_id": ledger_id},
        "another credential": {"credential": crypto.base_multiply(scalar(5))},
        "credential is the identity": {"credential": IDENTITY},
        "credential is no point": {"credential": flip(X, 0)},
    }
    for name, changes in faults.items():
        yield {"name": f"possession: {name}", **common, "proof": proof, **changes, "code": 35}
    yield identity_possession(ledger_id, election_id)
    yield from casts(secret, election_id)


def identity_possession(ledger_id: bytes, election_id: bytes) -> Vector:
    """Give a proof whose equation holds for X = identity, which is refused all the same."""
    R = crypto.base_multiply(scalar(9))
    return {
        "name": "possession: of the identity, the equation holds",
        "kind": "possession",
        "ledger_id": ledger_id,
        "election_id": election_id,
        "credential": IDENTITY,
        "row": 0,
        "proof": R + scalar(9),
        "code": 35,
    }


def casts(secret: bytes, election_id: bytes) -> Iterator[Vector]:
    """Sign bytes as ballots are signed; these are no ballots, only the signature is judged."""
    X = crypto.credential_public(secret)
    for n, (style, sequence, ballot) in enumerate(
        [(0, 1, b"b"), (63, 2**63 - 1, bytes(100)), (5, 2**32, seed("bytes") * 9)]
    ):
        random = seed("cast", n)
        signature = crypto.sign_ballot(secret, random, election_id, style, sequence, ballot)
        common = {"kind": "cast", "credential": X, "election_id": election_id, "style": style}
        common |= {"sequence": sequence, "ballot": ballot}
        made = {"secret": secret, "random": random, "signature": signature}
        yield {"name": f"cast {n}", **common, **made, "code": 0}
    for name, change in _signature_faults(signature).items():
        yield {"name": f"cast: {name}", **common, "signature": change, "code": 32}
    faults: dict[str, dict[str, object]] = {
        "another style": {"style": style + 1},
        "another sequence number": {"sequence": sequence + 1},
        "another election": {"election_id": seed("other")},
        "another ballot": {"ballot": flip(ballot, -1)},
        "another credential": {"credential": crypto.base_multiply(scalar(5))},
    }
    for name, changes in faults.items():
        yield {"name": f"cast: {name}", **common, "signature": signature, **changes, "code": 32}


def _signature_faults(signature: bytes) -> dict[str, bytes]:
    s = int.from_bytes(signature[32:], "little")
    return {
        "R is another point": put(signature, 0, crypto.base_multiply(scalar(5))),
        "R is no point": flip(signature, 0),
        "s is one more": put(signature, 32, scalar((s + 1) % L)),
        "s is the same plus l": put(signature, 32, scalar(s + L)),
        "a byte short": signature[:-1],
        "a byte long": signature + b"\0",
    }


def ed25519() -> Iterator[Vector]:
    """RFC 8032's own; keys and signatures that some libraries take and this protocol refuses."""
    for n, (secret, key, message, signature) in enumerate(ED25519, 1):
        yield {
            "name": f"RFC 8032 TEST {n}",
            "kind": "sign",
            "source": "RFC 8032 section 7.1",
            "seed": secret,
            "key": key,
            "message": message,
            "signature": signature,
        }
        common = {"kind": "signature", "key": key, "message": message}
        yield {"name": f"TEST {n} holds", **common, "signature": signature, "code": 0}
        yield {"name": f"TEST {n}: other message", **common, "message": message + "00"} | {
            "signature": signature,
            "code": 32,
        }
    yield from keys()
    yield from strange_signatures()


def keys() -> Iterator[Vector]:
    """Keys by rules 1 and 2."""
    A = multiply(77, BASE)
    p = 2**255 - 19
    sign = 1 << 255
    yield {"name": "key: a multiple of B", "kind": "key", "key": encode(A), "code": 0}
    faults = {f"small order, {n} T": encode(multiply(n, TORSION)) for n in range(1, 8)}
    faults |= {
        "the identity": encode((0, 1)),
        "mixed order": encode(add(A, TORSION)),
        "mixed order, with a point of order 2": encode(add(A, multiply(4, TORSION))),
        "y = p": scalar(p),
        "y = p + 1, the identity not canonical": scalar(p + 1),
        "y = p + 3": scalar(p + 3),
        "y = 2^255 - 1": scalar(2**255 - 1),
        "negative zero, y = 1": scalar(1 | sign),
        "negative zero, y = -1": scalar(p - 1 | sign),
        "no point, y = 2": scalar(2),
        "31 bytes": encode(A)[:31],
        "33 bytes": encode(A) + b"\0",
        "empty": b"",
    }
    for name, key in faults.items():
        yield {"name": f"key: {name}", "kind": "key", "key": key, "code": 33}


def strange_signatures() -> Iterator[Vector]:
    """Make signatures with a chosen R and key, whose scalar fits the equation."""
    a, r, message = 77, 99, b"message"
    key, R = encode(multiply(a, BASE)), encode(multiply(r, BASE))

    def fit(nonce: int, R: bytes, key: bytes) -> bytes:
        return R + scalar((nonce + challenge(R, key, message) * a) % L)

    def vector(name: str, key: bytes, signature: bytes, code: int) -> Vector:
        common = {"kind": "signature", "key": key, "message": message}
        return {"name": name, **common, "signature": signature, "code": code}

    good = fit(r, R, key)
    S = int.from_bytes(good[32:], "little")
    identity, order_two = encode((0, 1)), encode(multiply(4, TORSION))
    yield vector("made by hand", key, good, 0)
    yield vector("R is the identity, and the equation says so", key, fit(0, identity, key), 0)
    zero = identity + scalar(0)
    yield vector("R is the identity, S = 0", key, zero, 32)
    mixed = encode(add(multiply(r, BASE), TORSION))
    yield vector("R has mixed order; holds times 8 only", key, fit(r, mixed, key), 32)
    yield vector("R has order 2; holds times 8 only", key, fit(0, order_two, key), 32)
    p = 2**255 - 19
    not_canonical = {"y = p + 1": scalar(p + 1), "negative zero": scalar(1 | 1 << 255)}
    for name, data in not_canonical.items():
        yield vector(f"R is the identity, not canonical: {name}", key, fit(0, data, key), 32)
    yield vector("R is no point", key, scalar(2) + good[32:], 32)
    yield vector("S is the same plus l", key, R + scalar(S + L), 32)
    yield vector("S is the same plus 8 l", key, R + scalar(S + 8 * L), 32)
    yield vector("S is one more", key, R + scalar((S + 1) % L), 32)
    yield vector("S is 2^256 - 1", key, R + b"\xff" * 32, 32)
    strange = encode(add(multiply(a, BASE), TORSION))
    yield vector("key of mixed order, holds times 8 only", strange, fit(r, R, strange), 32)
    for n in range(8):
        small = encode(multiply(n, TORSION))
        signature = R + scalar(r)
        yield vector(f"key of small order, {n} T", small, signature, 32)
    not_canonical = {"y = p + 1": scalar(p + 1), "negative zero": scalar(1 | 1 << 255)}
    for name, data in not_canonical.items():
        yield vector(f"key is the identity, not canonical: {name}", data, R + scalar(r), 32)
    for name, data in {
        "a byte short": good[:-1],
        "a byte long": good + b"\0",
        "empty": b"",
    }.items():
        yield vector(f"signature {name}", key, data, 32)
    yield vector("key a byte short", key[:-1], good, 32)
