"""Group, hashing and signatures: the vectors of protocol.md 2, 6, 8.3 and 8.5."""

import functools
import hashlib

from hanpyo_verifier.election import schnorr
from hanpyo_verifier.election.generators import Generators, make_generators
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.ed25519 import encode_point, public_key
from hanpyo_verifier.group.edwards import from_cached
from hanpyo_verifier.group.scalars import L, decode_scalar, encode_scalar, wide
from hanpyo_verifier.hashing.frames import frame, to_point, to_scalar, u32, u64
from hanpyo_verifier.hashing.transcript import Transcript
from hanpyo_verifier.self_test import cases as c
from hanpyo_verifier.self_test.cases import Case, all_unhex, by_kind, need, unhex

MOST_BITS = 4096


def _times_base(secret: str) -> str:
    scalar = int.from_bytes(unhex(secret), "little")
    return ristretto.encode(ristretto.base_table().multiply(scalar)).hex()


def _point(case: Case) -> Case:
    data = unhex(case["bytes"])
    point = ristretto.decode(data)
    need(point is not None, c.POINT)
    assert point is not None
    return {"bytes": ristretto.encode(from_cached(point)).hex()}


def _scalar(case: Case) -> Case:
    scalar = decode_scalar(unhex(case["bytes"]))
    need(scalar is not None, c.SCALAR)
    return {"bytes": encode_scalar(scalar or 0).hex()}


def _map(case: Case) -> Case:
    point = ristretto.from_uniform_bytes(unhex(case["bytes"]))
    return {"point": ristretto.encode(point).hex()}


ristretto255 = by_kind({
    "multiple": lambda case: {"point": _times_base(case["scalar"])},
    "point": _point,
    "scalar": _scalar,
    "one-way map": _map,
    "wide": lambda case: {"scalar": encode_scalar(wide(unhex(case["bytes"]))).hex()},
})  # fmt: skip


def _to_point(case: Case) -> Case:
    point = to_point(case["label"], *all_unhex(case["parts"]))
    return {"point": ristretto.encode(point).hex()}


def _to_scalar(case: Case) -> Case:
    scalar = to_scalar(case["label"], *all_unhex(case["parts"]))
    return {"scalar": encode_scalar(scalar).hex()}


def _transcript(case: Case) -> Case:
    transcript = Transcript(case["label"])
    challenges = []
    for step in case["steps"]:
        if "absorb" in step:
            transcript.absorb(step["absorb"], *all_unhex(step["parts"]))
        else:
            challenges.append(encode_scalar(transcript.challenge(step["challenge"])).hex())
    return {"challenges": challenges}


frames_and_transcript = by_kind({
    "frame": lambda case: {"frame": frame(case["label"], *all_unhex(case["parts"])).hex()},
    "to_scalar": _to_scalar,
    "to_point": _to_point,
    "transcript": _transcript,
})  # fmt: skip


@functools.cache
def all_generators() -> Generators:
    """The generators of the largest contest that there can be."""
    return make_generators(MOST_BITS)


def generators(case: Case) -> Case:
    """generators.json."""
    made, index = all_generators(), case["index"]
    points = {"K": [made.K], "G": made.G, "Q": [made.K, *made.Q]}[case["generator"]]
    return {"point": ristretto.encode(from_cached(points[index])).hex()}


def _key(case: Case) -> Case:
    need(public_key(unhex(case["key"])), c.KEY)
    return {}


def _signature(case: Case) -> Case:
    key = public_key(unhex(case["key"]))
    signature = unhex(case["signature"])
    need(key is not None and key.verify(unhex(case["message"]), signature), c.SIGNATURE)
    return {}


def _secret(seed: bytes) -> tuple[int, bytes]:
    """The secret scalar, and the prefix of nonces (RFC 8032 section 5.1.5)."""
    digest = bytearray(hashlib.sha512(seed).digest())
    digest[0] &= 0xF8
    digest[31] = digest[31] & 0x7F | 0x40
    return int.from_bytes(digest[:32], "little"), bytes(digest[32:])


def signing_key(seed: bytes) -> bytes:
    """The Ed25519 key of a seed."""
    return encode_point(ristretto.base_table().multiply(_secret(seed)[0] % L))


def _sign(case: Case) -> Case:
    seed, message = unhex(case["seed"]), unhex(case["message"])
    (secret, prefix), key = _secret(seed), signing_key(seed)
    nonce = wide(hashlib.sha512(prefix + message).digest())
    R = encode_point(ristretto.base_table().multiply(nonce))
    k = wide(hashlib.sha512(R + key + message).digest())
    signature = R + encode_scalar(nonce + k * secret)
    return {"key": key.hex(), "signature": signature.hex(), **_signature(case)}


ed25519 = by_kind({"sign": _sign, "key": _key, "signature": _signature})


def _credential(case: Case) -> Case:
    secret = to_scalar("credential", unhex(case["random"]))
    return {"secret": encode_scalar(secret).hex(), "credential": _times_base(case["secret"])}


def _possession(case: Case) -> Case:
    row: int = case["row"]
    signed = row, unhex(case["credential"]), unhex(case["proof"])
    ids = unhex(case["ledger_id"]), unhex(case["election_id"])
    one = schnorr.possession(ids[0], ids[1], *signed)
    need(one is not None and schnorr.holds(one), c.POSSESSION)
    need(schnorr.check_possessions(*ids, [[signed]]) == [True], c.POSSESSION)
    return {}


def _cast(case: Case) -> Case:
    credential, signature = unhex(case["credential"]), unhex(case["signature"])
    point = ristretto.decode_nonidentity(credential)
    numbers = u32(case["style"]), u64(case["sequence"])
    parts = unhex(case["election_id"]), *numbers, unhex(case["ballot"])
    challenge = to_scalar("cast", signature[:32], credential, *parts)
    one = None if point is None else schnorr.decode_signature(signature, point, challenge)
    need(one is not None and schnorr.holds(one), c.SIGNATURE)
    return {}


credentials = by_kind({"credential": _credential, "possession": _possession, "cast": _cast})
