"""The public tree: the record as files, which any web server can hand out (docs/protocol.md 13).

The writer's thread owns it. Nothing here waits for the disk: a block is in the database before its
files are written, and at the next start every file is compared with the log. One that a power cut
tore, or that is missing, is written again; one that says something else is damage.

Order within a block: tiles and blocks first, then `checkpoint`; then the partial tiles that the new
checkpoint no longer needs go. So whoever reads the checkpoint finds all that it covers.
"""

import filecmp
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from hanpyo.errors import DamagedLedger
from hanpyo.ledger.block_proofs import frame_proof
from hanpyo.ledger.blocks import Block, encode_block
from hanpyo.ledger.tiles import TILE_WIDTH, TileEdge, bundle_path, encode_bundle
from hanpyo.node.storage.disk import is_torn, read_if_there, write_plainly

CHECKPOINT, BLOCKS, COMMITS, TILES = "checkpoint", "blocks", "commits", "tile"

Files = Iterator[tuple[str, bytes]]


class TreeGrowth:
    """What each block adds to the files: pure bookkeeping, shared by writing and comparing.

    Attributes:
        edge: the hash tiles that are not full yet.
        bundle: the entries of the bundle that is not full yet.
    """

    def __init__(self) -> None:
        self.edge = TileEdge()
        self.bundle: list[bytes] = []

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.edge.size

    def extend(self, entries: Sequence[bytes], leaves: Sequence[bytes]) -> Files:
        """Add entries and give the tiles and bundles that they fill."""
        bundle = self.bundle
        number, at = self.size // TILE_WIDTH, 0
        while len(bundle) + len(entries) - at >= TILE_WIDTH:
            room = TILE_WIDTH - len(bundle)
            bundle.extend(entries[at : at + room])
            at += room
            yield bundle_path(number), encode_bundle(bundle)
            bundle.clear()
            number += 1
        bundle.extend(entries[at:])
        yield from self.edge.extend(leaves)

    def partial(self) -> Files:
        """Give the tiles and the bundle that are not full."""
        yield from self.edge.partial()
        if self.bundle:
            yield bundle_path(self.size // TILE_WIDTH, len(self.bundle)), encode_bundle(self.bundle)


class PublicTree:
    """The folder `public/`.

    Attributes:
        growth: what is not in full tiles yet.
    """

    def __init__(self, root: Path, growth: TreeGrowth, partial: set[str]) -> None:
        self._root = root
        self.growth = growth
        self._partial = partial  # the partial files of the published checkpoint
        self._due = partial  # those of the newest block

    def add_block(self, block: Block, entries: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        """Write the files of a block that the database holds.

        A full tile that is there stays as it is, since somebody may be reading it: a member's node
        writes hash tiles before a quorum has signed.
        """
        for path, data in self.growth.extend(entries, leaves):
            if not (self._root / path).exists():
                write_plainly(self._root / path, data)
        self._write_partial()
        with (self._root / BLOCKS).open("ab") as file:
            file.write(encode_block(block))

    def _write_partial(self) -> None:
        self._due = set()
        for path, data in self.growth.partial():
            write_plainly(self._root / path, data)
            self._due.add(path)

    def publish(self, checkpoint: bytes) -> None:
        """Put the checkpoint of the newest block in place of the last one."""
        draft = self._root / f"{CHECKPOINT}.tmp"
        write_plainly(draft, checkpoint)
        draft.replace(self._root / CHECKPOINT)
        kept = {path.rpartition("/")[0] for path in self._due}
        for path in sorted(self._partial - self._due):
            (self._root / path).unlink(missing_ok=True)
            folder = path.rpartition("/")[0]
            if folder not in kept:  # its tile is full now
                _remove_empty(self._root / folder)
        self._partial = self._due

    def read_checkpoint(self) -> bytes | None:
        """Give the published checkpoint, `None` where there is none."""
        return read_if_there(self._root / CHECKPOINT)


class TreeShadow:
    """Follows what the files should be without looking at them: they are another, later log's."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._growth = TreeGrowth()

    def add_block(self, _block: Block, entries: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        """Follow a block."""
        for _ in self._growth.extend(entries, leaves):
            pass

    def finish(self) -> PublicTree:
        """Give a tree to read by; nothing may be written with it."""
        return PublicTree(self._root, self._growth, set())


class TreeComparison:
    """Compares the public files with the log, block by block, and repairs what a power cut left.

    Attributes:
        faults: with `repair` off, every file that differs.
        besides: other files that belong there.
    """

    def __init__(self, root: Path, *, repair: bool) -> None:
        """Begin with an empty log.

        Args:
            root: the folder.
            repair: write what is missing or torn, and raise for damage; otherwise write nothing
                and gather all faults.
        """
        self._root = root
        self._repair = repair
        self._known: set[str] = set()
        self.growth = TreeGrowth()
        self.faults: list[str] = []
        self.besides: set[str] = set()
        self._blocks = _BlocksFile(root / BLOCKS, repair=repair)

    def add_block(self, block: Block, entries: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        """Compare the full tiles and the line that this block adds.

        Raises:
            DamagedLedger: a file contradicts the log; the message names it.
        """
        if not self._blocks.compare(encode_block(block)):
            self._fault(f"public/{BLOCKS} contradicts the log at block {block.height}")
        for path, data in self.growth.extend(entries, leaves):
            self._compare(path, data)

    def _compare(self, path: str, due: bytes) -> None:
        self._known.add(path)
        found = read_if_there(self._root / path)
        if found == due:
            return
        if found is not None and not (self._repair and is_torn(found, due)):
            self._fault(f"public/{path} contradicts the log")
        elif self._repair:
            write_plainly(self._root / path, due)
        else:
            self._fault(f"public/{path} is missing")

    def _fault(self, what: str) -> None:
        if self._repair:
            raise DamagedLedger(what)
        self.faults.append(what)

    def finish(self) -> PublicTree:
        """Compare the partial tiles and the end, and remove what older blocks left.

        Returns:
            The tree, ready for the next block.
        """
        partial = set()
        for path, data in self.growth.partial():
            self._compare(path, data)
            partial.add(path)
        if not self._blocks.finish():
            self._fault(f"public/{BLOCKS} goes on after the log's last block")
        for path in self.unknown():
            if not self._repair:
                self._fault(f"public/{path} does not belong there")
            elif path.startswith(f"{TILES}/") or path.endswith(".tmp"):
                (self._root / path).unlink()
                if path.startswith(f"{TILES}/"):
                    _remove_empty((self._root / path).parent)
        return PublicTree(self._root, self.growth, partial)

    def close(self) -> None:
        """Let the files go."""
        self._blocks.close()

    def unknown(self) -> Iterator[str]:
        """Name the files that are no part of the record."""
        expected = {*self._known, CHECKPOINT, BLOCKS, *self.besides}
        paths = (path for path in self._root.rglob("*") if path.is_symlink() or not path.is_dir())
        names = (path.relative_to(self._root).as_posix() for path in sorted(paths))
        return (name for name in names if name not in expected)


def _remove_empty(folder: Path) -> None:
    """Remove a folder of partial tiles once nothing is in it."""
    with suppress(OSError):
        folder.rmdir()


class _BlocksFile:
    """Reads `blocks` along with the log."""

    def __init__(self, path: Path, *, repair: bool) -> None:
        self._repair = repair
        if repair:
            path.parent.mkdir(exist_ok=True)
            path.touch()
        self._file = path.open("r+b") if repair else BytesIO(read_if_there(path) or b"")
        self._has_failed = False

    def compare(self, line: bytes) -> bool:
        """Compare the next line; tell whether all is well, or was repaired."""
        if self._has_failed:
            return True  # said once
        start = self._file.tell()
        found = self._file.read(len(line))
        if found == line:
            return True
        if self._repair and is_torn(found, line, start):
            self._file.seek(start)
            self._file.write(line)
            return True
        self._has_failed = True
        return False

    def finish(self) -> bool:
        """Tell whether the file ends where the log does, or was made to."""
        if self._has_failed:
            return True
        rest = self._file.read()
        if self._repair and not any(rest):
            self._file.truncate(self._file.tell() - len(rest))
        return not any(rest) if self._repair else not rest

    def close(self) -> None:
        self._file.close()


def append_commits(public: Path, proofs: Iterable[bytes]) -> None:
    """Append encoded block proofs to `commits`."""
    with (public / COMMITS).open("ab") as file:
        for data in proofs:
            file.write(frame_proof(data))


def complete_commits(public: Path, proofs: Iterable[bytes]) -> None:
    """Write `commits` anew where it does not hold exactly these proofs; no file for none."""
    path = public / COMMITS
    draft = path.with_name(path.name + ".tmp")
    with draft.open("wb") as file:
        for data in proofs:
            file.write(frame_proof(data))
    if draft.stat().st_size == 0 or (path.exists() and filecmp.cmp(path, draft, shallow=False)):
        draft.unlink()
    else:
        draft.replace(path)
