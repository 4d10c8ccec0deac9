"""Which files a record of some size has (protocol.md 9.4, 13)."""

import re
from collections.abc import Iterator

WIDTH = 256
ENTRIES = "entries"
MAX_LEVEL = 7  # 256^8 is more than any size

_TILE = re.compile(r"tile/(0|[1-9]|entries)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


def tile_number(number: int) -> str:
    """Writes a tile's number in groups of three digits."""
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.append(f"x{number % 1000:03d}")
    return "/".join(reversed(groups))


def tile_path(level: str, number: int, width: int = WIDTH) -> str:
    """The path of a tile inside the record."""
    path = f"tile/{level}/{tile_number(number)}"
    return path if width == WIDTH else f"{path}.p/{width}"


def level_size(level: str, size: int) -> int:
    """How many hashes a level has, or how many entries."""
    return size if level == ENTRIES else size >> 8 * int(level)


def tile_width(level: str, number: int, size: int) -> int:
    """How many hashes or entries a tile has in a log of this size; 0 if there is none."""
    return max(0, min(WIDTH, level_size(level, size) - WIDTH * number))


def expected_files(size: int) -> Iterator[str]:
    """All files of a record, lazily."""
    yield "checkpoint"
    yield "blocks"
    for level in [ENTRIES, *map(str, range(MAX_LEVEL + 1))]:
        count = level_size(level, size)
        for number in range(-(-count // WIDTH)):
            yield tile_path(level, number, tile_width(level, number, size))


def is_expected(path: str, size: int) -> bool:
    """Tells whether a record of this size has this file."""
    if path in ("checkpoint", "blocks"):
        return True
    match = _TILE.fullmatch(path)
    if not match or len(path) > 100:
        return False
    level, groups, _ = match.groups()
    number = int(groups.replace("/", "").replace("x", ""))
    width = tile_width(level, number, size)
    return width > 0 and tile_path(level, number, width) == path
