"""The public tree is the record, and is repaired where a power cut tore it."""

from pathlib import Path

import pytest

from hanpyo.errors import DamagedLedger
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.merkle import leaf_hash, root_of
from hanpyo.ledger.tiles import decode_bundle, record_paths, split_tile
from hanpyo.node.storage.files import PublicTree, TreeComparison, TreeGrowth

SIZES = (1, 2, 255, 256, 257, 700, 66_000)


class Log:
    """A log of small entries, in blocks that end at given sizes."""

    def __init__(self, *sizes: int) -> None:
        self.entries = [b"entry %d" % n for n in range(sizes[-1])]
        self.leaves = [leaf_hash(data) for data in self.entries]
        self.sizes = sizes

    def blocks(self):  # type: ignore[no-untyped-def]
        start = 0
        for height, size in enumerate(self.sizes, 1):
            block = Block(height, height, size, bytes(32), bytes(64))
            yield block, self.entries[start:size], self.leaves[start:size]
            start = size


def published(root: Path, log: Log) -> PublicTree:
    root.mkdir(exist_ok=True)
    tree = PublicTree(root, TreeGrowth(), set())
    for block, entries, leaves in log.blocks():
        tree.add_block(block, entries, leaves)
        tree.publish(b"checkpoint of %d" % block.size)
    return tree


def compared(root: Path, log: Log, *, repair: bool) -> TreeComparison:
    comparison = TreeComparison(root, repair=repair)
    try:
        for block, entries, leaves in log.blocks():
            comparison.add_block(block, entries, leaves)
        comparison.finish()
    finally:
        comparison.close()
    return comparison


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def folders_without_files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_the_folder_is_exactly_a_record_after_every_block(tmp_path: Path) -> None:
    root, log = tmp_path / "public", Log(*SIZES)
    root.mkdir()
    tree = PublicTree(root, TreeGrowth(), set())
    for block, entries, leaves in log.blocks():
        tree.add_block(block, entries, leaves)
        tree.publish(b"checkpoint")
        assert names(root) == {"checkpoint", "blocks", *record_paths(block.size)}
        assert not folders_without_files(root)


def test_tiles_hold_the_entries_and_their_hashes(tmp_path: Path) -> None:
    log = Log(3, 700)
    published(tmp_path, log)
    assert decode_bundle((tmp_path / "tile/entries/001").read_bytes()) == log.entries[256:512]
    assert split_tile((tmp_path / "tile/0/002.p/188").read_bytes()) == log.leaves[512:]
    roots = [root_of(log.leaves[:256]), root_of(log.leaves[256:512])]
    assert split_tile((tmp_path / "tile/1/000.p/2").read_bytes()) == roots


def test_what_the_newest_checkpoint_needs_is_there_before_it(tmp_path: Path) -> None:
    log = Log(3, 5)
    (first, *one), (second, *two) = log.blocks()
    tree = PublicTree(tmp_path, TreeGrowth(), set())
    tree.add_block(first, *one)
    tree.publish(b"old")
    tree.add_block(second, *two)
    assert {*record_paths(3), *record_paths(5)} <= names(tmp_path)
    assert tree.read_checkpoint() == b"old"
    tree.publish(b"new")
    assert names(tmp_path) == {"checkpoint", "blocks", *record_paths(5)}


@pytest.mark.parametrize("repair", [True, False])
def test_a_whole_folder_has_no_faults_and_is_not_touched(tmp_path: Path, repair: bool) -> None:
    log = Log(1, 300, 700)
    published(tmp_path, log)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in names(tmp_path)}
    assert compared(tmp_path, log, repair=repair).faults == []
    touched = {name for name in before if (tmp_path / name).stat().st_mtime_ns != before[name]}
    assert touched <= {"blocks"}


@pytest.mark.parametrize("name", ["blocks", "tile/0/000", "tile/entries/001", "tile/1/000.p/2"])
@pytest.mark.parametrize("left", [None, 0, 40], ids=["missing", "empty", "cut off"])
def test_what_a_power_cut_tore_is_written_again(
    tmp_path: Path, name: str, left: int | None
) -> None:
    log = Log(1, 300, 700)
    published(tmp_path, log)
    path = tmp_path / name
    data = path.read_bytes()
    if left is None:
        path.unlink()
    else:
        path.write_bytes(data[:left])
    assert any(name in fault for fault in compared(tmp_path, log, repair=False).faults)
    compared(tmp_path, log, repair=True)
    assert path.read_bytes() == data
    assert compared(tmp_path, log, repair=False).faults == []


@pytest.mark.parametrize("name", ["blocks", "tile/0/000", "tile/entries/002.p/188"])
def test_a_file_that_says_something_else_is_damage(tmp_path: Path, name: str) -> None:
    log = Log(1, 300, 700)
    published(tmp_path, log)
    path = tmp_path / name
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(DamagedLedger, match=name):
        compared(tmp_path, log, repair=True)
    assert path.read_bytes() == bytes(data)
    faults = compared(tmp_path, log, repair=False).faults
    assert [name in fault for fault in faults] == [True]


def test_what_older_blocks_left_is_removed(tmp_path: Path) -> None:
    log = Log(1, 300)
    published(tmp_path, log)
    old = tmp_path / "tile/0/001.p/7"
    old.write_bytes(b"old")
    (tmp_path / "checkpoint.tmp").write_bytes(b"draft")
    assert len(compared(tmp_path, log, repair=False).faults) == 2
    compared(tmp_path, log, repair=True)
    assert names(tmp_path) == {"checkpoint", "blocks", *record_paths(300)}


def test_a_foreign_file_is_reported_and_left(tmp_path: Path) -> None:
    log = Log(1, 300)
    published(tmp_path, log)
    (tmp_path / "robots.txt").write_text("Disallow: /")
    (tmp_path / "tile" / "link").symlink_to("/etc/passwd")
    faults = compared(tmp_path, log, repair=False).faults
    assert [fault.split()[0] for fault in faults] == ["public/robots.txt", "public/tile/link"]


def test_blocks_beyond_the_log_are_damage(tmp_path: Path) -> None:
    published(tmp_path, Log(1, 300, 301))
    (tmp_path / "tile/0/001.p/45").unlink()
    assert any("goes on" in fault for fault in compared(tmp_path, Log(1, 300), repair=False).faults)


def test_writing_goes_on_after_a_comparison(tmp_path: Path) -> None:
    whole, half = Log(1, 300, 700), Log(1, 300)
    root = tmp_path / "public"
    published(root, half)
    comparison = TreeComparison(root, repair=True)
    for block, entries, leaves in half.blocks():
        comparison.add_block(block, entries, leaves)
    tree = comparison.finish()
    comparison.close()
    *_, (block, entries, leaves) = whole.blocks()
    tree.add_block(block, entries, leaves)
    tree.publish(b"checkpoint of 700")
    other = tmp_path / "other"
    published(other, whole)
    assert names(root) == names(other)
    assert all((root / name).read_bytes() == (other / name).read_bytes() for name in names(root))
