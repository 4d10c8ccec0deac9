"""What a manifest may say (protocol.md 4, 5, 12), and the counting rules."""

import copy
import random

import pytest
from hanpyo_verifier.election.contests import bit_weights, parse_contest
from hanpyo_verifier.election.counting import Counting
from hanpyo_verifier.election.manifest import parse_manifest
from hanpyo_verifier.election.outcome import Count, decide, parse_rule
from hanpyo_verifier.encoding import canonical_json
from hanpyo_verifier.errors import MalformedError
from record_maker import Maker, Signer, code_word, contest_json, text

MAKER = Maker()


def manifest(**more):
    return MAKER.manifest([contest_json(options=3)], **more)


def parse(value):
    return parse_manifest(canonical_json.encode(value))


def test_a_manifest_is_read():
    parsed = parse(manifest(opens=5, closes=6))
    assert (parsed.opens, parsed.closes, parsed.slots, parsed.threshold) == (5, 6, 3, 2)
    assert parsed.style_size(0) == 32 * (3 + 3 + 1 + 6)


def change(path, value):
    """Returns a function that sets one place of a manifest."""

    def apply(m):
        at = m
        for key in path[:-1]:
            at = at[key]
        if value is KeyError:
            del at[path[-1]]
        else:
            at[path[-1]] = value

    return apply


