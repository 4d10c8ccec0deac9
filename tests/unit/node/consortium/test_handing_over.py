"""Adopting a log: what a new node begins with is checked whole, or not kept at all."""

import shutil
from pathlib import Path

import pytest

from hanpyo.errors import DamagedLedger, ElectionError, InvalidFile, InvalidQuery, Rejected
from hanpyo.ledger.entry import Consortium
from hanpyo.node.consortium.handing_over import adopt, founded_by, hand_over, read_log
from hanpyo.node.consortium.member_file import init_node
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.settings import NodeSettings
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.node.storage.store import Store
from tests.helpers.consortium import MemberPlay, consortium
from tests.helpers.engine import record_of
from tests.helpers.node import OPERATOR, Clock, NodePlay
from tests.helpers.parties import NOW, tiny_manifest

SETTINGS = NodeSettings("127.0.0.1:1", "127.0.0.1:2", "http://127.0.0.1:1")


def last_act(play: NodePlay, body: Consortium) -> bytes:
    """Give the operator's last act, signed by everybody."""
    signing = MemberPlay(1, is_single=True)
    signing.ledger_id = play.ledger_id
    return signing.hand_over(body)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Give the public files of a ledger that was handed over."""
    play = NodePlay(tmp_path / "ledger", tiny_manifest())
    play.voting()
    play.add(play.cast(0))
    entry = last_act(play, consortium(first=1, time_unix_s=NOW + 100))
    play.node.close()
    hand_over(NodeFolder(tmp_path / "ledger"), entry, play.clock)
    return tmp_path / "ledger" / "public"


@pytest.fixture
def node(tmp_path: Path) -> NodeFolder:
    return init_node(tmp_path / "node", "Library", SETTINGS)


def test_a_log_that_was_handed_over_is_adopted_whole(log: Path, node: NodeFolder) -> None:
    membership = adopt(node, log)
    assert membership.is_consortium
    assert sorted(membership.active) == [1, 2, 3, 4]
    store, (blocks, entries) = Store(node.database), read_log(log)
    assert list(store.blocks(1)) == blocks
    assert list(store.entries(0, store.size)) == list(entries)
    assert store.engine_height() == 0
    store.close()
    with pytest.raises(InvalidQuery, match="begun already"):
        adopt(node, log)


def test_nobody_else_goes_on_with_it(log: Path) -> None:
    with pytest.raises(InvalidQuery, match="handed over"):
        EmbeddedLedger.open(log.parent, Clock())


def test_the_live_ledger_stops_when_its_last_act_comes(tmp_path: Path) -> None:
    play = NodePlay(tmp_path / "ledger", tiny_manifest())
    verdicts = play.node.submit([last_act(play, consortium(first=1))]).verdicts
    with pytest.raises(InvalidQuery, match="handed over"):
        play.node.wait(verdicts[0].entry_hash, 20)
    with pytest.raises(InvalidQuery, match="handed over"):
        play.node.submit([last_act(play, consortium(first=1))])
    play.node.close()


def test_a_beginning_in_the_past_is_refused(tmp_path: Path) -> None:
    play = NodePlay(tmp_path / "ledger", tiny_manifest())
    entry = last_act(play, consortium(first=1, time_unix_s=NOW - 1))
    play.node.close()
    folder = NodeFolder(tmp_path / "ledger")
    with pytest.raises(Rejected, match="first time"):
        hand_over(folder, entry, play.clock)
    EmbeddedLedger.open(folder.root, play.clock).close()


def test_a_ledger_that_was_not_handed_over_is_refused(tmp_path: Path, node: NodeFolder) -> None:
    EmbeddedLedger.create(tmp_path / "single", OPERATOR, Clock()).close()
    with pytest.raises(InvalidQuery, match="was not handed over"):
        adopt(node, tmp_path / "single" / "public")
    assert not node.database.exists()


@pytest.mark.parametrize("name", ["blocks", "tile"])
@pytest.mark.parametrize("place", [10, -10])
def test_a_changed_log_is_refused_and_leaves_nothing(
    log: Path, node: NodeFolder, name: str, place: int
) -> None:
    changed = log.parent.parent / "changed"
    shutil.copytree(log, changed)
    files = [changed / name] if name == "blocks" else sorted((changed / "tile/entries").rglob("*"))
    path = max((each for each in files if each.is_file()), key=lambda each: each.stat().st_size)
    data = bytearray(path.read_bytes())
    data[place] ^= 4
    path.write_bytes(data)
    with pytest.raises(ElectionError):
        adopt(node, changed)
    assert not node.database.exists()
    assert adopt(node, log).is_consortium


def test_no_log_is_refused(tmp_path: Path, node: NodeFolder) -> None:
    with pytest.raises(InvalidFile, match="blocks"):
        adopt(node, tmp_path)
    (tmp_path / "blocks").write_bytes(b"")
    with pytest.raises(InvalidFile, match="cut off"):
        adopt(node, tmp_path)


def test_of_a_consortiums_own_ledger_only_the_founding_is_taken(
    tmp_path: Path, node: NodeFolder
) -> None:
    play = MemberPlay(4, manifest=tiny_manifest())
    play.voting()
    for name, data in record_of(play).items():
        path = tmp_path / "record" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert founded_by(tmp_path / "record") == (play.ledger_id, 4)
    assert sorted(adopt(node, tmp_path / "record").active) == [0, 1, 2, 3]
    assert node.founding.read_bytes() == next(iter(play.ledger.entries(0, 1)))
    assert not node.database.exists()


def test_another_process_is_not_disturbed(log: Path) -> None:
    folder = NodeFolder(log.parent)
    folder.hold()
    with pytest.raises(InvalidQuery, match="another process"):
        hand_over(NodeFolder(log.parent), b"")
    folder.release()
    with pytest.raises((DamagedLedger, InvalidQuery)):
        hand_over(NodeFolder(log.parent), b"")
