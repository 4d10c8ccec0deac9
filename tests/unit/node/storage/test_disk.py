"""Files that survive power cuts."""

from pathlib import Path

import pytest

from hanpyo.node.storage.disk import (
    PRIVATE,
    SECTOR_BYTES,
    is_torn,
    read_if_there,
    write_durably,
    write_plainly,
)

DUE = bytes(range(1, 256)) * 9  # 2,295 bytes without a zero


def test_a_durable_file_has_its_mode_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_durably(path, b"old", PRIVATE)
    write_durably(path, b"new", PRIVATE)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == PRIVATE
    assert list(tmp_path.iterdir()) == [path]


def test_a_plain_file_makes_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "tile" / "0" / "000"
    write_plainly(path, b"long content")
    write_plainly(path, b"short")
    assert path.read_bytes() == b"short"


def test_a_missing_file_is_none(tmp_path: Path) -> None:
    assert read_if_there(tmp_path / "nothing") is None


@pytest.mark.parametrize(
    "found",
    [
        b"",
        DUE,
        DUE[:1000],
        DUE[:SECTOR_BYTES] + bytes(SECTOR_BYTES) + DUE[2 * SECTOR_BYTES :],
        bytes(len(DUE)),
    ],
    ids=["nothing", "whole", "cut off", "a sector of zeros", "zeros"],
)
def test_what_a_power_cut_leaves_is_torn(found: bytes) -> None:
    assert is_torn(found, DUE)


@pytest.mark.parametrize(
    "found",
    [
        DUE + b"\1",
        DUE[:700] + b"\0" + DUE[701:],
        DUE[:700] + bytes([DUE[700] ^ 1]) + DUE[701:],
        DUE[1:],
    ],
    ids=["longer", "a zero", "a flip", "shifted"],
)
def test_what_somebody_wrote_is_not_torn(found: bytes) -> None:
    assert not is_torn(found, DUE)


def test_sectors_count_from_the_beginning_of_the_file() -> None:
    offset = 100
    hole = SECTOR_BYTES - offset
    assert is_torn(bytes(hole) + DUE[hole:], DUE, offset)
    assert not is_torn(bytes(hole) + DUE[hole:], DUE)
    assert not is_torn(bytes(hole - 1) + DUE[hole - 1 :], DUE, offset)
