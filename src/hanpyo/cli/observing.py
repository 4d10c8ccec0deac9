"""The command of an observer, who holds a copy of everything and checks it as it comes."""

from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.options import JsonOption, thread_count
from hanpyo.cli.output import print_error, print_json, print_result, say
from hanpyo.errors import ElectionError
from hanpyo.node.events import log_to_stderr
from hanpyo.node.observing.watch import Post, catch_up
from hanpyo.node.observing.watch import observe as run_observer

app = typer.Typer()


@app.command()
def observe(
    sources: Annotated[
        list[str], typer.Argument(metavar="URL...", help="Addresses of nodes.", show_default=False)
    ],
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Where the copy is kept.")
    ],
    listen: Annotated[
        str, typer.Option("--listen", metavar="HOST:PORT", help="Where the copy is served.")
    ] = "127.0.0.1:8100",
    web_hook: Annotated[
        str, typer.Option("--web-hook", metavar="URL", help="Told of the alarm, by POST.")
    ] = "",
    exit_on_alarm: Annotated[
        bool, typer.Option("--exit-on-alarm", help="End with status 1 at the alarm.")
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help="Bring the copy up to date, and end.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Keep a copy of a ledger, check every entry, and raise the alarm when anything is wrong.

    Events are told on stderr, with --json as JSON.

    Example: hanpyo observe http://127.0.0.1:8001 --folder copy
    """
    if once:
        with catch_up(folder, sources, threads=thread_count()) as ledger:
            head = ledger.head
        if as_json:
            print_json({"height": head.height, "size": head.size})
        else:
            print_result(f"{head.size} entries in {head.height} blocks: everything holds.")
        return
    log_to_stderr("json" if as_json else "text")
    status = run_observer(
        Post(folder, sources, listen, web_hook, exit_on_alarm),
        threads=thread_count(),
        on_ready=print_result,
        on_alarm=_tell,
    )
    raise typer.Exit(status)


def _tell(error: ElectionError) -> None:
    print_error(f"ALARM: {error}")
    say("The copy up to here stays as it is; nothing of it is served any more.")
