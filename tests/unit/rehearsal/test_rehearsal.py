"""The rooms of a rehearsal one by one: parties, records, places of every kind, broken copies."""

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest

from hanpyo.errors import InvalidConsistency, InvalidQuery
from hanpyo.ledger.entry import Cast, decode_entry
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.storage.records import open_record
from hanpyo.rehearsal import Place, Player, break_copy, embedded, first_failure, verify_with_second
from hanpyo.rehearsal import demo_voters as town
from hanpyo.rehearsal.parties import Parties, draw_up
from hanpyo.rehearsal.records import beside, check_new, put_in_place
from hanpyo.rehearsal.voting import Vote, cast_all
from hanpyo.verify import Progress, verify_record
from tests.helpers.node import served

PEOPLE = 12


class Missing(type(Path())):  # type: ignore[misc]
    """A draft that vanishes before it gets its name."""

    def chmod(self, mode: int, *, follow_symlinks: bool = True) -> None:
        """Have nothing to change."""


def unseen(_done: int, _total: int) -> None:
    """Show nothing."""


def unwatched(_what: str) -> AbstractContextManager[Progress]:
    return nullcontext(unseen)


def play(place: Place, path: Path) -> tuple[Player, dict[str, dict[str, int]]]:
    """Hold a small election at a place, and write its record."""
    parties = Parties(bytes(32))
    player = Player(place, parties, town.demo_manifest(parties), 1)
    voters = town.demo_voters()[:PEOPLE]
    player.announce()
    player.make_key()
    player.seal_roll(voters)
    player.enroll(unseen)
    player.open()
    votes = [Vote(voter, town.wish(parties, voter)) for voter in voters]
    assert cast_all(player, votes, PEOPLE, 1, unseen) == PEOPLE
    player.close()
    player.write_record(path / "closed")
    player.verify_and_seal(path / "closed", unwatched)
    held = player.decrypt()
    player.write_record(path / "record")
    return player, held.totals()


def wished() -> dict[str, list[int]]:
    """Count the wishes in the open."""
    parties = Parties(bytes(32))
    park, projects = zip(
        *[town.wish(parties, voter) for voter in town.demo_voters()[:PEOPLE]], strict=True
    )
    return {
        "park": [sum(column) for column in zip(*park, strict=True)],
        "projects": [sum(column) for column in zip(*projects, strict=True)],
    }


@contextmanager
def remote(folder: Path) -> Iterator[Place]:
    """Give a place whose ledger is reached over HTTP alone."""
    with embedded(folder, Parties(bytes(32)).operator(), 1) as place:
        assert isinstance(place.ledger, EmbeddedLedger)
        with served(place.ledger) as address, RemoteLedger(address) as ledger:
            yield Place(ledger, ledger.announce)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("held")
    with embedded(path / "ledger", Parties(bytes(32)).operator(), 1) as place:
        _, totals = play(place, path)
    assert {name: list(each.values()) for name, each in totals.items()} == wished()
    return path / "record"


def test_the_record_holds_and_tells_the_same_totals(record: Path) -> None:
    report = verify_record(open_record(record))
    assert report.failures() == []
    assert {name: list(each.values()) for name, each in report.result().items()} == wished()


def test_parties_may_meet_at_a_remote_ledger(tmp_path: Path) -> None:
    with remote(tmp_path / "ledger") as place:
        _, totals = play(place, tmp_path)
    assert {name: list(each.values()) for name, each in totals.items()} == wished()
    assert verify_record(open_record(tmp_path / "record")).valid


def test_one_changed_byte_is_found_and_named_by_both_verifiers(
    record: Path, tmp_path: Path
) -> None:
    broken = break_copy(record, tmp_path / "copy")
    entry = decode_entry(list(open_record(record).entries())[broken.entry])
    assert isinstance(entry, Cast)
    ours = verify_record(open_record(tmp_path / "copy")).to_json()
    second = verify_with_second(tmp_path / "copy")
    assert second is not None
    for report in (ours, second):
        assert report["valid"] is False
        assert first_failure(report).startswith(f"entry {broken.entry}: ")
    assert first_failure(verify_record(open_record(record)).to_json()) == ""


def test_a_trustee_seals_no_record_that_does_not_hold(record: Path, tmp_path: Path) -> None:
    break_copy(record, tmp_path / "copy")
    parties = Parties(bytes(32))
    with embedded(tmp_path / "ledger", parties.operator(), 1) as place:
        player = Player(place, parties, town.demo_manifest(parties), 1)
        player.announce()
        with pytest.raises(InvalidConsistency, match="does not hold"):
            player.verify_and_seal(tmp_path / "copy", unwatched)


def test_the_roll_does_not_stand_in_the_order_of_the_list() -> None:
    roll = draw_up(Parties(secrets.token_bytes(32)), town.demo_voters())
    commitments = [row.commitment for row in roll.rows]
    assert commitments == sorted(commitments)
    assert [voter.number for voter in roll.voters] != list(range(town.ROLL_SIZE))


def test_secrets_of_two_seeds_names_or_numbers_differ() -> None:
    one, other = Parties(bytes(32)), Parties(bytes([1]) * 32)
    found = {one.secret("a"), one.secret("a", 1), one.secret("b"), other.secret("a")}
    assert len(found) == 4
    assert one.secret("a") == Parties(bytes(32)).secret("a")


def test_a_scratch_folder_is_gone_after_a_failure(tmp_path: Path) -> None:
    def fail_within() -> None:
        with beside(tmp_path / "deep" / "out") as scratch:
            (scratch / "file").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_within()
    assert list((tmp_path / "deep").iterdir()) == []


def test_a_place_in_use_is_refused(tmp_path: Path) -> None:
    check_new(tmp_path / "none")
    check_new(tmp_path)
    (tmp_path / "file").write_text("mine")
    for path in (tmp_path, tmp_path / "file"):
        with pytest.raises(InvalidQuery, match="not empty"):
            check_new(path)


def test_an_old_record_comes_back_when_the_new_one_cannot_be_put(tmp_path: Path) -> None:
    draft, path = tmp_path / "draft", tmp_path / "out"
    draft.mkdir()
    path.mkdir()
    (path / "old").write_text("old")
    with pytest.raises(FileNotFoundError):
        put_in_place(Missing(tmp_path / "missing"), path, tmp_path / "before")
    assert (path / "old").read_text() == "old"
    put_in_place(draft, path, tmp_path / "before")
    assert list(path.iterdir()) == []
    assert (tmp_path / "before" / "old").read_text() == "old"
