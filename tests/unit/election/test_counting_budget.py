"""Participatory budget: greedy from the highest total down, ties decided by nobody."""

from hanpyo.election.contests import Rule
from hanpyo.election.counting import DECIDED, TIED, count
from tests.unit.election.counting_cases import contest_of, counted_of, verdict


def paid(
    budget: int, *options: tuple[int, int], minimum: int = 0
) -> tuple[int, list[int], list[int]]:
    """Count options given as (total, cost)."""
    rule = Rule("budget", seats=0, budget=budget, minimum=minimum)
    contest = contest_of(rule, [cost for _, cost in options])
    return verdict(count(contest, counted_of([total for total, _ in options])))


def test_the_money_goes_to_the_highest_totals() -> None:
    assert paid(100, (10, 60), (30, 50), (20, 50)) == (DECIDED, [1, 2], [])


def test_the_last_cent_may_be_spent_and_no_more() -> None:
    assert paid(100, (30, 60), (20, 40)) == (DECIDED, [0, 1], [])
    assert paid(99, (30, 60), (20, 40)) == (DECIDED, [0], [])


def test_an_option_dearer_than_what_is_left_is_passed_over() -> None:
    assert paid(100, (30, 60), (20, 50), (10, 40)) == (DECIDED, [0, 2], [])


def test_equal_totals_that_fit_together_all_win() -> None:
    assert paid(100, (30, 60), (20, 20), (20, 20)) == (DECIDED, [0, 1, 2], [])


def test_equal_totals_that_fit_alone_but_not_together_stop_the_count() -> None:
    assert paid(100, (30, 60), (20, 21), (20, 20), (10, 1)) == (TIED, [0], [1, 2])


def test_of_equal_totals_only_those_that_fit_alone_can_tie_or_win() -> None:
    assert paid(100, (30, 60), (20, 41), (20, 40)) == (DECIDED, [0, 2], [])
    assert paid(100, (30, 60), (20, 41), (20, 40), (20, 1)) == (TIED, [0], [2, 3])


def test_an_option_without_votes_never_wins() -> None:
    assert paid(100, (0, 10), (1, 10)) == (DECIDED, [1], [])
    assert paid(100, (0, 0), (0, 0)) == (DECIDED, [], [])


def test_an_option_without_cost_wins_with_one_vote() -> None:
    assert paid(0, (1, 0), (5, 1)) == (DECIDED, [0], [])


def test_below_the_minimum_no_option_is_paid() -> None:
    assert paid(100, (30, 10), (29, 10), minimum=30) == (DECIDED, [0], [])
    assert paid(10, (29, 10), (29, 10), minimum=30) == (DECIDED, [], [])


def test_the_blank_option_costs_nothing_and_is_not_paid() -> None:
    contest = contest_of(Rule("budget", seats=0, budget=10), [5, 0], blank=1)
    assert verdict(count(contest, counted_of([1, 99]))) == (DECIDED, [0], [])


def test_the_steps_follow_the_money() -> None:
    rule = Rule("budget", seats=0, budget=100)
    contest = contest_of(rule, [60, 50, 20, 15, 30, 1])
    outcome = count(contest, counted_of([30, 20, 20, 10, 10, 0]))
    assert outcome.steps[1:] == (
        "The budget is 100.",
        "Paid for: A (30) at 60. 40 is left.",
        "More than the 40 left, and passed over: B (20) at 50.",
        "Paid for: C (20) at 20. 20 is left.",
        "More than the 20 left, and passed over: E (10) at 30.",
        "Paid for: D (10) at 15. 5 is left.",
        "No votes, and out: F (0).",
    )


def test_the_steps_explain_a_tie() -> None:
    contest = contest_of(Rule("budget", seats=0, budget=50), [30, 21])
    assert count(contest, counted_of([8, 8])).steps[-1] == (
        "A tie, because 51 together is more than the 50 left, though each alone would fit: "
        "A (8) at 30 and B (8) at 21. Counting stops here."
    )


def test_the_steps_say_each_option_once() -> None:
    contest = contest_of(Rule("budget", seats=0, budget=30), [30, 31])
    assert count(contest, counted_of([8, 8])).steps[2:] == (
        "More than the 30 left, and passed over: B (8) at 31.",
        "Paid for: A (8) at 30. 0 is left.",
    )


def test_the_steps_say_when_nothing_is_paid() -> None:
    contest = contest_of(Rule("budget", seats=0, budget=9), [10])
    assert count(contest, counted_of([8])).steps[-1] == "Nothing is paid for."
