"""Writes `counting.json`: contests, totals, and the outcome that docs/protocol.md 12 gives them.

`python -m vectors.counting PYTHON`, where PYTHON is one that has pabutools (`make nightly` makes
`.venv-crosscheck/bin/python`). The file is a list of vectors:

- `name`, and `source`: "by hand" (`counting_by_hand.py`), or the version of pabutools that agrees;
- `contest` as a manifest has it; `counted`: `totals`, `ballots`, `weight`, `roll_weight`, or null
  where no group was opened;
- `outcome`: `[status, winners, tied]`;
- `points`, where pabutools agrees: the plain ballots it was given.

The random ones are small budgets on which our count and pabutools agree; the script stops at the
first on which they do not. `tests/nightly/test_crosscheck_pabutools.py` tries many more.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from hanpyo.election.contests import Contest, Limit, Option, Rule, contest_to_json
from hanpyo.election.counting import DECIDED, ContestOutcome, Counted, count
from vectors.counting_by_hand import CASES

ROOT = Path(__file__).resolve().parent.parent
ASK = ROOT / "tests" / "nightly" / "pabutools_greedy.py"
SEED = 12
RANDOM_VECTORS = 30
FORMS = {
    "plurality": "some",
    "majority": "one",
    "approval": "approval",
    "score-sum": "score",
    "score-mean": "score",
    "cumulative": "cumulative",
    "budget": "approval",
    "items": "matrix",
}

Points = list[list[int]]


def main() -> None:
    """Write the file."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m vectors.counting PYTHON, one that has pabutools")
    vectors = [by_hand(*case) for case in CASES]
    not_opened = by_hand("not opened", Rule("plurality"), [0, 0], (4, [], []), {})
    vectors.append({**not_opened, "counted": None})
    vectors += agreed(sys.argv[1])
    lines = ",\n".join(json.dumps(each, sort_keys=True) for each in vectors)
    (ROOT / "vectors" / "counting.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(vectors)} vectors")


def agreed(python: str) -> list[dict[str, Any]]:
    """Make the random vectors, or stop at the first on which pabutools does not agree."""
    random = Random(SEED)
    cases = [random_budget(random) for _ in range(RANDOM_VECTORS)]
    version, answers = ask_pabutools(python, [pabutools_case(*case) for case in cases])
    vectors = []
    for number, ((contest, points), answer) in enumerate(zip(cases, answers, strict=True)):
        counted = counted_of(points)
        outcome = count(contest, counted)
        if not agrees(contest, points, outcome, answer):
            sys.exit(f"case {number} of seed {SEED}: {outcome.steps}, but pabutools has {answer}")
        shown = (outcome.status, [*outcome.winners], [*outcome.tied])
        name, source = f"random budget {number}", f"pabutools {version}"
        vectors.append({**vector(name, source, contest, counted, shown), "points": points})
    return vectors


def random_budget(random: Random) -> tuple[Contest, Points]:
    """Draw a small budget: its contest, and plain ballots as points per option."""
    n, top = random.randint(2, 6), random.choice([1, 1, 3])
    rule = Rule("budget", 0, minimum=random.choice([0, 0, 0, 2]), budget=random.randint(1, 16))
    contest = contest_of(rule, [random.randint(1, 9) for _ in range(n)], None, top)
    ballots = range(random.randint(1, 3))
    return contest, [[random.randint(0, top) for _ in range(n)] for _ in ballots]


def counted_of(points: Points) -> Counted:
    """Add up plain ballots of weight 1, all of the roll."""
    totals = tuple(sum(column) for column in zip(*points, strict=True))
    return Counted(totals, len(points), len(points), len(points))


def standing(contest: Contest, points: Points) -> list[int]:
    """Give the options that can win; pabutools knows no minimum and pays projects nobody wants."""
    totals = counted_of(points).totals
    return [n for n, total in enumerate(totals) if total >= max(1, contest.rule.minimum)]


def pabutools_case(contest: Contest, points: Points) -> dict[str, Any]:
    """Put a budget as `tests/nightly/pabutools_greedy.py` takes it."""
    options = standing(contest, points)
    return {
        "costs": [contest.options[option].cost for option in options],
        "budget": contest.rule.budget,
        "ballots": [[ballot[option] for option in options] for ballot in points],
    }


def ask_pabutools(python: str, cases: list[dict[str, Any]]) -> tuple[str, list[Any]]:
    """Give pabutools' version and its answers."""
    answer = subprocess.run(
        [python, ASK], input=json.dumps(cases), capture_output=True, check=True, text=True
    )
    found = json.loads(answer.stdout)
    return found["version"], found["answers"]


def agrees(contest: Contest, points: Points, outcome: ContestOutcome, answer: list[Any]) -> bool:
    """Tell whether every way in which pabutools may break ties fits our outcome.

    Where we decide there is one way, ours. Where we report a tie there are several: each has our
    winners, each tied option is in some of them, and none has all tied options.
    """
    options = standing(contest, points)
    ways = [{options[number] for number in allocation} for allocation in answer]
    winners, tied = set(outcome.winners), set(outcome.tied)
    if outcome.status == DECIDED:
        return ways == [winners]
    return (
        len(ways) > 1
        and all(winners <= way for way in ways)
        and tied <= set().union(*ways)
        and not any(tied <= way for way in ways)
    )


def by_hand(
    name: str,
    rule: Rule,
    totals: list[int],
    outcome: tuple[int, list[int], list[int]],
    other: dict[str, Any],
) -> dict[str, Any]:
    """Make a vector of a hand-written case."""
    costs = other.get("costs", [0] * len(totals))
    contest = contest_of(rule, costs, other.get("blank"), 5 if "score" in rule.name else 1)
    counted = Counted(tuple(totals), other.get("ballots", 100), other.get("weight", 100), 400)
    return vector(name, "by hand", contest, counted, outcome)


def contest_of(rule: Rule, costs: list[int], blank: int | None, top: int) -> Contest:
    """Make a contest with as little as its rule needs."""
    n = range(len(costs))
    limits = [Limit(0, 1, ((i, 1), (i + 1, 1))) for i in n[::2]] if rule.name == "items" else []
    if blank is not None:
        limits = [Limit(0, 1, tuple((i, 1) for i in n))]
    return Contest(
        id="contest",
        title={"en": "A contest"},
        form="cumulative" if rule.name == "budget" and top > 1 else FORMS[rule.name],
        options=tuple(Option(f"o{i}", {"en": f"Option {i}"}, costs[i]) for i in n),
        top=top,
        limits=tuple(limits),
        blank=blank,
        example=None,
        partition=(),
        rule=rule,
    )


def vector(
    name: str,
    source: str,
    contest: Contest,
    counted: Counted,
    outcome: tuple[int, list[int], list[int]],
) -> dict[str, Any]:
    """Put a vector together."""
    return {
        "name": name,
        "source": source,
        "contest": contest_to_json(contest),
        "counted": asdict(counted),
        "outcome": outcome,
    }


if __name__ == "__main__":
    main()
