"""Promises of inclusion: a gateway's word that an entry will be recorded in time (9.7)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from hanpyo import crypto
from hanpyo.encoding import decode_cbor, encode_cbor, frame, u64
from hanpyo.errors import ElectionError, InvalidEncoding, InvalidPromise
from hanpyo.ledger.checkpoint import Signer
from hanpyo.ledger.entry import ENTRY_BYTES_MAX, entry_hash
from hanpyo.ledger.forms import mapped, number, octets

PROMISE_BYTES_MAX = 300


@dataclass(frozen=True, slots=True)
class Promise:
    """A gateway's signed word.

    Attributes:
        size: the log's size when the promise was given.
        time_unix_s: the block time by which the entry is to be recorded.
    """

    ledger_id: bytes
    entry_hash: bytes
    size: int
    time_unix_s: int
    gateway: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class PromiseFile:
    """A promise and the entry it is about: what a voter keeps and anyone can judge."""

    promise: bytes
    entry: bytes


_PROMISE = mapped(Promise, octets(32), octets(32), number(), number(), octets(32), octets(64))
_FILE = mapped(PromiseFile, octets(1, PROMISE_BYTES_MAX), octets(1, ENTRY_BYTES_MAX))


def promise_message(ledger_id: bytes, entry: bytes, size: int, time_unix_s: int) -> bytes:
    """Give what a gateway signs about an entry hash."""
    return frame("promise", ledger_id, entry, u64(size), u64(time_unix_s))


def make_promise(
    ledger_id: bytes, entry: bytes, size: int, time_unix_s: int, gateway: bytes, sign: Signer
) -> bytes:
    """Promise that the entry with this hash is recorded by a block time; encoded."""
    signature = sign(promise_message(ledger_id, entry, size, time_unix_s))
    promise = Promise(ledger_id, entry, size, time_unix_s, gateway, signature)
    return encode_cbor(_PROMISE.write(promise))


def decode_promise(data: bytes) -> Promise:
    """Read a promise; its signature is not checked yet.

    Raises:
        InvalidPromise: malformed.
    """
    try:
        promise: Promise = _PROMISE.read(decode_cbor(data))
    except InvalidEncoding as error:
        raise InvalidPromise(f"not a promise: {error}") from error
    return promise


def check_promise(promise: Promise, ledger_id: bytes, gateways: Collection[bytes]) -> None:
    """Check that a listed gateway of this ledger gave the promise.

    Raises:
        InvalidPromise: it did not.
    """
    if promise.ledger_id != ledger_id:
        raise InvalidPromise("the promise is about another ledger")
    if promise.gateway not in gateways:
        raise InvalidPromise("the promise is of a gateway that the ledger does not list")
    message = promise_message(
        promise.ledger_id, promise.entry_hash, promise.size, promise.time_unix_s
    )
    try:
        crypto.check_ed25519(promise.gateway, message, promise.signature)
    except ElectionError as error:
        raise InvalidPromise("the gateway's signature does not hold") from error


def encode_promise_file(promise: bytes, entry: bytes) -> bytes:
    """Put a promise and its entry into one file."""
    return encode_cbor(_FILE.write(PromiseFile(promise, entry)))


def decode_promise_file(data: bytes) -> tuple[Promise, bytes]:
    """Read a promise file.

    Raises:
        InvalidPromise: malformed, or the promise is about another entry.
    """
    try:
        file: PromiseFile = _FILE.read(decode_cbor(data))
    except InvalidEncoding as error:
        raise InvalidPromise(f"not a promise file: {error}") from error
    promise = decode_promise(file.promise)
    if promise.entry_hash != entry_hash(file.entry):
        raise InvalidPromise("the promise is about another entry")
    return promise, file.entry


class Standing(Enum):
    """What became of a promise, as far as a record shows."""

    KEPT = "kept"
    BROKEN = "broken"
    VOID = "void"
    OPEN = "open"
