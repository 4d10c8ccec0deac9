"""Promises of gateways, judged against a record (protocol.md 9.7, C25)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hanpyo_verifier.election.ballots import BallotVerifier, Verdict
from hanpyo_verifier.election.entries import ANNOUNCE, Cast, Entry, decode_entry
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
    """A promise in its form; whether its signature holds is another question."""

    ledger_id: bytes
    entry_hash: bytes
    size: int
    time: int
    gateway: bytes
    signature: bytes

    def holds(self) -> bool:
        """Tells whether the gateway's key is one, and its signature holds."""
        key = public_key(self.gateway)
        parts = self.ledger_id, self.entry_hash, u64(self.size), u64(self.time)
        return key is not None and key.verify(frame("promise", *parts), self.signature)


def read_promise(data: bytes) -> Promise:
    """Reads a promise; raises MalformedError."""
    promise = Promise(*_fields(cbor.decode(data), bytes, bytes, int, int, bytes, bytes))
    lengths = [len(promise.ledger_id), len(promise.entry_hash), len(promise.gateway)]
    if lengths != [32, 32, 32] or len(promise.signature) != 64:
        raise MalformedError("a field of the promise is not of its length")
    return promise


def read_promise_file(data: bytes) -> tuple[Promise, bytes]:
    """Reads a promise file: the promise and its entry; raises MalformedError."""
    promise_bytes, entry = _fields(cbor.decode(data), bytes, bytes)
    promise = read_promise(promise_bytes)
    if hashlib.sha256(entry).digest() != promise.entry_hash:
        raise MalformedError("the entry is not the one promised")
    return promise, entry


def _fields(value: Any, *types: type) -> list[Any]:
    if not isinstance(value, dict) or list(value) != list(range(len(types))):
        raise MalformedError("not the map of a promise")
    if any(type(value[key]) is not type_ for key, type_ in enumerate(types)):
        raise MalformedError("a field of the promise is not of its type")
    return list(value.values())


class _Case:
    """One promise under judgment."""

    def __init__(self, name: str, promise: Promise, data: bytes, log: Log) -> None:
        self.name = name
        self.promise = promise
        self.data = data
        self.entry: Entry | None
        try:
            self.entry = decode_entry(data)
        except MalformedError:
            self.entry = None
        # Up to which position the entry must be included; None: its time has not come.
        self.bound = log.times.size_at_time(promise.time)
        self.by_block = self.bound is not None
        if self.bound is None and log.timestamp >= promise.time:
            self.bound = log.size
        self.found: int | None = None
        self.void: str | None = None if self.entry is not None else "it is no entry"
        self.foreign = False  # of an election that is not followed
        self.proofs: Verdict = None
        self.proofs_known = False

    def concerns(self, position: int) -> bool:
        """Tells whether the rules must be asked at this position."""
        return (
            self.void is None
            and self.found is None
            and not self.foreign
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
                promise, entry = read_promise_file(data)
                if promise.ledger_id != ledger.ledger_id:
                    raise MalformedError("the promise is of another ledger")
                if not promise.holds():
                    raise MalformedError("the gateway's signature does not hold")
            except MalformedError as error:
                report.fail("C25", None, f"{name}: {error}")
                continue
            case = _Case(name, promise, entry, log)
            case.foreign = case.entry is not None and self._is_foreign(case.entry)
            self._cases.append(case)
            self._by_leaf.setdefault(leaf_hash(entry), []).append(case)

    def _is_foreign(self, entry: Entry) -> bool:
        if self._ledger.follows(entry):
            return False
        if isinstance(entry, Cast):
            return entry.election in self._log.announced
        return entry.kind == ANNOUNCE or entry.scope in self._log.announced

    def judge_at(self, position: int, make_verifier: MakeVerifier) -> None:
        """Asks the rules about every promised entry at a position."""
        for case in self._cases:
            if case.concerns(position) and case.entry is not None:
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
            elif case.kept or (case.foreign and case.found is not None):
                self._report.notes.append(f"Promise {case.name}: kept")
            elif case.foreign:
                why = "its entry is of an election that is not followed"
                self._report.notes.append(f"Promise {case.name}: not judged, {why}")
            elif case.bound is None or case.promise.size > self._log.size:
                self._report.notes.append(f"Promise {case.name}: open")
            elif case.void is not None:
                self._report.notes.append(f"Promise {case.name}: void, {case.void}")
            else:
                self._report.fail("C25", None, f"{case.name}: the promise is broken")
