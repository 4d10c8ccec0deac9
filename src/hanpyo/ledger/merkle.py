"""The hash tree over the log: roots, inclusion and consistency (RFC 9162 section 2.1).

A proof is made from a `NodeReader`, a function that gives the hash of a *full node*: node
`(level, index)` covers the 2^level leaves from index * 2^level on, and all of them are there.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from hanpyo.errors import InvalidConsistency, InvalidInclusion, InvalidQuery

NodeReader = Callable[[int, int], bytes]  # (level, index) -> 32 bytes

EMPTY_ROOT = sha256(b"").digest()
PROOF_HASHES_MAX = 64  # a proof over at most 2^63 leaves is no longer


def leaf_hash(data: bytes) -> bytes:
    """Hash an entry's bytes into a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighboring nodes into the one above."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: enough to append leaves and to tell the root.

    Attributes:
        size: how many leaves it has.
        peaks: the full nodes that cover the leaves from left to right, largest first.
    """

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        assert size.bit_count() == len(peaks), "each bit of the size is one full node"
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the right end."""
        peaks, size = self.peaks, self.size
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes at the right end, in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """Give the root over all leaves so far."""
        return _joined(self.peaks) if self.peaks else EMPTY_ROOT

    def copy(self) -> "Frontier":
        """Give an edge that grows on its own from here."""
        return Frontier(self.size, self.peaks)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Give the root over leaf hashes."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def _joined(peaks: Sequence[bytes]) -> bytes:
    """Join full nodes, largest first, into the root over their leaves."""
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def _nodes(start: int, stop: int) -> list[tuple[int, int]]:
    """Name the full nodes that cover the leaves from `start` to `stop`, left to right.

    `start` is a multiple of the largest power of two that is at most `stop - start`, or of a larger
    one: so it is for every left end of a subtree of RFC 9162.
    """
    nodes = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def tree_root(size: int, read: NodeReader) -> bytes:
    """Give the root of the first `size` leaves."""
    return _range_hash(0, size, read) if size else EMPTY_ROOT


def _range_hash(start: int, stop: int, read: NodeReader) -> bytes:
    return _joined([read(level, index) for level, index in _nodes(start, stop)])


def _split(size: int) -> int:
    """Give k: the largest power of two smaller than `size`, 2 or more."""
    return 1 << ((size - 1).bit_length() - 1)


def prove_inclusion(index: int, size: int, read: NodeReader) -> tuple[bytes, ...]:
    """Prove that a leaf stands at `index` in the tree of the first `size` leaves.

    Returns:
        The hashes from the leaf's neighbor up to the root.

    Raises:
        InvalidQuery: `index` is not below `size`.
    Source: RFC 9162 section 2.1.3.1.
    """
    if not 0 <= index < size:
        raise InvalidQuery(f"a tree of size {size} has no leaf {index}")
    start, stop, path = 0, size, []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start = middle
    return tuple(_range_hash(*sibling, read) for sibling in reversed(path))


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf hash stands at `index` in the tree of `size` leaves with this root.

    Raises:
        InvalidInclusion: the proof does not lead there.
    Source: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise InvalidInclusion(f"a tree of size {size} has no leaf {index}")
    node, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise InvalidInclusion("the proof is too long")
        if node & 1 or node == last:
            reached = node_hash(sibling, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        node, last = node >> 1, last >> 1
    if last != 0 or reached != root:
        raise InvalidInclusion(f"the proof does not lead from leaf {index} to the root")


def prove_consistency(old: int, new: int, read: NodeReader) -> tuple[bytes, ...]:
    """Prove that the first `old` leaves of the tree of `new` leaves are the tree of size `old`.

    Raises:
        InvalidQuery: not 1 <= old <= new.
    Source: RFC 9162 section 2.1.4.1.
    """
    if not 1 <= old <= new:
        raise InvalidQuery(f"no proof leads from size {old} to size {new}")
    start, stop, path, whole = 0, new, [], True
    while stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start, whole = middle, False
    if not whole:
        path.append((start, stop))
    return tuple(_range_hash(*part, read) for part in reversed(path))


def check_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that two roots are states of one log that only grew.

    Raises:
        InvalidConsistency: the proof does not show it.
    Source: RFC 9162 section 2.1.4.2.
    """
    if not 1 <= old <= new:
        raise InvalidConsistency(f"size {new} cannot follow size {old}")
    if old == new:
        if proof or old_root != new_root:
            raise InvalidConsistency(f"two different roots for size {old}")
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise InvalidConsistency("the proof is empty")
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_reached = new_reached = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise InvalidConsistency("the proof is too long")
        if node & 1 or node == last:
            old_reached = node_hash(sibling, old_reached)
            new_reached = node_hash(sibling, new_reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new_reached = node_hash(new_reached, sibling)
        node, last = node >> 1, last >> 1
    if last != 0 or old_reached != old_root or new_reached != new_root:
        raise InvalidConsistency(f"size {new} does not continue size {old}")
