"""Proofs of inclusion and consistency (RFC 9162 sections 2.1.3.2 and 2.1.4.2).

A record needs neither; whoever compares a single promise or two checkpoints does.
"""

from hanpyo_verifier.log.merkle import node_hash


def inclusion_holds(index: int, leaf: bytes, size: int, root: bytes, proof: list[bytes]) -> bool:
    """Tells whether a leaf hash stands at an index in the tree of this size and root."""
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    found = leaf
    for sibling in proof:
        if not last:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return not last and found == root


def consistency_holds(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]
) -> bool:
    """Tells whether the tree of size `old`, 1 or more, is the beginning of the other one."""
    if not 1 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else proof
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return not last and first == old_root and second == new_root
