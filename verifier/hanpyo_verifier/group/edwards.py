"""The curve -x^2 + y^2 = 1 + d x^2 y^2 that carries both groups (protocol.md 2.2, 2.5).

Two forms: a `Point` is (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z; a `Cached` point is affine and
ready to be added: (y + x, y - x, 2dxy). The formulas are complete on this curve.
"""

from hanpyo_verifier.group.field import MASK, D, P, invert_all

Point = tuple[int, int, int, int]
Cached = tuple[int, int, int]

IDENTITY: Point = (0, 1, 1, 0)
CACHED_IDENTITY: Cached = (1, 1, 0)
D2 = 2 * D % P
HALF = (P + 1) // 2


def add(p: Point, q: Point) -> Point:
    """Adds two points."""
    X1, Y1, Z1, T1 = p
    X2, Y2, Z2, T2 = q
    A = (Y1 - X1) * (Y2 - X2) % P
    B = (Y1 + X1) * (Y2 + X2) % P
    C = T1 * T2 % P * D2 % P
    zz = 2 * Z1 * Z2 % P
    E = B - A
    F = zz - C
    G = zz + C
    H = B + A
    return E * F % P, G * H % P, F * G % P, E * H % P


def add_cached(p: Point, points: list[Cached]) -> Point:
    """Adds many cached points to one point."""
    X, Y, Z, T = p
    for plus, minus, xy2d in points:
        A = (Y - X) * minus
        B = (Y + X) * plus
        C = T * xy2d
        A = (A & MASK) + 19 * (A >> 255)
        B = (B & MASK) + 19 * (B >> 255)
        C = (C & MASK) + 19 * (C >> 255)
        E = B - A
        F = Z + Z - C
        G = Z + Z + C
        H = B + A
        X = E * F % P
        Y = G * H % P
        Z = F * G % P
        T = E * H % P
    return X, Y, Z, T


def double(p: Point) -> Point:
    """Doubles a point."""
    X, Y, Z, _ = p
    A = X * X % P
    B = Y * Y % P
    E = (X + Y) * (X + Y) % P - A - B
    G = B - A
    F = G - 2 * Z * Z % P
    H = -A - B
    return E * F % P, G * H % P, F * G % P, E * H % P


def double_times(p: Point, times: int) -> Point:
    """Doubles a point `times` times; T is made only once, at the end."""
    X, Y, Z, T = p
    for left in range(times - 1, -1, -1):
        A = X * X % P
        B = Y * Y % P
        E = (X + Y) * (X + Y) % P - A - B
        G = B - A
        F = G - 2 * Z * Z % P
        H = -A - B
        X = E * F % P
        Y = G * H % P
        Z = F * G % P
        if not left:
            T = E * H % P
    return X, Y, Z, T


def negate(p: Point) -> Point:
    """Returns -p."""
    return -p[0] % P, p[1], p[2], -p[3] % P


def negate_cached(p: Cached) -> Cached:
    """Returns -p."""
    return p[1], p[0], -p[2] % P


def from_cached(p: Cached) -> Point:
    """Returns the same point as (X, Y, Z, T)."""
    x = (p[0] - p[1]) * HALF % P
    y = (p[0] + p[1]) * HALF % P
    return x, y, 1, x * y % P


def cached_from_affine(x: int, y: int) -> Cached:
    """Returns the affine point (x, y) ready to be added."""
    return (y + x) % P, (y - x) % P, x * y % P * D2 % P


def cache_all(points: list[Point]) -> list[Cached]:
    """Brings points to the cached form, with one inversion for all."""
    inverses = invert_all([p[2] for p in points])
    return [
        cached_from_affine(p[0] * i % P, p[1] * i % P)
        for p, i in zip(points, inverses, strict=True)
    ]


def is_curve_identity(p: Point) -> bool:
    """Tells whether p is the neutral element of the curve itself."""
    return p[0] % P == 0 and (p[1] - p[2]) % P == 0
