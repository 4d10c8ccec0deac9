"""Where an election stands, by look-ups: no ballot is read for it."""

from dataclasses import dataclass

from hanpyo.election.manifest import Manifest
from hanpyo.election.tally import has_enough_seals
from hanpyo.ledger.bodies import (
    Cancel,
    Close,
    Commit,
    Complain,
    Confirm,
    Deal,
    Drop,
    Enroll,
    Extend,
    Lost,
    NotOpenable,
    Open,
    Outcome,
    Pause,
    Replace,
    Resume,
    Reveal,
    RollChange,
    RollChunk,
    RollSeal,
    Seal,
    Share,
)
from hanpyo.ledger.entry import Act, Cast
from hanpyo.ledger.view import Phase
from hanpyo.office.desk import Desk

_STATE_KINDS = tuple(
    body.kind
    for body in (
        *(RollSeal, RollChange, Complain, Confirm, Drop, Open, Pause, Resume, Extend, Cancel),
        *(Close, Seal, Lost, NotOpenable, Outcome),
    )
)
_EXTEND = (Extend.kind,)
_STEPS = {
    "commit": Commit.kind,
    "reveal": Reveal.kind,
    "deal": Deal.kind,
    "confirm": Confirm.kind,
}


@dataclass(frozen=True, slots=True)
class Status:
    """Where an election stands.

    Attributes:
        word: the phase in people's words.
        reason: what was said at the last pause, resumption, cancellation or end.
        ends_unix_s: the announced or extended end, `None` where organizers close.
        rows, weight: the sealed roll, additions included; 0 before the seal.
        attempt: of the key ceremony; trustees done by step are in `done`.
        dropped: how many trustees were dropped.
    """

    phase: Phase
    word: str
    reason: str
    ends_unix_s: int | None
    rows: int
    weight: int
    enrollments: int
    replacements: int
    ballots: int
    attempt: int
    done: dict[str, tuple[int, ...]]
    sealed: tuple[int, ...]
    lost: tuple[int, ...]
    shared: tuple[int, ...]


def current_attempt(desk: Desk) -> int:
    """Give the number of the ceremony's attempt: each judged complaint and drop begins another."""
    return len(desk.reader.find(desk.election_id, (Complain.kind, Drop.kind))) + 1


def announced_end(desk: Desk) -> int | None:
    """Tell when voting ends, extensions included; `None`: when organizers say so."""
    return _end(desk.manifest, [act for _, act in desk.reader.acts(desk.election_id, _EXTEND)])


def read_status(desk: Desk) -> Status:
    """Read where an election stands."""
    acts = [act for _, act in desk.reader.acts(desk.election_id, _STATE_KINDS)]
    attempt = current_attempt(desk)
    done = {name: _signers(desk, kind, attempt) for name, kind in _STEPS.items()}
    sealed = _parties(acts, Seal)
    lost = tuple(
        trustee for act in acts if isinstance(act.body, Lost) for trustee in act.body.trustees
    )
    phase = _phase(desk.manifest, acts, attempt, done["confirm"])
    threshold = desk.manifest.trustees.threshold
    enough = has_enough_seals(done["confirm"], sealed, lost, threshold)
    reasoned = [
        act.body for act in acts if isinstance(act.body, Pause | Resume | Cancel | NotOpenable)
    ]
    rows, weight = _roll_size(desk, acts)
    return Status(
        phase=phase,
        word=_word(phase, enough=enough),
        reason=reasoned[-1].reason if reasoned else "",
        ends_unix_s=_end(desk.manifest, acts),
        rows=rows,
        weight=weight,
        enrollments=_enrollments(desk),
        replacements=len(desk.reader.find(desk.election_id, (Replace.kind,))),
        ballots=len(desk.reader.find(desk.election_id, (Cast.kind,))),
        attempt=attempt,
        done=done,
        sealed=sealed,
        lost=lost,
        shared=_signers(desk, Share.kind, None),
    )


def _phase(manifest: Manifest, acts: list[Act], attempt: int, confirmed: tuple[int, ...]) -> Phase:
    kinds = [type(act.body) for act in acts]
    for body, phase in (
        (Outcome, Phase.TALLIED),
        (NotOpenable, Phase.NOT_OPENABLE),
        (Cancel, Phase.CANCELED),
        (Close, Phase.CLOSED),
    ):
        if body in kinds:
            return phase
    moves = [kind for kind in kinds if kind in {Open, Pause, Resume}]
    if moves:
        return Phase.PAUSED if moves[-1] is Pause else Phase.VOTING
    taking_part = len(manifest.trustees.parties) - (attempt - 1)
    has_key = len(confirmed) == taking_part >= manifest.trustees.least
    return Phase.READY if RollSeal in kinds and has_key else Phase.DRAFT


def _word(phase: Phase, *, enough: bool) -> str:
    if phase is Phase.CLOSED:
        return "Counting" if enough else "Closed"
    return {
        Phase.DRAFT: "Draft",
        Phase.READY: "Scheduled",
        Phase.VOTING: "Open",
        Phase.PAUSED: "Paused",
        Phase.TALLIED: "Final",
        Phase.CANCELED: "Canceled",
        Phase.NOT_OPENABLE: "Ended without a result",
    }[phase]


def _end(manifest: Manifest, acts: list[Act]) -> int | None:
    ends = [act.body.end_unix_s for act in acts if isinstance(act.body, Extend)]
    return ends[-1] if ends else manifest.closes


def _roll_size(desk: Desk, acts: list[Act]) -> tuple[int, int]:
    """Give rows and weight; changed rows are looked at only where there are any."""
    rows = weight = 0
    for act in acts:
        if isinstance(act.body, RollSeal):
            rows, weight = act.body.count, act.body.weight
        elif isinstance(act.body, RollChange):
            if act.body.changed:
                return _published_size(desk)
            rows += len(act.body.new)
            weight += sum(row.weight for row in act.body.new)
    return rows, weight


def _published_size(desk: Desk) -> tuple[int, int]:
    weights: list[int] = []
    for _, act in desk.reader.acts(desk.election_id, (RollChunk.kind, RollChange.kind)):
        if isinstance(act.body, RollChunk):
            weights += [row.weight for row in act.body.rows]
        elif isinstance(act.body, RollChange):
            for each in act.body.changed:
                weights[each.row] = each.weight
            weights += [row.weight for row in act.body.new]
    return len(weights), sum(weights)


def _enrollments(desk: Desk) -> int:
    """Count the rows that have a credential."""
    rows: set[int] = set()
    for _, act in desk.reader.acts(desk.election_id, (Enroll.kind,)):
        if isinstance(act.body, Enroll):
            rows.update(each.row for each in act.body.rows)
    return len(rows)


def _parties(acts: list[Act], body: type[Seal]) -> tuple[int, ...]:
    return tuple(sorted(act.signatures[0].party for act in acts if isinstance(act.body, body)))


def _signers(desk: Desk, kind: int, attempt: int | None) -> tuple[int, ...]:
    """Give the trustees who published an act of this kind, in this attempt of the ceremony."""
    signers = set()
    for _, act in desk.reader.acts(desk.election_id, (kind,)):
        if attempt is None or getattr(act.body, "attempt", None) == attempt:
            signers.add(act.signatures[0].party)
    return tuple(sorted(signers))
