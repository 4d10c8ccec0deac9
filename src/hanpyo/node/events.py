"""What a node tells its administrator: a line for each event, as text or as JSON, on stderr.

An event has a fixed name and a few figures or names of members. Nothing that comes from a voter, no
entry, no address of who asks and no secret has a place in it.
"""

import logging
import sys
import time
from enum import Enum

from hanpyo.encoding import encode_json

FORMS = ("text", "json")
Field = int | str

_logger = logging.getLogger("hanpyo.node")


class Event(Enum):
    """Everything that is ever told."""

    STARTED = "started"
    STOPPED = "stopped"
    BLOCK = "block recorded"
    PEER_REACHED = "member reached"
    PEER_LOST = "member lost"
    RESENT = "batch sent again"
    EQUIVOCATION = "equivocation caught"
    CONFLICT = "conflict kept"
    ENGINE_ENDED = "engine ended"
    ALARM = "alarm"


_GRAVE = {Event.ALARM, Event.ENGINE_ENDED, Event.EQUIVOCATION, Event.CONFLICT}


def tell(event: Event, **fields: Field) -> None:
    """Tell of an event; where nobody asked for a log, nothing happens."""
    level = logging.WARNING if event in _GRAVE else logging.INFO
    _logger.log(level, event.value, extra={"fields": fields})


def log_to_stderr(form: str) -> None:
    """Write events from now on, in one of `FORMS`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    _logger.handlers = [handler]
    _logger.setLevel(logging.INFO)
    _logger.propagate = False


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        value = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "time": _moment(record.created),
            **_fields(record),
        }
        return encode_json(value).decode()


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = [f"{name}={value}" for name, value in _fields(record).items()]
        return " ".join([_moment(record.created), record.getMessage(), *said])


def _fields(record: logging.LogRecord) -> dict[str, Field]:
    fields: dict[str, Field] = getattr(record, "fields", {})
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Field) -> Field:
    """Keep a line one line, whatever a member calls itself."""
    if isinstance(value, int):
        return value
    return "".join(char if char.isprintable() else " " for char in value)


def _moment(unix_s: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(unix_s))
