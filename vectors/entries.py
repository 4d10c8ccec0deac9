"""Entries of every kind, and what no entry is (docs/protocol.md 9.2, 9.3)."""

from collections.abc import Iterator
from typing import Any

from hanpyo.election.roll import Row
from hanpyo.encoding import decode_cbor, encode_cbor
from hanpyo.ledger import entry as kinds
from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    ORGANIZER,
    REGISTRAR,
    TRUSTEE,
    Act,
    Cast,
    Genesis,
    Member,
    Signature,
    act_message,
    encode_entry,
    entry_hash,
)
from hanpyo.ledger.merkle import (
    leaf_hash,
)
from vectors.common import Vector, seed, tagged
from vectors.signers import public

LEDGER_ID, SCOPE = seed("ledger"), seed("election")
A, B, PROOF = seed("A"), seed("B"), seed("proof") * 2
GENESIS = Genesis(
    1, seed("genesis"), 0, (Member("한표 Operator", public("member"), public("cosigner")),)
)


def acts() -> list[tuple[kinds.Body, list[tuple[int, int]]]]:
    """Give a body of every kind, and a lawful set of signers."""
    member, registrar = [(MEMBER, 0)], [(REGISTRAR, 0)]
    organizers, trustee = [(ORGANIZER, 0), (ORGANIZER, 2)], [(TRUSTEE, 3)]
    rows = (Row(A, 1, 0, 0), Row(B, 2**32 - 1, 63, 511))
    enrollments = (kinds.Enrollment(0, A, PROOF), kinds.Enrollment(24, B, PROOF))
    return [
        (GENESIS, member),
        (kinds.Gateway(A), member),
        (kinds.ManifestPart(A, 0, b"{}"), member),
        (kinds.Announce(A, 2), [*member, *organizers]),
        (kinds.RollChunk(0, rows), registrar),
        (kinds.RollSeal(2, 3, A), [*organizers, *registrar]),
        (kinds.RollChange(rows[:1], (kinds.ChangedRow(300, 1, 0, 70_000),)), organizers),
        (kinds.Enroll(enrollments), registrar),
        (kinds.Replace(255, A, B, PROOF), registrar),
        (kinds.Commit(1, A, PROOF, B), trustee),
        (kinds.Reveal(1, 0, A * 3, PROOF), trustee),
        (kinds.Deal(2, 3, b"\0" * 48), trustee),
        (kinds.Complain(1, 2, A, PROOF), trustee),
        (kinds.Confirm(1, A), trustee),
        (kinds.Drop(1, 3, "does not answer"), organizers),
        (kinds.Open(1_700_000_000), organizers),
        (kinds.Pause("power cut"), organizers),
        (kinds.Resume("power is back"), organizers),
        (kinds.Extend(2**63 - 1, "정전"), organizers),
        (kinds.Cancel("wrong title"), organizers),
        (kinds.Close(0), organizers),
        (kinds.Seal(65_536, A), trustee),
        (kinds.Lost((1, 3), "gone"), organizers),
        (kinds.NotOpenable("too few"), organizers),
        (kinds.Share(0, 1, A + B, PROOF), trustee),
        (kinds.Result(0, 0, (0, 1), 10, 12, (1, 2), (3, 4, 5)), []),
        (kinds.Outcome((kinds.Decision(0, (1,), ()), kinds.Decision(1, (), (0, 2)))), []),
    ]


def entries() -> Iterator[Vector]:
    """Entries of every kind, and what no entry is."""
    numbered = [*range(23), 24, 255, 65_536, 2**40, 2**63 - 1]
    for place, (body, signers) in enumerate(acts()):
        name = type(body).__name__
        in_ledger = body.kind <= kinds.ManifestPart.kind
        ledger_id = NO_SCOPE if body.kind == Genesis.kind else LEDGER_ID
        scope, number = NO_SCOPE if in_ledger else SCOPE, numbered[place]
        signatures = tuple(Signature(role, party, PROOF) for role, party in signers)
        data = encode_entry(Act(scope, number, body, signatures))
        message = act_message(ledger_id, scope, number, body)
        yield good_entry(name, data) | {"ledger_id": ledger_id, "message": message}
    ballot = Cast(SCOPE, 63, A, 2**63 - 1, b"ballot", PROOF)
    yield good_entry("Cast", encode_entry(ballot))
    largest = Cast(SCOPE, 0, A, 1, bytes(5), PROOF)
    yield good_entry("Cast, sequence 1", encode_entry(largest))
    yield from bad_entries()


