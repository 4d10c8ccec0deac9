"""Commands that hold a whole election on this machine, with all its parties."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Protocol

import typer

from hanpyo.cli.options import JsonOption, thread_count
from hanpyo.cli.output import Advance, print_json, print_result, print_table, progress

app = typer.Typer()


class _Rehearsal(Protocol):
    """The room that plays all parties."""

    def demo(self, record: Path, threads: int) -> int:
        """Hold the election of the demonstration and print it; gives the exit status."""
        ...

    def rehearse(
        self, file: Path, record: Path, threads: int, advance: Advance
    ) -> Mapping[str, object]:
        """Hold a file's election; gives `ballots` and `result` (contest -> option -> total)."""
        ...


def _room() -> _Rehearsal:
    room: _Rehearsal = import_module("hanpyo.rehearsal")
    return room


@app.command()
def demo(
    record: Annotated[
        Path, typer.Option("--record", metavar="DIR", help="A new folder for the record.")
    ] = Path("demo-record"),
) -> None:
    """Hold an election before your eyes: key, roll, votes, tally, and both verifiers.

    Example: hanpyo demo
    """
    raise typer.Exit(_room().demo(record, thread_count()))


@app.command()
def rehearse(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ballots as a Pabulib file.")],
    record: Annotated[
        Path, typer.Option("--record", metavar="DIR", help="A new folder for the record.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Hold a real election again, from its published ballots, every one encrypted and proven.

    Example: hanpyo rehearse Hungary_Budapest_2024.pb --record out
    """
    with progress("rehearsing") as advance:
        done = _room().rehearse(file, record, thread_count(), advance)
    result = done["result"]
    assert isinstance(result, Mapping)
    if as_json:
        print_json({"ballots": done["ballots"], "record": str(record), "result": result})
        return
    for contest, totals in result.items():
        print_result(f"{contest}, {done['ballots']} ballots")
        print_table([(f"  {option}", str(total)) for option, total in totals.items()], right=(1,))
    print_result(str(record))
