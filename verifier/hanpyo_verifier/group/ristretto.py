"""ristretto255 (RFC 9496), the group of protocol.md 2.2."""

import functools

from hanpyo_verifier.group.edwards import D2, Cached, Point, add, cached_from_affine
from hanpyo_verifier.group.field import (
    SQRT_M1,
    D,
    P,
    inverse_square_root,
    square_root_of_ratio,
)
from hanpyo_verifier.group.multi_scalar import FixedBase

SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578
ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) * (D - 1) % P

IDENTITY_BYTES = bytes(32)

_BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960
BASE: Cached = cached_from_affine(_BASE_X, _BASE_Y)


@functools.cache
def base_table() -> FixedBase:
    """Returns the multiples of the base point g."""
    return FixedBase(BASE)


def decode(data: bytes) -> Cached | None:
    """Decodes a canonical point (RFC 9496 section 4.3.1), ready to be added; None if it is none."""
    s = int.from_bytes(data, "little")
    if len(data) != 32 or s >= P or s & 1:
        return None
    ss = s * s % P
    u1 = 1 - ss
    u2 = 1 + ss
    u2_squared = u2 * u2 % P
    v = -(D * (u1 * u1 % P) + u2_squared) % P
    root = inverse_square_root(v * u2_squared % P)
    if root is None:
        return None
    den_x = root * u2 % P
    x = 2 * s * den_x % P
    if x & 1:
        x = P - x
    y = u1 * (root * den_x % P * v % P) % P
    t = x * y % P
    if t & 1 or not y:
        return None
    return (y + x) % P, (y - x) % P, t * D2 % P


def decode_nonidentity(data: bytes) -> Cached | None:
    """Decodes a canonical point other than the identity."""
    return None if data == IDENTITY_BYTES else decode(data)


def decode_all(data: bytes) -> list[Cached] | None:
    """Decodes canonical points that stand one after the other; None if one is none."""
    points = []
    for i in range(0, len(data), 32):
        point = decode(data[i : i + 32])
        if point is None:
            return None
        points.append(point)
    return points


def encode(p: Point) -> bytes:
    """Encodes a point (RFC 9496 section 4.3.2)."""
    X, Y, Z, T = p
    u1 = (Z + Y) * (Z - Y) % P
    u2 = X * Y % P
    root = inverse_square_root(u1 * u2 % P * u2 % P) or 0
    den1 = root * u1 % P
    den2 = root * u2 % P
    z_inverse = den1 * den2 % P * T % P
    if T * z_inverse % P & 1:
        x, y = Y * SQRT_M1 % P, X * SQRT_M1 % P
        den = den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den = X, Y, den2
    if x * z_inverse % P & 1:
        y = -y
    s = den * (Z - y) % P
    return (P - s if s & 1 else s).to_bytes(32, "little")


def is_identity(p: Point) -> bool:
    """Tells whether p stands for the identity: x y = 0."""
    return p[0] % P == 0 or p[1] % P == 0


def equal(p: Point, q: Point) -> bool:
    """Tells whether p and q are the same element (RFC 9496 section 4.3.3)."""
    return (p[0] * q[1] - p[1] * q[0]) % P == 0 or (p[1] * q[1] - p[0] * q[0]) % P == 0


def _map(data: bytes) -> Point:
    """MAP of RFC 9496 section 4.3.4, for 32 bytes."""
    t = (int.from_bytes(data, "little") & (2**255 - 1)) % P
    r = SQRT_M1 * t % P * t % P
    u = (r + 1) * ONE_MINUS_D_SQ % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = square_root_of_ratio(u, v)
    c = -1
    if not was_square:
        s = s * t % P
        s = s if s & 1 else P - s
        c = r
    n = (c * (r - 1) * D_MINUS_ONE_SQ - v) % P
    w0 = 2 * s * v % P
    w1 = n * SQRT_AD_MINUS_ONE % P
    w2 = (1 - s * s) % P
    w3 = (1 + s * s) % P
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def from_uniform_bytes(data: bytes) -> Point:
    """The one-way map of RFC 9496 section 4.3.4, from 64 bytes."""
    return add(_map(data[:32]), _map(data[32:]))
