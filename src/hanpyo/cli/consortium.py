"""Commands by which organizations found a consortium, or take over a single operator's ledger."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.node import slug
from hanpyo.cli.options import JsonOption, YesOption, connect, now_unix_s, thread_count
from hanpyo.cli.output import print_json, print_result, print_table, say
from hanpyo.errors import InvalidManifest, InvalidQuery
from hanpyo.ledger.entry import entry_hash
from hanpyo.ledger.reader import LedgerReader
from hanpyo.node.consortium.founding import (
    SIGNATURE_SUFFIX,
    complete_founding,
    continued_consortium,
    new_consortium,
)
from hanpyo.node.consortium.handing_over import founded_by
from hanpyo.node.consortium.handing_over import hand_over as write_last_act
from hanpyo.node.consortium.member_file import MemberFile, read_member_files
from hanpyo.node.storage.disk import PUBLIC, write_durably
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.office.tables import read_moment

consortium = typer.Typer()  # `membership.py` adds more commands

ExchangeArgument = Annotated[
    Path, typer.Argument(metavar="MEMBERS", help="Folder with all members' files.")
]
_STARTS = "When the consortium begins, with its offset; the ledger is handed over before."


@consortium.callback()
def _of_consortium() -> None:
    """Who keeps a ledger together.

    Example: hanpyo consortium genesis node members
    """


@consortium.command("genesis")
def genesis(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of your node.")],
    exchange: ExchangeArgument,
    continues: Annotated[
        str,
        typer.Option("--continues", metavar="URL", help="A single operator's ledger to take over."),
    ] = "",
    starts: Annotated[str, typer.Option("--starts", metavar="TIME", help=_STARTS)] = "",
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show who takes part, and sign the founding; run it again when all have signed.

    Example: hanpyo consortium genesis node members
    """
    members = read_member_files(exchange)
    own = NodeFolder(folder)
    operator = own.load_operator()
    if continues:
        reader = LedgerReader(connect(continues), now_unix_s())
        given = reader.membership.given
        founding = continued_consortium(members, reader.ledger_id, given, _moment(starts))
    else:
        founding = new_consortium(members)
    if operator.validator not in founding.body.validators:
        raise InvalidQuery(f"your own file is not in {exchange}, or is another node's")
    signed = founding.read_signatures(exchange)
    if founding.body.validators.index(operator.validator) not in signed:
        if not as_json:
            _show(members)
        if not yes and not typer.confirm("Keep a ledger with these members?", err=True):
            raise typer.Abort
        path = exchange / f"{slug(operator.name)}{SIGNATURE_SUFFIX}"
        write_durably(path, founding.sign(operator), PUBLIC)
        signed = founding.read_signatures(exchange)
    missing = founding.missing(signed)
    ledger = founding.ledger_id.hex() if continues else ""
    if not missing and not continues:
        entry = founding.entry(signed)
        complete_founding(own, members, entry)
        ledger = entry_hash(entry).hex()
    if as_json:
        names = [each.name for each in founding.body.validators]
        print_json({"ledger": ledger or None, "members": names, "missing": missing})
    elif missing:
        print_result(f"{len(signed)} of {len(members)} have signed. Missing: {', '.join(missing)}.")
        say("Run this command again when their signature files are here.")
    elif continues:
        print_result(f"All {len(members)} have signed.")
        say("Now the operator stops the ledger and runs `hanpyo consortium hand-over`.")
    else:
        print_result(f"All {len(members)} have signed. Ledger {ledger}")
        say(f"Start your node: hanpyo node start {folder}")


@consortium.command("hand-over")
def hand_over(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the ledger.")],
    exchange: ExchangeArgument,
    starts: Annotated[str, typer.Option("--starts", metavar="TIME", help=_STARTS)],
    yes: YesOption = False,
) -> None:
    """Hand a single operator's ledger over to a consortium, for good.

    Stop the ledger first. Then every member begins from a copy of its folder `public`.

    Example: hanpyo consortium hand-over ledger members --starts 2026-05-02T09:00:00+09:00
    """
    own, members = NodeFolder(folder), read_member_files(exchange)
    ledger_id, given = founded_by(own.public)
    founding = continued_consortium(members, ledger_id, given, _moment(starts))
    signed = founding.read_signatures(exchange)
    missing = founding.missing(signed)
    if missing:
        raise InvalidQuery(f"these members have not signed: {', '.join(missing)}")
    _show(members)
    if not yes and not typer.confirm("Hand the ledger over to them, for good?", err=True):
        raise typer.Abort
    entry = founding.entry(signed, own.load_operator())
    size = write_last_act(own, entry, threads=thread_count())
    print_result(f"The ledger is theirs after {size} entries.")
    say(f"Give them a copy of {own.public}: they run `hanpyo node adopt`, then start their nodes.")


def _moment(text: str) -> int:
    try:
        found = read_moment(text, "--starts")
    except InvalidManifest as error:
        raise InvalidQuery(str(error)) from error
    if found is None:
        raise InvalidQuery("--starts: say when the consortium begins")
    return found


def _show(members: list[MemberFile]) -> None:
    rows = [["member", "node", "signing key"]]
    rows += [[each.validator.name, each.url, each.validator.key.hex()[:16]] for each in members]
    print_table(rows)
