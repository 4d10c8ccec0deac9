"""The checkpoint (protocol.md 9.5)."""

import hashlib
import re
from dataclasses import dataclass

from hanpyo_verifier.encoding import base64_strict
from hanpyo_verifier.errors import MalformedError
from hanpyo_verifier.group.ed25519 import PublicKey

_SIZE = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_SIGNATURE = "\u2014 "
LOG_TYPE = b"\x01"
COSIGNATURE_TYPE = b"\x04"
LOG_BYTES, COSIGNATURE_BYTES = 4 + 64, 4 + 8 + 64


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint in its exact form; nothing of it is verified."""

    origin: str
    size: int
    root: bytes
    text: bytes
    log_name: str
    log_signature: bytes  # key id, signature
    cosigner: str
    cosignature: bytes  # key id, timestamp, signature
    in_order: bool = True  # the log's line stands first

    @property
    def timestamp(self) -> int:
        """The time of the cosignature."""
        return int.from_bytes(self.cosignature[4:12], "big")


def checkpoint_text(origin: str, size: int, root: bytes) -> bytes:
    """The three lines that are signed."""
    return f"{origin}\n{size}\n{base64_strict.encode(root)}\n".encode()


def cosigned(time: int, text: bytes) -> bytes:
    """What a cosignature with this time signs."""
    return f"cosignature/v1\ntime {time}\n".encode() + text


def key_id(name: str, kind: bytes, key: bytes) -> bytes:
    """The key id of a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def parse_checkpoint(data: bytes) -> Checkpoint:
    """Reads a checkpoint; raises MalformedError unless it has exactly this form."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise MalformedError("checkpoint is not UTF-8") from None
    if len(lines) != 7 or lines[3] or lines[6]:
        raise MalformedError("checkpoint is not three lines, an empty line and two signatures")
    origin, size, root_text = lines[:3]
    root = base64_strict.decode(root_text)
    if not _SIZE.fullmatch(size) or int(size) >= 2**63:
        raise MalformedError("checkpoint has a size that is none")
    if root is None or len(root) != 32:
        raise MalformedError("checkpoint has a root that is none")
    signatures = [_signature_line(line) for line in lines[4:6]]
    in_order = len(signatures[0][1]) == LOG_BYTES
    log, cosigner = signatures if in_order else signatures[::-1]
    if (len(log[1]), len(cosigner[1])) != (LOG_BYTES, COSIGNATURE_BYTES):
        raise MalformedError("checkpoint has a signature of a wrong length")
    text = checkpoint_text(origin, int(size), root)
    return Checkpoint(origin, int(size), root, text, *log, *cosigner, in_order)


def _signature_line(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_SIGNATURE).rpartition(" ")
    signature = base64_strict.decode(encoded)
    if not line.startswith(_SIGNATURE) or not name or signature is None:
        raise MalformedError("checkpoint has a signature line that is none")
    return name, signature


def faults(
    checkpoint: Checkpoint, origin: str, signing: PublicKey, cosigning: PublicKey
) -> list[str]:
    """Says what of C04 does not hold, apart from size and time."""
    out = []
    if checkpoint.origin != origin:
        out.append("checkpoint: the origin is not genesis's")
    if not checkpoint.in_order:
        out.append("checkpoint: the signature lines are in the wrong order")
    cosigner = f"{origin}/0"
    if checkpoint.log_name != origin or checkpoint.cosigner != cosigner:
        out.append("checkpoint: a key name is wrong")
    if checkpoint.log_signature[:4] != key_id(origin, LOG_TYPE, signing.data):
        out.append("checkpoint: the log's key id is wrong")
    if checkpoint.cosignature[:4] != key_id(cosigner, COSIGNATURE_TYPE, cosigning.data):
        out.append("checkpoint: the cosigner's key id is wrong")
    if not signing.verify(checkpoint.text, checkpoint.log_signature[4:]):
        out.append("checkpoint: the log's signature does not hold")
    message = cosigned(checkpoint.timestamp, checkpoint.text)
    if not cosigning.verify(message, checkpoint.cosignature[12:]):
        out.append("checkpoint: the cosignature does not hold")
    return out
