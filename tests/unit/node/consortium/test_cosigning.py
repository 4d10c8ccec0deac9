"""Cosignatures: what a node signs, how a quorum of one size is gathered, and what convicts."""

from pathlib import Path

import pytest

from hanpyo.errors import DamagedLedger, InvalidCheckpoint
from hanpyo.ledger.checkpoint import Checkpoint, check_checkpoint, make_cosignature
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.walking import walk_membership
from hanpyo.node.consortium.cosigning import SIZES_KEPT, Conflict, Cosignatures, Cosigner
from hanpyo.node.storage.last_checkpoint import LastCheckpoint
from tests.helpers.chain import member_operator
from tests.helpers.consortium import consortium, consortium_entry, key_of, sign_with
from tests.helpers.node import Clock
from tests.helpers.parties import NOW, seed

MEMBERS = 4


class Gathering:
    """One node's gathering.

    Attributes:
        quorums, conflicts: what was told.
    """

    def __init__(self, members: int = MEMBERS) -> None:
        self.membership: Membership = walk_membership([consortium_entry(consortium(members))])
        self.quorums: list[Checkpoint] = []
        self.conflicts: list[Conflict] = []
        self.all = Cosignatures(
            lambda _: self.membership, self.quorums.append, self.conflicts.append
        )

    def signed(self, number: int, size: int, *, root: bytes = b"", time: int = NOW) -> Checkpoint:
        root = root or seed("root", size)
        sign = sign_with(key_of("cosigner", number))
        line = make_cosignature(self.membership, number, size, root, time, sign)
        return Checkpoint(self.membership.origin, size, root, (line,))

    def know(self, size: int) -> None:
        self.all.know(size, seed("root", size))


def test_three_of_four_are_a_quorum_and_two_are_not() -> None:
    gathering = Gathering()
    gathering.know(7)
    for number in (3, 1):
        gathering.all.add(gathering.signed(number, 7))
        gathering.all.add(gathering.signed(number, 7))  # twice counts once
    assert not gathering.quorums
    assert gathering.all.quorum(7) is None
    gathering.all.add(gathering.signed(0, 7))
    assert gathering.all.has_quorum
    check_checkpoint(gathering.quorums[-1], gathering.membership)
    gathering.all.add(gathering.signed(2, 7))
    found = gathering.all.quorum(7)
    assert found is not None
    assert len(found.lines) == MEMBERS


def test_exactly_two_thirds_are_no_quorum() -> None:
    gathering = Gathering(6)
    gathering.know(7)
    for number in range(4):
        gathering.all.add(gathering.signed(number, 7))
    assert not gathering.quorums
    gathering.all.add(gathering.signed(5, 7))
    assert gathering.quorums


def test_what_comes_before_our_own_log_counts_once_it_is_there() -> None:
    gathering = Gathering()
    for number in (1, 2, 3):
        gathering.all.add(gathering.signed(number, 9))
    assert not gathering.quorums
    gathering.know(9)
    assert [each.size for each in gathering.quorums] == [9]


def test_a_fresher_quorum_is_told_an_older_one_is_not() -> None:
    gathering = Gathering()
    gathering.know(7)
    for number in (0, 1, 2):
        gathering.all.add(gathering.signed(number, 7))
    for number in (0, 1, 2):
        gathering.all.add(gathering.signed(number, 7, time=NOW + 30))
    for number in (0, 1, 2):
        gathering.all.add(gathering.signed(number, 7, time=NOW + 10))
    times = [each.timestamp_unix_s for each in gathering.quorums]
    assert times[0] == NOW
    assert times[-1] == NOW + 30
    assert times == sorted(times)


def test_another_root_of_a_size_convicts() -> None:
    gathering = Gathering()
    gathering.know(7)
    gathering.all.add(gathering.signed(0, 7))
    gathering.all.add(gathering.signed(2, 7, root=seed("another")))
    assert [each.number for each in gathering.conflicts] == [2]
    assert gathering.all.quorum(7) is None


def test_what_no_member_signed_is_refused() -> None:
    gathering = Gathering()
    gathering.know(7)
    good = gathering.signed(0, 7)
    strange = make_cosignature(
        gathering.membership, 1, 7, good.root, NOW, sign_with(key_of("cosigner", 0))
    )
    with pytest.raises(InvalidCheckpoint):
        gathering.all.add(Checkpoint(good.origin, 7, good.root, (strange,)))
    assert gathering.all.gathered(7) is None


def test_the_last_thousand_sizes_are_at_hand() -> None:
    gathering = Gathering()
    for size in range(1, SIZES_KEPT + 3):
        gathering.know(size)
        gathering.all.add(gathering.signed(0, size))
    assert gathering.all.gathered(2) is None
    assert gathering.all.gathered(3) is not None
    newest = gathering.all.gathered()
    assert newest is not None
    assert newest.size == SIZES_KEPT + 2
    assert gathering.all.seen() == {0: SIZES_KEPT + 2}


def test_a_node_signs_nothing_that_does_not_go_on(tmp_path: Path) -> None:
    membership, clock = Gathering().membership, Clock()
    last = LastCheckpoint(tmp_path / "last")
    cosigner = Cosigner(member_operator(0), last, clock)
    cosigner.sign(membership, 0, 7, seed("root", 7), NOW)
    for size, root in ((6, seed("root", 6)), (7, seed("another"))):
        with pytest.raises(DamagedLedger, match="does not continue"):
            cosigner.sign(membership, 0, size, root, NOW)
    clock.now_unix_s = NOW - 1_000  # a clock that was set back never makes a time fall
    assert cosigner.sign(membership, 0, 8, seed("root", 8), NOW).timestamp_unix_s == NOW
    clock.now_unix_s = NOW + 29
    assert cosigner.sign_again(membership, 0, 30) is None
    clock.now_unix_s = NOW + 30
    again = cosigner.sign_again(membership, 0, 30)
    assert again is not None
    assert (again.size, again.timestamp_unix_s) == (8, NOW + 30)
    assert last.read(membership, 0) == again
    last.close()
