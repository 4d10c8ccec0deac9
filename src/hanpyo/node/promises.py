"""The gateway's promises, many at a time: all of one call differ only in entry hash and signature.

So one promise is made in the ordinary way, and the others are cut from its pattern.
"""

from collections.abc import Callable, Sequence

from hanpyo.ledger.promise import make_promise, promise_message

ManySigner = Callable[[Sequence[bytes]], Sequence[bytes]]  # messages -> 64 bytes of Ed25519 each


def make_promises(
    ledger_id: bytes,
    hashes: Sequence[bytes],
    size: int,
    time_unix_s: int,
    gateway: bytes,
    sign: ManySigner,
) -> list[bytes]:
    """Promise that the entries with these hashes are recorded by a block time; each encoded."""
    before, after = _around(promise_message(ledger_id, _HASH, size, time_unix_s), _HASH)
    pattern = make_promise(ledger_id, _HASH, size, time_unix_s, gateway, lambda _: _SIGNATURE)
    first, rest = _around(pattern, _HASH)
    middle, last = _around(rest, _SIGNATURE)
    signatures = sign([before + entry + after for entry in hashes])
    return [
        b"".join((first, entry, middle, signature, last))
        for entry, signature in zip(hashes, signatures, strict=True)
    ]


_HASH = b"the hash of an entry stands here"
_SIGNATURE = b"and here, later on, stands the signature over it by the gateway."
assert (len(_HASH), len(_SIGNATURE)) == (32, 64)


def _around(pattern: bytes, mark: bytes) -> tuple[bytes, bytes]:
    before, found, after = pattern.partition(mark)
    assert found, "the pattern holds the mark"
    return before, after
