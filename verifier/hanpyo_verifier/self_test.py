"""Tests against published vectors: python3 verifier --self-test VECTORS_DIR."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hanpyo_verifier.election.contests import parse_contest
from hanpyo_verifier.election.outcome import Count, decide, parse_rule

Case = dict[str, Any]


def _counting(case: Case) -> bool:
    contest = parse_contest(case["contest"], 1, parse_rule)
    counted = case["counted"]
    count = counted and Count(
        counted["totals"], counted["ballots"], counted["weight"], counted["roll_weight"]
    )
    expected: list[Any] = case["outcome"]
    return list(decide(contest, count)) == expected


TESTS: dict[str, Callable[[Case], bool]] = {
    "counting.json": _counting,
}


def self_test(folder: Path) -> tuple[list[str], bool]:
    """Runs all vector files that are known; returns what to print and whether all agree."""
    lines = []
    good = True
    for name, test in TESTS.items():
        path = folder / name
        if not path.is_file():
            lines.append(f"{name}: not there")
            continue
        cases = json.loads(path.read_text("utf-8"))
        wrong = [case.get("name", number) for number, case in enumerate(cases) if not test(case)]
        good = good and not wrong
        lines.append(f"{name}: {len(cases) - len(wrong)} of {len(cases)} agree")
        lines += [f"    disagrees: {name}" for name in wrong]
    return lines, good
