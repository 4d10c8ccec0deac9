"""The proofs, deals and identities of the key ceremony (protocol.md 3, 7)."""

import functools

from hanpyo_verifier.election import schnorr
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.edwards import Cached, Point, add, from_cached, negate
from hanpyo_verifier.group.multi_scalar import multiply, multiply_small
from hanpyo_verifier.group.scalars import L, decode_scalar, decode_scalars
from hanpyo_verifier.hashing.chacha20poly1305 import unseal
from hanpyo_verifier.hashing.frames import framed_digest, to_scalar, u32
from hanpyo_verifier.hashing.hkdf import hkdf_sha512
from hanpyo_verifier.hashing.transcript import Transcript


def evaluate(coefficients: list[Point], index: int) -> Point:
    """The sum of index^d * C_d, by Horner's rule."""
    total = coefficients[-1]
    for point in coefficients[-2::-1]:
        total = add(multiply_small(index, total), point)
    return total


@functools.lru_cache(maxsize=64)
def transport_holds(ceremony_id: bytes, index: int, E: bytes, proof: bytes, H: bytes) -> bool:
    """The Schnorr signature of a commit (7, step 1)."""
    point = ristretto.decode_nonidentity(E)
    if point is None:
        return False
    c = to_scalar("transport", proof[:32], E, ceremony_id, u32(index), H)
    signature = schnorr.decode_signature(proof, point, c)
    return signature is not None and schnorr.holds(signature)


@functools.lru_cache(maxsize=16)
def reveal_holds(
    statement: tuple[bytes, ...], points: bytes, constants: tuple[Cached, ...], proof: bytes
) -> bool:
    """The proof of a reveal (7, step 2); constants are the C_kj0 of the part."""
    scalars = decode_scalars(proof)
    if scalars is None:
        return False
    c, *responses = scalars
    nonces = []
    for z, point in zip(responses, constants, strict=True):
        nonce = add(ristretto.base_table().multiply(z), negate(multiply([c], [point])))
        nonces.append(ristretto.encode(nonce))
    transcript = Transcript("reveal")
    transcript.absorb("statement", *statement)
    transcript.absorb("points", points)
    transcript.absorb("nonces", *nonces)
    return transcript.challenge("c") == c


@functools.lru_cache(maxsize=16)
def complaint_holds(statement: tuple[bytes, ...], proof: bytes) -> bool:
    """The proof of a complaint (7, step 4); the statement ends in E_i, E_k, D."""
    E_i, E_k, D = (ristretto.decode(data) for data in statement[-3:])
    c, z = decode_scalar(proof[:32]), decode_scalar(proof[32:])
    if D is None or E_i is None or E_k is None or c is None or z is None:
        return False
    if statement[-1] == ristretto.IDENTITY_BYTES:
        return False
    transcript = Transcript("complaint")
    transcript.absorb("statement", *statement)
    transcript.absorb(
        "nonces",
        ristretto.encode(multiply([z, -c % L], [ristretto.BASE, E_i])),
        ristretto.encode(multiply([z, -c % L], [E_k, D])),
    )
    return transcript.challenge("c") == c


def deal_is_right(D: bytes, deal: tuple[bytes, bytes], points: bytes, t: int, i: int) -> bool:
    """Opens a deal (info, ciphertext) to trustee i with D and holds it against the points."""
    info, ciphertext = deal
    plaintext = unseal(hkdf_sha512(D, info, 32), bytes(12), b"", ciphertext)
    shares = None if plaintext is None else decode_scalars(plaintext)
    decoded = ristretto.decode_all(points)
    if shares is None or decoded is None or len(shares) * t != len(decoded):
        return False
    for slot, share in enumerate(shares):
        row = [from_cached(p) for p in decoded[slot * t : (slot + 1) * t]]
        if not ristretto.equal(ristretto.base_table().multiply(share), evaluate(row, i)):
            return False
    return True


def part_size(threshold: int) -> int:
    """How many slots one part of a reveal has (7, step 2)."""
    return 1500 // (threshold + 1)


def keys_are_lawful(keys: list[bytes]) -> bool:
    """Tells whether the slot keys are nonidentity and distinct (7)."""
    return ristretto.IDENTITY_BYTES not in keys and len(set(keys)) == len(keys)


def make_ceremony_id(
    election_id: bytes, attempt: int, bounds: tuple[int, int], keys: list[tuple[int, bytes]]
) -> bytes:
    """The ceremony id (3); `bounds` are t and m, `keys` the trustees taking part."""
    parts = [u32(number) for number in (attempt, *bounds)]
    for index, key in keys:
        parts += [u32(index), key]
    return framed_digest("ceremony", election_id, *parts)
