"""What was acknowledged is on disk until it is decided, in the order in which it came."""

from pathlib import Path

from hanpyo.node.consortium.journal import Journal

ITEMS = [(bytes([number]) * 32, b"entry" * number) for number in (3, 1, 2)]


def test_what_was_kept_waits_in_its_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.keep(ITEMS[:2])
    journal.keep(ITEMS)  # handed in again
    journal.close()
    again = Journal(tmp_path / "journal.sqlite")
    assert list(again.waiting()) == ITEMS
    again.close()


def test_what_was_decided_is_dropped(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.keep(ITEMS)
    journal.drop([ITEMS[0][0], b"unknown"])
    journal.drop([])
    assert list(journal.waiting()) == ITEMS[1:]
    journal.close()
