"""`ledger check`: rebuild everything from the entries, all proofs included, and compare.

A start believes the proofs that it checked once; this does not. It changes nothing, needs no key,
and works as well on a copy of a node's folder.
"""

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hanpyo.errors import DamagedLedger, InvalidCheckpoint
from hanpyo.ledger.admission import admit
from hanpyo.ledger.checkpoint import check_checkpoint, decode_checkpoint
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import leaf_hash
from hanpyo.node.storage.disk import read_if_there
from hanpyo.node.storage.files import CHECKPOINT, TreeComparison
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.node.storage.last_checkpoint import LastCheckpoint
from hanpyo.node.storage.replay import Progress, Replay
from hanpyo.node.storage.store import Store


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `ledger check` found.

    Attributes:
        size, height: entries and blocks in the database.
        faults: a sentence for each thing that does not follow from the entries, which it names.
    """

    size: int
    height: int
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def check_ledger(path: Path, threads: int = 1, progress: Progress | None = None) -> CheckReport:
    """Check a ledger's folder; no other process may hold it.

    Args:
        path: the folder.
        threads: how many threads Rust may use.
        progress: called with the entries checked so far and their number.

    Raises:
        InvalidQuery: there is no ledger, or another process holds it.
    """
    folder = NodeFolder(path)
    folder.hold()
    try:
        store = Store(folder.database)
    except DamagedLedger as damage:
        folder.release()
        return CheckReport(0, 0, (str(damage),))
    try:
        faults = _check(folder, store, threads, progress)
        return CheckReport(store.size, store.height, tuple(faults))
    finally:
        store.close()
        folder.release()


def _check(folder: NodeFolder, store: Store, threads: int, progress: Progress | None) -> list[str]:
    replay = Replay(store, folder.public, admit=admit, threads=threads)
    try:
        replay.run(progress=progress)
        files = _compare_files(folder, store)
    except DamagedLedger as damage:  # what comes after it cannot be judged
        return [str(damage)]
    membership = replay.state.view.membership
    if membership is None:
        return ["the log is empty"]
    return [*files, *_check_signed(folder, store, membership)]


def _compare_files(folder: NodeFolder, store: Store) -> list[str]:
    entries = store.entries(0, store.size)
    with closing(TreeComparison(folder.public, repair=False)) as comparison:
        for block in store.blocks(1):
            data = list(islice(entries, block.size - comparison.growth.size))
            comparison.add_block(block, data, [leaf_hash(each) for each in data])
        comparison.finish()
        return comparison.faults


def _check_signed(folder: NodeFolder, store: Store, membership: Membership) -> list[str]:
    """Check both copies of the newest signed state."""
    faults = []
    last = None
    if folder.last_checkpoint.exists():
        file = LastCheckpoint(folder.last_checkpoint)
        last = file.read(membership)
        file.close()
    if last is None:
        faults.append("last-checkpoint holds no signed state")
    elif store.root_at(last.size) != last.root:
        faults.append(f"the log lacks the state of size {last.size} in last-checkpoint")
    try:
        published = decode_checkpoint(read_if_there(folder.public / CHECKPOINT) or b"")
        check_checkpoint(published, membership)
        if published.size != store.size or store.root_at(published.size) != published.root:
            faults.append(f"public/{CHECKPOINT} is not the log's newest state")
    except InvalidCheckpoint as error:
        faults.append(f"public/{CHECKPOINT}: {error}")
    return faults
