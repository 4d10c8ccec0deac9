"""Commands about the pages in the browser: their hashes, and whether a server serves these."""

from typing import Annotated

import typer

from hanpyo.cli.options import JsonOption
from hanpyo.cli.output import print_json, print_result, print_table
from hanpyo.node.http.client import NodeClient
from hanpyo.node.http.pages import manifest_hash, read_pages
from hanpyo.node.http.pages_check import check_served

TIMEOUT_S = 20.0

app = typer.Typer()
pages = typer.Typer()
app.add_typer(pages, name="pages")


@pages.callback()
def _of_pages() -> None:
    """The pages for browsers: what was built, and what a server serves.

    Example: hanpyo pages hash
    """


@pages.command("hash")
def show_hashes(as_json: JsonOption = False) -> None:
    """Print the hash of all pages, and of each of their files.

    Whoever builds the same version gets the same hashes.

    Example: hanpyo pages hash
    """
    files = read_pages()
    hashes = {path: file.integrity for path, file in files.items()}
    if as_json:
        print_json({"files": hashes, "pages": manifest_hash(files)})
        return
    print_table([("file", "SHA-384"), *hashes.items()])
    print_result(f"pages {manifest_hash(files)}")


@pages.command("check")
def check(
    address: Annotated[str, typer.Argument(metavar="URL", help="Address of a server.")],
    as_json: JsonOption = False,
) -> None:
    """Compare what a server serves with the pages of this installation, byte by byte.

    Example: hanpyo pages check https://vote.example
    """
    files = read_pages()
    client = NodeClient(address, TIMEOUT_S)
    try:
        faults = check_served(client, files)
    finally:
        client.close()
    if as_json:
        value = [{"file": each.path, "why": each.why} for each in faults]
        print_json({"faults": value, "files": len(files), "same": not faults})
    else:
        for each in faults:
            print_result(f"{each.path}: {each.why}")
        said = "serves other pages than these" if faults else "serves exactly these pages"
        print_result(f"{address} {said} ({manifest_hash(files)})")
    raise typer.Exit(1 if faults else 0)
