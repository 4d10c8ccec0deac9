"""`ledger check`: rebuild everything from the entries, all proofs included, and compare.

A start believes the proofs that it checked once; this does not. It changes nothing, needs no key,
and works as well on a copy of a node's folder.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hanpyo.errors import DamagedLedger, InvalidBlockProof, InvalidCheckpoint
from hanpyo.ledger.admission import admit
from hanpyo.ledger.block_proofs import BlockClaim, check_proof, decode_proof
from hanpyo.ledger.blocks import decode_blocks
from hanpyo.ledger.checkpoint import Checkpoint, check_checkpoint, decode_checkpoint
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import leaf_hash
from hanpyo.ledger.state import LedgerState
from hanpyo.ledger.tiles import TileEdge
from hanpyo.ledger.validators import ValidatorHistory
from hanpyo.node.storage.disk import read_if_there
from hanpyo.node.storage.files import BLOCKS, CHECKPOINT, COMMITS, TreeComparison
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
    if membership.is_consortium:
        proofs = _check_proofs(store, replay.state, threads)
        return [*files, *proofs, *_check_published(folder, store, replay.state)]
    return [*files, *_check_signed(folder, store, membership)]


def _compare_files(folder: NodeFolder, store: Store) -> list[str]:
    """Compare the public files, as far as they go."""
    size = _public_size(folder, store)
    entries = store.entries(0, size)
    with closing(TreeComparison(folder.public, repair=False)) as comparison:
        comparison.besides.update((COMMITS, *_tiles_ahead(store, size)))
        for block in store.blocks(1):
            if block.size > size:
                break
            data = list(islice(entries, block.size - comparison.growth.size))
            comparison.add_block(block, data, [leaf_hash(each) for each in data])
        comparison.finish()
        return comparison.faults


def _public_size(folder: NodeFolder, store: Store) -> int:
    """Give the size up to which the public files go: those of a consortium wait for a quorum."""
    newest = next(store.blocks(max(store.height, 1)), None)
    if newest is None or newest.engine_height is None:
        return store.size
    try:
        blocks = decode_blocks(read_if_there(folder.public / BLOCKS) or b"")
    except InvalidCheckpoint:
        return store.size
    return min(blocks[-1].size, store.size)


def _tiles_ahead(store: Store, size: int) -> Iterator[str]:
    """Name the full hash tiles that a member's node writes before a quorum has signed."""
    edge = TileEdge()
    for data in store.entries(0, store.size):
        for path, _ in edge.extend([leaf_hash(data)]):
            if edge.size > size:
                yield path


def _check_proofs(store: Store, state: LedgerState, threads: int) -> list[str]:
    """Check what the engine's validators signed, as far as it is here."""
    faults: list[str] = []
    history, root = ValidatorHistory(state.memberships), b""
    proofs = store.proofs(1)
    for block in store.blocks(1):
        if block.engine_height is not None:
            history.add_block(block.engine_height, block.size)
            membership = state.membership_at(block.size)
            assert membership is not None, "entry 0 is there"
            data = next(proofs, None)
            if data is None:
                break  # the engine has not given it yet
            try:
                claim = BlockClaim.of(block, root, membership, history)
                check_proof(decode_proof(data), claim, threads)
            except InvalidBlockProof as error:
                faults.append(f"the proof of block {block.height} was changed: {error}")
        root = block.root
    return faults


def _check_published(folder: NodeFolder, store: Store, state: LedgerState) -> list[str]:
    """Check a member's signed state, and what a quorum signed of the public files."""
    faults = []
    data = read_if_there(folder.public / CHECKPOINT)
    if data is not None:
        try:
            published = decode_checkpoint(data)
            membership = state.membership_at(published.size)
            if membership is None:
                raise InvalidCheckpoint("it is of a larger log")
            check_checkpoint(published, membership)
            if store.root_at(published.size) != published.root:
                raise InvalidCheckpoint("it is of another log")
        except InvalidCheckpoint as error:
            faults.append(f"public/{CHECKPOINT}: {error}")
    last = _last(folder, state.view.membership)
    if last is not None and store.root_at(last.size) not in {None, last.root}:
        faults.append(f"the log contradicts the state of size {last.size} in last-checkpoint")
    return faults


def _last(folder: NodeFolder, membership: Membership | None) -> Checkpoint | None:
    if membership is None or not folder.last_checkpoint.exists():
        return None
    with closing(LastCheckpoint(folder.last_checkpoint)) as file:
        return file.read(membership)


def _check_signed(folder: NodeFolder, store: Store, membership: Membership) -> list[str]:
    """Check both copies of the newest signed state."""
    faults = []
    last = _last(folder, membership)
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
