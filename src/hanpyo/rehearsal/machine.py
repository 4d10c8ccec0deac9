"""A trustee's machine: it believes the ledger only as far as it has checked it itself."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from hanpyo import trustee
from hanpyo.errors import InvalidConsistency, Rejected
from hanpyo.ledger.admission import admit
from hanpyo.ledger.interface import Ledger
from hanpyo.ledger.reader import LedgerReader, replay_checked
from hanpyo.ledger.state import LedgerState
from hanpyo.node.storage.records import open_record
from hanpyo.office.sending import send
from hanpyo.rehearsal.place import Place
from hanpyo.trustee import SealRecord, Trustee
from hanpyo.verify import Progress, verify_record

Work = Callable[[Trustee], list[bytes]]


class TrusteeMachine:
    """One trustee at one election.

    Attributes:
        sealed: the root that it has sealed, which it never forgets.
    """

    def __init__(self, place: Place, election_id: bytes, seed: bytes, threads: int) -> None:
        self._place = place
        self._election_id = election_id
        self._seed = seed
        self._threads = threads
        self._state: LedgerState | None = None
        self.sealed: SealRecord | None = None

    def take_part(self, work: Work) -> None:
        """Do a step of the ceremony on the log as it is, every signature and proof checked."""
        place, now = self._place, self._place.clock()
        self._send(work(self._at(replay_checked(place.ledger, self._election_id, now, 1))))

    def verify(self, record: Path, progress: Progress | None = None) -> None:
        """Run the full verifier over a record of the closed election.

        Raises:
            InvalidConsistency: the record does not hold.
        """
        report = verify_record(
            open_record(record),
            election_id=self._election_id,
            threads=self._threads,
            progress=progress,
        )
        if not report.valid or report.state is None:
            raise InvalidConsistency(f"the record does not hold: {report.failures()[:3]}")
        self._state = report.state

    def seal(self) -> None:
        """Seal the closing root of the record that was verified."""
        me = self._at(self._verified())
        self.sealed = trustee.check_seal(me, self.sealed)
        self._send(trustee.seal(me, self.sealed))

    def decrypt(self, draw: trustee.Draw) -> None:
        """Give shares of every sum, once enough trustees have sealed the same root."""
        state = self._verified()
        catch_up(state, self._place.ledger, self._place.clock(), self._threads)
        me = self._at(state)
        self.sealed = trustee.check_seal(me, self.sealed)
        self._send(trustee.decrypt(me, draw))

    def rest(self) -> None:
        """Let the verified state go: this trustee has nothing more to do."""
        self._state = None

    def _verified(self) -> LedgerState:
        assert self._state is not None, "the record is verified first"
        return self._state

    def _at(self, state: LedgerState) -> Trustee:
        ledger_id = state.view.ledger_id
        assert ledger_id is not None, "a checked log begins with its genesis"
        return trustee.find_trustee(ledger_id, state.view.elections[self._election_id], self._seed)

    def _send(self, entries: list[bytes]) -> None:
        reader = LedgerReader(self._place.ledger, self._place.clock())
        send(self._place.ledger, reader.membership, entries)


def catch_up(state: LedgerState, ledger: Ledger, now_unix_s: int, threads: int) -> None:
    """Lead a verified state on to the ledger's newest, with every new entry checked.

    Raises:
        InvalidConsistency: the log holds what is refused, or does not continue the state.
    """
    goal = LedgerReader(ledger, now_unix_s).checkpoint
    source = ledger.entries(state.log.size, goal.size)
    for block in ledger.blocks(1):
        if not state.log.size < block.size <= goal.size:
            continue
        state.begin_block(block.time_unix_s)
        new = list(islice(source, block.size - state.log.size))
        for verdict in state.judge(admit(state.view.facts, new, threads), keep_refused=True):
            if isinstance(verdict, Rejected):
                raise InvalidConsistency(f"the log holds what is refused: {verdict.why}")
        state.end_block()
    if (state.log.size, state.log.root()) != (goal.size, goal.root):
        raise InvalidConsistency("the log's entries do not lead to its checkpoint")
