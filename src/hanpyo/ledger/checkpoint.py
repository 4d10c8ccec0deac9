"""Checkpoints and blocks: what the operator signs about the log (docs/protocol.md 9.5, 9.6).

Source: C2SP tlog-checkpoint, signed-note and tlog-cosignature (cosignature/v1). Signing keys stay
with the caller, who hands over a `Signer`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from hanpyo import crypto
from hanpyo.encoding import decode_base64, encode_base64, u64
from hanpyo.errors import ElectionError, InvalidCheckpoint
from hanpyo.ledger.entry import Genesis

Signer = Callable[[bytes], bytes]  # message -> 64 bytes of Ed25519

ED25519_TYPE, COSIGNATURE_TYPE = 0x01, 0x04
SIZE_MAX = 2**63 - 1
CHECKPOINT_BYTES_MAX = 1_000
LOG_LINE_BYTES, COSIGNER_LINE_BYTES = 4 + 64, 4 + 8 + 64
BLOCK_LINE_BYTES_MAX = 250
_NUMBER = "(0|[1-9][0-9]{0,18})"
_CHECKPOINT = re.compile(
    f"([^\n]+)\n{_NUMBER}\n([^\n]+)\n\n— ([^ \n]+) ([^ \n]+)\n— ([^ \n]+) ([^ \n]+)\n"
)
_BLOCK = re.compile(f"{_NUMBER} {_NUMBER} {_NUMBER} ([^ \n]+) ([^ \n]+)")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who signed a checkpoint, and what: a key's name, its 4-byte id, 64 bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed state of the log: its size and root, signed by the log and cosigned with a time.

    Attributes:
        is_in_order: whether the log's line comes first; else no checkpoint holds.
    """

    origin: str
    size: int
    root: bytes
    log: SignatureLine
    cosigner: SignatureLine
    timestamp_unix_s: int
    is_in_order: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """Where a block ends: the log's size and root after it, cosigned with the block's time."""

    height: int
    time_unix_s: int
    size: int
    root: bytes
    cosignature: bytes


def log_origin(genesis: Genesis) -> str:
    """Give the log's name in its checkpoints."""
    return f"hanpyo/{genesis.random[:8].hex()}"


def checkpoint_text(origin: str, size: int, root: bytes) -> bytes:
    """Give the three lines that are signed."""
    return f"{origin}\n{size}\n{encode_base64(root)}\n".encode()


def cosigned_message(text: bytes, timestamp_unix_s: int) -> bytes:
    """Give what a cosigner signs: the time and the text."""
    return f"cosignature/v1\ntime {timestamp_unix_s}\n".encode() + text


def key_id(name: str, key_type: int, key: bytes) -> bytes:
    """Give the 4 bytes that tell keys of one name apart."""
    return sha256(name.encode() + b"\n" + bytes([key_type]) + key).digest()[:4]


def sign_checkpoint(
    genesis: Genesis, size: int, root: bytes, timestamp_unix_s: int, sign: Signer, cosign: Signer
) -> Checkpoint:
    """Sign a state of the log with member 0's signing key and cosigning key."""
    origin = log_origin(genesis)
    text = checkpoint_text(origin, size, root)
    signature, cosignature = sign(text), cosign(cosigned_message(text, timestamp_unix_s))
    (log, log_id), (cosigner, cosigner_id) = _signers(genesis)
    return Checkpoint(
        origin,
        size,
        root,
        SignatureLine(log, log_id, signature),
        SignatureLine(cosigner, cosigner_id, cosignature),
        timestamp_unix_s,
    )


def encode_checkpoint(checkpoint: Checkpoint) -> bytes:
    """Write a checkpoint as a signed note."""
    log, cosigner = checkpoint.log, checkpoint.cosigner
    signed = encode_base64(log.key_id + log.signature)
    timestamp = u64(checkpoint.timestamp_unix_s)
    cosigned = encode_base64(cosigner.key_id + timestamp + cosigner.signature)
    text = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    lines = [f"— {log.name} {signed}\n", f"— {cosigner.name} {cosigned}\n"]
    if not checkpoint.is_in_order:
        lines.reverse()
    return text + "".join(["\n", *lines]).encode()


def decode_checkpoint(data: bytes) -> Checkpoint:
    """Read a checkpoint; whose it is and whether it holds is checked by `check_checkpoint`.

    Raises:
        InvalidCheckpoint: not in the exact form of 9.5.
    """
    match = _CHECKPOINT.fullmatch(_text(data)) if len(data) <= CHECKPOINT_BYTES_MAX else None
    if match is None:
        raise InvalidCheckpoint("a checkpoint has three lines, an empty one, and two signatures")
    origin, size, root, *signatures = match.groups()
    lines = [(signatures[0], _base64(signatures[1])), (signatures[2], _base64(signatures[3]))]
    is_in_order = len(lines[0][1]) == LOG_LINE_BYTES
    (name, log_bytes), (cosigner_name, cosigner_bytes) = lines if is_in_order else lines[::-1]
    if (len(log_bytes), len(cosigner_bytes)) != (LOG_LINE_BYTES, COSIGNER_LINE_BYTES):
        raise InvalidCheckpoint("a signature line has a wrong length")
    return Checkpoint(
        origin,
        _size(size),
        _base64(root, 32),
        SignatureLine(name, log_bytes[:4], log_bytes[4:]),
        SignatureLine(cosigner_name, cosigner_bytes[:4], cosigner_bytes[12:]),
        int.from_bytes(cosigner_bytes[4:12], "big"),
        is_in_order,
    )


