"""A figure with its goal, and how figures are shown and kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LATEST = Path(__file__).parent / "latest.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    Attributes:
        at_least: the goal is the least it must be, else the most.
        note: what a reader of the table should know beside it.
    """

    name: str
    value: float
    goal: float
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the goal is reached."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def keep(figures: Sequence[Figure]) -> None:
    """Write `latest.json`."""
    rows = [
        {"name": each.name, "value": each.value, "goal": each.goal, "holds": each.holds}
        for each in figures
    ]
    LATEST.write_text(json.dumps(rows, indent=1) + "\n")


def show(figures: Sequence[Figure]) -> None:
    """Print a table."""
    width = max(len(each.name) for each in figures)
    for each in figures:
        goal = f"{'>=' if each.at_least else '<='} {each.goal:<8g}"
        verdict = "holds" if each.holds else "MISSED"
        line = f"{each.name:<{width}}  {each.value:>10.3f}  {goal}  {verdict:<6}  {each.note}"
        print(line.rstrip())
