"""What a command prints: results to stdout, all else to stderr; good to read without color."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

Advance = Callable[[int, int], None]  # what is done, and what there is

BAR_CELLS = 30


def print_result(text: str) -> None:
    """Print a result, for people or for the next program."""
    print(text, flush=True)


def print_json(value: object) -> None:
    """Print a result as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """Tell the person at the terminal something."""
    print(text, file=sys.stderr, flush=True)


def print_error(sentence: str, hint: str = "") -> None:
    """Print what went wrong, line by line where there is much, and what helps."""
    for line in sentence.splitlines() or [""]:
        say(f"error: {line}")
    if hint:
        say(f"hint: {hint}")


def print_table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print rows under each other; columns in `right` are aligned to the right."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            _pad(cell, widths[number], to_right=number in right) for number, cell in enumerate(row)
        ]
        print_result("  ".join(cells).rstrip())


def bar(part: int, whole: int) -> str:
    """Draw a part of a whole; a part that is not nothing is seen."""
    cells = -(-part * BAR_CELLS // whole) if whole > 0 else 0
    return "█" * min(cells, BAR_CELLS)


def percent(part: int, whole: int) -> str:
    """Write a share with one decimal, rounded half up."""
    if whole <= 0:
        return "-"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} %"


def width(text: str) -> int:
    """Count the columns that a text takes on a terminal."""
    from rich.cells import cell_len  # noqa: PLC0415 - most commands print no table

    return cell_len(text)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show on a terminal what is being waited for; say nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - slow to load, and seldom needed

    with Console(stderr=True).status(f"{what} ..."):
        yield


@contextmanager
def progress(what: str) -> Iterator[Advance]:
    """Show a bar on a terminal for anything that may last over a second; elsewhere none."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None)

        def show(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total or None)

        yield show


def ask(prompt: str) -> str:
    """Ask for a line on the terminal.

    Raises:
        EOFError: there is no more input.
    """
    print(prompt, end="", file=sys.stderr, flush=True)
    return input()


def can_ask() -> bool:
    """Whether a person sits at the other end."""
    return sys.stdin.isatty()


def _pad(text: str, cells: int, *, to_right: bool) -> str:
    space = " " * (cells - width(text))
    return space + text if to_right else text + space
