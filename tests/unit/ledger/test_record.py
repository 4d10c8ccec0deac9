"""Records: the log as files, read strictly."""

import pytest

from hanpyo.errors import DamagedRecord
from hanpyo.ledger.blocks import Block, encode_blocks
from hanpyo.ledger.checkpoint import Checkpoint, encode_checkpoint, sign_checkpoint
from hanpyo.ledger.entry import Genesis, Member
from hanpyo.ledger.membership import found_single
from hanpyo.ledger.merkle import leaf_hash, root_of
from hanpyo.ledger.record import MISSING_MAX, RecordReader, record_files
from tests.helpers.election import Play
from tests.helpers.parties import public, signer

MEMBER = Member("Operator", public("member", 0), public("cosigner", 0))
KEEPERS = found_single(Genesis(1, bytes(32), 0, (MEMBER,)))
Files = dict[str, bytes]


def signed(entries: list[bytes]) -> Checkpoint:
    root = root_of(leaf_hash(entry) for entry in entries)
    return sign_checkpoint(
        KEEPERS, len(entries), root, 1_000, signer("member", 0), signer("cosigner", 0)
    )


def entries_of(count: int) -> list[bytes]:
    return [b"entry %d" % n for n in range(count)]


def files_of(count: int) -> Files:
    entries = entries_of(count)
    blocks = [Block(1, 1, count, root_of(leaf_hash(e) for e in entries), bytes(64))]
    return dict(record_files(entries, blocks, signed(entries)))


def opened(files: Files) -> RecordReader:
    return RecordReader(lambda: list(files), files.__getitem__)


def leaf_faults(reader: RecordReader) -> list[int]:
    return [
        index
        for number in range(reader.bundle_count())
        for index in reader.leaf_faults(number, [leaf_hash(e) for e in reader.bundle(number)])
    ]


@pytest.mark.parametrize("count", [1, 255, 256, 257, 513])
def test_a_record_comes_back_as_it_was(count: int) -> None:
    reader = opened(files_of(count))
    assert list(reader.entries()) == entries_of(count)
    assert [reader.entry(index) for index in (0, count - 1)] == [
        b"entry 0",
        b"entry %d" % (count - 1),
    ]
    assert [block.size for block in reader.blocks()] == [count]
    assert reader.size == count
    assert not list(reader.file_faults())
    assert not leaf_faults(reader)
    assert not list(reader.level_faults())


def test_a_large_record_has_three_levels() -> None:
    files = files_of(65_537)
    reader = opened(files)
    assert reader.tile(2, 0)
    assert not list(reader.file_faults())
    assert not list(reader.level_faults())
    assert reader.entry(65_536) == b"entry 65536"


def test_a_record_of_a_whole_election_reads_as_its_log() -> None:
    play = Play().tallied()
    log = list(play.ledger.entries(0, play.state.log.size))
    blocks = list(play.ledger.blocks(1))
    reader = opened(dict(record_files(log, blocks, play.ledger.checkpoint())))
    assert list(reader.entries()) == log
    assert list(reader.blocks()) == blocks
    assert reader.checkpoint.root == play.state.log.root()


@pytest.mark.parametrize(
    "path",
    ["README", "tile/0/001.p/2", "tile/entries/000.p/1", "tile/2/000", "tile/link/", "blocks/"],
)
def test_a_file_that_does_not_belong_is_named(path: str) -> None:
    files = files_of(257)
    files[path] = b""
    (fault,) = opened(files).file_faults()
    assert (fault.check, fault.where) == ("C01", path)


@pytest.mark.parametrize("path", sorted(set(files_of(257)) - {"checkpoint"}))
def test_a_missing_file_is_named(path: str) -> None:
    files = files_of(257)
    del files[path]
    (fault,) = opened(files).file_faults()
    assert (fault.check, fault.where) == ("C01", path)


def test_a_checkpoint_may_claim_any_size() -> None:
    files = dict(files_of(257))
    claimed = sign_checkpoint(
        KEEPERS, 2**63 - 1, bytes(32), 1_000, signer("member", 0), signer("cosigner", 0)
    )
    files["checkpoint"] = encode_checkpoint(claimed)
    faults = list(opened(files).file_faults())
    assert len(faults) == MISSING_MAX
    assert faults[0].where == "tile/0/001"


