"""Seals, shares, results and the outcome (C19 to C24)."""

from dataclasses import replace

import pytest

from hanpyo.election.manifest import Trustees
from hanpyo.ledger.entry import (
    Act,
    Body,
    Close,
    Decision,
    Drop,
    Lost,
    NotOpenable,
    Open,
    Outcome,
    Result,
    Seal,
    Share,
    decode_entry,
)
from hanpyo.ledger.view import Phase
from tests.helpers.election import Play
from tests.helpers.parties import party, seed, tiny_manifest, tiny_rows


def body_of(entry: bytes) -> Body:
    act = decode_entry(entry)
    assert isinstance(act, Act)
    return act.body


def sealed() -> Play:
    play = Play().closed()
    play.add(*[play.seal(trustee) for trustee in (1, 2, 3)])
    return play


def five_trustees() -> Play:
    trustees = Trustees(2, 2, tuple(party("trustee", n) for n in range(1, 6)))
    return Play(tiny_manifest(trustees=trustees)).closed()


def test_a_whole_election_ends_in_its_outcome() -> None:
    play = Play().tallied()
    election = play.election
    assert election.phase is Phase.TALLIED
    assert election.groups == [[(0,), (1,)], [(0,)]]
    assert [election.results[key].totals for key in sorted(election.results)] == [
        (2, 0, 0),
        (4, 0, 0),
        (3, 0),
    ]
    assert election.outcome == Outcome((Decision(0, (0,), ()), Decision(0, (0,), ())))


def test_e28_a_trustee_seals_the_one_closing_root_once() -> None:
    play = Play().closed()
    closing = play.election.closing
    assert closing is not None
    for wrong in (
        Seal(closing.size + 1, closing.root),
        Seal(closing.size - 1, closing.root),
        Seal(closing.size, seed("another root")),
    ):
        assert play.refused(play.by_trustee(1, wrong)) == "C21"
    play.add(play.seal(1))
    assert play.refused(play.seal(1)) == "C21"
    play.add(play.seal(2))
    assert play.election.closing == closing


def test_e22_shares_wait_for_enough_seals() -> None:
    play = Play().closed()
    share = Share(0, 0, bytes(96), bytes(64))
    for trustee in (1, 2):
        assert play.refused(play.by_trustee(1, share)) == "C21"
        play.add(play.seal(trustee))
    assert play.refused(play.by_trustee(1, share)) == "C21"
    play.add(play.seal(3))
    assert play.refused(play.by_trustee(1, share)) == "C22"


def test_l21_lost_trustees_make_fewer_seals_enough() -> None:
    play = five_trustees()
    play.add(play.by_organizers(Lost((3, 5), "gone")))
    assert play.refused(play.seal(3)) == "C21"
    play.add(play.seal(1), play.seal(2))
    assert play.refused(play.share(1, 0, 0)) == "C21"
    play.add(play.seal(4))
    play.add(play.share(1, 0, 0))


def test_only_trustees_that_confirmed_and_did_not_seal_are_lost() -> None:
    play = five_trustees()
    play.add(play.seal(1))
    for trustees in ((1,), (6,), (3, 2), (2, 2), (2, 6)):
        assert play.refused(play.by_organizers(Lost(trustees, "x"))) == "C21"
    play.add(play.by_organizers(Lost((2, 3), "x")))
    assert play.refused(play.by_organizers(Lost((3, 4), "x"))) == "C21"
    play.add(play.by_organizers(Lost((4, 5), "x")))


def test_l21_with_fewer_trustees_than_the_threshold_an_election_is_not_openable() -> None:
    play = five_trustees()
    assert play.refused(play.by_organizers(NotOpenable("x"))) == "C21"
    play.add(play.by_organizers(Lost((1, 2, 3), "x")))
    assert play.refused(play.by_organizers(NotOpenable("x"))) == "C21"
    play.add(play.by_organizers(Lost((4,), "x")))
    play.add(play.by_organizers(NotOpenable("too few")))
    assert play.election.phase is Phase.NOT_OPENABLE
    assert play.refused(play.by_organizers(NotOpenable("again"))) == "C15"


def test_a_trustee_that_did_not_confirm_neither_seals_nor_gives_shares() -> None:
    play = Play()
    play.rolled()
    play.add(play.commit(1), play.commit(2))
    play.add(play.by_organizers(Drop(1, 3, "does not answer")))
    play.keyed()
    play.add(play.by_organizers(Open(play.now)))
    play.add(*[play.cast(row) for row in range(6)])
    play.add(play.by_organizers(Close(play.now)))
    closing = play.election.closing
    assert closing is not None
    assert play.refused(play.by_trustee(3, Seal(closing.size, closing.root))) == "C21"
    assert play.refused(play.by_organizers(Lost((3,), "x"))) == "C21"
    play.add(play.seal(1), play.seal(2))
    share = body_of(play.share(1, 0, 0))
    assert play.refused(play.by_trustee(3, share)) == "C20"
    play.add(play.share(1, 0, 0), play.share(2, 0, 0))
    play.add(play.result(0, 0))


@pytest.mark.parametrize(("contest", "group"), [(0, 2), (1, 1), (2, 0), (2**40, 0), (0, 2**40)])
def test_e29_a_share_of_an_unlisted_sum_is_refused(contest: int, group: int) -> None:
    play = sealed()
    share = Share(contest, group, bytes(96), bytes(64))
    assert play.refused(play.by_trustee(1, share)) == "C20"


