"""E25: both verifiers give the same verdict on records that chance has damaged."""

import random

import pytest

from hanpyo.ledger.entry import Act, decode_entry, encode_entry
from tests.attacks.verifiers import Found, product, stranger
from tests.helpers.election import Play
from tests.unit.verify.records import Files, blocks_of, entries_of, honest, rebuilt


@pytest.fixture(scope="module")
def play() -> Play:
    return Play().tallied()


def damaged_file(files: Files, source: random.Random) -> Files:
    """Change, cut or lengthen one file at one place."""
    path = source.choice(sorted(files))
    data, at = bytearray(files[path]), source.randrange(len(files[path]))
    match source.randrange(4):
        case 0:
            data[at] ^= 1 << source.randrange(8)
        case 1:
            del data[at : at + source.randint(1, 40)]
        case 2:
            data[at:at] = source.randbytes(source.randint(1, 8))
        case _:
            data[at : at + 8] = source.randbytes(8)
    return {**files, path: bytes(data)}


def damaged_log(play: Play, source: random.Random) -> Files:
    """Change the log itself, under an operator's true signatures."""
    entries, blocks = entries_of(play), blocks_of(play)
    at = source.randrange(1, len(entries))
    entry = bytearray(entries[at])
    match source.randrange(4):
        case 0:
            entry[source.randrange(len(entry))] ^= 1 << source.randrange(8)
        case 1:
            other = source.randrange(1, len(entries))
            entries[other], entry = entries[at], bytearray(entries[other])
        case 2:
            entry = bytearray(source.choice(entries))
        case _:
            decoded = decode_entry(entries[at])
            if isinstance(decoded, Act):
                other_act = decode_entry(source.choice(entries[1:4]))
                assert isinstance(other_act, Act)
                changed = Act(decoded.scope, decoded.number + 1, decoded.body, decoded.signatures)
                entry = bytearray(encode_entry(changed))
    entries[at] = bytes(entry)
    return rebuilt(play, entries, blocks)


def first_check(found: Found) -> str | None:
    """Name the first check that fails: after C01 to C03 a verifier may stop."""
    return min((check for check, _ in found), default=None)


def agree(play: Play, number: int) -> bool:
    """Damage a record and compare the verdicts; tell whether it was refused."""
    source = random.Random(number)
    files = damaged_file(honest(play), source) if number % 2 else damaged_log(play, source)
    ours, theirs = product(files), stranger(files)
    if number % 2:
        assert first_check(ours) == first_check(theirs), f"seed {number}: {ours} against {theirs}"
    else:
        assert ours == theirs, f"seed {number}"
    return bool(ours)


def test_e25_the_verdicts_on_damaged_records_agree(play: Play) -> None:
    refused = [agree(play, number) for number in range(300)]
    assert sum(refused) > 200, "chance damages nearly always"


@pytest.mark.nightly
@pytest.mark.parametrize("hundred", range(100))
def test_e25_the_verdicts_agree_ten_thousand_times(play: Play, hundred: int) -> None:
    for number in range(100 * hundred, 100 * hundred + 100):
        agree(play, 1_000 + number)
