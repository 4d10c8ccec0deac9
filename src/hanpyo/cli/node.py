"""Commands of an organization that runs a consortium's node."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.options import (
    JsonOption,
    LogOption,
    connect,
    known_form,
    now_unix_s,
    thread_count,
)
from hanpyo.cli.output import print_json, print_result, print_table, say
from hanpyo.errors import InvalidQuery
from hanpyo.node.consortium.handing_over import adopt as adopt_log
from hanpyo.node.consortium.member import run_member
from hanpyo.node.consortium.member_file import (
    MEMBER_SUFFIX,
    init_node,
    know_peers,
    member_file,
    read_member_file,
)
from hanpyo.node.consortium.supervisor import supervise
from hanpyo.node.events import log_to_stderr
from hanpyo.node.settings import NodeSettings, read_settings
from hanpyo.node.storage.disk import PUBLIC, write_durably
from hanpyo.node.storage.folder import NodeFolder, Operator

app = typer.Typer()
node = typer.Typer()
app.add_typer(node, name="node")

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the node.")]
ExchangeOption = Annotated[
    Path, typer.Option("--exchange", metavar="DIR", help="Where the public file goes.")
]


@node.callback()
def _of_node() -> None:
    """A consortium's node: one organization's part of the ledger.

    Example: hanpyo node start node
    """


def slug(name: str) -> str:
    """Make a file's name of an organization's."""
    kept = "".join(char if char.isalnum() else "-" for char in name.lower())
    return "-".join(filter(None, kept.split("-"))) or "member"


@node.command("init")
def init(
    folder: FolderArgument,
    name: Annotated[str, typer.Option("--name", help="The organization's name.")],
    exchange: ExchangeOption,
    listen: Annotated[
        str, typer.Option("--listen", metavar="HOST:PORT", help="Where the node answers.")
    ] = "127.0.0.1:8000",
    p2p: Annotated[
        str, typer.Option("--p2p", metavar="HOST:PORT", help="Where other nodes' engines call.")
    ] = "127.0.0.1:26656",
    p2p_listen: Annotated[
        str,
        typer.Option(
            "--p2p-listen", metavar="HOST:PORT", help="Where the engine listens; default: as --p2p."
        ),
    ] = "",
    url: Annotated[
        str, typer.Option("--url", help="Public address of the node; default: as --listen.")
    ] = "",
) -> None:
    """Make a node's folder with keys of its own, and the small public file for the others.

    Example: hanpyo node init node --name "Election commission" --exchange members
    """
    settings = NodeSettings(listen, p2p, url or f"http://{listen}", p2p_listen)
    made = init_node(folder, name, settings)
    path = _show(made.load_operator(), settings, exchange)
    print_result(str(path))
    say(f"Keep {made.operator} to yourself. Send {path.name} to the other members.")


def _show(operator: Operator, settings: NodeSettings, exchange: Path) -> Path:
    """Write the public file of a node's keys."""
    exchange.mkdir(parents=True, exist_ok=True)
    path = exchange / f"{slug(operator.name)}{MEMBER_SUFFIX}"
    if path.exists():
        raise InvalidQuery(f"{path} is there already: another member has this name")
    data = member_file(operator, settings, secrets.token_bytes(32), now_unix_s())
    write_durably(path, data, PUBLIC)
    return path


@node.command("renew")
def renew(folder: FolderArgument, exchange: ExchangeOption) -> None:
    """Draw new keys for a member's node, and show them in a public file.

    The node takes them up by itself once the members have signed `hanpyo consortium rotate`.

    Example: hanpyo node renew node --exchange renewal
    """
    own = NodeFolder(folder)
    renewed = own.renew_operator()
    path = _show(renewed, read_settings(own.settings), exchange)
    print_result(str(path))
    say(f"Keep {own.next_operator} to yourself. Send {path.name} to the other members.")


@node.command("adopt")
def adopt(
    folder: FolderArgument,
    log: Annotated[
        Path, typer.Argument(metavar="LOG", help="A record of the ledger (`hanpyo export`).")
    ],
    members: Annotated[
        list[Path], typer.Argument(metavar="MEMBER...", help="Files of the other members.")
    ],
) -> None:
    """Begin a node on a ledger that exists: one that you join, or that was handed over.

    Example: hanpyo node adopt node record members/*.member.json
    """
    own = NodeFolder(folder)
    shown = [read_member_file(path) for path in members]
    membership = adopt_log(own, log, threads=thread_count())
    know_peers(own, shown)
    names = ", ".join(each.name for each in membership.active.values())
    print_result(f"Chain {membership.chain_id}, begun by {names}")
    say(f"Compare this with the other members, then start your node: hanpyo node start {folder}")


@node.command("peer")
def peer(
    folder: FolderArgument,
    members: Annotated[
        list[Path], typer.Argument(metavar="MEMBER...", help="Files of other members.")
    ],
) -> None:
    """Tell a node where other members' nodes are; it takes effect at its next start.

    Example: hanpyo node peer node members/library.member.json
    """
    shown = [read_member_file(path) for path in members]
    know_peers(NodeFolder(folder), shown)
    print_result(", ".join(each.validator.name for each in shown))
    say("Start the node again for this to take effect.")


@node.command("start")
def start(folder: FolderArgument, log: LogOption = "text") -> None:
    """Run a node until it is told to stop; prints its address once it answers.

    Ledger and engine are started together; if one of them dies, both are started again.

    Example: hanpyo node start node
    """
    raise typer.Exit(supervise(folder, ["--log", known_form(log)]))


@node.command("run", hidden=True)
def run(folder: FolderArgument, log: LogOption = "") -> None:
    """Run a node once, without anybody who would start it again."""
    if log:
        log_to_stderr(known_form(log))
    raise typer.Exit(run_member(folder, threads=thread_count(), on_ready=print_result))


@node.command("status")
def status(
    source: Annotated[str, typer.Argument(metavar="DIR|URL", help="The node.")],
    as_json: JsonOption = False,
) -> None:
    """Tell how a node is: height, size, members, and who is missing.

    Example: hanpyo node status node
    """
    is_url = source.startswith(("http://", "https://"))
    address = source if is_url else read_settings(Path(source) / "node.toml").url
    value = connect(address).status()
    if as_json:
        print_json(value)
    else:
        rows = [[str(key).replace("_", " "), _plainly(each)] for key, each in value.items()]
        print_table(rows)
    raise typer.Exit(0 if value.get("alarm") is None else 1)


def _plainly(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plainly(each) for each in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plainly(each)}" for key, each in value.items()) or "none"
    return "none" if value is None else str(value)
