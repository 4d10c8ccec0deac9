"""The log of a node: one line an event, in two forms, and nothing else in it."""

import json
import logging
from collections.abc import Iterator

import pytest

from hanpyo.node.events import Event, log_to_stderr, tell


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    yield
    logging.getLogger("hanpyo.node").handlers = []


def test_nothing_is_said_where_nobody_asked(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Event.BLOCK, height=1, size=2)
    assert capsys.readouterr().err == ""


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("json")
    tell(Event.BLOCK, height=1, size=2)
    tell(Event.ALARM, why="entry 3 was changed")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert {**first, "time": ""} == {
        "event": "block recorded",
        "height": 1,
        "level": "info",
        "size": 2,
        "time": "",
    }
    assert second["level"] == "warning"
    assert second["time"].endswith("Z")


def test_text_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("text")
    tell(Event.PEER_LOST, host="evil\nALARM\x1b[31m")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("member lost host=evil ALARM [31m")
