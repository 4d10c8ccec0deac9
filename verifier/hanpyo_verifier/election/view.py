"""The view of one election: its phases, and how each entry is judged (protocol.md 10)."""

from collections.abc import Callable
from dataclasses import dataclass

from hanpyo_verifier.election import entries as e
from hanpyo_verifier.election.ballots import BallotKeys, Verdict
from hanpyo_verifier.election.ceremony import Ceremony, slot_keys
from hanpyo_verifier.election.counting import Counting, Sums
from hanpyo_verifier.election.entries import Act, Cast, Entry
from hanpyo_verifier.election.generators import Generators
from hanpyo_verifier.election.manifest import Manifest
from hanpyo_verifier.election.roll import Effect, Roll
from hanpyo_verifier.election.signatures import Keys, Signers, check_signatures
from hanpyo_verifier.election.tally import Tally
from hanpyo_verifier.election.voters import OnCount, Voters
from hanpyo_verifier.errors import RefusedError

DRAFT, READY, VOTING, PAUSED = "draft", "ready", "voting", "paused"
CLOSED, TALLIED, CANCELED, NOT_OPENABLE = "closed", "tallied", "canceled", "not openable"

_LIVE = (DRAFT, READY, VOTING, PAUSED)
_CEREMONY = (e.COMMIT, e.REVEAL, e.DEAL, e.COMPLAIN, e.CONFIRM, e.DROP)
_AFTER_SEAL = (e.ROLL_CHANGE, e.ENROLL, e.REPLACE)
_TALLY = (e.SEAL, e.LOST, e.NOT_OPENABLE, e.SHARE, e.RESULT, e.OUTCOME)
_BY_TRUSTEE = (e.COMMIT, e.REVEAL, e.DEAL, e.COMPLAIN, e.CONFIRM, e.SEAL, e.SHARE)
_BY_NOBODY = (e.RESULT, e.OUTCOME)

PHASES: dict[int, tuple[str, ...]] = {
    e.ROLL_CHUNK: (DRAFT,),
    e.ROLL_SEAL: (DRAFT,),
    **dict.fromkeys(_AFTER_SEAL, _LIVE),
    **dict.fromkeys(_CEREMONY, (DRAFT,)),
    e.OPEN: (READY,),
    e.PAUSE: (VOTING,),
    e.CAST: (VOTING,),
    e.RESUME: (PAUSED,),
    e.EXTEND: (VOTING, PAUSED),
    e.CLOSE: (VOTING, PAUSED),
    e.CANCEL: _LIVE,
    **dict.fromkeys(_TALLY, (CLOSED,)),
}


@dataclass(frozen=True)
class Place:
    """Where an entry is judged, and what is known of it there."""

    index: int
    time: int  # of its block
    entry_hash: bytes
    duplicate: bool
    proofs: Callable[[], Verdict]  # of a cast (C16, C17, C18) or an enroll (C12)


@dataclass(frozen=True)
class Hooks:
    """What the view asks of the verifier around it."""

    on_count: OnCount
    closing: Callable[[], tuple[int, bytes]]  # size and root of the log so far
    sums: Callable[[], Sums]


