"""The Merkle tree of RFC 9162 section 2.1 (protocol.md 9.1)."""

import hashlib


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree that keeps only the roots of its complete subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[bytes] = []

    def push(self, leaf: bytes) -> None:
        """Appends a leaf hash."""
        size = self.size
        while size & 1:
            leaf = node_hash(self._stack.pop(), leaf)
            size >>= 1
        self._stack.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._stack:
            return hashlib.sha256(b"").digest()
        root = self._stack[-1]
        for left in self._stack[-2::-1]:
            root = node_hash(left, root)
        return root


def root_of(leaves: list[bytes]) -> bytes:
    """The root over some hashes."""
    tree = Tree()
    for leaf in leaves:
        tree.push(leaf)
    return tree.root()
