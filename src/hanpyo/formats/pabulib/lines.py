"""From text to tables: three sections of semicolon-separated lines, quoted where needed.

A field that holds a semicolon or a quote stands in double quotes, and a quote in it is doubled. It
ends on its own line, so that every fault has one line number. Spaces around a field mean nothing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hanpyo.errors import InvalidFile
from hanpyo.formats.pabulib.model import (
    COLUMNS_MAX,
    FILE_BYTES_MAX,
    ID_CHARACTERS_MAX,
    LINE_CHARACTERS_MAX,
    LINES_MAX,
)

FAULTS_SHOWN_MAX = 20
SHOWN_CHARACTERS_MAX = 50
SECTIONS = ("META", "PROJECTS", "VOTES")
IN_ORDER = "META, PROJECTS, VOTES"
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Faults:
    """Gathers what is wrong, so that a person sees all of it at once."""

    def __init__(self) -> None:
        self._shown: list[tuple[int, str]] = []
        self._count = 0

    def add(self, line: int, why: str) -> None:
        """Note a fault; `line` is 1-based."""
        self._count += 1
        if len(self._shown) < FAULTS_SHOWN_MAX:
            self._shown.append((line, why))

    def check(self) -> None:
        """Refuse the file if there is any fault.

        Raises:
            InvalidFile: it names FAULTS_SHOWN_MAX faults, in order, and counts the others.
        """
        if self._count == 0:
            return
        more = self._count - len(self._shown)
        lines = [f"line {line}: {why}" for line, why in sorted(self._shown)]
        raise InvalidFile("\n".join([*lines, f"and {more} more"] if more else lines))


@dataclass(frozen=True, slots=True)
class Table:
    """One section: where its column names stand, the names, and its rows with line numbers."""

    line: int
    columns: tuple[str, ...]
    rows: list[tuple[int, list[str]]]

    def place(self, column: str) -> int | None:
        """Find a column; None where the section does not have it."""
        return self.columns.index(column) if column in self.columns else None

    def required(self, column: str) -> int:
        """Find a column that must be there.

        Raises:
            InvalidFile: it is not.
        """
        if column not in self.columns:
            raise InvalidFile(f"line {self.line}: the column {column} is missing")
        return self.columns.index(column)


def read_sections(text: str, faults: Faults) -> dict[str, Table]:
    """Split a file into its three sections; rows with faults are left out.

    Raises:
        InvalidFile: the file is too large, or is not META, PROJECTS and VOTES in this order.
    """
    if len(text) > FILE_BYTES_MAX:
        raise InvalidFile(f"the file is larger than {FILE_BYTES_MAX} bytes")
    sections: dict[str, Table] = {}
    table: Table | None = None
    title = ""
    for line, content in _lines(text):
        if content in SECTIONS:
            if title or content not in SECTIONS[len(sections) : len(sections) + 1]:
                raise InvalidFile(
                    f"line {line}: {content} out of order, {IN_ORDER} are the sections"
                )
            title = content
        elif title:
            table = sections[title] = Table(line, _columns(line, content), [])
            title = ""
        elif table is None:
            raise InvalidFile(
                f"line {line}: a Pabulib file begins with META, and this one does not"
            )
        else:
            _add_row(line, content, table, faults)
    if len(sections) < len(SECTIONS):
        raise InvalidFile(f"the section {SECTIONS[len(sections)]} is missing or has no columns")
    return sections


def shown(text: str) -> str:
    """Quote a text of the file in a message: its beginning, with nothing unprintable in it."""
    return repr(text[:SHOWN_CHARACTERS_MAX])


def is_id(text: str) -> bool:
    """Tell whether a text may name a project or a voter of the file."""
    return 0 < len(text) <= ID_CHARACTERS_MAX and UNPRINTABLE.search(text) is None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    lines = text.removeprefix("\ufeff").split("\n")
    if len(lines) > LINES_MAX:
        raise InvalidFile(f"the file has more than {LINES_MAX} lines")
    for line, content in enumerate(lines, 1):
        if len(content) > LINE_CHARACTERS_MAX:
            raise InvalidFile(f"line {line}: longer than {LINE_CHARACTERS_MAX} characters")
        stripped = content.strip()
        if stripped:
            yield line, stripped


def _columns(line: int, content: str) -> tuple[str, ...]:
    try:
        columns = tuple(_fields(content))
    except csv.Error as error:
        raise InvalidFile(f"line {line}: {error}") from None
    if len(columns) > COLUMNS_MAX:
        raise InvalidFile(f"line {line}: more than {COLUMNS_MAX} columns")
    if "" in columns or len(set(columns)) < len(columns):
        raise InvalidFile(f"line {line}: a column without a name, or with one that stands twice")
    return columns


def _add_row(line: int, content: str, table: Table, faults: Faults) -> None:
    try:
        fields = _fields(content)
    except csv.Error as error:
        faults.add(line, f"{error}")
        return
    if len(fields) != len(table.columns):
        faults.add(line, f"{len(fields)} fields for {len(table.columns)} columns")
        return
    table.rows.append((line, fields))


def _fields(content: str) -> list[str]:
    if '"' not in content:
        return [field.strip() for field in content.split(";")]
    (fields,) = csv.reader([content], delimiter=";", strict=True, skipinitialspace=True)
    return [field.strip() for field in fields]
