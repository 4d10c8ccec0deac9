"""Promises of gateways, judged against a record (protocol.md 9.7, C25)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hanpyo_verifier.election.ballots import BallotVerifier, Verdict
from hanpyo_verifier.election.entries import Cast, Entry, decode_entry
from hanpyo_verifier.election.ledger import Ledger
from hanpyo_verifier.election.schnorr import check_possessions
from hanpyo_verifier.election.view import Place
from hanpyo_verifier.encoding import cbor
from hanpyo_verifier.errors import MalformedError, RefusedError
from hanpyo_verifier.group.ed25519 import public_key
from hanpyo_verifier.hashing.frames import frame, u64
from hanpyo_verifier.log.check import Log
from hanpyo_verifier.log.merkle import leaf_hash
from hanpyo_verifier.report import Report

MAX_PROMISE_FILE = 70_000

MakeVerifier = Callable[[], BallotVerifier | None]


@dataclass(frozen=True)
class Promise:
    """A promise file whose form and signature hold."""

    data: bytes  # the entry
    entry_hash: bytes
    size: int
    time: int
    gateway: bytes


def parse_promise(data: bytes, ledger_id: bytes) -> Promise:
    """Reads a promise file; raises MalformedError."""
    outer = cbor.decode(data)
    promise, entry = _fields(outer, bytes, bytes)
    fields = _fields(cbor.decode(promise), bytes, bytes, int, int, bytes, bytes)
    ledger, entry_hash, size, time, gateway, signature = fields
    if ledger != ledger_id:
        raise MalformedError("the promise is of another ledger")
    if hashlib.sha256(entry).digest() != entry_hash:
        raise MalformedError("the entry is not the one promised")
    key = public_key(gateway)
    message = frame("promise", ledger, entry_hash, u64(size), u64(time))
    if key is None or not key.verify(message, signature):
        raise MalformedError("the gateway's signature does not hold")
    return Promise(entry, entry_hash, size, time, gateway)


def _fields(value: Any, *types: type) -> list[Any]:
    if not isinstance(value, dict) or list(value) != list(range(len(types))):
        raise MalformedError("not the map of a promise")
    if any(type(value[key]) is not type_ for key, type_ in enumerate(types)):
        raise MalformedError("a field of the promise is not of its type")
    return list(value.values())


class _Case:
    """One promise under judgment."""

    def __init__(self, name: str, promise: Promise, log: Log) -> None:
        self.name = name
        self.promise = promise
        self.entry: Entry | None
        try:
            self.entry = decode_entry(promise.data)
        except MalformedError:
            self.entry = None
        # Up to which position the entry must be included; None: its time has not come.
        self.bound = log.times.size_at_time(promise.time)
        self.by_block = self.bound is not None
        if self.bound is None and log.timestamp >= promise.time:
            self.bound = log.size
        self.found: int | None = None
        self.void: str | None = None if self.entry is not None else "it is no entry"
        self.proofs: Verdict = None
        self.proofs_known = False

    def concerns(self, position: int) -> bool:
        """Tells whether the rules must be asked at this position."""
        return (
            self.void is None
            and self.found is None
            and self.bound is not None
            and self.promise.size <= position <= self.bound
        )

    @property
    def kept(self) -> bool:
        """Tells whether the entry is in the log in time."""
        if self.found is None:
            return False
        return not self.by_block or self.bound is None or self.found < self.bound


class Promises:
    """All promises given beside a record."""

    def __init__(
        self, given: list[tuple[str, bytes | None]], log: Log, ledger: Ledger, report: Report
    ) -> None:
        self._log = log
        self._ledger = ledger
        self._report = report
        self._cases: list[_Case] = []
        self._by_leaf: dict[bytes, list[_Case]] = {}
        for name, data in given:
            report.count("C25")
            try:
                if data is None:
                    raise MalformedError("the file cannot be read or is too long")
                case = _Case(name, parse_promise(data, ledger.ledger_id), log)
            except MalformedError as error:
                report.fail("C25", None, f"{name}: {error}")
                continue
            self._cases.append(case)
            self._by_leaf.setdefault(leaf_hash(case.promise.data), []).append(case)

    def judge_at(self, position: int, make_verifier: MakeVerifier) -> None:
        """Asks the rules about every promised entry at a position."""
        for case in self._cases:
            if case.concerns(position) and case.entry is not None:
                if not self._ledger.follows(case.entry):
                    case.void = "it belongs to an election that was not followed"
                    continue
                self._judge(case, case.entry, position, make_verifier)

    def _judge(self, case: _Case, entry: Entry, position: int, make_verifier: MakeVerifier) -> None:
        def proofs() -> Verdict:
            if not case.proofs_known:
                case.proofs_known = True
                case.proofs = self._prove(entry, make_verifier())
            return case.proofs

        place = Place(
            position, self._log.times.at(position), case.promise.entry_hash, False, proofs
        )
        try:
            self._ledger.judge(entry, place)
        except RefusedError as refused:
            case.void = f"at position {position}, {refused.check} refuses it: {refused.why}"

    def _prove(self, entry: Entry, verifier: BallotVerifier | None) -> Verdict:
        if isinstance(entry, Cast):
            if verifier is None:
                return "C15", "there is no joint key yet"
            return verifier.check([entry])[0][0]
        batch = [(row, X, proof) for row, X, proof in entry.body[0]]
        ids = self._ledger.ledger_id, entry.scope
        return None if check_possessions(*ids, [batch])[0] else ("C12", "a proof does not hold")

    def meet(self, index: int, leaf: bytes) -> None:
        """Notes where promised entries stand in the log."""
        for case in self._by_leaf.get(leaf, ()):
            if case.found is None:
                case.found = index

    def finish(self) -> None:
        """Says which promises are kept, broken, void or open."""
        for case in self._cases:
            if case.promise.gateway not in self._ledger.gateways:
                self._report.fail("C25", None, f"{case.name}: of no listed gateway")
            elif case.kept:
                self._report.notes.append(f"Promise {case.name}: kept")
            elif case.bound is None or case.promise.size > case.bound:
                self._report.notes.append(f"Promise {case.name}: open")
            elif case.void is not None:
                self._report.notes.append(f"Promise {case.name}: void, {case.void}")
            else:
                self._report.fail("C25", None, f"{case.name}: the promise is broken")
