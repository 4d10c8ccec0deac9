"""Commands about proof that somebody signed two ledgers that contradict each other."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.options import JsonOption
from hanpyo.cli.output import print_json, print_result, say
from hanpyo.errors import InvalidConflict, InvalidQuery
from hanpyo.ledger.conflict import CONFLICT_BYTES_MAX, check_conflict, contradiction_of
from hanpyo.node.storage.records import open_record
from hanpyo.office.files import PUBLIC, read_file, write_file

app = typer.Typer()


@app.command("conflict")
def conflict(
    one: Annotated[Path, typer.Argument(metavar="RECORD", help="Folder of a record.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Folder of another one.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the proof goes.")],
) -> None:
    """Make a file that convicts whoever signed both of two records that contradict each other.

    Example: hanpyo conflict record their-record --out proof.conflict
    """
    data = contradiction_of(open_record(one), open_record(other))
    convicted = check_conflict(data)
    if out.exists():
        raise InvalidQuery(f"{out} is there already")
    write_file(out, data, PUBLIC)
    print_result(f"It convicts {_named(convicted)}.")
    say(f"Anybody can check it: hanpyo verify-conflict {out}")


@app.command("verify-conflict")
def verify_conflict(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The conflict file.")],
    as_json: JsonOption = False,
) -> None:
    """Check a conflict file: 0 it convicts those whom it names, 1 it proves nothing.

    Example: hanpyo verify-conflict node/conflicts/member-2-size-41.conflict
    """
    convicted: dict[int, str] = {}
    why = ""
    try:
        convicted = check_conflict(read_file(file, CONFLICT_BYTES_MAX))
    except InvalidConflict as error:
        why = str(error)
    if as_json:
        named = [{"member": number, "name": name} for number, name in convicted.items()]
        print_json({"convicted": named, "convicts": bool(convicted), "why": why or None})
    elif convicted:
        print_result(f"It convicts {_named(convicted)} of having signed two ledgers.")
    else:
        print_result(f"It proves nothing: {why}")
    raise typer.Exit(0 if convicted else 1)


def _named(convicted: dict[int, str]) -> str:
    return " and ".join(f"member {number} ({name})" for number, name in convicted.items())
