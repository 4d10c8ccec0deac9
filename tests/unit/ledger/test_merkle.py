"""The hash tree: the known answers of Certificate Transparency, and every small tree in full."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanpyo.errors import InvalidConsistency, InvalidInclusion, InvalidQuery
from hanpyo.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    NodeReader,
    check_consistency,
    check_inclusion,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
    tree_root,
)

# The eight leaves, roots and proofs of the reference tests of RFC 6962, with the same hashes.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSIONS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def reader(leaves: list[bytes]) -> NodeReader:
    """Read full nodes of a tree in memory, whose leaf hashes these are."""

    def read(level: int, index: int) -> bytes:
        stop = (index + 1) << level
        assert stop <= len(leaves), "only full nodes are read"
        return root_of(leaves[index << level : stop])

    return read


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(bytes([n])) for n in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_match_known_answers(size: int) -> None:
    leaves = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert root_of(leaves).hex() == ROOTS[size - 1]
    assert tree_root(size, reader(leaves)).hex() == ROOTS[size - 1]


def test_empty_root_is_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY_ROOT == tree_root(0, reader([]))
    assert EMPTY_ROOT.hex().startswith("e3b0c44298fc1c14")


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_inclusion_proofs_match_known_answers(index: int, size: int) -> None:
    read = reader([leaf_hash(leaf) for leaf in LEAVES])
    proof = prove_inclusion(index, size, read)
    assert [each.hex() for each in proof] == INCLUSIONS[index, size]


@pytest.mark.parametrize(("old", "new"), CONSISTENCIES)
def test_consistency_proofs_match_known_answers(old: int, new: int) -> None:
    read = reader([leaf_hash(leaf) for leaf in LEAVES])
    proof = prove_consistency(old, new, read)
    assert [each.hex() for each in proof] == CONSISTENCIES[old, new]


def test_every_inclusion_in_every_small_tree_holds_and_no_other() -> None:
    leaves = numbered(20)
    read = reader(leaves)
    for size in range(1, 21):
        root = root_of(leaves[:size])
        for index in range(size):
            proof = prove_inclusion(index, size, read)
            check_inclusion(leaves[index], index, size, proof, root)
            for wrong in {index - 1, index + 1} & set(range(size)):
                with pytest.raises(InvalidInclusion):
                    check_inclusion(leaves[index], wrong, size, proof, root)
            with pytest.raises(InvalidInclusion):
                check_inclusion(leaves[index], index, size, (*proof, root), root)
            if proof:
                with pytest.raises(InvalidInclusion):
                    check_inclusion(leaves[index], index, size, proof[:-1], root)


def test_every_consistency_of_small_trees_holds_and_no_other() -> None:
    leaves = numbered(20)
    read, roots = reader(leaves), [root_of(leaves[:size]) for size in range(21)]
    for new in range(1, 21):
        for old in range(1, new + 1):
            proof = prove_consistency(old, new, read)
            check_consistency(old, roots[old], new, roots[new], proof)
            for broken in ((*proof, roots[1]), proof[:-1]):
                if broken != proof:
                    with pytest.raises(InvalidConsistency):
                        check_consistency(old, roots[old], new, roots[new], broken)
            with pytest.raises(InvalidConsistency):
                check_consistency(old, roots[old - 1], new, roots[new], proof)
            with pytest.raises(InvalidConsistency):
                check_consistency(old, roots[old], new, roots[new - 1], proof)


def test_sizes_that_make_no_sense_are_refused() -> None:
    leaves = numbered(4)
    read, root = reader(leaves), root_of(leaves)
    with pytest.raises(InvalidQuery):
        prove_inclusion(4, 4, read)
    with pytest.raises(InvalidQuery):
        prove_consistency(0, 4, read)
    with pytest.raises(InvalidQuery):
        prove_consistency(5, 4, read)
    with pytest.raises(InvalidInclusion):
        check_inclusion(leaves[0], 4, 4, (), root)
    for index in (1, -1):
        with pytest.raises(InvalidInclusion):
            check_inclusion(leaves[0], index, 1, (), leaves[0])
    with pytest.raises(InvalidConsistency):
        check_consistency(0, EMPTY_ROOT, 4, root, ())
    with pytest.raises(InvalidConsistency):
        check_consistency(5, root, 4, root, ())


@given(st.integers(0, 300), st.data())
def test_frontier_grows_like_the_tree(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(n.to_bytes(2, "big")) for n in range(size)]
    stops = sorted({0, size, *data.draw(st.lists(st.integers(0, size), max_size=3))})
    frontier = Frontier()
    for start, stop in pairwise(stops):
        copy = frontier.copy()
        frontier.extend(leaves[start:stop])
        assert copy.size == start
        assert frontier.root() == tree_root(stop, reader(leaves))
    again = Frontier(frontier.size, frontier.peaks)
    assert again.root() == frontier.root()
