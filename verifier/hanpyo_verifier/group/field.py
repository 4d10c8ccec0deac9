"""Integers modulo p = 2^255 - 19, the field below protocol.md 2.2 and 2.5.

Field elements are Python integers. A squaring costs less when it is not followed by a division:
a product is folded once at bit 255 (2^255 = 19 modulo p), which leaves a slightly larger number
of the same value, and only the last of a run of squarings is folded twice.
"""

P = 2**255 - 19
MASK = 2**255 - 1

D = 37095705934669439343138083508754565189542113879843219016388785533085940283555
SQRT_M1 = 19681161376707505956807079304988542015446066515923890162744021073123829784752


def square_times(z: int, fives: int) -> int:
    """Squares z 5 * fives times; the result is congruent, not reduced."""
    for _ in range(fives):
        z *= z
        z = (z & MASK) + 19 * (z >> 255)
        z *= z
        z = (z & MASK) + 19 * (z >> 255)
        z *= z
        z = (z & MASK) + 19 * (z >> 255)
        z *= z
        z = (z & MASK) + 19 * (z >> 255)
        z *= z
        z = (z & MASK) + 19 * (z >> 255)
        z = (z & MASK) + 19 * (z >> 255)
    return z


def power_2_252_3(z: int) -> int:
    """Returns z^(2^252 - 3) = z^((p - 5) / 8) modulo p, the dear step of every square root."""
    z2 = z * z % P
    z4 = z2 * z2 % P
    z9 = z4 * z4 % P * z % P
    z11 = z9 * z2 % P
    z_5 = z11 * z11 % P * z9 % P
    z_10 = square_times(z_5, 1) * z_5 % P
    z_20 = square_times(z_10, 2) * z_10 % P
    z_40 = square_times(z_20, 4) * z_20 % P
    z_50 = square_times(z_40, 2) * z_10 % P
    z_100 = square_times(z_50, 10) * z_50 % P
    z_200 = square_times(z_100, 20) * z_100 % P
    z_250 = square_times(z_200, 10) * z_50 % P
    z_251 = z_250 * z_250 % P
    return z_251 * z_251 % P * z % P


def inverse_square_root(v: int) -> int | None:
    """Returns an r with r^2 v = 1, of either sign, or None where there is none.

    For r = v^((p - 5) / 8), v r^2 is a fourth root of unity; it is 1 or -1 exactly for squares.
    """
    r = power_2_252_3(v)
    check = r * r % P * v % P
    if check == 1:
        return r
    if check == P - 1:
        return r * SQRT_M1 % P
    return None


def square_root_of_ratio(u: int, v: int) -> tuple[bool, int]:
    """SQRT_RATIO_M1 of RFC 9496 section 4.2: (u/v is a square, the nonnegative root)."""
    v3 = v * v % P * v % P
    v7 = v3 * v3 % P * v % P
    r = u * v3 % P * power_2_252_3(u * v7 % P) % P
    check = v * r % P * r % P
    minus_u = -u % P
    if check in (minus_u, minus_u * SQRT_M1 % P):
        r = r * SQRT_M1 % P
    was_square = check in (u % P, minus_u)
    return was_square, P - r if r & 1 else r


def invert_all(values: list[int]) -> list[int]:
    """Inverts nonzero field elements with one inversion (Montgomery's trick)."""
    prefix = [1]
    for value in values:
        prefix.append(prefix[-1] * value % P)
    inverse = pow(prefix.pop(), -1, P)
    out = [0] * len(values)
    for i in range(len(values) - 1, -1, -1):
        out[i] = inverse * prefix[i] % P
        inverse = inverse * values[i] % P
    return out
