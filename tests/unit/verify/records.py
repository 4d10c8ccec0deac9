"""Records in memory, honest and not: what a play recorded, and what a lying operator would sign."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hanpyo.ledger.blocks import Block, block_message, decode_blocks, encode_blocks
from hanpyo.ledger.checkpoint import Checkpoint, encode_checkpoint, sign_checkpoint
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import leaf_hash, root_of
from hanpyo.ledger.record import RecordReader, record_files
from hanpyo.verify import Report, verify_record
from tests.helpers.election import Play
from tests.helpers.parties import signer

Files = dict[str, bytes]
Found = list[tuple[str, int | None]]


def entries_of(play: Play) -> list[bytes]:
    """Give the log of a play."""
    return list(play.ledger.entries(0, play.state.log.size))


def blocks_of(play: Play) -> list[tuple[int, int]]:
    """Give time and size of each block."""
    return [(block.time_unix_s, block.size) for block in play.ledger.blocks(1)]


def honest(play: Play) -> Files:
    """Give the record of a play."""
    return dict(record_files(entries_of(play), play.ledger.blocks(1), play.ledger.checkpoint()))


def keepers_of(play: Play) -> Membership:
    """Give who keeps the ledger."""
    membership = play.view.membership
    assert membership is not None
    return membership


def signed_block(
    keepers: Membership, entries: Sequence[bytes], height: int, time: int, size: int
) -> Block:
    """Cosign a block as the operator does."""
    root = root_of(map(leaf_hash, entries[:size]))
    message = block_message(keepers.origin, time, size, root)
    return Block(height, time, size, root, signer("cosigner", 0)(message))


def signed_checkpoint(keepers: Membership, entries: Sequence[bytes], time: int) -> Checkpoint:
    """Sign a checkpoint as the operator does."""
    root = root_of(map(leaf_hash, entries))
    keys = signer("member", 0), signer("cosigner", 0)
    return sign_checkpoint(keepers, len(entries), root, time, *keys)


def rebuilt(
    play: Play, entries: Sequence[bytes], blocks: Iterable[tuple[int, int]], time: int | None = None
) -> Files:
    """Give a record of any entries, with an operator's true signatures on all of it."""
    keepers = keepers_of(play)
    signed = [
        signed_block(keepers, entries, height, *block) for height, block in enumerate(blocks, 1)
    ]
    time = play.now if time is None else time
    return dict(record_files(entries, signed, signed_checkpoint(keepers, entries, time)))


def followed_by(play: Play, *more: bytes) -> Files:
    """Give the record of a play to which a lying operator appended entries, a block each."""
    entries, blocks = entries_of(play), blocks_of(play)
    blocks += [(play.now, len(entries) + n) for n in range(1, len(more) + 1)]
    return rebuilt(play, [*entries, *more], blocks)


def with_block(files: Files, place: int, **changes: object) -> Files:
    """Change a line of the blocks file."""
    blocks = decode_blocks(files["blocks"])
    blocks[place] = replace(blocks[place], **changes)  # type: ignore[arg-type]
    return {**files, "blocks": encode_blocks(blocks)}


def with_checkpoint(files: Files, checkpoint: Checkpoint) -> Files:
    """Put another checkpoint in."""
    return {**files, "checkpoint": encode_checkpoint(checkpoint)}


def flipped(data: bytes, place: int) -> bytes:
    """Flip the lowest bit of a byte."""
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def opened(files: Files) -> RecordReader:
    """Open files in memory."""
    return RecordReader(lambda: list(files), files.__getitem__)


def verified(
    files: Files,
    election_id: bytes | None = None,
    promises: Sequence[tuple[str, bytes]] = (),
) -> Report:
    """Verify files in memory."""
    return verify_record(opened(files), election_id=election_id, promises=promises)


def failures(files: Files, election_id: bytes | None = None) -> Found:
    """Give check and entry of all that fails."""
    return verified(files, election_id).failures()
