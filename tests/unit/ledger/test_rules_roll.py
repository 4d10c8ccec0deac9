"""The roll and the credentials of its rows (C07, C11, C12, C15)."""

from dataclasses import replace

import pytest

from hanpyo.election.roll import Row, roll_digest
from hanpyo.ledger.entry import (
    ORGANIZER,
    REGISTRAR,
    ChangedRow,
    Close,
    Enroll,
    Enrollment,
    Open,
    Pause,
    Replace,
    RollChange,
    RollChunk,
    RollSeal,
)
from hanpyo.ledger.rules import roll as rules
from hanpyo.ledger.view import Phase
from tests.helpers.election import Play
from tests.helpers.parties import tiny_manifest, tiny_rows

HIGH = b"\xff" * 32  # a commitment above all others


def chunked() -> Play:
    play = Play().announced()
    play.add(play.chunk())
    return play


def sealed() -> Play:
    play = chunked()
    play.add(play.seal_roll())
    return play


def test_chunks_come_in_order() -> None:
    play = Play().announced()
    rows = tiny_rows(4)
    assert play.refused(play.by_registrar(RollChunk(1, tuple(rows)))) == "C11"
    play.add(play.by_registrar(RollChunk(0, tuple(rows[:2]))))
    assert play.refused(play.by_registrar(RollChunk(0, tuple(rows[2:])))) == "C11"
    play.add(play.by_registrar(RollChunk(1, tuple(rows[2:]))))
    assert [play.election.roll.state(n).row for n in range(4)] == rows


@pytest.mark.parametrize(
    "rows",
    [
        [Row(HIGH, 0, 0, 0)],
        [Row(HIGH, 2, 0, 0)],
        [Row(HIGH, 1, 2, 0)],
        [Row(HIGH, 1, 0, 3)],
        [Row(HIGH, 1, 0, 0), Row(HIGH, 1, 0, 0)],
        [Row(HIGH, 1, 0, 0), Row(bytes(32), 1, 0, 0)],
        [Row(bytes(31) + b"\x01", 1, 0, 0)],
    ],
    ids=repr,
)
def test_rows_are_valid_and_ascend_from_chunk_to_chunk(rows: list[Row]) -> None:
    play = chunked()
    assert play.refused(play.by_registrar(RollChunk(1, tuple(rows)))) == "C11"
    play.add(play.by_registrar(RollChunk(1, (Row(HIGH, 1, 1, 2),))))


def test_a_roll_has_a_largest_number_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rules.ROWS_MAX == 2**24
    monkeypatch.setattr(rules, "ROWS_MAX", 7)
    play = sealed()
    new = Row(HIGH[1:] + b"\x00", 1, 0, 0), Row(HIGH, 1, 0, 0)
    assert play.refused(play.by_both(RollChange(new, ()))) == "C11"
    play.add(play.by_both(RollChange(new[:1], ())))
    play = chunked()
    assert play.refused(play.by_registrar(RollChunk(1, new))) == "C11"
    play.add(play.by_registrar(RollChunk(1, new[:1])))


def test_weights_need_the_manifest_s_word() -> None:
    rows = tiny_rows(3, weight=2**32 - 1)
    play = Play(tiny_manifest(weights="guarded"), rows).announced()
    play.add(play.chunk())
    play.add(play.seal_roll())
    assert play.election.roll.total_weight == 3 * (2**32 - 1)
    play = Play(tiny_manifest(weights="guarded")).announced()
    too_heavy = (Row(HIGH, 2**32, 0, 0),)
    assert play.refused(play.by_registrar(RollChunk(0, too_heavy))) == "C11"


@pytest.mark.parametrize("change", [{"count": 5}, {"weight": 7}, {"digest": bytes(32)}], ids=str)
def test_a_seal_names_exactly_the_rows(change: dict[str, int | bytes]) -> None:
    play = chunked()
    body = RollSeal(6, 6, roll_digest(play.rows))
    assert play.refused(play.by_both(replace(body, **change))) == "C11"  # type: ignore[arg-type]
    play.add(play.by_both(body))
    assert play.election.sealed_rows == 6


