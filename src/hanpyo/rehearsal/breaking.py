"""Changing one byte of a copy of a record, and asking the second verifier what it thinks."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hanpyo.ledger.entry import Cast, decode_entry
from hanpyo.ledger.record import RecordReader
from hanpyo.ledger.tiles import TILE_WIDTH, decode_bundle, encode_bundle
from hanpyo.node.storage.records import open_record

CHECKOUT = Path(__file__).resolve().parents[3]
SECOND_VERIFIER = CHECKOUT / "verifier"
SECOND_SECONDS_MAX = 600


@dataclass(frozen=True, slots=True)
class Broken:
    """A copy of a record with one byte changed.

    Attributes:
        entry: in which entry.
        byte: where in the entry.
        file: in which file of the record.
    """

    entry: int
    byte: int
    file: Path


def break_copy(record: Path, copy: Path) -> Broken:
    """Copy a record and change one byte inside an encrypted ballot."""
    shutil.copytree(record, copy)
    index, entry = _a_ballot(open_record(copy))
    byte = len(entry) // 2
    number, place = divmod(index, TILE_WIDTH)
    folder = copy / "tile" / "entries"
    (file,) = [each for each in _bundles(folder) if _number(each, folder) == number]
    entries = decode_bundle(file.read_bytes())
    entries[place] = entry[:byte] + bytes([entry[byte] ^ 1]) + entry[byte + 1 :]
    file.write_bytes(encode_bundle(entries))
    return Broken(index, byte, file.relative_to(copy))


def verify_with_second(record: Path) -> Mapping[str, object] | None:
    """Run the independent verifier in a process of its own.

    Returns:
        Its report; `None` where this installation has none beside it.
    """
    if not (SECOND_VERIFIER / "__main__.py").is_file():
        return None
    command = [sys.executable, "-I", "-B", str(SECOND_VERIFIER), str(record), "--json"]
    done = subprocess.run(command, capture_output=True, timeout=SECOND_SECONDS_MAX, check=False)
    report: Mapping[str, object] = json.loads(done.stdout)
    return report


def _a_ballot(reader: RecordReader) -> tuple[int, bytes]:
    """Find a ballot in the middle of the voting."""
    ballots = [
        (index, data)
        for index, data in enumerate(reader.entries())
        if isinstance(decode_entry(data), Cast)
    ]
    return ballots[len(ballots) // 2]


def _bundles(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def _number(file: Path, folder: Path) -> int:
    """Read a bundle's number off its path, such as `x001/002` or `002.p/17`."""
    parts = file.relative_to(folder).parts
    if parts[-2:-1] and parts[-2].endswith(".p"):
        parts = parts[:-1]
    return int("".join(parts).replace("x", "").replace(".p", ""))
