"""Finding entries without reading the log: by hash, kind, row and tracker.

What this gives is a hint. It is rebuilt from the log, is no part of the view, and no rule reads it;
whoever asks somebody else's ledger checks by inclusion what it is told. Some 300 bytes a ballot.
"""

from array import array
from collections.abc import Collection, Iterator, Sequence

from hanpyo.election.ballot import TRACKER_BYTES, tracker_hash
from hanpyo.ledger.admission import CheckedEntry
from hanpyo.ledger.entry import Announce, Cast, Enroll, Entry, ManifestPart, Replace
from hanpyo.ledger.row_chains import RowChains
from hanpyo.ledger.view import LedgerView


class EntryIndex:
    """Where entries stand. The thread that owns the view adds to it."""

    def __init__(self) -> None:
        self._hashes: dict[bytes, int] = {}
        self._trackers: dict[bytes, int] = {}
        self._kinds: dict[tuple[bytes, int], array[int]] = {}
        self._waiting: dict[bytes, array[int]] = {}  # manifest parts by digest
        self._rows: dict[bytes, RowChains] = {}

    def add(self, view: LedgerView, start: int, accepted: Sequence[CheckedEntry]) -> None:
        """Add the entries of a block.

        Args:
            view: the view after the block.
            start: index of the first of them.
        """
        for index, checked in enumerate(accepted, start):
            entry = checked.entry
            self._hashes[checked.entry_hash] = index
            if isinstance(entry, Cast):
                self._trackers[tracker_hash(entry.election, entry.ballot)[:TRACKER_BYTES]] = index
            self._add_kind(entry, index)
            for row in _rows(view, entry):
                chains = self._rows.get(entry.scope)
                if chains is None:
                    chains = self._rows[entry.scope] = RowChains()
                chains.add(row, index)

    def _add_kind(self, entry: Entry, index: int) -> None:
        body = None if isinstance(entry, Cast) else entry.body
        if isinstance(body, ManifestPart):
            self._waiting.setdefault(body.digest, array("Q")).append(index)
        elif isinstance(body, Announce):
            parts = self._waiting.pop(body.digest, array("Q"))
            self._kinds[entry.scope, ManifestPart.kind] = parts
        key = entry.scope, entry.kind
        if key not in self._kinds:
            self._kinds[key] = array("Q")
        self._kinds[key].append(index)

    def find(self, election: bytes, kinds: Collection[int]) -> list[int]:
        """Give the indexes of an election's entries of these kinds, ascending.

        With 32 zero bytes, of the ledger's own acts; with kind 2, of an election's manifest parts.
        """
        found = [self._kinds.get((election, kind), ()) for kind in set(kinds)]
        return sorted(index for indexes in found for index in indexes)

    def find_row(self, election: bytes, row: int) -> list[int]:
        """Give enrollments, replacements and ballots of a row, ascending."""
        chains = self._rows.get(election)
        return [] if chains is None else chains.find(row)

    def find_hash(self, entry_hash: bytes) -> int | None:
        """Give the index of the entry with this hash."""
        return self._hashes.get(entry_hash)

    def find_tracker(self, election: bytes, start: bytes) -> int | None:
        """Give the index of the ballot whose tracker hash starts with these 15 bytes."""
        known = (election, Cast.kind) in self._kinds
        return self._trackers.get(start) if known else None  # the hash covers the election id


def _rows(view: LedgerView, entry: Entry) -> Iterator[int]:
    """Name the rows that an accepted entry is about."""
    if isinstance(entry, Cast):
        yield view.elections[entry.election].roll.row_of[entry.credential]
    elif isinstance(entry.body, Replace):
        yield entry.body.row
    elif isinstance(entry.body, Enroll):
        row_of = view.elections[entry.scope].roll.row_of
        for each in entry.body.rows:  # rows that did not pass are ignored
            if row_of.get(each.credential) == each.row:
                yield each.row
