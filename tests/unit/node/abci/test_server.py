"""The engine's socket: frames however they are cut, garbage, and failures that answer nothing."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hanpyo.errors import InvalidEncoding
from hanpyo.node.abci.messages import Message, abci
from hanpyo.node.abci.server import FRAME_BYTES_MAX, AbciServer, frame, read_frames


class Echoes:
    """An application that knows only how far it is, and fails when it is told to commit."""

    def info(self, _request: Message) -> Message:
        return abci.ResponseInfo(data="test", last_block_height=7)

    def commit(self, _request: Message) -> Message:
        raise ValueError("the disk is full")

    def __getattr__(self, _name: str) -> Callable[[Message], Message]:
        return self.info


class Served:
    """A server on a socket of the test.

    Attributes:
        failures: what it reported.
    """

    def __init__(self, path: Path) -> None:
        self.failures: list[BaseException] = []
        self.failed = threading.Event()
        self._path = path
        self.server = AbciServer(path, Echoes(), self._note)  # type: ignore[arg-type]

    def _note(self, error: BaseException) -> None:
        self.failures.append(error)
        self.failed.set()

    def connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(10)
        connection.connect(str(self._path))
        return connection

    def ask(self, data: bytes) -> bytes:
        """Send bytes, and give all that comes until the other side hangs up, or one frame."""
        with self.connect() as connection:
            connection.sendall(data)
            return connection.recv(1 << 16)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "abci.sock")
    yield made
    made.server.stop()


def request(**parts: object) -> bytes:
    encoded: bytes = abci.Request(**parts).SerializeToString()
    return frame(encoded)


INFO = request(info=abci.RequestInfo())


def answered(data: bytes) -> Message:
    left, right = socket.socketpair()
    with left, right:
        left.sendall(data)
        left.close()
        ((answer,),) = read_frames(right)
    return abci.Response.FromString(answer)


def test_all_is_answered_in_order(served: Served) -> None:
    flush = request(flush=abci.RequestFlush())
    with served.connect() as connection:
        connection.sendall(request(echo=abci.RequestEcho(message="well")) + INFO + flush)
        connection.shutdown(socket.SHUT_WR)
        data = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    left, right = socket.socketpair()
    with left, right:
        left.sendall(data)
        left.close()
        found = [each for frames in read_frames(right) for each in frames]
    kinds = [abci.Response.FromString(each).WhichOneof("value") for each in found]
    assert kinds == ["echo", "info", "flush"]
    assert not served.failures


@pytest.mark.parametrize("cut", range(1, len(INFO)))
def test_a_frame_may_come_in_pieces(served: Served, cut: int) -> None:
    with served.connect() as connection:
        connection.sendall(INFO[:cut])
        connection.sendall(INFO[cut:])
        assert answered(connection.recv(1 << 16)).info.last_block_height == 7


@pytest.mark.parametrize("length", [0, 1, 127, 128, 300, 70_000])
def test_frames_of_every_length(length: int) -> None:
    left, right = socket.socketpair()
    data = bytes(length)
    with left, right:
        writer = threading.Thread(target=lambda: (left.sendall(frame(data)), left.close()))
        writer.start()
        assert [each for frames in read_frames(right) for each in frames] == [data]
        writer.join()


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff" * 12,
        frame(b"\xff\xff\xff\xff"),
        b"\x80\x80\x80\x80\x20",
        frame(b"")[:-1] + (FRAME_BYTES_MAX + 1).to_bytes(4, "little") + b"\xff\xff\xff\xff",
        request(),
        request(apply_snapshot_chunk={}),
    ],
)
def test_garbage_ends_the_node_and_is_not_answered(served: Served, garbage: bytes) -> None:
    assert served.ask(garbage) == b""
    assert served.failed.wait(10)


def test_a_failure_answers_nothing_not_even_what_came_before(served: Served) -> None:
    assert served.ask(INFO + request(commit=abci.RequestCommit())) == b""
    assert served.failed.wait(10)
    assert isinstance(served.failures[0], ValueError)


def test_half_a_frame_and_a_hang_up_harm_nobody(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(INFO[:2])
    assert answered(served.ask(INFO)).info.data == "test"
    assert not served.failures


def test_a_path_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEncoding, match="too long"):
        AbciServer(tmp_path / ("x" * 120), Echoes(), lambda _: None)  # type: ignore[arg-type]
