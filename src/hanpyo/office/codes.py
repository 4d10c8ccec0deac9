"""The one-time codes of a roll, in the registrar's folder: drawn once, kept before shown."""

import csv
import secrets
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from hanpyo.election.code import CODE_BYTES
from hanpyo.encoding import decode_hex
from hanpyo.errors import InvalidEncoding, InvalidFile
from hanpyo.office.files import check_private, read_file, write_file
from hanpyo.office.private_roll import Member
from hanpyo.office.roll_file import ROLL_BYTES_MAX

_COLUMNS = ("commitment", "code")


class Codes:
    """The codes of one election, each kept beside the commitment of its row."""

    def __init__(self, folder: Path) -> None:
        """Name the file.

        Args:
            folder: of the election, in the registrar's.
        """
        self.path = folder / "codes.csv"

    def read(self) -> dict[bytes, bytes]:
        """Read all codes by commitment; none where none were drawn.

        Raises:
            InvalidFile: the file is damaged, or others may read it.
        """
        if not self.path.exists():
            return {}
        check_private(self.path)
        text = read_file(self.path, ROLL_BYTES_MAX).decode("utf-8", "replace")
        lines = csv.reader(StringIO(text, newline=""), strict=True)
        try:
            if tuple(next(lines, ())) != _COLUMNS:
                raise InvalidFile(f"{self.path}: holds no codes of this version")
            pairs = [(decode_hex(row, 32), decode_hex(code, CODE_BYTES)) for row, code in lines]
        except (ValueError, csv.Error, InvalidEncoding):
            where = f"{self.path}: line {lines.line_num}"
            raise InvalidFile(f"{where}: is damaged; restore the file from a copy") from None
        return dict(pairs)

    def draw(self, members: Sequence[Member]) -> dict[bytes, bytes]:
        """Draw a code for every member that has none, and keep it; give all by commitment."""
        codes = self.read()
        missing = [row for row in (member.row.commitment for member in members) if row not in codes]
        if missing:
            codes |= {row: secrets.token_bytes(CODE_BYTES) for row in missing}
            self._write(codes)
        return codes

    def _write(self, codes: dict[bytes, bytes]) -> None:
        out = StringIO(newline="")
        lines = csv.writer(out)
        lines.writerow(_COLUMNS)
        lines.writerows((row.hex(), code.hex()) for row, code in codes.items())
        write_file(self.path, out.getvalue().encode("utf-8"))
