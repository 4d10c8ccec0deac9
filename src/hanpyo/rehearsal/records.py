"""Records on disk: a ledger's log written as a folder, and a folder opened as a record."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hanpyo.errors import InvalidQuery
from hanpyo.ledger.interface import Ledger
from hanpyo.ledger.reader import LedgerReader
from hanpyo.ledger.record import RecordReader, record_files


def open_folder(path: Path) -> RecordReader:
    """Open a folder that holds nothing but a record.

    Raises:
        DamagedRecord: it is no record.
    """
    files = [each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file()]
    return RecordReader(lambda: files, lambda name: (path / name).read_bytes())


def write_record(ledger: Ledger, path: Path, now_unix_s: int) -> int:
    """Write a ledger's log as a record into a folder; gives the number of entries."""
    checkpoint = LedgerReader(ledger, now_unix_s).checkpoint
    blocks = [block for block in ledger.blocks(1) if block.size <= checkpoint.size]
    for name, data in record_files(ledger.entries(0, checkpoint.size), blocks, checkpoint):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return checkpoint.size


def check_new(path: Path) -> None:
    """Refuse a place for a record where something stands already.

    Raises:
        InvalidQuery: it is a file, or a folder that is not empty.
    """
    if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
        raise InvalidQuery(f"{path} is not empty: choose a new folder for the record")


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a scratch folder on the disk of `path`; it is gone at the end, whatever happens.

    Raises:
        InvalidQuery: none can be made there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise InvalidQuery(f"{path} cannot be written: {error.strerror}") from error
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def put_in_place(draft: Path, path: Path, old: Path | None = None) -> None:
    """Give a finished record its name; an empty folder may stand there.

    Args:
        old: where to move what stands there, if it is to be replaced; put back on failure.
    """
    draft.chmod(0o755)
    if old is not None:
        path.rename(old)
    elif path.exists():
        path.rmdir()
    try:
        draft.rename(path)
    except OSError:
        if old is not None:
            old.rename(path)
        raise
