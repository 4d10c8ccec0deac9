"""Writes a validator's public files: only what block proofs and a quorum's checkpoint cover.

A block is proved by the header after it and the engine's signatures under that, which exist one
engine block later. So the files lag a moment behind the head; whoever copies them has a whole
record at any time.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from hanpyo.errors import DamagedLedger, ElectionError
from hanpyo.ledger.block_proofs import BlockProof, encode_proof
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.checkpoint import Checkpoint, encode_checkpoint
from hanpyo.ledger.merkle import leaf_hash
from hanpyo.node.storage.files import PublicTree, append_commits, complete_commits
from hanpyo.node.storage.store import Store

LOOK_SECONDS = 0.25  # between two looks for a header that is not there yet

# Gives a block's proof once the engine has it, `None` before.
ProofSource = Callable[[Block], BlockProof | None]
QuorumSource = Callable[[int], Checkpoint | None]  # a quorum's checkpoint over this size


class Publisher(threading.Thread):
    """Gathers proofs and grows the public files, in a thread of its own.

    Attributes:
        proven_height: the last block whose proof is on disk.
        round: in which the engine agreed on the block after it; 0 is the first try.
        absent: how many validators' signatures that lacks.
    """

    def __init__(
        self,
        store: Store,
        tree: PublicTree,
        public: Path,
        prove: ProofSource,
        quorum: QuorumSource,
        member_count: Callable[[], int],
        on_failure: Callable[[ElectionError], None],
    ) -> None:
        """Prepare; `start` runs it.

        Args:
            store: the node's database.
            tree: the public files, as they stand.
            public: their folder.
            prove: asks the engine.
            quorum: asks the cosignatures.
            member_count: how many members are active.
            on_failure: told when something stored contradicts itself.
        """
        super().__init__(name="ledger publisher", daemon=True)
        self._store = store
        self._tree = tree
        self._public = public
        self._prove = prove
        self._quorum = quorum
        self._member_count = member_count
        self._on_failure = on_failure
        self._wake = threading.Event()
        self._has_to_end = False
        self.proven_height = store.proof_height()
        self.round = self.absent = 0
        self._grown_height = _height_at(store, tree.growth.size)
        self._commits_height = min(self._grown_height, self.proven_height)
        self._published: Checkpoint | None = None
        complete_commits(public, store.proofs_until(self._commits_height))

    def wake(self) -> None:
        """Look now: something was committed or cosigned."""
        self._wake.set()

    def stop(self) -> None:
        """Stop, and return when the thread has ended."""
        self._has_to_end = True
        self._wake.set()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        """Publish what can be."""
        while not self._has_to_end:
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            try:
                self.step()
            except ElectionError as error:
                self._on_failure(error)
                return
            except OSError as error:  # a full disk: the files can be written again later
                self._on_failure(DamagedLedger(f"the public files cannot be written: {error}"))
                return

    def step(self) -> None:
        """Take the proofs that are there by now, and publish what they cover."""
        for block in self._unproven():
            proof = self._prove(block)
            if proof is None:
                break
            self._store.append_proof(block.height, encode_proof(proof))
            self.proven_height = block.height
            self.round = proof.round
            self.absent = max(0, self._member_count() - len(proof.precommits))
        for block in self._newest_first():
            checkpoint = self._quorum(block.size)
            if checkpoint is not None:
                self._publish(block.height, checkpoint)
                return

    def _unproven(self) -> Iterator[Block]:
        if self.proven_height < self._store.height:
            yield from self._store.blocks(self.proven_height + 1)

    def _newest_first(self) -> Iterator[Block]:
        """Give the proven blocks up to which the files can stand, the newest first."""
        blocks = []
        for block in self._store.blocks(max(self._grown_height, 1)):
            if block.height > self.proven_height:
                break
            blocks.append(block)
        return reversed(blocks)

    def _publish(self, height: int, checkpoint: Checkpoint) -> None:
        if checkpoint == self._published:
            return
        self._grow(height)
        self._append_commits(height)
        self._tree.publish(encode_checkpoint(checkpoint))
        self._published = checkpoint

    def _grow(self, height: int) -> None:
        for block in self._store.blocks(self._grown_height + 1):
            if block.height > height:
                break
            entries = list(self._store.entries(self._tree.growth.size, block.size))
            self._tree.add_block(block, entries, [leaf_hash(entry) for entry in entries])
            self._grown_height = block.height

    def _append_commits(self, height: int) -> None:
        append_commits(self._public, self._store.proofs_until(height, self._commits_height + 1))
        self._commits_height = height


def _height_at(store: Store, size: int) -> int:
    """Give the height of the block that ended at this size."""
    height = 0
    for block in store.blocks(1):
        if block.size > size:
            break
        height = block.height
    return height
