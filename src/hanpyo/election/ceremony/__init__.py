"""The key ceremony: what each trustee has published in one attempt, and what may come next.

A `Ceremony` is a value that never changes. The ledger's rules hold the current one and hand it to

- `begin_ceremony(election_id, manifest)`: attempt 1, with all trustees;
- `accept_commit`, `accept_reveal`, `accept_deal`, `accept_confirm`: the ceremony with that entry;
- `accept_complaint`, `accept_drop`: the next attempt, without the culprit (`dropped[-1]`).

Each `accept_...` takes the current ceremony, the body's fields, and where the joint key digest
needs it the hash of the entry. It returns the next ceremony or raises `Rejected` with C13 or C14.
Signatures, act numbers and phases are not its business: once `is_complete` or `has_failed`, the
rules refuse a ceremony's entries (C15). `joint_key` is there as soon as `is_complete`.

A trustee's machine asks `due_step`, `missing` and `has_done` what to do next, and gives `deals_to`
to its key. Source: docs/protocol.md 3, 7 and 10.
"""

from hanpyo.election.ceremony.attempt import (
    Ceremony,
    Contribution,
    Step,
    begin_ceremony,
    ceremony_id,
    deals_to,
    due_step,
    has_done,
    missing,
)
from hanpyo.election.ceremony.decisions import (
    accept_commit,
    accept_complaint,
    accept_confirm,
    accept_deal,
    accept_drop,
    accept_reveal,
)
from hanpyo.election.ceremony.key import (
    JointKey,
    joint_key,
    joint_key_digest,
    verification_keys,
)

__all__ = [
    "Ceremony",
    "Contribution",
    "JointKey",
    "Step",
    "accept_commit",
    "accept_complaint",
    "accept_confirm",
    "accept_deal",
    "accept_drop",
    "accept_reveal",
    "begin_ceremony",
    "ceremony_id",
    "deals_to",
    "due_step",
    "has_done",
    "joint_key",
    "joint_key_digest",
    "missing",
    "verification_keys",
]
