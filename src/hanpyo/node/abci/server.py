"""The application's side of the engine's socket: frames in, answers out, one thread a connection.

A frame is a length as an unsigned varint, then a message. The engine opens four connections; they
cannot be told apart and need not be. It may send many requests before it reads an answer: all that
came whole are answered together. A failure ends the node before anything of it is answered: the
engine, started anew, asks again.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from hanpyo.errors import InvalidEncoding
from hanpyo.node.abci.messages import Message, abci

FRAME_BYTES_MAX = 16 * 1_048_576  # a block has 4 MiB
READ_BYTES = 1 << 18
VARINT_BYTES_MAX = 5
SOCKET_PATH_BYTES_MAX = 107


class Application(Protocol):
    """What the engine asks; every method takes and gives a message."""

    def info(self, request: Message, /) -> Message:
        """Say how far the log goes."""
        ...

    def init_chain(self, request: Message, /) -> Message:
        """Begin a chain."""
        ...

    def check_tx(self, request: Message, /) -> Message:
        """Say whether a transaction may wait for a block."""
        ...

    def prepare_proposal(self, request: Message, /) -> Message:
        """Choose what to propose."""
        ...

    def process_proposal(self, request: Message, /) -> Message:
        """Judge what another proposes."""
        ...

    def finalize_block(self, request: Message, /) -> Message:
        """Judge what was agreed on."""
        ...

    def commit(self, request: Message, /) -> Message:
        """Put it on disk."""
        ...


class AbciServer:
    """Listens before the engine starts, and serves until it is stopped."""

    def __init__(
        self, path: Path, application: Application, on_failure: Callable[[BaseException], None]
    ) -> None:
        """Listen.

        Args:
            path: of the Unix socket; short, as the system wants it.
            application: answers.
            on_failure: called once, from a connection's thread, with what went wrong; the process
                is expected to end.

        Raises:
            InvalidEncoding: the path is too long for a socket.
        """
        if len(str(path).encode()) > SOCKET_PATH_BYTES_MAX:
            raise InvalidEncoding(f"{path} is too long for a socket")
        self._application = application
        self._on_failure = on_failure
        self._path = path
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen(16)
        self._is_stopped = False
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()  # of `_connections`
        threading.Thread(target=self._accept, name="engine listener", daemon=True).start()

    def stop(self) -> None:
        """Close the socket and all connections."""
        self._is_stopped = True
        self._listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            _hang_up(connection)
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while not self._is_stopped:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._connections.add(connection)
            thread = threading.Thread(
                target=self._serve, args=(connection,), name="engine connection", daemon=True
            )
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            for requests in read_frames(connection):
                answers = [frame(self._answer(request)) for request in requests]
                connection.sendall(b"".join(answers))
        except OSError:  # the engine has gone; its next start opens new connections
            pass
        except BaseException as error:  # noqa: BLE001 nothing may be half answered
            if not self._is_stopped:
                self._on_failure(error)
        finally:
            with self._lock:
                self._connections.discard(connection)
            _hang_up(connection)

    def _answer(self, data: bytes) -> bytes:
        request = abci.Request.FromString(data)
        kind = request.WhichOneof("value")
        asked: Message = getattr(request, kind or "", None)
        response = abci.Response()
        if kind == "echo":
            response.echo.message = asked.message
        elif kind == "flush":
            response.flush.SetInParent()
        elif kind == "list_snapshots":
            response.list_snapshots.SetInParent()
        elif kind in _ASKED:
            answer = getattr(self._application, kind)(asked)
            getattr(response, kind).CopyFrom(answer)
        else:
            raise InvalidEncoding(f"the engine asks for {kind}, which is not used here")
        encoded: bytes = response.SerializeToString()
        return encoded


_ASKED = frozenset(name for name in vars(Application) if not name.startswith("_"))


def frame(data: bytes) -> bytes:
    """Put a message after its length."""
    length, prefix = len(data), bytearray()
    while length >= 0x80:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    prefix.append(length)
    return bytes(prefix) + data


def read_frames(connection: socket.socket) -> Iterator[list[bytes]]:
    """Give the whole frames that have come, until the other side hangs up.

    Raises:
        InvalidEncoding: a length is none, or too large.
    """
    buffer = bytearray()
    while data := connection.recv(READ_BYTES):
        buffer += data
        found, start = [], 0
        while (place := _frame_at(buffer, start)) is not None:
            found.append(bytes(buffer[place[0] : place[1]]))
            start = place[1]
        if found:
            del buffer[:start]
            yield found


def _frame_at(buffer: bytearray, start: int) -> tuple[int, int] | None:
    """Give where the frame's message begins and ends, `None` while it is not whole."""
    length = 0
    for place in range(VARINT_BYTES_MAX):
        if start + place >= len(buffer):
            return None
        byte = buffer[start + place]
        length |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    else:
        raise InvalidEncoding("a frame's length is none")
    if length > FRAME_BYTES_MAX:
        raise InvalidEncoding(f"a frame of {length} bytes is too large")
    begin = start + place + 1
    return (begin, begin + length) if begin + length <= len(buffer) else None


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
