"""Every bound of a contest, on both sides of its border; every message names its field."""

from dataclasses import replace

import pytest

from hanpyo.election import contests
from hanpyo.election.contests import (
    Contest,
    Limit,
    Option,
    Rule,
    check_contest,
    contest_from_json,
    contest_shape,
    contest_to_json,
)
from hanpyo.encoding import decode_json, encode_json
from hanpyo.errors import InvalidManifest
from tests.unit.election.samples import TITLE, mayor, options, projects

DISTRICTS = 3


def score_contest(count: int = 3, top: int = 5, **changes: object) -> Contest:
    contest = contests.score("s", TITLE, options(count), Rule("score-sum"), top=top)
    return replace(contest, **changes)  # type: ignore[arg-type]


def items_contest(items: int = 2) -> Contest:
    pairs = [(Option(f"y{n}", TITLE), Option(f"n{n}", TITLE)) for n in range(items)]
    return contests.matrix("m", TITLE, pairs, Rule("items", seats=0, share=(1, 2)))


def limit(low: int, high: int, *coefficients: tuple[int, int], count: int = 1) -> tuple[Limit, ...]:
    return (Limit(low, high, coefficients or ((0, 1),)),) * count


def rule(**changes: object) -> Rule:
    return replace(Rule("plurality"), **changes)  # type: ignore[arg-type]


def majority(**changes: object) -> Contest:
    changed = replace(Rule("majority", share=(1, 2)), **changes)  # type: ignore[arg-type]
    return replace(mayor(), rule=changed)


TOP_2_32 = 2**32 - 1
AMOUNT = 2**48 - 1

ACCEPTED = {
    "one option": score_contest(1),
    "512 options": score_contest(512, 1),
    "highest top": score_contest(3, TOP_2_32),
    "4096 bits": score_contest(128, TOP_2_32),
    "limit of 0": score_contest(limits=limit(0, 0)),
    "highest limit": score_contest(limits=limit(0, AMOUNT)),
    "highest coefficient": score_contest(limits=limit(0, 0, (0, AMOUNT))),
    "sum of coefficients below 2^64": score_contest(
        1, TOP_2_32, limits=limit(0, 1, (0, 2**32 + 1))
    ),
    "64 limits": score_contest(limits=limit(0, 5, count=64)),
    "64 limits more than items": replace(
        items_contest(2), limits=items_contest(2).limits + limit(0, 2, count=64)
    ),
    "low with example": score_contest(limits=limit(2, 5), example=(2, 0, 0)),
    "example at the top": score_contest(example=(5, 5, 5)),
    "highest cost": replace(mayor(), options=(Option("a", TITLE, AMOUNT), *options(3)[1:])),
    "partition": replace(mayor(), partition=((2,), (0, 1))),
    "one part": replace(mayor(), partition=((0, 1, 2),)),
    "all seats": replace(mayor(), rule=rule(seats=3)),
    "quorum and minimum": replace(mayor(), rule=rule(quorum=AMOUNT, minimum=AMOUNT)),
    "full turnout": replace(mayor(), rule=rule(turnout=(10**6, 10**6))),
    "share just below 1": majority(share=(10**6 - 1, 10**6), base="marked"),
    "items": items_contest(5),
    "budget": projects(),
}


