"""Batches: the transactions of the consensus engine, entries one after another as in a bundle."""

from collections.abc import Sequence

from hanpyo.errors import InvalidEncoding
from hanpyo.ledger.tiles import decode_bundle, encode_bundle

BATCH_BYTES_MAX = 262_144
BATCH_ENTRIES_MAX = 1_000


def encode_batch(entries: Sequence[bytes]) -> bytes:
    """Put entries into a batch; they are known to fit."""
    return encode_bundle(entries)


def decode_batch(data: bytes) -> list[bytes]:
    """Take the entries out of a batch.

    Raises:
        InvalidEncoding: it is none, or larger than one may be.
    """
    if len(data) > BATCH_BYTES_MAX:
        raise InvalidEncoding(f"a batch has at most {BATCH_BYTES_MAX} bytes, not {len(data)}")
    entries = decode_bundle(data)
    if not 1 <= len(entries) <= BATCH_ENTRIES_MAX:
        raise InvalidEncoding(f"a batch has 1 to {BATCH_ENTRIES_MAX} entries, not {len(entries)}")
    return entries
