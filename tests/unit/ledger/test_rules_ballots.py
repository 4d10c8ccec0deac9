"""Cast ballots (C06, C15, C16, C17, C18)."""

from dataclasses import replace

import pytest

from hanpyo.errors import Rejected
from hanpyo.ledger.admission import admit
from hanpyo.ledger.entry import (
    ORGANIZER,
    REGISTRAR,
    Cast,
    Pause,
    decode_entry,
    encode_entry,
)
from tests.helpers.election import Play
from tests.helpers.parties import seed, tiny_manifest


def opened(entry: bytes) -> Cast:
    cast = decode_entry(entry)
    assert isinstance(cast, Cast)
    return cast


def test_a_ballot_counts_for_its_row() -> None:
    play = Play().voting()
    (index,) = play.add(play.cast(1))
    state = play.election.roll.state(1)
    assert (state.sequence, state.recorded, state.counted) == (1, 1, index)
    assert [sum(p.ballots for p in play.election.sums.counts(contest)) for contest in (0, 1)] == [
        1,
        1,
    ]


def test_l14_the_very_same_ballot_is_recorded_once() -> None:
    play = Play().voting()
    ballot = play.cast(0)
    play.add(ballot)
    play.ledger._indexes.clear()
    assert play.refused(ballot) == "C16"


def test_l14_a_ballot_in_the_log_is_refused_as_that_in_any_phase() -> None:
    play = Play().voting()
    first, second, own = play.cast(0), play.cast(0), play.cast(1)
    play.add(first, second, own)
    play.add(play.replace(1, 1, (ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 0)))
    play.add(play.by_organizers(Pause("a pause")))
    play.ledger._indexes.clear()
    for known in (first, second, own):
        assert play.refused(known) == "C16"
    for new in (play.cast(0), play.cast(0, sequence=1, fresh=1), play.cast(1, fresh=1)):
        assert play.refused(new) == "C15"
    assert play.refused(play.cast(2, device=1)) == "C15"


def test_l14_a_ballot_and_its_copy_in_one_block_around_a_pause() -> None:
    play = Play().voting()
    ballot, pause = play.cast(0), play.by_organizers(Pause("a pause"))
    items = admit(play.view.facts, [ballot, ballot, pause, ballot, play.cast(1)], 1)
    verdicts = play.state.apply_block(items, play.now).verdicts
    checks = [each.check if isinstance(each, Rejected) else "" for each in verdicts]
    assert checks == ["", "C16", "", "C16", "C15"]


def test_sequence_0_is_a_matter_of_form() -> None:
    play = Play().voting()
    assert play.refused(play.cast(0, sequence=0)) == "C16"
    assert play.refused(encode_entry(replace(opened(play.cast(0)), sequence=0))) == "C16"


@pytest.mark.parametrize(
    ("last", "sequence", "is_taken"),
    [
        (0, 1, True),
        (0, 8, True),
        (0, 9, False),
        (5, 4, False),
        (5, 5, False),
        (5, 6, True),
        (5, 13, True),
        (5, 14, False),
    ],
)
def test_e15_sequence_numbers_rise_by_at_most_eight(
    last: int, sequence: int, is_taken: bool
) -> None:
    play = Play().voting()
    if last:
        play.add(play.cast(0, sequence=last))
    ballot = play.cast(0, sequence=sequence, fresh=1)
    if is_taken:
        play.add(ballot)
        assert play.election.roll.state(0).sequence == sequence
    else:
        assert play.refused(ballot) == "C16"


def test_a_row_records_so_many_ballots_and_no_more() -> None:
    play = Play(tiny_manifest(ballots_per_row=2)).voting()
    play.add(play.cast(0))
    play.add(play.cast(0))
    assert play.refused(play.cast(0)) == "C16"
    assert play.election.roll.state(0).recorded == 2


