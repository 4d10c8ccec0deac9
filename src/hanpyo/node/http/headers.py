"""The headers that every answer bears, errors included, and who may ask from another origin.

Nothing here knows cookies or sessions: whoever asks is nobody, so any page may read the ledger and
hand entries in. The pages themselves may load nothing but what was built with them.
"""

from collections.abc import Mapping, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

YEAR_S = 31_536_000
PREFLIGHT_S = 86_400

POLICY = "content-security-policy"
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_ALL: Mapping[str, str] = {
    POLICY: _NOTHING,
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "retry-after",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
    "permissions-policy": "camera=(), geolocation=(), interest-cohort=(), microphone=()",
    "referrer-policy": "no-referrer",
    "strict-transport-security": f"max-age={YEAR_S}",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_PREFLIGHT: Mapping[str, str] = {
    "access-control-allow-headers": "content-type",
    "access-control-allow-methods": "GET, POST",
    "access-control-max-age": str(PREFLIGHT_S),
}


def page_policy(nodes: Sequence[str], import_map: str = "") -> str:
    """Give the content security policy of a page.

    Args:
        import_map: the hash of the one that stands in the page and says which script has which
            hash, as `sha256-...`; nothing else that stands in a page is ever run.
        nodes: addresses of the ledger's other nodes, which a page turns to if this one is silent.
    """
    return "; ".join(
        (
            _NOTHING,
            f"script-src 'self' '{import_map}'" if import_map else "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "worker-src 'self'",
            " ".join(("connect-src 'self'", *nodes)),
            "require-trusted-types-for 'script'",
            "trusted-types svelte-trusted-html hanpyo-worker",
        )
    )


class SecureHeaders:
    """Adds the headers, and answers what browsers ask before they speak with another origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name for name, _ in message["headers"]}
                added = [pair for pair in _bytes(_ALL) if pair[0] not in there]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            start = {"type": "http.response.start", "status": 204, "headers": _bytes(_PREFLIGHT)}
            await send_with_headers(start)
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, send_with_headers)


def _bytes(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
