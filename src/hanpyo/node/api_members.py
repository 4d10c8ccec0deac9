"""What the members of a consortium ask each other over HTTP: their cosignatures."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hanpyo.ledger.checkpoint import CHECKPOINT_BYTES_MAX, decode_checkpoint, encode_checkpoint
from hanpyo.node.api import TEXT, answer, read_body
from hanpyo.node.consortium import ConsensusLedger

LATEST = "latest"


class MembersApi:
    """The routes over one member's ledger."""

    def __init__(self, ledger: ConsensusLedger) -> None:
        self._ledger = ledger

    def routes(self) -> list[Route]:
        """Give all routes."""
        return [
            Route("/cosignatures", self.take, methods=["POST"]),
            Route("/cosignatures/{size}", self.give),
        ]

    async def take(self, request: Request) -> Response:
        """Take another member's cosignature: a checkpoint's text with one line or more."""
        signed = decode_checkpoint(await read_body(request, CHECKPOINT_BYTES_MAX))
        await asyncio.to_thread(self._ledger.take_signed, signed)
        return answer(b"", TEXT)

    async def give(self, request: Request) -> Response:
        """Give all cosignatures of a size at hand, or of the newest."""
        asked = request.path_params["size"]
        if asked != LATEST and not (asked.isascii() and asked.isdecimal() and len(asked) < 20):
            raise HTTPException(404)
        found = self._ledger.cosignatures.gathered(None if asked == LATEST else int(asked))
        if found is None:
            raise HTTPException(404)
        return answer(encode_checkpoint(found), TEXT)
