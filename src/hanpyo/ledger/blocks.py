"""Blocks: where each ends, and who vouches for its time (docs/protocol.md 9.6)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hanpyo import crypto
from hanpyo.encoding import encode_base64
from hanpyo.errors import ElectionError, InvalidCheckpoint
from hanpyo.ledger.checkpoint import (
    NUMBER_PATTERN,
    checkpoint_text,
    cosigned_message,
    decode_bytes,
    decode_size,
    decode_text,
)
from hanpyo.ledger.membership import Membership

BLOCK_LINE_BYTES_MAX = 250
_BLOCK = re.compile(f"{NUMBER_PATTERN} {NUMBER_PATTERN} {NUMBER_PATTERN} ([^ \n]+) ([^ \n]+)")


@dataclass(frozen=True, slots=True)
class Block:
    """Where a block ends: the log's size and root after it, and what vouches for its time.

    Attributes:
        cosignature: a single operator's, else `None`.
        engine_height: in a consortium, the height at which the engine's validators agreed on it (0:
            they founded the ledger); else `None`.
    """

    height: int
    time_unix_s: int
    size: int
    root: bytes
    cosignature: bytes | None
    engine_height: int | None = None


def block_message(origin: str, time_unix_s: int, size: int, root: bytes) -> bytes:
    """Give what a single operator cosigns for a block."""
    return cosigned_message(checkpoint_text(origin, size, root), time_unix_s)


def check_block(block: Block, membership: Membership) -> None:
    """Check the cosignature of a single operator's block.

    Raises:
        InvalidCheckpoint: it does not hold, or there is none.
    """
    message = block_message(membership.origin, block.time_unix_s, block.size, block.root)
    try:
        if block.cosignature is None:
            raise InvalidCheckpoint("there is none")
        crypto.check_ed25519(membership.active[0].cosigning_key, message, block.cosignature)
    except ElectionError as error:
        why = f"the cosignature of block {block.height} does not hold"
        raise InvalidCheckpoint(why) from error


def encode_block(block: Block) -> bytes:
    """Write one line of the blocks file."""
    numbers = f"{block.height} {block.time_unix_s} {block.size}"
    vouched = encode_base64(block.cosignature) if block.cosignature else str(block.engine_height)
    return f"{numbers} {encode_base64(block.root)} {vouched}\n".encode()


def decode_block(line: bytes) -> Block:
    r"""Read one line of the blocks file, without its "\n".

    Raises:
        InvalidCheckpoint: malformed.
    """
    match = _BLOCK.fullmatch(decode_text(line)) if len(line) <= BLOCK_LINE_BYTES_MAX else None
    if match is None:
        raise InvalidCheckpoint(
            "a block is its height, time, size, root, and cosignature or engine height"
        )
    height, time, size, root, vouched = match.groups()
    places = decode_size(height), decode_size(time), decode_size(size), decode_bytes(root, 32)
    if re.fullmatch(NUMBER_PATTERN, vouched):
        return Block(*places, None, decode_size(vouched))
    return Block(*places, decode_bytes(vouched, 64))


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
