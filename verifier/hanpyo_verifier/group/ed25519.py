"""Ed25519 verification under the one rule of protocol.md 2.5."""

import functools
import hashlib

from hanpyo_verifier.group.edwards import (
    Cached,
    Point,
    add,
    cached_from_affine,
    is_curve_identity,
    negate,
)
from hanpyo_verifier.group.field import D, P, square_root_of_ratio
from hanpyo_verifier.group.multi_scalar import FixedBase, multiply
from hanpyo_verifier.group.ristretto import base_table
from hanpyo_verifier.group.scalars import L

_TABLE_AFTER = 8


class PublicKey:
    """A key for which rules 1 and 2 of protocol.md 2.5 hold; made by `public_key`."""

    def __init__(self, data: bytes, point: Cached) -> None:
        self.data = data
        self._point = point
        self._uses = 0
        self._table: FixedBase | None = None

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Applies rules 3 and 4: S < l, and S B - k A encodes to R."""
        r = signature[:32]
        s = int.from_bytes(signature[32:], "little")
        if len(signature) != 64 or s >= L:
            return False
        digest = hashlib.sha512(r + self.data + message).digest()
        k = int.from_bytes(digest, "little") % L
        return encode_point(add(base_table().multiply(s), negate(self._multiply(k)))) == r

    def _multiply(self, k: int) -> Point:
        self._uses += 1
        if self._uses > _TABLE_AFTER and self._table is None:
            self._table = FixedBase(self._point)
        if self._table is not None:
            return self._table.multiply(k)
        return multiply([k], [self._point])


@functools.lru_cache(maxsize=256)
def public_key(data: bytes) -> PublicKey | None:
    """Decodes a key under rules 1 and 2 of protocol.md 2.5; None for any other bytes."""
    point = _decode(data)
    if point is None or point == (1, 1, 0):
        return None
    if not is_curve_identity(multiply([L], [point])):
        return None
    return PublicKey(data, point)


def _decode(data: bytes) -> Cached | None:
    """RFC 8032 section 5.1.3, without its leniency towards y >= p and a negative zero."""
    if len(data) != 32:
        return None
    value = int.from_bytes(data, "little")
    sign = value >> 255
    y = value & (2**255 - 1)
    if y >= P:
        return None
    is_square, x = square_root_of_ratio((y * y - 1) % P, (D * y * y + 1) % P)
    if not is_square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return cached_from_affine(x, y)


def encode_point(p: Point) -> bytes:
    """RFC 8032 section 5.1.2."""
    inverse = pow(p[2], -1, P)
    x = p[0] * inverse % P
    y = p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")