def test_an_empty_roll_is_not_sealed() -> None:
    play = Play().announced()
    assert play.refused(play.by_both(RollSeal(0, 0, roll_digest([])))) == "C11"


def test_a_roll_beyond_the_bound_of_totals_is_not_sealed() -> None:
    heavy = 2**32 - 1
    rows = [Row(n.to_bytes(32, "big"), heavy, 0, 0) for n in range(4097)]
    play = Play(tiny_manifest(weights="revealing"), rows).announced()
    for number, start in enumerate(range(0, 4097, 1000)):
        play.add(play.by_registrar(RollChunk(number, tuple(rows[start : start + 1000]))))
    weight = 4097 * heavy
    assert weight >= 2**44
    assert play.refused(play.by_both(RollSeal(4097, weight, roll_digest(rows)))) == "C11"


def test_a_sealed_roll_takes_no_chunk_and_no_second_seal() -> None:
    play = sealed()
    assert play.refused(play.chunk()) == "C15"
    assert play.refused(play.seal_roll()) == "C15"


def test_rows_change_only_after_the_seal() -> None:
    play = chunked()
    row = Row(HIGH, 1, 0, 0)
    assert play.refused(play.by_both(RollChange((row,), ()))) == "C15"
    assert play.refused(play.enroll()) == "C15"


def test_new_rows_are_appended_in_their_order() -> None:
    play = sealed()
    new = (Row(bytes(32), 1, 1, 1), Row(HIGH, 1, 0, 2))
    play.add(play.by_both(RollChange(new, ())))
    assert len(play.election.roll) == 8
    assert play.election.roll.state(6).row == new[0]
    assert play.election.roll.total_weight == 8
    assert play.election.sealed_rows == 6


@pytest.mark.parametrize(
    "body",
    [
        RollChange((), ()),
        RollChange((Row(HIGH, 1, 0, 0), Row(bytes(32), 1, 0, 0)), ()),
        RollChange((Row(HIGH, 2, 0, 0),), ()),
        RollChange((tiny_rows(6)[3],), ()),
        RollChange((), (ChangedRow(6, 1, 0, 0),)),
        RollChange((Row(HIGH, 1, 0, 0),), (ChangedRow(6, 1, 0, 0),)),
        RollChange((), (ChangedRow(1, 1, 0, 0), ChangedRow(0, 1, 0, 0))),
        RollChange((), (ChangedRow(1, 1, 0, 0), ChangedRow(1, 1, 1, 0))),
        RollChange((), (ChangedRow(1, 2, 0, 0),)),
        RollChange((), (ChangedRow(1, 1, 2, 0),)),
        RollChange((), (ChangedRow(1, 1, 0, 3),)),
    ],
    ids=str,
)
def test_a_roll_change_that_breaks_a_condition_is_refused(body: RollChange) -> None:
    play = sealed()
    assert play.refused(play.by_both(body)) == "C11"


def test_a_commitment_appended_once_is_known() -> None:
    play = sealed()
    play.add(play.by_both(RollChange((Row(HIGH, 1, 0, 0),), ())))
    assert play.refused(play.by_both(RollChange((Row(HIGH, 1, 0, 0),), ()))) == "C11"


def test_rows_change_what_they_are_before_opening() -> None:
    play = sealed()
    play.add(play.by_both(RollChange((), (ChangedRow(0, 1, 1, 2), ChangedRow(5, 1, 0, 0)))))
    roll = play.election.roll
    assert roll.state(0).row == (play.rows[0].commitment, 1, 1, 2)
    assert roll.state(5).row == (play.rows[5].commitment, 1, 0, 0)
    assert roll.style_weights == [3, 3]


def test_after_opening_rows_are_only_appended() -> None:
    play = Play().voting()
    changed = RollChange((), (ChangedRow(0, 1, 1, 2),))
    assert play.refused(play.by_both(changed)) == "C11"
    play.add(play.by_both(RollChange((Row(HIGH, 1, 0, 0),), ())))
    assert len(play.election.roll) == 7


