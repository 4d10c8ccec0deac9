"""L11: an administrator edits a node's database or files, while it is stopped or while it runs.

An edited entry or tree node never verifies and is named; an edited view row is found when the view
is rebuilt: at a start, after closing, by `ledger check`. The node then stops cosigning and says so.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from hanpyo.errors import DamagedLedger
from hanpyo.ledger.entry import Close
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.embedded.writer import COSIGN_SECONDS
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.storage.check import check_ledger
from tests.helpers.node import PATIENCE_S, QuickPlay, served

# What an administrator may do, and what the node must say. `flip` changes the last byte.
EDITS = {
    "an entry": ("UPDATE entries SET data = flip(data) WHERE number = 5", "entry 5 was changed"),
    "a ballot": (
        "UPDATE entries SET data = flip(data) WHERE number = (SELECT max(number) FROM entries)",
        r"entry \d+ was changed",
    ),
    "genesis": ("UPDATE entries SET data = flip(data) WHERE number = 0", "entry 0 was changed"),
    "two entries swapped": (
        """UPDATE entries SET data = (SELECT data FROM entries AS other
        WHERE other.number = 13 - entries.number) WHERE number IN (6, 7)""",
        "entry 6 was changed",
    ),
    "an entry gone": ("DELETE FROM entries WHERE number = 5", "an entry .* is missing"),
    "the last entry gone": (
        "DELETE FROM entries WHERE number = (SELECT max(number) FROM entries)",
        "entries, the blocks end at",
    ),
    "an entry more": (
        "INSERT INTO entries SELECT max(number) + 1, data FROM entries",
        "entries, the blocks end at",
    ),
    "a view row": (
        "UPDATE view_rows SET value = flip(value) WHERE number = 20",
        "view row [a-z]+/.* was changed in block",
    ),
    "a view row's key": ("UPDATE view_rows SET name = x'00' WHERE number = 20", "view row"),
    "a view row gone": ("DELETE FROM view_rows WHERE number = 20", "view row 20 is missing"),
    "the last view row gone": (
        "DELETE FROM view_rows WHERE number = (SELECT max(number) FROM view_rows)",
        "view row .* was changed",
    ),
    "a view row more": (
        "INSERT INTO view_rows SELECT max(number) + 1, height, x'00', x'00' FROM view_rows",
        "view row .* too many",
    ),
    "a block's time": (
        "UPDATE blocks SET time_unix_s = time_unix_s + 1 WHERE height >= 5",
        "block 5 was changed",
    ),
    "a block's root": ("UPDATE blocks SET root = zeroblob(32) WHERE height = 5", "block 5: "),
    "a block's cosignature": (
        "UPDATE blocks SET cosignature = zeroblob(64) WHERE height = 5",
        "block 5 was changed",
    ),
    "a block gone": ("DELETE FROM blocks WHERE height = 5", "block 5 is missing"),
}


@pytest.fixture
def play(tmp_path: Path) -> QuickPlay:
    """Give a running node in the middle of voting."""
    play = QuickPlay(tmp_path / "node")
    play.voting()
    play.add(*[play.cast(row) for row in range(3)])
    return play


def edit(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite", isolation_level=None)) as database:
        database.create_function("flip", 1, lambda data: data[:-1] + bytes([data[-1] ^ 1]))
        changed = database.execute(statement).rowcount
        assert changed >= 1, f"nothing to edit: {statement}"


def wait_for_alarm(ledger: EmbeddedLedger) -> str:
    deadline = time.monotonic() + PATIENCE_S
    while ledger.alarm is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert ledger.alarm is not None
    return str(ledger.alarm)


@pytest.mark.parametrize("what", EDITS)
def test_l11_an_edit_while_stopped_is_named_and_nothing_is_signed(
    play: QuickPlay, what: str
) -> None:
    statement, due = EDITS[what]
    play.node.close()
    edit(play.folder, statement)
    signed = (play.folder / "last-checkpoint").read_bytes()
    with pytest.raises(DamagedLedger, match=due):
        EmbeddedLedger.open(play.folder, play.clock)
    assert (play.folder / "last-checkpoint").read_bytes() == signed
    report = check_ledger(play.folder)
    assert not report.is_sound
    if what != "genesis":
        with pytest.raises(DamagedLedger, match=due):
            raise DamagedLedger("\n".join(report.faults))


def test_l11_an_entry_edited_while_running_is_never_served(play: QuickPlay) -> None:
    with play.node, served(play.node) as url, RemoteLedger(url) as remote:
        assert remote.checkpoint().size == play.node.head.size
        edit(play.folder, EDITS["an entry"][0])
        assert len(list(play.node.entries(0, 5))) == 5
        with pytest.raises(DamagedLedger, match="entry 5 was changed"):
            list(play.node.entries(0, 6))
        with pytest.raises(DamagedLedger, match="entry 5 was changed"):
            list(remote.entries(5, 6))
        assert "entry 5" in wait_for_alarm(play.node)
        with pytest.raises(DamagedLedger):
            play.node.submit([play.cast(4)])


def test_l11_a_node_in_alarm_cosigns_no_more(play: QuickPlay) -> None:
    with play.node:
        edit(play.folder, EDITS["an entry"][0])
        with pytest.raises(DamagedLedger):
            list(play.node.entries(5, 6))
        signed = (play.folder / "last-checkpoint").read_bytes()
        play.now += 10 * COSIGN_SECONDS
        time.sleep(1.5)
        assert (play.folder / "last-checkpoint").read_bytes() == signed
        with pytest.raises(DamagedLedger):
            play.node.checkpoint()


def test_l11_a_view_row_edited_while_running_is_found_after_closing(play: QuickPlay) -> None:
    with play.node:
        edit(play.folder, EDITS["a view row"][0])
        play.now += 60
        play.node.submit([play.by_organizers(Close(play.now))])
        assert "view row" in wait_for_alarm(play.node)
        signed = (play.folder / "last-checkpoint").read_bytes()
        play.now += 10 * COSIGN_SECONDS
        time.sleep(1.5)
        assert (play.folder / "last-checkpoint").read_bytes() == signed


def test_l11_without_an_edit_closing_raises_no_alarm(play: QuickPlay) -> None:
    with play.node:
        play.now += 60
        (verdict,) = play.node.submit([play.by_organizers(Close(play.now))]).verdicts
        play.node.wait(verdict.entry_hash, PATIENCE_S)
        deadline = time.monotonic() + PATIENCE_S
        while play.node.is_replaying and time.monotonic() < deadline:
            time.sleep(0.01)
        assert play.node.alarm is None
    assert check_ledger(play.folder).is_sound


def test_l11_a_tile_edited_while_stopped_is_named(play: QuickPlay) -> None:
    play.node.close()
    (tile,) = (play.folder / "public/tile/0").glob("000.p/*")
    data = tile.read_bytes()
    tile.write_bytes(bytes(32) + data[32:])  # no power cut leaves a hole smaller than a sector
    with pytest.raises(DamagedLedger, match=r"public/tile/0/000\.p"):
        EmbeddedLedger.open(play.folder, play.clock)
    assert any("public/tile/0" in fault for fault in check_ledger(play.folder).faults)
