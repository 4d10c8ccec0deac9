"""Promises: what a gateway signs, and how a record judges its word (9.7)."""

from dataclasses import replace

import pytest

from hanpyo.encoding import encode_cbor
from hanpyo.errors import InvalidPromise
from hanpyo.ledger.checkpoint import Block, sign_checkpoint
from hanpyo.ledger.entry import Genesis, Member, entry_hash
from hanpyo.ledger.promise import (
    Promise,
    Standing,
    check_promise,
    decode_promise,
    decode_promise_file,
    due_size,
    encode_promise_file,
    judge_promise,
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


def block(time: int, size: int) -> Block:
    return Block(1, time, size, bytes(32), bytes(64))


MEMBER = Member("Operator", public("member", 0), public("cosigner", 0))
GENESIS = Genesis(1, bytes(32), 0, (MEMBER,))


@pytest.mark.parametrize(
    ("times", "timestamp", "due"),
    [
        ([(900, 12), (999, 15), (1_000, 20), (1_001, 25)], 2_000, 20),
        ([(900, 12), (1_500, 25)], 2_000, 25),
        ([(900, 12), (999, 25)], 1_000, 25),
        ([(900, 12), (999, 25)], 999, None),
    ],
)
def test_an_entry_is_due_by_the_first_block_of_its_time(
    times: list[tuple[int, int]], timestamp: int, due: int | None
) -> None:
    signers = signer("member", 0), signer("cosigner", 0)
    checkpoint = sign_checkpoint(GENESIS, 25, bytes(32), timestamp, *signers)
    assert due_size(PROMISE, [block(*each) for each in times], checkpoint) == due


@pytest.mark.parametrize(
    ("found_at", "due", "refused", "standing"),
    [
        (11, 12, None, Standing.KEPT),
        (3, 12, None, Standing.KEPT),
        (99, None, None, Standing.KEPT),
        (12, 12, False, Standing.BROKEN),
        (12, 12, True, Standing.VOID),
        (None, 12, False, Standing.BROKEN),
        (None, 12, True, Standing.VOID),
        (None, None, None, Standing.OPEN),
    ],
)
def test_e13_a_record_judges_a_promise(
    found_at: int | None, due: int | None, refused: bool | None, standing: Standing
) -> None:
    def is_refused() -> bool:
        assert refused is not None, "nobody asks"
        return refused

    assert judge_promise(found_at, due, is_refused=is_refused) is standing
