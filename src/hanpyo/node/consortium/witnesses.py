"""Outside witnesses: whoever keeps nothing of the ledger, and cosigns that it only ever grows.

A node hands each new checkpoint of a quorum to the witnesses that its settings name, with the proof
that it continues what they cosigned before. Source: C2SP tlog-witness (`add-checkpoint`).
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx2

from hanpyo import crypto
from hanpyo.encoding import encode_base64
from hanpyo.errors import ElectionError, InvalidCheckpoint
from hanpyo.ledger.checkpoint import (
    CHECKPOINT_BYTES_MAX,
    COSIGNATURE_TYPE,
    Checkpoint,
    Cosignature,
    checkpoint_text,
    cosigned_message,
    decode_signatures,
    encode_checkpoint,
    key_id,
)
from hanpyo.ledger.interface import Ledger, Proof
from hanpyo.node.settings import WitnessSettings

LOOK_SECONDS = 1.0
TIMEOUT_S = 10.0
TRIES = 2  # the witness may say from which size on it wants the proof

Ask = Callable[[bytes], tuple[int, bytes]]  # gives status and body


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint, and what a witness said of it."""

    checkpoint: Checkpoint
    line: Cosignature


def add_checkpoint(old: int, proof: Proof, checkpoint: Checkpoint) -> bytes:
    """Write the body of a request: the size that was cosigned before, the proof, the checkpoint."""
    lines = [f"old {old}\n", *(f"{encode_base64(node)}\n" for node in proof), "\n"]
    return "".join(lines).encode() + encode_checkpoint(checkpoint)


def check_witness(witness: WitnessSettings, checkpoint: Checkpoint, line: Cosignature) -> None:
    """Check a witness's cosignature.

    Raises:
        InvalidCheckpoint: it is another's, or does not hold.
    """
    if (line.name, line.key_id) != (
        witness.name,
        key_id(witness.name, COSIGNATURE_TYPE, witness.key),
    ):
        raise InvalidCheckpoint(f"it is not signed by the witness {witness.name!r}")
    text = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    try:
        crypto.check_ed25519(
            witness.key, cosigned_message(text, line.timestamp_unix_s), line.signature
        )
    except ElectionError as error:
        raise InvalidCheckpoint(f"the cosignature of {witness.name!r} does not hold") from error


class Witness(threading.Thread):
    """Hands checkpoints to one witness.

    Attributes:
        witness: who it is.
        newest: what it cosigned last, `None` before.
        failure: why the last try failed; empty where it did not.
    """

    def __init__(self, ledger: Ledger, witness: WitnessSettings, ask: Ask | None = None) -> None:
        super().__init__(name="ledger witness", daemon=True)
        self._ledger = ledger
        self._ask = ask or self._post
        self._client = httpx2.Client(timeout=TIMEOUT_S)
        self._stopped = threading.Event()
        self._size = 0  # that the witness cosigned before, as far as we know
        self.witness = witness
        self.newest: Witnessed | None = None
        self.failure = ""

    def run(self) -> None:
        """Look for new checkpoints until it is stopped."""
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self.step()
                self.failure = ""
            except (ElectionError, httpx2.HTTPError) as error:
                self.failure = str(error)

    def stop(self) -> None:
        """Stop, and return when the thread has ended."""
        self._stopped.set()
        if self.is_alive():
            self.join()
        self._client.close()

    def step(self) -> None:
        """Hand in the newest checkpoint if its state or its time is new.

        Raises:
            InvalidCheckpoint: the witness refuses it, or its answer does not hold.
        """
        checkpoint = self._ledger.checkpoint()
        if self.newest is not None and self.newest.checkpoint == checkpoint:
            return
        for _ in range(TRIES):
            old = self._size
            proof = self._ledger.consistency(old, checkpoint.size) if old else ()
            status, body = self._ask(add_checkpoint(old, proof, checkpoint))
            if status != httpx2.codes.CONFLICT:
                break
            self._size = _size(body, checkpoint.size)
        if status != httpx2.codes.OK:
            raise InvalidCheckpoint(f"the witness {self.witness.name!r} answers with {status}")
        for line in decode_signatures(body):
            if isinstance(line, Cosignature) and line.name == self.witness.name:
                check_witness(self.witness, checkpoint, line)
                self.newest = Witnessed(checkpoint, line)
                self._size = checkpoint.size
                return
        raise InvalidCheckpoint(f"the witness {self.witness.name!r} did not sign")

    def _post(self, body: bytes) -> tuple[int, bytes]:
        url = f"{self.witness.url.rstrip('/')}/add-checkpoint"
        with self._client.stream("POST", url, content=body) as answer:
            data = b""
            for part in answer.iter_bytes():
                data += part
                if len(data) > CHECKPOINT_BYTES_MAX:
                    raise InvalidCheckpoint(f"the witness {self.witness.name!r} says too much")
            return answer.status_code, data


def _size(body: bytes, newest: int) -> int:
    """Read the size that a witness cosigned before."""
    digits = body.removesuffix(b"\n")
    if not digits.isdigit() or len(digits) > 18 or int(digits) > newest:
        raise InvalidCheckpoint("the witness has seen a larger log than ours, or says no size")
    return int(digits)


def witnessed_text(witnesses: Sequence[Witness]) -> bytes | None:
    """Give the newest checkpoint that a witness cosigned, with all lines of this state."""
    found = [each.newest for each in witnesses if each.newest is not None]
    if not found:
        return None
    newest = max(found, key=lambda each: (each.checkpoint.size, each.line.timestamp_unix_s))
    state = newest.checkpoint.size, newest.checkpoint.root
    lines = [each.line for each in found if (each.checkpoint.size, each.checkpoint.root) == state]
    both = (*newest.checkpoint.lines, *lines)
    return encode_checkpoint(Checkpoint(newest.checkpoint.origin, *state, both))
