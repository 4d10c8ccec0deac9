"""Plurality, approval, score and cumulative: the highest totals take the seats."""

import pytest

from hanpyo.election.contests import Rule
from hanpyo.election.counting import DECIDED, TIED, count
from tests.unit.election.counting_cases import contest_of, counted_of, outcome_of, verdict

RANKINGS = ["plurality", "approval", "score-sum", "score-mean", "cumulative"]


@pytest.mark.parametrize("name", RANKINGS)
def test_the_highest_totals_win_the_seats(name: str) -> None:
    outcome = outcome_of(Rule(name, seats=2), [10, 40, 20, 30])
    assert verdict(outcome) == (DECIDED, [1, 3], [])


def test_a_tie_at_the_last_seat_is_a_tie() -> None:
    outcome = outcome_of(Rule("plurality", seats=3), [20, 50, 20, 40, 20])
    assert verdict(outcome) == (TIED, [1, 3], [0, 2, 4])


def test_equal_totals_that_fit_the_seats_all_win() -> None:
    outcome = outcome_of(Rule("plurality", seats=4), [20, 50, 20, 20, 10])
    assert verdict(outcome) == (DECIDED, [0, 1, 2, 3], [])


def test_equal_totals_just_behind_the_seats_do_not_matter() -> None:
    assert verdict(outcome_of(Rule("approval", seats=2), [9, 9, 8, 8])) == (DECIDED, [0, 1], [])


def test_a_tie_for_the_first_seat_leaves_no_winner() -> None:
    assert verdict(outcome_of(Rule("approval"), [9, 9, 8])) == (TIED, [], [0, 1])


def test_no_more_options_than_seats_all_win_even_with_nothing() -> None:
    assert verdict(outcome_of(Rule("approval", seats=3), [0, 5, 0])) == (DECIDED, [0, 1, 2], [])


def test_nobody_voted_for_anything_is_a_tie_of_all() -> None:
    assert verdict(outcome_of(Rule("plurality"), [0, 0, 0])) == (TIED, [], [0, 1, 2])


def test_the_blank_option_takes_no_seat() -> None:
    outcome = outcome_of(Rule("plurality", seats=2), [30, 90, 20, 10], blank=1)
    assert verdict(outcome) == (DECIDED, [0, 2], [])


def test_below_the_minimum_no_seat_is_taken() -> None:
    rule = Rule("approval", seats=3, minimum=20)
    assert verdict(outcome_of(rule, [50, 20, 19, 19])) == (DECIDED, [0, 1], [])


def test_below_the_minimum_there_is_no_tie() -> None:
    assert verdict(outcome_of(Rule("approval", minimum=20), [19, 19])) == (DECIDED, [], [])
    assert verdict(outcome_of(Rule("approval", minimum=19), [19, 19])) == (TIED, [], [0, 1])


def test_the_steps_tell_it_with_numbers() -> None:
    outcome = outcome_of(Rule("plurality", seats=2, minimum=5), [120, 90, 90, 4, 7], blank=4)
    assert outcome.steps == (
        "Counted: 100 ballots.",
        "E (7) means blank and cannot win.",
        "Below the minimum of 5, and out: D (4).",
        "2 seats to fill.",
        "The most, and elected: A (120).",
        "A tie for 1 seat: B (90) and C (90).",
    )


def test_the_steps_name_who_is_next() -> None:
    outcome = outcome_of(Rule("approval", seats=2), [70, 60, 50, 50, 10])
    assert outcome.steps[-2:] == (
        "The most, and elected: A (70) and B (60).",
        "Next, and without a seat: C (50) and D (50).",
    )


def test_the_steps_say_when_there_are_seats_for_all() -> None:
    for_all = "Not more options than seats: each of them wins."
    assert for_all in outcome_of(Rule("approval", seats=2), [7, 6]).steps
    assert for_all not in outcome_of(Rule("approval", seats=2), [7, 6, 5]).steps


def test_the_steps_say_when_nobody_can_win() -> None:
    assert outcome_of(Rule("approval", minimum=8), [7, 6]).steps[1:] == (
        "Below the minimum of 8, and out: A (7) and B (6).",
        "1 seat to fill.",
        "No option is left, so none wins.",
    )


def test_means_are_shown_in_whole_arithmetic() -> None:
    contest = contest_of(Rule("score-mean"), 2, top=5)
    outcome = count(contest, counted_of([7, 5], ballots=2, weight=3))
    assert "The most, and elected: A (7, mean 2.33)." in outcome.steps
    outcome = count(contest, counted_of([1, 0], ballots=8, weight=8))
    assert "The most, and elected: A (1, mean 0.13)." in outcome.steps


def test_a_mean_of_nothing_is_not_shown() -> None:
    outcome = count(contest_of(Rule("score-mean"), 2, top=5), counted_of([0, 0], ballots=0))
    assert "A tie for 1 seat: A (0) and B (0)." in outcome.steps
