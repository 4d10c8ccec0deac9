"""What a node says of itself, for people and for monitoring."""

from hanpyo.errors import ElectionError
from hanpyo.ledger.view import ElectionView, LedgerView
from hanpyo.node.http.wire import Json, plain
from hanpyo.node.storage.stored import StoredLedger


def status(ledger: StoredLedger) -> Json:
    """Describe the ledger and its elections."""
    head, members, alarm = ledger.head, ledger.members(), ledger.alarm
    checkpoint = head.checkpoint
    return {
        "alarm": None if alarm is None else plain(str(alarm)),
        "elections": ledger.look(_elections),
        "gateways": [key.hex() for key in members.gateways],
        "height": head.height,
        "ledger": members.ledger_id.hex(),
        "members": [member.name for member in members.members],
        "mode": "consortium" if ledger.look(_is_consortium) else "single operator",
        "replaying": ledger.is_replaying,
        "signed_unix_s": None if checkpoint is None else checkpoint.timestamp_unix_s,
        "size": head.size,
        **ledger.own_status(),
    }


def _is_consortium(view: LedgerView) -> bool:
    return view.membership is not None and view.membership.is_consortium


def _elections(view: LedgerView) -> list[Json]:
    return [_election(election) for election in view.elections.values()]


def _election(election: ElectionView) -> Json:
    return {
        "ballots": sum(election.roll.recorded),
        "election": election.election_id.hex(),
        "ends_unix_s": election.ends_unix_s,
        "opened_unix_s": election.opened_unix_s,
        "phase": election.phase.value,
        "rows": len(election.roll),
        "title": dict(election.manifest.title),
    }


def health(alarm: ElectionError | None) -> Json:
    """Say whether all is well."""
    if alarm is None:
        return {"status": "ok"}
    return {"code": alarm.code, "detail": plain(str(alarm)), "status": "alarm"}
