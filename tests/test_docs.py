"""The pages say what is there: commands exist, links lead somewhere, named tests are found."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from hanpyo.cli import app_for

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("v*/README.md")])


def commands(page: Path) -> Iterator[list[str]]:
    """The words of every hanpyo command that stands in a block of commands."""
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            command, *_ = line.split(" #")
            if found := re.match(r"\s*(?:\.venv/bin/)?hanpyo (.*)", command):
                yield found[1].split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_on_a_page_exist_with_their_options(page: Path) -> None:
    for words in commands(page):
        command = typer.main.get_command(app_for(""))
        rest = list(words)
        while hasattr(command, "commands"):
            name = rest.pop(0)
            assert name in command.commands, f"hanpyo {' '.join(words)}"
            command = command.commands[name]
        known = {option for parameter in command.params for option in parameter.opts}
        used = {word.split("=")[0] for word in rest if word.startswith("--")}
        assert used <= known | {"--help"}, f"hanpyo {' '.join(words)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_on_a_page_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), target


def test_every_promise_of_the_readme_names_tests_that_are_there() -> None:
    promises = (ROOT / "README.md").read_text().split("where that is shown")[1].split("## ")[0]
    named = re.findall(r"`((?:tests|rust|test_)[^`]*)`", promises)
    assert len(named) > 8
    for name in named:
        where = name if "/" in name else f"tests/attacks/{name}"
        assert list(ROOT.glob(where.rstrip("/"))), name