def check_checkpoint(checkpoint: Checkpoint, genesis: Genesis) -> None:
    """Check origin, key names, key ids and both signatures of a checkpoint.

    Raises:
        InvalidCheckpoint: it is not a state that this ledger's operator signed.
    """
    if checkpoint.origin != log_origin(genesis):
        raise InvalidCheckpoint(f"the origin {checkpoint.origin!r} is another log's")
    if not checkpoint.is_in_order:
        raise InvalidCheckpoint("the log's signature line must come before the cosigner's")
    lines = [(line.name, line.key_id) for line in (checkpoint.log, checkpoint.cosigner)]
    if lines != _signers(genesis):
        raise InvalidCheckpoint("the signature lines do not name the log's key and its cosigner's")
    member = genesis.members[0]
    text = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    cosigned = cosigned_message(text, checkpoint.timestamp_unix_s)
    _check(member.key, text, checkpoint.log.signature, "the log's signature")
    _check(member.cosigning_key, cosigned, checkpoint.cosigner.signature, "the cosignature")


def _signers(genesis: Genesis) -> list[tuple[str, bytes]]:
    """Give key name and key id of the two signature lines, in order."""
    origin, member = log_origin(genesis), genesis.members[0]
    cosigner = f"{origin}/0"
    return [
        (origin, key_id(origin, ED25519_TYPE, member.key)),
        (cosigner, key_id(cosigner, COSIGNATURE_TYPE, member.cosigning_key)),
    ]


def block_message(origin: str, time_unix_s: int, size: int, root: bytes) -> bytes:
    """Give what the operator cosigns for a block."""
    return cosigned_message(checkpoint_text(origin, size, root), time_unix_s)


def check_block(block: Block, genesis: Genesis) -> None:
    """Check the cosignature of a block.

    Raises:
        InvalidCheckpoint: it does not hold.
    """
    message = block_message(log_origin(genesis), block.time_unix_s, block.size, block.root)
    key = genesis.members[0].cosigning_key
    _check(key, message, block.cosignature, f"the cosignature of block {block.height}")


def encode_block(block: Block) -> bytes:
    """Write one line of the blocks file."""
    numbers = f"{block.height} {block.time_unix_s} {block.size}"
    hashes = f"{encode_base64(block.root)} {encode_base64(block.cosignature)}"
    return f"{numbers} {hashes}\n".encode()


def decode_block(line: bytes) -> Block:
    r"""Read one line of the blocks file, without its "\n".

    Raises:
        InvalidCheckpoint: malformed.
    """
    match = _BLOCK.fullmatch(_text(line)) if len(line) <= BLOCK_LINE_BYTES_MAX else None
    if match is None:
        raise InvalidCheckpoint("a block is its height, time, size, root and cosignature")
    height, time, size, root, cosignature = match.groups()
    return Block(
        _size(height), _size(time), _size(size), _base64(root, 32), _base64(cosignature, 64)
    )


def encode_blocks(blocks: Iterable[Block]) -> bytes:
    """Write the blocks file."""
    return b"".join(encode_block(block) for block in blocks)


def decode_blocks(data: bytes) -> list[Block]:
    """Read the blocks file; whether the blocks follow each other is not its business.

    Raises:
        InvalidCheckpoint: malformed; the message names the line.
    """
    if not data.endswith(b"\n"):
        raise InvalidCheckpoint("the last line is cut off")
    blocks = []
    for number, line in enumerate(data[:-1].split(b"\n"), 1):
        try:
            blocks.append(decode_block(line))
        except InvalidCheckpoint as error:
            raise InvalidCheckpoint(f"line {number}: {error}") from None
    return blocks


def _check(key: bytes, message: bytes, signature: bytes, name: str) -> None:
    try:
        crypto.check_ed25519(key, message, signature)
    except ElectionError as error:
        raise InvalidCheckpoint(f"{name} does not hold") from error


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InvalidCheckpoint("not UTF-8") from None


def _base64(text: str, length: int | None = None) -> bytes:
    try:
        data = decode_base64(text)
    except ElectionError as error:
        raise InvalidCheckpoint(str(error)) from error
    if length is not None and len(data) != length:
        raise InvalidCheckpoint(f"{len(data)} bytes where {length} are due")
    return data


def _size(digits: str) -> int:
    value = int(digits)
    if value > SIZE_MAX:
        raise InvalidCheckpoint(f"{digits} is too large")
    return value
