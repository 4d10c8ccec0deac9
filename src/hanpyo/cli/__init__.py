"""The commands, one file a party. No rules live here: a command reads, calls a room, and prints.

Results go to stdout, all else to stderr. Exit status: 0 it holds or is done, 1 it does not hold,
2 misuse, bad input, or a ledger that cannot be reached.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from hanpyo import __version__
from hanpyo.cli.ending import end
from hanpyo.cli.output import print_error, print_result
from hanpyo.errors import (
    Busy,
    ElectionError,
    InvalidEncoding,
    InvalidFile,
    InvalidManifest,
    InvalidQuery,
    InvalidSelection,
    Unreachable,
)

# The command file of each first word, so that a command loads only the rooms that it needs.
FILES = {
    "election": ("election", "sign"),
    "organizer": ("organizer", "open", "pause", "resume", "extend", "cancel", "close"),
    "registrar": ("registrar", "roll"),
    "trustee": ("trustee",),
    "voter": ("voter", "vote", "challenge", "check"),
    "observer": ("status", "result", "export"),
    "observing": ("observe",),
    "verify": ("verify",),
    "operator": ("serve", "ledger"),
    "node": ("node",),
    "membership": ("consortium",),
    "conflict": ("conflict", "verify-conflict"),
    "rehearsal": ("demo", "rehearse"),
    "pages": ("pages",),
    "attacking": ("attack",),
}
_MISUSE = (
    Busy,
    InvalidEncoding,
    InvalidFile,
    InvalidManifest,
    InvalidQuery,
    InvalidSelection,
    Unreachable,
)


def main() -> None:
    """Run the command that the process was called with."""
    try:
        status = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)


def run(args: Sequence[str]) -> int:
    """Run one command and give its exit status; expected failures are printed, never raised."""
    first = next((word for word in args if not word.startswith("-")), "")
    try:
        status = app_for(first)(list(args) or ["--help"], prog_name="hanpyo", standalone_mode=False)
    except ElectionError as error:
        print_error(str(error), error.hint)
        return 2 if isinstance(error, _MISUSE) else 1
    except typer.TyperException as error:
        known = first if any(first in words for words in FILES.values()) else ""
        print_error(error.format_message(), f"`hanpyo {known} --help`".replace("  ", " "))
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:  # a disk that is full, a folder that is another user's
        print_error(f"{error.filename or 'this machine'}: {error.strerror or error}")
        return 2
    except typer.Abort:
        print_error("stopped; nothing was sent")
        return 2
    finally:
        end()
    return status if isinstance(status, int) else 0


def app_for(first: str) -> typer.Typer:
    """Put together the commands that begin with this word; for any other word, all commands."""
    app = typer.Typer(
        add_completion=False,
        callback=_options,
        help="Secret, verifiable votes and surveys on a ledger that organizations share.",
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        suggest_commands=False,
    )
    wanted = [file for file, words in FILES.items() if first in words]
    for file in wanted or FILES:
        app.add_typer(import_module(f"hanpyo.cli.{file}").app)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        print_result(f"hanpyo {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Serve what belongs to no single command."""
