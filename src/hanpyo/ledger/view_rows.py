"""The view as rows of canonical CBOR, for a store to keep and to compare after a rebuild.

A key is an array of a table's name and the row's place in it, a value an array. Sums have rows from
closing on, when nothing changes them any more. Two views have the same rows exactly if all rules
decide the same on them; hashes of accepted acts are left out, for the log itself holds these.
"""

from collections.abc import Callable, Iterator

from hanpyo.encoding import encode_cbor
from hanpyo.ledger.checkpoint import encode_checkpoint
from hanpyo.ledger.entry import Decision
from hanpyo.ledger.forms import encode_hash, encode_number
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.roll_table import encode_row
from hanpyo.ledger.view import ElectionView, LedgerView

Key = tuple[object, ...]

_ROW_KEY = b"\x83\x63row"
_NULL = b"\xf6"


def view_rows(view: LedgerView) -> Iterator[tuple[bytes, bytes]]:
    """Give all rows."""
    for key in _keys(view):
        value = _value(view, key)
        assert value is not None, f"{key} is a row of this view"
        yield _encode_key(key), value


def changed_rows(view: LedgerView) -> Iterator[tuple[bytes, bytes | None]]:
    """Give the rows named in `view.changed`; `None`: the row is gone."""
    for key in view.changed:
        yield _encode_key(key), _value(view, key)


def _keys(view: LedgerView) -> Iterator[Key]:
    if view.ledger_id is not None:
        yield ("ledger",)
    yield from _member_keys(view)
    for gateway in view.gateways:
        yield "gateway", gateway
    for digest, parts in view.parts.items():
        for part in range(len(parts)):
            yield "part", digest, part
    for election in view.elections.values():
        yield from _election_keys(election)


def _member_keys(view: LedgerView) -> Iterator[Key]:
    """Name the rows about members; a single operator has none, for entry 0 says all of it."""
    membership = view.membership
    if membership is not None and membership.is_consortium:
        yield ("membership",)
        for number in membership.active:
            yield "member", number
        for key in membership.used_keys:
            yield "key", key
    for equivocation in view.equivocations:
        yield "equivocation", *equivocation


def _election_keys(election: ElectionView) -> Iterator[Key]:
    name = election.election_id
    yield "election", name
    for row in range(len(election.roll)):
        yield "row", name, row
    for credential, _ in election.roll.retired():
        yield "retired", name, credential
    if election.quorum is not None:
        yield "quorum", name
    if election.closing is not None:
        for contest, part in election.sums.counted_parts():
            yield "sum", name, contest, part
    for (contest, group), shares in election.shares.items():
        for trustee in shares:
            yield "share", name, contest, group, trustee
    for contest, group in election.results:
        yield "result", name, contest, group


def _value(view: LedgerView, key: Key) -> bytes | None:
    """Give a row's value, `None` where there is no such row."""
    match key:
        case ("row", bytes(name), int(row)):
            return _row(view.elections[name], row)
        case (str(table), *place) if table in _LEDGER_TABLES:
            value = _LEDGER_TABLES[table](view, *place)
            return None if value is None else encode_cbor(value)
        case (str(table), bytes(name), *place):
            return encode_cbor(_TABLES[table](view.elections[name], *place))
    raise AssertionError(f"no table has a row {key}")


def _encode_key(key: Key) -> bytes:
    match key:
        case ("row", bytes(name), int(row)):  # as below, quicker
            return _ROW_KEY + encode_hash(name) + encode_number(row)
    return encode_cbor(list(key))


def _ledger(view: LedgerView) -> list[object]:
    return [view.ledger_id]


def _membership(view: LedgerView) -> list[object]:
    membership = _members(view)
    return [membership.chain_id, membership.given, membership.changes]


def _member(view: LedgerView, number: int) -> list[object] | None:
    keeper = _members(view).active.get(number)
    return None if keeper is None else [keeper.name, *keeper.keys]


def _key(view: LedgerView, key: bytes) -> list[object]:
    membership = _members(view)
    return [membership.used_keys[key], int(key in membership.validator_numbers)]


def _members(view: LedgerView) -> Membership:
    assert view.membership is not None, "members come with entry 0 and stay"
    return view.membership


def _equivocation(
    view: LedgerView, key: bytes, vote_type: int, height: int, number: int
) -> list[object]:
    return [view.equivocations[key, vote_type, height, number]]


def _gateway(view: LedgerView, gateway: bytes) -> list[object]:
    return [view.gateways[gateway]]


def _part(view: LedgerView, digest: bytes, part: int) -> list[object] | None:
    parts = view.parts.get(digest, [])
    return [parts[part]] if part < len(parts) else None


def _row(election: ElectionView, row: int) -> bytes:
    """Give `[row, X, sequence, recorded, replaced, counted]`, null for what is not there."""
    state = election.roll.state(row)
    credential, counted = state.credential, state.counted
    parts = (
        b"\x86",
        encode_row(state.row),
        _NULL if credential is None else encode_hash(credential),
        encode_number(state.sequence),
        encode_number(state.recorded),
        encode_number(state.replaced),
        _NULL if counted is None else encode_number(counted),
    )
    return b"".join(parts)


def _election(election: ElectionView) -> list[object]:
    ceremony, closing, outcome = election.ceremony, election.closing, election.outcome
    return [
        election.manifest_digest,
        election.phase.value,
        [election.opened_unix_s, election.ends_unix_s],
        [election.organizer_acts, _pairs(election.trustee_acts)],
        [election.chunks, len(election.roll), election.sealed_rows, election.roll.digest],
        [ceremony.attempt, ceremony.ceremony_id, list(ceremony.entry_hashes)],
        [index for index, each in ceremony.trustees.items() if each.confirmed],
        None if closing is None else [closing.size, closing.root],
        [[list(group) for group in groups] for groups in election.groups],
        [sorted(election.seals), sorted(election.lost)],
        None if outcome is None else [_decision(each) for each in outcome.contests],
    ]


def _decision(each: Decision) -> list[object]:
    return [each.status, list(each.winners), list(each.tied)]


def _pairs(numbers: dict[int, int]) -> list[list[int]]:
    return [[key, number] for key, number in sorted(numbers.items())]


def _retired(election: ElectionView, credential: bytes) -> list[object]:
    return [election.roll.row_of[credential]]


def _sum(election: ElectionView, contest: int, part: int) -> list[object]:
    part_sum = election.sums.parts[contest, part]
    return [_pairs(dict(part_sum.count().by_weight)), part_sum.total.encode()]


def _quorum(election: ElectionView) -> list[object]:
    assert election.quorum is not None, "it has a row"
    return [encode_checkpoint(election.quorum)]


def _share(election: ElectionView, contest: int, group: int, trustee: int) -> list[object]:
    return [election.shares[contest, group][trustee]]


def _result(election: ElectionView, contest: int, group: int) -> list[object]:
    result = election.results[contest, group]
    numbers = [result.parts, result.trustees, result.totals]
    return [result.ballots, result.weight, *[list(each) for each in numbers]]


_LEDGER_TABLES: dict[str, Callable[..., list[object] | None]] = {
    "ledger": _ledger,
    "membership": _membership,
    "member": _member,
    "key": _key,
    "equivocation": _equivocation,
    "gateway": _gateway,
    "part": _part,
}
_TABLES: dict[str, Callable[..., list[object]]] = {
    "election": _election,
    "retired": _retired,
    "sum": _sum,
    "quorum": _quorum,
    "share": _share,
    "result": _result,
}
