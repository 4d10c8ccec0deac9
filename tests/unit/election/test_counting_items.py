"""Items: each accepted or not by its own yes and no."""

from hanpyo.election.contests import Rule
from hanpyo.election.counting import DECIDED, TIED
from tests.unit.election.counting_cases import outcome_of, verdict

SIMPLE = Rule("items", seats=0, base="marked")
HALF_OF_CAST = Rule("items", seats=0, share=(1, 2))
TWO_THIRDS = Rule("items", seats=0, share=(2, 3), base="marked")


def test_each_item_stands_alone() -> None:
    assert verdict(outcome_of(SIMPLE, [60, 40, 30, 50, 1, 0])) == (DECIDED, [0, 4], [])


def test_yes_equal_to_no_is_a_tie_of_both_and_spares_the_other_items() -> None:
    assert verdict(outcome_of(SIMPLE, [60, 40, 50, 50])) == (TIED, [0], [2, 3])


def test_an_item_that_nobody_answered_is_not_tied() -> None:
    assert verdict(outcome_of(SIMPLE, [0, 0, 1, 0])) == (DECIDED, [2], [])


def test_exactly_the_share_of_the_marks_is_not_enough() -> None:
    assert verdict(outcome_of(TWO_THIRDS, [60, 30, 61, 30])) == (DECIDED, [2], [])


def test_exactly_the_share_of_the_cast_weight_is_not_enough() -> None:
    assert verdict(outcome_of(HALF_OF_CAST, [50, 10, 51, 10])) == (DECIDED, [2], [])


def test_a_share_below_a_half_still_needs_more_yes_than_no() -> None:
    rule = Rule("items", seats=0, share=(1, 4))
    assert verdict(outcome_of(rule, [30, 31, 30, 29])) == (DECIDED, [2], [])


def test_the_minimum_is_about_yes() -> None:
    rule = Rule("items", seats=0, minimum=30)
    assert verdict(outcome_of(rule, [30, 5, 29, 5])) == (DECIDED, [0], [])


def test_below_the_minimum_a_tie_changes_nothing() -> None:
    rule = Rule("items", seats=0, minimum=30)
    assert verdict(outcome_of(rule, [29, 29])) == (DECIDED, [], [])
    assert verdict(outcome_of(rule, [30, 30])) == (TIED, [], [0, 1])


def test_the_steps_judge_each_item() -> None:
    rule = Rule("items", seats=0, share=(1, 2), base="marked", minimum=2)
    assert outcome_of(rule, [60, 40, 50, 50, 20, 70, 1, 0]).steps[1:] == (
        "An item needs more yes than no, and yes from more than 1/2 of its marks.",
        "A (60) against B (40): accepted; 60 x 2 = 120 is more than 100 x 1 = 100.",
        "C (50) against D (50): a tie; 50 x 2 = 100 equals 100 x 1 = 100.",
        (
            "E (20) against F (70): not more yes than no, not accepted; "
            "20 x 2 = 40 is less than 90 x 1 = 90."
        ),
        (
            "G (1) against H (0): below the minimum of 2, not accepted; "
            "1 x 2 = 2 is more than 1 x 1 = 1."
        ),
    )
    assert outcome_of(HALF_OF_CAST, [50, 10]).steps[2] == (
        "A (50) against B (10): too few yes, not accepted; 50 x 2 = 100 equals 100 x 1 = 100."
    )
