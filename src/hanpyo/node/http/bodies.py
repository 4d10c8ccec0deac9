"""Reading what somebody sends, within limits on size and time."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

BODY_SECONDS = 30.0  # in which a body has to arrive


async def read_body(request: Request, bytes_max: int) -> bytes:
    """Read a body within its limits."""
    pieces, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > bytes_max:
                    raise HTTPException(413, f"a body has at most {bytes_max} bytes")
                pieces.append(piece)
    except (TimeoutError, ClientDisconnect):
        raise HTTPException(408) from None
    return b"".join(pieces)
