"""Records on disk: a folder as the reader of records wants it, and a ledger's log as a folder."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from hanpyo.errors import InvalidQuery, NotYet
from hanpyo.ledger.block_proofs import encode_proof
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.interface import Ledger
from hanpyo.ledger.reader import LedgerReader
from hanpyo.ledger.record import RecordReader, record_files

FILE_BYTES_MAX = 1 << 31
PROOF_SECONDS = 30.0  # a block that comes after proves the last one
LOOK_SECONDS = 0.1


def open_record(path: Path) -> RecordReader:
    """Open a folder as a record.

    Raises:
        InvalidQuery: there is no such folder.
        DamagedRecord: it is no record.
    """
    if not path.is_dir():
        raise InvalidQuery(f"{path}: there is no such folder")

    def read(name: str) -> bytes:
        with (path / name).open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
        if len(data) > FILE_BYTES_MAX:
            raise OSError(f"{name} is larger than {FILE_BYTES_MAX} bytes")
        return data

    return RecordReader(lambda: list_files(path), read)


def list_files(root: Path) -> list[str]:
    """List the plain files below a folder; whatever else is there gets a "/" at its end."""
    found = []
    for folder, folders, files in os.walk(root):
        place = Path(folder)
        for path in [place / name for name in (*folders, *files)]:
            name = path.relative_to(root).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                found.append(f"{name}/")
            elif path.is_file():
                found.append(name)
            elif not any(path.iterdir()):
                found.append(f"{name}/")
    return found


def download_record(ledger: Ledger, path: Path, now_unix_s: int) -> int:
    """Write a ledger's log as a record into a new folder; gives the number of entries.

    Raises:
        InvalidQuery: something stands there already, or the place cannot be written to.
    """
    reader = LedgerReader(ledger, now_unix_s)
    checkpoint = reader.checkpoint
    blocks = [block for block in ledger.blocks(1) if block.size <= checkpoint.size]
    proofs = _proofs(ledger, blocks)
    entries = ledger.entries(0, checkpoint.size)
    write_folder(path, record_files(entries, blocks, checkpoint, proofs))
    return checkpoint.size


def _proofs(ledger: Ledger, blocks: Sequence[Block]) -> list[bytes]:
    """Fetch the proofs of all blocks that need one; the last comes a moment after its block."""
    due = sum(block.engine_height is not None for block in blocks)
    until = time.monotonic() + PROOF_SECONDS
    while due:
        proofs = list(islice(ledger.proofs(1), due))
        if len(proofs) == due:
            return proofs
        if time.monotonic() > until:
            raise NotYet("the proof of the last block is not there yet: try again")
        time.sleep(LOOK_SECONDS)
    return []


def copy_record(public: Path, path: Path) -> int:
    """Write what a node has published as a record into a new folder, while the node goes on."""
    reader = open_record(public)
    blocks = [block for block in reader.blocks() if block.size <= reader.size]
    due = sum(block.engine_height is not None for block in blocks)
    proofs = [encode_proof(proof) for proof in islice(reader.proofs(), due)] if due else []
    write_folder(path, record_files(reader.entries(), blocks, reader.checkpoint, proofs))
    return reader.size


def write_folder(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files into a new folder, which is there whole or not at all.

    Raises:
        InvalidQuery: something stands there already, or the place cannot be written to.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InvalidQuery(f"{path} is not empty: choose a new folder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        try:
            draft.chmod(0o755)
            for name, data in files:
                (draft / name).parent.mkdir(parents=True, exist_ok=True)
                (draft / name).write_bytes(data)
            if path.exists():
                path.rmdir()
            draft.rename(path)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise InvalidQuery(f"{path} cannot be written: {error.strerror}") from error
