"""The signed state outside the database."""

from pathlib import Path

from hanpyo.ledger.checkpoint import Checkpoint, sign_checkpoint
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.walking import walk_membership
from hanpyo.node.storage.last_checkpoint import PLACE_BYTES, LastCheckpoint
from tests.helpers.parties import genesis_entry, seed, signer


def keepers() -> Membership:
    return walk_membership([genesis_entry()])


def signed(size: int) -> Checkpoint:
    sign, cosign = signer("member", 0), signer("cosigner", 0)
    return sign_checkpoint(keepers(), size, seed("root", size), 1_000 + size, sign, cosign)


def read(path: Path) -> Checkpoint | None:
    file = LastCheckpoint(path)
    try:
        return file.read(keepers(), 0)
    finally:
        file.close()


def written(path: Path, *sizes: int) -> None:
    file = LastCheckpoint(path)
    file.read(keepers(), 0)
    for size in sizes:
        file.write(signed(size))
    file.close()


def test_a_new_file_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "last") is None


def test_the_newest_state_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "last"
    for size in range(1, 6):
        written(path, size)
        assert read(path) == signed(size)
    written(path, 6, 7, 8)
    assert read(path) == signed(8)


def test_a_torn_write_leaves_the_state_before(tmp_path: Path) -> None:
    path = tmp_path / "last"
    written(path, 1, 2, 3)
    data = path.read_bytes()
    for place in (0, 1):
        start = place * PLACE_BYTES
        for length in (0, 1, 100, 300):
            hole = data[start : start + length].ljust(PLACE_BYTES, b"\0")
            path.write_bytes(data[:start] + hole + data[start + PLACE_BYTES :])
            assert read(path) in {signed(2), signed(3)}
    path.write_bytes(data)


def test_after_a_torn_write_the_whole_state_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "last"
    written(path, 1, 2)
    data = path.read_bytes()
    path.write_bytes(bytes(PLACE_BYTES) + data[PLACE_BYTES:])
    written(path, 3)
    assert read(path) == signed(3)
    path.write_bytes(bytes(PLACE_BYTES) + path.read_bytes()[PLACE_BYTES:])
    assert read(path) == signed(2)


def test_a_state_that_somebody_else_signed_counts_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "last"
    written(path, 1)
    sign = signer("mallory")
    file = LastCheckpoint(path)
    file.read(keepers(), 0)
    file.write(sign_checkpoint(keepers(), 9, bytes(32), 9_000, sign, sign))
    assert file.read(keepers(), 0) == signed(1)
    file.close()