def test_e23_a_wrong_share_is_refused_and_others_finish() -> None:
    play = sealed()
    good = body_of(play.share(1, 0, 0))
    assert isinstance(good, Share)
    for wrong in (
        replace(good, shares=good.shares[:-32]),
        replace(good, shares=good.shares + bytes(32)),
        replace(good, shares=good.shares[32:] + good.shares[:32]),
        replace(good, proof=bytes(64)),
        replace(good, group=1),
    ):
        assert play.refused(play.by_trustee(1, wrong)) == "C22"
        assert play.refused(play.by_trustee(2, good)) == "C22"
    play.add(play.share(2, 0, 0), play.share(3, 0, 0))
    play.add(play.result(0, 0))


def test_a_share_is_given_once() -> None:
    play = sealed()
    play.add(play.share(1, 0, 0))
    assert play.refused(play.share(1, 0, 0)) == "C22"


def shared() -> tuple[Play, Result]:
    play = Play().shared()
    result = body_of(play.result(0, 1))
    assert isinstance(result, Result)
    return play, result


def test_a_result_is_taken_once() -> None:
    play, result = shared()
    play.add(play.act(result))
    assert play.refused(play.act(replace(result, trustees=(1, 3)))) == "C23"
    play.ledger._indexes.clear()
    assert play.refused(play.act(result)) == "C07"


def test_results_of_other_trustees_agree() -> None:
    play, result = shared()
    play.add(play.act(replace(result, trustees=(1, 3))))


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"group": 2}, "C20"),
        ({"contest": 2}, "C20"),
        ({"parts": (0,)}, "C20"),
        ({"parts": (0, 1)}, "C20"),
        ({"ballots": 3}, "C19"),
        ({"weight": 5}, "C19"),
        ({"trustees": (1,)}, "C23"),
        ({"trustees": (1, 2, 3)}, "C23"),
        ({"trustees": (2, 1)}, "C23"),
        ({"trustees": (1, 1)}, "C23"),
        ({"trustees": (1, 4)}, "C23"),
        ({"totals": (4, 0)}, "C23"),
        ({"totals": (4, 0, 0, 0)}, "C23"),
        ({"totals": (5, 0, 0)}, "C23"),
        ({"totals": (3, 1, 0)}, "C23"),
        ({"totals": (2**62, 0, 0)}, "C23"),
    ],
    ids=str,
)
def test_a_wrong_result_is_refused(changes: dict[str, object], check: str) -> None:
    play, result = shared()
    assert play.refused(play.act(replace(result, **changes))) == check  # type: ignore[arg-type]


def test_results_and_outcome_are_signed_by_nobody() -> None:
    play, result = shared()
    assert play.refused(play.by_organizers(result, 0)) == "C07"
    assert play.refused(play.act(result, number=1)) == "C07"


def test_an_outcome_waits_for_every_result_and_says_what_the_rules_say() -> None:
    play = Play().shared()
    right = Outcome((Decision(0, (0,), ()), Decision(0, (0,), ())))
    for contest, group in ((0, 0), (0, 1), (1, 0)):
        assert play.refused(play.act(right)) == "C23"
        play.add(play.result(contest, group))
    for wrong in (
        Outcome(right.contests[:1]),
        Outcome((*right.contests, right.contests[0])),
        Outcome((Decision(0, (1,), ()), right.contests[1])),
        Outcome((Decision(1, (0,), ()), right.contests[1])),
    ):
        assert play.refused(play.act(wrong)) == "C24"
    play.add(play.act(right))
    assert play.refused(play.by_trustee(1, Seal(1, seed("x")))) == "C15"


def test_p02_a_contest_of_too_few_ballots_is_not_opened() -> None:
    play = Play().closed([1])
    assert play.election.groups == [[], []]
    play.add(*[play.seal(trustee) for trustee in (1, 2, 3)])
    share = Share(0, 0, bytes(96), bytes(64))
    assert play.refused(play.by_trustee(1, share)) == "C20"
    play.add(play.outcome())
    assert play.election.outcome == Outcome((Decision(4, (), ()), Decision(4, (), ())))


def test_p02_small_parts_are_joined() -> None:
    play = Play().closed([0, 1, 2, 3])
    assert play.election.groups == [[(0,), (1,)], [(0,)]]
    play = Play().closed([0, 1, 2])
    assert play.election.groups == [[(0, 1)], []]


def test_weights_count_in_totals() -> None:
    manifest = tiny_manifest(weights="guarded", ballots_per_row=2)
    play = Play(manifest, tiny_rows(6, weight=1000)).tallied()
    result = play.election.results[0, 1]
    assert (result.ballots, result.weight, result.totals) == (4, 4000, (4000, 0, 0))


def test_a_later_ballot_takes_the_place_of_the_former() -> None:
    play = Play().voting()
    b, c = [[0, 1, 0]], [[0, 0, 1]]
    play.add(play.cast(0, b), play.cast(2, b), play.cast(4, b))
    play.add(play.cast(0, c))
    play.add(play.cast(2, c), play.cast(2, b))
    play.add(play.cast(4, c), play.replace(0, 1, (1, 0), (1, 1), (2, 0)))
    play.add(play.cast(1), play.cast(3), play.cast(5))
    play.now += 1
    play.add(play.by_organizers(Close(play.now)))
    play.add(*[play.seal(trustee) for trustee in (1, 2, 3)])
    groups = range(len(play.election.groups[0]))
    for group in groups:
        play.add(play.share(1, 0, group), play.share(2, 0, group))
        play.add(play.result(0, group))
    results = [play.election.results[0, group] for group in groups]
    assert sum(result.ballots for result in results) == 5
    totals = [sum(column) for column in zip(*[result.totals for result in results], strict=True)]
    assert totals == [3, 1, 1]
