"""A trustee's own machine: its part in the key ceremony, its seal, its shares. Pure.

Everything follows from one 32-byte seed and the public log, so the seed on paper is the backup of
all keys. What a trustee must remember besides is which root it has sealed: `SealRecord`.
`draw` gives fresh random bytes, such as `secrets.token_bytes`. Source: docs/protocol.md 7, 11.
"""

from hanpyo.trustee.ceremony import (
    bad_dealers,
    commit,
    complain,
    confirm,
    deal,
    due,
    has_good_deal,
    reveal,
)
from hanpyo.trustee.keys import Draw, Trustee, find_trustee, public_key, signing_seed
from hanpyo.trustee.tally import (
    SealRecord,
    check_seal,
    closing_of,
    decrypt,
    seal,
    seal_from_json,
    seal_to_json,
)

__all__ = [
    "Draw",
    "SealRecord",
    "Trustee",
    "bad_dealers",
    "check_seal",
    "closing_of",
    "commit",
    "complain",
    "confirm",
    "deal",
    "decrypt",
    "due",
    "find_trustee",
    "has_good_deal",
    "public_key",
    "reveal",
    "seal",
    "seal_from_json",
    "seal_to_json",
    "signing_seed",
]