class Election:
    """The view of one announced election."""

    def __init__(
        self, ids: tuple[bytes, bytes], manifest: Manifest, keys: Keys, hooks: Hooks
    ) -> None:
        self.ledger_id, self.election_id = ids
        self.manifest = manifest
        self._keys = keys.with_manifest(manifest)
        self._hooks = hooks
        self.roll = Roll(manifest)
        self.ceremony = Ceremony(self.election_id, manifest)
        self._counting = Counting(manifest)
        self._voters = Voters(manifest, self.roll, self._counting, ids, hooks.on_count)
        self.tally: Tally | None = None
        self._phase = DRAFT
        self._organizer_acts = 0
        self._trustee_acts = [0] * (len(manifest.trustees) + 1)
        self._opened = 0
        self._end = manifest.closes

    @property
    def phase(self) -> str:
        """The phase (10)."""
        if self._phase == DRAFT and self.roll.sealed and self.ceremony.complete:
            return READY
        return self._phase

    def ballot_keys(self, generators: Generators) -> BallotKeys:
        """What ballots are proved under, once the ceremony is complete."""
        return BallotKeys(
            self.election_id,
            self.ceremony.joint_key_digest,
            self.manifest.contests,
            self.manifest.styles,
            slot_keys(self.ceremony),
            generators,
        )

    def row_of_ballot(self, row: int) -> tuple[int, list[int]]:
        """Returns a row's weight, and its part for each contest of its style."""
        style, district = self.roll.styles[row], self.roll.districts[row]
        return self.roll.weights[row], self._counting.parts_of(style, district)

    def judge(self, entry: Entry, place: Place) -> Effect:
        """Judges an entry of this election; returns its effect or raises RefusedError."""
        if isinstance(entry, Cast):
            return self._judge_cast(entry, place)
        signer, by_organizers = self._check_signed(entry)
        self._check_phase(entry)
        effect = self._judge_act(entry, signer, place)

        def with_number() -> None:
            effect()
            self._organizer_acts += by_organizers
            if entry.kind in _BY_TRUSTEE:
                self._trustee_acts[signer] += 1

        return with_number

    def _check_signed(self, act: Act) -> tuple[int, bool]:
        """Checks signatures and number; returns the signer and whether the number is counted."""
        signers, number_of_organizers = self._signers(act)
        signer = check_signatures(self.ledger_id, act, signers, self._keys)
        number = 0
        if act.kind in _BY_TRUSTEE:
            number = self._trustee_acts[signer] + 1
        elif number_of_organizers:
            number = self._organizer_acts + 1
        if act.number != number:
            raise RefusedError("C07", f"number {act.number} stands where {number} belongs")
        return signer, number_of_organizers

    def _signers(self, act: Act) -> tuple[Signers, bool]:
        """Returns who must sign, and whether the act carries the organizers' number."""
        kind = act.kind
        if kind in _BY_TRUSTEE:
            return Signers(trustee=True), False
        if kind in _BY_NOBODY:
            return Signers(), False
        if kind in (e.ROLL_CHUNK, e.ENROLL):
            return Signers(registrar=True), False
        if kind == e.REPLACE:
            recorded = self._voters.has_recorded(act.body[0])
            return Signers(registrar=True, organizers=recorded), False
        if kind in (e.OPEN, e.CLOSE):
            announced = self.manifest.opens if kind == e.OPEN else self.manifest.closes
            return Signers(organizers=announced is None), announced is None
        with_registrar = kind in (e.ROLL_SEAL, e.ROLL_CHANGE)
        return Signers(organizers=True, registrar=with_registrar), True

    def _check_phase(self, entry: Entry) -> None:
        kind = e.CAST if isinstance(entry, Cast) else entry.kind
        name = e.kind_name(kind)
        if self.phase not in PHASES[kind]:
            raise RefusedError("C15", f"{name} has no place in phase {self.phase}")
        if kind in (e.ROLL_CHUNK, e.ROLL_SEAL) and self.roll.sealed:
            raise RefusedError("C15", f"{name} after the roll was sealed")
        if kind in _AFTER_SEAL and not self.roll.sealed:
            raise RefusedError("C15", f"{name} before the roll is sealed")
        if kind in _CEREMONY and (self.ceremony.complete or self.ceremony.failed):
            raise RefusedError("C15", f"{name} after the ceremony has ended")

    def _judge_act(self, act: Act, signer: int, place: Place) -> Effect:
        if act.kind in _CEREMONY:
            return self.ceremony.judge(act, signer, place.entry_hash)
        if act.kind in _TALLY:
            return self._judge_tally(act, signer)
        if act.kind in (e.OPEN, e.PAUSE, e.RESUME, e.EXTEND, e.CANCEL, e.CLOSE):
            return self._judge_phase_change(act, place.time)
        return self._judge_roll(act, place)

    def _judge_roll(self, act: Act, place: Place) -> Effect:
        body = act.body
        if act.kind == e.ROLL_CHUNK:
            return self.roll.judge_chunk(body[0], body[1])
        if act.kind == e.ROLL_SEAL:
            return self.roll.judge_seal(body[0], body[1], body[2])
        if act.kind == e.ROLL_CHANGE:
            return self.roll.judge_change(body[0], body[1], may_change=self.phase in (DRAFT, READY))
        if act.kind == e.ENROLL:
            return self._voters.judge_enroll(body[0], lambda: place.proofs() is None)
        return self._voters.judge_replace(body[0], body[1], body[2], body[3])

    def _judge_phase_change(self, act: Act, time: int) -> Effect:
        if act.kind == e.OPEN:
            opens, closes = self.manifest.opens or 0, self.manifest.closes
            if not opens <= act.body[0] <= time or (closes is not None and time >= closes):
                raise RefusedError("C15", "the time of opening does not fit")
            return lambda: self._enter(VOTING, opened=act.body[0])
        if act.kind == e.CLOSE:
            end = self._opened if self._end is None else self._end
            if not end <= act.body[0] <= time:
                raise RefusedError("C15", "the time of closing does not fit")
            return self._close
        if act.kind == e.EXTEND:
            if self._end is None or not time < self._end < act.body[0]:
                raise RefusedError("C15", "there is no end to extend to this time")
            return lambda: self._enter(self._phase, end=act.body[0])
        phases = {e.PAUSE: PAUSED, e.RESUME: VOTING, e.CANCEL: CANCELED}
        return lambda: self._enter(phases[act.kind])

    def _enter(self, phase: str, *, opened: int | None = None, end: int | None = None) -> None:
        self._phase = phase
        self._opened = self._opened if opened is None else opened
        self._end = self._end if end is None else end

    def _close(self) -> None:
        self._phase = CLOSED
        self.tally = Tally(
            self.election_id,
            self.manifest,
            (self.roll, self.ceremony, self._counting),
            self._hooks.closing(),
            self._hooks.sums,
        )

    def _judge_tally(self, act: Act, signer: int) -> Effect:
        if self.tally is None:
            raise RefusedError("C15", "the election is not closed")
        effect = self.tally.judge(act, signer)

        def with_phase() -> None:
            effect()
            if act.kind == e.OUTCOME:
                self._phase = TALLIED
            elif act.kind == e.NOT_OPENABLE:
                self._phase = NOT_OPENABLE

        return with_phase

    def _judge_cast(self, cast: Cast, place: Place) -> Effect:
        if not self.ceremony.complete:
            raise RefusedError("C15", "there is no joint key yet")
        verdict = place.proofs()
        if verdict is not None:
            raise RefusedError(*verdict)
        self._check_phase(cast)
        return self._voters.judge_cast(cast, place.index)
