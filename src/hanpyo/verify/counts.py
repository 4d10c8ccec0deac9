"""What the numbered checks have looked at when an entry was accepted."""

from collections.abc import Iterator

from hanpyo.ledger.admission import CheckedEntry
from hanpyo.ledger.entry import (
    JOINER,
    Act,
    Announce,
    Body,
    Cast,
    Commit,
    Complain,
    Confirm,
    Consortium,
    Deal,
    Drop,
    Enroll,
    Equivocation,
    Gateway,
    Genesis,
    Join,
    Leave,
    Lost,
    ManifestPart,
    NotOpenable,
    Outcome,
    Quorum,
    Replace,
    Result,
    Reveal,
    RollChange,
    RollChunk,
    RollSeal,
    Rotate,
    Seal,
    Share,
)

BALLOT_CHECKS = ("C15", "C16", "C17", "C18")
_MEMBERSHIP = (Consortium, Join, Leave, Rotate, Equivocation)
LEDGER_BODIES = (Genesis, Gateway, ManifestPart, Announce, *_MEMBERSHIP)

_BY_BODY: dict[type[Body], tuple[str, ...]] = {
    Genesis: ("C03",),
    **dict.fromkeys((Gateway, *_MEMBERSHIP), ("C08",)),
    Quorum: ("C21",),
    ManifestPart: ("C09",),
    Announce: ("C09",),
    RollSeal: ("C11",),
    Replace: ("C12",),
    Commit: ("C13",),
    Reveal: ("C13",),
    Deal: ("C13",),
    Complain: ("C13",),
    Drop: ("C13",),
    Confirm: ("C13", "C14"),
    Seal: ("C21",),
    Lost: ("C21",),
    NotOpenable: ("C21",),
    Share: ("C20", "C21", "C22"),
    Result: ("C19", "C20", "C23"),
    Outcome: ("C24",),
}


def checks_of(checked: CheckedEntry) -> Iterator[tuple[str, int]]:
    """Give the checks that an accepted entry passed, C06 aside, and how many things each saw."""
    entry = checked.entry
    if isinstance(entry, Cast):
        yield from ((check, 1) for check in BALLOT_CHECKS)
        return
    yield "C07", len(entry.signatures)
    if not isinstance(entry.body, LEDGER_BODIES):
        yield "C15", 1
    if isinstance(entry.body, Consortium) and entry.signatures[0].role == JOINER:
        yield "C03", 1  # it founds the ledger, where others are handed one over
    else:
        yield from ((check, 1) for check in _BY_BODY.get(type(entry.body), ()))
    yield from _rows_of(entry)


def _rows_of(act: Act) -> Iterator[tuple[str, int]]:
    match act.body:
        case RollChunk() as body:
            yield "C11", len(body.rows)
        case RollChange() as body:
            yield "C11", len(body.new) + len(body.changed)
        case Enroll() as body:
            yield "C12", len(body.rows)
