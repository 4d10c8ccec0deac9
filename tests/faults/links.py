"""The network of a cluster on one machine: every byte from one node to another passes a `Link`.

A link has a direction. It can delay, hold back (as a lossy line does to TCP: everything behind the
lost piece waits), or be cut, alone or with its way back, and be mended again. One thread with an
event loop carries all connections.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass

PIECE_BYTES = 1 << 16
RETRANSMIT_S = 0.2  # what a lost piece costs


@dataclass(slots=True)
class Link:
    """What happens to bytes from one node to another; changed at any time, from any thread.

    Attributes:
        delay_s, jitter_s: how long a piece takes, at least and on top by chance.
        loss: the share of pieces that are lost, and sent again later.
        is_cut: nothing passes: what is under way waits until the link is mended, or is dropped with
            its connection.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    is_cut: bool = False


class Network:
    """Proxies between nodes, each at a port of its own on loopback."""

    def __init__(self, seed: int = 0) -> None:
        self._links: dict[tuple[int, int], Link] = {}
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)
        self._thread.start()

    def link(self, source: int, target: int) -> Link:
        """Give the link from one node to another."""
        return self._links.setdefault((source, target), Link())

    def route(self, source: int, target: int, port: int) -> int:
        """Open a way from a node to a port of another; give the port at which it begins."""
        opening = self._open(source, target, port)
        return asyncio.run_coroutine_threadsafe(opening, self._loop).result()

    async def _open(self, source: int, target: int, port: int) -> int:
        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None, "a connection is served by a task"
            self._tasks.add(task)
            try:
                await self._carry((source, target), port, reader, writer)
            finally:
                self._tasks.discard(task)

        server = await asyncio.start_server(carry, "127.0.0.1", 0)
        self._servers.append(server)
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    async def _carry(
        self,
        way: tuple[int, int],
        port: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        there, back = self.link(*way), self.link(*reversed(way))
        self._writers.add(writer)
        try:
            if there.is_cut or back.is_cut:
                return
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return
        finally:
            if there.is_cut or back.is_cut:
                writer.close()
        self._writers.add(other_writer)
        flows = [
            asyncio.create_task(self._flow(there, reader, other_writer)),
            asyncio.create_task(self._flow(back, other_reader, writer)),
        ]
        try:
            await asyncio.wait(flows, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for flow in flows:
                flow.cancel()
            await asyncio.gather(*flows, return_exceptions=True)
            for each in (writer, other_writer):
                each.close()

    async def _flow(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(PIECE_BYTES):
                wait_s = link.delay_s + self._chance.random() * link.jitter_s
                if self._chance.random() < link.loss:
                    wait_s += RETRANSMIT_S
                if wait_s:
                    await asyncio.sleep(wait_s)
                while link.is_cut:  # noqa: ASYNC110 other threads cut it, and mend it
                    await asyncio.sleep(0.05)
                writer.write(piece)
                await writer.drain()

    def cut(self, sides: Iterable[Iterable[int]]) -> None:
        """Let nothing pass between nodes of different sides."""
        groups = [set(side) for side in sides]
        for one in groups:
            for other in groups:
                if one is not other:
                    for source in one:
                        for target in other:
                            self.link(source, target).is_cut = True

    def mend(self) -> None:
        """Make all links whole."""
        for link in self._links.values():
            link.delay_s = link.jitter_s = link.loss = 0.0
            link.is_cut = False

    def close(self) -> None:
        """Close everything."""

        async def finish() -> None:
            for server in self._servers:
                server.close()
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for writer in self._writers:
                writer.transport.abort()
            await asyncio.sleep(0.05)  # transports close in the loop's next round

        asyncio.run_coroutine_threadsafe(finish(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
