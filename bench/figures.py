"""A figure with its goal, and how figures are shown and kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

LATEST = Path(__file__).parent / "latest.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `at_least`: the goal is the least it must be, else the most."""

    name: str
    value: float
    goal: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the goal is reached."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def keep(figures: Sequence[Figure]) -> None:
    """Write `latest.json`."""
    rows = [
        {key: value for key, value in asdict(each).items() if key != "at_least"}
        | {"holds": each.holds}
        for each in figures
    ]
    LATEST.write_text(json.dumps(rows, indent=1) + "\n")


def show(figures: Sequence[Figure]) -> None:
    """Print a table."""
    width = max(len(each.name) for each in figures)
    for each in figures:
        bound = ">=" if each.at_least else "<="
        verdict = "holds" if each.holds else "MISSED"
        print(f"{each.name:<{width}}  {each.value:>10.3f}  {bound} {each.goal:<8g}  {verdict}")
