"""Batches: the transactions of the consensus engine, entries one after another as in a bundle.

Before them stand a few bytes of chance. The engine takes the same bytes only once, ever; an entry
that was refused, and is handed in again once its time has come, has to pass it anew.
"""

from collections.abc import Sequence

from hanpyo.errors import InvalidEncoding
from hanpyo.ledger.tiles import decode_bundle, encode_bundle

BATCH_BYTES_MAX = 262_144
BATCH_ENTRIES_MAX = 1_000
SALT_BYTES = 8


def encode_batch(entries: Sequence[bytes], salt: bytes) -> bytes:
    """Put entries into a batch; they are known to fit.

    Args:
        entries: in order.
        salt: `SALT_BYTES` of chance.
    """
    return salt + encode_bundle(entries)


def decode_batch(data: bytes) -> list[bytes]:
    """Take the entries out of a batch.

    Raises:
        InvalidEncoding: it is none, or larger than one may be.
    """
    if len(data) > BATCH_BYTES_MAX:
        raise InvalidEncoding(f"a batch has at most {BATCH_BYTES_MAX} bytes, not {len(data)}")
    if len(data) < SALT_BYTES:
        raise InvalidEncoding("a batch begins with its salt")
    entries = decode_bundle(data[SALT_BYTES:])
    if not 1 <= len(entries) <= BATCH_ENTRIES_MAX:
        raise InvalidEncoding(f"a batch has 1 to {BATCH_ENTRIES_MAX} entries, not {len(entries)}")
    return entries
