"""The engine's validators at each of its heights, as they follow from the log (9.8)."""

from collections.abc import Sequence

from hanpyo.ledger.membership import Membership

DELAY = 2  # a change in block H makes the validators of H + 2

ValidatorSet = tuple[bytes, ...]  # validator keys, by member number


class ValidatorHistory:
    """Follows blocks and memberships, and says who validated when."""

    def __init__(self, memberships: Sequence[tuple[int, Membership]]) -> None:
        """Begin.

        Args:
            memberships: who keeps the ledger from which size on, in order; may grow.
        """
        self._memberships = memberships
        self._changes: list[tuple[int, ValidatorSet]] = []  # engine height of the block, and keys
        self._taken = 0

    def add_block(self, engine_height: int, size: int) -> None:
        """Note that the ledger's block of this engine height ended at this size."""
        while self._taken < len(self._memberships) and self._memberships[self._taken][0] <= size:
            membership = self._memberships[self._taken][1]
            self._taken += 1
            if not membership.is_consortium:
                continue
            # Those that the entry of kind 4 names validate from the first height on.
            height = engine_height if self._changes else -DELAY
            self._changes.append((height, membership.validators))

    def at(self, engine_height: int) -> ValidatorSet:
        """Give the validators at an engine height of 1 or more, as far as blocks were noted."""
        found = [keys for height, keys in self._changes if height <= engine_height - DELAY]
        return found[-1] if found else self._changes[0][1]

    def around(self, engine_height: int) -> tuple[ValidatorSet, ValidatorSet, ValidatorSet]:
        """Give the validators at a block's height and at the next two."""
        return self.at(engine_height), self.at(engine_height + 1), self.at(engine_height + 2)
