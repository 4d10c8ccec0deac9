"""The list of members that an office keeps: a CSV file, read whole or not at all.

The first line names the columns: `reference` (who it is, in the office's own words), and where the
manifest needs them `weight`, `style` and `district`. Source: RFC 4180; docs/protocol.md section 6.
"""

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from hanpyo.election.manifest import Manifest
from hanpyo.election.roll import ROWS_MAX, WEIGHT_MAX
from hanpyo.encoding import check_text
from hanpyo.errors import InvalidEncoding, InvalidFile
from hanpyo.office.files import read_file

ROLL_BYTES_MAX = 1 << 30
FIELD_CHARACTERS_MAX = 1_000
REFERENCE_CHARACTERS_MAX = 200
COLUMNS = ("reference", "weight", "style", "district")


@dataclass(frozen=True, slots=True)
class Entitled:
    """One line of the list: who may vote, how heavily, on what, and where."""

    reference: str
    weight: int
    style: int
    district: int


def read_roll_file(path: Path, manifest: Manifest) -> list[Entitled]:
    """Read a list of members.

    Raises:
        InvalidFile: the message names every line at fault, one a line; nothing is read then.
    """
    try:
        text = read_file(path, ROLL_BYTES_MAX).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InvalidFile(f"{path}: line {line}: is not UTF-8; save the file as UTF-8") from None
    reader = _RollReader(manifest)
    entitled = reader.read(text)
    if reader.faults:
        raise InvalidFile("\n".join(f"{path}: {fault}" for fault in reader.faults))
    if not entitled:
        raise InvalidFile(f"{path}: holds no member")
    return entitled


class _RollReader:
    """Reads line after line; what is wrong is gathered in `faults`."""

    def __init__(self, manifest: Manifest) -> None:
        self.faults: list[str] = []
        self._manifest = manifest
        self._districts = {each.id: place for place, each in enumerate(manifest.districts)}
        self._lines: dict[str, int] = {}  # reference -> the line it stands in

    def read(self, text: str) -> list[Entitled]:
        lines = self._split(text)
        line, header = next(lines, (1, []))
        columns = [name.strip().lower() for name in header]
        self._check_columns(line, columns)
        if self.faults:
            return []
        entitled = [self._entitled(line, columns, fields) for line, fields in lines]
        if len(entitled) > ROWS_MAX:
            self.faults.append(f"holds {len(entitled)} members, at most {ROWS_MAX}")
        return [each for each in entitled if each is not None]

    def _split(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Give the fields of each line that is not empty, with the number of its first line."""
        csv.field_size_limit(FIELD_CHARACTERS_MAX)
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        line = 1
        try:
            for fields in reader:
                if fields:
                    yield line, fields
                line = reader.line_num + 1
        except csv.Error as error:
            self.faults.append(f"line {line}: {error}")

    def _check_columns(self, line: int, columns: Sequence[str]) -> None:
        known = ", ".join(COLUMNS)
        if len(columns) > 2 * len(COLUMNS):
            self.faults.append(f"line {line}: has {len(columns)} columns; known are {known}")
            return
        for name in dict.fromkeys(columns):
            if name not in COLUMNS or columns.count(name) > 1:
                why = f"column {name[:40]!r} is unknown or stands twice; known are {known}"
                self.faults.append(f"line {line}: {why}")
        due = {
            "reference": True,
            "style": len(self._manifest.styles) > 1,
            "district": len(self._manifest.districts) > 1,
        }
        for name, is_due in due.items():
            if is_due and name not in columns:
                self.faults.append(f"line {line}: the column {name!r} is missing")

    def _entitled(self, line: int, columns: Sequence[str], fields: list[str]) -> Entitled | None:
        if len(fields) != len(columns):
            self.faults.append(f"line {line}: has {len(fields)} fields, the first {len(columns)}")
            return None
        cells = dict(zip(columns, (field.strip() for field in fields), strict=True))
        before = len(self.faults)
        entitled = Entitled(
            self._reference(line, unicodedata.normalize("NFC", cells["reference"])),
            self._weight(line, cells.get("weight", "1")),
            self._style(line, cells.get("style", "0")),
            self._district(line, cells.get("district", self._manifest.districts[0].id)),
        )
        return entitled if len(self.faults) == before else None

    def _reference(self, line: int, reference: str) -> str:
        first = self._lines.setdefault(reference, line)
        if not 1 <= len(reference) <= REFERENCE_CHARACTERS_MAX:
            why = f"must have 1 to {REFERENCE_CHARACTERS_MAX} characters, not {len(reference)}"
            self.faults.append(f"line {line}: reference {why}")
        elif first != line:
            self.faults.append(f"line {line}: reference stands in line {first} already")
        else:
            try:
                check_text(reference)
            except InvalidEncoding as error:
                self.faults.append(f"line {line}: reference: {error}")
        return reference

    def _weight(self, line: int, cell: str) -> int:
        most = 1 if self._manifest.weights == "none" else WEIGHT_MAX
        return self._number(line, "weight", cell, 1, most)

    def _style(self, line: int, cell: str) -> int:
        return self._number(line, "style", cell, 0, len(self._manifest.styles) - 1)

    def _number(self, line: int, name: str, cell: str, low: int, high: int) -> int:
        number = int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= 10 else -1
        if not low <= number <= high:
            self.faults.append(f"line {line}: {name} must be {low}..{high}, not {cell[:20]!r}")
        return number

    def _district(self, line: int, cell: str) -> int:
        if cell not in self._districts:
            known = ", ".join(list(self._districts)[:10])
            self.faults.append(f"line {line}: district {cell[:40]!r} is none of {known}")
        return self._districts.get(cell, 0)
