"""Our greedy rule and our reading of Pabulib files against pabutools, other people's work."""

from pathlib import Path
from random import Random

import pytest

from hanpyo.election.counting import Counted, count
from hanpyo.formats.pabulib import election_from_pabulib, parse_pabulib
from vectors.counting import agrees, ask_pabutools, counted_of, pabutools_case, random_budget

pytestmark = pytest.mark.nightly

INSTANCES = 2_000
FILES = [
    "Canada_Stanford_Dataset_PB_Dieppe_2018_vote_approvals.pb",
    "France_Toulouse_2019.pb",
    "Hungary_Budapest_2024.pb",
    "Poland_Warszawa_2026.pb",
]


def test_random_budgets_end_as_in_pabutools(crosscheck_python: Path) -> None:
    seed = Random().randrange(2**32)
    print(f"seed {seed}")
    random = Random(seed)
    cases = [random_budget(random) for _ in range(INSTANCES)]
    asked = [pabutools_case(contest, points) for contest, points in cases]
    _, answers = ask_pabutools(str(crosscheck_python), asked)
    tied = 0
    for (contest, points), answer in zip(cases, answers, strict=True):
        outcome = count(contest, counted_of(points))
        tied += bool(outcome.tied)
        assert agrees(contest, points, outcome, answer), (contest, points, outcome, answer)
    assert INSTANCES // 10 < tied < INSTANCES * 9 // 10


@pytest.mark.parametrize("name", FILES)
def test_real_budgets_end_as_in_pabutools(
    name: str, crosscheck_python: Path, shared_data: Path
) -> None:
    path = shared_data / "pabulib" / name
    file = parse_pabulib(path.read_text(encoding="utf-8"))
    election = election_from_pabulib(file)
    totals = [0] * len(file.projects)
    for row in election.rows:
        for option, score in row.selections:
            totals[option] += score
    ballots = len(election.rows)
    outcome = count(election.contest, Counted(tuple(totals), ballots, ballots, ballots))
    asked = {"file": str(path), "minimum": file.minimum}
    _, (answer,) = ask_pabutools(str(crosscheck_python), [asked])
    ids = [option.id for option in election.contest.options]
    assert dict(zip(ids, totals, strict=True)) == answer["totals"]
    assert not outcome.tied
    assert sorted(ids[option] for option in outcome.winners) == answer["allocation"]
