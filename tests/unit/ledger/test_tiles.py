"""Tiles and bundles as C2SP tlog-tiles names and fills them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanpyo.errors import InvalidEncoding
from hanpyo.ledger.merkle import leaf_hash, prove_inclusion, root_of, tree_root
from hanpyo.ledger.tiles import (
    TileEdge,
    bundle_entry,
    bundle_path,
    decode_bundle,
    encode_bundle,
    node_reader,
    record_paths,
    split_tile,
    tile_path,
)


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 999, 256, "tile/0/999"),
        (1, 1000, 256, "tile/1/x001/000"),
        (2, 1234067, 256, "tile/2/x001/x234/067"),
        (0, 5, 112, "tile/0/005.p/112"),
        (0, 273, 1, "tile/0/273.p/1"),
    ],
)
def test_tiles_have_the_paths_of_the_standard(
    level: int, number: int, width: int, path: str
) -> None:
    assert tile_path(level, number, width) == path


def test_bundles_have_the_paths_of_the_standard() -> None:
    assert bundle_path(1234067) == "tile/entries/x001/x234/067"
    assert bundle_path(0, 3) == "tile/entries/000.p/3"


@pytest.mark.parametrize(
    ("size", "paths"),
    [
        (0, []),
        (1, ["tile/0/000.p/1", "tile/entries/000.p/1"]),
        (256, ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]),
        (
            513,
            [
                "tile/0/000",
                "tile/0/001",
                "tile/0/002.p/1",
                "tile/1/000.p/2",
                "tile/entries/000",
                "tile/entries/001",
                "tile/entries/002.p/1",
            ],
        ),
    ],
)
def test_a_record_has_exactly_these_files(size: int, paths: list[str]) -> None:
    assert sorted(record_paths(size)) == sorted(paths)


def test_a_record_of_more_than_65536_entries_has_three_levels() -> None:
    paths = list(record_paths(65536))
    assert "tile/1/000" in paths
    assert "tile/2/000.p/1" in paths
    assert len(paths) == 256 + 1 + 1 + 256


@given(st.lists(st.binary(min_size=1, max_size=400), max_size=20))
def test_bundles_come_back_as_they_were(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == entries


@given(st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=20), st.data())
def test_one_entry_is_taken_out_of_a_bundle(entries: list[bytes], data: st.DataObject) -> None:
    bundle, place = encode_bundle(entries), data.draw(st.integers(0, len(entries) - 1))
    assert bundle_entry(bundle, place) == entries[place]
    with pytest.raises(InvalidEncoding):
        bundle_entry(bundle, len(entries))
    end = len(encode_bundle(entries[: place + 1]))
    with pytest.raises(InvalidEncoding):
        bundle_entry(bundle[: end - 1], place)


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x00", b"\x00\x02a", b"\x00\x01a\x00"])
def test_bundles_that_do_not_split_exactly_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        decode_bundle(data)


@pytest.mark.parametrize("data", [b"", bytes(31), bytes(33), bytes(32 * 257)])
def test_tiles_of_wrong_length_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        split_tile(data)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700, 66_000])
def test_tiles_hold_every_hash_that_proofs_need(size: int) -> None:
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(size)]
    edge, files = TileEdge(), dict[str, bytes]()
    for start in range(0, size, 300):
        files.update(edge.extend(leaves[start : start + 300]))
    files.update(edge.partial())
    hash_paths = [path for path in record_paths(size) if not path.startswith("tile/entries")]
    assert sorted(files) == sorted(hash_paths)
    read = node_reader(size, lambda *place: files[tile_path(*place)])
    assert tree_root(size, read) == root_of(leaves)
    for index in {0, size // 2, size - 1}:
        proof = prove_inclusion(index, size, read)
        assert len(proof) <= 17


def test_an_edge_can_go_on_from_its_partial_tiles() -> None:
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(600)]
    whole, first = TileEdge(), TileEdge()
    files = dict(whole.extend(leaves))
    halves = dict(first.extend(leaves[:300]))
    second = TileEdge(first.size, first.levels)
    halves.update(second.extend(leaves[300:]))
    assert halves == files
    assert dict(second.partial()) == dict(whole.partial())