def read_all(files: Files) -> None:
    reader = opened(files)
    list(reader.blocks())
    leaf_faults(reader)


@pytest.mark.parametrize("path", ["checkpoint", "blocks", "tile/entries/000", "tile/0/000"])
def test_a_missing_file_stops_the_reading(path: str) -> None:
    files = files_of(257)
    del files[path]
    with pytest.raises(DamagedRecord) as caught:
        read_all(files)
    assert (caught.value.check, caught.value.where) == ("C01", path)


@pytest.mark.parametrize(
    ("path", "end", "check"),
    [
        ("checkpoint", -1, "C01"),
        ("blocks", -1, "C01"),
        ("tile/entries/000", -1, "C02"),
        ("tile/entries/001.p/1", 0, "C02"),
        ("tile/0/000", -32, "C01"),
        ("tile/0/000", -1, "C01"),
        ("tile/0/001.p/1", 0, "C01"),
    ],
)
def test_a_file_that_is_cut_off_stops_the_reading(path: str, end: int, check: str) -> None:
    files = files_of(257)
    files[path] = files[path][:end]
    with pytest.raises(DamagedRecord) as caught:
        read_all(files)
    assert (caught.value.check, caught.value.where) == (check, path)


@pytest.mark.parametrize(
    ("path", "more", "check"),
    [
        ("checkpoint", b"\n", "C01"),
        ("blocks", b"x\n", "C01"),
        ("tile/entries/000", b"\x00\x01a", "C02"),
        ("tile/0/000", bytes(32), "C01"),
        ("tile/0/001.p/1", bytes(32), "C01"),
    ],
)
def test_bytes_after_a_file_s_end_stop_the_reading(path: str, more: bytes, check: str) -> None:
    files = files_of(257)
    files[path] += more
    with pytest.raises(DamagedRecord) as caught:
        read_all(files)
    assert (caught.value.check, caught.value.where) == (check, path)


def test_l10_a_changed_entry_or_leaf_is_named_by_its_index() -> None:
    files = files_of(300)
    bundle = files["tile/entries/001.p/44"]
    files["tile/entries/001.p/44"] = bundle.replace(b"entry 260", b"entry 261")
    assert leaf_faults(opened(files)) == [260]
    files = files_of(300)
    tile = files["tile/0/000"]
    files["tile/0/000"] = tile[:64] + bytes(32) + tile[96:]
    reader = opened(files)
    assert leaf_faults(reader) == [2]
    assert [fault.check for fault in reader.level_faults()] == ["C02"]


def test_a_changed_hash_of_a_higher_level_is_named() -> None:
    files = files_of(513)
    tile = files["tile/1/000.p/2"]
    files["tile/1/000.p/2"] = tile[:32] + bytes(32)
    (fault,) = opened(files).level_faults()
    assert (fault.check, "tile 1" in fault.why) == ("C02", True)
    del files["tile/0/001"]
    assert [fault.check for fault in opened(files).level_faults()] == ["C01"]


def test_one_entry_of_a_damaged_bundle_is_missed() -> None:
    files = files_of(3)
    files["tile/entries/000.p/3"] = files["tile/entries/000.p/3"][:-1]
    reader = opened(files)
    assert reader.entry(1) == b"entry 1"
    with pytest.raises(DamagedRecord) as caught:
        reader.entry(2)
    assert caught.value.check == "C02"


def test_a_file_that_cannot_be_read_is_named() -> None:
    files = files_of(3)

    def read(path: str) -> bytes:
        if path.startswith("tile/entries"):
            raise OSError("bad sector")
        return files[path]

    with pytest.raises(DamagedRecord, match="bad sector"):
        list(RecordReader(lambda: list(files), read).entries())


def test_blocks_are_read_line_by_line() -> None:
    files = files_of(3)
    block = Block(1, 1, 1, bytes(32), bytes(64))
    files["blocks"] = encode_blocks([block] * 3)[:-1] + b"\n\n"
    blocks = opened(files).blocks()
    assert [next(blocks), next(blocks), next(blocks)] == [block] * 3
    with pytest.raises(DamagedRecord, match="line 4"):
        next(blocks)
