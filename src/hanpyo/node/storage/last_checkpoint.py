"""The newest signed state of the log, kept outside the database: it betrays a database set back.

The file has two places, written in turn and in place: one write and one sync a block, and a power
cut can only tear the older of two states. Each is a checkpoint, so its signatures prove it whole.
"""

import os
from pathlib import Path

from hanpyo.errors import InvalidCheckpoint
from hanpyo.ledger.checkpoint import (
    Checkpoint,
    check_own,
    decode_checkpoint,
    encode_checkpoint,
)
from hanpyo.ledger.membership import Membership
from hanpyo.node.storage.disk import PUBLIC, sync_folder, write_all

PLACE_BYTES = 4_096  # a block of common disks; a checkpoint is far shorter
PLACES = 2


class LastCheckpoint:
    """The file, held open. The writer's thread owns it."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, PUBLIC)
        if is_new:
            write_all(self._handle, bytes(PLACES * PLACE_BYTES))
            os.fsync(self._handle)
            sync_folder(path.parent)
        self._next = 0

    def read(self, membership: Membership, number: int | None = None) -> Checkpoint | None:
        """Give the newest state that holds, `None` where there is none.

        Args:
            membership: who keeps the ledger now.
            number: this member's; `None`: any one's.
        """
        found = []
        for place in range(PLACES):
            data = os.pread(self._handle, PLACE_BYTES, place * PLACE_BYTES).rstrip(b"\0")
            try:
                checkpoint = decode_checkpoint(data)
                check_own(checkpoint, membership, number)
            except InvalidCheckpoint:
                continue
            found.append(((checkpoint.size, checkpoint.timestamp_unix_s), place, checkpoint))
        if not found:
            return None
        _, place, newest = max(found, key=lambda item: item[0])
        self._next = (place + 1) % PLACES
        return newest

    def write(self, checkpoint: Checkpoint) -> None:
        """Keep a state; on disk when this returns."""
        data = encode_checkpoint(checkpoint).ljust(PLACE_BYTES, b"\0")
        assert len(data) == PLACE_BYTES, "our own lines are short"
        written = os.pwrite(self._handle, data, self._next * PLACE_BYTES)
        if written != PLACE_BYTES:
            raise OSError("the last checkpoint was written in part")
        os.fdatasync(self._handle)
        self._next = (self._next + 1) % PLACES

    def close(self) -> None:
        """Let the file go."""
        os.close(self._handle)
