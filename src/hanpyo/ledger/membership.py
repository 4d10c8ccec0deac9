"""Who keeps the ledger, as the log says at some size (docs/protocol.md 9.1).

A value: the view replaces it when an entry changes it, so any thread may hold one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hanpyo.ledger.entry import Consortium, Genesis, Member, Validator

ORIGIN_BYTES = 8  # of entry 0's random bytes
CHAIN_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Keeper:
    """A member with its keys; `validator_key` is `None` for a single operator's."""

    name: str
    key: bytes
    cosigning_key: bytes
    validator_key: bytes | None = None

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The keys of all uses."""
        keys = self.key, self.cosigning_key, self.validator_key
        return tuple(key for key in keys if key is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Membership:
    """Who keeps the ledger.

    Attributes:
        origin: the log's name in its checkpoints.
        chain_id: the engine's, `None` while a single operator keeps the ledger.
        active: the members that keep it now, by their number, ascending.
        given: how many numbers were given so far.
        changes: accepted acts of kinds 5 to 7.
        used_keys: every key that any member ever had, of any use, with the member's number.
        validator_numbers: those of them that are or were a validator's.
    """

    origin: str
    chain_id: str | None
    active: Mapping[int, Keeper]
    given: int
    changes: int
    used_keys: Mapping[bytes, int]
    validator_numbers: Mapping[bytes, int]

    @property
    def is_consortium(self) -> bool:
        """Whether members keep the ledger by consensus."""
        return self.chain_id is not None

    @property
    def quorum(self) -> int:
        """How many active members are more than two thirds of them."""
        return len(self.active) * 2 // 3 + 1

    @property
    def validators(self) -> tuple[bytes, ...]:
        """The validator keys of the active members, by their number; none of a single operator."""
        keys = [keeper.validator_key for keeper in self.active.values()]
        return tuple(key for key in keys if key is not None)

    @property
    def members(self) -> tuple[Member, ...]:
        """The active members without their numbers and validator keys."""
        keepers = self.active.values()
        return tuple(Member(each.name, each.key, each.cosigning_key) for each in keepers)

    def with_keeper(self, number: int, keeper: Keeper) -> "Membership":
        """Give the membership after this member joined or changed its keys."""
        return replace(self.listing({number: keeper}), changes=self.changes + 1)

    def without(self, number: int) -> "Membership":
        """Give the membership after this member left."""
        active = {each: keeper for each, keeper in self.active.items() if each != number}
        return replace(self, active=active, changes=self.changes + 1)

    def listing(self, keepers: Mapping[int, Keeper]) -> "Membership":
        """Give the membership with these members, by number, among the active; no change counts."""
        used = {key: number for number, keeper in keepers.items() for key in keeper.keys}
        validators = {
            keeper.validator_key: number
            for number, keeper in keepers.items()
            if keeper.validator_key is not None
        }
        return replace(
            self,
            active=dict(sorted({**self.active, **keepers}.items())),
            given=max([self.given, *(number + 1 for number in keepers)]),
            used_keys={**self.used_keys, **used},
            validator_numbers={**self.validator_numbers, **validators},
        )


def found_single(genesis: Genesis) -> Membership:
    """Give the membership after a single operator's entry 0."""
    keepers = [Keeper(each.name, each.key, each.cosigning_key) for each in genesis.members]
    nobody = Membership(_origin(genesis.random), None, {}, 0, 0, {}, {})
    return nobody.listing(dict(enumerate(keepers)))


def found_consortium(consortium: Consortium, entry_hash: bytes) -> Membership:
    """Give the membership after a consortium's entry 0."""
    nobody = Membership(_origin(consortium.random), None, {}, 0, 0, {}, {})
    return hand_over(nobody, consortium, entry_hash)


def hand_over(membership: Membership, consortium: Consortium, entry_hash: bytes) -> Membership:
    """Give the membership after the operator's last act: others keep the ledger, under new numbers.

    Args:
        membership: the single operator's.
        consortium: names the first validators.
        entry_hash: of the entry that says so; the engine's chain is named after it.
    """
    chain_id = entry_hash.hex()[:CHAIN_ID_DIGITS]
    keepers = dict(enumerate(map(keeper_of, consortium.validators), membership.given))
    return replace(membership, chain_id=chain_id, active={}).listing(keepers)


def keeper_of(validator: Validator) -> Keeper:
    """Give the member that an act names."""
    return Keeper(validator.name, validator.key, validator.cosigning_key, validator.validator_key)


def _origin(random: bytes) -> str:
    return f"hanpyo/{random[:ORIGIN_BYTES].hex()}"
