"""The phases of an election and their times (C07, C15)."""

from collections.abc import Callable

import pytest

from hanpyo.ledger.entry import (
    ORGANIZER,
    REGISTRAR,
    Body,
    Cancel,
    Close,
    Decision,
    Extend,
    Lost,
    NotOpenable,
    Open,
    Outcome,
    Pause,
    Result,
    Resume,
    RollChunk,
    Row,
    Seal,
    Share,
)
from hanpyo.ledger.view import Phase
from tests.helpers.election import Play
from tests.helpers.parties import NOW, seed, tiny_manifest

ORGANIZED: list[Body] = [
    Open(NOW),
    Pause("x"),
    Resume("x"),
    Extend(NOW + 1, "x"),
    Close(NOW),
    Lost((1,), "x"),
    NotOpenable("x"),
]


def ready() -> Play:
    return Play().rolled().keyed()


def paused() -> Play:
    play = Play().voting()
    play.add(play.by_organizers(Pause("x")))
    return play


def canceled() -> Play:
    play = Play().voting()
    play.add(play.by_organizers(Cancel("x")))
    return play


@pytest.mark.parametrize(
    ("make", "allowed"),
    [
        (lambda: Play().announced(), ()),
        (ready, (Open,)),
        (lambda: Play().voting(), (Pause, Extend, Close)),
        (paused, (Resume, Extend, Close)),
        (lambda: Play().closed(), (Lost, NotOpenable)),
        (canceled, ()),
        (lambda: Play().tallied(), ()),
    ],
    ids=["draft", "ready", "voting", "paused", "closed", "canceled", "tallied"],
)
def test_acts_of_organizers_have_their_phases(
    make: Callable[[], Play], allowed: tuple[type[Body], ...]
) -> None:
    play = make()
    for body in ORGANIZED:
        if type(body) not in allowed:
            assert play.refused(play.by_organizers(body)) == "C15", body


@pytest.mark.parametrize(
    "make",
    [lambda: Play().announced(), ready, lambda: Play().voting(), paused],
    ids=["draft", "ready", "voting", "paused"],
)
def test_an_election_is_canceled_before_closing(make: Callable[[], Play]) -> None:
    play = make()
    play.add(play.by_organizers(Cancel("wrong title")))
    assert play.election.phase is Phase.CANCELED
    assert play.refused(play.by_organizers(Cancel("again"))) == "C15"


def test_e32_nothing_is_canceled_after_closing() -> None:
    play = Play().closed()
    assert play.refused(play.by_organizers(Cancel("we lose"))) == "C15"
    play = Play().tallied()
    assert play.refused(play.by_organizers(Cancel("we lost"))) == "C15"


@pytest.mark.parametrize("make", [lambda: Play().voting(), ready, paused, canceled])
def test_e22_nothing_is_decrypted_before_closing(make: Callable[[], Play]) -> None:
    play = make()
    assert play.refused(play.by_trustee(1, Seal(1, seed("x")))) == "C15"
    assert play.refused(play.by_trustee(1, Share(0, 0, bytes(96), bytes(64)))) == "C15"
    assert play.refused(play.act(Result(0, 0, (0,), 1, 1, (1, 2), (1, 0, 0)))) == "C15"
    assert play.refused(play.act(Outcome((Decision(4, (), ()),) * 2))) == "C15"


def test_the_roll_takes_no_chunk_later() -> None:
    body = RollChunk(0, (Row(seed("x"), 1, 0, 0),))
    for play in (ready(), Play().voting(), canceled()):
        assert play.refused(play.act(body, (REGISTRAR, 0))) == "C15"


def test_organizers_acts_are_numbered() -> None:
    play = Play().voting()
    due = play.election.organizer_acts + 1
    for number in (0, due - 1, due + 1):
        assert play.refused(play.by_organizers(Pause("x"), number)) == "C07"
    play.add(play.by_organizers(Pause("x"), due))


def test_e32_an_old_act_is_not_accepted_again() -> None:
    play = Play().voting()
    pause = play.by_organizers(Pause("x"))
    play.add(pause)
    play.add(play.by_organizers(Resume("x")))
    play.ledger._indexes.clear()
    assert play.refused(pause) == "C07"


@pytest.mark.parametrize(
    "signers", [(), ((ORGANIZER, 0),), ((ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 0))]
)
def test_w08_acts_of_organizers_need_their_quorum(signers: tuple[tuple[int, int], ...]) -> None:
    play = Play().voting()
    assert (
        play.refused(play.act(Pause("x"), *signers, number=play.election.organizer_acts + 1))
        == "C07"
    )


