"""What holds for every rule and all totals."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hanpyo.election.contests import Contest, Rule
from hanpyo.election.counting import DECIDED, NO_MAJORITY, TIED, Counted, count
from tests.unit.election.counting_cases import FORMS, contest_of, counted_of

RANKINGS = ("plurality", "approval", "score-sum", "score-mean", "cumulative")
# Small numbers meet each other, and the borders, often.
TOTALS = st.lists(st.integers(0, 6) | st.integers(0, 2**44), min_size=2, max_size=8)


@st.composite
def cases(draw: st.DrawFn, names: Sequence[str] = tuple(FORMS)) -> tuple[Contest, Counted]:
    name = draw(st.sampled_from(names))
    totals = draw(TOTALS)
    if name == "items":
        totals = totals[: len(totals) // 2 * 2]
    costs = draw(st.lists(st.integers(0, 6), min_size=len(totals), max_size=len(totals)))
    blank = None if name == "items" else draw(st.none() | st.integers(0, len(totals) - 1))
    q = draw(st.integers(1, 6))
    with_share = name in ("majority", "items")
    most_seats = len(totals) - (blank is not None)
    one_seat = name == "majority"
    rule = Rule(
        name,
        seats=draw(st.integers(1, 1 if one_seat else most_seats)) if name in RANKINGS else one_seat,
        share=(draw(st.integers(0, q - 1)), q) if with_share else (0, 1),
        base=draw(st.sampled_from(["cast", "marked"])) if with_share else "cast",
        minimum=draw(st.integers(0, 6)),
        budget=draw(st.integers(0, 20)) if name == "budget" else 0,
    )
    contest = contest_of(rule, costs, blank=blank, top=5)
    ballots = draw(st.integers(0, 12))
    return contest, counted_of(totals, ballots=ballots, weight=draw(st.integers(0, 20)))


@given(cases())
def test_winners_and_tied_are_apart_ascending_and_never_blank(
    case: tuple[Contest, Counted],
) -> None:
    contest, counted = case
    outcome = count(contest, counted)
    named = [*outcome.winners, *outcome.tied]
    assert len(set(named)) == len(named)
    assert list(outcome.winners) == sorted(outcome.winners)
    assert list(outcome.tied) == sorted(outcome.tied)
    assert contest.blank not in named
    assert (outcome.status == TIED) == bool(outcome.tied)
    assert outcome.status in (DECIDED, TIED, NO_MAJORITY)
    assert all(step.strip() for step in outcome.steps)


@given(cases(RANKINGS))
def test_winners_never_exceed_the_seats_and_nobody_better_is_left_out(
    case: tuple[Contest, Counted],
) -> None:
    contest, counted = case
    outcome = count(contest, counted)
    standing = [
        option
        for option, total in enumerate(counted.totals)
        if option != contest.blank and total >= contest.rule.minimum
    ]
    seats, winners, tied = contest.rule.seats, outcome.winners, outcome.tied
    if tied:
        assert len(winners) < seats < len(winners) + len(tied)
    else:
        assert len(winners) == min(seats, len(standing))
    losers = [option for option in standing if option not in winners + tied]
    ranks = [[counted.totals[option] for option in group] for group in (winners, tied, losers)]
    for better, worse in ((0, 1), (1, 2), (0, 2)):
        assert all(high > low for high in ranks[better] for low in ranks[worse])
    assert len(set(ranks[1])) <= 1


@given(cases(["majority"]))
def test_a_majority_is_one_option_with_the_highest_total(case: tuple[Contest, Counted]) -> None:
    contest, counted = case
    outcome = count(contest, counted)
    assert len(outcome.winners) == (outcome.status == DECIDED)
    others = [total for option, total in enumerate(counted.totals) if option != contest.blank]
    for option in (*outcome.winners, *outcome.tied):
        assert counted.totals[option] == max(others)


@given(cases(["budget"]))
def test_the_budget_is_never_overspent_and_never_left_unused(case: tuple[Contest, Counted]) -> None:
    contest, counted = case
    outcome = count(contest, counted)
    costs = [option.cost for option in contest.options]
    left = contest.rule.budget - sum(costs[option] for option in outcome.winners)
    assert left >= 0
    if outcome.status == TIED:
        assert all(costs[option] <= left for option in outcome.tied)
        assert sum(costs[option] for option in outcome.tied) > left
        assert len({counted.totals[option] for option in outcome.tied}) == 1
        return
    for option, total in enumerate(counted.totals):
        can_win = total >= max(1, contest.rule.minimum) and option != contest.blank
        assert option in outcome.winners or not can_win or costs[option] > left


@given(cases(), st.randoms(use_true_random=False))
def test_permuting_the_options_permutes_the_outcome(
    case: tuple[Contest, Counted], random: object
) -> None:
    contest, counted = case
    order = list(range(len(contest.options)))
    if contest.form == "matrix":  # an item's two options stay together
        items = order[::2]
        random.shuffle(items)  # type: ignore[attr-defined]
        order = [option for yes in items for option in (yes, yes + 1)]
    else:
        random.shuffle(order)  # type: ignore[attr-defined]
    permuted = replace(
        contest,
        options=tuple(contest.options[old] for old in order),
        blank=None if contest.blank is None else order.index(contest.blank),
    )
    totals = tuple(counted.totals[old] for old in order)
    before, after = count(contest, counted), count(permuted, replace(counted, totals=totals))
    assert after.status == before.status
    assert sorted(order[new] for new in after.winners) == list(before.winners)
    assert sorted(order[new] for new in after.tied) == list(before.tied)
