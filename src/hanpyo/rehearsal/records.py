"""Where a rehearsal's record goes: a scratch folder beside it, and its name at the end."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hanpyo.errors import InvalidQuery


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