def test_voting_pauses_and_goes_on() -> None:
    play = paused()
    assert play.refused(play.cast(0)) == "C15"
    play.add(play.by_organizers(Resume("x")))
    play.add(play.cast(0, sequence=1))


@pytest.mark.parametrize(("time", "is_open"), [(0, True), (NOW, True), (NOW + 1, False)])
def test_l26_organizers_open_up_to_now(time: int, is_open: bool) -> None:
    play = ready()
    if is_open:
        play.add(play.by_organizers(Open(time)))
    else:
        assert play.refused(play.by_organizers(Open(time))) == "C15"


@pytest.mark.parametrize(
    ("time", "now", "is_open"),
    [
        (NOW + 9, NOW + 10, False),
        (NOW + 10, NOW + 10, True),
        (NOW + 10, NOW + 11, True),
        (NOW + 10, NOW + 9, False),
        (NOW + 19, NOW + 19, True),
        (NOW + 19, NOW + 20, False),
    ],
)
def test_l26_an_announced_opening_is_signed_by_nobody(time: int, now: int, is_open: bool) -> None:
    play = Play(tiny_manifest(opens=NOW + 10, closes=NOW + 20)).rolled().keyed()
    play.now = now
    if is_open:
        play.add(play.act(Open(time)))
        assert play.election.phase is Phase.VOTING
    else:
        assert play.refused(play.act(Open(time))) == "C15"


def test_an_announced_opening_takes_no_signature_and_no_number() -> None:
    play = Play(tiny_manifest(opens=NOW)).rolled().keyed()
    assert play.refused(play.by_organizers(Open(NOW))) == "C07"
    assert play.refused(play.act(Open(NOW), number=play.election.organizer_acts + 1)) == "C07"
    play.add(play.act(Open(NOW)))
    assert play.refused(play.act(Close(NOW), number=0)) == "C07"
    play.add(play.by_organizers(Close(NOW)))


def test_l26_voting_opened_by_organizers_is_closed_by_them() -> None:
    play = Play().voting()
    assert play.refused(play.by_organizers(Close(NOW - 1))) == "C15"
    assert play.refused(play.by_organizers(Close(NOW + 1))) == "C15"
    play.add(play.by_organizers(Close(NOW)))
    assert play.election.phase is Phase.CLOSED


def announced_end() -> Play:
    play = Play(tiny_manifest(opens=NOW, closes=NOW + 20)).rolled().keyed()
    play.add(play.act(Open(NOW)))
    return play


@pytest.mark.parametrize(
    ("time", "now", "is_closed"),
    [
        (NOW + 19, NOW + 25, False),
        (NOW + 20, NOW + 19, False),
        (NOW + 20, NOW + 20, True),
        (NOW + 22, NOW + 25, True),
        (NOW + 26, NOW + 25, False),
    ],
)
def test_l26_voting_closes_at_its_announced_end(time: int, now: int, is_closed: bool) -> None:
    play = announced_end()
    play.now = now
    if is_closed:
        play.add(play.act(Close(time)))
        assert play.election.phase is Phase.CLOSED
    else:
        assert play.refused(play.act(Close(time))) == "C15"


@pytest.mark.parametrize(
    ("end", "now", "is_extended"),
    [
        (NOW + 20, NOW, False),
        (NOW + 21, NOW + 19, True),
        (NOW + 30, NOW + 20, False),
    ],
)
def test_l26_an_end_is_extended_before_it_comes(end: int, now: int, is_extended: bool) -> None:
    play = announced_end()
    play.now = now
    if not is_extended:
        assert play.refused(play.by_organizers(Extend(end, "x"))) == "C15"
        return
    play.add(play.by_organizers(Extend(end, "x")))
    assert play.election.ends_unix_s == end
    assert play.refused(play.act(Close(NOW + 20))) == "C15"
    play.now = end
    play.add(play.act(Close(end)))


def test_voting_without_announced_end_is_not_extended() -> None:
    play = Play().voting()
    assert play.refused(play.by_organizers(Extend(NOW + 100, "x"))) == "C15"


def test_a_paused_election_closes_and_is_extended() -> None:
    play = announced_end()
    play.add(play.by_organizers(Pause("x")))
    play.add(play.by_organizers(Extend(NOW + 21, "x")))
    play.now += 21
    play.add(play.act(Close(NOW + 21)))
    assert play.election.phase is Phase.CLOSED


def test_voting_may_open_and_close_with_one_block_time() -> None:
    play = Play().voting()
    play.add(play.by_organizers(Close(NOW)))
    assert play.election.closing is not None
    assert play.election.closing.root == play.state.log.root()
    assert play.election.closing.size == play.state.log.size