def test_a_credential_that_is_no_row_s_is_refused() -> None:
    play = Play().voting()
    assert play.refused(play.cast(0, device=1)) == "C16"
    play.add(play.replace(0, 1))
    assert play.refused(play.cast(0)) == "C16"
    play.add(play.cast(0, device=1))


def test_a_ballot_of_another_style_is_refused() -> None:
    play = Play().voting()
    play.rows[0] = play.rows[0]._replace(style=1)
    assert play.refused(play.cast(0)) == "C16"


def test_a_ballot_of_no_style_or_wrong_length_is_refused() -> None:
    play = Play().voting()
    cast = opened(play.cast(0))
    for wrong in (
        replace(cast, style=2),
        replace(cast, style=1),
        replace(cast, ballot=cast.ballot[:-32]),
        replace(cast, ballot=cast.ballot + bytes(32)),
        replace(cast, ballot=cast.ballot[:-1]),
    ):
        assert play.refused(encode_entry(wrong)) == "C16"


def test_e07_points_and_scalars_that_are_none_are_refused() -> None:
    play = Play().voting()
    cast = opened(play.cast(0))
    identity, no_point, no_scalar = bytes(32), b"\xff" * 32, b"\xff" * 32
    for wrong in (
        replace(cast, credential=identity),
        replace(cast, credential=no_point),
        replace(cast, ballot=identity + cast.ballot[32:]),
        replace(cast, ballot=no_point + cast.ballot[32:]),
        replace(cast, ballot=cast.ballot[:-32] + no_scalar),
        replace(cast, signature=cast.signature[:32] + no_scalar),
        replace(cast, signature=no_point + cast.signature[32:]),
    ):
        assert play.refused(encode_entry(wrong)) in {"C16", "C17"}


def test_a_signature_that_does_not_hold_is_refused() -> None:
    play = Play().voting()
    cast = opened(play.cast(0))
    other = opened(play.cast(0, fresh=1))
    for wrong in (
        replace(cast, sequence=2),
        replace(cast, credential=play.credential(2)),
        replace(cast, ballot=other.ballot),
        replace(cast, signature=other.signature),
    ):
        assert play.refused(encode_entry(wrong)) == "C17"


def test_a_proof_that_does_not_hold_is_refused() -> None:
    play = Play().voting()
    cast = opened(play.cast(0))
    at = len(cast.ballot) - 32
    other = opened(play.cast(0, fresh=1))
    forged = cast.ballot[:at] + other.ballot[at:]
    assert play.refused(play.resigned(cast, forged, row=0)) == "C18"


def test_e01_a_copied_ballot_is_refused() -> None:
    play = Play().voting()
    victim = opened(play.cast(0))
    play.add(play.cast(0))
    assert play.refused(play.resigned(victim, victim.ballot, row=2)) == "C18"


def test_e21_a_ballot_of_another_election_is_refused() -> None:
    play, other = Play().voting(), Play(tiny_manifest(nonce=seed("another"))).voting()
    assert play.refused(other.cast(0)) == "C06"
    foreign = opened(other.cast(0))
    moved = replace(foreign, election=play.election_id)
    assert play.refused(encode_entry(moved)) == "C17"
    assert play.refused(play.resigned(foreign, foreign.ballot, row=0)) == "C18"


def test_no_ballot_is_taken_before_there_is_a_key() -> None:
    play, other = Play().rolled(), Play().voting()
    assert play.election_id == other.election_id
    assert play.refused(other.cast(0)) == "C15"


def test_no_ballot_is_taken_before_opening_or_after_closing() -> None:
    play = Play().rolled().keyed()
    assert play.refused(play.cast(0)) == "C15"
    play = Play().closed([1])
    assert play.refused(play.cast(0)) == "C15"
    assert play.refused(play.cast(1)) == "C15"


def test_the_phase_comes_after_the_proofs() -> None:
    play = Play().closed([1])
    cast = opened(play.cast(0))
    assert play.refused(encode_entry(replace(cast, style=2))) == "C16"
    assert play.refused(encode_entry(replace(cast, sequence=2))) == "C17"
