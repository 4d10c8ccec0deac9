"""Sending entries to a ledger until they are recorded, and checking that they are."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from hanpyo.errors import Busy, InvalidInclusion, Rejected
from hanpyo.ledger.checkpoint import check_checkpoint
from hanpyo.ledger.entry import entry_hash
from hanpyo.ledger.interface import (
    SUBMIT_ENTRIES_MAX,
    Admission,
    Inclusion,
    Later,
    Ledger,
    Refused,
)
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import check_inclusion, leaf_hash

WAIT_S = 60.0
BUSY_TRIES = 20
SUBMIT_BYTES_MAX = 1_048_576  # of entries in one call


def send(ledger: Ledger, membership: Membership, entries: Sequence[bytes]) -> list[Inclusion]:
    """Send entries in order, and wait until all are recorded; inclusion is checked.

    Raises:
        Rejected: a rule refuses one; those before it are recorded.
        NotYet: one was not recorded in time.
        Busy: the ledger takes nothing, even after waiting.
    """
    found: list[Inclusion] = []
    for batch in _batches(entries):
        admission = patiently(partial(ledger.submit, batch))
        if len(admission.verdicts) != len(batch):
            raise InvalidInclusion("the ledger does not answer for every entry")
        found += [wait_recorded(ledger, membership, entry) for entry in batch]
    return found


def wait_recorded(
    ledger: Ledger, membership: Membership, entry: bytes, timeout_s: float = WAIT_S
) -> Inclusion:
    """Wait until an entry is recorded, and check the proof.

    Raises:
        Rejected: a rule refused it after it was queued.
        NotYet: it was not recorded in time.
        InvalidCheckpoint, InvalidInclusion: the ledger says so without showing it.
    """
    inclusion = ledger.wait(entry_hash(entry), timeout_s)
    checkpoint = inclusion.checkpoint
    check_checkpoint(checkpoint, membership)
    leaf = leaf_hash(entry)
    check_inclusion(leaf, inclusion.index, checkpoint.size, inclusion.proof, checkpoint.root)
    return inclusion


def patiently(hand_in: Callable[[], Admission]) -> Admission:
    """Hand something in, and again after a while where the ledger is busy.

    Raises:
        Rejected: a rule refuses a part of it.
        Busy: the ledger takes nothing, even after waiting.
    """
    for tries_left in reversed(range(BUSY_TRIES)):
        admission = hand_in()
        retry_after_s = 0
        for verdict in admission.verdicts:
            if isinstance(verdict, Refused):
                raise Rejected(verdict.check, verdict.why)
            if isinstance(verdict, Later):
                retry_after_s = max(verdict.retry_after_s, retry_after_s, 1)
        if not retry_after_s:
            return admission
        if not tries_left:
            raise Busy(retry_after_s)
        time.sleep(retry_after_s)
    raise AssertionError("the loop ends by returning or raising")


def _batches(entries: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Cut entries into calls that a ledger takes."""
    batch: list[bytes] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == SUBMIT_ENTRIES_MAX or size + len(entry) > SUBMIT_BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += len(entry)
    if batch:
        yield batch