WRONG = [
    (["version"], 2), (["version"], True), (["kind"], "vote"), (["kind"], []),
    (["secrecy"], "open"), (["sign_in"], "none"), (["weights"], "some"), (["nonce"], "0" * 63),
    (["nonce"], "A" * 64), (["nonce"], 1), (["title"], {}), (["title"], {"en": ""}),
    (["title"], {"en": "x" * 501}), (["title"], {"EN": "x"}), (["title"], {"english": "x"}),
    (["title"], {"en": 1}), (["title"], "x"), (["title"], {chr(97 + i) * 2: "x" for i in range(9)}),
    (["description"], {"en": "x" * 5001}), (["description"], {"en": ""}), (["description"], None),
    (["opens"], -1), (["opens"], "0"), (["opens"], 2**53), (["ballots_per_row"], 0),
    (["ballots_per_row"], 65), (["smallest_tally"], 1), (["smallest_tally"], 1_000_001),
    (["single_trustee"], True), (["single_trustee"], 0), (["single_trustee"], None),
    (["trustees", "threshold"], 1), (["trustees", "threshold"], 3), (["trustees", "least"], 4),
    (["trustees", "least"], 1), (["trustees", "parties"], []), (["organizers", "quorum"], 0),
    (["organizers", "quorum"], 4), (["organizers", "parties"], []),
    (["organizers", "more"], 1), (["registrar", "name"], ""), (["registrar", "name"], "x" * 201),
    (["registrar", "key"], "00" * 32), (["registrar", "key"], "AB" * 32),
    (["registrar", "key"], "01" + "00" * 31), (["registrar", "key"], None),
    (["districts"], []), (["districts", 1, "id"], "d0"), (["districts", 0, "id"], "-x"),
    (["districts", 0, "id"], ""), (["districts", 0, "id"], "x" * 65), (["districts", 0], None),
    (["styles"], []), (["styles"], [[]]), (["styles"], [[1]]), (["styles"], [[0, 0]]),
    (["contests"], []), (["more"], 1), (["title"], KeyError), (["weights"], KeyError),
    (["contests", 0, "top"], 0), (["contests", 0, "top"], 2**32), (["contests", 0, "blank"], 3),
    (["contests", 0, "blank"], True), (["contests", 0, "form"], "other"),
    (["contests", 0, "form"], "matrix"), (["contests", 0, "id"], "a b"),
    (["contests", 0, "options"], []), (["contests", 0, "options", 1, "id"], "o0"),
    (["contests", 0, "options", 0, "cost"], 2**48), (["contests", 0, "example"], [1, 1, 0]),
    (["contests", 0, "example"], [0, 0]), (["contests", 0, "example"], [2, 0, 0]),
    (["contests", 0, "example"], {}), (["contests", 0, "limits", 0, "low"], 1),
    (["contests", 0, "limits", 0, "low"], 2), (["contests", 0, "limits", 0, "high"], 2**48),
    (["contests", 0, "limits", 0, "coefficients"], []),
    (["contests", 0, "limits", 0, "coefficients"], [[0, 0]]),
    (["contests", 0, "limits", 0, "coefficients"], [[0, 2**48]]),
    (["contests", 0, "limits", 0, "coefficients"], [[1, 1], [0, 1]]),
    (["contests", 0, "limits", 0, "coefficients"], [[0, 1], [0, 1]]),
    (["contests", 0, "limits", 0, "coefficients"], [[3, 1]]),
    (["contests", 0, "limits", 0, "coefficients"], [[0]]),
    (["contests", 0, "partition"], [[0]]), (["contests", 0, "partition"], [[0, 1], []]),
    (["contests", 0, "partition"], [[0, 1], [1]]), (["contests", 0, "partition"], [[1, 0]]),
    (["contests", 0, "partition"], [[0], [2]]), (["contests", 0, "rule", "name"], "majority"),
    (["contests", 0, "rule", "name"], "unknown"), (["contests", 0, "rule", "name"], []),
    (["contests", 0, "rule", "seats"], 0), (["contests", 0, "rule", "seats"], 4),
    (["contests", 0, "rule", "share"], [1, 2]), (["contests", 0, "rule", "share"], [0, 2]),
    (["contests", 0, "rule", "base"], "marked"), (["contests", 0, "rule", "budget"], 1),
    (["contests", 0, "rule", "quorum"], 2**48), (["contests", 0, "rule", "minimum"], -1),
    (["contests", 0, "rule", "turnout"], [2, 1]), (["contests", 0, "rule", "turnout"], [0, 0]),
    (["contests", 0, "rule", "turnout"], [1, 1_000_001]), (["contests", 0, "rule", "more"], 0),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_a_manifest_that_is_refused(path, value):
    wrong = copy.deepcopy(manifest())
    parse(wrong)
    change(path, value)(wrong)
    with pytest.raises(MalformedError):
        parse(wrong)


def test_keys_and_times_that_clash():
    wrong = manifest()
    wrong["registrar"]["key"] = wrong["trustees"]["parties"][0]["key"]
    with pytest.raises(MalformedError):
        parse(wrong)
    with pytest.raises(MalformedError):
        parse(manifest(opens=5, closes=5))


def test_one_trustee_only_where_it_is_said():
    alone = {"least": 1, "parties": [{"key": Signer().key.hex(), "name": "T"}], "threshold": 1}
    assert parse(manifest(trustees=alone, single_trustee=True)).threshold == 1
    with pytest.raises(MalformedError):
        parse(manifest(trustees=alone, single_trustee=False))


def contest(**more):
    return parse_contest(contest_json(**more), 1, parse_rule)


def all_options(n, c=1, high=1, low=0):
    return {"coefficients": [[i, c] for i in range(n)], "high": high, "low": low}


def test_limits_of_size():
    big = [{"coefficients": [[0, 2**40], [1, 2**40]], "high": 2**47, "low": 0}]
    assert contest(options=2, limits=big, top=2**22).top == 2**22
    with pytest.raises(MalformedError, match="too large"):
        contest(options=2, limits=big, top=2**23)
    assert contest(options=128, limits=[], top=2**32 - 1).bits == 4096
    with pytest.raises(MalformedError, match="bits"):
        contest(options=129, limits=[], top=2**32 - 1)
    with pytest.raises(MalformedError):
        contest(options=2, limits=[all_options(2)] * 65)
    with pytest.raises(MalformedError, match="example"):
        contest(options=2, limits=[all_options(2, high=2, low=1)])
    assert contest(options=2, limits=[all_options(2, high=2, low=1)], example=[1, 0]).n == 2


def matrix(items, **more):
    pairs = [
        {"coefficients": [[2 * i, 1], [2 * i + 1, 1]], "high": 1, "low": 0} for i in range(items)
    ]
    rule = {
        "base": "cast", "budget": 0, "minimum": 0, "name": "items", "quorum": 0, "seats": 0,
        "share": [1, 2], "turnout": [0, 1],
    }  # fmt: skip
    value = {"form": "matrix", "options": 2 * items, "limits": pairs, "rule": rule}
    value.update(more)
    return value


def test_a_matrix():
    assert contest(**matrix(200)).bits == 400 + 200
    with pytest.raises(MalformedError):
        contest(**matrix(2, options=5))
    wrong = matrix(2)
    wrong["limits"].reverse()
    with pytest.raises(MalformedError):
        contest(**wrong)
    with pytest.raises(MalformedError):
        contest(**matrix(2, limits=matrix(1)["limits"]))
    with pytest.raises(MalformedError):
        contest(**matrix(1, blank=1))


def test_a_blank_option():
    assert contest(blank=2).blank == 2
    two = [{"coefficients": [[0, 1], [1, 1], [2, 2]], "high": 2, "low": 0}]
    assert contest(blank=2, limits=two).blank == 2
    with pytest.raises(MalformedError):
        contest(blank=1, limits=two)
    with pytest.raises(MalformedError):
        contest(blank=0, limits=[])
    with pytest.raises(MalformedError):
        contest(blank=0, limits=[{"coefficients": [[0, 1], [1, 1]], "high": 1, "low": 0}])
    with pytest.raises(MalformedError):
        contest(blank=0, options=1)  # no option is left to win


@pytest.mark.parametrize("top", [0, 1, 2, 3, 4, 5, 9, 10, 15, 16, 100])
def test_every_score_has_one_code_word(top):
    weights = bit_weights(top)
    assert len(weights) == top.bit_length()
    assert sum(weights) == top
    words = [code_word(score, top) for score in range(top + 1)]
    assert [sum(w * b for w, b in zip(weights, word, strict=True)) for word in words] == list(
        range(top + 1)
    )


def counting(parts, smallest=3, weights="guarded"):
    """Counted rows by district: lists of weights."""
    districts = [{"id": f"d{i}", "title": text("D")} for i in range(len(parts))]
    value = MAKER.manifest(
        [contest_json(partition=[[i] for i in range(len(parts))])],
        districts=districts, smallest_tally=smallest, weights=weights,
    )  # fmt: skip
    out = Counting(parse(value))
    for district, rows in enumerate(parts):
        for weight in rows:
            out.change(0, district, weight, 1)
    return out


@pytest.mark.parametrize(
    ("parts", "groups"),
    [
        ([[1] * 3, [1] * 3], [[0], [1]]),
        ([[1] * 3, [1] * 2], [[0, 1]]),
        ([[1] * 2, [1] * 3], [[0, 1]]),
        ([[1] * 1, [1] * 1], []),
        ([[], [1] * 3, []], [[0, 1, 2]]),
        ([[1] * 3, [1] * 3, [1] * 2, []], [[0], [1, 2, 3]]),
        ([[1] * 3 + [2], [2] * 2, [1]], [[0, 1, 2]]),
        ([[1] * 3 + [2], [2] * 2, [1] * 3, [7]], []),
        ([[1] * 3, [1] * 3, [2]], []),
    ],
)
def test_groups(parts, groups):
    assert [group.parts for group in counting(parts).groups(0)] == groups


def test_groups_where_weights_may_be_revealed():
    parts = [[1] * 3, [1] * 3, [2]]
    groups = counting(parts, weights="revealing").groups(0)
    assert [(g.parts, g.ballots, g.weight) for g in groups] == [([0, 1, 2], 7, 8)]
    assert counting([[1] * 3, [9]], weights="revealing").groups(0)[0].parts == [0, 1]
    assert counting([[1], [9]], weights="revealing").groups(0) == []


def test_a_ballot_that_is_taken_out():
    out = counting([[1] * 3])
    out.change(0, 0, 1, -1)
    assert out.groups(0) == []
    out.change(0, 0, 1, 1)
    assert out.groups(0)[0].ballots == 3


def outcome(totals, *, ballots=100, weight=100, roll=100, blank=None, form="some", **rule):
    value = contest_json(options=len(totals), form=form, blank=blank)
    value["rule"].update(rule)
    if form == "matrix":
        value = contest_json(**matrix(len(totals) // 2))
        value["rule"].update(rule)
    shape = parse_contest(value, 1, parse_rule)
    return decide(shape, Count(totals, ballots, weight, roll))


def test_outcomes():
    assert decide(contest(), None) == (4, [], [])
    assert outcome([5, 9, 1]) == (0, [1], [])
    assert outcome([5, 9, 9]) == (1, [], [1, 2])
    assert outcome([5, 9, 9], seats=2) == (0, [1, 2], [])
    assert outcome([5, 9, 5], seats=2) == (1, [1], [0, 2])
    assert outcome([5, 9, 5], minimum=6, seats=3) == (0, [1], [])
    assert outcome([5, 9, 5], minimum=10) == (0, [], [])
    assert outcome([5, 99, 5], blank=1) == (1, [], [0, 2])
    assert outcome([5, 9, 1], ballots=9, quorum=10) == (2, [], [])
    assert outcome([5, 9, 1], weight=49, turnout=[1, 2]) == (2, [], [])
    assert outcome([5, 9, 1], weight=50, turnout=[1, 2]) == (0, [1], [])


def test_outcomes_by_majority():
    def majority(totals, **more):
        rule = {"form": "one", "name": "majority", "share": [1, 2], **more}
        return outcome(totals, **rule)

    assert majority([51, 49, 0]) == (0, [0], [])
    assert majority([50, 49, 1]) == (3, [], [])
    assert majority([30, 29, 0], base="marked") == (0, [0], [])
    assert majority([30, 29, 41], base="marked", blank=2) == (0, [0], [])
    assert majority([30, 30, 0], share=[1, 4]) == (1, [], [0, 1])


def test_outcomes_by_budget():
    def budget(totals, costs, money):
        value = contest_json(options=len(totals), form="budget", limits=[])
        for option, cost in zip(value["options"], costs, strict=True):
            option["cost"] = cost
        value["rule"].update(name="budget", seats=0, budget=money)
        return decide(parse_contest(value, 1, parse_rule), Count(totals, 9, 9, 9))

    assert budget([5, 4, 3], [50, 60, 40], 100) == (0, [0, 2], [])
    assert budget([5, 4, 4], [50, 30, 30], 100) == (1, [0], [1, 2])
    assert budget([5, 4, 4], [50, 30, 90], 100) == (0, [0, 1], [])
    assert budget([5, 0, 0], [50, 0, 0], 100) == (0, [0], [])


def test_outcomes_by_items():
    items = {"form": "matrix", "seats": 0, "name": "items"}
    assert outcome([51, 49, 50, 49, 9, 9, 0, 0], **items) == (1, [0], [4, 5])
    assert outcome([51, 49, 50, 49], base="marked", **items) == (0, [0, 2], [])
    assert outcome([51, 49, 60, 1], minimum=55, **items) == (0, [2], [])
    # Below the minimum an item neither wins nor ties; a tie needs no share.
    assert outcome([5, 5, 90, 1], minimum=6, **items) == (0, [2], [])
    assert outcome([6, 6, 90, 1], minimum=6, **items) == (1, [2], [0, 1])
    assert outcome([1, 1, 95, 1], share=[9, 10], **items) == (1, [2], [0, 1])


def test_budget_against_a_plain_model():
    """Random cases against the text of 12, read once more in another way."""
    chance = random.Random(5)
    for _ in range(300):
        n = chance.randrange(1, 7)
        totals = [chance.randrange(4) for _ in range(n)]
        costs = [chance.randrange(6) for _ in range(n)]
        money = chance.randrange(12)
        left, won, tied = money, set(), set()
        for level in (3, 2, 1):
            step = {i for i in range(n) if totals[i] == level and costs[i] <= left}
            price = sum(costs[i] for i in step)
            if price > left:
                tied = step
                break
            won |= step
            left -= price
        value = contest_json(options=n, form="budget", limits=[])
        for option, cost in zip(value["options"], costs, strict=True):
            option["cost"] = cost
        value["rule"].update(name="budget", seats=0, budget=money)
        found = decide(parse_contest(value, 1, parse_rule), Count(totals, 9, 9, 9))
        assert found == (int(bool(tied)), sorted(won), sorted(tied))
