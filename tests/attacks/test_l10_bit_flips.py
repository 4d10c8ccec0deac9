"""L10: one bit flips anywhere in a node's files: it is found at the start or at the first read.

Nothing that a flip touched is ever served as valid.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hanpyo.errors import DamagedLedger, ElectionError
from hanpyo.ledger.merkle import check_inclusion, leaf_hash
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.storage.check import check_ledger
from tests.helpers.node import Clock, QuickPlay, served
from tests.helpers.parties import tiny_manifest, tiny_rows

FLIPS, FLIPS_NIGHTLY = 40, 500  # in each kind of file
ROWS = 270  # so that a bundle and a hash tile of ballots are full
PUBLIC = {
    "entries": "public/tile/entries/000",
    "newest entries": "public/tile/entries/001.p/*",
    "hashes": "public/tile/0/000",
    "newest hashes": "public/tile/0/001.p/*",
    "upper hashes": "public/tile/1/000.p/1",
    "blocks": "public/blocks",
    "checkpoint": "public/checkpoint",
}


@dataclass(frozen=True)
class Sound:
    """A ledger before anything happened to it.

    Attributes:
        entries: all of them.
    """

    folder: Path
    entries: list[bytes]

    def copy(self, place: Path) -> Path:
        shutil.rmtree(place, ignore_errors=True)
        return Path(shutil.copytree(self.folder, place))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    folder = tmp_path_factory.mktemp("l10") / "node"
    play = QuickPlay(folder, tiny_manifest(), tiny_rows(ROWS))
    play.voting()
    play.node.submit([play.cast(row) for row in range(ROWS)])
    play.node.close()
    with EmbeddedLedger.open(folder, Clock()) as ledger:
        entries = list(ledger.entries(0, ledger.head.size))
    return Sound(folder, entries)


@pytest.fixture
def flips(request: pytest.FixtureRequest) -> int:
    return FLIPS_NIGHTLY if request.config.getoption("--nightly") else FLIPS


def flipped(path: Path, count: int) -> Iterator[tuple[int, Callable[[], None]]]:
    """Flip bits of a file one after another, each back before the next."""
    data = path.read_bytes()
    chance = random.Random(path.name)
    for _ in range(count):
        at, bit = chance.randrange(len(data)), chance.randrange(8)
        changed = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
        yield at, lambda changed=changed: path.write_bytes(changed)  # type: ignore[misc]
    path.write_bytes(data)


@pytest.mark.parametrize("kind", PUBLIC)
def test_l10_a_flip_in_a_public_file_is_named_at_the_start(
    sound: Sound, tmp_path: Path, kind: str, flips: int
) -> None:
    folder = sound.copy(tmp_path / "node")
    (path,) = folder.glob(PUBLIC[kind])
    name = path.relative_to(folder).as_posix()
    for at, flip in flipped(path, max(4, flips // len(PUBLIC))):
        flip()
        with pytest.raises(DamagedLedger, match=name):
            EmbeddedLedger.open(folder, Clock())
        faults = check_ledger(folder).faults
        assert any(name in fault for fault in faults), (at, faults)


def test_l10_a_flip_in_the_database_is_found_or_harmless(
    sound: Sound, tmp_path: Path, flips: int
) -> None:
    folder = sound.copy(tmp_path / "node")
    found = 0
    for at, flip in flipped(folder / "ledger.sqlite", flips):
        flip()
        try:
            ledger = EmbeddedLedger.open(folder, Clock())
        except ElectionError:
            found += 1
            continue
        with ledger:  # the byte was in a place that holds nothing
            served_entries = list(ledger.entries(0, len(sound.entries)))
            assert served_entries == sound.entries, f"byte {at}"
        shutil.rmtree(folder)
        sound.copy(folder)
    assert found > flips // 2, "most of the database is entries and view rows"


def test_l10_a_flip_in_the_last_checkpoint_leaves_the_other_copy(
    sound: Sound, tmp_path: Path, flips: int
) -> None:
    folder = sound.copy(tmp_path / "node")
    for _, flip in flipped(folder / "last-checkpoint", flips // 4):
        flip()
        with EmbeddedLedger.open(folder, Clock()) as ledger:
            assert ledger.alarm is None
            assert ledger.head.size == len(sound.entries)


@pytest.mark.parametrize("kind", ["entries", "hashes"])
def test_l10_a_flip_while_running_is_never_served(sound: Sound, tmp_path: Path, kind: str) -> None:
    folder = sound.copy(tmp_path / "node")
    with EmbeddedLedger.open(folder, Clock()) as ledger:
        path = folder / PUBLIC[kind]
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))
        if kind == "hashes":
            with pytest.raises(DamagedLedger, match="tile/0/000"):
                ledger.inclusion(5, ledger.head.size)
            assert ledger.alarm is not None
            with pytest.raises(DamagedLedger):
                ledger.checkpoint()
        else:  # bundles are made from the database, which was not touched
            with served(ledger) as url, RemoteLedger(url) as remote:
                checkpoint = remote.checkpoint()
                for index in (0, 100, 255):
                    (entry,) = remote.entries(index, index + 1)
                    proof = remote.inclusion(index, checkpoint.size)
                    leaf = leaf_hash(entry)
                    check_inclusion(leaf, index, checkpoint.size, proof, checkpoint.root)
                    assert entry == sound.entries[index]
