"""What a node's HTTP API is, as OpenAPI 3.1, for programs that speak with it.

Every route says its own purpose in its docstring; here stands what it takes and gives. A test
compares both with the routes that there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hanpyo import __version__
from hanpyo.encoding import encode_json
from hanpyo.node.http.answers import BYTES, JSON, TEXT, answer

Schema = Mapping[str, object]

_HEX32: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_WORD: Schema = {"type": "string"}
_PARAMETERS: Mapping[str, tuple[str, Schema]] = {
    "election": ("An election's id; 64 zeros: acts of the ledger.", _HEX32),
    "from": ("The first height.", {"type": "integer", "minimum": 1}),
    "hash": ("An entry's hash.", _HEX32),
    "kinds": ("Kinds of entries, by number, with commas between them.", _WORD),
    "path": ("As in C2SP tlog-tiles, after `tile/`.", _WORD),
    "row": ("A row of the roll, from 0.", _NUMBER),
    "size": ("The log's size, or `latest`.", _WORD),
    "start": (
        "The first 15 bytes of a ballot's tracker hash.",
        {"type": "string", "pattern": "^[0-9a-f]{30}$"},
    ),
    "timeout": ("How long to wait, seconds.", {"type": "number", "minimum": 0, "maximum": 60}),
}
PROBLEM: Schema = {
    "description": "Problem details (RFC 9457) with our public code.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_SCHEMAS: Mapping[str, Schema] = {
    "Problem": {
        "type": "object",
        "required": ["status", "title", "type"],
        "properties": {
            "check": {"type": "string"},
            "code": {"type": "integer"},
            "detail": {"type": "string"},
            "hint": {"type": "string"},
            "status": {"type": "integer"},
            "title": {"type": "string"},
            "type": {"type": "string"},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route takes and gives.

    Attributes:
        gives: the answer's media type.
        query: parameters after the question mark; the path's own are read off it.
        takes: the body's media type; empty: none.
    """

    gives: str
    query: tuple[str, ...] = ()
    takes: str = ""


EVENTS = "text/event-stream"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
OPERATIONS: Mapping[str, Operation] = {
    "/blocks": Operation(TEXT, ("from",)),
    "/checkpoint": Operation(TEXT),
    "/commits": Operation(BYTES, ("from",)),
    "/cosignatures": Operation(TEXT, takes=TEXT),
    "/cosignatures/{size}": Operation(TEXT),
    "/elections": Operation(JSON, takes="application/cbor"),
    "/entries": Operation(JSON, takes=BYTES),
    "/events": Operation(EVENTS),
    "/find/hash/{hash}": Operation(JSON),
    "/find/kinds/{election}/{kinds}": Operation(JSON),
    "/find/row/{election}/{row}": Operation(JSON),
    "/find/tracker/{election}/{start}": Operation(JSON),
    "/health": Operation(JSON),
    "/metrics": Operation(PROMETHEUS),
    "/openapi.json": Operation(JSON),
    "/ready": Operation(TEXT),
    "/registrar/enrollments": Operation(JSON, takes=JSON),
    "/registrar/invitation": Operation(JSON, takes=JSON),
    "/status": Operation(JSON),
    "/tile/{path}": Operation(BYTES),
    "/wait/{hash}": Operation(JSON, ("timeout",)),
    "/witnessed": Operation(TEXT),
}


def described(routes: Iterable[Route]) -> dict[str, object]:
    """Describe routes, each of which must stand in `OPERATIONS`."""
    paths: dict[str, object] = {}
    for route in sorted(routes, key=lambda each: each.path):
        path = route.path.replace(":path}", "}")
        paths[path] = _operations(route, path, OPERATIONS[path])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "hanpyo node",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": _SCHEMAS},
    }


def _operations(route: Route, path: str, operation: Operation) -> dict[str, object]:
    own = [word.split("}")[0] for word in path.split("{")[1:]]
    parameters = [_parameter(name, "path") for name in own]
    parameters += [_parameter(name, "query") for name in operation.query]
    told: dict[str, object] = {
        "summary": (route.endpoint.__doc__ or "").strip().partition("\n")[0],
        "responses": {
            "200": {"description": "It is so.", "content": {operation.gives: {}}},
            "default": PROBLEM,
        },
    }
    if parameters:
        told["parameters"] = parameters
    if operation.takes:
        told["requestBody"] = {"required": True, "content": {operation.takes: {}}}
    method = "post" if "POST" in (route.methods or ()) else "get"
    return {method: told}


def _parameter(name: str, place: str) -> dict[str, object]:
    meaning, schema = _PARAMETERS[name]
    is_path = place == "path"
    return {
        "name": name,
        "in": place,
        "required": is_path,
        "description": meaning,
        "schema": schema,
    }


def description_route(routes: Iterable[Route]) -> Route:
    """Give the route that describes these, and itself."""

    async def describe(_request: Request) -> Response:
        """Describe this API as OpenAPI 3.1."""
        return answer(data, JSON)

    own = Route("/openapi.json", describe)
    data = encode_json(described([*routes, own]))
    return own
