"""The state machine: the view, the hash tree and the blocks, moved on by checked entries.

A node, the memory ledger and the verifier all run this. One thread owns it. Nothing here is undone:
where a store fails to keep what a block changed, the process stops and replays its log.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from hanpyo.election.tally import form_groups
from hanpyo.errors import DamagedLedger, InvalidQuery, Rejected
from hanpyo.ledger.admission import Admit, Admitted, CheckedEntry, NotAdmitted, admit, admit_known
from hanpyo.ledger.entry import Cast, entry_hash
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import Frontier, leaf_hash
from hanpyo.ledger.rules import apply, decide
from hanpyo.ledger.rules.changes import Change, VotingClosed
from hanpyo.ledger.sums import EntryReader
from hanpyo.ledger.view import Closing, ElectionView, LedgerView
from hanpyo.ledger.view_rows import changed_rows, view_rows

SETTLE_BALLOTS = 10_000  # ballots whose points wait in memory within one block judged in slices
REPLAY_ENTRIES = 1_000  # entries admitted at once while a log is replayed

Verdict = CheckedEntry | Rejected


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What a block did.

    Attributes:
        height: the block's height; that of the block before where nothing was accepted, for then
            there is no block.
        start: index of the first accepted entry; the others follow without gaps.
        size, root: the log after the block.
        verdicts: for each item, the entry as accepted or why it is refused.
    """

    height: int
    time_unix_s: int
    start: int
    size: int
    root: bytes
    verdicts: tuple[Verdict, ...]

    @property
    def accepted(self) -> list[CheckedEntry]:
        """The accepted entries in log order; entry i has index `start + i`."""
        return [verdict for verdict in self.verdicts if isinstance(verdict, CheckedEntry)]


