"""Conflict files: proof that somebody signed two logs that contradict each other (9.9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from hanpyo.encoding import decode_cbor, encode_cbor
from hanpyo.errors import (
    ElectionError,
    InvalidCheckpoint,
    InvalidConflict,
    InvalidEncoding,
    Rejected,
)
from hanpyo.ledger.checkpoint import (
    CHECKPOINT_BYTES_MAX,
    Checkpoint,
    SignatureLine,
    check_checkpoint,
    check_cosignatures,
    decode_checkpoint,
    encode_checkpoint,
)
from hanpyo.ledger.entry import ENTRY_BYTES_MAX, Act, decode_entry
from hanpyo.ledger.forms import array, listed, mapped, number, octets
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import check_inclusion, prove_inclusion
from hanpyo.ledger.record import RecordReader
from hanpyo.ledger.tiles import TILE_WIDTH, node_reader
from hanpyo.ledger.walking import MEMBERSHIP_KINDS, walk_membership

ACTS_MAX = 10_000
CONFLICT_BYTES_MAX = 64 * 1_048_576


@dataclass(frozen=True, slots=True)
class Leaf:
    """The leaf hash at the index in question, and its proof of inclusion under a checkpoint."""

    leaf: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two checkpoints that contradict each other.

    Attributes:
        acts: entry 0 and all later acts of membership, in order.
        checkpoints: both, encoded.
        index: where the logs differ; 0 where the sizes are equal.
        leaves: what stands there in each; none where the sizes are equal.
    """

    acts: tuple[bytes, ...]
    checkpoints: tuple[bytes, bytes]
    index: int = 0
    leaves: tuple[Leaf, ...] = ()


_FORM = mapped(
    Conflict,
    array(octets(1, ENTRY_BYTES_MAX), 1, ACTS_MAX),
    array(octets(1, CHECKPOINT_BYTES_MAX), 2, 2),
    number(),
    array(listed(Leaf, octets(32), array(octets(32), 0, 64)), 0, 2),
)


def encode_conflict(conflict: Conflict) -> bytes:
    """Write a conflict file."""
    return encode_cbor(_FORM.write(conflict))


def decode_conflict(data: bytes) -> Conflict:
    """Read a conflict file; whether it holds is checked by `check_conflict`.

    Raises:
        InvalidConflict: malformed.
    """
    try:
        conflict: Conflict = _FORM.read(decode_cbor(data))
    except InvalidEncoding as error:
        raise InvalidConflict(f"not a conflict file: {error}") from error
    return conflict


def contradiction(acts: Sequence[bytes], one: Checkpoint, other: Checkpoint) -> bytes:
    """Make a conflict file of two checkpoints of one size."""
    pair = encode_checkpoint(one), encode_checkpoint(other)
    return encode_conflict(Conflict(tuple(acts), pair))


def contradiction_of(one: RecordReader, other: RecordReader) -> bytes:
    """Make a conflict file of two records of what should be one ledger.

    Raises:
        InvalidConflict: they do not contradict each other.
        DamagedRecord: one of them cannot be read.
    """
    index = _first_difference(one, other)
    if index is None:
        raise InvalidConflict("the two records do not contradict each other")
    acts = tuple(_acts_before(one, index))
    if one.size == other.size:
        return contradiction(acts, one.checkpoint, other.checkpoint)
    pair = encode_checkpoint(one.checkpoint), encode_checkpoint(other.checkpoint)
    return encode_conflict(Conflict(acts, pair, index, (_leaf(one, index), _leaf(other, index))))


def _first_difference(one: RecordReader, other: RecordReader) -> int | None:
    common = min(one.size, other.size)
    for tile in range(-(-common // TILE_WIDTH)):
        pairs = zip(one.tile(0, tile), other.tile(0, tile), strict=False)
        for index, (ours, theirs) in enumerate(pairs, tile * TILE_WIDTH):
            if ours != theirs:
                return index
    return None


def _acts_before(record: RecordReader, index: int) -> Iterator[bytes]:
    """Give the acts of membership that both logs hold; entry 0 also where they differ there."""
    for data in islice(record.entries(), max(index, 1)):
        entry = decode_entry(data)
        if isinstance(entry, Act) and entry.kind in MEMBERSHIP_KINDS:
            yield data


def _leaf(record: RecordReader, index: int) -> Leaf:
    read = node_reader(record.size, lambda level, tile, _: b"".join(record.tile(level, tile)))
    tile, place = divmod(index, TILE_WIDTH)
    return Leaf(record.tile(0, tile)[place], prove_inclusion(index, record.size, read))


def check_conflict(data: bytes) -> dict[int, str]:
    """Check a conflict file.

    Returns:
        Whom it convicts: the numbers and names of those who signed both.

    Raises:
        InvalidConflict: it proves nothing; the message says why.
    """
    conflict = decode_conflict(data)
    try:
        membership = walk_membership(conflict.acts)
        checkpoints = [decode_checkpoint(each) for each in conflict.checkpoints]
        signers = [_signers(each, membership) for each in checkpoints]
        _check_contradiction(conflict, *checkpoints)
    except Rejected as error:
        raise InvalidConflict(f"the acts of membership are not lawful: {error.why}") from error
    except InvalidConflict:
        raise
    except ElectionError as error:
        raise InvalidConflict(str(error)) from error
    both = sorted(signers[0] & signers[1])
    if not both:
        raise InvalidConflict("nobody signed both checkpoints")
    return {each: membership.active[each].name for each in both}


def _signers(checkpoint: Checkpoint, membership: Membership) -> set[int]:
    if any(isinstance(line, SignatureLine) for line in checkpoint.lines):
        if membership.is_consortium:
            raise InvalidCheckpoint("a consortium has no signature of the log's own")
        check_checkpoint(checkpoint, membership)
        return {0}
    return set(check_cosignatures(checkpoint, membership))


def _check_contradiction(conflict: Conflict, one: Checkpoint, other: Checkpoint) -> None:
    if one.size == other.size:
        if conflict.leaves or conflict.index:
            raise InvalidConflict("checkpoints of one size need no leaves")
        if one.root == other.root:
            raise InvalidConflict("the two checkpoints do not contradict each other")
        return
    if len(conflict.leaves) != 2:
        raise InvalidConflict("checkpoints of two sizes need what stands at an index of each")
    for checkpoint, each in zip((one, other), conflict.leaves, strict=True):
        check_inclusion(each.leaf, conflict.index, checkpoint.size, each.proof, checkpoint.root)
    if conflict.leaves[0].leaf == conflict.leaves[1].leaf:
        raise InvalidConflict("the two logs do not differ at this index")
