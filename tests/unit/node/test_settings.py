"""`node.toml`: what is written is read again, and every mistake is named."""

from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile
from hanpyo.node.settings import (
    NodeSettings,
    PeerSettings,
    WitnessSettings,
    read_settings,
    split_address,
    write_settings,
)

PEERS = (
    PeerSettings('The "Library"', "ab" * 20, "10.0.0.2:26656", "https://library.example"),
    PeerSettings("도서관", "cd" * 20, "[::1]:26656", "http://[::1]:8000"),
)
WITNESSES = (WitnessSettings("witness.example/w1", bytes(range(32)), "https://w.example/log"),)
SETTINGS = NodeSettings(
    *("127.0.0.1:8000", "10.0.0.1:26656", "https://node.example", "0.0.0.0:26656"),
    *(500, PEERS, WITNESSES),
)


def test_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_settings(tmp_path / "node.toml", SETTINGS)
    assert read_settings(tmp_path / "node.toml") == SETTINGS


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("listen =", "# listen ="), "listen"),
        (("commit_ms = 500", "commit_ms = 1"), "commit_ms"),
        (("commit_ms = 500", 'commit_ms = "500"'), "commit_ms"),
        (("commit_ms = 500", "comit_ms = 500"), "comit_ms"),
        (('p2p = "10.0.0.1:26656"', 'p2p = ""'), "p2p"),
        (("node_id =", "nodeid ="), "peer"),
        (("[[peers]]", "[peers"), "cannot be read"),
        (('key = "0001', 'key = "01'), "key"),
        (("witness.example/w1", "wit ness"), "spaces"),
        (("[[witnesses]]", "[[witnesses]]\nage = 3"), "a witness has"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    path = tmp_path / "node.toml"
    write_settings(path, SETTINGS)
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change, 1))
    with pytest.raises(InvalidFile, match=named):
        read_settings(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="cannot be read"):
        read_settings(tmp_path / "node.toml")


def test_addresses() -> None:
    assert split_address("127.0.0.1:8000") == ("127.0.0.1", 8000)
    assert split_address("[::1]:8000") == ("::1", 8000)
    for wrong in ("", "8000", ":8000", "host", "host:", "host:x", "host:70000", "host:-1"):
        with pytest.raises(InvalidFile, match="is no address"):
            split_address(wrong)


def test_only_loopback_is_local() -> None:
    assert NodeSettings("", "127.0.0.1:1", "").is_local
    assert not SETTINGS.is_local
