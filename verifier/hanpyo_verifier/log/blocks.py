"""The blocks file (protocol.md 9.6, C05)."""

import bisect
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from hanpyo_verifier.encoding import base64_strict
from hanpyo_verifier.errors import MalformedError

_NUMBER = r"(0|[1-9][0-9]{0,18})"
_LINE = re.compile(
    rf"{_NUMBER} {_NUMBER} {_NUMBER} ([A-Za-z0-9+/]{{43}}=) ([A-Za-z0-9+/]{{86}}==)\n", re.ASCII
)


@dataclass(frozen=True)
class Block:
    """One line of the file."""

    height: int
    time: int
    size: int
    root: bytes
    cosignature: bytes


def parse_line(line: bytes) -> Block:
    """Reads one line in its exact form."""
    match = _LINE.fullmatch(line.decode("latin-1"))
    if not match:
        raise MalformedError("blocks: a line that is not in its form")
    height, time, size = (int(text) for text in match.groups()[:3])
    root, cosignature = (base64_strict.decode(text) for text in match.groups()[3:])
    if root is None or cosignature is None or max(height, time, size) >= 2**63:
        raise MalformedError("blocks: a line that is not in its form")
    return Block(height, time, size, root, cosignature)


def parse_lines(lines: Iterator[bytes]) -> Iterator[Block]:
    """Reads the whole file, line by line."""
    return map(parse_line, lines)


class Times:
    """The time of the block that holds an entry."""

    def __init__(self) -> None:
        self._sizes = array("q")
        self._times = array("q")

    def __len__(self) -> int:
        return len(self._sizes)

    @property
    def last_size(self) -> int:
        """The size after the last block."""
        return self._sizes[-1] if self._sizes else 0

    @property
    def last_time(self) -> int:
        """The time of the last block."""
        return self._times[-1] if self._times else 0

    def append(self, block: Block) -> None:
        """Appends a block whose size rises."""
        self._sizes.append(block.size)
        self._times.append(block.time)

    def at(self, position: int) -> int:
        """The time of the block that holds this position; at the end, the last block's."""
        block = bisect.bisect_right(self._sizes, position)
        return self._times[block] if block < len(self._times) else self.last_time

    def size_at_time(self, time: int) -> int | None:
        """The size of the first block with at least this time; None if there is none."""
        block = bisect.bisect_left(self._times, time)
        return self._sizes[block] if block < len(self._sizes) else None
