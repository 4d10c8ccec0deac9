"""What a complete ceremony made. Source: protocol.md 7."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from hanpyo import crypto
from hanpyo.election.ceremony.attempt import Ceremony
from hanpyo.encoding import frame
from hanpyo.errors import NotYet


@dataclass(frozen=True, slots=True)
class JointKey:
    """What a complete ceremony made: the key that ballots are encrypted to.

    Attributes:
        ceremony_id: the attempt that succeeded.
        digest: the joint key digest that every trustee signed.
        slot_keys: h_1..h_m, distinct and not the identity.
        points: C_k of each trustee that confirmed.
        trustees: their indexes, ascending.
        point_sum: all C_k added up, from which every verification key follows.
    """

    ceremony_id: bytes
    digest: bytes
    slot_keys: tuple[bytes, ...]
    points: Mapping[int, bytes]
    trustees: tuple[int, ...]
    point_sum: bytes

    @property
    def threshold(self) -> int:
        """t, as the number of points per slot tells it."""
        return len(self.point_sum) // (32 * len(self.slot_keys))


def joint_key_digest(ceremony: Ceremony) -> bytes:
    """Digest this attempt's commit, reveal and deal entries: what trustees confirm."""
    parts = (ceremony.ceremony_id, *ceremony.entry_hashes)
    return sha256(frame("joint key", *parts)).digest()


def joint_key(ceremony: Ceremony) -> JointKey:
    """Give the joint key of a complete ceremony.

    Raises:
        NotYet: the ceremony is not complete.
    """
    if not ceremony.is_complete:
        raise NotYet("the trustees have not all confirmed the joint key")
    points = {index: each.points for index, each in ceremony.trustees.items()}
    return JointKey(
        ceremony_id=ceremony.ceremony_id,
        digest=joint_key_digest(ceremony),
        slot_keys=ceremony.slot_keys,
        points=points,
        trustees=tuple(points),
        point_sum=crypto.sum_points(list(points.values()), ceremony.threshold, ceremony.slots),
    )


def verification_keys(key: JointKey, trustee: int) -> tuple[bytes, ...]:
    """Give Y_i1..Y_im, against which the shares of trustee i are checked. Costly: keep them."""
    slots = len(key.slot_keys)
    return tuple(crypto.verification_keys([key.point_sum], key.threshold, slots, trustee))
