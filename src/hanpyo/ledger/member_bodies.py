"""What acts about the ledger's keepers say: kinds 0, 1, 4 to 7, 13 and 14 (docs/protocol.md 9.2).

As in `bodies.py`, the fields of a body stand in the order of its map keys 0, 1, ...
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Member:
    """An organization that keeps the ledger: it signs acts and, in order 0, cosigns the log."""

    name: str
    key: bytes
    cosigning_key: bytes

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Give the keys of all uses."""
        return self.key, self.cosigning_key


@dataclass(frozen=True, slots=True)
class Genesis:
    """Founds the ledger of a single operator; its entry hash is the ledger id."""

    version: int
    random: bytes
    mode: int
    members: tuple[Member, ...]
    kind: ClassVar[int] = 0


@dataclass(frozen=True, slots=True)
class Gateway:
    """Lists a gateway's key, under which promises are given."""

    key: bytes
    kind: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Validator:
    """A member of a consortium: it signs acts, cosigns the log, and validates blocks."""

    name: str
    key: bytes
    cosigning_key: bytes
    validator_key: bytes

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Give the keys of all uses."""
        return self.key, self.cosigning_key, self.validator_key


@dataclass(frozen=True, slots=True)
class Consortium:
    """Founds the ledger of a consortium, or hands a single operator's over to one."""

    random: bytes
    time_unix_s: int
    validators: tuple[Validator, ...]
    kind: ClassVar[int] = 4


@dataclass(frozen=True, slots=True)
class Join:
    """One more member."""

    validator: Validator
    kind: ClassVar[int] = 5


@dataclass(frozen=True, slots=True)
class Leave:
    """A member keeps the ledger no longer."""

    number: int
    reason: str
    kind: ClassVar[int] = 6


@dataclass(frozen=True, slots=True)
class Rotate:
    """A member has these keys from now on."""

    number: int
    key: bytes
    cosigning_key: bytes
    validator_key: bytes
    kind: ClassVar[int] = 7


@dataclass(frozen=True, slots=True)
class EngineVote:
    """What a validator signed for a block of the engine; an empty hash stands for no block."""

    block_hash: bytes
    parts_total: int
    parts_hash: bytes
    seconds: int
    nanos: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Equivocation:
    """A validator signed two different votes for one place in the engine's chain."""

    validator_key: bytes
    vote_type: int
    height: int
    round: int
    votes: tuple[EngineVote, EngineVote]
    kind: ClassVar[int] = 13

    @property
    def place(self) -> tuple[bytes, int, int, int]:
        """Whose it is, and where in the engine's chain."""
        return self.validator_key, self.vote_type, self.height, self.round


@dataclass(frozen=True, slots=True)
class Quorum:
    """A checkpoint over the closing root, cosigned by a quorum of members."""

    checkpoint: bytes
    kind: ClassVar[int] = 14


MemberBody = Genesis | Gateway | Consortium | Join | Leave | Rotate | Equivocation | Quorum
