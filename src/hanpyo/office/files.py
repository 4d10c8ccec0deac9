"""Files and folders of a party: private ones 0600 in 0700, each written whole or not at all."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hanpyo.encoding import decode_json, encode_json
from hanpyo.errors import InvalidEncoding, InvalidFile, InvalidQuery

PRIVATE, PUBLIC = 0o600, 0o644
JSON_BYTES_MAX = 4 * 1_048_576


def create_folder(path: Path) -> None:
    """Make a party's own folder, readable by nobody else.

    Raises:
        InvalidQuery: something that is no empty folder stands there already.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise InvalidQuery(f"{path} is not empty: choose a new folder")
        path.chmod(0o700)
    except OSError as error:
        raise InvalidQuery(f"{path} cannot be made a folder: {_reason(error)}") from error


def write_file(path: Path, data: bytes, mode: int = PRIVATE) -> None:
    """Write a file so that a reader, or a power cut, meets the old content or the new, no mixture.

    Raises:
        InvalidQuery: the place cannot be written to.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _make_parents(path)
        _write_draft(draft, data, mode)
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise InvalidQuery(f"{path} cannot be written: {_reason(error)}") from error
    finally:
        draft.unlink(missing_ok=True)


def write_json(path: Path, value: object, mode: int = PRIVATE) -> None:
    """Write a value as JSON in its one canonical form, whole or not at all."""
    write_file(path, encode_json(value) + b"\n", mode)


def read_file(path: Path, bytes_max: int) -> bytes:
    """Read a file from outside.

    Raises:
        InvalidFile: it is missing, no plain file, or larger than `bytes_max`.
    """
    try:
        if not path.is_file():
            raise InvalidFile(f"{path}: there is no such file")
        with path.open("rb") as file:
            data = file.read(bytes_max + 1)
    except OSError as error:
        raise InvalidFile(f"{path}: cannot be read: {_reason(error)}") from error
    if len(data) > bytes_max:
        raise InvalidFile(f"{path}: is larger than {bytes_max} bytes")
    return data


def read_json(path: Path, bytes_max: int = JSON_BYTES_MAX) -> object:
    """Read a JSON file, laid out as its writer likes, within the limits of our own JSON.

    Raises:
        InvalidFile: the message names the file.
    """
    return parse_json(read_file(path, bytes_max), str(path))


def parse_json(data: bytes, where: str) -> object:
    """Read JSON from outside: no key twice, whole numbers only, no control characters.

    Raises:
        InvalidFile: the message begins with `where`.
    """
    try:
        value: object = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object)
        return decode_json(encode_json(value))
    except RecursionError:
        raise InvalidFile(f"{where}: nests too deep") from None
    except UnicodeDecodeError:
        raise InvalidFile(f"{where}: is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise InvalidFile(f"{where}: line {error.lineno}: not JSON: {error.msg}") from None
    except ValueError:  # a number of thousands of digits
        raise InvalidFile(f"{where}: not JSON of a size that we read") from None
    except InvalidEncoding as error:
        raise InvalidFile(f"{where}: {error}") from error


def check_private(path: Path) -> None:
    """Refuse a file with a secret that others on this machine may read.

    Raises:
        InvalidFile: its mode gives rights to group or others.
    """
    if path.exists() and path.stat().st_mode & 0o077:
        raise InvalidFile(f"{path}: others may read this secret; run `chmod 600` on it")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder alone: two commands at once could sign two things with one number.

    Raises:
        InvalidQuery: another command works in it, or there is no such folder.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise InvalidQuery(f"{folder} is no folder of a party: {_reason(error)}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            why = f"another command works in {folder}: wait until it is done"
            raise InvalidQuery(why) from error
        yield
    finally:
        os.close(handle)


def _make_parents(path: Path) -> None:
    for folder in reversed(path.parents):
        folder.mkdir(mode=0o700, exist_ok=True)


def _write_draft(draft: Path, data: bytes, mode: int) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)  # whatever the umask took
        file.write(data)
        file.flush()
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    items = dict(pairs)
    if len(items) != len(pairs):
        raise InvalidEncoding("a key stands twice in one object")
    return items


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
