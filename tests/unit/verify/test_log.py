"""C01, C02, C04, C05: files, hashes, checkpoint and blocks; damage never raises anything."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from hanpyo.errors import DamagedRecord
from hanpyo.ledger.checkpoint import Checkpoint, decode_checkpoint
from hanpyo.ledger.record import RecordReader
from hanpyo.verify import verify_record
from tests.helpers.election import Play
from tests.helpers.parties import with_line
from tests.unit.verify.records import (
    Files,
    blocks_of,
    entries_of,
    failures,
    flipped,
    honest,
    keepers_of,
    opened,
    rebuilt,
    signed_checkpoint,
    verified,
    with_block,
    with_checkpoint,
)

SIZE = 46


@cache
def play() -> Play:
    """Go through one election; nothing may be added to it."""
    return Play().tallied()


@cache
def files() -> Files:
    """Give its record."""
    return honest(play())


BUNDLE, TILE = f"tile/entries/000.p/{SIZE}", f"tile/0/000.p/{SIZE}"


def without(path: str) -> Files:
    return {name: data for name, data in files().items() if name != path}


def checkpoint(**changes: object) -> Files:
    found = decode_checkpoint(files()["checkpoint"])
    return with_checkpoint(files(), replace(found, **changes))  # type: ignore[arg-type]


def line(place: int, **changes: object) -> Files:
    found = decode_checkpoint(files()["checkpoint"])
    return with_checkpoint(files(), with_line(found, place, **changes))


def resigned(time: int) -> Checkpoint:
    return signed_checkpoint(keepers_of(play()), entries_of(play()), time)


BROKEN_FILES: dict[str, Callable[[], Files]] = {
    "no blocks": lambda: without("blocks"),
    "no bundle": lambda: without(BUNDLE),
    "no tile": lambda: without(TILE),
    "a tile too many": lambda: {**files(), "tile/0/001": b"x"},
    "a foreign file": lambda: {**files(), "notes.txt": b""},
    "a link": lambda: {**files(), "link/": b""},
    "half a hash": lambda: {**files(), TILE: files()[TILE][:-1]},
    "a hash too few": lambda: {**files(), TILE: files()[TILE][:-32]},
    "a cut block": lambda: {**files(), "blocks": files()["blocks"] + b"37 "},
    "an empty block": lambda: {**files(), "blocks": files()["blocks"] + b"\n"},
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_e24_c01_files(name: str) -> None:
    found = failures(BROKEN_FILES[name]())
    assert {check for check, _ in found} == {"C01"} | ({"C05"} if name == "no blocks" else set())
    assert all(entry is None for _, entry in found)


def test_e24_no_checkpoint_cannot_be_opened() -> None:
    with pytest.raises(DamagedRecord, match="checkpoint") as caught:
        opened({})
    assert caught.value.check == "C01"


def test_e24_an_unreadable_file_is_c01() -> None:
    def read(path: str) -> bytes:
        if path == BUNDLE:
            raise PermissionError(path)
        return files()[path]

    reader = RecordReader(lambda: list(files()), read)
    assert verify_record(reader).failures() == [("C01", None)]


def test_e24_c02_one_byte_of_an_entry_is_one_failure_at_that_entry() -> None:
    data = files()[BUNDLE]
    place = data.index(b"Member 0")  # in the name that genesis gives
    found = failures({**files(), BUNDLE: flipped(data, place)})
    assert ("C02", 0) in found
    assert [each for each in found if each[0] == "C02"] == [("C02", 0)]
    assert not any(check in {"C04", "C05"} for check, _ in found)


@pytest.mark.parametrize("index", [5, 12, 30, 40, SIZE - 1])
def test_e24_c02_the_altered_entry_is_judged_as_it_stands(index: int) -> None:
    entries = entries_of(play())
    changed = [*entries[:index], flipped(entries[index], -1), *entries[index + 1 :]]
    bundle = honest_bundle(changed)
    found = failures({**files(), BUNDLE: bundle})
    assert [each for each in found if each[0] in {"C01", "C02", "C04", "C05"}] == [("C02", index)]
    assert any(entry == index for check, entry in found if check > "C05")


def honest_bundle(entries: list[bytes]) -> bytes:
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def test_e24_c02_a_bundle_that_does_not_split() -> None:
    assert failures({**files(), BUNDLE: files()[BUNDLE][:-1]}) == [("C02", None)]
    assert failures({**files(), BUNDLE: files()[BUNDLE] + b"\x00"}) == [("C02", None)]
    assert failures({**files(), BUNDLE: files()[BUNDLE] + b"\x00\x01x"}) == [("C02", None)]


def test_e24_c02_a_flipped_hash_breaks_the_root_too() -> None:
    found = failures({**files(), TILE: flipped(files()[TILE], 32 * 20)})
    assert ("C02", 20) in found
    assert ("C02", None) in found


def test_e24_c02_higher_levels() -> None:
    made = Play().voting()
    made.add(*[made.cast(0, sequence=1)])
    entries = entries_of(made)
    entries += [b"filler %d" % n for n in range(600 - len(entries))]
    record = rebuilt(made, entries, [*blocks_of(made), (made.now, 600)])
    level = "tile/1/000.p/2"
    honest_found = failures(record)
    assert {check for check, _ in honest_found} == {"C06"}
    assert len(honest_found) == 600 - made.state.log.size
    found = failures({**record, level: flipped(record[level], 40)})
    assert set(found) - set(honest_found) == {("C02", None)}
    found = failures({**record, "tile/0/001": flipped(record["tile/0/001"], 0)})
    assert {("C02", 256), ("C02", None)} <= set(found)


def test_e24_c04_checkpoint() -> None:
    only = [("C04", None)]
    assert failures(checkpoint(origin="hanpyo/0000000000000000")) == only
    assert failures(line(0, name="x")) == only
    assert failures(line(0, key_id=bytes(4))) == only
    assert failures(line(0, signature=bytes(64))) == only
    assert failures(line(1, signature=bytes(64))) == only
    assert failures(line(1, timestamp_unix_s=2**63)) == only
    assert failures(with_checkpoint(files(), resigned(play().now - 1))) == only
    assert failures(with_checkpoint(files(), resigned(play().now))) == []


def test_e24_c04_lines_in_the_wrong_order() -> None:
    text = files()["checkpoint"].decode().splitlines(keepends=True)
    origin, size, root, empty, log, cosigner = text
    swapped = f"{origin}{size}{root}{empty}{cosigner}{log}".encode()
    assert failures({**files(), "checkpoint": swapped}) == [("C04", None)]
    doubled = f"{origin}{size}{root}{empty}{cosigner}{cosigner}".encode()
    assert failures({**files(), "checkpoint": doubled}) == [("C04", None)]
    for lines in (log, cosigner, log + cosigner + cosigner):
        changed = f"{origin}{size}{root}{empty}{lines}".encode()
        assert set(failures({**files(), "checkpoint": changed})) == {("C04", None)}


def test_e24_a_checkpoint_of_another_root_is_c02() -> None:
    found = failures(checkpoint(root=bytes(32)))
    assert found == [("C02", None), ("C04", None)]


def test_e24_c05_blocks() -> None:
    record = files()
    last = len(blocks_of(play())) - 1
    at = blocks_of(play())[4][1] - 1
    assert failures(with_block(record, 4, height=9)) == [("C05", at)]
    assert failures(with_block(record, 4, root=bytes(32))) == [("C05", at)] * 2
    assert failures(with_block(record, 4, cosignature=bytes(64))) == [("C05", at)]
    assert set(failures(with_block(record, last, size=SIZE - 1))) == {
        ("C05", SIZE - 2),
    }
    assert ("C05", SIZE) in failures(with_block(record, last, size=SIZE + 1))
    assert ("C05", at) in failures(with_block(record, 4, time_unix_s=1))
    lines = record["blocks"].splitlines(keepends=True)
    assert ("C05", SIZE - 2) in failures({**record, "blocks": b"".join(lines[:-1])})
    assert set(failures({**record, "blocks": b""})) == {("C05", None)}
    assert {check for check, _ in failures({**record, "blocks": b"".join(lines[1:])})} == {"C05"}


def test_e24_c05_block_1_holds_entry_0_alone() -> None:
    made = Play().announced()
    files_of_one = rebuilt(made, entries_of(made), [(made.now, made.state.log.size)])
    assert failures(files_of_one) == [("C05", made.state.log.size - 1)]


def test_e24_c05_falling_times_are_judged_by_what_their_block_says() -> None:
    made = Play().announced()
    blocks = [(time - height, size) for height, (time, size) in enumerate(blocks_of(made))]
    found = failures(rebuilt(made, entries_of(made), blocks))
    assert found == [("C05", size - 1) for _, size in blocks[1:]]


def test_an_endless_size_ends() -> None:
    report = verified(checkpoint(size=2**63 - 1))
    assert not report.valid
    assert len(report.checks["C01"].failures) == 2


def test_an_empty_log_has_no_genesis() -> None:
    made = play()
    empty = with_checkpoint({"blocks": b""}, signed_checkpoint(keepers_of(made), [], 5))
    assert failures(empty) == [("C03", None)]


@pytest.mark.parametrize("path", ["checkpoint", "blocks", BUNDLE, TILE])
def test_e24_a_truncated_file_is_reported_never_raised(path: str) -> None:
    data = files()[path]
    random = Random(path)
    places = {0, 1, len(data) - 1, *(random.randrange(len(data)) for _ in range(25))}
    for place in sorted(places):
        assert_found({**files(), path: data[:place]}, f"{path} cut at {place}")


@pytest.mark.parametrize("path", ["checkpoint", "blocks", BUNDLE, TILE])
def test_e24_a_flipped_bit_anywhere_is_reported_never_raised(path: str) -> None:
    data = files()[path]
    random = Random(path)
    for _ in range(25):
        place, bit = random.randrange(len(data)), 1 << random.randrange(8)
        changed = bytearray(data)
        changed[place] ^= bit
        assert_found({**files(), path: bytes(changed)}, f"{path}: byte {place}, bit {bit}")


def assert_found(broken: Files, what: str) -> None:
    """See that a broken record is found out, if it can be opened at all."""
    try:
        found = verify_record(opened(broken)).failures()
    except DamagedRecord as error:  # it cannot even be opened
        found = [(error.check, None)]
    assert found, what