@pytest.mark.parametrize("contest", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepted_and_read_back(contest: Contest) -> None:
    check_contest(contest, DISTRICTS)
    value = decode_json(encode_json(contest_to_json(contest)))
    assert contest_from_json(value, "contest") == contest


BLANK = projects()  # limits: cost 0..100, count 0..3; blank is option 4

REFUSED = {
    "no option": (replace(mayor(), options=()), "options"),
    "513 options": (score_contest(513, 1), "options"),
    "option ids twice": (replace(mayor(), options=(*options(2), options(1)[0])), "options"),
    "cost too high": (
        replace(mayor(), options=(*options(2), Option("z", TITLE, 2**48))),
        "options[2].cost",
    ),
    "unknown form": (replace(mayor(), form="ranked"), "form"),
    "top 0": (score_contest(top=0), "top"),
    "top too high": (score_contest(top=2**32), "top"),
    "too many bits": (score_contest(129, TOP_2_32), ": needs 4128 bits"),
    "high too high": (score_contest(limits=limit(0, 2**48)), "limits[0].high"),
    "low over high": (score_contest(limits=limit(3, 2), example=(3, 0, 0)), "limits[0].low"),
    "no coefficient": (score_contest(limits=(Limit(0, 1, ()),)), "limits[0].coefficients"),
    "coefficient 0": (score_contest(limits=limit(0, 1, (0, 0))), "limits[0].coefficients[0]"),
    "coefficient too high": (
        score_contest(limits=limit(0, 1, (0, 2**48))),
        "limits[0].coefficients[0]",
    ),
    "option twice": (
        score_contest(limits=limit(0, 1, (1, 1), (1, 1))),
        "limits[0].coefficients[1]",
    ),
    "options descending": (
        score_contest(limits=limit(0, 1, (1, 1), (0, 1))),
        "limits[0].coefficients[1]",
    ),
    "option unknown": (score_contest(limits=limit(0, 1, (3, 1))), "limits[0].coefficients[0]"),
    "sum of coefficients 2^64": (
        score_contest(2, 2**32 - 1, limits=limit(0, 1, (0, 2**32 + 1), (1, 1))),
        "limits[0]",
    ),
    "65 limits": (score_contest(limits=limit(0, 5, count=65)), "limits"),
    "65 limits more than items": (
        replace(items_contest(2), limits=items_contest(2).limits + limit(0, 2, count=65)),
        "limits",
    ),
    "low without example": (score_contest(limits=limit(1, 5)), "example"),
    "example too short": (score_contest(example=(1, 1)), "example"),
    "example over top": (score_contest(example=(6, 0, 0)), "example"),
    "example over a limit": (score_contest(limits=limit(0, 2), example=(3, 0, 0)), "example"),
    "example under a limit": (score_contest(limits=limit(2, 3), example=(1, 0, 0)), "example"),
    "matrix of odd options": (
        replace(items_contest(1), options=tuple(options(3))),
        "options",
    ),
    "matrix lacks a limit": (replace(items_contest(), limits=items_contest().limits[:1]), "limits"),
    "matrix limits out of order": (
        replace(items_contest(), limits=items_contest().limits[::-1]),
        "limits[0]",
    ),
    "matrix limit allows both": (
        replace(items_contest(1), limits=limit(0, 2, (0, 1), (1, 1))),
        "limits[0]",
    ),
    "matrix with a blank": (replace(items_contest(1), blank=1), "blank"),
    "blank unknown": (replace(BLANK, blank=5), "blank"),
    "blank not in a limit": (replace(BLANK, blank=0), "limits[0]"),
    "blank weighs too little": (
        replace(BLANK, limits=(Limit(0, 100, (*BLANK.limits[0].coefficients[:-1], (4, 99))),)),
        "limits[0]",
    ),
    "blank in a limit of 0": (replace(mayor(), blank=0, limits=limit(0, 0)), "limits[0]"),
    "blank excludes only some": (
        replace(mayor(), blank=2, limits=limit(0, 1, (1, 1), (2, 1)), example=None),
        "blank",
    ),
    "blank without limits": (score_contest(blank=0), "blank"),
    "partition lacks a district": (replace(mayor(), partition=((0,), (2,))), "partition"),
    "partition repeats a district": (replace(mayor(), partition=((0, 1), (1, 2))), "partition"),
    "partition invents a district": (replace(mayor(), partition=((0, 1, 2, 3),)), "partition"),
    "partition has an empty part": (replace(mayor(), partition=((0, 1, 2), ())), "partition[1]"),
    "part not ascending": (replace(mayor(), partition=((0,), (2, 1))), "partition[1]"),
    "unknown rule": (replace(mayor(), rule=rule(name="condorcet")), "rule.name"),
    "rule of another form": (replace(mayor(), rule=rule(name="approval")), "rule.name"),
    "no seat": (replace(mayor(), rule=rule(seats=0)), "rule.seats"),
    "more seats than options": (replace(mayor(), rule=rule(seats=4)), "rule.seats"),
    "a seat for blank": (
        replace(
            contests.one("c", TITLE, options(2), rule(), blank=Option("z", TITLE)),
            rule=rule(seats=3),
        ),
        "rule.seats",
    ),
    "two seats by majority": (majority(seats=2), "rule.seats"),
    "seats in a budget": (replace(projects(), rule=Rule("budget", budget=1)), "rule.seats"),
    "seats of items": (replace(items_contest(), rule=Rule("items", share=(1, 2))), "rule.seats"),
    "share without majority": (replace(mayor(), rule=rule(share=(1, 2))), "rule.share"),
    "share of all": (majority(share=(1, 1)), "rule.share"),
    "base without majority": (replace(mayor(), rule=rule(base="marked")), "rule.base"),
    "unknown base": (majority(base="all"), "rule.base"),
    "turnout over 1": (replace(mayor(), rule=rule(turnout=(2, 1))), "rule.turnout"),
    "turnout by zero": (replace(mayor(), rule=rule(turnout=(0, 0))), "rule.turnout"),
    "quorum too high": (replace(mayor(), rule=rule(quorum=2**48)), "rule.quorum"),
    "minimum too high": (replace(mayor(), rule=rule(minimum=2**48)), "rule.minimum"),
    "money of another rule": (replace(mayor(), rule=rule(budget=1)), "rule.budget"),
    "too much money": (
        replace(projects(), rule=Rule("budget", seats=0, budget=2**48)),
        "rule.budget",
    ),
}


@pytest.mark.parametrize(("contest", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_by_field(contest: Contest, field: str) -> None:
    with pytest.raises(InvalidManifest) as caught:
        check_contest(contest, DISTRICTS, "contests[7]")
    separator = "" if field.startswith(":") else "."
    assert str(caught.value).startswith(f"contests[7]{separator}{field}")


@pytest.mark.parametrize("contest", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_sizes_are_those_of_proofs(contest: Contest) -> None:
    shape = contest_shape(contest)
    assert shape.option_count == len(contest.options)
    assert shape.bit_count == contest.bit_count
    assert shape.byte_size == contest.byte_size


def test_one_of_five_takes_16_points_and_scalars() -> None:
    contest = contests.one("c", TITLE, options(5), Rule("plurality"))
    assert contest.bit_count == 5
    assert contest.byte_size == 512


def test_parts_are_the_partition_or_everything() -> None:
    assert mayor().parts(3) == ((0, 1, 2),)
    assert replace(mayor(), partition=((2,), (0, 1))).parts(3) == ((2,), (0, 1))
