"""Starting a validator's log: all of it is looked at before anything is signed."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hanpyo.errors import DamagedLedger, InvalidFile, Rejected
from hanpyo.ledger.admission import admit
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import Act, Consortium, decode_entry
from hanpyo.ledger.entry_index import EntryIndex
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import leaf_hash
from hanpyo.ledger.state import LedgerState
from hanpyo.ledger.walking import walk_membership
from hanpyo.node.chain.keeper import ChainKeeper
from hanpyo.node.storage.files import COMMITS, PublicTree, TreeComparison
from hanpyo.node.storage.folder import NodeFolder, number_of
from hanpyo.node.storage.last_checkpoint import LastCheckpoint
from hanpyo.node.storage.replay import Replay
from hanpyo.node.storage.store import Store, create_database

FOUNDING_BYTES_MAX = 65_535


def read_founding(path: Path) -> tuple[bytes, Consortium]:
    """Read the entry that founds a consortium's ledger.

    Raises:
        InvalidFile: it is missing, or no lawful founding entry.
    """
    try:
        with path.open("rb") as file:
            data = file.read(FOUNDING_BYTES_MAX + 1)
        walk_membership([data])
    except OSError as error:
        raise InvalidFile(f"{path}: cannot be read: {error.strerror}") from error
    except Rejected as error:
        raise InvalidFile(f"{path}: is no founding entry: {error.why}") from error
    entry = decode_entry(data)
    if not isinstance(entry, Act) or not isinstance(entry.body, Consortium):
        raise InvalidFile(f"{path}: founds no consortium")
    return data, entry.body


def found_log(folder: NodeFolder) -> None:
    """Begin the log with the founding entry, as block 1; where there is a log, leave it.

    Raises:
        InvalidFile: the founding entry cannot be read.
    """
    if folder.database.exists():
        return
    data, body = read_founding(folder.founding)
    draft = folder.database.with_name(folder.database.name + ".tmp")
    draft.unlink(missing_ok=True)
    create_database(draft)
    store = Store(draft)
    state = LedgerState(store.entry, 1)
    Founding(data, body).write(store, state)
    store.close()
    draft.replace(folder.database)


@dataclass(frozen=True, slots=True)
class Founding:
    """Entry 0 of a consortium's log."""

    data: bytes
    body: Consortium

    def write(self, store: Store, state: LedgerState) -> None:
        """Write block 1, which every member has from the start."""
        result = state.apply_block(admit(state.view.facts, [self.data], 1), self.body.time_unix_s)
        assert result.accepted, "the founding entry was checked"
        block = Block(1, result.time_unix_s, 1, leaf_hash(self.data), None, 0)
        store.append_block(block, [self.data], state.changed_rows())


@dataclass(frozen=True, slots=True)
class Begun:
    """A log that was looked at.

    Attributes:
        last: what this node signed last, `None` before it signed anything.
    """

    tree: PublicTree
    last: Checkpoint | None
    membership: Membership


def begin(keeper: ChainKeeper, folder: NodeFolder, threads: int) -> Begun:
    """Rebuild the ledger from its entries and compare all that is stored.

    A log that was set back is filled up again by the engine; nothing is signed until it has
    reached what this node signed before.

    Raises:
        DamagedLedger: what is stored contradicts itself.
    """
    index = EntryIndex()
    with closing(TreeComparison(folder.public, repair=True)) as files:
        files.besides.add(COMMITS)
        replay = Replay(keeper.store, folder.public, files, index, threads=threads)
        replay.run()
        tree = files.finish()
    membership = replay.state.view.membership
    if membership is None or not membership.is_consortium:
        raise DamagedLedger("no consortium keeps this ledger: use `hanpyo serve`")
    folder.take_named_keys(membership)
    number = number_of(folder.load_operator(), membership)
    with closing(LastCheckpoint(folder.last_checkpoint)) as file:
        last = None if number is None else file.read(membership, number)
    stored = keeper.store.root_at(last.size) if last is not None else None
    if last is not None and stored is not None and stored != last.root:
        raise DamagedLedger(f"the log contradicts the signed state of size {last.size}")
    keeper.take_up(replay.state, index, tree.growth.edge)
    return Begun(tree, last, membership)
