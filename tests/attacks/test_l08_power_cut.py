"""L08: power is cut at every write of a run; a restart always reaches a committed height.

Nothing that was acknowledged is ever lost, and the public files agree with the log again.
"""

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from hanpyo.errors import ElectionError
from hanpyo.ledger.walking import walk_membership
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.storage.check import _check_signed, _compare_files
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.node.storage.store import Store
from tests.attacks.power_cuts import Disk, Image, Operation, read_image, record, write_image
from tests.helpers.node import Clock

PROGRAM = """
import sys
from pathlib import Path
from tests.helpers.node import NodePlay
from tests.helpers.parties import tiny_manifest, tiny_rows

{before}
folder, votes = Path(sys.argv[1]), {votes}
rows = tiny_rows(max(6, votes // 3))
play = NodePlay(folder, tiny_manifest(), rows)
recorded = play.add
def add(*entries):
    indexes = recorded(*entries)
    (folder / f"acknowledged-{{max(indexes)}}").mkdir()
    return indexes
play.add = add
(folder / "acknowledged-1").mkdir()
play.voting()
for vote in range(votes):
    play.add(play.cast(vote % len(rows)))
play.node.close()
"""
CARELESS = """
from hanpyo.node.storage.store import Store
open_store = Store.__init__
def open_carelessly(self, path):
    open_store(self, path)
    self._writer.execute("PRAGMA synchronous = OFF")
Store.__init__ = open_carelessly
"""
VOTES, VOTES_NIGHTLY = 5, 185  # on top of the blocks that come before voting
ACKNOWLEDGED = "acknowledged-"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux's linker loads the recorder")
NO_CONTENT = {"ledger.sqlite-shm"}  # memory shared by the database's readers, made anew at a start


@dataclass(frozen=True)
class Run:
    """A recorded run.

    Attributes:
        roots: the root at each committed size.
        entries: all entries.
    """

    operations: list[Operation]
    roots: dict[int, bytes]
    entries: list[bytes]


def record_run(votes: int, place: Path, before: str = "") -> Run:
    folder = place / "node"
    operations = record(folder, PROGRAM.format(votes=votes, before=before), place)
    disk = Disk()
    for operation in operations:
        disk.apply(operation)
    assert disk.kept() == read_image(folder), "the recorder missed something"
    with EmbeddedLedger.open(folder, Clock()) as ledger:
        roots = {block.size: block.root for block in ledger.blocks(1)}
        return Run(operations, roots, list(ledger.entries(0, ledger.head.size)))


@pytest.fixture
def fast_folder() -> Iterator[Path]:
    """Give a folder in memory where there is one: thousands of disks are built in it."""
    memory = Path("/dev/shm")  # noqa: S108 a fresh folder in it, of our own
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@LINUX
def test_l08_a_power_cut_at_any_moment_loses_nothing_acknowledged(fast_folder: Path) -> None:
    run = record_run(VOTES, fast_folder)
    assert len(run.roots) >= 20
    cut_everywhere(run, fast_folder)


@LINUX
def test_l08_a_node_that_does_not_wait_for_its_disk_is_caught(fast_folder: Path) -> None:
    run = record_run(VOTES, fast_folder, CARELESS)
    with pytest.raises((AssertionError, pytest.fail.Exception), match="operation"):
        cut_everywhere(run, fast_folder)


@pytest.mark.nightly
@LINUX
def test_l08_the_same_over_two_hundred_blocks(fast_folder: Path) -> None:
    run = record_run(VOTES_NIGHTLY, fast_folder)
    assert len(run.roots) >= 200
    cut_everywhere(run, fast_folder)


def cut_everywhere(run: Run, place: Path) -> None:
    disk, acknowledged, seen = Disk(), 0, set()
    for number, operation in enumerate(run.operations):
        if operation.name == "mkdir" and operation.path.startswith(ACKNOWLEDGED):
            acknowledged = 1 + int(operation.path.removeprefix(ACKNOWLEDGED))
        disk.apply(operation)
        images = {
            "kept": disk.kept(),
            "dropped": disk.dropped(),
            "torn": disk.torn(random.Random(number)),
        }
        for name, image in images.items():
            for path in NO_CONTENT:
                image.pop(path, None)
            key = hash(frozenset(image.items())), acknowledged
            if key not in seen:
                seen.add(key)
                restart(run, image, acknowledged, place / "disk", f"operation {number}, {name}")


def restart(run: Run, image: Image, acknowledged: int, folder: Path, moment: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    write_image(image, folder)
    try:
        ledger = EmbeddedLedger.open(folder, Clock())
    except ElectionError as error:
        if acknowledged:
            pytest.fail(f"{moment}: {error}")
        return  # founding was cut short
    with ledger:
        size = ledger.head.size
        assert ledger.alarm is None, f"{moment}: {ledger.alarm}"
        assert size >= acknowledged, f"{moment}: {size} of {acknowledged} acknowledged entries"
        checkpoint = ledger.checkpoint()
        if size > 2:  # before, a start may list the gateway of a founding that was cut short
            assert checkpoint.root == run.roots[size], f"{moment}: not a committed state"
        assert list(ledger.entries(0, size))[:acknowledged] == run.entries[:acknowledged], moment
    assert record_faults(folder) == [], moment


def record_faults(folder: Path) -> list[str]:
    """Compare the public files and both signed states with the log."""
    place = NodeFolder(folder)
    with closing(Store(place.database)) as store:
        keepers = walk_membership([store.entry(0)])
        return [*_compare_files(place, store), *_check_signed(place, store, keepers)]
