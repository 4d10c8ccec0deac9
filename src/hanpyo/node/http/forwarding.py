"""Passing a voter's page on to the registrar, so that the page speaks with one origin alone.

The node learns who is enrolled in which row, which its ledger says anyway, and the voter's token;
it keeps neither. Only these two paths are passed on, and no header but the answer's own.
"""

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hanpyo.encoding import encode_json
from hanpyo.errors import InvalidQuery
from hanpyo.node.http.answers import JSON, answer
from hanpyo.node.http.bodies import read_body

BODY_BYTES_MAX = 10_000
ANSWER_BYTES_MAX = 10_000
TIMEOUT_S = 70.0
CONNECT_S = 5.0
PATHS = ("/registrar/invitation", "/registrar/enrollments")


def forwarding_routes(address: str) -> list[Route]:
    """Give the routes that pass on to a registrar's service.

    Args:
        address: of the service; empty: there is none, and no route.

    Raises:
        InvalidQuery: this is no address.
    """
    if not address:
        return []
    url = httpx2.URL(address)
    if url.scheme not in {"http", "https"} or not url.host:
        raise InvalidQuery(f"{address!r} is no address: one begins with http:// or https://")
    client = httpx2.AsyncClient(
        base_url=address.rstrip("/") + "/",
        timeout=httpx2.Timeout(TIMEOUT_S, connect=CONNECT_S),
        limits=httpx2.Limits(max_connections=200),
    )

    async def forward(request: Request) -> Response:
        """Pass a request of a voter's page on to the registrar."""
        body = await read_body(request, BODY_BYTES_MAX)
        try:
            found = await client.post(
                request.url.path.lstrip("/"), content=body, headers={"content-type": JSON}
            )
        except httpx2.HTTPError:
            return _silent()
        if len(found.content) > ANSWER_BYTES_MAX:
            return _silent()
        passed = answer(
            found.content,
            found.headers.get("content-type", JSON),
            found.status_code,
            caching="no-store",
        )
        if "retry-after" in found.headers:
            passed.headers["retry-after"] = found.headers["retry-after"]
        return passed

    return [Route(path, forward, methods=["POST"]) for path in PATHS]


def _silent() -> Response:
    value = {
        "detail": "the registrar does not answer",
        "status": 503,
        "title": "Service Unavailable",
        "type": "about:blank",
    }
    return answer(encode_json(value), "application/problem+json", 503, caching="no-store")
