"""The `Ledger`: how every other part of the house reaches a ledger, wherever it runs.

Implementations: `MemoryLedger` (tests), `EmbeddedLedger` (the operator's own process) and
`RemoteLedger` (over HTTP). `tests/contract/ledger_contract.py` holds all of them to this page.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from hanpyo.ledger.blocks import Block
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import Member

Proof = tuple[bytes, ...]  # hashes of 32 bytes, RFC 9162 order

SUBMIT_ENTRIES_MAX = 1_000  # in one call


@dataclass(frozen=True, slots=True)
class Queued:
    """The ledger took the entry; only an inclusion means *recorded*.

    Attributes:
        promise: an encoded `Promise` where a listed gateway took the entry, else `None`.
    """

    entry_hash: bytes
    promise: bytes | None


@dataclass(frozen=True, slots=True)
class Known:
    """The very same entry is in the log already, at this index."""

    entry_hash: bytes
    index: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule refuses the entry: the numbered check (section 14) and a sentence."""

    entry_hash: bytes
    check: str
    why: str


@dataclass(frozen=True, slots=True)
class Later:
    """The ledger cannot take the entry now."""

    entry_hash: bytes
    retry_after_s: int


Verdict = Queued | Known | Refused | Later


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of each submitted entry, in the order of submission."""

    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """An entry is in the log: `proof` leads from its leaf hash to the checkpoint's root."""

    index: int
    checkpoint: Checkpoint
    proof: Proof


@dataclass(frozen=True, slots=True)
class Members:
    """Who keeps this ledger, as its log says now."""

    ledger_id: bytes
    members: tuple[Member, ...]
    gateways: tuple[bytes, ...]  # listed keys, in the order of their acts


class Ledger(Protocol):
    """A ledger, here or elsewhere.

    Every method may raise `Unreachable`; callers check what they are given (proofs, signatures)
    unless the ledger is their own.
    """

    def submit(self, entries: Sequence[bytes]) -> Admission:
        """Hand in entries, in order; never waits for them to be recorded.

        Entries of one call are judged one after another, so a later one may build on an earlier.

        Args:
            entries: 1 to `SUBMIT_ENTRIES_MAX` raw entries.

        Returns:
            One verdict for each. `Queued` entries may still be refused by a rule: `wait` tells.

        Raises:
            InvalidQuery: none, or too many.
        """
        ...

    def wait(self, entry_hash: bytes, timeout_s: float) -> Inclusion:
        """Wait until an entry is recorded under a signed checkpoint.

        Raises:
            Rejected: a rule refused it after it was queued.
            NotYet: it was not recorded in time.
        """
        ...

    def checkpoint(self) -> Checkpoint:
        """Give the newest checkpoint, its cosignature less than two minutes old."""
        ...

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Give the raw entries from index `start` to below `stop`.

        Raises:
            InvalidQuery: not 0 <= start <= stop <= size of the newest checkpoint.
        """
        ...

    def inclusion(self, index: int, size: int) -> Proof:
        """Prove that the entry at `index` is in the tree of `size`.

        Raises:
            InvalidQuery: not 0 <= index < size <= size of the newest checkpoint.
        """
        ...

    def consistency(self, old: int, new: int) -> Proof:
        """Prove that the tree of `new` continues the tree of `old`.

        Raises:
            InvalidQuery: not 1 <= old <= new <= size of the newest checkpoint.
        """
        ...

    def blocks(self, start_height: int) -> Iterator[Block]:
        """Give the blocks from this height (1 or more) on, up to the newest checkpoint."""
        ...

    def proofs(self, start_height: int) -> Iterator[bytes]:
        """Give the encoded proofs (9.8) of the blocks that need one, from this height on.

        A proof may come a moment after its block.
        """
        ...

    def members(self) -> Members:
        """Tell who keeps the ledger."""
        ...

    def find(self, election: bytes, kinds: Collection[int]) -> list[int]:
        """Look up the indexes of an election's entries of these kinds, ascending.

        This and the other look-ups are hints: a caller reads the entries and checks inclusion.

        Args:
            election: an election id, or 32 zero bytes for acts of the ledger.
            kinds: as in 9.2; with kind 2 and an election, the parts of its manifest.
        """
        ...

    def find_row(self, election: bytes, row: int) -> list[int]:
        """Look up the enrollments, replacements and ballots of a row, ascending."""
        ...

    def find_hash(self, entry_hash: bytes) -> int | None:
        """Look up where the entry with this hash stands."""
        ...

    def find_tracker(self, election: bytes, start: bytes) -> int | None:
        """Look up the ballot whose tracker hash starts with these 15 bytes."""
        ...
