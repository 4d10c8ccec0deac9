"""The files of a record: what is there, and reading it (protocol.md 13, C01)."""

import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hanpyo_verifier.errors import MalformedError
from hanpyo_verifier.log.layout import WIDTH, expected_files, is_expected

MAX_CHECKPOINT = 4096
MAX_BUNDLE = WIDTH * (2 + 65_535)
MAX_LINE = 512
MAX_MISSING_LISTED = 20


class SplitError(MalformedError):
    """An entry bundle does not split exactly."""


class Files:
    """A record's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: str, most: int) -> bytes:
        """Reads a file of at most so many bytes."""
        try:
            with self._open(path) as file:
                data = file.read(most + 1)
        except OSError as error:
            raise MalformedError(f"{path} cannot be read: {error.strerror}") from None
        if len(data) > most:
            raise MalformedError(f"{path} is too long")
        return data

    def lines(self, path: str) -> Iterator[bytes]:
        """Reads a file line by line; a line that is too long comes in pieces."""
        try:
            with self._open(path) as file:
                while line := file.readline(MAX_LINE):
                    yield line
        except OSError as error:
            raise MalformedError(f"{path} cannot be read: {error.strerror}") from None

    def bundle(self, path: str, width: int) -> list[bytes]:
        """Reads an entry bundle and splits it into exactly `width` entries."""
        data = self.read(path, MAX_BUNDLE)
        entries = []
        at = 0
        for _ in range(width):
            length = int.from_bytes(data[at : at + 2], "big")
            at += 2 + length
            if at > len(data) or not length:
                raise SplitError(f"{path} does not split into {width} entries")
            entries.append(data[at - length : at])
        if at != len(data):
            raise SplitError(f"{path} does not split into {width} entries")
        return entries

    def scan(self) -> tuple[dict[str, int], list[str], list[str]]:
        """Lists regular files with their sizes, folders, and what is wrong."""
        found: dict[str, int] = {}
        folders: list[str] = []
        wrong: list[str] = []
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(self.root / folder) as listing:
                    children = sorted(listing, key=lambda child: child.name)
                for child in children:
                    path = f"{folder}/{child.name}" if folder else child.name
                    mode = child.stat(follow_symlinks=False).st_mode
                    if stat.S_ISDIR(mode):
                        folders.append(path)
                        waiting.append(path)
                    elif stat.S_ISREG(mode):
                        found[path] = child.stat(follow_symlinks=False).st_size
                    else:
                        wrong.append(f"{shown(path)} is a link or no file")
            except OSError as error:
                wrong.append(f"{shown(folder) or 'the record'} cannot be read: {error.strerror}")
        return found, folders, wrong

    def _open(self, path: str) -> BinaryIO:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        return os.fdopen(os.open(self.root / path, flags | getattr(os, "O_BINARY", 0)), "rb")


def shown(path: str) -> str:
    """A path as text that can always be written."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def compare(found: dict[str, int], folders: list[str], size: int) -> tuple[list[str], list[str]]:
    """Returns what is missing and what is unknown in a record of this size."""
    absent = (path for path in expected_files(size) if path not in found)
    missing = list(itertools.islice(absent, MAX_MISSING_LISTED + 1))
    lacks = [f"{path} is missing" for path in missing[:MAX_MISSING_LISTED]]
    if len(missing) > MAX_MISSING_LISTED:
        lacks.append("further files are missing")
    known = [path for path in found if is_expected(path, size)]
    needed = {path[:at] for path in known for at, c in enumerate(path) if c == "/"}
    unknown = [f"{shown(path)} is unknown" for path in found if not is_expected(path, size)]
    unknown += [f"the folder {shown(path)} is unknown" for path in folders if path not in needed]
    return lacks, unknown
