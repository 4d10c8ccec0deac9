"""What the engine has caught: two votes of one validator for one place, from a decided block."""

import base64
from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from hanpyo.errors import Unreachable
from hanpyo.ledger.entry import EngineVote, Equivocation
from hanpyo.ledger.view import Equivocated
from hanpyo.node.engine.commits import read_time
from hanpyo.node.engine.home import address
from hanpyo.node.engine.rpc import EngineRefused, EngineRpc

_KIND = "tendermint/DuplicateVoteEvidence"


class Evidence:
    """Proof that the engine has put into blocks, kept until the ledger has noted it."""

    def __init__(self, engine: EngineRpc) -> None:
        self._engine = engine
        self._heights: deque[int] = deque()  # of the engine's blocks that were not read yet
        self._caught: list[Equivocation] = []

    def note(self, height: int) -> None:
        """Remember that the engine's block of this height holds proof; it can be read later."""
        self._heights.append(height)

    def due(
        self, validator_keys: Iterable[bytes], noted: Container[Equivocated]
    ) -> Sequence[Equivocation]:
        """Give what is not on the ledger yet; one thread asks.

        Args:
            validator_keys: all that are or were a member's; the engine names them by address.
            noted: the places of those on the ledger.
        """
        keys = {address(key): key for key in validator_keys}
        while self._heights:
            try:
                answer = self._engine.block(self._heights[0])
            except (Unreachable, EngineRefused):
                break
            self._caught += _equivocations(answer, keys)
            self._heights.popleft()
        self._caught = [each for each in self._caught if each.place not in noted]
        return self._caught


def _equivocations(answer: Mapping[str, Any], keys: Mapping[str, bytes]) -> Iterator[Equivocation]:
    for each in answer["block"]["evidence"]["evidence"] or ():
        if each.get("type") != _KIND:
            continue  # an attack on light clients is shown by block proofs that contradict
        votes = [each["value"]["vote_a"], each["value"]["vote_b"]]
        one = votes[0]
        key = keys.get(one["validator_address"])
        if key is None:
            continue
        first, second = sorted((_vote(vote) for vote in votes), key=lambda vote: vote.block_hash)
        place = int(one["type"]), int(one["height"]), int(one["round"])
        yield Equivocation(key, *place, (first, second))


def _vote(value: Mapping[str, Any]) -> EngineVote:
    block, parts = value["block_id"], value["block_id"]["parts"]
    return EngineVote(
        bytes.fromhex(block["hash"]),
        int(parts["total"]),
        bytes.fromhex(parts["hash"]),
        *read_time(value["timestamp"]),
        base64.b64decode(value["signature"]),
    )
