"""The rules: what the ledger accepts, decided entry by entry (docs/protocol.md section 10).

`decide` reads a view and returns a change, or raises `Rejected` with the numbered check; `apply`
writes the change. Signatures and proofs were checked by admission, except those that need what only
the view knows (ceremony, shares, results). One file holds each family of kinds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hanpyo.errors import Rejected
from hanpyo.ledger.admission import CheckedEntry
from hanpyo.ledger.entry import (
    Act,
    Announce,
    Body,
    Cancel,
    Cast,
    Close,
    Commit,
    Complain,
    Confirm,
    Deal,
    Drop,
    Enroll,
    Entry,
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
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.roles import Numbering, due_roles, numbering
from hanpyo.ledger.rules import ballots, ceremony, members, phases, roll, tally
from hanpyo.ledger.rules.changes import Change, ElectionChange, Place
from hanpyo.ledger.rules.ledger_changes import LedgerChange, PassedOver
from hanpyo.ledger.view import ElectionView, LedgerView

__all__ = ["RULES", "Change", "apply", "decide"]

STANDS = "this very act is in the log already"


@dataclass(frozen=True, slots=True)
class Case:
    """An act to be decided.

    Attributes:
        body: what the act says, of the type that its rule takes.
        signer: the number of the first party that signed: for a trustee's act, the trustee.
        membership: who keeps the ledger now.
    """

    election: ElectionView
    body: Any
    signer: int
    checked: CheckedEntry
    block_time_unix_s: int
    membership: Membership


# The rule of every kind of act of an election.
RULES: dict[type[Body], Callable[[Case], ElectionChange]] = {
    RollChunk: lambda case: roll.add_chunk(case.election, case.body),
    RollSeal: lambda case: roll.seal_roll(case.election, case.body),
    RollChange: lambda case: roll.change_roll(case.election, case.body),
    Enroll: lambda case: roll.enroll(
        case.election, case.body, possessions_hold=case.checked.possessions_hold
    ),
    Replace: lambda case: roll.replace(
        case.election, case.body, possession_holds=case.checked.possessions_hold
    ),
    **dict.fromkeys(
        (Commit, Reveal, Deal, Complain, Confirm, Drop),
        lambda case: ceremony.move_ceremony(
            case.election, case.body, case.signer, case.checked.entry_hash
        ),
    ),
    Open: lambda case: phases.open_voting(case.election, case.body, case.block_time_unix_s),
    Extend: lambda case: phases.extend_voting(case.election, case.body, case.block_time_unix_s),
    Close: lambda case: phases.close_voting(case.election, case.body, case.block_time_unix_s),
    **dict.fromkeys((Pause, Resume, Cancel), lambda case: phases.change_phase(case.body)),
    Seal: lambda case: tally.seal_closing(case.election, case.body, case.signer),
    Lost: lambda case: tally.declare_lost(case.election, case.body),
    NotOpenable: lambda case: tally.end_unopened(case.election),
    Quorum: lambda case: tally.cosign_closing(case.election, case.body, case.membership),
    Share: lambda case: tally.give_share(case.election, case.body, case.signer, case.membership),
    Result: lambda case: tally.publish_result(case.election, case.body),
    Outcome: lambda case: tally.publish_outcome(case.election, case.body),
}


def decide(view: LedgerView, checked: CheckedEntry, block_time_unix_s: int) -> Change:
    """Decide an entry by the log before it and its block's time. Reads `view`; writes nothing.

    Raises:
        Rejected: with the check of section 14 that a log holding this entry would break.
    """
    entry = checked.entry
    assert not checked.is_stale(view.facts), "admitted by the keys of those who keep the ledger"
    if checked.is_foreign:
        return PassedOver(_announced_digest(entry))
    if isinstance(entry, Cast):
        return ballots.record_ballot(view.elections[entry.election], entry, checked)
    if checked.entry_hash == view.ledger_id or checked.entry_hash in view.acts:
        raise Rejected("C07", STANDS)
    if type(entry.body) in members.LEDGER_RULES:
        return members.decide_for_ledger(view, checked, entry, block_time_unix_s)
    assert view.membership is not None, "admission refuses elections before entry 0"
    election = view.elections[entry.scope]
    _check_signers(election, entry)
    _check_number(election, entry, checked.entry_hash)
    phases.check_phase(election, entry.body)
    signer = entry.signatures[0].party if entry.signatures else 0
    case = Case(election, entry.body, signer, checked, block_time_unix_s, view.membership)
    return RULES[type(entry.body)](case)


def _announced_digest(entry: Entry) -> bytes | None:
    if isinstance(entry, Act) and isinstance(entry.body, Announce):
        return entry.body.digest
    return None


def _check_signers(election: ElectionView, act: Act) -> None:
    """Refuse a replacement that others have to sign than did; only its row tells who."""
    if isinstance(act.body, Replace):
        has_voted = roll.has_voted(election, act.body)
        roles = due_roles(act.body, election.manifest, has_voted=has_voted)
        if tuple(dict.fromkeys(each.role for each in act.signatures)) != roles:
            also = "and organizers, " if has_voted else ""
            raise Rejected("C07", f"the registrar {also}must sign this replacement, and no others")


def _check_number(election: ElectionView, act: Act, entry_hash: bytes) -> None:
    """Refuse an act out of its signers' order, or one that stands in the log already."""
    match _numbering(election, act):
        case Numbering.ORGANIZERS:
            due = election.organizer_acts + 1
        case Numbering.TRUSTEE:
            due = election.trustee_acts.get(act.signatures[0].party, 0) + 1
        case _:
            due = 0
    if act.number != due:
        raise Rejected("C07", f"the act has number {act.number}, due is {due}")
    if entry_hash in election.acts:
        raise Rejected("C07", STANDS)


def _numbering(election: ElectionView, act: Act) -> Numbering:
    return numbering(act.body, due_roles(act.body, election.manifest))


def apply(view: LedgerView, checked: CheckedEntry, change: Change, index: int) -> None:
    """Write what an accepted entry changes.

    Args:
        view: the view that `decide` read.
        checked: the entry.
        change: what `decide` returned for it.
        index: where the entry stands in the log.
    """
    if isinstance(change, LedgerChange):
        change.write_ledger(view)
        return
    entry = checked.entry
    election = view.elections[entry.scope]
    change.write(Place(view, election, index))
    if isinstance(entry, Act):
        _count_act(election, entry, checked.entry_hash)
        view.touch("election", election.election_id)


def _count_act(election: ElectionView, act: Act, entry_hash: bytes) -> None:
    match _numbering(election, act):
        case Numbering.ORGANIZERS:
            election.organizer_acts += 1
        case Numbering.TRUSTEE:
            signer = act.signatures[0].party
            election.trustee_acts[signer] = election.trustee_acts.get(signer, 0) + 1
        case _:
            election.acts.add(entry_hash)
