"""Sums of scalar multiples: Pippenger for many points, a window table for a fixed one.

The bulk check of protocol.md 8.7 is one such sum over all points of a batch.
"""

from collections.abc import Sequence

from hanpyo_verifier.group.edwards import (
    IDENTITY,
    Cached,
    Point,
    add,
    add_cached,
    cache_all,
    double,
    double_times,
    from_cached,
    negate,
)
from hanpyo_verifier.group.field import MASK, P

WIDE_BITS = 253
NARROW_BITS = 128

# What one step costs, in mixed additions: adding the running sum, sorting a point into its bucket.
_TOTAL_COST = 1.3
_SORT_COST = 0.08
# Up to so many points share their doublings and have a table of eight multiples each.
_FEW = 12


class Terms:
    """The terms of a sum: points with scalars below 2^253, and points with 128-bit scalars."""

    __slots__ = ("narrow_points", "narrow_scalars", "wide_points", "wide_scalars")

    def __init__(self) -> None:
        self.wide_scalars: list[int] = []
        self.wide_points: list[Cached] = []
        self.narrow_scalars: list[int] = []
        self.narrow_points: list[Cached] = []

    def add(self, scalar: int, point: Cached) -> None:
        """Adds a term with 0 <= scalar < 2^253."""
        self.wide_scalars.append(scalar)
        self.wide_points.append(point)

    def add_narrow(self, scalar: int, point: Cached) -> None:
        """Adds a term with 0 <= scalar < 2^128."""
        self.narrow_scalars.append(scalar)
        self.narrow_points.append(point)

    def sum(self) -> Point:
        """Returns the sum of all terms."""
        wide, narrow = len(self.wide_points), len(self.narrow_points)
        if wide + narrow <= _FEW:
            scalars = self.wide_scalars + self.narrow_scalars
            return _sum_few(scalars, self.wide_points + self.narrow_points)
        bits = WIDE_BITS if wide else NARROW_BITS
        width = min(range(3, 17), key=lambda c: _cost(c, wide, narrow))
        lists = [
            (_signed(scalars, size, width), points, _windows(size, width))
            for scalars, points, size in (
                (self.wide_scalars, self.wide_points, WIDE_BITS),
                (self.narrow_scalars, self.narrow_points, NARROW_BITS),
            )
        ]
        result = IDENTITY
        for window in range(_windows(bits, width) - 1, -1, -1):
            buckets = _sort(lists, window, width)
            result = add(double_times(result, width), _bucket_sum(buckets, 1 << (width - 1)))
        return result


def _windows(bits: int, width: int) -> int:
    """Returns how many signed digits of this width hold every integer below 2^bits."""
    return -(-(bits + 2) // width)


def _cost(width: int, wide: int, narrow: int) -> float:
    per_point = 1 + _SORT_COST
    wide_windows = _windows(WIDE_BITS, width)
    narrow_windows = _windows(NARROW_BITS, width)
    windows = wide_windows if wide else narrow_windows
    return per_point * (wide_windows * wide + narrow_windows * narrow) + windows * _TOTAL_COST * (
        1 << (width - 1)
    )


def _signed(scalars: list[int], bits: int, width: int) -> list[int]:
    """Adds half a window to every digit, so that digit - half is in -half .. half - 1."""
    offset = sum(1 << (width * i + width - 1) for i in range(_windows(bits, width)))
    return [scalar + offset for scalar in scalars]


def _sort(
    lists: list[tuple[list[int], list[Cached], int]], window: int, width: int
) -> list[list[Cached]]:
    """Sorts the points by their scalar's digit at this window."""
    buckets: list[list[Cached]] = [[] for _ in range(1 << width)]
    shift = window * width
    mask = (1 << width) - 1
    for scalars, points, windows in lists:
        if window < windows:
            for scalar, point in zip(scalars, points, strict=True):
                buckets[(scalar >> shift) & mask].append(point)
    return buckets


def _bucket_sum(buckets: list[list[Cached]], half: int) -> Point:
    """Returns the sum of (digit - half) * points over all buckets.

    From the outermost digits inward the running sum gathers the points; each running sum is added
    to the total once, so a point of digit d is counted d times.
    """
    X, Y, Z, T = IDENTITY
    total = IDENTITY
    for digit in range(half, 0, -1):
        if digit < half:
            for plus, minus, xy2d in buckets[half + digit]:
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
        for plus, minus, xy2d in buckets[half - digit]:
            A = (Y - X) * plus
            B = (Y + X) * minus
            C = T * xy2d
            A = (A & MASK) + 19 * (A >> 255)
            B = (B & MASK) + 19 * (B >> 255)
            C = (C & MASK) + 19 * (C >> 255)
            E = B - A
            F = Z + Z + C
            G = Z + Z - C
            H = B + A
            X = E * F % P
            Y = G * H % P
            Z = F * G % P
            T = E * H % P
        if X or Y != Z:
            total = add(total, (X, Y, Z, T))
    return total


def _sum_few(scalars: list[int], points: list[Cached]) -> Point:
    """Straus: signed digits of four bits, the doublings shared by all points."""
    tables = []
    for cached in points:
        base = from_cached(cached)
        multiples = [IDENTITY, base]
        for _ in range(7):
            multiples.append(add(multiples[-1], base))
        tables.append(multiples + [negate(point) for point in multiples[:0:-1]])
    windows = _windows(max([scalar.bit_length() for scalar in scalars], default=0), 4)
    offset = sum(8 << 4 * i for i in range(windows))
    shifted = [scalar + offset for scalar in scalars]
    result = IDENTITY
    for window in range(windows - 1, -1, -1):
        result = double_times(result, 4)
        for scalar, table in zip(shifted, tables, strict=True):
            digit = (scalar >> 4 * window & 15) - 8
            if digit:
                result = add(result, table[digit])
    return result


def multiply(scalars: Sequence[int], points: Sequence[Cached]) -> Point:
    """Returns the sum of scalar * point for scalars from 0 to 2^253 - 1."""
    terms = Terms()
    for scalar, point in zip(scalars, points, strict=True):
        terms.add(scalar, point)
    return terms.sum()


def multiply_small(scalar: int, point: Point) -> Point:
    """Returns scalar * point for a small scalar >= 0, by doubling and adding."""
    result = IDENTITY
    for bit in f"{scalar:b}":
        result = double(result)
        if bit == "1":
            result = add(result, point)
    return result


class FixedBase:
    """Multiples of one point, from a table of 43 windows of 6 bits."""

    WIDTH = 6
    WINDOWS = 43

    def __init__(self, point: Cached) -> None:
        half = 1 << (self.WIDTH - 1)
        multiples: list[Point] = []
        base = from_cached(point)
        for _ in range(self.WINDOWS):
            current = base
            for _ in range(half):
                multiples.append(current)
                current = add(current, base)
            base = double(multiples[-1])
        cached = cache_all(multiples)
        self._rows = [cached[i : i + half] for i in range(0, len(cached), half)]

    def multiply(self, scalar: int) -> Point:
        """Returns scalar * point for 0 <= scalar < 2^253."""
        half = 1 << (self.WIDTH - 1)
        chosen: list[Cached] = []
        carry = 0
        for row in self._rows:
            digit = (scalar & (2 * half - 1)) + carry
            scalar >>= self.WIDTH
            carry = digit > half
            if carry:
                digit = 2 * half - digit
                if digit:
                    plus, minus, xy2d = row[digit - 1]
                    chosen.append((minus, plus, -xy2d))
            elif digit:
                chosen.append(row[digit - 1])
        return add_cached(IDENTITY, chosen)
