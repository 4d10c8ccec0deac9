"""Entries of the ledger: their canonical bytes and what is signed (docs/protocol.md 9.2, 9.3)."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from hanpyo.election.roll import Row
from hanpyo.encoding import decode_cbor, encode_cbor, frame, u32, u64
from hanpyo.errors import InvalidEncoding
from hanpyo.ledger.bodies import (
    Announce,
    Body,
    Cancel,
    ChangedRow,
    Close,
    Commit,
    Complain,
    Confirm,
    Deal,
    Decision,
    Drop,
    Enroll,
    Enrollment,
    Extend,
    Lost,
    ManifestPart,
    NotOpenable,
    Open,
    Outcome,
    Pause,
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
from hanpyo.ledger.forms import Form, array, head_size, listed, mapped, number, octets, text
from hanpyo.ledger.member_bodies import (
    Consortium,
    EngineVote,
    Equivocation,
    Gateway,
    Genesis,
    Join,
    Leave,
    Member,
    Quorum,
    Rotate,
    Validator,
)

# The bodies stand in bodies.py and member_bodies.py; other rooms take them from here.
__all__ = [
    "ENTRY_BYTES_MAX",
    "JOINER",
    "KINDS",
    "MEMBER",
    "NO_SCOPE",
    "ORGANIZER",
    "REGISTRAR",
    "TRUSTEE",
    "Act",
    "Announce",
    "Body",
    "Cancel",
    "Cast",
    "ChangedRow",
    "Close",
    "Commit",
    "Complain",
    "Confirm",
    "Consortium",
    "Deal",
    "Decision",
    "Drop",
    "EngineVote",
    "Enroll",
    "Enrollment",
    "Entry",
    "Equivocation",
    "Extend",
    "Gateway",
    "Genesis",
    "Join",
    "Leave",
    "Lost",
    "ManifestPart",
    "Member",
    "NotOpenable",
    "Open",
    "Outcome",
    "Pause",
    "Quorum",
    "Replace",
    "Result",
    "Resume",
    "Reveal",
    "RollChange",
    "RollChunk",
    "RollSeal",
    "Rotate",
    "Row",
    "Seal",
    "Share",
    "Signature",
    "Validator",
    "act_message",
    "decode_entry",
    "encode_entry",
    "entry_hash",
    "signed_message",
]

MEMBER, ORGANIZER, REGISTRAR, TRUSTEE, JOINER = range(5)

ENTRY_BYTES_MAX = 65_535
BALLOT_BYTES_MAX = 65_000
ROWS_MAX = 1_000  # of one roll chunk or roll change
ENROLLMENTS_MAX = 500
MANIFEST_PART_BYTES_MAX = 60_000
CHECKPOINT_BYTES_MAX = 16_000
MEMBERS_MIN, MEMBERS_MAX = 4, 64  # active ones of a consortium
SIGNATURES_MAX = ENTRY_BYTES_MAX  # no more fit; which ones are due is no matter of form
NO_SCOPE = bytes(32)


@dataclass(frozen=True, slots=True)
class Signature:
    """One party's signature of an act."""

    role: int
    party: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Act:
    """An entry of a named party: everything except a ballot."""

    scope: bytes
    number: int
    body: Body
    signatures: tuple[Signature, ...]

    @property
    def kind(self) -> int:
        """Give the envelope's field 0."""
        return self.body.kind


@dataclass(frozen=True, slots=True)
class Cast:
    """A cast ballot, signed by its credential."""

    election: bytes
    style: int
    credential: bytes
    sequence: int
    ballot: bytes
    signature: bytes
    kind: ClassVar[int] = 32

    @property
    def scope(self) -> bytes:
        """Give the election, under the name that acts use."""
        return self.election


Entry = Act | Cast

_digest = octets(32)
_attempt = _trustee = number(low=1)
_reason = text(1_000)
_count = number()
_long = octets(0, 65_000)
_row = listed(Row, _digest, _count, _count, _count)
_validator = mapped(Validator, text(200), _digest, _digest, _digest)
_vote = listed(EngineVote, octets(0, 32), _count, octets(0, 32), _count, _count, octets(64))

