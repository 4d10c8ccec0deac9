"""Commands by which organizations found a consortium and change who takes part."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.node import slug
from hanpyo.cli.options import JsonOption, YesOption
from hanpyo.cli.output import print_json, print_result, print_table, say
from hanpyo.errors import InvalidQuery
from hanpyo.ledger.entry import Consortium, entry_hash
from hanpyo.node.disk import PUBLIC, write_durably
from hanpyo.node.folder import NodeFolder
from hanpyo.node.founding import (
    SIGNATURE_SUFFIX,
    MemberFile,
    complete_founding,
    consortium_of,
    founding_entry,
    read_member_files,
    read_signatures,
    signature_file,
)

app = typer.Typer()
consortium = typer.Typer()
app.add_typer(consortium, name="consortium")


@consortium.callback()
def _of_consortium() -> None:
    """Who keeps a ledger together.

    Example: hanpyo consortium genesis node members
    """


@consortium.command("genesis")
def genesis(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of your node.")],
    exchange: Annotated[
        Path, typer.Argument(metavar="MEMBERS", help="Folder with all members' files.")
    ],
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show who takes part, and sign the founding; run it again when all have signed.

    Example: hanpyo consortium genesis node members
    """
    members = read_member_files(exchange)
    body, own = consortium_of(members), NodeFolder(folder)
    operator = own.load_operator()
    if operator.validator not in body.validators:
        raise InvalidQuery(f"your own file is not in {exchange}, or is another node's")
    signed = read_signatures(exchange, body)
    number = body.validators.index(operator.validator)
    if number not in signed:
        if not as_json:
            _show(members)
        if not yes and not typer.confirm("Found a ledger with these members?", err=True):
            raise typer.Abort
        path = exchange / f"{slug(operator.name)}{SIGNATURE_SUFFIX}"
        write_durably(path, signature_file(operator, body), PUBLIC)
        signed = read_signatures(exchange, body)
    missing = [each.name for place, each in enumerate(body.validators) if place not in signed]
    ledger = "" if missing else _complete(own, members, body, signed)
    if as_json:
        names = [each.name for each in body.validators]
        print_json({"ledger": ledger or None, "members": names, "missing": missing})
    elif missing:
        print_result(f"{len(signed)} of {len(members)} have signed. Missing: {', '.join(missing)}.")
        say("Run this command again when their signature files are here.")
    else:
        print_result(f"All {len(members)} have signed. Ledger {ledger}")
        say(f"Start your node: hanpyo node start {folder}")


def _show(members: list[MemberFile]) -> None:
    rows = [["member", "node", "signing key"]]
    rows += [[each.validator.name, each.url, each.validator.key.hex()[:16]] for each in members]
    print_table(rows)


def _complete(
    own: NodeFolder, members: list[MemberFile], body: Consortium, signed: dict[int, bytes]
) -> str:
    entry = founding_entry(body, signed)
    complete_founding(own, members, entry)
    return entry_hash(entry).hex()
