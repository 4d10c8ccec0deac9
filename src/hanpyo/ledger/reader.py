"""Reading somebody else's ledger entry by entry, believing nothing but what proofs show.

The look-ups of a `Ledger` are hints. A `LedgerReader` fetches the entries they name and checks each
one's inclusion under one checkpoint, whose signatures and age it has checked.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from hanpyo.election.manifest import election_id
from hanpyo.errors import (
    InvalidCheckpoint,
    InvalidConsistency,
    InvalidInclusion,
    InvalidQuery,
    Rejected,
)
from hanpyo.ledger.admission import admit
from hanpyo.ledger.checkpoint import Checkpoint, check_checkpoint
from hanpyo.ledger.entry import (
    NO_SCOPE,
    Act,
    Announce,
    Entry,
    ManifestPart,
    decode_entry,
    entry_hash,
)
from hanpyo.ledger.interface import Ledger, Proof
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import check_consistency, check_inclusion, leaf_hash
from hanpyo.ledger.state import LedgerState
from hanpyo.ledger.tiles import TILE_WIDTH
from hanpyo.ledger.walking import MEMBERSHIP_KINDS, walk_membership

FRESH_S = 300  # how old, or how far ahead of the reader's clock, a cosignature may be
REPLAY_ENTRIES = 1_000
CHANGE_KINDS = tuple(kind for kind in MEMBERSHIP_KINDS if kind)  # all but genesis


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry and the proof that it stands at `index` under some checkpoint."""

    index: int
    entry: bytes
    proof: Proof


def check_proven(proven: Proven, checkpoint: Checkpoint) -> Entry:
    """Check an entry's inclusion and decode it.

    Raises:
        InvalidInclusion: the proof does not lead to the checkpoint's root.
    """
    leaf = leaf_hash(proven.entry)
    check_inclusion(leaf, proven.index, checkpoint.size, proven.proof, checkpoint.root)
    return decode_entry(proven.entry)


def check_fresh(founding: Sequence[Proven], checkpoint: Checkpoint, now_unix_s: int) -> Membership:
    """Check a checkpoint under the keys of those who keep its log, and its age.

    The ledger id follows from entry 0; whether it is the right ledger, the election id tells.

    Args:
        founding: entry 0 and all later acts of membership, in order.
        checkpoint: the one that their proofs lead to.
        now_unix_s: this machine's clock.

    Raises:
        InvalidCheckpoint: a signature does not hold, or the cosignature is 5 minutes old or more.
        InvalidInclusion: the log does not begin with this founding entry.
        Rejected: the acts are not lawful.
    """
    if not founding or founding[0].index != 0:
        raise InvalidInclusion("the log does not begin with a founding entry")
    for proven in founding:
        check_proven(proven, checkpoint)
    membership = walk_membership([proven.entry for proven in founding])
    check_checkpoint(checkpoint, membership)
    age_s = now_unix_s - checkpoint.timestamp_unix_s
    if abs(age_s) >= FRESH_S:
        side = "old" if age_s > 0 else "ahead of this machine's clock"
        raise InvalidCheckpoint(f"the ledger's newest signature is {abs(age_s)} s {side}")
    return membership