_SCHEMAS: dict[type[Body], tuple[Form, ...]] = {
    Genesis: (
        number(1, 1),
        _digest,
        number(0, 0),
        array(mapped(Member, text(200), _digest, _digest), 1, MEMBERS_MAX),
    ),
    Gateway: (_digest,),
    ManifestPart: (_digest, _count, octets(1, MANIFEST_PART_BYTES_MAX)),
    Announce: (_digest, _count),
    Consortium: (_digest, _count, array(_validator, MEMBERS_MIN, MEMBERS_MAX)),
    Join: (_validator,),
    Leave: (_count, _reason),
    Rotate: (_count, _digest, _digest, _digest),
    RollChunk: (_count, array(_row, 1, ROWS_MAX)),
    RollSeal: (_count, _count, _digest),
    RollChange: (
        array(_row, 0, ROWS_MAX),
        array(listed(ChangedRow, _count, _count, _count, _count), 0, ROWS_MAX),
    ),
    Enroll: (array(listed(Enrollment, _count, _digest, octets(64)), 1, ENROLLMENTS_MAX),),
    Replace: (_count, _digest, _digest, octets(64)),
    Equivocation: (_digest, _count, _count, _count, array(_vote, 2, 2)),
    Quorum: (octets(1, CHECKPOINT_BYTES_MAX),),
    Commit: (_attempt, _digest, octets(64), _digest),
    Reveal: (_attempt, _count, _long, _long),
    Deal: (_attempt, _trustee, _long),
    Complain: (_attempt, _trustee, _digest, octets(64)),
    Confirm: (_attempt, _digest),
    Drop: (_attempt, _trustee, _reason),
    Open: (_count,),
    Pause: (_reason,),
    Resume: (_reason,),
    Extend: (_count, _reason),
    Cancel: (_reason,),
    Close: (_count,),
    Seal: (_count, _digest),
    Lost: (array(_trustee, 1, 64), _reason),
    NotOpenable: (_reason,),
    Share: (_count, _count, octets(0, ENTRY_BYTES_MAX), octets(64)),
    Result: (
        _count,
        _count,
        array(_count, 1, 512),
        _count,
        _count,
        array(_trustee, 1, 64),
        array(_count, 1, 512),
    ),
    Outcome: (
        array(listed(Decision, _count, array(_count, 0, 512), array(_count, 0, 512)), 1, 64),
    ),
}
KINDS: dict[int, type[Body]] = {body.kind: body for body in _SCHEMAS}
_BODIES = {body.kind: mapped(body, *forms) for body, forms in _SCHEMAS.items()}
_SIGNATURES = array(listed(Signature, number(0, JOINER), _count, octets(64)), 0, SIGNATURES_MAX)
_CAST = mapped(
    lambda _kind, *fields: Cast(*fields),
    number(Cast.kind, Cast.kind),
    *(_digest, number(0, 63), _digest, _count, octets(1, BALLOT_BYTES_MAX), octets(64)),
)
# Most ballots by far, as one pattern: style and sequence below 24, 256 bytes of ballot or more.
_USUAL_CAST = re.compile(
    rb"\xa7\x00\x18\x20\x01\x58\x20(.{32})\x02([\x00-\x17])\x03\x58\x20(.{32})"
    rb"\x04([\x00-\x17])\x05\x59([\x01-\xff].)(.*)\x06\x58\x40(.{64})",
    re.DOTALL,
)


def decode_entry(data: bytes) -> Entry:
    """Read an entry from its bytes.

    Raises:
        InvalidEncoding: not the one canonical encoding of an entry of a known schema.
    """
    if not 1 <= len(data) <= ENTRY_BYTES_MAX:
        raise InvalidEncoding(f"an entry has 1 to {ENTRY_BYTES_MAX} bytes, not {len(data)}")
    return _decode_usual_cast(data) or _decode_any(data)


def _decode_usual_cast(data: bytes) -> Cast | None:
    """Read a ballot as `_decode_any` does, quicker; `None` where the pattern does not tell."""
    usual = _USUAL_CAST.fullmatch(data)
    if usual is None:
        return None
    election, style, credential, sequence, length, ballot, signature = usual.groups()
    if len(ballot) != int.from_bytes(length, "big") or len(ballot) > BALLOT_BYTES_MAX:
        return None
    return Cast(election, style[0], credential, sequence[0], ballot, signature)


def _decode_any(data: bytes) -> Entry:
    value = decode_cbor(data)  # refuses every encoding but the canonical one
    if type(value) is not dict:
        raise InvalidEncoding("an entry is a map")
    kind = value.get(0)
    if kind == Cast.kind:
        cast: Cast = _CAST.read(value)
        return cast
    if list(value) != [0, 1, 2, 3, 4] or type(kind) is not int or kind not in _BODIES:
        raise InvalidEncoding(f"no entry has kind {kind!r} and fields {list(value)}")
    _, scope, act_number, body, signatures = value.values()
    return Act(
        _digest.read(scope),
        _count.read(act_number),
        _BODIES[kind].read(body),
        _SIGNATURES.read(signatures),
    )


def encode_entry(entry: Entry) -> bytes:
    """Write an entry as its canonical bytes."""
    if isinstance(entry, Cast):
        fields = (
            *(Cast.kind, entry.election, entry.style, entry.credential),
            *(entry.sequence, entry.ballot, entry.signature),
        )
        return encode_cbor(dict(enumerate(fields)))
    body = _BODIES[entry.kind].write(entry.body)
    signatures = _SIGNATURES.write(entry.signatures)
    return encode_cbor(dict(enumerate((entry.kind, entry.scope, entry.number, body, signatures))))


def act_message(ledger_id: bytes, scope: bytes, act_number: int, body: Body) -> bytes:
    """Give the bytes that the parties of an act sign.

    Args:
        ledger_id: the ledger's id, or 32 zero bytes for entry 0.
        scope: the election id, or 32 zero bytes for acts of the ledger.
        act_number: the act number, 0 where the kind carries none.
        body: what the act says.
    Source: docs/protocol.md section 9.3.
    """
    encoded = encode_cbor(_BODIES[body.kind].write(body))
    return frame("act", ledger_id, scope, u32(body.kind), u64(act_number), encoded)


def signed_message(ledger_id: bytes, act: Act, data: bytes) -> bytes:
    """Give what the parties of a decoded act signed: its body as it stands in the entry's bytes.

    An entry has one encoding, so the lengths of the fields around the body tell where it stands.
    """
    start = 1 + 1 + head_size(act.kind) + 1 + 2 + 32 + 1 + head_size(act.number) + 1
    stop = len(data) - 1 - head_size(len(act.signatures))
    stop -= sum(1 + 1 + head_size(each.party) + 2 + 64 for each in act.signatures)
    number_bytes = u64(act.number)
    return frame("act", ledger_id, act.scope, u32(act.kind), number_bytes, data[start:stop])


def entry_hash(data: bytes) -> bytes:
    """Give the SHA-256 of an entry's bytes."""
    return sha256(data).digest()
