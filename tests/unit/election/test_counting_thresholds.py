"""What holds for every rule: quorum, turnout, and what happens without any opened sum."""

import pytest

from hanpyo.election.contests import Rule
from hanpyo.election.counting import DECIDED, NOT_OPENED, TOO_FEW, count
from hanpyo.errors import InvalidQuery
from tests.unit.election.counting_cases import FORMS, contest_of, counted_of, verdict


def rule_of(name: str, **fields: object) -> Rule:
    seats = 0 if name in ("budget", "items") else 1
    return Rule(name, seats=seats, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FORMS)
def test_a_quorum_exactly_met_is_met(name: str) -> None:
    contest = contest_of(rule_of(name, quorum=80), 2)
    assert count(contest, counted_of([60, 20], ballots=80)).status == DECIDED
    assert verdict(count(contest, counted_of([59, 20], ballots=79))) == (TOO_FEW, [], [])


def test_a_quorum_counts_ballots_and_not_their_weight() -> None:
    contest = contest_of(Rule("plurality", quorum=80), 2)
    assert count(contest, counted_of([9, 8], ballots=79, weight=500)).status == TOO_FEW
    assert count(contest, counted_of([9, 8], ballots=80, weight=20)).status == DECIDED


@pytest.mark.parametrize("name", FORMS)
def test_a_turnout_exactly_met_is_met(name: str) -> None:
    contest = contest_of(rule_of(name, turnout=(1, 3)), 2)
    just = counted_of([60, 20], ballots=80, weight=100, roll_weight=300)
    below = counted_of([60, 20], ballots=80, weight=100, roll_weight=301)
    assert count(contest, just).status == DECIDED
    assert verdict(count(contest, below)) == (TOO_FEW, [], [])


def test_a_turnout_of_all_needs_all() -> None:
    contest = contest_of(Rule("plurality", turnout=(1, 1)), 2)
    assert count(contest, counted_of([6, 4], ballots=10, roll_weight=10)).status == DECIDED
    assert count(contest, counted_of([6, 3], ballots=9, roll_weight=10)).status == TOO_FEW


def test_quorum_and_turnout_must_both_be_met() -> None:
    contest = contest_of(Rule("plurality", quorum=10, turnout=(1, 2)), 2)
    assert count(contest, counted_of([6, 4], ballots=10, roll_weight=20)).status == DECIDED
    assert count(contest, counted_of([6, 4], ballots=10, roll_weight=21)).status == TOO_FEW
    assert count(contest, counted_of([5, 4], ballots=9, roll_weight=10)).status == TOO_FEW


@pytest.mark.parametrize("name", FORMS)
def test_without_an_opened_sum_nothing_is_decided(name: str) -> None:
    contest = contest_of(rule_of(name, quorum=1), 2)
    assert verdict(count(contest, None)) == (NOT_OPENED, [], [])


def test_another_number_of_totals_than_options_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="3 totals for 2 options"):
        count(contest_of(Rule("plurality"), 2), counted_of([1, 2, 3]))


def test_the_steps_show_quorum_and_turnout() -> None:
    contest = contest_of(Rule("plurality", quorum=90, turnout=(1, 3)), 2)
    counted = counted_of([60, 20], ballots=80, weight=100, roll_weight=300)
    assert count(contest, counted).steps == (
        "Counted: 80 ballots with a weight of 100.",
        "At least 90 ballots must be counted: too few.",
        (
            "At least 1/3 of the roll's weight of 300 must take part: "
            "100 x 3 = 300 equals 300 x 1 = 300, enough."
        ),
    )
