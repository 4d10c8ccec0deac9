"""A node over HTTP: entries in, the record and what became of entries out.

Reading goes through the ledger's own checks, so a changed tile or entry is never handed out; the
same paths are the files of `public/`, which any web server can take over. Failures are problem
details (RFC 9457) with our public code. Nothing about who asks is kept or logged.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from hanpyo.election.ballot import TRACKER_BYTES
from hanpyo.encoding import decode_hex, encode_json
from hanpyo.errors import (
    Busy,
    DamagedLedger,
    ElectionError,
    InvalidEncoding,
    InvalidQuery,
    NotYet,
    Rejected,
)
from hanpyo.ledger.block_proofs import frame_proof
from hanpyo.ledger.blocks import encode_blocks
from hanpyo.ledger.checkpoint import encode_checkpoint
from hanpyo.ledger.interface import Later
from hanpyo.ledger.tiles import HASH_BYTES, TILE_WIDTH, decode_bundle, encode_bundle
from hanpyo.node.announcing import announce
from hanpyo.node.http.answers import BYTES, FOREVER, JSON, TEXT, answer
from hanpyo.node.http.bodies import read_body
from hanpyo.node.http.collector import Collector
from hanpyo.node.http.description import description_route
from hanpyo.node.http.events import EventStream
from hanpyo.node.http.headers import SecureHeaders
from hanpyo.node.http.pages import pages_routes
from hanpyo.node.http.status import health, status
from hanpyo.node.http.wire import (
    ELECTION_BYTES_MAX,
    ENTRIES_BYTES_MAX,
    decode_election,
    decode_entries,
    encode_inclusion,
    encode_indexes,
    encode_verdicts,
    problem,
)
from hanpyo.node.ledger import NodeLedger
from hanpyo.node.storage.stored import StoredLedger

WAIT_SECONDS_MAX = 60.0
KINDS_MAX = 48
ROW_MAX = 2**24

_STATUS: dict[type[ElectionError], int] = {
    Busy: 503,
    DamagedLedger: 503,
    NotYet: 404,
    Rejected: 422,
}
_TILE = re.compile(
    r"(?P<level>0|[1-9]\d?|entries)/(?P<number>(x\d{3}/){0,5}\d{3})(\.p/(?P<width>[1-9]\d{0,2}))?"
)

Handler = Callable[[Request], Awaitable[Response]]


class ReadApi:
    """The routes by which a ledger is read."""

    def __init__(self, ledger: StoredLedger) -> None:
        self._read = ledger

    def routes(self) -> list[Route]:
        """Give all routes."""
        return [
            Route("/status", self.status),
            Route("/health", self.health),
            Route("/find/kinds/{election}/{kinds}", self.find_kinds),
            Route("/find/row/{election}/{row}", self.find_row),
            Route("/find/hash/{hash}", self.find_hash),
            Route("/find/tracker/{election}/{start}", self.find_tracker),
            Route("/checkpoint", self.checkpoint),
            Route("/blocks", self.blocks),
            Route("/commits", self.commits),
            Route("/tile/{path:path}", self.tile),
        ]

    # --- what the node says of itself ---

    async def status(self, _request: Request) -> Response:
        """Tell what is going on."""
        return answer(encode_json(await asyncio.to_thread(status, self._read)), JSON)

    async def health(self, _request: Request) -> Response:
        """Tell whether all is well: status 200, or 503 and why not."""
        alarm = self._read.alarm
        return answer(encode_json(health(alarm)), JSON, status_code=503 if alarm else 200)

    # --- look-ups ---

    async def find_kinds(self, request: Request) -> Response:
        """Find entries by kind."""
        election = decode_hex(request.path_params["election"], 32)
        kinds = [_number(kind, 255) for kind in request.path_params["kinds"].split(",")]
        if len(kinds) > KINDS_MAX:
            raise InvalidQuery(f"at most {KINDS_MAX} kinds at once")
        return _indexes(await asyncio.to_thread(self._read.find, election, kinds))

    async def find_row(self, request: Request) -> Response:
        """Find the entries of a row."""
        election = decode_hex(request.path_params["election"], 32)
        row = _number(request.path_params["row"], ROW_MAX)
        return _indexes(await asyncio.to_thread(self._read.find_row, election, row))

    async def find_hash(self, request: Request) -> Response:
        """Find an entry by its hash."""
        index = self._read.find_hash(decode_hex(request.path_params["hash"], 32))
        return _indexes([] if index is None else [index])

    async def find_tracker(self, request: Request) -> Response:
        """Find a ballot by the first 15 bytes of its tracker hash."""
        election = decode_hex(request.path_params["election"], 32)
        start = decode_hex(request.path_params["start"], TRACKER_BYTES)
        index = self._read.find_tracker(election, start)
        return _indexes([] if index is None else [index])

    # --- the record ---

    async def checkpoint(self, _request: Request) -> Response:
        """Give the newest checkpoint."""
        return answer(encode_checkpoint(self._read.checkpoint()), TEXT)

    async def blocks(self, request: Request) -> Response:
        """Give the blocks, all or from a height on."""
        start = _number(request.query_params.get("from", "1"), 2**53)
        data = await asyncio.to_thread(lambda: encode_blocks(self._read.blocks(start)))
        return answer(data, TEXT)

    async def commits(self, request: Request) -> Response:
        """Give the block proofs, all or from a block's height on."""
        start = _number(request.query_params.get("from", "1"), 2**53)
        data = await asyncio.to_thread(
            lambda: b"".join(frame_proof(proof) for proof in self._read.proofs(start))
        )
        return answer(data, BYTES)

    async def tile(self, request: Request) -> Response:
        """Give a tile or a bundle, full or as narrow as it was once."""
        match = _TILE.fullmatch(request.path_params["path"])
        if match is None:
            raise HTTPException(404)
        number = int(match["number"].replace("x", "").replace("/", ""))
        width = int(match["width"] or TILE_WIDTH)
        if width > TILE_WIDTH or (match["width"] and width == TILE_WIDTH):
            raise HTTPException(404)
        data = await asyncio.to_thread(self._tile, match["level"], number, width)
        return answer(data, BYTES, caching=FOREVER)

    def _tile(self, level: str, number: int, width: int) -> bytes:
        try:
            if level == "entries":
                bundle = self._read.bundle(number)
                entries = decode_bundle(bundle)
                if len(entries) < width:
                    raise HTTPException(404)
                return bundle if len(entries) == width else encode_bundle(entries[:width])
            tile = self._read.tile(int(level), number)
        except InvalidQuery:
            raise HTTPException(404) from None
        if len(tile) < width * HASH_BYTES:
            raise HTTPException(404)
        return tile[: width * HASH_BYTES]


