"""Comparing the pages that a server serves with those of this installation (W05, E17).

A server could show one person other scripts than it shows this check; whoever suspects that runs
the check from that person's place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hanpyo.errors import ElectionError
from hanpyo.node.http.client import NodeClient
from hanpyo.node.http.pages import PageFile


@dataclass(frozen=True, slots=True)
class PageFault:
    """A file that is served differently, and how."""

    path: str
    why: str


def check_served(client: NodeClient, files: Mapping[str, PageFile]) -> list[PageFault]:
    """Fetch every file from a server and compare it."""
    faults = []
    for path, file in files.items():
        try:
            served = client.get(_address(path), 2 * len(file.data) + 100_000)
        except ElectionError as error:
            faults.append(PageFault(path, f"is not served: {error}"))
            continue
        if served != file.data:
            faults.append(PageFault(path, f"{len(served)} other bytes than the {len(file.data)}"))
    return faults


def _address(path: str) -> str:
    """Give the address under which a page is served, without its suffix."""
    if path == "index.html":
        return ""
    return path.removesuffix(".html")
