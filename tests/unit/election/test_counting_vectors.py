"""The vectors that every implementation of docs/protocol.md 12 must agree on."""

import json
from pathlib import Path
from typing import Any

import pytest

from hanpyo.election.contests import check_contest, contest_from_json
from hanpyo.election.counting import Counted, count
from tests.unit.election.counting_cases import verdict

FILE = Path(__file__).parents[3] / "vectors" / "counting.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["name"])
def test_outcomes_match_vectors(vector: dict[str, Any]) -> None:
    contest = contest_from_json(vector["contest"], "contest")
    check_contest(contest, districts=1)
    counted = vector["counted"]
    if counted is not None:
        counted = Counted(**{**counted, "totals": tuple(counted["totals"])})
    assert list(verdict(count(contest, counted))) == vector["outcome"]


@pytest.mark.parametrize("vector", [v for v in VECTORS if "points" in v], ids=lambda v: v["name"])
def test_totals_of_vectors_are_those_of_their_plain_ballots(vector: dict[str, Any]) -> None:
    columns = zip(*vector["points"], strict=True)
    assert [sum(column) for column in columns] == vector["counted"]["totals"]


def test_vectors_show_every_rule_and_every_status() -> None:
    assert {v["contest"]["rule"]["name"] for v in VECTORS} == {
        *("plurality", "majority", "approval", "score-sum", "score-mean"),
        *("cumulative", "budget", "items"),
    }
    assert {v["outcome"][0] for v in VECTORS} == {0, 1, 2, 3, 4}
