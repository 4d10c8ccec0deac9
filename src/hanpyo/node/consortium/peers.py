"""Exchanging cosignatures with the other members' nodes, a thread for each of them.

A push leaves within milliseconds of the commit, and nobody's slowness holds up anybody else: what a
peer missed, the next size's signatures make good, or it asks.
"""

import http.client
import ssl
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from hanpyo.errors import ElectionError
from hanpyo.ledger.checkpoint import (
    CHECKPOINT_BYTES_MAX,
    Checkpoint,
    decode_checkpoint,
    encode_checkpoint,
)
from hanpyo.node.events import Event, tell

TIMEOUT_S = 3.0
ASK_SECONDS = 1.0  # between two questions while no quorum is there
BACK_OFF_S, BACK_OFF_S_MAX = 0.2, 3.0


class Peer(threading.Thread):
    """Another member's node: hears of our newest signature, and is asked for its own."""

    def __init__(
        self, url: str, take: Callable[[Checkpoint], None], is_waiting: Callable[[], bool]
    ) -> None:
        """Prepare; `start` runs it.

        Args:
            url: the node's address.
            take: given what the peer has gathered.
            is_waiting: whether we lack a quorum.
        """
        super().__init__(name="ledger peer", daemon=True)
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port
        self._prefix = address.path.rstrip("/")
        self._is_secure = address.scheme == "https"
        self._take = take
        self._is_waiting = is_waiting
        self._news = threading.Condition()
        self._newest: Checkpoint | None = None
        self._has_to_end = False
        self._connection: http.client.HTTPConnection | None = None
        self.is_reached = False

    def tell(self, signed: Checkpoint) -> None:
        """Send our newest signature; one that was not sent yet is passed over."""
        with self._news:
            self._newest = signed
            self._news.notify()

    def stop(self) -> None:
        """Stop, and return when what is under way has ended."""
        with self._news:
            self._has_to_end = True
            self._news.notify()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        """Tell and ask."""
        back_off = BACK_OFF_S
        while True:
            with self._news:
                if self._newest is None and not self._has_to_end:
                    self._news.wait(ASK_SECONDS)
                if self._has_to_end:
                    return
                signed, self._newest = self._newest, None
            try:
                if signed is not None:
                    self._ask("POST", "/cosignatures", encode_checkpoint(signed))
                elif self._is_waiting():
                    self._pull()
                else:
                    continue
            except (OSError, http.client.HTTPException):
                self._hang_up()
                with self._news:
                    if self._newest is None:
                        self._newest = signed
                    self._news.wait_for(lambda: self._has_to_end, back_off)
                back_off = min(2 * back_off, BACK_OFF_S_MAX)
            else:
                if not self.is_reached:
                    tell(Event.PEER_REACHED, host=self._host, port=self._port or 0)
                self.is_reached, back_off = True, BACK_OFF_S

    def _pull(self) -> None:
        status, body = self._ask("GET", "/cosignatures/latest", None)
        if status != http.client.OK:
            return
        try:
            self._take(decode_checkpoint(body))
        except ElectionError:
            return  # what a peer says wrongly harms nobody

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = self._connect()
        self._connection.request(method, self._prefix + path, body)
        answer = self._connection.getresponse()
        return answer.status, answer.read(CHECKPOINT_BYTES_MAX)

    def _connect(self) -> http.client.HTTPConnection:
        if self._is_secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=TIMEOUT_S, context=context
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)

    def _hang_up(self) -> None:
        if self.is_reached:
            tell(Event.PEER_LOST, host=self._host, port=self._port or 0)
        self.is_reached = False
        if self._connection is not None:
            self._connection.close()
        self._connection = None
