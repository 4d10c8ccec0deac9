"""Running a node: the ledger, its clerk and its web server, until told to stop."""

import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from hanpyo.errors import DamagedLedger
from hanpyo.node.clerk import Clerk
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.http.api import alarm_app, node_app
from hanpyo.node.http.forwarding import forwarding_routes
from hanpyo.node.http.metrics import ledger_figures, metrics_routes
from hanpyo.node.keeper import Clock, system_clock

CONNECTIONS_MAX = 1_000
KEEP_ALIVE_S = 15
SHUTDOWN_S = 10

_SIGNALS = (signal.SIGTERM, signal.SIGINT)

OnReady = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Access:
    """How people reach a server.

    Attributes:
        registrar: address of the registrar's service, to which voters' pages are passed on.
        certificate, key: files for TLS; without them a reverse proxy in front does that.
    """

    registrar: str = ""
    certificate: Path | None = None
    key: Path | None = None


PLAIN = Access()


class NodeServer(uvicorn.Server):
    """A web server that tells its address, and stops when the ledger can write no more."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        on_ready: OnReady,
        has_failed: Callable[[], bool] = lambda: False,
        access: Access = PLAIN,
    ) -> None:
        """Prepare; `run` serves until SIGTERM, SIGINT or `should_exit`.

        Args:
            app: what is served.
            host: the address to listen at.
            port: the port; 0: any that is free.
            on_ready: called with the address once it answers.
            has_failed: whether the ledger can write no more.
            access: with its own files for TLS, or without.
        """
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                access_log=False,  # who votes when is nobody's business
                date_header=True,
                http="h11",
                lifespan="off",
                limit_concurrency=CONNECTIONS_MAX,
                log_level=logging.WARNING,
                proxy_headers=False,
                server_header=False,
                ssl_certfile=access.certificate,
                ssl_keyfile=access.key,
                timeout_graceful_shutdown=SHUTDOWN_S,
                timeout_keep_alive=KEEP_ALIVE_S,
                ws="none",
            )
        )
        self._host = host
        self._scheme = "https" if access.certificate else "http"
        self._on_ready = on_ready
        self._has_failed = has_failed

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGTERM and SIGINT, and let `serve` close the ledger then."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        former = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell where."""
        await super().startup(sockets)
        if not self.should_exit:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = f"[{self._host}]" if ":" in self._host else self._host
            self._on_ready(f"{self._scheme}://{host}:{port}")

    async def on_tick(self, counter: int) -> bool:
        """Tell whether to stop; asked ten times a second."""
        return self._has_failed() or await super().on_tick(counter)


def serve(
    path: Path,
    host: str,
    port: int,
    *,
    clock: Clock = system_clock,
    threads: int = 1,
    on_ready: OnReady = lambda _: None,
    access: Access = PLAIN,
) -> int:
    """Serve the ledger in a folder until SIGTERM or SIGINT.

    A ledger that is found damaged is not served: the address then only says so, red at `/health`.

    Returns:
        0 after a clean end, 1 where the ledger raised its alarm.

    Raises:
        InvalidQuery: there is no ledger, or another process holds it.
        InvalidFile: the operator's keys cannot be read.
    """
    try:
        ledger = EmbeddedLedger.open(path, clock, threads)
    except DamagedLedger as damage:
        NodeServer(alarm_app(damage), host, port, on_ready).run()
        return 1
    with ledger:
        clerk = Clerk(ledger, clock, threads)
        clerk.start()
        try:
            monitoring = metrics_routes(ledger, lambda: ledger_figures(ledger))
            app = node_app(ledger, [*forwarding_routes(access.registrar), *monitoring])
            NodeServer(app, host, port, on_ready, lambda: ledger.has_crashed, access).run()
        finally:
            clerk.stop()
        return 1 if ledger.alarm is not None else 0
