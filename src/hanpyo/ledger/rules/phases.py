"""Rules for the phases of an election: which kinds of entries it takes when, and what moves it."""

from hanpyo.errors import Rejected
from hanpyo.ledger.entry import (
    Cancel,
    Cast,
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
    Quorum,
    Replace,
    Result,
    Resume,
    Reveal,
    RollChange,
    RollChunk,
    RollSeal,
    Seal,
    Share,
)
from hanpyo.ledger.rules.changes import (
    PhaseChanged,
    VotingClosed,
    VotingExtended,
    VotingOpened,
)
from hanpyo.ledger.view import ElectionView, Phase

AHEAD = "the act's time is ahead of the ledger's clock"
_DRAFT = frozenset({Phase.DRAFT})
_VOTING = frozenset({Phase.VOTING})
_BEGUN = frozenset({Phase.VOTING, Phase.PAUSED})
_BEFORE_CLOSING = frozenset({Phase.DRAFT, Phase.READY, Phase.VOTING, Phase.PAUSED})
_CLOSED = frozenset({Phase.CLOSED})

PHASES: dict[type, frozenset[Phase]] = {
    **dict.fromkeys((RollChunk, RollSeal), _DRAFT),
    **dict.fromkeys((RollChange, Enroll, Replace, Cancel), _BEFORE_CLOSING),
    **dict.fromkeys((Commit, Reveal, Deal, Complain, Confirm, Drop), _DRAFT),
    Open: frozenset({Phase.READY}),
    **dict.fromkeys((Pause, Cast), _VOTING),
    Resume: frozenset({Phase.PAUSED}),
    **dict.fromkeys((Extend, Close), _BEGUN),
    **dict.fromkeys((Seal, Lost, NotOpenable, Quorum, Share, Result, Outcome), _CLOSED),
}
_BEFORE_SEAL = (RollChunk, RollSeal)
_AFTER_SEAL = (RollChange, Enroll, Replace)


def check_phase(election: ElectionView, body: object) -> None:
    """Refuse an entry outside its phases.

    Raises:
        Rejected: C15.
    """
    if election.phase not in PHASES[type(body)]:
        raise Rejected("C15", f"{_name(body)} has no place while {election.phase.value}")
    if isinstance(body, _BEFORE_SEAL) and election.sealed_rows is not None:
        raise Rejected("C15", f"{_name(body)} has no place after the roll was sealed")
    if isinstance(body, _AFTER_SEAL) and election.sealed_rows is None:
        raise Rejected("C15", f"{_name(body)} has no place before the roll is sealed")


def open_voting(election: ElectionView, body: Open, block_time_unix_s: int) -> VotingOpened:
    """Decide the beginning of voting: not before it is announced, not after its end."""
    manifest = election.manifest
    if body.time_unix_s > block_time_unix_s:
        raise Rejected("C15", AHEAD)
    if body.time_unix_s < (manifest.opens or 0):
        raise Rejected("C15", "the opening is before its announced time")
    if manifest.closes is not None and block_time_unix_s >= manifest.closes:
        raise Rejected("C15", "the announced end has passed")
    return VotingOpened(body.time_unix_s)


def close_voting(election: ElectionView, body: Close, block_time_unix_s: int) -> VotingClosed:
    """Decide the end of voting: not before it is announced, or before voting was opened."""
    earliest = election.ends_unix_s
    if earliest is None:
        earliest = election.opened_unix_s
    assert earliest is not None, "voting was opened"
    if body.time_unix_s > block_time_unix_s:
        raise Rejected("C15", AHEAD)
    if body.time_unix_s < earliest:
        raise Rejected("C15", "the closing is before its due time")
    return VotingClosed()


def extend_voting(election: ElectionView, body: Extend, block_time_unix_s: int) -> VotingExtended:
    """Decide a later end, while the announced one has not come."""
    ends = election.ends_unix_s
    if ends is None:
        raise Rejected("C15", "no end is announced that could be extended")
    if not block_time_unix_s < ends < body.end_unix_s:
        raise Rejected("C15", "the end has come, or the new end is not later")
    return VotingExtended(body.end_unix_s)


def change_phase(body: Pause | Resume | Cancel) -> PhaseChanged:
    """Decide what the phase alone allows."""
    phases = {Pause: Phase.PAUSED, Resume: Phase.VOTING, Cancel: Phase.CANCELED}
    return PhaseChanged(phases[type(body)])


def _name(body: object) -> str:
    return f"an entry of kind {type(body).__name__.lower()!r}"