def test_a_roll_change_keeps_the_bound_of_totals() -> None:
    heavy = 2**32 - 1
    rows = [Row(n.to_bytes(32, "big"), heavy, 0, 0) for n in range(1000)]
    play = Play(tiny_manifest(weights="revealing"), rows).announced()
    play.add(play.chunk())
    play.add(play.seal_roll())
    for start in (1000, 2000, 3000):
        new = [Row((start + n).to_bytes(32, "big"), heavy, 0, 0) for n in range(1000)]
        play.add(play.by_both(RollChange(tuple(new), ())))
    new = [Row((4000 + n).to_bytes(32, "big"), heavy, 0, 0) for n in range(97)]
    assert play.refused(play.by_both(RollChange(tuple(new), ()))) == "C11"
    play.add(play.by_both(RollChange(tuple(new[:96]), ())))


def test_the_roll_is_sealed_and_changed_by_organizers_and_registrar() -> None:
    play = chunked()
    body = RollSeal(6, 6, roll_digest(play.rows))
    for signers in [
        ((REGISTRAR, 0),),
        ((ORGANIZER, 0), (ORGANIZER, 1)),
        ((ORGANIZER, 0), (REGISTRAR, 0)),
        ((ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 1)),
    ]:
        assert play.refused(play.act(body, *signers)) == "C07"
    assert play.refused(play.by_organizers(RollChunk(1, (Row(HIGH, 1, 0, 0),)), 0)) == "C07"


def test_w08_a_roll_is_not_changed_by_the_registrar_alone() -> None:
    play = sealed()
    body = RollChange((Row(HIGH, 1, 0, 0),), ())
    assert play.refused(play.by_registrar(body)) == "C07"
    assert play.refused(play.by_organizers(body)) == "C07"


def test_a_row_takes_one_credential() -> None:
    play = sealed()
    play.add(play.enroll(0, 1))
    assert play.election.roll.state(1).credential == play.credential(1)
    assert play.refused(play.by_registrar(Enroll((play.enrollment(0, device=1),)))) == "C12"


def test_rows_that_do_not_pass_are_ignored() -> None:
    play = sealed()
    play.add(play.enroll(0))
    again, fresh = play.enrollment(0, device=1), play.enrollment(1)
    twice = Enrollment(2, fresh.credential, play.possession_of(1, row=2))
    absent = Enrollment(6, play.credential(6), play.possession(6))
    play.add(play.by_registrar(Enroll((again, fresh, twice, absent))))
    roll = play.election.roll
    assert [roll.state(row).credential for row in range(3)] == [
        play.credential(0),
        play.credential(1),
        None,
    ]
    assert play.credential(0, device=1) not in roll.row_of


def test_a_row_stands_once_in_a_batch() -> None:
    play = sealed()
    play.add(play.by_registrar(Enroll((play.enrollment(0), play.enrollment(0, device=1)))))
    assert play.election.roll.state(0).credential == play.credential(0)


def test_every_proof_of_a_batch_must_hold() -> None:
    play = sealed()
    good = play.enrollment(0)
    for broken in [
        replace(play.enrollment(1), possession=good.possession),
        replace(play.enrollment(1), row=2),
        replace(play.enrollment(1), credential=bytes(32)),
        replace(play.enrollment(1), row=2**32),
    ]:
        assert play.refused(play.by_registrar(Enroll((good, broken)))) == "C12"


def test_a_batch_in_which_no_row_passes_is_refused() -> None:
    play = sealed()
    play.add(play.enroll(0))
    assert play.refused(play.by_registrar(Enroll((play.enrollment(0, device=1),)))) == "C12"
    assert play.refused(play.enroll(6)) == "C12"


def test_the_very_same_enrollment_never_stands_twice() -> None:
    play = sealed()
    play.add(play.enroll(0))
    play.ledger._indexes.clear()
    assert play.refused(play.enroll(0)) == "C07"


