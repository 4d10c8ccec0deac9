"""One attempt at the joint key: who takes part, what they have published, what is due next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256

from hanpyo.election.manifest import Manifest
from hanpyo.encoding import frame, u32

REVEAL_POINTS_MAX = 1500  # points and proof scalars in one reveal, so that it fits an entry


class Step(Enum):
    """What every trustee taking part has to publish, in this order."""

    COMMIT = "commit"
    REVEAL = "reveal"
    DEAL = "deal"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one trustee has published in this attempt.

    Attributes:
        key: its signing key in the manifest.
        transport: E_k, empty until it commits.
        commitment: H_k, empty until it commits.
        reveals: the points of each part of its reveal, in order.
        deals: its encrypted shares by recipient.
        confirmed: whether it has signed the joint key digest.
    """

    key: bytes
    transport: bytes = b""
    commitment: bytes = b""
    reveals: tuple[bytes, ...] = ()
    deals: Mapping[int, bytes] = field(default_factory=dict)
    confirmed: bool = False

    @property
    def points(self) -> bytes:
        """C_k: all its points, as far as they are revealed."""
        return b"".join(self.reveals)


@dataclass(frozen=True, slots=True)
class Ceremony:
    """One attempt at the joint key.

    Attributes:
        election_id: the election.
        ceremony_id: the attempt's identity, bound into every proof of it.
        attempt: from 1.
        threshold: t, how many trustees decrypt.
        least: how many must take part, at least.
        slots: m, the largest number of options of any contest.
        trustees: what each trustee taking part has published, by ascending index.
        entry_hashes: the commit, reveal and deal entries so far, in log order.
        slot_keys: h_1..h_m, empty until the first trustee confirms.
        dropped: who was dropped so far, in order.
    """

    election_id: bytes
    ceremony_id: bytes
    attempt: int
    threshold: int
    least: int
    slots: int
    trustees: Mapping[int, Contribution]
    entry_hashes: tuple[bytes, ...] = ()
    slot_keys: tuple[bytes, ...] = ()
    dropped: tuple[int, ...] = ()

    @property
    def has_failed(self) -> bool:
        """Whether too few trustees are left: only a new manifest helps."""
        return len(self.trustees) < self.least

    @property
    def is_complete(self) -> bool:
        """Whether all trustees taking part have confirmed."""
        return not self.has_failed and all(each.confirmed for each in self.trustees.values())

    @property
    def part_slots(self) -> int:
        """S: how many slots a part of a reveal covers; the last part may cover fewer."""
        return REVEAL_POINTS_MAX // (self.threshold + 1)

    @property
    def part_count(self) -> int:
        """How many parts each trustee's reveal has."""
        return -(-self.slots // self.part_slots)


def ceremony_id(
    election_id: bytes, attempt: int, threshold: int, slots: int, keys: Mapping[int, bytes]
) -> bytes:
    """Identify one attempt. `keys`: the signing key of each trustee taking part, by its index."""
    parts = [election_id, u32(attempt), u32(threshold), u32(slots)]
    for index in sorted(keys):
        parts += [u32(index), keys[index]]
    return sha256(frame("ceremony", *parts)).digest()


def begin_ceremony(election_id: bytes, manifest: Manifest) -> Ceremony:
    """Begin attempt 1 with all trustees of the manifest."""
    trustees = manifest.trustees
    return _begin_attempt(
        election_id=election_id,
        attempt=1,
        threshold=trustees.threshold,
        least=trustees.least,
        slots=manifest.slots,
        keys={index: party.key for index, party in enumerate(trustees.parties, 1)},
        dropped=(),
    )


def next_attempt(ceremony: Ceremony, culprit: int) -> Ceremony:
    """Begin the next attempt with all but the culprit; nothing of this attempt lives on in it."""
    return _begin_attempt(
        election_id=ceremony.election_id,
        attempt=ceremony.attempt + 1,
        threshold=ceremony.threshold,
        least=ceremony.least,
        slots=ceremony.slots,
        keys={index: each.key for index, each in ceremony.trustees.items() if index != culprit},
        dropped=(*ceremony.dropped, culprit),
    )


def _begin_attempt(
    *,
    election_id: bytes,
    attempt: int,
    threshold: int,
    least: int,
    slots: int,
    keys: Mapping[int, bytes],
    dropped: tuple[int, ...],
) -> Ceremony:
    return Ceremony(
        election_id=election_id,
        ceremony_id=ceremony_id(election_id, attempt, threshold, slots, keys),
        attempt=attempt,
        threshold=threshold,
        least=least,
        slots=slots,
        trustees={index: Contribution(key) for index, key in keys.items()},
        dropped=dropped,
    )


def has_done(ceremony: Ceremony, trustee: int, step: Step) -> bool:
    """Whether all that this step asks of a trustee taking part is there."""
    mine = ceremony.trustees[trustee]
    match step:
        case Step.COMMIT:
            return bool(mine.transport)
        case Step.REVEAL:
            return len(mine.reveals) == ceremony.part_count
        case Step.DEAL:
            return len(mine.deals) == len(ceremony.trustees) - 1
        case Step.CONFIRM:
            return mine.confirmed


def due_step(ceremony: Ceremony) -> Step | None:
    """Name the first step that is incomplete among those taking part; `None`: all is done."""
    for step in Step:
        if not all(has_done(ceremony, trustee, step) for trustee in ceremony.trustees):
            return step
    return None


def missing(ceremony: Ceremony) -> tuple[int, ...]:
    """Name the trustees whose entries for the step that is due are incomplete."""
    step = due_step(ceremony)
    if step is None:
        return ()
    return tuple(each for each in ceremony.trustees if not has_done(ceremony, each, step))


def deals_to(ceremony: Ceremony, trustee: int) -> list[tuple[int, bytes, bytes]]:
    """List what was dealt to a trustee: the dealer, its transport key, the deal."""
    return [
        (dealer, each.transport, each.deals[trustee])
        for dealer, each in ceremony.trustees.items()
        if trustee in each.deals
    ]
