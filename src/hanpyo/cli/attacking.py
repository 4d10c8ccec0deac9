"""Commands that attack a demonstration, so that anybody can see what is noticed, and by whom."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.output import print_result, say
from hanpyo.cli.platform import FOLDER
from hanpyo.errors import InvalidQuery
from hanpyo.rehearsal.platform import LEDGER, MARK
from hanpyo.rehearsal.tampering import flip_ballot

app = typer.Typer()
attack = typer.Typer()
app.add_typer(attack, name="attack")


@attack.callback()
def _of_attack() -> None:
    """Attack a running demonstration, and see that it is noticed.

    Example: hanpyo attack flip-ballot
    """


@attack.command("flip-ballot")
def flip(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of the demonstration.")
    ] = FOLDER,
) -> None:
    """Change one bit of the newest ballot in the node's database, behind its back.

    Only a demonstration's ledger is touched. Watch the observer's page.

    Example: hanpyo attack flip-ballot
    """
    if not (folder / MARK).is_file():
        raise InvalidQuery(f"{folder} is no demonstration: run `hanpyo demo` in a terminal first")
    index = flip_ballot(folder / LEDGER)
    print_result(f"Changed one bit of entry {index}.")
    say("The observer's page turns red with its next look, and names the entry.")
