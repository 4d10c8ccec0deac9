"""A stream of events (SSE): what is new on the ledger, for pages that show it as it comes."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from hanpyo.encoding import encode_json
from hanpyo.node.storage.stored import StoredLedger

LOOK_SECONDS = 0.25
BEAT_SECONDS = 15.0  # a comment, so that nobody in between takes the stream for dead
STREAMS_MAX = 2_000


class EventStream:
    """Gives each listener the newest state, and every newer one; `event: checkpoint` or `alarm`."""

    def __init__(self, ledger: StoredLedger) -> None:
        self._ledger = ledger
        self._count = 0

    def route(self) -> Route:
        """Give the route."""
        return Route("/events", self.listen)

    async def listen(self, _request: Request) -> Response:
        """Stream events: the newest checkpoint's size, height and time, and the alarm."""
        if self._count >= STREAMS_MAX:
            raise HTTPException(503, "too many listen: come back later")
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._events(), media_type="text/event-stream", headers=headers)

    async def _events(self) -> AsyncIterator[bytes]:
        self._count += 1
        try:
            told, quiet_s = b"", 0.0
            while True:
                newest = self._newest()
                if newest != told:
                    told, quiet_s = newest, 0.0
                    yield newest
                elif quiet_s >= BEAT_SECONDS:
                    quiet_s = 0.0
                    yield b": well\n\n"
                await asyncio.sleep(LOOK_SECONDS)
                quiet_s += LOOK_SECONDS
        finally:
            self._count -= 1

    def _newest(self) -> bytes:
        alarm, head = self._ledger.alarm, self._ledger.head
        if alarm is not None:
            return _event("alarm", 0, {"code": alarm.code})
        checkpoint = head.checkpoint
        signed = 0 if checkpoint is None else checkpoint.timestamp_unix_s
        value = {"height": head.height, "signed_unix_s": signed, "size": head.size}
        return _event("checkpoint", head.size, value)


def _event(name: str, number: int, value: Mapping[str, object]) -> bytes:
    return f"event: {name}\nid: {number}\ndata: ".encode() + encode_json(value) + b"\n\n"
