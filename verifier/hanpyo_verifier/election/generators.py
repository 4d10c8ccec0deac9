"""The generators of ballot proofs, recomputed (protocol.md 8.3)."""

from dataclasses import dataclass

from hanpyo_verifier.group.edwards import Cached, cache_all
from hanpyo_verifier.hashing.frames import to_point, u32


@dataclass(frozen=True)
class Generators:
    """K, G_0..G_b and Q_1..Q_b, ready to be added."""

    K: Cached
    G: list[Cached]
    Q: list[Cached]  # Q[i - 1] is Q_i

    def __len__(self) -> int:
        return 1 + len(self.G) + len(self.Q)


def make_generators(bits: int) -> Generators:
    """Computes the generators for contests of at most so many bits."""
    points = [to_point("generator", b"K", u32(0))]
    points += [to_point("generator", b"G", u32(i)) for i in range(bits + 1)]
    points += [to_point("generator", b"Q", u32(i)) for i in range(1, bits + 1)]
    cached = cache_all(points)
    return Generators(cached[0], cached[1 : bits + 2], cached[bits + 2 :])
