"""Asking the engine: JSON-RPC over its Unix socket, kept-alive connections, any thread.

An error comes with HTTP status 200, so the JSON is what counts. That a transaction was taken is no
receipt: the engine may still drop it without a word.
"""

import base64
import http.client
import json
import socket
from collections.abc import Mapping
from pathlib import Path
from queue import Empty as NoneLeft
from queue import LifoQueue
from typing import Any

from hanpyo.errors import Unreachable

TIMEOUT_S = 10.0
CONNECTIONS_KEPT = 16

Json = Mapping[str, Any]


class EngineRefused(Exception):
    """The engine answers with an error; its text says which."""

    @property
    def is_full(self) -> bool:
        """Whether its queue has no room."""
        return "mempool is full" in str(self)

    @property
    def is_known(self) -> bool:
        """Whether it has this transaction already."""
        return "tx already exists" in str(self)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class EngineRpc:
    """Speaks to one engine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: LifoQueue[_UnixConnection] = LifoQueue()

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while True:
            try:
                self._idle.get_nowait().close()
            except NoneLeft:
                return

    def broadcast(self, tx: bytes) -> tuple[int, str]:
        """Hand in a transaction; give the application's code and its words.

        Raises:
            EngineRefused: the engine does not take it.
            Unreachable: nobody answers.
        """
        encoded = base64.b64encode(tx).decode()
        answer = self._call("broadcast_tx_sync", {"tx": encoded})
        return int(answer["code"]), str(answer["log"])

    def commit(self, height: int) -> Json | None:
        """Give a height's header and commit, `None` where there is none yet."""
        try:
            answer: Json = self._call("commit", {"height": str(height)})["signed_header"]
        except EngineRefused:
            return None
        return answer if answer.get("commit") and answer.get("header") else None

    def block(self, height: int) -> Json:
        """Give a block."""
        return self._call("block", {"height": str(height)})

    def status(self) -> Json:
        """Give what the engine says of itself."""
        return self._call("status", {})

    def peer_count(self) -> int:
        """Give the number of engines it speaks with."""
        return int(self._call("net_info", {})["n_peers"])

    def _call(self, method: str, params: Mapping[str, object]) -> Json:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        answer = json.loads(self._post(body.encode()))
        if "error" in answer:
            error = answer["error"]
            raise EngineRefused(f"{error.get('message')}: {error.get('data')}")
        result: Json = answer["result"]
        return result

    def _post(self, body: bytes) -> bytes:
        try:
            connection = self._idle.get_nowait()
        except NoneLeft:
            connection = _UnixConnection(self._path)
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            data = connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Unreachable(f"the consensus engine does not answer: {error}") from error
        if self._idle.qsize() < CONNECTIONS_KEPT:
            self._idle.put(connection)
        else:
            connection.close()
        return data
