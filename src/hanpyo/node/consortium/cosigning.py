"""Cosigning: a member signs its own node's log, and gathers what the others sign of theirs.

An entry counts as recorded only when a quorum has cosigned one size that covers it. The log is the
same everywhere, so members sign the same roots; where one signs another root, its two signatures
are kept as proof against it.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from hanpyo.errors import DamagedLedger
from hanpyo.ledger.checkpoint import (
    Checkpoint,
    Cosignature,
    check_cosignatures,
    keep_only,
    make_cosignature,
)
from hanpyo.ledger.membership import Membership
from hanpyo.node.keeper import Clock
from hanpyo.node.storage.folder import Operator
from hanpyo.node.storage.last_checkpoint import LastCheckpoint

SIZES_KEPT = 1_000
EARLY_SIZES_MAX = 64  # of logs that are ahead of ours

MembershipSource = Callable[[int], Membership | None]  # who keeps the ledger at a size


class Cosigner:
    """Signs the node's own states, in order; each is on disk before its signature leaves."""

    def __init__(self, operator: Operator, last: LastCheckpoint, clock: Clock) -> None:
        """Prepare.

        Args:
            operator: whose node this is.
            last: keeps the last signed state, outside the database.
            clock: the time.
        """
        self._operator = operator
        self._last = last
        self._clock = clock
        self._lock = threading.Lock()  # of the fields below
        self._size, self._root = 0, b""
        self._timestamp_unix_s = 0

    def note_signed(self, checkpoint: Checkpoint) -> None:
        """Take up what was signed before: nothing earlier is signed again."""
        self._size, self._root = checkpoint.size, checkpoint.root
        self._timestamp_unix_s = checkpoint.timestamp_unix_s

    @property
    def signed_size(self) -> int:
        """The size of the last signed state."""
        return self._size

    def sign_again(self, membership: Membership, number: int, after_s: int) -> Checkpoint | None:
        """Sign the last state anew if its signature is this old; `None` where it is not."""
        with self._lock:
            size, root, signed_at = self._size, self._root, self._timestamp_unix_s
        if not size or self._clock() - signed_at < after_s:
            return None
        return self.sign(membership, number, size, root, 0)

    def sign(
        self, membership: Membership, number: int, size: int, root: bytes, block_time_unix_s: int
    ) -> Checkpoint:
        """Sign a state that is on disk; it bears this one cosignature.

        Raises:
            DamagedLedger: it does not continue what was signed before.
        """
        with self._lock:
            if size < self._size or (size == self._size and root != self._root):
                raise DamagedLedger(f"size {size} does not continue the signed size {self._size}")
            now = max(self._clock(), block_time_unix_s, self._timestamp_unix_s)
            line = make_cosignature(membership, number, size, root, now, self._operator.cosign)
            checkpoint = Checkpoint(membership.origin, size, root, (line,))
            self._last.write(checkpoint)
            self._size, self._root, self._timestamp_unix_s = size, root, now
            return checkpoint


@dataclass(frozen=True, slots=True)
class Conflict:
    """A member's signature of another root than ours, of the same size."""

    number: int
    ours: Checkpoint
    theirs: Checkpoint