class NodeApi(ReadApi):
    """The routes over one node's ledger, which takes entries, too."""

    def __init__(self, ledger: NodeLedger) -> None:
        super().__init__(ledger)
        self._ledger = ledger
        self._collector = Collector(ledger.submit)

    def routes(self) -> list[Route]:
        """Give all routes."""
        return [
            Route("/entries", self.entries, methods=["POST"]),
            Route("/elections", self.elections, methods=["POST"]),
            Route("/wait/{hash}", self.wait),
            *super().routes(),
        ]

    # --- handing in ---

    async def entries(self, request: Request) -> Response:
        """Take entries: each after its length as 2 bytes; the answer has a verdict for each."""
        entries = decode_entries(await read_body(request, ENTRIES_BYTES_MAX))
        verdicts = await self._collector.submit(entries)
        if all(isinstance(verdict, Later) for verdict in verdicts):
            raise Busy(max(v.retry_after_s for v in verdicts if isinstance(v, Later)))
        return answer(encode_verdicts(verdicts), JSON)

    async def elections(self, request: Request) -> Response:
        """Admit an election if the operator's policy does."""
        asked = decode_election(await read_body(request, ELECTION_BYTES_MAX))
        admission = await asyncio.to_thread(
            announce, self._ledger, asked.manifest, asked.signatures
        )
        return answer(encode_verdicts(admission.verdicts), JSON)

    async def wait(self, request: Request) -> Response:
        """Answer once an entry is recorded, or refused, or the time is over."""
        name = decode_hex(request.path_params["hash"], 32)
        seconds = _seconds(request.query_params.get("timeout", "0"))
        future = self._ledger.gateway.watch(name)
        try:
            index = await asyncio.wait_for(asyncio.wrap_future(future), seconds)
        except TimeoutError:
            raise NotYet(f"not recorded within {seconds:g} s") from None
        finally:
            self._ledger.gateway.unwatch(name, future)
        inclusion = await asyncio.to_thread(self._ledger.recorded, index)
        return answer(encode_inclusion(inclusion), JSON)


def node_app(ledger: NodeLedger, more: Sequence[Route] = (), nodes: Sequence[str] = ()) -> ASGIApp:
    """Make the application that serves a ledger and the pages.

    Args:
        more: routes that its kind of ledger has besides.
        nodes: addresses of the ledger's other nodes, for pages that find this one silent.
    """
    own = [*NodeApi(ledger).routes(), EventStream(ledger).route(), *more]
    return _described(own, pages_routes(nodes))


def reading_app(ledger: StoredLedger, more: Sequence[Route] = ()) -> ASGIApp:
    """Make the application of an observer: its copy can be read, nothing is taken."""
    own = [*ReadApi(ledger).routes(), EventStream(ledger).route(), *more]
    return _described(own, pages_routes())


def alarm_app(alarm: ElectionError) -> ASGIApp:
    """Make the application of a node that found its ledger damaged: it says so, and no more."""

    async def answer_health(_request: Request) -> Response:
        return answer(encode_json(health(alarm)), JSON, status_code=503)

    async def refuse(_request: Request) -> Response:
        raise alarm

    return _application([Route("/health", answer_health), Route("/{path:path}", refuse)])


def _described(routes: Sequence[Route], pages: Sequence[Route]) -> ASGIApp:
    return _application([*routes, description_route(routes), *pages])


def _application(routes: Collection[Route]) -> ASGIApp:
    handlers = {
        ElectionError: _election_error,
        HTTPException: _http_error,
        Exception: _fault,
    }
    return SecureHeaders(Starlette(routes=list(routes), exception_handlers=handlers))


async def _election_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ElectionError)
    known = (code for kind, code in _STATUS.items() if isinstance(error, kind))
    code = next(known, 400)
    response = answer(encode_json(problem(error, code)), "application/problem+json", code)
    if isinstance(error, Busy):
        response.headers["retry-after"] = str(error.retry_after_s)
    return response


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = {"detail": error.detail, "status": error.status_code, "title": error.detail}
    value = {**detail, "type": "about:blank"}
    response = answer(encode_json(value), "application/problem+json", error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _fault(_request: Request, _error: Exception) -> Response:
    value = {"detail": "a fault of this node", "status": 500, "title": "Internal Server Error"}
    return answer(encode_json({**value, "type": "about:blank"}), "application/problem+json", 500)


def _indexes(indexes: list[int]) -> Response:
    return answer(encode_indexes(indexes), JSON)


def _number(text: str, high: int) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 16 or int(text) > high:
        raise InvalidQuery(f"not a number from 0 to {high}: {text[:20]!r}")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,6})?", text):
        raise InvalidEncoding(f"not a number of seconds: {text[:20]!r}")
    return min(float(text), WAIT_SECONDS_MAX)
