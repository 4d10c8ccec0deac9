"""Commands by which a consortium's members change who takes part, and their keys."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.consortium import consortium
from hanpyo.cli.options import ReasonOption, YesOption, connect, now_unix_s
from hanpyo.cli.output import print_result, say, waiting
from hanpyo.ledger.entry import Join, Leave, Rotate, encode_entry, entry_hash
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.reader import LedgerReader
from hanpyo.node.consortium.member_acts import (
    MemberAct,
    PreparedChange,
    check_change,
    describe_change,
    member_named,
    missing_signers,
    prepare_change,
    read_change,
    sign_change,
    write_change,
)
from hanpyo.node.consortium.member_file import read_member_file
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.settings import read_settings
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.office.sending import patiently

app = typer.Typer()
app.add_typer(consortium, name="consortium")

WAIT_SECONDS = 60.0

NodeOption = Annotated[
    Path, typer.Option("--node", metavar="DIR", help="Folder of your node, whose keys sign.")
]
UrlOption = Annotated[
    str, typer.Option("--ledger", metavar="URL", help="Address of a member's node; default: yours.")
]
FileArgument = Annotated[
    Path, typer.Argument(metavar="MEMBER", help="The public file of the node whose keys are new.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where the act goes to be signed.")
]


class _Place:
    """A member's node and the ledger that it speaks with."""

    def __init__(self, node: Path, url: str) -> None:
        self.folder = NodeFolder(node)
        self.ledger: RemoteLedger = connect(url or read_settings(self.folder.settings).url)
        self._reader = LedgerReader(self.ledger, now_unix_s())

    @property
    def ledger_id(self) -> bytes:
        return self._reader.ledger_id

    @property
    def membership(self) -> Membership:
        return self._reader.membership

    def begin(self, body: MemberAct, out: Path | None) -> None:
        """Prepare an act, sign it, and hand it on."""
        prepared = prepare_change(self.ledger_id, self.membership, body)
        name = type(body).__name__.lower()
        self.sign(prepared, out or Path(f"{name}-{prepared.act.number}.json"))

    def sign(self, prepared: PreparedChange, path: Path) -> None:
        """Sign an act, and send it if nobody is missing."""
        signed = sign_change(prepared, self.membership, self.folder.load_operators())
        say(describe_change(signed, self.membership))
        write_change(path, signed)
        lacking = missing_signers(signed, self.membership)
        if lacking:
            say(
                f"It lacks {' and '.join(lacking)}: hand the file on, for `hanpyo consortium sign`."
            )
            print_result(str(path))
            return
        entry = encode_entry(signed.act)
        with waiting("recording"):
            patiently(lambda: self.ledger.submit([entry]))
            inclusion = self.ledger.wait(entry_hash(entry), WAIT_SECONDS)
        print_result(f"recorded as entry {inclusion.index}")


@consortium.command("join")
def join(
    member: FileArgument, node: NodeOption, ledger: UrlOption = "", out: OutOption = None
) -> None:
    """Let one more organization keep the ledger: prepare the act, and sign it.

    More than two thirds of the members sign, and the new node; the last signature sends it.

    Example: hanpyo consortium join library.member.json --node node
    """
    _Place(node, ledger).begin(Join(read_member_file(member).validator), out)


@consortium.command("leave")
def leave(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The member that leaves.")],
    reason: ReasonOption,
    node: NodeOption,
    ledger: UrlOption = "",
    out: OutOption = None,
) -> None:
    """Let a member go: prepare the act, and sign it.

    Example: hanpyo consortium leave "Bar Association" --reason "dissolved" --node node
    """
    place = _Place(node, ledger)
    place.begin(Leave(member_named(place.membership, name), reason), out)


@consortium.command("rotate")
def rotate(
    member: FileArgument, node: NodeOption, ledger: UrlOption = "", out: OutOption = None
) -> None:
    """Give a member new keys, after `hanpyo node renew` or when its keys are lost.

    Example: hanpyo consortium rotate renewal/library.member.json --node node
    """
    place, shown = _Place(node, ledger), read_member_file(member).validator
    number = member_named(place.membership, shown.name)
    place.begin(Rotate(number, shown.key, shown.cosigning_key, shown.validator_key), out)


@consortium.command("sign")
def sign(
    act: Annotated[Path, typer.Argument(metavar="FILE", help="The act, as it was handed on.")],
    node: NodeOption,
    ledger: UrlOption = "",
    yes: YesOption = False,
) -> None:
    """Show what an act of members does, sign it, and send it if yours is the last signature.

    A node that joins signs with its folder; one with renewed keys signs with both.

    Example: hanpyo consortium sign join-1.json --node node
    """
    place, prepared = _Place(node, ledger), read_change(act)
    check_change(prepared, place.ledger_id, place.membership)
    say(describe_change(prepared, place.membership))
    if not yes and not typer.confirm("Sign this?", err=True):
        raise typer.Abort
    place.sign(prepared, act)
