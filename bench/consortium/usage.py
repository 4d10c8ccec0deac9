"""What a cluster's processes use: processor time and disk, summed over all nodes."""

import os
from dataclasses import dataclass
from pathlib import Path

from hanpyo.rehearsal.cluster import Cluster

TICKS = os.sysconf("SC_CLK_TCK")
PARTS = {
    "database": "ledger.sqlite*",
    "journal": "journal.sqlite*",
    "public files": "public/**/*",
    "engine's blocks": "engine/data/blockstore.db/*",
    "engine's state": "engine/data/state.db/*",
    "engine's log of votes": "engine/data/cs.wal/*",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """Sums since the start.

    Attributes:
        node_s, engine_s: processor seconds of our processes and of the engines.
        disk_bytes: of all folders, by what they hold.
        memory_bytes: the most that the largest of our processes has held.
    """

    node_s: float
    engine_s: float
    disk_bytes: dict[str, int]
    memory_bytes: int

    @property
    def disk_sum(self) -> int:
        """Everything on disk."""
        return sum(self.disk_bytes.values())

    def since(self, before: "Usage") -> "Usage":
        """Give what was used between two moments."""
        return Usage(
            self.node_s - before.node_s,
            self.engine_s - before.engine_s,
            {name: size - before.disk_bytes[name] for name, size in self.disk_bytes.items()},
            self.memory_bytes - before.memory_bytes,
        )


def usage(cluster: Cluster) -> Usage:
    """Look at all processes of a cluster."""
    node_s = engine_s = 0.0
    memory = 0
    for pid in cluster.pids():
        node_s += _seconds(pid)
        memory = max(memory, _memory(pid))
        engine_s += sum(_seconds(child) for child in _children(pid))
    roots = [cluster.node(number).root for number in range(cluster.size)]
    disk = {
        part: sum(_bytes(path) for root in roots for path in root.glob(pattern))
        for part, pattern in PARTS.items()
    }
    return Usage(node_s, engine_s, disk, memory)


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1_024
    return 0


def _bytes(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def loopback_bytes() -> int:
    """Give the bytes that have passed the loopback interface: everything, the load's own too."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, figures = line.partition(":")
        if name.strip() == "lo":
            return int(figures.split()[0])
    return 0
