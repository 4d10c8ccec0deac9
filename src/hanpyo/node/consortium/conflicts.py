"""Keeping the proof against a member that signed two logs."""

from collections.abc import Sequence
from pathlib import Path

from hanpyo.ledger.conflict import contradiction
from hanpyo.node.consortium.cosigning import Conflict
from hanpyo.node.storage.disk import PUBLIC, write_durably


def keep_conflict(folder: Path, acts: Sequence[bytes], conflict: Conflict) -> Path:
    """Write a conflict file, once for each member and size.

    Args:
        folder: where conflict files go; made where it is not there.
        acts: entry 0 and all later acts of membership of our log.
        conflict: what the member signed, and what we did.
    """
    folder.mkdir(exist_ok=True)
    path = folder / f"member-{conflict.number}-size-{conflict.ours.size}.conflict"
    if not path.exists():
        write_durably(path, contradiction(acts, conflict.ours, conflict.theirs), PUBLIC)
    return path
