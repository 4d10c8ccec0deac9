"""C25: promises of gateways against the record (9.7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from hanpyo.errors import InvalidEncoding, InvalidPromise, Rejected
from hanpyo.ledger.admission import Admitted, NotAdmitted, admit
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import Act, Announce, decode_entry
from hanpyo.ledger.promise import Promise, Standing, check_promise, decode_promise_file
from hanpyo.ledger.state import LedgerState
from hanpyo.verify.blocks import BlockTimes
from hanpyo.verify.counts import LEDGER_BODIES
from hanpyo.verify.report import Report

UNJUDGED = "not judged"
_OF_LEDGER = tuple(body for body in LEDGER_BODIES if body is not Announce)


@dataclass(slots=True)
class _Case:
    """A promise file whose form holds.

    Attributes:
        due: the log's size by which the entry was due, `None` where its time has not come, or the
            log ends before the promise's size.
        found: where the entry stands in the log.
        refused: why the rules refuse it at one of the positions asked about.
        item: the entry as admission knows it so far.
    """

    name: str
    promise: Promise
    data: bytes
    due: int | None
    found: int | None = None
    refused: str = ""
    item: Admitted | None = None

    def asks_at(self, position: int) -> bool:
        """Whether the rules are to be asked about the entry at a position."""
        if self.found is not None or self.refused or self.due is None:
            return False
        return self.promise.size <= position <= self.due


class PromiseJudge:
    """All promises beside a record, judged while its entries are."""

    def __init__(
        self,
        files: Sequence[tuple[str, bytes]],
        times: BlockTimes,
        checkpoint: Checkpoint,
        report: Report,
        only: bytes | None,
    ) -> None:
        """Read them; a malformed one fails at once."""
        self._report = report
        self._only = only
        self._cases: list[_Case] = []
        self._by_entry: dict[bytes, list[_Case]] = {}
        for name, data in files:
            report.count("C25")
            try:
                promise, entry = decode_promise_file(data)
            except InvalidPromise as error:
                report.fail("C25", None, f"{name}: {error}")
                continue
            due = times.due_size(promise.time_unix_s)
            if due is None and checkpoint.timestamp_unix_s >= promise.time_unix_s:
                due = checkpoint.size
            if promise.size > checkpoint.size:
                due = None
            case = _Case(name, promise, entry, due, refused=self._unfollowed(entry))
            self._cases.append(case)
            self._by_entry.setdefault(promise.entry_hash, []).append(case)

    def _unfollowed(self, data: bytes) -> str:
        """Say why an entry is not judged: it is none, or of an election that is not followed."""
        try:
            entry = decode_entry(data)
        except InvalidEncoding as error:
            return f"it is no entry: {error}"
        if isinstance(entry, Act):
            is_followed = isinstance(entry.body, _OF_LEDGER) or entry.scope == self._only
        else:
            is_followed = entry.election == self._only
        if self._only is None:  # then no election is announced: a new one may be, all else is C06
            is_followed = not (isinstance(entry, Act) and isinstance(entry.body, Announce))
        return "" if is_followed else "its election is not followed here"

    def meet(self, index: int, name: bytes) -> None:
        """Note an entry of the log."""
        for case in self._by_entry.get(name, ()):
            if case.found is None:
                case.found = index

    def asks_at(self, position: int) -> bool:
        """Whether the rules are to be asked about a promised entry at a position."""
        return any(case.asks_at(position) for case in self._cases)

    def ask(self, state: LedgerState, position: int, time_unix_s: int) -> None:
        """Ask the rules about the promised entries at a position, which the state has reached."""
        for case in self._cases:
            if case.asks_at(position):
                case.item = item = _current(case, state)
                try:
                    state.check_acceptable(item, time_unix_s)
                except Rejected as refusal:
                    case.refused = f"{refusal.check} refuses it at {position}: {refusal.why}"

    def finish(self, state: LedgerState | None) -> None:
        """Say what became of each; `None`: the entries could not be judged to the end."""
        for case in self._cases:
            standing = UNJUDGED if state is None else self._standing(case, state)
            if standing:
                self._report.standings.append((case.name, standing))

    def _standing(self, case: _Case, state: LedgerState) -> str:
        ledger_id, gateways = state.view.ledger_id, state.view.gateways
        assert ledger_id is not None, "the entries were judged to the end"
        try:
            check_promise(case.promise, ledger_id, gateways)
        except InvalidPromise as error:
            self._report.fail("C25", None, f"{case.name}: {error}")
            return ""
        if case.found is not None and (case.due is None or case.found < case.due):
            return Standing.KEPT.value
        if case.due is None:
            return Standing.OPEN.value
        if case.refused:
            return f"{Standing.VOID.value}: {case.refused}"
        self._report.fail("C25", None, f"{case.name}: the promise is broken")
        return Standing.BROKEN.value


def _current(case: _Case, state: LedgerState) -> Admitted:
    """Admit the entry, again where facts came since."""
    item, facts = case.item, state.view.facts
    is_early = isinstance(item, NotAdmitted) and item.early_for not in (None, facts)
    if item is None or is_early:
        (item,) = admit(facts, [case.data], 1)
    return item
