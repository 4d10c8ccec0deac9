"""People's words become contests that keep every rule and mean what was said."""

from itertools import product

import pytest

from hanpyo.election import contests
from hanpyo.election.contests import Contest, Limit, Option, Rule, check_contest, check_scores
from hanpyo.errors import InvalidManifest, InvalidSelection
from tests.unit.election.samples import TITLE, options

BLANK = Option("blank", TITLE)
THREE = options(3)
PLURALITY, APPROVAL = Rule("plurality"), Rule("approval")
SUM, CUMULATIVE = Rule("score-sum"), Rule("cumulative")
BUDGET, ITEMS = Rule("budget", seats=0, budget=10), Rule("items", seats=0, share=(1, 2))
PROJECTS = options(3, (3, 0, 5))
PAIRS = [(Option("y", TITLE), Option("n", TITLE)), (Option("yy", TITLE), Option("nn", TITLE))]

# What is built, and which scores (of all within the top) must be lawful.
PLAIN = {
    "one": (contests.one("c", TITLE, THREE, PLURALITY), lambda s: sum(s) == 1),
    "one or none": (
        contests.one("c", TITLE, THREE, PLURALITY, may_skip=True),
        lambda s: sum(s) <= 1,
    ),
    "exactly two": (
        contests.some("c", TITLE, THREE, PLURALITY, count=(2, 2)),
        lambda s: sum(s) == 2,
    ),
    "one or two": (
        contests.some("c", TITLE, THREE, PLURALITY, count=(1, 2)),
        lambda s: 1 <= sum(s) <= 2,
    ),
    "approval": (contests.approval("c", TITLE, THREE, APPROVAL), lambda _: True),
    "approval of at most two": (
        contests.approval("c", TITLE, THREE, APPROVAL, at_most=2),
        lambda s: sum(s) <= 2,
    ),
    "score": (contests.score("c", TITLE, THREE, SUM, top=3), lambda _: True),
    "at most three points": (
        contests.cumulative("c", TITLE, THREE, CUMULATIVE, points=3),
        lambda s: sum(s) <= 3,
    ),
    "exactly three points": (
        contests.cumulative("c", TITLE, THREE, CUMULATIVE, points=3, exact=True),
        lambda s: sum(s) == 3,
    ),
    "budget": (
        contests.budget("c", TITLE, PROJECTS, BUDGET, amount=6),
        lambda s: 3 * s[0] + 5 * s[2] <= 6,
    ),
    "budget of at most one": (
        contests.budget("c", TITLE, PROJECTS, BUDGET, amount=8, at_most=1),
        lambda s: sum(s) <= 1,
    ),
    "budget where all is free": (
        contests.budget("c", TITLE, THREE, BUDGET, amount=8),
        lambda _: True,
    ),
    "matrix": (
        contests.matrix("c", TITLE, PAIRS, ITEMS),
        lambda s: s[0] + s[1] <= 1 and s[2] + s[3] <= 1,
    ),
}
WITH_BLANK = {
    "one": (
        contests.one("c", TITLE, THREE, PLURALITY, blank=BLANK),
        lambda s: sum(s) == 1,
    ),
    "one or two": (
        contests.some("c", TITLE, THREE, PLURALITY, count=(1, 2), blank=BLANK),
        lambda s: 1 <= sum(s) <= 2,
    ),
    "approval": (contests.approval("c", TITLE, THREE, APPROVAL, blank=BLANK), lambda _: True),
    "approval of at most two": (
        contests.approval("c", TITLE, THREE, APPROVAL, at_most=2, blank=BLANK),
        lambda s: sum(s) <= 2,
    ),
    "score": (contests.score("c", TITLE, THREE, SUM, top=2, blank=BLANK), lambda _: True),
    "exactly two points": (
        contests.cumulative("c", TITLE, THREE, CUMULATIVE, points=2, exact=True, blank=BLANK),
        lambda s: sum(s) == 2,
    ),
    "budget with something free": (
        contests.budget("c", TITLE, PROJECTS, BUDGET, amount=6, blank=BLANK),
        lambda s: 3 * s[0] + 5 * s[2] <= 6,
    ),
}


