"""Rebuilding everything from the entries, and comparing it with what is stored.

This runs at every start, beside the work after an election closes, and for `ledger check`. The log
is what counts: blocks, roots, view rows and public files have to follow from it, and each that does
not is named. Nothing is signed before the comparison is done.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from hanpyo.encoding import decode_cbor
from hanpyo.errors import DamagedLedger, ElectionError, InvalidEncoding, Rejected
from hanpyo.ledger.admission import Admit, CheckedEntry, admit_known
from hanpyo.ledger.blocks import Block, check_block
from hanpyo.ledger.entry_index import EntryIndex
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import leaf_hash
from hanpyo.ledger.state import LedgerState
from hanpyo.ledger.tiles import HASH_BYTES, TILE_WIDTH, tile_path
from hanpyo.node.storage.disk import read_if_there
from hanpyo.node.storage.files import TreeComparison, TreeShadow
from hanpyo.node.storage.store import Store, ViewRow

Progress = Callable[[int, int], None]  # entries so far, and of how many


class Replay:
    """One pass over a log.

    Attributes:
        state: what the entries so far make of the ledger.
    """

    def __init__(
        self,
        store: Store,
        public: Path,
        files: TreeComparison | TreeShadow | None = None,
        index: EntryIndex | None = None,
        admit: Admit = admit_known,
        threads: int = 1,
    ) -> None:
        """Prepare.

        Args:
            store: the database.
            public: the public files, asked which entry was changed when a root differs.
            files: compares the public files along the way.
            index: is told where the entries stand.
            admit: `admit_known`, or `admit` to check all proofs again.
            threads: how many threads Rust may use.
        """
        self.state = LedgerState(store.entry, threads)
        self._index = index
        self._store = store
        self._public = public
        self._files = files
        self._admit = admit
        self._threads = threads
        self._founder: Membership | None = None

    def run(
        self,
        until_height: int | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
        progress: Progress | None = None,
    ) -> None:
        """Go through the log, up to a block or to the end, or until told to stop.

        Raises:
            DamagedLedger: something stored does not follow from the entries; the message names it.
        """
        entries = self._store.entries(0, self._store.size)
        rows = _RowsByBlock(self._store.view_rows())
        for block in self._store.blocks(1):
            if is_stopped() or (until_height is not None and block.height > until_height):
                return
            self._follow(block, entries)
            rows.compare(block.height, list(self.state.changed_rows()))
            if progress is not None:
                progress(block.size, self._store.size)
        rows.finish()

    def _follow(self, block: Block, entries: Iterator[bytes]) -> None:
        state, start = self.state, self.state.log.size
        self._founder = state.view.membership  # the block that hands a ledger over is still theirs
        if block.size <= start or block.time_unix_s < state.time_unix_s:
            raise DamagedLedger(f"block {block.height} does not follow the block before it")
        data = list(islice(entries, block.size - start))
        leaves = [leaf_hash(each) for each in data]
        state.begin_block(block.time_unix_s)
        accepted = self._judge(data, start)
        state.end_block()
        if state.log.root() != block.root:
            raise DamagedLedger(self._name_change(block, start, leaves))
        self._check_cosignature(block)
        if self._index is not None:
            self._index.add(state.view, start, accepted)
        if self._files is not None:
            self._files.add_block(block, data, leaves)

    def _judge(self, data: Sequence[bytes], start: int) -> list[CheckedEntry]:
        items = self._admit(self.state.view.facts, data, self._threads)
        accepted: list[CheckedEntry] = []
        for verdict in self.state.judge(items, again=self._admit):
            if isinstance(verdict, Rejected):
                why = f"entry {start + len(accepted)} was changed: a rule refuses it: {verdict.why}"
                raise DamagedLedger(why)
            accepted.append(verdict)
        return accepted

    def _check_cosignature(self, block: Block) -> None:
        if block.engine_height is not None:
            return  # its proof stands beside it
        membership = self._founder or self.state.view.membership
        assert membership is not None, "block 1 founds the ledger"
        try:
            check_block(block, membership)
        except ElectionError as error:
            raise DamagedLedger(f"block {block.height} was changed: {error}") from error

    def _name_change(self, block: Block, start: int, leaves: Sequence[bytes]) -> str:
        """Say which entry of a block was changed, as far as the published leaf hashes tell."""
        for index, leaf in enumerate(leaves, start):
            number, place = divmod(index, TILE_WIDTH)
            width = min(TILE_WIDTH, self._store.size - number * TILE_WIDTH)
            tile = read_if_there(self._public / tile_path(0, number, width)) or b""
            published = tile[HASH_BYTES * place : HASH_BYTES * (place + 1)]
            if published and published != leaf:
                return f"entry {index} was changed: it is not the one that was published"
        entries = f"an entry from {start} to {block.size - 1}, or its root,"
        return f"block {block.height}: {entries} was changed"


class _RowsByBlock:
    """The stored view rows, block by block."""

    def __init__(self, rows: Iterator[tuple[int, ViewRow]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def compare(self, height: int, due: Sequence[ViewRow]) -> None:
        for row in due:
            if self._next != (height, row):
                raise DamagedLedger(f"view row {_shown(row[0])} was changed in block {height}")
            self._next = next(self._rows, None)

    def finish(self) -> None:
        if self._next is not None:
            height, (name, _) = self._next
            raise DamagedLedger(f"view row {_shown(name)} of block {height} is one too many")


def _shown(name: bytes) -> str:
    """Write the key of a view row for people."""
    try:
        value = decode_cbor(name)
    except InvalidEncoding:
        return name.hex()
    parts = value if isinstance(value, list) else [value]
    return "/".join(part.hex() if isinstance(part, bytes) else str(part) for part in parts)
