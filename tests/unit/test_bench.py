"""The measurements run, and a missed goal is seen; how fast is `make bench`'s business."""

import json
from pathlib import Path

import pytest

from bench import append, election, figures
from bench.figures import Figure


def test_a_goal_is_met_on_its_border_and_missed_beyond() -> None:
    assert Figure("time", 2.0, 2.0).holds
    assert not Figure("time", 2.01, 2.0).holds
    assert Figure("rate", 2.0, 2.0, at_least=True).holds
    assert not Figure("rate", 1.99, 2.0, at_least=True).holds


def test_figures_are_kept_as_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "LATEST", tmp_path / "latest.json")
    figures.keep([Figure("time", 3.0, 2.0)])
    kept = json.loads((tmp_path / "latest.json").read_text())
    assert kept == [{"name": "time", "value": 3.0, "goal": 2.0, "holds": False}]


def test_the_table_says_what_is_missed_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    figures.show([Figure("time", 1.0, 2.0), Figure("rate", 1.0, 2.0, at_least=True, note="busy")])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["time", "1.000", "<=", "2", "holds"],
        ["rate", "1.000", ">=", "2", "MISSED", "busy"],
    ]


def test_a_small_store_can_be_measured(tmp_path: Path) -> None:
    (figure,) = append.measure(tmp_path, 256 * 120)
    assert figure.value > 0


def test_an_election_is_measured_from_first_to_last(tmp_path: Path) -> None:
    found = {each.name: each for each in election.measure(tmp_path, 300, 260)}
    assert found["a 5-option contest, bytes"].value == 512
    assert found["a 5-option ballot as an entry, bytes"].holds
