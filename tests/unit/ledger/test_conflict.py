"""Two records of what should be one ledger: where they differ, a file convicts who signed both."""

from collections.abc import Callable

import pytest

from hanpyo.errors import InvalidConflict
from hanpyo.ledger.conflict import check_conflict, contradiction_of
from hanpyo.ledger.record import RecordReader
from tests.helpers.consortium import MemberPlay
from tests.helpers.engine import record_of
from tests.helpers.parties import tiny_manifest


def record(cast: Callable[[MemberPlay], None], *, joins: bool = False) -> RecordReader:
    """Hold an election on a ledger of four, let ballots come, and give its record."""
    play = MemberPlay(4, manifest=tiny_manifest())
    if joins:
        play.add(play.join())
    play.voting()
    cast(play)
    files = record_of(play)
    return RecordReader(lambda: list(files), files.__getitem__)


def ballots(*voters: int) -> Callable[[MemberPlay], None]:
    def cast(play: MemberPlay) -> None:
        for voter in voters:
            play.add(play.cast(voter))

    return cast


@pytest.mark.parametrize("others", [(0, 2), (0, 2, 3), (1,), (2, 1, 0, 3, 4)])
def test_whoever_signed_both_is_convicted(others: tuple[int, ...]) -> None:
    one, other = record(ballots(0, 1)), record(ballots(*others))
    for pair in ((one, other), (other, one)):
        convicted = check_conflict(contradiction_of(*pair))
        assert len(convicted) >= 2, "two quorums of four have two members in common"


def test_a_ledger_that_went_on_is_no_contradiction() -> None:
    shorter, longer = record(ballots(0, 1)), record(ballots(0, 1, 2))
    for pair in ((shorter, longer), (longer, shorter), (longer, longer)):
        with pytest.raises(InvalidConflict, match="do not contradict"):
            contradiction_of(*pair)


def test_the_acts_before_the_difference_say_who_may_sign() -> None:
    one, other = record(ballots(0, 1), joins=True), record(ballots(1), joins=True)
    assert check_conflict(contradiction_of(one, other))


@pytest.mark.parametrize("place", [0, 1, 100, -1, -40])
def test_a_changed_file_convicts_nobody(place: int) -> None:
    data = bytearray(contradiction_of(record(ballots(0, 1)), record(ballots(0, 2, 3))))
    data[place] ^= 1
    with pytest.raises(InvalidConflict):
        check_conflict(bytes(data))
