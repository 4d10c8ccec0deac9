"""The database."""

import sqlite3
from pathlib import Path

import pytest

from hanpyo.errors import DamagedLedger
from hanpyo.ledger.blocks import Block
from hanpyo.node.storage.store import Store, create_database


def block(height: int, size: int) -> Block:
    return Block(height, 1_000 + height, size, bytes([height]) * 32, bytes([height]) * 64)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    create_database(path)
    store = Store(path)
    store.append_block(block(1, 1), [b"genesis"], [(b"a", b"1")])
    store.append_block(block(2, 301), [b"%d" % n for n in range(300)], [(b"a", None), (b"b", b"2")])
    store.close()
    return path


@pytest.fixture
def store(path: Path):  # type: ignore[no-untyped-def]
    store = Store(path)
    yield store
    store.close()


def test_everything_is_read_back_after_a_restart(store: Store) -> None:
    assert (store.height, store.size) == (2, 301)
    assert list(store.blocks(1)) == [block(1, 1), block(2, 301)]
    assert list(store.blocks(2)) == [block(2, 301)]
    assert list(store.blocks(3)) == []
    assert list(store.entries(0, 301)) == [b"genesis", *(b"%d" % n for n in range(300))]
    assert list(store.entries(255, 258)) == [b"254", b"255", b"256"]
    assert store.entry(300) == b"299"
    rows = [(1, (b"a", b"1")), (2, (b"a", None)), (2, (b"b", b"2"))]
    assert list(store.view_rows()) == rows


def test_blocks_are_found_by_their_size(store: Store) -> None:
    assert store.root_at(301) == bytes([2]) * 32
    assert store.root_at(300) is None


def test_an_entry_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(DamagedLedger, match="301"):
        list(store.entries(300, 302))
    with pytest.raises(DamagedLedger):
        store.entry(301)


def test_a_block_is_kept_whole_or_not_at_all(store: Store) -> None:
    with pytest.raises(sqlite3.Error):
        store.append_block(block(2, 302), [b"new"], [])  # there is a block 2
    store.close()
    again = Store(store._path)
    assert (again.height, again.size) == (2, 301)
    again.close()


def test_blocks_go_on_after_a_restart(store: Store) -> None:
    store.append_block(block(3, 302), [b"new"], [(b"c", b"3")])
    assert store.entry(301) == b"new"
    assert list(store.view_rows())[-1] == (3, (b"c", b"3"))


def test_readers_of_other_threads_see_whole_blocks(store: Store) -> None:
    import threading

    found: list[bytes] = []
    thread = threading.Thread(target=lambda: found.extend(store.entries(0, 301)))
    thread.start()
    thread.join()
    assert len(found) == 301


@pytest.mark.parametrize(
    "content", [b"", b"no database at all" * 100, None], ids=["empty", "junk", "missing"]
)
def test_another_file_is_no_database_of_ours(path: Path, content: bytes | None) -> None:
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedLedger, match=r"ledger\.sqlite"):
        Store(path)


def test_entries_beyond_the_last_block_are_damage(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("DELETE FROM blocks WHERE height = 2")
    database.commit()
    database.close()
    with pytest.raises(DamagedLedger, match="301 entries, the blocks end at 1"):
        Store(path)


def test_no_index_is_sorted_by_a_hash(path: Path) -> None:
    """A block must cost the same however long the log is: tables grow at their end only."""
    database = sqlite3.connect(path)
    kinds = database.execute("SELECT type, name FROM sqlite_schema ORDER BY name").fetchall()
    database.close()
    assert kinds == [
        ("table", name) for name in ("blocks", "engine", "entries", "proofs", "view_rows")
    ]
