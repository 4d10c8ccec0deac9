"""A whole election on one machine: plays all parties, each built from a seed.

The parties meet only through a `Ledger`, as they would on machines of their own. `Place` says which
one: an embedded ledger in a temporary folder, or a `RemoteLedger` anywhere, with its own clerk.
`rehearse` holds the real election of a Pabulib file again; `hold_demo` shows a small one.
"""

from hanpyo.rehearsal.breaking import break_copy, verify_with_second
from hanpyo.rehearsal.demo import DemoElection, Told, first_failure, hold_demo, may_replace
from hanpyo.rehearsal.demo_consortium import hold_consortium_demo
from hanpyo.rehearsal.pabulib import Rehearsal, read_election, rehearse
from hanpyo.rehearsal.place import Place, embedded
from hanpyo.rehearsal.player import Player

__all__ = [
    "DemoElection",
    "Place",
    "Player",
    "Rehearsal",
    "Told",
    "break_copy",
    "embedded",
    "first_failure",
    "hold_consortium_demo",
    "hold_demo",
    "may_replace",
    "read_election",
    "rehearse",
    "verify_with_second",
]