def good_entry(name: str, data: bytes) -> Vector:
    """Describe an entry."""
    return {
        "name": name,
        "bytes": data,
        "value": tagged(decode_cbor(data)),
        "hash": entry_hash(data),
        "leaf": leaf_hash(data),
        "code": 0,
    }


def bad_entries() -> Iterator[Vector]:
    """Change envelopes, casts and bodies so that they fit no schema."""
    pause: dict[int, Any] = {0: 25, 1: SCOPE, 2: 1, 3: {0: "reason"}, 4: [[1, 0, PROOF]]}
    cast: dict[int, Any] = {0: 32, 1: SCOPE, 2: 0, 3: A, 4: 1, 5: b"ballot", 6: PROOF}

    def act(kind: int, body: Any) -> dict[int, Any]:
        return {**pause, 0: kind, 3: body}

    row = [A, 1, 0, 0]
    found: dict[str, Any] = {
        "an array": [25, SCOPE, 1, {0: "reason"}, []],
        "a number": 25,
        "an empty map": {},
        "without signatures field": {key: pause[key] for key in range(4)},
        "a further field": {**pause, 5: 0},
        "short scope": {**pause, 1: SCOPE[:31]},
        "scope as text": {**pause, 1: "election"},
        "body as array": {**pause, 3: ["reason"]},
        "body with a further field": {**pause, 3: {0: "reason", 1: 0}},
        "body without its field": {**pause, 3: {}},
        "signatures as map": {**pause, 4: {}},
        "signature of role 5": {**pause, 4: [[5, 0, PROOF]]},
        "short signature": {**pause, 4: [[1, 0, PROOF[:63]]]},
        "signature of four": {**pause, 4: [[1, 0, PROOF, 0]]},
        "empty reason": act(25, {0: ""}),
        "reason of 1001": act(25, {0: "x" * 1001}),
        "reason with a newline": act(25, {0: "a\nb"}),
        "reason with a bidirectional control": act(25, {0: "a\u202eb"}),
        "reason as bytes": act(25, {0: b"reason"}),
        "version 2": act(0, {0: 2, 1: A, 2: 0, 3: [["a", A, B]]}),
        "member as array": act(0, {0: 1, 1: A, 2: 0, 3: [["a", A, B]]}),
        "no member": act(0, {0: 1, 1: A, 2: 0, 3: []}),
        "mode 1": act(0, {0: 1, 1: A, 2: 1, 3: [{0: "a", 1: A, 2: B}]}),
        "name of 201": act(0, {0: 1, 1: A, 2: 0, 3: [{0: "a" * 201, 1: A, 2: B}]}),
        "empty manifest part": act(2, {0: A, 1: 0, 2: b""}),
        "roll chunk without rows": act(8, {0: 0, 1: []}),
        "row of three": act(8, {0: 0, 1: [row[:3]]}),
        "row with a short commitment": act(8, {0: 0, 1: [[A[:31], 1, 0, 0]]}),
        "enroll without rows": act(11, {0: []}),
        "attempt 0": act(16, {0: 0, 1: A, 2: PROOF, 3: B}),
        "trustee 0": act(18, {0: 1, 1: 0, 2: b""}),
        "complaint with a short proof": act(19, {0: 1, 1: 2, 2: A, 3: PROOF[:63]}),
        "time as true": act(24, {0: True}),
        "time null": act(24, {0: None}),
        "nobody lost": act(41, {0: [], 1: "gone"}),
        "result without totals": act(44, {0: 0, 1: 0, 2: [0], 3: 1, 4: 1, 5: [1], 6: []}),
        "result without parts": act(44, {0: 0, 1: 0, 2: [], 3: 1, 4: 1, 5: [1], 6: [1]}),
        "outcome without contests": act(45, {0: []}),
        "cast of style 64": {**cast, 2: 64},
        "cast with a short credential": {**cast, 3: A[:31]},
        "cast with an empty ballot": {**cast, 5: b""},
        "cast with a short signature": {**cast, 6: PROOF[:63]},
        "cast without signature": {key: cast[key] for key in range(6)},
        "cast with a further field": {**cast, 7: 0},
    }
    for kind in (4, 7, 13, 15, 22, 23, 30, 31, 33, 39, 46, 2**40):
        found[f"kind {kind}"] = act(kind, {0: "reason"})
    for name, value in found.items():
        yield {"name": f"refused: {name}", "bytes": encode_cbor(value), "code": 13}
    data = encode_cbor(pause)
    for name, bad in {
        "empty": b"",
        "a byte short": data[:-1],
        "a byte long": data + b"\0",
        "kind in three bytes": data[:2] + b"\x19\x00\x19" + data[4:],
    }.items():
        yield {"name": f"refused: {name}", "bytes": bad, "code": 13}