def test_e21_a_possession_of_another_election_does_not_hold() -> None:
    play = sealed()
    other = Play(tiny_manifest(nonce=bytes(32)))
    enrollment = replace(play.enrollment(0), possession=other.possession(0))
    assert play.refused(play.by_registrar(Enroll((enrollment,)))) == "C12"


def test_a_credential_is_replaced_at_most_five_times_before_voting() -> None:
    play = sealed()
    play.add(play.enroll(0))
    for device in range(1, 6):
        play.add(play.replace(0, device))
    assert play.refused(play.replace(0, 6)) == "C12"
    state = play.election.roll.state(0)
    assert state.credential == play.credential(0, 5)
    assert state.replaced == 5


def test_a_replacement_names_the_current_credential() -> None:
    play = sealed()
    play.add(play.enroll(0, 1))
    assert play.refused(play.replace(0, 2)) == "C12"
    assert play.refused(play.replace(2, 1)) == "C12"
    assert play.refused(play.replace(6, 1)) == "C12"
    play.add(play.replace(0, 1))
    back = Replace(0, play.credential(0, 1), play.credential(0), play.possession(0))
    assert play.refused(play.by_registrar(back)) == "C12"


def test_a_replacement_s_new_credential_is_new_and_proven() -> None:
    play = sealed()
    play.add(play.enroll(0, 1))
    old = play.credential(0)
    taken = Replace(0, old, play.credential(1), play.possession_of(1, row=0))
    assert play.refused(play.by_registrar(taken)) == "C12"
    unproven = Replace(0, old, play.credential(0, 1), play.possession(1))
    assert play.refused(play.by_registrar(unproven)) == "C12"
    nobody = Replace(0, old, bytes(32), bytes(64))
    assert play.refused(play.by_registrar(nobody)) == "C12"
    nowhere = Replace(2**40, old, play.credential(0, 1), play.possession(0, 1))
    assert play.refused(play.by_registrar(nowhere)) == "C12"


BOTH = ((ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 0))


def test_organizers_sign_a_replacement_exactly_when_the_row_has_voted() -> None:
    play = Play().voting()
    assert play.refused(play.replace(0, 1, *BOTH)) == "C07"
    play.add(play.cast(0))
    assert play.refused(play.replace(0, 1)) == "C07"
    assert play.refused(play.replace(0, 1, (ORGANIZER, 0), (REGISTRAR, 0))) == "C07"
    play.add(play.replace(0, 1, *BOTH))
    assert play.refused(play.replace(0, 2)) == "C07"
    for device in range(2, 8):
        play.add(play.replace(0, device, *BOTH))
    assert play.election.roll.state(0).replaced == 7


def test_e32_a_replaced_credential_s_ballot_counts_no_longer() -> None:
    play = Play().voting()
    play.add(play.cast(0), play.cast(2))
    play.add(play.replace(0, 1, *BOTH))
    state = play.election.roll.state(0)
    assert (state.counted, state.sequence, state.recorded) == (None, 0, 1)
    assert play.refused(play.cast(0)) == "C16"
    counts = play.election.sums.counts(0)
    assert sum(part.ballots for part in counts) == 1
    play.add(play.cast(0, device=1))
    assert play.election.roll.state(0).recorded == 2
    assert sum(part.ballots for part in play.election.sums.counts(0)) == 2


def test_credentials_are_given_until_closing() -> None:
    play = Play()
    play.rolled().keyed()
    extra = (Row(HIGH, 1, 0, 0),)
    play.add(play.by_both(RollChange(extra, ())))
    play.rows.append(extra[0])
    assert play.election.phase is Phase.READY
    play.add(play.by_organizers(Open(play.now)))
    play.add(play.enroll(6), play.replace(0, 1))
    play.add(play.by_organizers(Pause("x")))
    play.add(play.replace(1, 1))
    play.add(play.by_organizers(Close(play.now)))
    assert play.refused(play.replace(2, 1)) == "C15"
    assert play.refused(play.by_registrar(Enroll((play.enrollment(0, 2),)))) == "C15"
    assert play.refused(play.by_both(RollChange((Row(HIGH[1:] + b"\x00", 1, 0, 0),), ()))) == "C15"
