"""Files of a party: private, whole or not there, and read within limits."""

import os
from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile, InvalidQuery
from hanpyo.office.files import (
    check_private,
    create_folder,
    locked,
    parse_json,
    read_file,
    write_file,
    write_json,
)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_folders_and_files_are_private_whatever_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create_folder(tmp_path / "party")
        write_file(tmp_path / "party" / "deep" / "er" / "secret", b"x")
    finally:
        os.umask(before)
    assert mode(tmp_path / "party") == 0o700
    assert mode(tmp_path / "party" / "deep") == 0o700
    assert mode(tmp_path / "party" / "deep" / "er" / "secret") == 0o600


def test_a_used_folder_is_left_alone(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"x")
    with pytest.raises(InvalidQuery, match="not empty"):
        create_folder(tmp_path)
    with pytest.raises(InvalidQuery, match="cannot be made a folder"):
        create_folder(tmp_path / "a" / "b")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path / "a", b"old")

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InvalidQuery, match="a cannot be written: No space left on device"):
        write_file(tmp_path / "a", b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_reading_has_limits(tmp_path: Path) -> None:
    write_file(tmp_path / "a", bytes(10))
    assert read_file(tmp_path / "a", 10) == bytes(10)
    with pytest.raises(InvalidFile, match="larger than 9 bytes"):
        read_file(tmp_path / "a", 9)
    for missing in (tmp_path / "b", tmp_path):
        with pytest.raises(InvalidFile, match="no such file"):
            read_file(missing, 10)


def test_secrets_that_others_may_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.json"
    write_json(path, {})
    check_private(path)
    path.chmod(0o640)
    with pytest.raises(InvalidFile, match="chmod 600"):
        check_private(path)


def test_one_command_at_a_time_works_in_a_folder(tmp_path: Path) -> None:
    busy = pytest.raises(InvalidQuery, match="another command works")
    with locked(tmp_path), busy, locked(tmp_path):
        pass
    with locked(tmp_path):
        pass
    with pytest.raises(InvalidQuery, match="no folder of a party"), locked(tmp_path / "none"):
        pass


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff", "is not UTF-8"),
        (b'{\n"a": }', "line 2: not JSON"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": 1.5}', "no plain integer"),
        (b'{"a": NaN}', "not encodable|no plain integer"),
        (b'{"a": -1}', "outside 0..2"),
        (b"1" * 5_000, "not JSON of a size"),
        (b"[" * 100_000, "nests too deep"),
        (b"[" * 30 + b"]" * 30, "nests more than"),
        ('{"a": "\u202e"}'.encode(), "forbidden character"),
        ('{"a": "A\u030a"}'.encode(), "not in Unicode form NFC"),
    ],
)
def test_bad_json_is_explained(data: bytes, why: str) -> None:
    with pytest.raises(InvalidFile, match=f"x.json: .*({why})"):
        parse_json(data, "x.json")


def test_json_may_be_laid_out_as_its_writer_likes() -> None:
    assert parse_json(b'\xef\xbb\xbf{\n  "b": [1, true, null],\n  "a": "x"\n}\n', "x") == {
        "a": "x",
        "b": [1, True, None],
    }
