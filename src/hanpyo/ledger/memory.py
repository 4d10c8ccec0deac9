"""A ledger in memory, for tests and rehearsals: every submission becomes a block at once.

It holds the whole contract of `interface.Ledger` but durability. Keys stay with the caller.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hanpyo.errors import InvalidQuery, NotYet, Rejected
from hanpyo.ledger.admission import CheckedEntry, admit
from hanpyo.ledger.blocks import Block, block_message
from hanpyo.ledger.checkpoint import Checkpoint, Signer, make_cosignature, sign_checkpoint
from hanpyo.ledger.entry import entry_hash
from hanpyo.ledger.entry_index import EntryIndex
from hanpyo.ledger.interface import (
    SUBMIT_ENTRIES_MAX,
    Admission,
    Inclusion,
    Known,
    Members,
    Proof,
    Queued,
    Refused,
    Verdict,
)
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import node_hash, prove_consistency, prove_inclusion
from hanpyo.ledger.promise import make_promise
from hanpyo.ledger.state import BlockResult, LedgerState

PROMISE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class OperatorKeys:
    """What an operator signs with.

    Attributes:
        sign, cosign: member 0's signing and cosigning key.
        gateway: a gateway's public key, empty where it gives no promises.
        promise: that gateway's key.
        cosigners: of a consortium's members, by their cosigning keys.
    """

    sign: Signer
    cosign: Signer
    gateway: bytes = b""
    promise: Signer | None = None
    cosigners: Mapping[bytes, Signer] = field(default_factory=dict)


class MemoryLedger:
    """Implements `Ledger`.

    Attributes:
        state: the ledger's state, for tests that look inside.
    """

    def __init__(
        self, founding: bytes, keys: OperatorKeys, now: Callable[[], int], threads: int = 1
    ) -> None:
        """Found a ledger.

        Args:
            founding: entry 0, signed.
            keys: the operator's, or the members'.
            now: gives the time in seconds since 1970-01-01 UTC; it may stand still, not fall.
            threads: how many threads Rust may use.

        Raises:
            Rejected: entry 0 is not lawful.
        """
        self.state = LedgerState(self._entry_at, threads)
        self._keys = keys
        self._now = now
        self._threads = threads
        self._entries: list[bytes] = []
        self._indexes: dict[bytes, int] = {}
        self._index = EntryIndex()
        self._refused: dict[bytes, Rejected] = {}
        self._blocks: list[Block] = []
        self._nodes: dict[tuple[int, int], bytes] = {}
        verdicts = self._record([founding])
        if isinstance(verdicts[0], Rejected):
            raise verdicts[0]

    def _entry_at(self, index: int) -> bytes:
        return self._entries[index]

    @property
    def _membership(self) -> Membership:
        membership = self.state.view.membership
        assert membership is not None, "the constructor records entry 0"
        return membership

    def submit(self, entries: Sequence[bytes]) -> Admission:
        """Record entries at once; see `Ledger.submit`."""
        if not 1 <= len(entries) <= SUBMIT_ENTRIES_MAX:
            raise InvalidQuery(f"1 to {SUBMIT_ENTRIES_MAX} entries at once, not {len(entries)}")
        hashes = [entry_hash(data) for data in entries]
        size = self.state.log.size
        known = {name: self._indexes[name] for name in hashes if name in self._indexes}
        new = dict.fromkeys(
            data for data, name in zip(entries, hashes, strict=True) if name not in known
        )
        refusals = dict(zip(new, self._record(list(new)), strict=True)) if new else {}
        verdicts: list[Verdict] = []
        for data, name in zip(entries, hashes, strict=True):
            refusal = refusals.get(data)
            if name in known:
                verdicts.append(Known(name, known[name]))
            elif isinstance(refusal, Rejected):
                verdicts.append(Refused(name, refusal.check, refusal.why))
            else:
                verdicts.append(Queued(name, self._promise(name, size)))
        return Admission(tuple(verdicts))

    def _promise(self, name: bytes, size: int) -> bytes | None:
        gateway, sign = self._keys.gateway, self._keys.promise
        ledger_id = self.state.view.ledger_id
        if sign is None or ledger_id is None or gateway not in self.state.view.gateways:
            return None
        due = self.state.time_unix_s + PROMISE_SECONDS
        return make_promise(ledger_id, name, size, due, gateway, sign)

    def _record(self, items: Sequence[bytes]) -> list[CheckedEntry | Rejected]:
        """Judge entries as one block and keep those accepted."""
        time_unix_s = max(self._now(), self.state.time_unix_s)
        former = self.state.view.membership
        admitted = admit(self.state.view.facts, items, self._threads)
        result = self.state.apply_block(admitted, time_unix_s)
        for data, verdict in zip(items, result.verdicts, strict=True):
            if isinstance(verdict, Rejected):
                self._refused[entry_hash(data)] = verdict
            else:
                self._indexes[verdict.entry_hash] = len(self._entries)
                self._keep_leaf(len(self._entries), verdict.leaf_hash)
                self._entries.append(data)
        if result.accepted:
            self._index.add(self.state.view, result.start, result.accepted)
            self._blocks.append(self._block(result, former))
        return list(result.verdicts)

    def _block(self, result: BlockResult, former: Membership | None) -> Block:
        """Close a block; the one that hands the ledger over is still the operator's."""
        place = result.height, result.time_unix_s, result.size, result.root
        membership = self._membership
        if former is None and membership.is_consortium:
            return Block(*place, cosignature=None, engine_height=0)
        if former is not None and former.is_consortium:
            before = self._blocks[-1].engine_height or 0
            return Block(*place, cosignature=None, engine_height=before + 1)
        message = block_message(membership.origin, *place[1:])
        return Block(*place, cosignature=self._keys.cosign(message))

    def _keep_leaf(self, index: int, leaf: bytes) -> None:
        """Keep a leaf and each full node that it completes."""
        level = 0
        self._nodes[0, index] = node = leaf
        while index & 1:
            node = node_hash(self._nodes[level, index - 1], node)
            level, index = level + 1, index >> 1
            self._nodes[level, index] = node

    def _node(self, level: int, index: int) -> bytes:
        return self._nodes[level, index]

    def wait(self, entry_hash: bytes, timeout_s: float) -> Inclusion:  # noqa: ARG002
        """Give the inclusion at once; see `Ledger.wait`."""
        index = self._indexes.get(entry_hash)
        if index is not None:
            checkpoint = self.checkpoint()
            return Inclusion(index, checkpoint, self.inclusion(index, checkpoint.size))
        if entry_hash in self._refused:
            raise self._refused[entry_hash]
        raise NotYet("no such entry was recorded")

    def checkpoint(self) -> Checkpoint:
        """Sign the log as it is now; see `Ledger.checkpoint`."""
        time_unix_s = max(self._now(), self.state.time_unix_s)
        membership, keys = self._membership, self._keys
        state = self.state.log.size, self.state.log.root()
        if not membership.is_consortium:
            return sign_checkpoint(membership, *state, time_unix_s, keys.sign, keys.cosign)
        lines = tuple(
            make_cosignature(
                membership, number, *state, time_unix_s, keys.cosigners[keeper.cosigning_key]
            )
            for number, keeper in membership.active.items()
        )
        return Checkpoint(membership.origin, *state, lines)

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Give raw entries; see `Ledger.entries`."""
        if not 0 <= start <= stop <= len(self._entries):
            raise InvalidQuery(f"no entries from {start} to {stop} of {len(self._entries)}")
        return iter(self._entries[start:stop])

    def inclusion(self, index: int, size: int) -> Proof:
        """Prove inclusion; see `Ledger.inclusion`."""
        if size > len(self._entries):
            raise InvalidQuery(f"the log has {len(self._entries)} entries, not {size}")
        return prove_inclusion(index, size, self._node)

    def consistency(self, old: int, new: int) -> Proof:
        """Prove consistency; see `Ledger.consistency`."""
        if new > len(self._entries):
            raise InvalidQuery(f"the log has {len(self._entries)} entries, not {new}")
        return prove_consistency(old, new, self._node)

    def blocks(self, start_height: int) -> Iterator[Block]:
        """Give blocks; see `Ledger.blocks`."""
        if start_height < 1:
            raise InvalidQuery("heights begin with 1")
        return iter(self._blocks[start_height - 1 :])

    def proofs(self, start_height: int) -> Iterator[bytes]:  # noqa: ARG002
        """Give none; see `Ledger.proofs`."""
        return iter(())

    def members(self) -> Members:
        """Tell who keeps the ledger; see `Ledger.members`."""
        view = self.state.view
        assert view.ledger_id is not None, "the constructor records entry 0"
        return Members(view.ledger_id, self._membership.members, tuple(view.gateways))

    def find(self, election: bytes, kinds: Collection[int]) -> list[int]:
        """Look up entries by kind; see `Ledger.find`."""
        return self._index.find(election, kinds)

    def find_row(self, election: bytes, row: int) -> list[int]:
        """Look up the entries of a row; see `Ledger.find_row`."""
        return self._index.find_row(election, row)

    def find_hash(self, entry_hash: bytes) -> int | None:
        """Look up an entry by its hash; see `Ledger.find_hash`."""
        return self._index.find_hash(entry_hash)

    def find_tracker(self, election: bytes, start: bytes) -> int | None:
        """Look up a ballot by its tracker; see `Ledger.find_tracker`."""
        return self._index.find_tracker(election, start)
