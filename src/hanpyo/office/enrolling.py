"""The registrar at work while people vote: looks up rows by token, and enrolls devices at once.

Requests that arrive together go out in one act. A row that has not voted may begin anew on another
device; once it has voted, organizers must agree (protocol.md 6, 10).
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Self

from hanpyo.election.papers import EnrollmentRequest
from hanpyo.errors import ElectionError, InvalidQuery, NotYet, Rejected
from hanpyo.ledger.entry import Act, Enroll, Enrollment, Replace, encode_entry
from hanpyo.ledger.interface import Ledger
from hanpyo.office.desk import Desk
from hanpyo.office.party import PartyFolder
from hanpyo.office.private_roll import Member
from hanpyo.office.registrar import BATCH_MAX, Registrar
from hanpyo.office.roll import published_roll
from hanpyo.office.sign_in import SignIn

GATHER_SECONDS = 0.05
_STOP = None

Clock = Callable[[], int]
Waiting = tuple[EnrollmentRequest, Future[None]]


class RowHasVoted(Rejected):
    """The row has voted on another device: the registrar alone may not let it begin anew."""

    def __init__(self) -> None:
        super().__init__("C12", "this row has voted on another device")


@dataclass(frozen=True, slots=True)
class RowState:
    """What a token's holder is told.

    Attributes:
        state: "free", "enrolled" on a device, or "voted".
    """

    member: Member
    row: int
    credential: bytes | None
    state: str


class Enrolling:
    """Enrolls devices in one election."""

    def __init__(
        self,
        ledger: Ledger,
        election_id: bytes,
        folder: PartyFolder,
        members: Sequence[Member],
        sign_in: SignIn,
        clock: Clock,
    ) -> None:
        """Take up the roll.

        Raises:
            InvalidQuery: the election has another registrar.
        """
        self._ledger = ledger
        self._election_id = election_id
        self._sign_in = sign_in
        self._clock = clock
        desk = self._desk()
        self._registrar = Registrar(desk, folder, members)
        self._row_of = published_roll(desk).row_of()
        self._waiting: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="enrolling")

    def __enter__(self) -> Self:
        """Begin to enroll."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Finish what was asked for, and end."""
        self._waiting.put(_STOP)
        self._thread.join()

    def look_up(self, token: bytes) -> RowState:
        """Tell the holder of a token about its row.

        Raises:
            NotYet: nobody on the roll has this token.
        """
        member = self._sign_in.member(token)
        row = None if member is None else self._row_of.get(member.row.commitment)
        if member is None or row is None:
            raise NotYet("this code is not known here")
        credential, has_voted = self._desk().row_now(row)
        state = "voted" if has_voted else "free" if credential is None else "enrolled"
        return RowState(member, row, credential, state)

    def enroll(self, request: EnrollmentRequest) -> Future[None]:
        """Ask for a credential to be bound to a row; the future ends once it is recorded.

        Raises:
            InvalidQuery: the request does not hold.
        """
        fault = self._registrar.fault(request)
        if fault is not None:
            raise InvalidQuery(fault)
        future: Future[None] = Future()
        self._waiting.put((request, future))
        return future

    def _desk(self) -> Desk:
        return Desk(self._ledger, "", self._election_id, self._clock())

    def _work(self) -> None:
        while (first := self._waiting.get()) is not _STOP:
            batch, is_last = self._gather(first)
            rows = {request.row for request, _ in batch}
            if len(rows) == len(batch):
                self._enroll_all(batch)
            else:  # two devices of one row: one after the other
                for each in batch:
                    self._enroll_all([each])
            if is_last:
                return

    def _gather(self, first: Waiting) -> tuple[list[Waiting], bool]:
        batch = [first]
        while len(batch) < BATCH_MAX:
            try:
                more = self._waiting.get(timeout=GATHER_SECONDS)
            except Empty:
                break
            if more is _STOP:
                return batch, True
            batch.append(more)
        return batch, False

    def _enroll_all(self, batch: Sequence[Waiting]) -> None:
        """Enroll a batch of different rows; where one is refused, each by itself."""
        try:
            desk = self._desk()
            acts, fresh = [], []
            for request, future in batch:
                credential, has_voted = desk.row_now(request.row)
                if credential == request.credential:
                    future.set_result(None)
                elif has_voted:
                    future.set_exception(RowHasVoted())
                elif credential is None:
                    fresh.append((request, future))
                else:
                    acts.append((self._replaced(request, credential), [future]))
            if fresh:
                acts.append((self._enrolled([each for each, _ in fresh]), [f for _, f in fresh]))
            for act, futures in acts:
                self._send(desk, act, futures)
        except ElectionError as error:
            pending = [(request, future) for request, future in batch if not future.done()]
            if len(batch) > 1:
                for each in pending:
                    self._enroll_all([each])
            else:
                for _, future in pending:
                    future.set_exception(error)

    def _enrolled(self, requests: Sequence[EnrollmentRequest]) -> Act:
        rows = sorted(requests, key=lambda each: each.row)
        body = Enroll(tuple(Enrollment(r.row, r.credential, r.possession) for r in rows))
        return self._registrar.sign(body)

    def _replaced(self, request: EnrollmentRequest, old: bytes) -> Act:
        body = Replace(request.row, old, request.credential, request.possession)
        return self._registrar.sign(body)

    def _send(self, desk: Desk, act: Act, futures: Sequence[Future[None]]) -> None:
        desk.send([encode_entry(act)])
        for future in futures:
            future.set_result(None)
