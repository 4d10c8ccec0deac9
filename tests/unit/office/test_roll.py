"""From the office's list to the ledger's roll and back to people: chunks, seal, changes, papers."""

from dataclasses import replace
from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile, InvalidQuery, Rejected
from hanpyo.ledger.entry import RollSeal
from hanpyo.office.desk import Desk
from hanpyo.office.roll import (
    begin_roll,
    change_body,
    check_roll_seal,
    chunk_entries,
    published_roll,
    seal_body,
)
from hanpyo.office.roll_file import Entitled
from tests.helpers.election import Play
from tests.helpers.offices import ADDRESS, MEMBERS, Office
from tests.helpers.parties import tiny_manifest


def change(office: Office, *entitled: Entitled) -> None:
    desk = office.desk()
    body = change_body(desk, published_roll(desk), *office.private.change(entitled))
    assert body is not None
    desk.send_act(desk.sign(desk.prepare(body), office.signers()).act)


def test_a_roll_is_published_and_sealed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.seal()
    election = office.play.election
    assert election.sealed_rows == len(MEMBERS)
    for number in range(len(MEMBERS)):
        invitation = office.invitation(number)
        row = election.roll.state(number).row
        member = next(each for each in MEMBERS if each.reference == invitation.reference)
        assert row.commitment == invitation.commitment
        assert (row.weight, row.style, row.district) == (
            member.weight,
            member.style,
            member.district,
        )
        assert (invitation.row, invitation.ledger) == (number, ADDRESS)


def test_p06_no_reference_and_no_salt_reach_the_ledger(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.seal()
    play = office.play
    log = b"".join(play.ledger.entries(0, play.state.log.size))
    for member in office.private.read():
        assert member.entitled.reference.encode() not in log
        assert member.salt not in log


def test_private_files_are_private(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.seal()
    for path in office.private.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    office.private.path.chmod(0o644)
    with pytest.raises(InvalidFile, match="others may read"):
        office.private.read()


def test_a_damaged_private_roll_is_named_and_not_quoted(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.publish()
    salt = office.private.read()[2].salt.hex()
    text = office.private.path.read_text()
    office.private.path.write_text(text.replace(salt, f"{salt[:-1]}x"))
    with pytest.raises(InvalidFile, match=r"roll\.csv: line 4: is damaged") as caught:
        office.private.read()
    assert salt[:20] not in str(caught.value)
    office.private.path.write_text("reference\n")
    with pytest.raises(InvalidFile, match="no private roll of this version"):
        office.private.read()


def test_an_interrupted_roll_goes_on_with_the_same_salts(tmp_path: Path) -> None:
    office = Office(tmp_path)
    desk = office.desk()
    before = begin_roll(desk, office.private, published_roll(desk), MEMBERS)
    office.seal()
    assert list(published_roll(office.desk()).rows) == before


def test_another_list_may_be_taken_up_until_rows_are_published(tmp_path: Path) -> None:
    office = Office(tmp_path)
    desk = office.desk()
    begin_roll(desk, office.private, published_roll(desk), MEMBERS[:2])
    office.publish(MEMBERS)
    with pytest.raises(InvalidQuery, match="another list is being published"):
        office.publish(MEMBERS[:2])


def test_rows_of_another_list_on_the_ledger_are_noticed(tmp_path: Path) -> None:
    play = Play().announced()
    play.add(play.chunk())
    office = Office(tmp_path, play)
    desk = office.desk()
    found = published_roll(desk)
    rows = sorted(member.row for member in office.private.begin(MEMBERS, is_published=False))
    with pytest.raises(InvalidQuery, match="rows of another list"):
        chunk_entries(desk, office.registrar, found, rows)


def test_a_sealed_roll_is_only_changed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.seal()
    with pytest.raises(InvalidQuery, match="the roll is sealed: use `hanpyo roll change`"):
        office.publish()


def test_a_roll_too_heavy_to_search_is_refused_before_anything_is_kept(tmp_path: Path) -> None:
    office = Office(tmp_path, Play(tiny_manifest(weights="guarded")).announced())
    heavy = [Entitled(f"m{n}", 2**32 - 1, 0, 0) for n in range(4097)]
    with pytest.raises(Rejected, match="2\\^44"):
        office.publish(heavy)
    assert not office.private.path.exists()


def test_large_rolls_are_cut_into_chunks(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.publish([Entitled(f"m{n}", 1, 0, 0) for n in range(1_001)])
    found = published_roll(office.desk())
    assert (found.chunks, len(found.rows), found.sealed) == (2, 1_001, False)


def test_members_are_added_and_changed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.seal()
    moved = replace(MEMBERS[1], district=2, style=0)
    change(office, moved, Entitled("late", 1, 1, 1))
    rows = published_roll(office.desk())
    office.private.invite(ADDRESS, rows.row_of())
    invitation = office.invitation(len(MEMBERS))
    assert invitation.reference == "late"
    assert rows.rows[len(MEMBERS)].commitment == invitation.commitment
    number = next(n for n in range(5) if office.invitation(n).reference == moved.reference)
    assert (rows.rows[number].style, rows.rows[number].district) == (0, 2)
    assert office.play.election.roll.state(number).row == rows.rows[number]
    desk = office.desk()
    assert change_body(desk, rows, *office.private.change([moved])) is None


def test_a_change_that_was_not_recorded_is_made_again_with_the_same_salt(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.seal()
    late = Entitled("late", 1, 1, 1)
    desk = office.desk()
    first = change_body(desk, published_roll(desk), *office.private.change([late]))
    again = change_body(desk, published_roll(desk), *office.private.change([late]))
    assert first == again


def test_changes_wait_for_the_seal_and_have_a_size(tmp_path: Path) -> None:
    office = Office(tmp_path)
    desk = office.desk()
    with pytest.raises(InvalidQuery, match="not sealed yet"):
        change_body(desk, published_roll(desk), [], [])
    office.seal()
    many = [Entitled(f"late {n}", 1, 0, 0) for n in range(1_001)]
    desk = office.desk()
    with pytest.raises(InvalidQuery, match="at most 1000 rows"):
        change_body(desk, published_roll(desk), *office.private.change(many))


def test_a_signer_sees_that_a_seal_fixes_the_published_rows(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.publish()
    desk = office.desk()
    body = seal_body(published_roll(desk).rows)
    check_roll_seal(desk, body)
    with pytest.raises(Rejected, match="does not fix the rows"):
        check_roll_seal(desk, RollSeal(body.count, body.weight + 1, body.digest))


def test_an_unknown_election_is_named(tmp_path: Path) -> None:
    play = Office(tmp_path).play
    with pytest.raises(InvalidQuery, match="this ledger has no election 00000"):
        Desk(play.ledger, ADDRESS, bytes(32), play.now)
