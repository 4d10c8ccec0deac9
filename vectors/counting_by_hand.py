"""Contests whose outcome stands here as a person works it out from docs/protocol.md 12.

Each case: name, rule, totals, outcome `(status, winners, tied)`, and what differs from 100 ballots
of weight 100 on a roll of weight 400, no blank option, options that cost nothing.
"""

from typing import Any

from hanpyo.election.contests import Rule

Case = tuple[str, Rule, list[int], tuple[int, list[int], list[int]], dict[str, Any]]

FIRST = Rule("plurality")
HALF = Rule("majority", share=(1, 2))
MARKED = Rule("majority", share=(1, 2), base="marked")
MARKED_15 = Rule("majority", share=(1, 2), base="marked", minimum=15)
THIRD = Rule("majority", share=(1, 3))
QUORUM = Rule("plurality", quorum=101)
TURNOUT = Rule("plurality", turnout=(1, 4))
HALF_YES = Rule("items", 0, share=(1, 2))
TWO_THIRDS_YES = Rule("items", 0, share=(2, 3), base="marked")
MONEY = Rule("budget", 0, budget=100)

CASES: list[Case] = [
    ("plurality: the most wins", FIRST, [10, 40, 20], (0, [1], []), {}),
    ("plurality: a tie", FIRST, [40, 40, 20], (1, [], [0, 1]), {}),
    ("plurality: nobody has anything", FIRST, [0, 0], (1, [], [0, 1]), {}),
    ("plurality: blank never wins", FIRST, [10, 80, 9], (0, [0], []), {"blank": 1}),
    ("plurality: last seat", Rule("plurality", 3), [2, 5, 2, 4, 2], (1, [1, 3], [0, 2, 4]), {}),
    ("plurality: equals fit", Rule("plurality", 3), [5, 2, 2, 1], (0, [0, 1, 2], []), {}),
    ("approval: equals behind", Rule("approval", 2), [9, 9, 8, 8], (0, [0, 1], []), {}),
    ("approval: seats for all", Rule("approval", 3), [0, 5, 0], (0, [0, 1, 2], []), {}),
    ("approval: minimum met", Rule("approval", 2, minimum=20), [30, 20], (0, [0, 1], []), {}),
    ("approval: minimum missed", Rule("approval", 2, minimum=21), [30, 20], (0, [0], []), {}),
    ("approval: no tie below it", Rule("approval", minimum=21), [20, 20], (0, [], []), {}),
    ("score-sum: the most points", Rule("score-sum"), [310, 311], (0, [1], []), {}),
    ("score-mean: as the sums", Rule("score-mean"), [311, 310], (0, [0], []), {}),
    ("cumulative: the most points", Rule("cumulative", 2), [7, 9, 8], (0, [1, 2], []), {}),
    ("quorum met", Rule("plurality", quorum=100), [60, 40], (0, [0], []), {}),
    ("quorum missed", QUORUM, [60, 40], (2, [], []), {}),
    ("quorum counts ballots", QUORUM, [60, 40], (2, [], []), {"weight": 300}),
    ("turnout met", TURNOUT, [60, 40], (0, [0], []), {}),
    ("turnout missed", TURNOUT, [60, 39], (2, [], []), {"weight": 99}),
    ("turnout counts weight", TURNOUT, [60, 40], (0, [0], []), {"ballots": 9}),
    ("quorum first", Rule("majority", quorum=101), [0, 0], (2, [], []), {}),
    ("majority: exactly the share", HALF, [50, 30], (3, [], []), {}),
    ("majority: one more", HALF, [51, 30], (0, [0], []), {}),
    ("majority: blank is cast", HALF, [45, 30, 25], (3, [], []), {"blank": 2}),
    ("majority: blank is not marked", MARKED, [45, 30, 25], (0, [0], []), {"blank": 2}),
    ("majority: small ones are marked", MARKED_15, [20, 10, 10], (3, [], []), {}),
    ("majority: two with enough", THIRD, [40, 40, 20], (1, [], [0, 1]), {}),
    ("majority: higher of two", THIRD, [41, 40, 19], (0, [0], []), {}),
    ("majority: no tie without enough", HALF, [50, 50], (3, [], []), {}),
    ("majority: of nothing", Rule("majority"), [0, 0], (3, [], []), {}),
    ("items: each alone", HALF_YES, [60, 40, 50, 30, 51, 49], (0, [0, 4], []), {}),
    ("items: one is tied", HALF_YES, [60, 40, 30, 30], (1, [0], [2, 3]), {}),
    ("items: nobody answered one", HALF_YES, [0, 0, 51, 0], (0, [2], []), {}),
    ("items: marks of each item", TWO_THIRDS_YES, [20, 10, 21, 10], (0, [2], []), {}),
    ("items: more yes than no", Rule("items", 0), [30, 31, 30, 29], (0, [2], []), {}),
    ("items: minimum", Rule("items", 0, minimum=30), [30, 5, 29, 5, 29, 29], (0, [0], []), {}),
    ("budget: to the last cent", MONEY, [30, 20], (0, [0, 1], []), {"costs": [60, 40]}),
    ("budget: one cent short", MONEY, [30, 20], (0, [0], []), {"costs": [60, 41]}),
    ("budget: passed over", MONEY, [30, 20, 10], (0, [0, 2], []), {"costs": [60, 50, 40]}),
    ("budget: equals fit", MONEY, [3, 2, 2], (0, [0, 1, 2], []), {"costs": [60, 20, 20]}),
    ("budget: tie", MONEY, [3, 2, 2, 1], (1, [0], [1, 2]), {"costs": [60, 21, 20, 1]}),
    ("budget: one dearer", MONEY, [3, 2, 2], (0, [0, 2], []), {"costs": [60, 41, 40]}),
    ("budget: no votes", MONEY, [0, 1], (0, [1], []), {"costs": [0, 0]}),
    ("budget: blank", MONEY, [9, 1], (0, [1], []), {"costs": [5, 5], "blank": 0}),
    (
        "budget: minimum",
        Rule("budget", 0, budget=100, minimum=30),
        [30, 29],
        (0, [0], []),
        {"costs": [9, 9]},
    ),
]
