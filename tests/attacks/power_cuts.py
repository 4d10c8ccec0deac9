"""What a power cut leaves of a folder, for every moment of a recorded run.

A process runs under `recorder.c`, which writes down its changes in order. `Disk` follows them and
knows of each file and folder what has reached the disk for sure and what is still on its way. At
any moment it can tell what would be found after a cut: with all that was on its way lost, with all
of it there, or with some of it, in no order and torn at sectors.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SECTOR_BYTES = 512

Image = dict[str, bytes]  # path -> content


class Operation(NamedTuple):
    """One change, or one wait for the disk (`sync`)."""

    name: str
    path: str
    offset: int
    data: bytes


def record(folder: Path, program: str, workplace: Path) -> list[Operation]:
    """Run a Python program and give what it changed below `folder`."""
    library, log = workplace / "recorder.so", workplace / "operations"
    compiler = ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-Wno-nonnull", "-o"]
    subprocess.run([*compiler, str(library), str(HERE / "recorder.c"), "-ldl"], check=True)
    environment = {
        **os.environ,
        "LD_PRELOAD": str(library),
        "RECORD_ROOT": str(folder),
        "RECORD_LOG": str(log),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    subprocess.run([sys.executable, "-c", program, str(folder)], check=True, env=environment)
    return list(_operations(log.read_bytes()))


def _operations(data: bytes) -> Iterator[Operation]:
    at = 0
    while at < len(data):
        end = data.index(b"\n", at)
        name, path, offset, length = data[at:end].decode().split(" ")
        at = end + 1 + int(length)
        yield Operation(name, path, int(offset), data[end + 1 : at])


@dataclass
class _File:
    durable: bytes = b""
    current: bytes = b""
    pending: list[Operation] = field(default_factory=list)

    def change(self, operation: Operation) -> None:
        self.current = _changed(self.current, operation)
        self.pending.append(operation)

    def sync(self) -> None:
        self.durable = self.current
        self.pending.clear()

    def torn(self, chance: random.Random) -> bytes:
        content = self.durable
        for operation in self.pending:
            fate = chance.random()
            if fate < 0.4:
                content = _changed(content, operation)
            elif fate < 0.7 and operation.name == "write":
                cut = chance.randrange(0, len(operation.data) + 1, SECTOR_BYTES)
                content = _changed(content, operation._replace(data=operation.data[:cut]))
        return content


def _changed(content: bytes, operation: Operation) -> bytes:
    at, data = operation.offset, operation.data
    if operation.name == "truncate":
        return content[:at].ljust(at, b"\0")
    return content[:at].ljust(at, b"\0") + data + content[at + len(data) :] if data else content


class Disk:
    """Files and folders below one folder, as they are and as they surely are on disk."""

    def __init__(self) -> None:
        self._names: dict[str, _File] = {}
        self._durable_names: dict[str, _File] = {}
        self._pending_names: list[tuple[str, str]] = []  # path and what befell it, in order

    def apply(self, operation: Operation) -> None:
        """Follow one operation."""
        name, path = operation.name, operation.path
        match name:
            case "create":
                if path not in self._names:
                    self._set(path, _File())
            case "write" | "truncate":
                self._names[path].change(operation)
            case "unlink":
                self._set(path, None)
            case "rename":
                self._set(operation.data.decode(), self._names[path])
                self._set(path, None)
            case "sync":
                self._sync(path)
            case "mkdir" | "rmdir":
                pass  # folders come and go with what is in them
            case _:
                raise AssertionError(f"unknown operation {name}")

    def _set(self, path: str, file: _File | None) -> None:
        _put(self._names, path, file)

    def _sync(self, path: str) -> None:
        if path in self._names:
            self._names[path].sync()
            return
        folder = "" if path == "." else f"{path}/"
        for name in {*self._names, *self._durable_names}:
            if name.startswith(folder) and "/" not in name[len(folder) :]:
                _put(self._durable_names, name, self._names.get(name))

    def kept(self) -> Image:
        """Give what is found if everything on its way arrived."""
        return {path: file.current for path, file in self._names.items()}

    def dropped(self) -> Image:
        """Give what is found if nothing on its way arrived."""
        return {path: file.durable for path, file in self._durable_names.items()}

    def torn(self, chance: random.Random) -> Image:
        """Give what is found if some of it arrived."""
        names: dict[str, _File] = dict(self._durable_names)
        for path in sorted({*self._names, *self._durable_names}):
            if chance.random() < 0.5:
                _put(names, path, self._names.get(path))
        return {path: file.torn(chance) for path, file in names.items()}


def _put(names: dict[str, _File], path: str, file: _File | None) -> None:
    if file is None:
        names.pop(path, None)
    else:
        names[path] = file


def write_image(image: Mapping[str, bytes], folder: Path) -> None:
    """Make the folder that a power cut left."""
    for path, content in image.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(0o600)


def read_image(folder: Path) -> Image:
    """Give what is in a folder now."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
