"""Plays organizer, registrar and trustees of one election, step by step, through a ledger."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from hanpyo import trustee
from hanpyo.election.manifest import Manifest, election_id, encode_manifest
from hanpyo.errors import NotYet
from hanpyo.ledger.entry import Close, Enroll, Open, Outcome, encode_entry
from hanpyo.ledger.reader import LedgerReader
from hanpyo.node.storage.records import download_record
from hanpyo.office.acts import sign_act
from hanpyo.office.announcement import announcement
from hanpyo.office.desk import Desk
from hanpyo.office.results import ContestResult, read_results
from hanpyo.office.roll import PublishedRoll, chunk_entries, seal_body
from hanpyo.office.sending import patiently, wait_recorded
from hanpyo.rehearsal.machine import TrusteeMachine, Work
from hanpyo.rehearsal.parties import THRESHOLD, Parties, Roll, Voter, draw_up
from hanpyo.rehearsal.place import Place
from hanpyo.verify import Progress

ENROLL_ROWS = 500  # in one act
ADDRESS = "a ledger of this rehearsal"
TALLY_SECONDS_MAX = 600.0
LOOK_SECONDS = 0.1


class Watch(Protocol):
    """Shows a person what is going on, and how far it is."""

    def __call__(self, what: str, /) -> AbstractContextManager[Progress]:
        """Begin to show a step."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """What an election came to."""

    manifest: Manifest
    results: list[ContestResult]
    roll_size: int

    def totals(self) -> dict[str, dict[str, int]]:
        """Give the totals by contest and option; a contest that was not opened is left out."""
        return {
            each.contest.id: {
                option.id: total
                for option, total in zip(each.contest.options, each.counted.totals, strict=True)
            }
            for each in self.results
            if each.counted is not None
        }


class Player:
    """Holds one election at a place; the caller lets the voters vote.

    Attributes:
        election_id: known once it is announced.
        machines: the trustees'.
        roll: known once it is sealed.
    """

    def __init__(self, place: Place, parties: Parties, manifest: Manifest, threads: int) -> None:
        self.place = place
        self.parties = parties
        self.manifest = manifest
        self._threads = threads
        reader = LedgerReader(place.ledger, place.clock())
        self.ledger_id, self.membership = reader.ledger_id, reader.membership
        data = encode_manifest(manifest)
        self.election_id = election_id(self.ledger_id, data)
        self._manifest_bytes = data
        self.machines = [
            TrusteeMachine(place, self.election_id, seed, threads) for seed in parties.trustee_seeds
        ]
        self.roll = Roll([], [])

    def desk(self) -> Desk:
        """Take up the election as the ledger shows it now."""
        return Desk(self.place.ledger, ADDRESS, self.election_id, self.place.clock())

    def announce(self) -> None:
        """Let the operator admit the election."""
        prepared = announcement(self._manifest_bytes, self.ledger_id, ADDRESS)
        signed = sign_act(prepared, self.manifest, self.parties.organizer)
        admission = patiently(
            lambda: self.place.announce(self._manifest_bytes, signed.act.signatures)
        )
        last = admission.verdicts[-1].entry_hash
        self.place.ledger.wait(last, TALLY_SECONDS_MAX)

    def make_key(self) -> None:
        """Hold the ceremony: each trustee does each step from what it checked itself."""
        draws = self.parties.draws("ceremony")

        def draw(_count: int) -> bytes:
            return next(draws)

        steps: tuple[Work, ...] = (
            partial(trustee.commit, draw=draw),
            partial(trustee.reveal, draw=draw),
            trustee.deal,
            trustee.confirm,
        )
        for step in steps:
            for machine in self.machines:
                machine.take_part(step)

    def seal_roll(self, voters: Sequence[Voter]) -> None:
        """Publish and seal the roll."""
        self.roll = draw_up(self.parties, voters)
        desk, registrar = self.desk(), self.parties.registrar
        empty = PublishedRoll((), 0, sealed=False)
        desk.send(chunk_entries(desk, registrar, empty, self.roll.rows))
        desk = self.desk()
        prepared = desk.prepare(seal_body(self.roll.rows))
        desk.send_act(desk.sign(prepared, [self.parties.organizer, registrar]).act)

    def enroll(self, advance: Progress) -> None:
        """Bind every voter's credential to the voter's row."""
        desk, count = self.desk(), len(self.roll.rows)
        for start in range(0, count, ENROLL_ROWS):
            stop = min(start + ENROLL_ROWS, count)
            body = Enroll(
                tuple(
                    self.roll.enrollment(self.parties, row, self.ledger_id, self.election_id)
                    for row in range(start, stop)
                )
            )
            entry = encode_entry(desk.sign(desk.prepare(body), [self.parties.registrar]).act)
            patiently(partial(self.place.ledger.submit, [entry]))
            advance(stop, count)
        wait_recorded(self.place.ledger, self.membership, entry)

    def open(self) -> None:
        """Open voting."""
        self._organize(Open(self.place.clock()))

    def close(self) -> None:
        """Close voting."""
        self._organize(Close(self.place.clock()))

    def _organize(self, body: Open | Close) -> None:
        desk = self.desk()
        act = desk.sign(desk.prepare(body), [self.parties.organizer]).act
        desk.send_act(act)

    def write_record(self, path: Path) -> int:
        """Write the ledger's log as a record; gives the number of entries."""
        return download_record(self.place.ledger, path, self.place.clock())

    def verify_and_seal(self, record: Path, watch: Watch) -> None:
        """Let each trustee verify the record of the closed election by itself, and seal it."""
        for number, machine in enumerate(self.machines, 1):
            with watch(f"trustee {number} verifies the record") as advance:
                machine.verify(record, advance)
            machine.seal()
            if number > THRESHOLD:
                machine.rest()

    def decrypt(self) -> Held:
        """Let as many trustees as are needed give their shares; the clerk posts the result."""
        draws = self.parties.draws("shares")
        for machine in self.machines[:THRESHOLD]:
            machine.decrypt(lambda _count: next(draws))
            machine.rest()
        until = time.monotonic() + TALLY_SECONDS_MAX
        while not self.place.ledger.find(self.election_id, (Outcome.kind,)):
            if time.monotonic() > until:
                raise NotYet("the ledger's clerk has not posted the result")
            time.sleep(LOOK_SECONDS)
        results = read_results(self.desk())
        return Held(self.manifest, results, len(self.roll.rows))
