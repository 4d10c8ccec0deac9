"""Plays the consensus engine for a log in memory: headers, votes, and the proofs made of them."""

from collections.abc import Sequence
from hashlib import sha256

from hanpyo.ledger.block_proofs import BlockProof, Header, Precommit, encode_proof, header_hash
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.engine_bytes import PRECOMMIT, Vote, address, in_order, vote_message
from hanpyo.ledger.record import record_files
from hanpyo.ledger.validators import ValidatorHistory
from tests.helpers.consortium import MemberPlay, sign_with
from tests.helpers.parties import seed

Files = dict[str, bytes]
NOTHING = sha256(b"").digest()  # what the engine hashes an empty list to
PARTS = 1


class EnginePlay:
    """The engine's chain under a log: one height after another, from 1 to one past the last block.

    Attributes:
        silent: places of validators that sign nothing.
    """

    def __init__(self, play: MemberPlay, silent: Sequence[int] = (3,)) -> None:
        self.blocks = [b for b in play.ledger.blocks(1) if b.engine_height is not None]
        self.silent = silent
        self._origin = [b for b in play.ledger.blocks(1) if b.engine_height is None]
        assert play.membership.chain_id is not None
        self.chain_id = play.membership.chain_id
        self.history = ValidatorHistory(play.state.memberships)
        for block in self.blocks:
            self.history.add_block(block.engine_height or 0, block.size)
        self._headers: dict[int, Header] = {}
        self._hashes: dict[int, bytes] = {0: b""}
        last = self.blocks[-1].engine_height or 0
        for height in range(1, last + 2):
            self._add(height)

    def _block_at(self, height: int) -> Block:
        found = [b for b in self.blocks if b.engine_height == height]
        later = [b for b in self.blocks if (b.engine_height or 0) > height]
        earlier = [b for b in self.blocks if (b.engine_height or 0) <= height]
        return (found or earlier or later)[-1]

    def app_hash(self, height: int) -> bytes:
        """Give the log's root after the last block below this height."""
        before = [b for b in self.blocks if (b.engine_height or 0) < height]
        return (before or self._origin)[-1].root

    def _add(self, height: int) -> None:
        before = self._hashes[height - 1]
        validators = self.history.at(height)
        header = Header(
            block_version=11,
            app_version=1,
            seconds=self._block_at(max(height, 0)).time_unix_s,
            nanos=height,
            last_hash=before,
            last_parts_total=PARTS if before else 0,
            last_parts_hash=seed("parts", height - 1) if before else b"",
            last_commit_hash=seed("commit", height - 1) if before else NOTHING,
            data_hash=seed("data", height),
            consensus_hash=seed("consensus"),
            last_results_hash=seed("results", height - 1) if before else NOTHING,
            evidence_hash=NOTHING,
            proposer=address(in_order(validators)[height % len(validators)]),
        )
        self._headers[height] = header
        self._hashes[height] = header_hash(
            header,
            self.chain_id,
            height,
            validators,
            self.history.at(height + 1),
            self.app_hash(height),
        )

    def proof(self, block: Block) -> BlockProof:
        """Prove a block."""
        height = block.engine_height
        assert height is not None
        heights = [height, height + 1] if height else [1]
        last, keys = heights[-1], in_order(self.history.at(heights[-1]))
        parts = PARTS, seed("parts", last)
        precommits = []
        for place, key in enumerate(keys):
            if place not in self.silent:
                vote = Vote(PRECOMMIT, last, 0, self._hashes[last], *parts, last, place + 1)
                signature = sign_with(key)(vote_message(self.chain_id, vote))
                precommits.append(Precommit(place, last, place + 1, signature))
        return BlockProof(tuple(self._headers[h] for h in heights), 0, *parts, tuple(precommits))

    def proofs(self) -> list[BlockProof]:
        """Prove all blocks."""
        return [self.proof(block) for block in self.blocks]


def record_of(play: MemberPlay, proofs: Sequence[BlockProof] | None = None) -> Files:
    """Give the record of a consortium's log."""
    proofs = EnginePlay(play).proofs() if proofs is None else proofs
    encoded = [encode_proof(proof) for proof in proofs]
    entries = list(play.ledger.entries(0, play.state.log.size))
    checkpoint = play.ledger.checkpoint()
    return dict(record_files(entries, play.ledger.blocks(1), checkpoint, encoded))