class Cosignatures:
    """Gathers cosignatures by size until a quorum is there. Any thread may call.

    `_lock` guards all fields; the callbacks are called without it.
    """

    def __init__(
        self,
        membership_at: MembershipSource,
        on_quorum: Callable[[Checkpoint], None],
        on_conflict: Callable[[Conflict], None],
    ) -> None:
        """Begin empty.

        Args:
            membership_at: who keeps our log at a size that it has reached.
            on_quorum: told the newest state that a quorum has cosigned, and when it is fresher.
            on_conflict: told when a member signed another log.
        """
        self._membership_at = membership_at
        self._on_quorum = on_quorum
        self._on_conflict = on_conflict
        self._lock = threading.Lock()
        self._roots: OrderedDict[int, bytes] = OrderedDict()  # of our own log, by size
        self._lines: dict[int, dict[int, Cosignature]] = {}  # by size and member
        self._early: OrderedDict[int, list[Checkpoint]] = OrderedDict()
        self._seen: dict[int, int] = {}  # the newest size each member has cosigned
        self._published: tuple[int, int] = (0, 0)  # size and time of the newest quorum

    def know(self, size: int, root: bytes) -> None:
        """Learn the root of our own log at a size; what was signed of it before counts now."""
        with self._lock:
            self._roots[size] = root
            early = self._early.pop(size, [])
            while len(self._roots) > SIZES_KEPT:
                oldest, _ = self._roots.popitem(last=False)
                self._lines.pop(oldest, None)
        for each in early:
            self.add(each)

    def add(self, signed: Checkpoint) -> None:
        """Take what another member has signed.

        Raises:
            InvalidCheckpoint: it is none of our log's members' signatures.
        """
        with self._lock:
            root, newest = self._roots.get(signed.size), next(reversed(self._roots), 0)
            if root is None:
                if signed.size > newest:
                    self._keep_early(signed)
                return
        membership = self._membership_at(signed.size)
        assert membership is not None, "our log has this size"
        numbers = check_cosignatures(signed, membership)
        if signed.root != root:
            self._report(signed, numbers)
            return
        with self._lock:
            lines = self._lines.setdefault(signed.size, {})
            for number, line in zip(numbers, signed.cosignatures, strict=True):
                former = lines.get(number)
                if former is None or line.timestamp_unix_s > former.timestamp_unix_s:
                    lines[number] = line
                self._seen[number] = max(signed.size, self._seen.get(number, 0))
            quorum = self._quorum(signed.size, root, membership)
            if quorum is None or (quorum.size, quorum.timestamp_unix_s) <= self._published:
                return
            self._published = quorum.size, quorum.timestamp_unix_s
        self._on_quorum(quorum)

    def _keep_early(self, signed: Checkpoint) -> None:
        waiting = self._early.setdefault(signed.size, [])
        if len(waiting) < SIZES_KEPT:
            waiting.append(signed)
        while len(self._early) > EARLY_SIZES_MAX:
            self._early.popitem(last=False)

    def _quorum(self, size: int, root: bytes, membership: Membership) -> Checkpoint | None:
        lines = self._lines.get(size, {})
        active = [lines[number] for number in sorted(lines) if number in membership.active]
        if len(active) < membership.quorum:
            return None
        return Checkpoint(membership.origin, size, root, tuple(active))

    def _report(self, signed: Checkpoint, numbers: list[int]) -> None:
        ours = self.gathered(signed.size)
        if ours is None:
            return
        for number, line in zip(numbers, signed.cosignatures, strict=True):
            self._on_conflict(Conflict(number, ours, keep_only(signed, [line])))

    def gathered(self, size: int | None = None) -> Checkpoint | None:
        """Give all signatures at hand of a size (`None`: our newest), be they few."""
        with self._lock:
            size = next(reversed(self._roots), None) if size is None else size
            if size is None or size not in self._roots or not self._lines.get(size):
                return None
            membership = self._membership_at(size)
            assert membership is not None, "our log has this size"
            lines = self._lines[size]
            ordered = tuple(lines[number] for number in sorted(lines))
            return Checkpoint(membership.origin, size, self._roots[size], ordered)

    def quorum(self, size: int) -> Checkpoint | None:
        """Give a quorum's checkpoint of exactly this size, if it is at hand."""
        membership = self._membership_at(size)
        with self._lock:
            root = self._roots.get(size)
            if root is None or membership is None:
                return None
            return self._quorum(size, root, membership)

    @property
    def has_quorum(self) -> bool:
        """Whether our newest state has a quorum."""
        with self._lock:
            return self._published[0] >= next(reversed(self._roots), 0)

    def seen(self) -> dict[int, int]:
        """Tell the newest size that each member has cosigned."""
        with self._lock:
            return dict(self._seen)
