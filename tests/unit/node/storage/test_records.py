"""Records on disk: downloaded or copied whole, or not there at all."""

import os
from pathlib import Path

import pytest

from hanpyo.errors import DamagedRecord, InvalidQuery
from hanpyo.node.storage.records import (
    copy_record,
    download_record,
    list_files,
    open_record,
    write_folder,
)
from tests.helpers.election import Play


def files(path: Path) -> dict[str, bytes]:
    return {name: (path / name).read_bytes() for name in list_files(path)}


def test_a_downloaded_record_is_the_log(tmp_path: Path) -> None:
    play = Play().voting()
    size = download_record(play.ledger, tmp_path / "record", play.now)
    record = open_record(tmp_path / "record")
    assert size == record.size == play.state.log.size
    assert list(record.entries()) == list(play.ledger.entries(0, size))
    assert list(record.file_faults()) == []
    assert [block.size for block in record.blocks()][-1] == size


def test_a_copy_of_a_nodes_folder_leaves_out_what_came_later(tmp_path: Path) -> None:
    play = Play().announced()
    download_record(play.ledger, tmp_path / "public", play.now)
    kept = files(tmp_path / "public")
    play.add(play.chunk())
    download_record(play.ledger, tmp_path / "later", play.now)
    for name, data in files(tmp_path / "later").items():
        if name != "checkpoint":
            (tmp_path / "public" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "public" / name).write_bytes(data)
    copy_record(tmp_path / "public", tmp_path / "copy")
    assert files(tmp_path / "copy") == kept


def test_nothing_half_written_remains(tmp_path: Path) -> None:
    def broken() -> object:
        yield "a/b", b"x"
        raise DamagedRecord("C01", "c", "gone")

    with pytest.raises(DamagedRecord):
        write_folder(tmp_path / "record", broken())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
    write_folder(tmp_path / "record", [("a/b", b"x")])
    assert [each.name for each in tmp_path.iterdir()] == ["record"]
    with pytest.raises(InvalidQuery, match="not empty"):
        write_folder(tmp_path / "record", [("a/b", b"y")])
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InvalidQuery, match="not empty"):
        write_folder(tmp_path / "file", [("a/b", b"y")])


def test_strange_files_are_listed_with_a_slash(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("plain")
    (tmp_path / "folder").symlink_to("empty")
    os.mkfifo(tmp_path / "pipe")
    assert sorted(list_files(tmp_path)) == ["empty/", "folder/", "link/", "pipe/", "plain"]


def test_what_is_no_record_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="no such folder"):
        open_record(tmp_path / "nowhere")
    with pytest.raises(DamagedRecord, match="checkpoint"):
        open_record(tmp_path)
