"""Just enough of edwards25519 to make keys and signatures on which libraries disagree."""

from hashlib import sha512

from vectors.common import L

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]  # x, y

IDENTITY: Point = (0, 1)
BASE: Point = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
# A point of order 8: all others of small order are its multiples.
TORSION: Point = (
    14399317868200118260347934320527232580618823971194345261214217575416788799818,
    55188659117513257062467267217118295137698188065244968500265048394206261417927,
)


def add(one: Point, other: Point) -> Point:
    """Add two points (RFC 8032 section 5.1.4, not in constant time)."""
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return x, y


def multiply(scalar: int, point: Point) -> Point:
    """Multiply a point."""
    found = IDENTITY
    for digit in f"{scalar:b}":
        found = add(found, found)
        if digit == "1":
            found = add(found, point)
    return found


def encode(point: Point) -> bytes:
    """Encode a point (RFC 8032 section 5.1.2)."""
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def challenge(R: bytes, key: bytes, message: bytes) -> int:
    """Give k."""
    return int.from_bytes(sha512(R + key + message).digest(), "little") % L
