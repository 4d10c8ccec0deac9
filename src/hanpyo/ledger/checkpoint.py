"""Checkpoints: what those who keep the ledger sign about its log (docs/protocol.md 9.5).

Source: C2SP tlog-checkpoint, signed-note and tlog-cosignature (cosignature/v1). Signing keys stay
with the caller, who hands over a `Signer`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from hanpyo import crypto
from hanpyo.encoding import decode_base64, encode_base64, u64
from hanpyo.errors import ElectionError, InvalidCheckpoint
from hanpyo.ledger.membership import Membership

Signer = Callable[[bytes], bytes]  # message -> 64 bytes of Ed25519

ED25519_TYPE, COSIGNATURE_TYPE = 0x01, 0x04
SIZE_MAX = 2**63 - 1
CHECKPOINT_BYTES_MAX = 16_000
LINES_MAX = 65
LOG_LINE_BYTES, COSIGNER_LINE_BYTES = 4 + 64, 4 + 8 + 64
NUMBER_PATTERN = "(0|[1-9][0-9]{0,18})"
_LINES = re.compile("(?:— [^ \n]+ [^ \n]+\n)+")
_CHECKPOINT = re.compile(f"([^\n]+)\n{NUMBER_PATTERN}\n([^\n]+)\n\n({_LINES.pattern})")
_OPERATOR = 0  # the number of a single operator


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """The log's own signature: its key's name, that key's 4-byte id, 64 bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A member's signature, with the time at which it was made."""

    name: str
    key_id: bytes
    timestamp_unix_s: int
    signature: bytes


Line = SignatureLine | Cosignature


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed state of the log: its size and root.

    Attributes:
        lines: the signature lines, in order: of a single operator the log's and one cosignature, of
            a consortium the cosignatures of a quorum.
    """

    origin: str
    size: int
    root: bytes
    lines: tuple[Line, ...]

    @property
    def cosignatures(self) -> tuple[Cosignature, ...]:
        """The lines that members signed."""
        return tuple(line for line in self.lines if isinstance(line, Cosignature))

    @property
    def timestamp_unix_s(self) -> int:
        """The checkpoint's time: the lower median of the cosignatures' (0 where there are none)."""
        times = sorted(line.timestamp_unix_s for line in self.cosignatures)
        return times[(len(times) - 1) // 2] if times else 0


def checkpoint_text(origin: str, size: int, root: bytes) -> bytes:
    """Give the three lines that are signed."""
    return f"{origin}\n{size}\n{encode_base64(root)}\n".encode()


def cosigned_message(text: bytes, timestamp_unix_s: int) -> bytes:
    """Give what a cosigner signs: the time and the text."""
    return f"cosignature/v1\ntime {timestamp_unix_s}\n".encode() + text


def key_id(name: str, key_type: int, key: bytes) -> bytes:
    """Give the 4 bytes that tell keys of one name apart."""
    return sha256(name.encode() + b"\n" + bytes([key_type]) + key).digest()[:4]


def cosigner_name(origin: str, number: int) -> str:
    """Give the name of a member's cosigning key."""
    return f"{origin}/{number}"


def sign_checkpoint(
    membership: Membership,
    size: int,
    root: bytes,
    timestamp_unix_s: int,
    sign: Signer,
    cosign: Signer,
) -> Checkpoint:
    """Sign a state of a single operator's log with its signing key and its cosigning key."""
    origin = membership.origin
    signature = sign(checkpoint_text(origin, size, root))
    log = SignatureLine(*_log_signer(membership), signature)
    line = make_cosignature(membership, _OPERATOR, size, root, timestamp_unix_s, cosign)
    return Checkpoint(origin, size, root, (log, line))


def make_cosignature(
    membership: Membership,
    number: int,
    size: int,
    root: bytes,
    timestamp_unix_s: int,
    cosign: Signer,
) -> Cosignature:
    """Cosign a state of the log as an active member."""
    text = checkpoint_text(membership.origin, size, root)
    signature = cosign(cosigned_message(text, timestamp_unix_s))
    return Cosignature(*_cosigner(membership, number), timestamp_unix_s, signature)


def encode_checkpoint(checkpoint: Checkpoint) -> bytes:
    """Write a checkpoint as a signed note."""
    text = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    lines = [f"— {line.name} {encode_base64(_line_bytes(line))}\n" for line in checkpoint.lines]
    return text + "".join(["\n", *lines]).encode()


def _line_bytes(line: Line) -> bytes:
    timestamp = u64(line.timestamp_unix_s) if isinstance(line, Cosignature) else b""
    return line.key_id + timestamp + line.signature


def decode_checkpoint(data: bytes) -> Checkpoint:
    """Read a checkpoint; whose it is and whether it holds is checked by `check_checkpoint`.

    Raises:
        InvalidCheckpoint: not in the exact form of 9.5.
    """
    match = _CHECKPOINT.fullmatch(decode_text(data)) if len(data) <= CHECKPOINT_BYTES_MAX else None
    if match is None:
        raise InvalidCheckpoint("a checkpoint has three lines, an empty one, and signatures")
    origin, size, root, signed = match.groups()
    lines = _lines(signed)
    return Checkpoint(origin, decode_size(size), decode_bytes(root, 32), lines)


def decode_signatures(data: bytes) -> tuple[Line, ...]:
    """Read signature lines that stand alone, as a witness gives them.

    Raises:
        InvalidCheckpoint: malformed.
    """
    text = decode_text(data) if len(data) <= CHECKPOINT_BYTES_MAX else ""
    if _LINES.fullmatch(text) is None:
        raise InvalidCheckpoint("these are no signature lines")
    return _lines(text)


def _lines(text: str) -> tuple[Line, ...]:
    lines = tuple(_line(line) for line in text[:-1].split("\n"))
    if len(lines) > LINES_MAX:
        raise InvalidCheckpoint(f"a checkpoint has at most {LINES_MAX} signatures")
    return lines


def _line(text: str) -> Line:
    _, name, encoded = text.split(" ")
    data = decode_bytes(encoded)
    if len(data) == LOG_LINE_BYTES:
        return SignatureLine(name, data[:4], data[4:])
    if len(data) == COSIGNER_LINE_BYTES:
        return Cosignature(name, data[:4], int.from_bytes(data[4:12], "big"), data[12:])
    raise InvalidCheckpoint("a signature line has a wrong length")


def check_checkpoint(checkpoint: Checkpoint, membership: Membership) -> None:
    """Check that those who keep the ledger signed a state of its log: the operator, or a quorum.

    Args:
        checkpoint: decoded.
        membership: at the checkpoint's size.

    Raises:
        InvalidCheckpoint: they did not.
    """
    if membership.is_consortium:
        numbers = check_cosignatures(checkpoint, membership)
        if any(first >= second for first, second in pairwise(numbers)):
            raise InvalidCheckpoint("the cosignatures do not ascend by member")
        if len(numbers) < membership.quorum:
            why = f"{len(numbers)} members cosigned, due are {membership.quorum}"
            raise InvalidCheckpoint(f"no quorum: {why}")
        return
    if [type(line) for line in checkpoint.lines] != [SignatureLine, Cosignature]:
        raise InvalidCheckpoint("the log's signature line must come first, then one cosignature")
    _check_origin(checkpoint, membership)
    log = checkpoint.lines[0]
    if (log.name, log.key_id) != _log_signer(membership):
        raise InvalidCheckpoint("the first signature line does not name the log's key")
    text = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    _check(membership.active[_OPERATOR].key, text, log.signature, "the log's signature")
    _check_cosignature(checkpoint, checkpoint.cosignatures[0], membership, _OPERATOR)


def check_own(checkpoint: Checkpoint, membership: Membership, number: int | None) -> None:
    """Check a state that one member keeps of what it signed itself.

    Args:
        checkpoint: decoded.
        membership: who keeps the ledger now.
        number: the member's; `None`: any one's.

    Raises:
        InvalidCheckpoint: this member, and nobody else, must have signed it.
    """
    if not membership.is_consortium:
        check_checkpoint(checkpoint, membership)
        return
    numbers = check_cosignatures(checkpoint, membership)
    if len(numbers) != 1 or number not in {None, *numbers}:
        raise InvalidCheckpoint("it does not bear this member's cosignature alone")


def check_cosignatures(checkpoint: Checkpoint, membership: Membership) -> list[int]:
    """Check the cosignatures of a checkpoint, however few; give the numbers of their members.

    Raises:
        InvalidCheckpoint: a line is no active member's cosignature, or does not hold.
    """
    _check_origin(checkpoint, membership)
    numbers = []
    for line in checkpoint.lines:
        number = _number_of(line, membership)
        if not isinstance(line, Cosignature) or number is None:
            raise InvalidCheckpoint(f"{line.name!r} is not the cosigning key of an active member")
        _check_cosignature(checkpoint, line, membership, number)
        numbers.append(number)
    return numbers


def _check_origin(checkpoint: Checkpoint, membership: Membership) -> None:
    if checkpoint.origin != membership.origin:
        raise InvalidCheckpoint(f"the origin {checkpoint.origin!r} is another log's")


def _number_of(line: Line, membership: Membership) -> int | None:
    digits = line.name.removeprefix(f"{membership.origin}/")
    if not re.fullmatch(NUMBER_PATTERN, digits) or int(digits) not in membership.active:
        return None
    return int(digits)


def _check_cosignature(
    checkpoint: Checkpoint, line: Cosignature, membership: Membership, number: int
) -> None:
    if (line.name, line.key_id) != _cosigner(membership, number):
        raise InvalidCheckpoint("a signature line does not name its cosigner's key")
    text = checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    message = cosigned_message(text, line.timestamp_unix_s)
    key = membership.active[number].cosigning_key
    whose = f" of member {number}" if membership.is_consortium else ""
    _check(key, message, line.signature, f"the cosignature{whose}")


def _log_signer(membership: Membership) -> tuple[str, bytes]:
    """Give name and id of a single operator's signing key."""
    key = membership.active[_OPERATOR].key
    return membership.origin, key_id(membership.origin, ED25519_TYPE, key)


def _cosigner(membership: Membership, number: int) -> tuple[str, bytes]:
    """Give name and id of a member's cosigning key."""
    name = cosigner_name(membership.origin, number)
    return name, key_id(name, COSIGNATURE_TYPE, membership.active[number].cosigning_key)


def keep_only(checkpoint: Checkpoint, lines: Sequence[Line]) -> Checkpoint:
    """Give the same state under other signature lines."""
    return Checkpoint(checkpoint.origin, checkpoint.size, checkpoint.root, tuple(lines))


def _check(key: bytes, message: bytes, signature: bytes, name: str) -> None:
    try:
        crypto.check_ed25519(key, message, signature)
    except ElectionError as error:
        raise InvalidCheckpoint(f"{name} does not hold") from error


def decode_text(data: bytes) -> str:
    """Read UTF-8.

    Raises:
        InvalidCheckpoint: it is none.
    """
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InvalidCheckpoint("not UTF-8") from None


def decode_bytes(text: str, length: int | None = None) -> bytes:
    """Read base64, of this many bytes where that is given.

    Raises:
        InvalidCheckpoint: it is none.
    """
    try:
        data = decode_base64(text)
    except ElectionError as error:
        raise InvalidCheckpoint(str(error)) from error
    if length is not None and len(data) != length:
        raise InvalidCheckpoint(f"{len(data)} bytes where {length} are due")
    return data


def decode_size(digits: str) -> int:
    """Read a number.

    Raises:
        InvalidCheckpoint: it is too large.
    """
    value = int(digits)
    if value > SIZE_MAX:
        raise InvalidCheckpoint(f"{digits} is too large")
    return value
