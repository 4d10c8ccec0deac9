"""The API describes itself, and streams what is new."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from hanpyo.node.http import api
from hanpyo.node.http.api import NodeApi, node_app
from hanpyo.node.http.api_members import MembersApi
from hanpyo.node.http.description import OPERATIONS, described
from hanpyo.node.http.forwarding import forwarding_routes
from hanpyo.node.http.metrics import ledger_figures, metrics_routes
from tests.helpers.node import PATIENCE_S, NodePlay, QuickPlay, run_app


@pytest.fixture
def play(tmp_path: Path) -> Iterator[QuickPlay]:
    made = QuickPlay(tmp_path / "node")
    with made.node:
        yield made


def test_every_route_is_described_and_nothing_else(play: QuickPlay) -> None:
    members = MembersApi.__new__(MembersApi)  # its routes alone are looked at
    routes = [
        *NodeApi(play.node).routes(),
        *members.routes(),
        *metrics_routes(play.node, lambda: ledger_figures(play.node)),
        api.EventStream(play.node).route(),
        *forwarding_routes("http://127.0.0.1:1"),
    ]
    found = described(routes)["paths"]
    assert isinstance(found, dict)
    assert set(found) == set(OPERATIONS) - {"/openapi.json"}
    for path, operations in found.items():
        for operation in operations.values():
            assert operation["summary"].endswith("."), path


def test_a_route_that_nobody_described_is_noticed(play: QuickPlay) -> None:
    routes = NodeApi(play.node).routes()
    routes[0].path = "/new"
    with pytest.raises(KeyError, match="/new"):
        described(routes)


def test_the_description_is_served(play: QuickPlay) -> None:
    with run_app(node_app(play.node)) as url:
        value = httpx2.get(f"{url}/openapi.json").json()
        assert value["openapi"] == "3.1.0"
        entries = value["paths"]["/entries"]["post"]
        assert "application/octet-stream" in entries["requestBody"]["content"]
        (size,) = value["paths"]["/wait/{hash}"]["get"]["parameters"][:1]
        assert (size["name"], size["in"], size["required"]) == ("hash", "path", True)


def events(url: str, count: int) -> list[tuple[str, dict[str, int]]]:
    """Listen until so many events have come."""
    found: list[tuple[str, dict[str, int]]] = []
    with httpx2.stream("GET", f"{url}/events", timeout=PATIENCE_S) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        name = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, json.loads(line.removeprefix("data: "))))
            if len(found) == count:
                break
    return found


def test_whoever_listens_hears_of_each_new_state(tmp_path: Path) -> None:
    play = NodePlay(tmp_path / "node")
    first = play.node.head.size
    with play.node, run_app(node_app(play.node)) as url:
        heard: list[tuple[str, dict[str, int]]] = []
        thread = threading.Thread(target=lambda: heard.extend(events(url, 2)))
        thread.start()
        while not heard and thread.is_alive() and play.node.head.size == first:
            time.sleep(0.6)  # it has heard the first state by then
            play.add(play.parts()[0])
        thread.join(PATIENCE_S)
    assert [name for name, _ in heard] == ["checkpoint", "checkpoint"]
    assert [value["size"] for _, value in heard] == [first, first + 1]
