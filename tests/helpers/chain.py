"""A member's log under a consensus engine that the test plays, in one process."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from hanpyo.ledger.entry import Close
from hanpyo.node.abci.messages import abci
from hanpyo.node.chain.application import ChainApplication
from hanpyo.node.chain.keeper import ChainKeeper
from hanpyo.node.chain.start import begin, found_log
from hanpyo.node.chain.verdicts import VerdictCache
from hanpyo.node.consortium.batches import encode_batch
from hanpyo.node.storage.disk import PUBLIC, write_durably
from hanpyo.node.storage.folder import NodeFolder, Operator
from tests.helpers.consortium import MemberPlay, consortium_entry
from tests.helpers.parties import NOW, seed, tiny_manifest

SALT = bytes(8)
Step = tuple[int, list[bytes]]  # a block's time and entries


def member_operator(number: int) -> Operator:
    """Give a member's keys, as `tests.helpers.consortium` names them."""
    names = ("member", "cosigner", "gateway", "validator", "node")
    return Operator(f"Member {number}", *(seed(name, number) for name in names))


def election_steps() -> list[Step]:
    """Hold a small election up to its close, on a ledger of four; give its blocks after entry 0."""
    play = MemberPlay(4, manifest=tiny_manifest())
    play.voting()
    for voter in (0, 1, 2, 0):
        play.now += 1
        play.add(play.cast(voter))
    play.now += 60
    play.add(play.by_organizers(Close(play.now)))
    play.add_quorum()
    blocks = list(play.ledger.blocks(1))
    entries = list(play.ledger.entries(0, blocks[-1].size))
    return [(b.time_unix_s, entries[a.size : b.size]) for a, b in pairwise(blocks)]


class Chain:
    """One member's log.

    Attributes:
        keeper, application: anew after each `open`.
    """

    def __init__(self, path: Path, number: int = 0, clock: Callable[[], int] = lambda: NOW) -> None:
        """Found it."""
        self.folder = NodeFolder(path)
        self.folder.create(member_operator(number))
        write_durably(self.folder.founding, consortium_entry(), PUBLIC)
        found_log(self.folder)
        self._clock = clock
        self.open()

    def open(self) -> None:
        """Start the node's part, as after a crash: nothing but the disk is remembered."""
        self.keeper = ChainKeeper(self.folder, self._clock, 1)
        begin(self.keeper, self.folder, 1)
        self.verdicts = VerdictCache(lambda: self.keeper.state.view.facts, 1)
        self.application = ChainApplication(self.keeper, self.verdicts)

    def crash(self) -> None:
        """Lose everything that is not on disk, and start again."""
        self.close()
        self.open()

    def finalize(self, time_unix_s: int, *batches: bytes, height: int | None = None) -> bytes:
        """Let the engine decide a block; gives the application's hash."""
        height = self.keeper.engine_height + 1 if height is None else height
        request = abci.RequestFinalizeBlock(height=height, txs=batches, hash=b"")
        request.time.seconds = time_unix_s
        answer: bytes = self.application.finalize_block(request).app_hash
        return answer

    def commit(self) -> None:
        """Let the engine commit what it decided."""
        self.application.commit(abci.RequestCommit())

    def block(self, time_unix_s: int, *batches: bytes) -> bytes:
        """Decide and commit a block; gives the application's hash."""
        answer = self.finalize(time_unix_s, *batches)
        self.commit()
        return answer

    def run(self, steps: Sequence[Step]) -> bytes:
        """Decide and commit blocks of one batch each; gives the last hash."""
        root = b""
        for time_unix_s, entries in steps:
            root = self.block(time_unix_s, encode_batch(entries, SALT))
        return root

    def close(self) -> None:
        """Let the database go."""
        self.keeper.close()