class LedgerState:
    """View, tree and block bookkeeping.

    Attributes:
        view: what rules read.
        log: the tree's right edge: `log.size` entries so far, `log.root()`.
        height: the last block's height; 0: none.
        time_unix_s: the time of the block that was begun last.
        memberships: who keeps the ledger from which size on, in order.
    """

    def __init__(self, entry_at: EntryReader, threads: int, only: bytes | None = None) -> None:
        """Begin with an empty log.

        Args:
            entry_at: reads an entry of an earlier block by its index (where a block is judged in
                slices, also of earlier slices), when a ballot must be subtracted.
            threads: how many threads Rust may use.
            only: verify for this election alone; entries of others are passed over.
        """
        self.view = LedgerView(only)
        self.log = Frontier()
        self.height = 0
        self.time_unix_s = 0
        self.memberships: list[tuple[int, Membership]] = []
        self._entry_at = entry_at
        self._threads = threads
        self._start = 0  # the size before the block that was begun last
        self._slice_start = 0  # the size before the items that were judged last,
        self._slice: list[bytes] = []  # and the hashes of the entries since: not to be read yet

    def apply_block(self, items: Sequence[Admitted], time_unix_s: int) -> BlockResult:
        """Judge items in order as one block: refused ones leave no trace.

        Items that were refused as early, or that former members signed, are admitted again when
        their turn comes.

        Raises:
            InvalidQuery: the time is before the last block's, or block 1 has not exactly one item.
        """
        if self.log.size == 0 and len(items) != 1:
            raise InvalidQuery("block 1 holds entry 0 alone")
        self.begin_block(time_unix_s)
        start, verdicts = self.log.size, self.judge(items)
        self.end_block()
        root = self.log.root()
        return BlockResult(self.height, time_unix_s, start, self.log.size, root, tuple(verdicts))

    def begin_block(self, time_unix_s: int) -> None:
        """Begin a block that is judged in slices (a verifier's)."""
        if time_unix_s < self.time_unix_s:
            raise InvalidQuery(f"block time {time_unix_s} is before the last, {self.time_unix_s}")
        self.time_unix_s = time_unix_s
        self.view.changed.clear()
        self._start = self.log.size

    def judge(
        self, items: Sequence[Admitted], *, keep_refused: bool = False, again: Admit = admit
    ) -> list[Verdict]:
        """Judge items of the block that has begun.

        Args:
            items: in order.
            keep_refused: a record's entries stand in its tree even where a rule refuses them.
            again: how stale items are admitted again.

        Returns:
            For each item, the entry as accepted or why it is refused.
        """
        if any(each.sums.waiting > SETTLE_BALLOTS for each in self.view.elections.values()):
            self._settle()
        verdicts: list[Verdict] = []
        self._slice_start, self._slice = self.log.size, []
        admitted = list(items)
        for place in range(len(admitted)):
            try:
                verdicts.append(self._accept(self._ready(admitted, place, again)))
            except Rejected as refusal:
                verdicts.append(refusal)
                if keep_refused:
                    self.log.append(leaf_hash(admitted[place].data))
                    self._slice.append(b"")
        return verdicts

    def _ready(self, items: list[Admitted], place: int, again: Admit) -> CheckedEntry:
        """Give the checked entry at `place`, admitting it again where facts have changed since.

        With it all others that are as stale are admitted again, so that their signatures and proofs
        are checked in bulk.
        """
        facts = self.view.facts
        if items[place].is_stale(facts):
            places = [at for at in range(place, len(items)) if items[at].is_stale(facts)]
            found = again(facts, [items[at].data for at in places], self._threads)
            for at, admitted in zip(places, found, strict=True):
                items[at] = admitted
        item = items[place]
        if isinstance(item, NotAdmitted):
            raise item
        return item

    def _accept(self, checked: CheckedEntry) -> CheckedEntry:
        """Decide an entry and write what it changes."""
        change = self._decide(checked, self.time_unix_s)
        index = self.log.size
        self.log.append(checked.leaf_hash)
        self._slice.append(checked.entry_hash)
        apply(self.view, checked, change, index)
        membership = self.view.membership
        if membership is not None and membership is not self._newest_membership():
            self.memberships.append((index + 1, membership))
        if isinstance(change, VotingClosed):
            self._fix_closing(self.view.elections[checked.entry.scope])
        return checked

    def _newest_membership(self) -> Membership | None:
        return self.memberships[-1][1] if self.memberships else None

    def membership_at(self, size: int) -> Membership | None:
        """Give who keeps the ledger at a size so far, `None` before entry 0."""
        found = [each for start, each in self.memberships if start <= size]
        return found[-1] if found else None

    def _decide(self, checked: CheckedEntry, time_unix_s: int) -> Change:
        """Decide an entry; a ballot that the log holds already is refused as that in any phase."""
        try:
            return decide(self.view, checked, time_unix_s)
        except Rejected as refusal:
            if refusal.check == "C15" and self._is_recorded(checked):
                raise Rejected("C16", "this very ballot is in the log already") from refusal
            raise

    def _is_recorded(self, checked: CheckedEntry) -> bool:
        """Whether this very ballot stands in the log: compared with all that its row recorded."""
        cast = checked.entry
        if not isinstance(cast, Cast):
            return False
        roll = self.view.elections[cast.election].roll
        row = roll.row_of.get(cast.credential)
        if row is None:
            return False
        if roll.credentials[row] == cast.credential and cast.sequence > roll.sequences[row]:
            return False
        return any(self._hash_at(index) == checked.entry_hash for index in roll.ballots(row))

    def _hash_at(self, index: int) -> bytes:
        if index >= self._slice_start:
            return self._slice[index - self._slice_start]
        return entry_hash(self._entry_at(index))

    def _fix_closing(self, election: ElectionView) -> None:
        """Fix what a close entry fixes: sums, groups, and the root up to and including it."""
        self._settle()
        election.closing = Closing(self.log.size, self.log.root())
        smallest, weights = election.manifest.smallest_tally, election.manifest.weights
        contests = range(len(election.manifest.contests))
        counts = [election.sums.counts(contest) for contest in contests]
        election.groups = [form_groups(parts, smallest, weights) for parts in counts]
        for key in election.sums.counted_parts():
            self.view.touch("sum", election.election_id, *key)

    def _settle(self) -> None:
        for election in self.view.elections.values():
            if election.sums.waiting:
                election.sums.settle(election.kit, election.roll, self._entry_at, self._threads)

    def end_block(self) -> None:
        """End the block: sums are brought up to date."""
        self._settle()
        if self.log.size > self._start:
            self.height += 1

    def check_acceptable(self, item: Admitted, time_unix_s: int) -> None:
        """Check that the rules would accept an entry here and at this time; changes nothing.

        Raises:
            Rejected: they would not.
        """
        self._decide(self._ready([item], 0, admit), time_unix_s)

    def view_rows(self) -> Iterator[tuple[bytes, bytes]]:
        """Give all rows of the view as canonical CBOR keys and values, in no promised order."""
        return view_rows(self.view)

    def changed_rows(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Give the view rows that the last block changed; `None`: the row is gone."""
        return changed_rows(self.view)


def replay(state: LedgerState, entries: Iterable[bytes], blocks: Iterable[tuple[int, int]]) -> None:
    """Rebuild a state from a node's own log, whose proofs were checked before.

    Args:
        state: an empty state.
        entries: all entries, in order.
        blocks: time and size of each block, in order.

    Raises:
        DamagedLedger: an entry is refused now, or the entries do not fill the blocks.
    """
    source = iter(entries)
    for time_unix_s, size in blocks:
        state.begin_block(time_unix_s)
        while state.log.size < size:
            start = state.log.size
            data = list(islice(source, min(REPLAY_ENTRIES, size - start)))
            items = admit_known(state.view.facts, data, 1)
            for place, verdict in enumerate(state.judge(items, again=admit_known)):
                if isinstance(verdict, Rejected):
                    raise DamagedLedger(f"entry {start + place} is refused: {verdict.why}")
            if not data:
                raise DamagedLedger(f"the log ends at entry {start}, its blocks at {size}")
        state.end_block()
    if next(source, None) is not None:
        raise DamagedLedger(f"the log goes on after the last block's size {state.log.size}")
