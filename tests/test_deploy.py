"""The files for administrators say what is there: their commands exist, with their options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from hanpyo.cli import app_for

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"


def commands() -> Iterator[tuple[str, list[str]]]:
    """Give every command of units and compose file, without the program's name."""
    for unit in sorted(DEPLOY.glob("*.service")):
        (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
        yield unit.name, shlex.split(line)[1:]
    compose = (DEPLOY / "compose.yaml").read_text()
    for listed in re.findall(r"command: \[(.*)\]", compose):
        yield "compose.yaml", [word.strip().strip('"') for word in listed.split(",")]
    for block in re.findall(r"command:\n((?:      - .*\n)+)", compose):
        yield "compose.yaml", [line.removeprefix("      - ") for line in block.splitlines()]


@pytest.mark.parametrize(("file", "words"), list(commands()))
def test_commands_exist_with_their_options(file: str, words: list[str]) -> None:
    command, rest = typer.main.get_command(app_for("")), list(words)
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= known, file


def test_there_are_four_nodes_and_an_observer() -> None:
    compose = (DEPLOY / "compose.yaml").read_text()
    assert len(re.findall(r"/var/lib/hanpyo/node\"\]$", compose, re.MULTILINE)) == 4
    assert compose.count("- observe\n") == 1
    assert {file for file, _ in commands()} >= {"hanpyo-node.service", "hanpyo-observer.service"}


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_units_are_sections_of_settings(unit: Path) -> None:
    sections = []
    for line in unit.read_text().splitlines():
        if line.startswith("["):
            sections.append(line.strip("[]"))
        elif line and not line.startswith("#"):
            assert re.fullmatch(r"[A-Z][A-Za-z]+=.*", line), line
    assert sections == ["Unit", "Service", "Install"]


def test_the_image_builds_the_engine_that_is_pinned() -> None:
    pinned = re.findall(r"^go (\d+\.\d+)", (ROOT / "engine/go.mod").read_text(), re.MULTILINE)
    assert f"golang:{pinned[0]}" in (DEPLOY / "Dockerfile").read_text()
