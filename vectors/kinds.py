"""Contests of every kind, small, each with scores that are lawful and scores that are not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hanpyo.election import contests
from hanpyo.election.contests import Contest, Limit, Option, Rule

TITLE = {"en": "Title"}
Scores = Sequence[int]


@dataclass(frozen=True)
class Kind:
    """A contest, scores that it allows, and scores that it refuses."""

    name: str
    contest: Contest
    lawful: Sequence[Scores]
    refused: Sequence[Scores]


def options(count: int, *costs: int) -> list[Option]:
    """Make options a, b, c, ..."""
    return [
        Option(chr(ord("a") + n), TITLE, costs[n] if n < len(costs) else 0) for n in range(count)
    ]


BLANK = Option("blank", TITLE)
_PAIRS = [tuple(options(6)[at : at + 2]) for at in (0, 2, 4)]


def kinds() -> list[Kind]:
    """Give all of them; the numbers of a manifest that has them in this order."""
    plurality, approval, sums = Rule("plurality"), Rule("approval"), Rule("score-sum")
    one, some = contests.one, contests.some
    matrix = contests.matrix("matrix", TITLE, [(a, b) for a, b in _PAIRS], Rule("items", 0))
    return [
        Kind("one", one("one", TITLE, options(5), plurality), [[0, 0, 1, 0, 0]], [[0] * 5]),
        Kind(
            "one, may skip",
            one("skip", TITLE, options(3), plurality, may_skip=True),
            [[0, 0, 0], [0, 1, 0]],
            [[1, 1, 0], [2, 0, 0]],
        ),
        Kind(
            "one, with blank",
            one("one-blank", TITLE, options(2), plurality, blank=BLANK),
            [[1, 0, 0], [0, 0, 1]],
            [[1, 0, 1], [0, 0, 0]],
        ),
        Kind(
            "some",
            some("some", TITLE, options(4), plurality, count=(1, 3)),
            [[1, 0, 0, 0], [1, 1, 0, 1]],
            [[0] * 4, [1] * 4],
        ),
        Kind(
            "approval without limit",
            contests.approval("free", TITLE, options(4), approval),
            [[0] * 4, [1] * 4, [1, 0, 1, 0]],
            [[2, 0, 0, 0], [1, 1, 1]],
        ),
        Kind(
            "approval, at most, with blank",
            contests.approval("capped", TITLE, options(3), approval, at_most=2, blank=BLANK),
            [[1, 1, 0, 0], [0, 0, 0, 1]],
            [[1, 1, 1, 0], [0, 0, 1, 1]],
        ),
        Kind(
            "score",
            contests.score("score", TITLE, options(3), sums, top=5),
            [[0, 5, 3], [1, 2, 4]],
            [[6, 0, 0]],
        ),
        Kind(
            "score, one top bit",
            contests.score("score-7", TITLE, options(2), sums, top=7),
            [[7, 0], [3, 4]],
            [[8, 0]],
        ),
        Kind("matrix", matrix, [[1, 0, 0, 1, 0, 0]], [[1, 1, 0, 0, 0, 0]]),
        *sharing_kinds(),
        *odd_kinds(),
    ]


def sharing_kinds() -> list[Kind]:
    """Give contests that share out points or money."""
    cumulative, budget = Rule("cumulative"), Rule("budget", 0, budget=50)
    return [
        Kind(
            "cumulative",
            contests.cumulative("shared", TITLE, options(3), cumulative, points=10),
            [[10, 0, 0], [2, 3, 4], [0, 0, 0]],
            [[10, 1, 0]],
        ),
        Kind(
            "cumulative, exact, with blank",
            contests.cumulative(
                "exact", TITLE, options(2), cumulative, points=6, exact=True, blank=BLANK
            ),
            [[6, 0, 0], [2, 4, 0], [0, 0, 1]],
            [[2, 3, 0], [0, 6, 1]],
        ),
        Kind(
            "budget",
            contests.budget(
                "budget", TITLE, options(4, 10, 25, 40, 0), budget, amount=50, at_most=3
            ),
            [[1, 1, 0, 1], [1, 0, 1, 0]],
            [[0, 1, 1, 0], [1, 1, 1, 0]],
        ),
    ]


def odd_kinds() -> list[Kind]:
    """Give contests whose limits no builder makes."""
    sums, cumulative = Rule("score-sum"), Rule("cumulative")
    twice = contests.approval("twice", TITLE, options(3), Rule("approval"), at_most=2)
    same = replace(twice, limits=(*twice.limits, *twice.limits))
    weighed = replace(
        contests.score("weighed", TITLE, options(3), sums, top=6),
        limits=(Limit(2, 20, ((0, 1), (2, 5))), Limit(0, 7, ((1, 3),))),
        example=(2, 0, 0),
    )
    fixed = replace(
        contests.cumulative("fixed", TITLE, options(3), cumulative, points=4),
        limits=(Limit(4, 4, ((0, 1), (1, 1), (2, 1))), Limit(1, 1, ((1, 1),))),
        example=(3, 1, 0),
    )
    return [
        Kind("limits that repeat each other", same, [[1, 1, 0]], [[1, 1, 1]]),
        Kind("weighed limits", weighed, [[0, 2, 4], [5, 0, 3]], [[1, 0, 0], [0, 3, 1]]),
        Kind("limits without slack", fixed, [[3, 1, 0], [0, 1, 3]], [[2, 2, 0], [4, 0, 0]]),
        Kind(
            "large numbers",
            replace(
                contests.score("large", TITLE, options(2), sums, top=2**32 - 1),
                limits=(Limit(0, 2**48 - 1, ((0, 3), (1, 2**31))),),
            ),
            [[715_827_882, 131_071], [2**32 - 1, 0]],
            [[715_827_883, 131_071], [2**32, 0]],
        ),
    ]
