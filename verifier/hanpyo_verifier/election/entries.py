"""Entries of the ledger: their schema and decoding (protocol.md 9.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hanpyo_verifier.encoding import cbor
from hanpyo_verifier.encoding.texts import has_control
from hanpyo_verifier.errors import MalformedError

GENESIS, GATEWAY, MANIFEST_PART, ANNOUNCE = 0, 1, 2, 3
ROLL_CHUNK, ROLL_SEAL, ROLL_CHANGE, ENROLL, REPLACE = 8, 9, 10, 11, 12
COMMIT, REVEAL, DEAL, COMPLAIN, CONFIRM, DROP = 16, 17, 18, 19, 20, 21
OPEN, PAUSE, RESUME, EXTEND, CANCEL, CLOSE = 24, 25, 26, 27, 28, 29
CAST = 32
SEAL, LOST, NOT_OPENABLE, SHARE, RESULT, OUTCOME = 40, 41, 42, 43, 44, 45

MEMBER, ORGANIZER, REGISTRAR, TRUSTEE = 0, 1, 2, 3

MAX_ENTRY = 65_535
LEDGER_SCOPE = bytes(32)
# How every canonical announce begins: a map of five, kind 3, a scope of 32 bytes.
ANNOUNCE_PREFIX = b"\xa5\x00\x03\x01\x58\x20"

Check = Callable[[Any], bool]


@dataclass(slots=True, frozen=True)
class Act:
    """An entry with the common envelope."""

    kind: int
    scope: bytes
    number: int
    body: dict[int, Any]
    body_bytes: bytes
    signatures: list[tuple[int, int, bytes]]


@dataclass(slots=True, frozen=True)
class Cast:
    """A ballot entry."""

    election: bytes
    style: int
    credential: bytes
    sequence: int
    ballot: bytes
    signature: bytes


Entry = Act | Cast


def _uint(value: Any) -> bool:
    return type(value) is int


def _from_one(value: Any) -> bool:
    return type(value) is int and value >= 1


def _exactly(number: int) -> Check:
    return lambda value: type(value) is int and value == number


def _bytes(low: int, high: int | None = None) -> Check:
    top = low if high is None else high
    return lambda value: isinstance(value, bytes) and low <= len(value) <= top


def _text(longest: int) -> Check:
    return lambda value: (
        isinstance(value, str) and 1 <= len(value) <= longest and not has_control(value)
    )


def _array(item: Check, low: int, high: int) -> Check:
    return lambda value: (
        isinstance(value, list) and low <= len(value) <= high and all(map(item, value))
    )


def _tuple(*items: Check) -> Check:
    return lambda value: (
        isinstance(value, list)
        and len(value) == len(items)
        and all(check(item) for check, item in zip(items, value, strict=True))
    )


def _map(*fields: Check) -> Check:
    return lambda value: (
        isinstance(value, dict)
        and list(value) == list(range(len(fields)))
        and all(check(value[key]) for key, check in enumerate(fields))
    )


_B32, _B64 = _bytes(32), _bytes(64)
_NAME, _REASON = _text(200), _text(1000)
_LONG = _bytes(0, 65_000)
_NUMBERS_512 = _array(_uint, 0, 512)

_BODIES: dict[int, tuple[str, Check]] = {
    GENESIS: (
        "genesis",
        _map(_exactly(1), _B32, _exactly(0), _array(_map(_NAME, _B32, _B32), 1, 64)),
    ),
    GATEWAY: ("gateway", _map(_B32)),
    MANIFEST_PART: ("manifest-part", _map(_B32, _uint, _bytes(1, 60_000))),
    ANNOUNCE: ("announce", _map(_B32, _uint)),
    ROLL_CHUNK: (
        "roll-chunk",
        _map(_uint, _array(_tuple(_B32, _uint, _uint, _uint), 1, 1000)),
    ),
    ROLL_SEAL: ("roll-seal", _map(_uint, _uint, _B32)),
    ROLL_CHANGE: (
        "roll-change",
        _map(
            _array(_tuple(_B32, _uint, _uint, _uint), 0, 1000),
            _array(_tuple(_uint, _uint, _uint, _uint), 0, 1000),
        ),
    ),
    ENROLL: ("enroll", _map(_array(_tuple(_uint, _B32, _B64), 1, 500))),
    REPLACE: ("replace", _map(_uint, _B32, _B32, _B64)),
    COMMIT: ("commit", _map(_from_one, _B32, _B64, _B32)),
    REVEAL: ("reveal", _map(_from_one, _uint, _LONG, _LONG)),
    DEAL: ("deal", _map(_from_one, _from_one, _LONG)),
    COMPLAIN: ("complain", _map(_from_one, _from_one, _B32, _B64)),
    CONFIRM: ("confirm", _map(_from_one, _B32)),
    DROP: ("drop", _map(_from_one, _from_one, _REASON)),
    OPEN: ("open", _map(_uint)),
    PAUSE: ("pause", _map(_REASON)),
    RESUME: ("resume", _map(_REASON)),
    EXTEND: ("extend", _map(_uint, _REASON)),
    CANCEL: ("cancel", _map(_REASON)),
    CLOSE: ("close", _map(_uint)),
    SEAL: ("seal", _map(_uint, _B32)),
    LOST: ("lost", _map(_array(_from_one, 1, 64), _REASON)),
    NOT_OPENABLE: ("not-openable", _map(_REASON)),
    SHARE: ("share", _map(_uint, _uint, _LONG, _B64)),
    RESULT: (
        "result",
        _map(
            _uint, _uint, _array(_uint, 1, 512), _uint, _uint,
            _array(_from_one, 1, 64), _array(_uint, 1, 512),
        ),
    ),
    OUTCOME: ("outcome", _map(_array(_tuple(_uint, _NUMBERS_512, _NUMBERS_512), 1, 64))),
}  # fmt: skip

_CAST = _map(_exactly(CAST), _B32, lambda v: _uint(v) and v <= 63, _B32, _uint,
             _bytes(1, 65_000), _B64)  # fmt: skip
_ACT = _map(_uint, _B32, _uint, lambda v: isinstance(v, dict),
            lambda v: isinstance(v, list))  # fmt: skip
_SIGNATURE = _tuple(lambda v: _uint(v) and v <= TRUSTEE, _uint, _B64)


def kind_name(kind: int) -> str:
    """Returns the name of a known kind."""
    return "cast" if kind == CAST else _BODIES[kind][0]


def decode_entry(data: bytes) -> Entry:
    """Decodes an entry and checks its schema; raises MalformedError."""
    if not 1 <= len(data) <= MAX_ENTRY:
        raise MalformedError("an entry has 1 to 65,535 bytes")
    value = cbor.decode(data)
    if not isinstance(value, dict):
        raise MalformedError("an entry is a CBOR map")
    if value.get(0) == CAST:
        if not _CAST(value):
            raise MalformedError("not of the schema of a cast")
        return Cast(value[1], value[2], value[3], value[4], value[5], value[6])
    if not _ACT(value):
        raise MalformedError("neither an act nor a cast")
    kind, scope, number, body, signatures = (value[key] for key in range(5))
    if kind not in _BODIES:
        raise MalformedError(f"kind {kind} is not in use")
    name, check = _BODIES[kind]
    if not check(body):
        raise MalformedError(f"not of the schema of {name}")
    if not all(map(_SIGNATURE, signatures)):
        raise MalformedError("a signature that is not [role, party, 64 bytes]")
    signed = [(role, party, signature) for role, party, signature in signatures]
    return Act(kind, scope, number, body, cbor.encode(body), signed)
