"""Schnorr signatures over ristretto255, one by one and in bulk (protocol.md 2.5, 6, 8.7)."""

import secrets
from dataclasses import dataclass

from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.edwards import Cached, negate_cached
from hanpyo_verifier.group.multi_scalar import NARROW_BITS, Terms
from hanpyo_verifier.group.scalars import L, decode_scalar
from hanpyo_verifier.hashing.frames import to_scalar, u32


@dataclass(slots=True, frozen=True)
class Signature:
    """The equation s g = R + c X, decoded."""

    R: Cached
    X: Cached
    c: int
    s: int


def decode_signature(signature: bytes, X: Cached, c: int) -> Signature | None:
    """Decodes R || s; None unless R is a canonical point and s a canonical scalar."""
    R = ristretto.decode(signature[:32])
    s = decode_scalar(signature[32:])
    return None if R is None or s is None else Signature(R, X, c, s)


def all_hold(signatures: list[Signature]) -> bool:
    """Tests many equations at once, each times a fresh random weight."""
    terms = Terms()
    base = 0
    for one in signatures:
        weight = secrets.randbits(NARROW_BITS)
        terms.add_narrow(weight, one.R)
        terms.add(weight * one.c % L, one.X)
        base += weight * one.s
    terms.add(base % L, negate_cached(ristretto.BASE))
    return ristretto.is_identity(terms.sum())


def holds(one: Signature) -> bool:
    """Tests one equation as it stands."""
    terms = Terms()
    terms.add_narrow(1, one.R)
    terms.add(one.c, one.X)
    terms.add(one.s, negate_cached(ristretto.BASE))
    return ristretto.is_identity(terms.sum())


def possession(
    ledger_id: bytes, election_id: bytes, row: int, credential: bytes, signature: bytes
) -> Signature | None:
    """Decodes a proof of possession (protocol.md 6); None where something does not decode."""
    X = ristretto.decode_nonidentity(credential)
    if X is None or row >= 2**32:
        return None
    c = to_scalar("possession", signature[:32], credential, ledger_id, election_id, u32(row))
    return decode_signature(signature, X, c)


def check_possessions(
    ledger_id: bytes, election_id: bytes, batches: list[list[tuple[int, bytes, bytes]]]
) -> list[bool]:
    """Tells for each batch of an enroll entry whether every possession proof holds."""
    decoded = [
        [possession(ledger_id, election_id, row, X, proof) for row, X, proof in batch]
        for batch in batches
    ]
    complete: list[list[Signature]] = []
    for batch in decoded:
        found = [one for one in batch if one is not None]
        complete.append(found if len(found) == len(batch) else [])
    if all_hold([one for batch in complete for one in batch]):
        return [bool(batch) for batch in complete]
    return [bool(batch) and all_hold(batch) for batch in complete]