def is_lawful(contest: Contest, scores: tuple[int, ...]) -> bool:
    try:
        check_scores(contest, scores)
    except InvalidSelection:
        return False
    return True


def all_scores(contest: Contest) -> list[tuple[int, ...]]:
    return list(product(range(contest.top + 1), repeat=len(contest.options)))


@pytest.mark.parametrize(("contest", "lawful"), PLAIN.values(), ids=PLAIN.keys())
def test_means_what_was_said(contest: Contest, lawful) -> None:
    check_contest(contest, 1)
    for scores in all_scores(contest):
        assert is_lawful(contest, scores) == lawful(scores), scores


@pytest.mark.parametrize(("contest", "lawful"), WITH_BLANK.values(), ids=WITH_BLANK.keys())
def test_blank_excludes_all_else(contest: Contest, lawful) -> None:
    check_contest(contest, 1)
    assert contest.blank == 3
    for scores in all_scores(contest):
        *others, blank = scores
        expected = scores == (0, 0, 0, 1) if blank else lawful(others)
        assert is_lawful(contest, scores) == expected, scores


def test_blank_adds_a_limit_only_where_none_covers_all() -> None:
    approval = contests.approval("c", TITLE, THREE, APPROVAL, blank=BLANK)
    assert approval.limits == (Limit(0, 3, ((0, 1), (1, 1), (2, 1), (3, 3))),)
    score = contests.score("c", TITLE, THREE, SUM, top=9, blank=BLANK)
    assert score.limits == (Limit(0, 27, ((0, 1), (1, 1), (2, 1), (3, 27))),)
    limited = contests.approval("c", TITLE, THREE, APPROVAL, at_most=2, blank=BLANK)
    assert limited.limits == (Limit(0, 2, ((0, 1), (1, 1), (2, 1), (3, 2))),)
    budget = contests.budget("c", TITLE, PROJECTS, BUDGET, amount=6, blank=BLANK)
    assert budget.limits == (
        Limit(0, 6, ((0, 3), (2, 5), (3, 6))),
        Limit(0, 3, ((0, 1), (1, 1), (2, 1), (3, 3))),
    )


def test_an_impossible_count_is_refused() -> None:
    contest = contests.some("c", TITLE, THREE, PLURALITY, count=(4, 4))
    with pytest.raises(InvalidManifest, match="example"):
        check_contest(contest, 1)


def test_blank_with_a_limit_of_nothing_is_refused() -> None:
    contest = contests.approval("c", TITLE, THREE, APPROVAL, at_most=0, blank=BLANK)
    with pytest.raises(InvalidManifest, match="coefficient: must be 1"):
        check_contest(contest, 1)


MESSAGES = [
    (PLAIN["one"][0], (1, 1, 0), "2 options are marked, must be at most 1"),
    (PLAIN["one"][0], (0, 0, 0), "0 options are marked, must be at least 1"),
    (PLAIN["one"][0], (0, 0), "2 scores for 3 options"),
    (PLAIN["one"][0], (2, 0, 0), "option 'a' has 2, must be 0..1"),
    (PLAIN["one"][0], (-1, 1, 1), "option 'a' has -1, must be 0..1"),
    (PLAIN["at most three points"][0], (2, 2, 0), "4 points are given, must be at most 3"),
    (PLAIN["budget"][0], (1, 0, 1), "the marked options cost 8 together, must be at most 6"),
    (PLAIN["matrix"][0], (0, 0, 1, 1), "item 2 is both accepted and refused"),
    (WITH_BLANK["one"][0], (1, 0, 0, 1), "blank is marked together with other options"),
    (WITH_BLANK["score"][0], (0, 0, 0, 2), "option 'blank' has 2, must be 0..1"),
]


@pytest.mark.parametrize(("contest", "scores", "message"), MESSAGES)
def test_the_broken_limit_is_told_in_words(
    contest: Contest, scores: tuple[int, ...], message: str
) -> None:
    with pytest.raises(InvalidSelection) as caught:
        check_scores(contest, scores)
    assert str(caught.value) == message
