"""Writing to disk so that a power cut leaves the old content or the new, or something to repair."""

import os
from pathlib import Path

PRIVATE, PUBLIC = 0o600, 0o644
SECTOR_BYTES = 512  # what a disk writes whole or not at all


def write_durably(path: Path, data: bytes, mode: int) -> None:
    """Write a file and return when it is on disk: the old content or the new, never a mixture."""
    draft = path.with_name(path.name + ".tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    draft.replace(path)
    sync_folder(path.parent)


def write_plainly(path: Path, data: bytes) -> None:
    """Write a public file that the database could restore: no wait for the disk."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PUBLIC)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PUBLIC)
    try:
        write_all(handle, data)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Write all bytes at the handle's place."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_if_there(path: Path) -> bytes | None:
    """Give a file's content, `None` where there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def is_torn(found: bytes, due: bytes, offset: int = 0) -> bool:
    """Whether a power cut while `due` was being written can have left `found`.

    Then each sector is as it was due, or zero, or behind the file's end. Anything else was written
    by somebody else.

    Args:
        found: what stands there.
        due: what should stand there.
        offset: where in the file.
    """
    if len(found) > len(due):
        return False
    ends = range(SECTOR_BYTES - offset % SECTOR_BYTES, len(found) + SECTOR_BYTES, SECTOR_BYTES)
    start = 0
    for end in ends:
        part = found[start:end]
        if part != due[start : start + len(part)] and any(part):
            return False
        start = end
    return True
