"""Promises: what a gateway signs, and how a record judges its word (9.7)."""

from dataclasses import replace

import pytest

from hanpyo.encoding import encode_cbor
from hanpyo.errors import InvalidPromise
from hanpyo.ledger.entry import entry_hash
from hanpyo.ledger.promise import (
    Promise,
    check_promise,
    decode_promise,
    decode_promise_file,
    encode_promise_file,
    make_promise,
)
from tests.helpers.parties import public, seed, signer

LEDGER, ENTRY, GATEWAY = seed("ledger"), b"an entry", public("gateway")
DATA = make_promise(LEDGER, entry_hash(ENTRY), 10, 1_000, GATEWAY, signer("gateway"))
PROMISE = decode_promise(DATA)


def test_a_promise_comes_back_as_it_was_and_holds() -> None:
    assert (PROMISE.ledger_id, PROMISE.entry_hash) == (LEDGER, entry_hash(ENTRY))
    assert (PROMISE.size, PROMISE.time_unix_s, PROMISE.gateway) == (10, 1_000, GATEWAY)
    check_promise(PROMISE, LEDGER, [GATEWAY])


@pytest.mark.parametrize(
    "changed",
    [
        replace(PROMISE, ledger_id=seed("x")),
        replace(PROMISE, entry_hash=seed("x")),
        replace(PROMISE, size=11),
        replace(PROMISE, time_unix_s=1_001),
        replace(PROMISE, gateway=public("x")),
        replace(PROMISE, signature=bytes(64)),
    ],
)
def test_a_promise_with_one_thing_changed_does_not_hold(changed: Promise) -> None:
    with pytest.raises(InvalidPromise):
        check_promise(changed, LEDGER, [GATEWAY, public("x")])


def test_a_promise_of_another_ledger_or_gateway_does_not_hold() -> None:
    with pytest.raises(InvalidPromise):
        check_promise(PROMISE, seed("x"), [GATEWAY])
    with pytest.raises(InvalidPromise):
        check_promise(PROMISE, LEDGER, [public("x")])


def test_a_promise_file_holds_promise_and_entry() -> None:
    assert decode_promise_file(encode_promise_file(DATA, ENTRY)) == (PROMISE, ENTRY)
    with pytest.raises(InvalidPromise):
        decode_promise_file(encode_promise_file(DATA, b"another entry"))


@pytest.mark.parametrize("value", [b"", {}, {0: b"", 1: b""}, {0: DATA}, {0: DATA, 1: b"", 2: 0}])
def test_a_malformed_promise_file_is_refused(value: object) -> None:
    with pytest.raises(InvalidPromise):
        decode_promise_file(encode_cbor(value))
    with pytest.raises(InvalidPromise):
        decode_promise(encode_cbor(value))


def test_bytes_after_a_promise_are_refused() -> None:
    with pytest.raises(InvalidPromise):
        decode_promise(DATA + b"\x00")
    with pytest.raises(InvalidPromise):
        decode_promise_file(encode_promise_file(DATA + b"\x00", ENTRY))
