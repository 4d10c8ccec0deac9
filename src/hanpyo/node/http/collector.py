"""Gathers what many requests bring at once, so that their proofs are checked together.

While one batch is being admitted, the entries of the next gather; nobody waits for company, and a
single request on an idle node goes straight through. One event loop owns it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from hanpyo.errors import Busy
from hanpyo.ledger.interface import SUBMIT_ENTRIES_MAX, Admission, Verdict

WAITING_BYTES_MAX = 64 * 1_048_576
RETRY_AFTER_S = 2

Submit = Callable[[Sequence[bytes]], Admission]
Waiting = tuple[Sequence[bytes], asyncio.Future[Sequence[Verdict]]]


class Collector:
    """Stands between the routes and a ledger's `submit`."""

    def __init__(self, submit: Submit) -> None:
        self._submit = submit
        self._waiting: deque[Waiting] = deque()
        self._bytes = 0
        self._worker: asyncio.Task[None] | None = None

    async def submit(self, entries: Sequence[bytes]) -> Sequence[Verdict]:
        """Hand in the entries of one request, in order.

        Raises:
            Busy: too much is waiting.
        """
        size = sum(map(len, entries))
        if self._bytes + size > WAITING_BYTES_MAX:
            raise Busy(RETRY_AFTER_S)
        future: asyncio.Future[Sequence[Verdict]] = asyncio.get_running_loop().create_future()
        self._waiting.append((entries, future))
        self._bytes += size
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            gathered = [data for entries, _ in batch for data in entries]
            try:
                admission = await asyncio.to_thread(self._submit, gathered)
            except Exception as error:  # noqa: BLE001 each request answers for it
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            verdicts = iter(admission.verdicts)
            for entries, future in batch:
                own = [next(verdicts) for _ in entries]
                if not future.done():  # whoever asked has not gone
                    future.set_result(own)

    def _next_batch(self) -> list[Waiting]:
        batch: list[Waiting] = []
        count = 0
        while self._waiting and count + len(self._waiting[0][0]) <= SUBMIT_ENTRIES_MAX:
            entries, future = self._waiting.popleft()
            self._bytes -= sum(map(len, entries))
            count += len(entries)
            batch.append((entries, future))
        return batch
