"""Promises cut from a pattern."""

from collections.abc import Sequence

from hanpyo import crypto
from hanpyo.ledger.promise import check_promise, decode_promise, make_promise
from hanpyo.node.promises import make_promises
from tests.helpers.parties import public, seed, signer

LEDGER = seed("ledger")


def sign_many(messages: Sequence[bytes]) -> list[bytes]:
    return crypto.ed25519_sign_many(seed("g"), messages)


def test_promises_are_those_that_are_made_one_by_one() -> None:
    hashes = [seed("entry", number) for number in range(20)]
    for size, now in ((0, 0), (24, 1_700_000_000), (2**40, 2**33)):
        made = make_promises(LEDGER, hashes, size, now + 10, public("g"), sign_many)
        due = [
            make_promise(LEDGER, name, size, now + 10, public("g"), signer("g")) for name in hashes
        ]
        assert made == due


def test_a_promise_holds() -> None:
    (made,) = make_promises(LEDGER, [seed("entry")], 5, 100, public("g"), sign_many)
    promise = decode_promise(made)
    check_promise(promise, LEDGER, {public("g")})
    assert (promise.size, promise.time_unix_s) == (5, 100)


def test_nothing_is_promised_about_nothing() -> None:
    assert make_promises(LEDGER, [], 5, 100, public("g"), sign_many) == []
