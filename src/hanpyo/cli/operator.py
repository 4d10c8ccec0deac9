"""Commands of an operator: run a ledger, and check what it stores."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.options import thread_count
from hanpyo.cli.output import print_json, print_result, progress, say
from hanpyo.errors import InvalidQuery
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.http.serve import Access
from hanpyo.node.http.serve import serve as serve_ledger
from hanpyo.node.storage.check import check_ledger
from hanpyo.node.storage.folder import new_operator

app = typer.Typer()
ledger = typer.Typer(help="An operator's own ledger.")
app.add_typer(ledger, name="ledger")

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the ledger.")]


@ledger.callback()
def _of_ledger() -> None:
    """Keep `ledger` a group, though it has one command."""


@app.command()
def serve(
    folder: FolderArgument,
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes any free one.")] = 8000,
    name: Annotated[
        str, typer.Option("--name", help="Found a new ledger, run by this organization.")
    ] = "",
    registrar: Annotated[
        str,
        typer.Option(
            "--registrar", metavar="URL", help="The registrar's service, for voters' pages."
        ),
    ] = "",
    certificate: Annotated[
        Path | None, typer.Option("--tls-cert", metavar="FILE", help="Certificate, PEM.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="FILE", help="Its private key, PEM.")
    ] = None,
) -> None:
    """Run a ledger and its pages until it is told to stop; prints its address once it answers.

    With --name a new ledger is founded in a folder that is empty or does not exist. Without TLS
    files of its own it belongs behind a reverse proxy that has them.

    Example: hanpyo serve ledger --name "Association of Gardeners"
    """
    if (certificate is None) != (key is None):
        raise InvalidQuery("--tls-cert and --tls-key belong together")
    is_new = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    if is_new and not name:
        raise InvalidQuery(f"{folder} holds no ledger: give --name to found one")
    if is_new:
        EmbeddedLedger.create(folder, new_operator(name)).close()
        say(f"Founded a ledger in {folder}. Keep operator.json to yourself.")
    elif name:
        say(f"{folder} holds a ledger already; --name is for a new one.")
    access = Access(registrar, certificate, key)
    threads = thread_count()
    status = serve_ledger(folder, host, port, threads=threads, on_ready=print_result, access=access)
    raise typer.Exit(status)


@ledger.command("check")
def check(
    folder: FolderArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Rebuild everything from the entries, all proofs included, and compare with what is stored.

    Example: hanpyo ledger check ledger
    """
    with progress("checking") as advance:
        report = check_ledger(folder, thread_count(), advance)
    if as_json:
        faults = list(report.faults)
        value = {"entries": report.size, "faults": faults, "height": report.height}
        print_json({**value, "sound": report.is_sound})
    else:
        print_result(f"{report.size} entries in {report.height} blocks")
        for fault in report.faults:
            print_result(f"fault: {fault}")
        print_result("sound" if report.is_sound else "not sound")
    raise typer.Exit(0 if report.is_sound else 1)
