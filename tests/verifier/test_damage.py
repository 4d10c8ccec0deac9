"""Damage of every kind: always a verdict, never a traceback, never "holds"."""

import random
import shutil

import pytest
from hanpyo_verifier.encoding import cbor
from record_maker import Maker, contest_json, ready_election
from running import verify, vote

ROUNDS = 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    m = ready_election([contest_json(options=2, partition=[[0], [1]])])
    ballots = m.ballots()
    counted = {row: vote(m, ballots, row, [[row % 2, 0]]) for row in range(4)}
    counted[1] = vote(m, ballots, 1, [[0, 1]], 2)
    m.block()
    m.close()
    m.tally(counted)
    return m, m.write(tmp_path_factory.mktemp("whole") / "record")


def damage_file(chance, path):
    """Flips, cuts, doubles or replaces bytes of a file."""
    data = bytearray(path.read_bytes())
    way = chance.randrange(5)
    at = chance.randrange(len(data))
    if way == 0:
        data[at] ^= 1 << chance.randrange(8)
    elif way == 1:
        del data[at:]
    elif way == 2:
        data[at:at] = chance.randbytes(chance.randrange(1, 40))
    elif way == 3:
        del data[at : at + chance.randrange(1, 40)]
    else:
        data = bytearray(chance.randbytes(chance.randrange(300)))
    path.write_bytes(data)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_damaged_files(whole, tmp_path, seed):
    chance = random.Random(seed)
    folder = tmp_path / "record"
    shutil.copytree(whole[1], folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    damage_file(chance, chance.choice(files))
    assert verify(folder)[0] == 1


STRANGE = [
    0, 1, 2, 31, 63, 64, 255, 2**16, 2**32 - 1, 2**32, 2**63 - 1, b"", b"x", bytes(31), bytes(32),
    bytes(64), b"\xff" * 32, b"\x01" + bytes(31), "", "x", "\u00e4" * 600, [], [0], [[]], {},
    {0: 0},     None, True, False, bytes(40_000), [0] * 600, [2**63 - 1, 1],
]  # fmt: skip


def change_somewhere(chance, value):
    """Replaces one field, at any depth, by something strange or slightly different."""
    if isinstance(value, (list, dict)) and value and chance.random() < 0.85:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = chance.choice(list(keys))
        copy = dict(value) if isinstance(value, dict) else list(value)
        copy[key] = change_somewhere(chance, value[key])
        return copy
    way = chance.randrange(3)
    if way == 0 and isinstance(value, int) and not isinstance(value, bool):
        return max(0, value + chance.choice([-1, 1, 2**20]))
    if way == 1 and isinstance(value, bytes) and value:
        at = chance.randrange(len(value))
        return value[:at] + bytes([value[at] ^ 1 << chance.randrange(8)]) + value[at + 1 :]
    if way == 2 and isinstance(value, list) and value:
        return value * 2 if chance.random() < 0.5 else value[1:]
    return chance.choice(STRANGE)


def signed_anew(m, entry):
    """Signs an act again, so that what was changed is judged by more than its signature."""
    keys = {(0, 0): m.member, (2, 0): m.registrar}
    keys |= {(1, i): key for i, key in enumerate(m.organizers)}
    keys |= {(3, i): key for i, key in enumerate(m.trustees, 1)}
    value = cbor.decode(entry)
    try:
        signers = [(role, party, keys[role, party]) for role, party, _ in value[4]]
        return m.act(value[0], value[3], signers, value[2], value[1])
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return entry


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_changed_entries(whole, tmp_path, seed):
    """The hashes are right, but an entry is not."""
    chance = random.Random(1000 + seed)
    m = Maker()
    m.__dict__.update(whole[0].__dict__)
    m.entries, m.blocks = list(m.entries), list(m.blocks)
    index = chance.randrange(1, len(m.entries))
    while True:
        changed = cbor.encode(change_somewhere(chance, cbor.decode(m.entries[index])))
        if chance.random() < 0.7:
            changed = signed_anew(m, changed)
        if changed != m.entries[index] and 1 <= len(changed) <= 65_535:
            break
    m.entries[index] = changed
    status, report = verify(m.write(tmp_path / "record"))
    assert (status, report["valid"]) == (1, False)


def test_a_record_that_is_no_record(tmp_path):
    for name in ("checkpoint", "blocks", "tile/entries/000.p/1", "tile/0/000.p/1"):
        path = tmp_path / "record" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    assert verify(tmp_path / "record")[0] == 1


def test_an_endless_size(whole, tmp_path):
    """A checkpoint of an enormous size does not keep the verifier busy."""
    folder = tmp_path / "record"
    shutil.copytree(whole[1], folder)
    text = (folder / "checkpoint").read_bytes()
    lines = text.split(b"\n")
    lines[1] = str(2**63 - 1).encode()
    (folder / "checkpoint").write_bytes(b"\n".join(lines))
    status, report = verify(folder)
    assert status == 1
    assert len(report["checks"][0]["failures"]) < 100
