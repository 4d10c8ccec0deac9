"""A consortium on this machine: every member a node of its own, with its own folder and process.

Everything goes the way that organizations go: member files, a founding that all sign, nodes that
know each other by address. Only that one machine runs them all is played.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from hanpyo.errors import Unreachable
from hanpyo.node.consortium.founding import SIGNATURE_SUFFIX, complete_founding, new_consortium
from hanpyo.node.consortium.member_file import (
    MEMBER_SUFFIX,
    init_node,
    member_file,
    read_member_files,
)
from hanpyo.node.engine.process import find_engine
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.settings import NodeSettings, PeerSettings, read_settings, write_settings
from hanpyo.node.storage.disk import PUBLIC, write_durably
from hanpyo.node.storage.folder import NodeFolder

NAMES = ("Election Commission", "University", "Bar Association", "Statistics Office")
START_SECONDS = 60.0
STOP_SECONDS = 30.0
LOOK_SECONDS = 0.1

Rewire = Callable[[int, int, PeerSettings], PeerSettings]  # how member a reaches member b


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a member's node listens on loopback."""

    http: int
    p2p: int


class Cluster:
    """Nodes by number from 0, in the order of their members' numbers on the ledger.

    Attributes:
        folder: holds a folder for each node.
        size: how many members there are.
    """

    def __init__(self, folder: Path, ports: Sequence[Ports]) -> None:
        """Take up the nodes `node-0`, `node-1`, ... of a folder; nothing runs yet."""
        self.folder = folder
        self.size = len(ports)
        self._processes: list[subprocess.Popen[str] | None] = [None] * self.size
        self._ports = list(ports)

    @classmethod
    def found(cls, folder: Path, size: int = len(NAMES), commit_ms: int = 300) -> Self:
        """Found a consortium.

        Raises:
            EngineMissing: the consensus engine is not on this machine.
        """
        find_engine()
        return cls(folder, _found(folder, [free_ports() for _ in range(size)], commit_ms))

    def node(self, number: int) -> NodeFolder:
        """Give a node's folder."""
        return NodeFolder(self.folder / f"node-{number}")

    def url(self, number: int) -> str:
        """Give a node's own address."""
        return f"http://127.0.0.1:{self._ports[number].http}"

    def ports(self, number: int) -> Ports:
        """Give the ports at which a node listens."""
        return self._ports[number]

    def add(self, node: NodeFolder, ports: Ports) -> int:
        """Take in a node that is to join, as `node-<number>`; gives its number."""
        number = len(self._processes)
        node.root.rename(self.node(number).root)
        self._processes.append(None)
        self._ports.append(ports)
        return number

    def rewire(self, way: Rewire) -> None:
        """Change the addresses under which nodes look for each other; before they are started."""
        for number in range(self.size):
            path = self.node(number).settings
            settings = read_settings(path)
            others = [each for each in range(self.size) if each != number]
            peers = [
                way(number, other, peer) for other, peer in zip(others, settings.peers, strict=True)
            ]
            write_settings(path, settings.with_peers(peers))

    def start(self, *numbers: int) -> None:
        """Start nodes (none named: all), and return when they answer."""
        chosen = numbers or range(self.size)
        for number in chosen:
            assert not self.is_running(number), "it runs already"
            folder = self.node(number).root
            log = (folder / "node.log").open("a")
            with log:
                self._processes[number] = subprocess.Popen(
                    [sys.executable, "-m", "hanpyo", "node", "run", str(folder)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        for number in chosen:
            self._await(number)

    def _await(self, number: int) -> None:
        process = self._processes[number]
        assert process is not None, "it was started"
        assert process.stdout is not None, "its output is a pipe"
        if not process.stdout.readline():
            log = (self.node(number).root / "node.log").read_text(errors="replace")[-2_000:]
            raise Unreachable(f"node {number} did not start: {log}")

    def is_running(self, number: int) -> bool:
        """Whether a node's process lives."""
        process = self._processes[number]
        return process is not None and process.poll() is None

    def signal(self, number: int, which: signal.Signals) -> None:
        """Send a node's own process a signal."""
        process = self._processes[number]
        assert process is not None, "it was started"
        os.kill(process.pid, which)

    def kill(self, number: int) -> None:
        """End a node at once; its engine ends with it."""
        self.signal(number, signal.SIGKILL)
        self._reap(number)

    def stop(self, number: int) -> None:
        """Ask a node to end, and return when it has."""
        if self.is_running(number):
            self.signal(number, signal.SIGTERM)
        self._reap(number)

    def wait_for_end(self, number: int, seconds: float) -> int:
        """Wait until a node ends by itself; gives its exit status."""
        process = self._processes[number]
        assert process is not None, "it was started"
        status = process.wait(seconds)
        self._reap(number)
        return status

    def _reap(self, number: int) -> None:
        process = self._processes[number]
        if process is None:
            return
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
        self._processes[number] = None

    def pids(self) -> list[int]:
        """Give the ids of the nodes' processes."""
        return [each.pid for each in self._processes if each is not None]

    def status(self, number: int) -> dict[str, object]:
        """Ask a node how it is."""
        with RemoteLedger(self.url(number)) as remote:
            return remote.status()

    def wait_for_size(self, size: int, seconds: float, numbers: Sequence[int] = ()) -> None:
        """Return when these nodes (none named: all) have published this many entries.

        Raises:
            Unreachable: one has not in time.
        """
        until = time.monotonic() + seconds
        for number in numbers or range(self.size):
            while True:
                found = self._size(number)
                if found >= size:
                    break
                if time.monotonic() > until:
                    raise Unreachable(f"node {number} has {found} entries, not {size}")
                time.sleep(LOOK_SECONDS)

    def _size(self, number: int) -> int:
        try:
            size = self.status(number)["size"]
        except Unreachable:
            return 0
        return size if isinstance(size, int) else 0

    def close(self) -> None:
        """End all nodes."""
        everybody = range(len(self._processes))
        for number in everybody:
            if self.is_running(number):
                self.signal(number, signal.SIGTERM)
        for number in everybody:
            self._reap(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def free_ports() -> Ports:
    """Find ports that are free now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    found = Ports(*(each.getsockname()[1] for each in sockets))
    for each in sockets:
        each.close()
    return found


def _found(folder: Path, ports: Sequence[Ports], commit_ms: int) -> list[Ports]:
    """Let every member make its files, show them, and sign the founding.

    Returns:
        The ports by the members' numbers.
    """
    exchange = folder / "members"
    exchange.mkdir(parents=True, exist_ok=True)
    nodes = []
    for number, own in enumerate(ports):
        name = NAMES[number] if number < len(NAMES) else f"Member {number + 1}"
        settings = NodeSettings(
            f"127.0.0.1:{own.http}",
            f"127.0.0.1:{own.p2p}",
            f"http://127.0.0.1:{own.http}",
            commit_ms=commit_ms,
        )
        draft = folder / f"draft-{number}"
        node = init_node(draft, name, settings)
        random, now = secrets.token_bytes(32), int(time.time())
        data = member_file(node.load_operator(), settings, random, now)
        write_durably(exchange / f"{number}{MEMBER_SUFFIX}", data, PUBLIC)
        nodes.append(node)
    members = read_member_files(exchange)
    founding = new_consortium(members)
    for number, node in enumerate(nodes):
        path = exchange / f"{number}{SIGNATURE_SUFFIX}"
        write_durably(path, founding.sign(node.load_operator()), PUBLIC)
    entry = founding.entry(founding.read_signatures(exchange))
    by_number: dict[int, Ports] = {}
    for node, own in zip(nodes, ports, strict=True):
        complete_founding(node, members, entry)
        number = founding.body.validators.index(node.load_operator().validator)
        node.root.rename(folder / f"node-{number}")
        by_number[number] = own
    return [by_number[number] for number in range(len(nodes))]
