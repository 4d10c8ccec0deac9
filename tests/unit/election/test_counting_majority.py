"""Majority: more than a share of all, never exactly the share."""

from hanpyo.election.contests import Rule
from hanpyo.election.counting import DECIDED, NO_MAJORITY, TIED, count
from tests.unit.election.counting_cases import contest_of, counted_of, outcome_of, verdict

HALF = Rule("majority", share=(1, 2))
HALF_OF_MARKED = Rule("majority", share=(1, 2), base="marked")


def test_exactly_the_share_is_not_enough() -> None:
    assert verdict(outcome_of(HALF, [50, 30, 20])) == (NO_MAJORITY, [], [])
    assert verdict(outcome_of(HALF, [51, 29, 20])) == (DECIDED, [0], [])


def test_two_thirds_is_exact() -> None:
    rule = Rule("majority", share=(2, 3))
    contest = contest_of(rule, 2)
    just = counted_of([200, 100], ballots=300)
    over = counted_of([201, 99], ballots=300)
    assert verdict(count(contest, just)) == (NO_MAJORITY, [], [])
    assert verdict(count(contest, over)) == (DECIDED, [0], [])


def test_shares_of_large_totals_do_not_lose_a_vote() -> None:
    contest = contest_of(HALF, 2)
    half = 2**47
    just, over = ([half, half], [half + 1, half - 1])
    assert verdict(count(contest, counted_of(just, ballots=2 * half)))[0] == NO_MAJORITY
    assert verdict(count(contest, counted_of(over, ballots=2 * half)))[0] == DECIDED


def test_cast_counts_blank_and_empty_ballots_and_marked_does_not() -> None:
    totals = [45, 30, 20]  # of 100 ballots; the last option is blank, 5 ballots are empty
    assert verdict(outcome_of(HALF, totals, blank=2)) == (NO_MAJORITY, [], [])
    assert verdict(outcome_of(HALF_OF_MARKED, totals, blank=2)) == (DECIDED, [0], [])


def test_marked_is_exact_too() -> None:
    assert verdict(outcome_of(HALF_OF_MARKED, [30, 20, 10])) == (NO_MAJORITY, [], [])
    assert verdict(outcome_of(HALF_OF_MARKED, [31, 20, 10])) == (DECIDED, [0], [])


def test_options_below_the_minimum_still_belong_to_the_base() -> None:
    rule = Rule("majority", share=(1, 2), base="marked", minimum=15)
    assert verdict(outcome_of(rule, [20, 10, 10])) == (NO_MAJORITY, [], [])
    assert verdict(outcome_of(rule, [21, 10, 10])) == (DECIDED, [0], [])


def test_the_winner_needs_the_minimum() -> None:
    assert verdict(outcome_of(Rule("majority", minimum=60), [60, 40])) == (DECIDED, [0], [])
    assert verdict(outcome_of(Rule("majority", minimum=61), [60, 40])) == (NO_MAJORITY, [], [])


def test_several_with_enough_and_the_same_total_are_tied() -> None:
    rule = Rule("majority", share=(1, 3))
    assert verdict(outcome_of(rule, [40, 40, 20])) == (TIED, [], [0, 1])
    assert verdict(outcome_of(rule, [41, 40, 19])) == (DECIDED, [0], [])


def test_a_tie_without_enough_is_no_tie() -> None:
    assert verdict(outcome_of(HALF, [50, 50])) == (NO_MAJORITY, [], [])


def test_blank_never_wins() -> None:
    assert verdict(outcome_of(HALF, [10, 90], blank=1)) == (NO_MAJORITY, [], [])


def test_a_share_of_nothing_still_needs_a_vote() -> None:
    assert verdict(outcome_of(Rule("majority"), [0, 0])) == (NO_MAJORITY, [], [])
    assert verdict(outcome_of(Rule("majority"), [1, 0])) == (DECIDED, [0], [])


def test_the_steps_show_the_arithmetic() -> None:
    assert outcome_of(HALF, [51, 49]).steps[1:] == (
        "More than 1/2 of the counted weight of 100 is needed.",
        "The most, and elected: A (51); 51 x 2 = 102 is more than 100 x 1 = 100.",
    )
    assert outcome_of(HALF_OF_MARKED, [30, 30]).steps[1:] == (
        "More than 1/2 of all 60 marks is needed.",
        "The most, but too few: A (30) and B (30); 30 x 2 = 60 equals 60 x 1 = 60.",
    )
