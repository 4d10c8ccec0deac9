"""The registrar over HTTP, for voters' pages: who holds a code, and enrolling its device.

Nothing about who asks is kept or logged. A token may ask 20 times a minute, wherever it comes from;
network addresses are never counted, as a whole school may share one.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from hanpyo.election.fields import read_hex, read_object
from hanpyo.election.papers import request_from_json
from hanpyo.encoding import decode_json, encode_json
from hanpyo.errors import Busy, ElectionError, InvalidManifest, NotYet
from hanpyo.office.enrolling import Enrolling, RowHasVoted, RowState

BODY_BYTES_MAX = 10_000
BODY_SECONDS = 15.0
ENROLL_SECONDS = 60.0
TRIES_MAX, TRIES_SECONDS = 20, 60.0
TOKENS_MAX = 100_000  # remembered at once

_JSON, _PROBLEM = "application/json", "application/problem+json"
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class TryLimit:
    """Counts how often each token asked of late. Only the event loop's thread may use it."""

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self._clock_s = clock_s
        self._tries: dict[bytes, deque[float]] = {}

    def check(self, token: bytes) -> None:
        """Count a try.

        Raises:
            Busy: too many in a minute.
        """
        now = self._clock_s()
        if len(self._tries) >= TOKENS_MAX:
            self._tries = {key: each for key, each in self._tries.items() if each[-1] > now - 60}
        tries = self._tries.setdefault(token, deque())
        while tries and tries[0] <= now - TRIES_SECONDS:
            tries.popleft()
        if len(tries) >= TRIES_MAX:
            raise Busy(int(tries[0] + TRIES_SECONDS - now) + 1)
        tries.append(now)


class RegistrarService:
    """The routes of one election's registrar."""

    def __init__(self, enrolling: Enrolling, election_id: bytes) -> None:
        self._enrolling = enrolling
        self._election_id = election_id
        self._limit: TryLimit | None = None

    def app(self) -> Starlette:
        """Make the application."""
        handlers = {
            ElectionError: _election_error,
            HTTPException: _http_error,
            Exception: _fault,
        }
        routes = [
            Route("/registrar/invitation", self.invitation, methods=["POST"]),
            Route("/registrar/enrollments", self.enrollments, methods=["POST"]),
            Route("/registrar/health", self.health),
        ]
        return Starlette(routes=routes, exception_handlers=handlers)

    async def health(self, _request: Request) -> Response:
        """Tell that the registrar answers."""
        return _answer(encode_json({"status": "ok"}), _JSON, 200)

    async def invitation(self, request: Request) -> Response:
        """Tell the holder of a token about its row."""
        value = decode_json(await _body(request))
        try:
            fields = read_object(value, "", ("election", "token"))
            election = read_hex(fields["election"], "election")
            token = read_hex(fields["token"], "token")
        except InvalidManifest as error:
            raise HTTPException(400, str(error)) from None
        self._limits.check(token)
        if election != self._election_id:
            raise NotYet("this code is not known here")
        state = await asyncio.to_thread(self._enrolling.look_up, token)
        return _answer(encode_json(_state_json(state)), _JSON, 200)

    async def enrollments(self, request: Request) -> Response:
        """Bind a device's credential to its row; the answer comes once that is recorded."""
        asked = request_from_json(decode_json(await _body(request)), "the request")
        self._limits.check(asked.election_id + asked.row.to_bytes(4, "big"))
        future: Future[None] = await asyncio.to_thread(self._enrolling.enroll, asked)
        try:
            await asyncio.wait_for(asyncio.wrap_future(future), ENROLL_SECONDS)
        except TimeoutError:
            raise Busy(5) from None
        return _answer(encode_json({"state": "enrolled"}), _JSON, 200)

    @property
    def _limits(self) -> TryLimit:
        if self._limit is None:
            self._limit = TryLimit(asyncio.get_running_loop().time)
        return self._limit


def _state_json(state: RowState) -> dict[str, object]:
    return {
        "credential": None if state.credential is None else state.credential.hex(),
        "reference": state.member.entitled.reference,
        "row": state.row,
        "salt": state.member.salt.hex(),
        "state": state.state,
    }


async def _body(request: Request) -> bytes:
    pieces, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > BODY_BYTES_MAX:
                    raise HTTPException(413, f"a request has at most {BODY_BYTES_MAX} bytes")
                pieces.append(piece)
    except (TimeoutError, ClientDisconnect):
        raise HTTPException(408) from None
    return b"".join(pieces)


def _answer(data: bytes, media: str, status: int) -> Response:
    return Response(data, status, {**_HEADERS, "content-type": media})


def _problem(status: int, detail: str, code: int = 0, hint: str = "") -> Response:
    value = {
        "code": code,
        "detail": detail,
        "hint": hint,
        "status": status,
        "title": "Refused",
        "type": f"urn:hanpyo:error:{code}" if code else "about:blank",
    }
    return _answer(encode_json(value), _PROBLEM, status)


async def _election_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ElectionError)
    status = 404 if isinstance(error, NotYet) else 400
    if isinstance(error, Busy):
        response = _problem(429, str(error), error.code, error.hint)
        response.headers["retry-after"] = str(error.retry_after_s)
        return response
    if isinstance(error, RowHasVoted):
        hint = "the organizers and the registrar can let it begin anew: `hanpyo registrar replace`"
        return _problem(409, str(error), error.code, hint)
    return _problem(status, str(error), error.code, error.hint)


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _problem(error.status_code, error.detail)


async def _fault(_request: Request, _error: Exception) -> Response:
    return _problem(500, "a fault of the registrar's service")