class LedgerReader:
    """One checked state of a ledger, and its entries by look-up.

    Attributes:
        ledger: where to ask.
        founding: entry 0 and all later acts of membership, with their proofs.
        membership: who keeps the ledger, as they say.
        ledger_id: its hash.
        checkpoint: the state that all entries are proven under.
    """

    def __init__(self, ledger: Ledger, now_unix_s: int) -> None:
        """Take the newest checkpoint.

        Raises:
            InvalidCheckpoint, InvalidInclusion: it does not hold, or is not fresh.
        """
        self.ledger = ledger
        self.checkpoint = ledger.checkpoint()
        self.founding = [self.proven(0)]
        self.ledger_id = entry_hash(self.founding[0].entry)
        try:
            self.membership = check_fresh(self.founding, self.checkpoint, now_unix_s)
        except InvalidCheckpoint:  # others may keep the ledger by now
            changes = [index for index in ledger.find(NO_SCOPE, CHANGE_KINDS) if index]
            if not changes:
                raise
            self.founding += self.all_proven(changes)
            self.membership = check_fresh(self.founding, self.checkpoint, now_unix_s)

    def check_continues(self, before: Checkpoint) -> None:
        """Check that the log only grew since an earlier checkpoint.

        Raises:
            InvalidConsistency: it is another log, or a shorter one.
        """
        new = self.checkpoint
        if before.origin != new.origin or before.size > new.size:
            raise InvalidConsistency("the ledger shows less than it showed before")
        proof = self.ledger.consistency(before.size, new.size)
        check_consistency(before.size, before.root, new.size, new.root, proof)

    def proven(self, index: int) -> Proven:
        """Fetch an entry with its proof; unchecked.

        Raises:
            InvalidInclusion: the look-up names an entry beyond the checkpoint.
        """
        return next(self.all_proven([index]))

    def all_proven(self, indexes: Iterable[int]) -> Iterator[Proven]:
        """Fetch entries with their proofs, neighbors in one go; unchecked.

        Raises:
            InvalidInclusion: a look-up names an entry beyond the checkpoint.
        """
        size = self.checkpoint.size
        for _, near in groupby(indexes, lambda index: index // TILE_WIDTH):
            wanted = list(near)
            start, stop = min(wanted), max(wanted) + 1
            if not 0 <= start < stop <= size:
                raise InvalidInclusion(f"entry {stop - 1} is not in the log of size {size} yet")
            entries = list(self.ledger.entries(start, stop))
            if len(entries) != stop - start:
                raise InvalidInclusion(f"the log does not show all entries from {start} to {stop}")
            for index in wanted:
                yield Proven(index, entries[index - start], self.ledger.inclusion(index, size))

    def entry(self, index: int) -> Entry:
        """Fetch an entry and check its inclusion."""
        return check_proven(self.proven(index), self.checkpoint)

    def find(self, election: bytes, kinds: Collection[int]) -> list[int]:
        """Look up an election's entries of these kinds under the checkpoint, ascending."""
        return self._covered(self.ledger.find(election, kinds))

    def find_row(self, election: bytes, row: int) -> list[int]:
        """Look up a row's enrollments, replacements and ballots, ascending."""
        return self._covered(self.ledger.find_row(election, row))

    def acts(self, election: bytes, kinds: Collection[int]) -> Iterator[tuple[int, Act]]:
        """Give an election's acts of these kinds, inclusion checked, with their indexes."""
        for proven in self.all_proven(self.find(election, kinds)):
            entry = check_proven(proven, self.checkpoint)
            if isinstance(entry, Act) and entry.scope == election and entry.kind in kinds:
                yield proven.index, entry

    def manifest(self, election: bytes) -> bytes:
        """Give a manifest's bytes, checked against the election id.

        Raises:
            InvalidQuery: this ledger has no such election.
        """
        data = b"".join(part.data for part in self._parts(election))
        if not data or election_id(self.ledger_id, data) != election:
            raise InvalidQuery(f"this ledger has no election {election.hex()}")
        return data

    def elections(self) -> list[bytes]:
        """Give the ids of all announced elections, by the order of their manifests."""
        manifests: dict[bytes, bytes] = {}
        for part in self._parts(NO_SCOPE):
            manifests[part.digest] = manifests.get(part.digest, b"") + part.data
        names = [election_id(self.ledger_id, data) for data in manifests.values()]
        return [name for name in names if self.find(name, (Announce.kind,))]

    def _parts(self, scope: bytes) -> Iterator[ManifestPart]:
        for proven in self.all_proven(self.find(scope, (ManifestPart.kind,))):
            entry = check_proven(proven, self.checkpoint)
            if isinstance(entry, Act) and isinstance(entry.body, ManifestPart):
                yield entry.body

    def _covered(self, indexes: Iterable[int]) -> list[int]:
        """Keep what stands under the checkpoint; what came later belongs to a newer one."""
        return [index for index in indexes if index < self.checkpoint.size]


def replay_checked(ledger: Ledger, election: bytes, now_unix_s: int, threads: int) -> LedgerState:
    """Fetch a whole log and rebuild its state, every signature and proof checked.

    Args:
        election: the election of interest; entries of others are passed over.

    Raises:
        InvalidCheckpoint, InvalidInclusion: the checkpoint does not hold, or is not of this log.
        InvalidConsistency: the log holds what the rules refuse, or does not lead to the checkpoint.
    """
    reader = LedgerReader(ledger, now_unix_s)
    entries: list[bytes] = []
    state = LedgerState(entries.__getitem__, threads, election)
    source = iter(ledger.entries(0, reader.checkpoint.size))
    for block in ledger.blocks(1):
        if block.size > reader.checkpoint.size:
            break
        state.begin_block(block.time_unix_s)
        while state.log.size < block.size:
            data = list(islice(source, min(REPLAY_ENTRIES, block.size - state.log.size)))
            if not data:
                raise InvalidConsistency(f"the log ends at entry {len(entries)}")
            entries += data
            verdicts = state.judge(admit(state.view.facts, data, threads), keep_refused=True)
            for verdict in verdicts:
                if isinstance(verdict, Rejected):
                    raise InvalidConsistency(f"the log holds what is refused: {verdict.why}")
        state.end_block()
    if (state.log.size, state.log.root()) != (reader.checkpoint.size, reader.checkpoint.root):
        raise InvalidConsistency("the log's entries do not lead to its checkpoint")
    return state
