"""Answers as all routes make them."""

from starlette.responses import Response

JSON, BYTES, TEXT = "application/json", "application/octet-stream", "text/plain; charset=utf-8"
FRESH, FOREVER = "no-cache", "public, max-age=31536000, immutable"


def answer(data: bytes, media: str, status_code: int = 200, *, caching: str = FRESH) -> Response:
    """Make an answer."""
    headers = {"cache-control": caching, "content-type": media}
    return Response(data, status_code, headers)
