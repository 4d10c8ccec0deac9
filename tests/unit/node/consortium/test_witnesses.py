"""Outside witnesses: the request as C2SP has it, and every answer that is refused."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hanpyo import crypto
from hanpyo.encoding import decode_base64, encode_base64, u64
from hanpyo.errors import ElectionError, InvalidCheckpoint
from hanpyo.ledger.checkpoint import (
    COSIGNATURE_TYPE,
    checkpoint_text,
    cosigned_message,
    decode_checkpoint,
    key_id,
)
from hanpyo.ledger.merkle import check_consistency
from hanpyo.node.consortium.witnesses import Witness, witnessed_text
from hanpyo.node.settings import WitnessSettings
from tests.helpers.consortium import MemberPlay
from tests.helpers.parties import NOW, seed, tiny_manifest

NAME, SEED = "witness.example/w1", seed("witness")


class Outside:
    """A witness: it remembers size and root of the one log that it knows, and nothing else.

    Attributes:
        bend: changes its answers.
    """

    def __init__(self, signing_seed: bytes = SEED) -> None:
        self.size, self.root = 0, b""
        self.bend: Callable[[int, bytes], tuple[int, bytes]] = lambda *answer: answer
        self._seed = signing_seed

    def ask(self, body: bytes) -> tuple[int, bytes]:
        head, note = body.split(b"\n\n", 1)
        old, *nodes = head.decode().split("\n")
        checkpoint = decode_checkpoint(note)
        if old != f"old {self.size}":
            return self.bend(409, f"{self.size}\n".encode())
        proof = [decode_base64(node) for node in nodes]
        try:
            if self.size:
                check_consistency(self.size, self.root, checkpoint.size, checkpoint.root, proof)
        except ElectionError:
            return self.bend(422, b"")
        self.size, self.root = checkpoint.size, checkpoint.root
        text = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
        signature = crypto.ed25519_sign(self._seed, cosigned_message(text, NOW))
        name_id = key_id(NAME, COSIGNATURE_TYPE, crypto.ed25519_public(self._seed))
        line = encode_base64(name_id + u64(NOW) + signature)
        return self.bend(200, f"— {NAME} {line}\n".encode())


@pytest.fixture
def play() -> MemberPlay:
    made = MemberPlay(4, manifest=tiny_manifest())
    made.voting()
    return made


def settings(url: str = "http://127.0.0.1:1") -> WitnessSettings:
    return WitnessSettings(NAME, crypto.ed25519_public(SEED), url)


def test_each_new_state_is_cosigned_once(play: MemberPlay) -> None:
    outside = Outside()
    witness = Witness(play.ledger, settings(), outside.ask)
    assert witnessed_text([witness]) is None
    for voter in range(3):
        play.add(play.cast(voter))
        witness.step()
        assert outside.size == play.state.log.size
        assert witness.newest is not None
        assert witness.newest.checkpoint == play.ledger.checkpoint()
    text = witnessed_text([witness, Witness(play.ledger, settings(), outside.ask)])
    assert text is not None
    assert text.decode().endswith("\n")
    assert text.count("\n— ".encode()) == 4 + 1  # the members, and the witness
    assert NAME.encode() in text


def test_a_node_that_starts_anew_asks_where_the_witness_stands(play: MemberPlay) -> None:
    outside = Outside()
    Witness(play.ledger, settings(), outside.ask).step()
    play.add(play.cast(1))
    again = Witness(play.ledger, settings(), outside.ask)
    again.step()
    assert again.newest is not None


def test_another_log_is_not_witnessed(play: MemberPlay) -> None:
    outside = Outside()
    Witness(play.ledger, settings(), outside.ask).step()
    other = MemberPlay(4, manifest=tiny_manifest())
    other.voting()
    other.add(other.cast(0))
    outside.root = seed("another root")
    with pytest.raises(InvalidCheckpoint, match="answers with 422"):
        Witness(other.ledger, settings(), outside.ask).step()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, b""), "no signature lines"),
        ((200, b"\xff"), "UTF-8"),
        ((403, b""), "answers with 403"),
        ((409, b"99999999\n"), "larger log"),
        ((409, b"x\n"), "larger log"),
    ],
)
def test_a_wrong_answer_is_refused(play: MemberPlay, answer: tuple[int, bytes], said: str) -> None:
    outside = Outside()
    outside.bend = lambda *_: answer
    witness = Witness(play.ledger, settings(), outside.ask)
    with pytest.raises(InvalidCheckpoint, match=said):
        witness.step()
    assert witness.newest is None


def test_a_forged_cosignature_is_refused(play: MemberPlay) -> None:
    with pytest.raises(InvalidCheckpoint, match="not signed by the witness"):
        Witness(play.ledger, settings(), Outside(seed("stranger")).ask).step()
    outside = Outside()

    def flip(status: int, body: bytes) -> tuple[int, bytes]:
        data = bytearray(decode_base64(body.decode().split(" ")[2].strip()))
        data[40] ^= 1
        return status, f"— {NAME} {encode_base64(bytes(data))}\n".encode()

    outside.bend = flip
    with pytest.raises(InvalidCheckpoint, match="does not hold"):
        Witness(play.ledger, settings(), outside.ask).step()


def test_over_http(play: MemberPlay) -> None:
    outside = Outside()
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            paths.append(self.path)
            status, body = outside.ask(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        witness = Witness(play.ledger, settings(f"http://127.0.0.1:{server.server_port}/log/"))
        witness.step()
        assert witness.newest is not None
        assert paths == ["/log/add-checkpoint"]
        witness.stop()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
