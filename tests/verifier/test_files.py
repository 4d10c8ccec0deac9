"""Files, checkpoints, blocks, tiles and genesis that do not hold (C01 to C05)."""

import secrets
import shutil
from pathlib import Path

from hanpyo_verifier.encoding import cbor
from record_maker import (
    MEMBER,
    ZERO,
    Maker,
    Signer,
)
from running import checked, failures, rewritten, run, verify


def copy(record, tmp_path):
    folder = tmp_path / secrets.token_hex(4)
    shutil.copytree(record, folder)
    return folder


def test_files_that_are_missing_or_strange(plain, tmp_path):
    _, record = plain
    for path in ("checkpoint", "blocks", "tile/0", "tile/entries"):
        folder = copy(record, tmp_path)
        (shutil.rmtree if (folder / path).is_dir() else Path.unlink)(folder / path)
        status, report = verify(folder)
        assert status == 1
        assert {check for check, _ in failures(report)} == {"C01"}
    for path in ("more", "tile/more", "tile/0/001.p/1", ".hidden", "tile/2/000.p/1"):
        folder = copy(record, tmp_path)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"x")
        status, report = verify(folder)
        assert {check for check, _ in failures(report)} == {"C01"}
        assert report["phase"] == "tallied"
    folder = copy(record, tmp_path)
    (folder / "empty").mkdir()
    assert failures(verify(folder)[1]) == [("C01", None)]
    folder = copy(record, tmp_path)
    (folder / "blocks").rename(tmp_path / "elsewhere")
    (folder / "blocks").symlink_to(tmp_path / "elsewhere")
    assert verify(folder)[0] == 1
    (tmp_path / "file").write_bytes(b"")
    assert verify(tmp_path / "file")[0] == 1
    (tmp_path / "none").mkdir()
    assert verify(tmp_path / "none")[0] == 1


def test_a_strange_name(plain, tmp_path):
    folder = copy(plain[1], tmp_path)
    with open(str(folder).encode() + b"/\xff\n", "wb"):  # noqa: PTH123
        pass
    assert verify(folder)[0] == 1
    done = run(folder, env={"PYTHONIOENCODING": "ascii", "PATH": ""})
    assert done.returncode == 1
    assert done.stderr == b""


def test_checkpoints_and_blocks_that_do_not_hold(plain, tmp_path):
    m, record = plain

    def outcome(change):
        folder = copy(record, tmp_path)
        change(folder)
        status, report = verify(folder)
        assert status == 1
        found = failures(report)
        shutil.rmtree(folder)
        return found

    def write(name, data):
        return lambda folder: (folder / name).write_bytes(data)

    stranger = Signer()
    last = len(m.entries) - 1
    assert (
        outcome(write("checkpoint", rewritten(m, member=stranger).checkpoint()))
        == [("C04", None)] * 2
    )
    assert (
        outcome(write("checkpoint", rewritten(m, cosigner=stranger).checkpoint()))
        == [("C04", None)] * 2
    )
    assert outcome(write("checkpoint", m.checkpoint(m.blocks[-1][0] - 1))) == [("C04", None)]
    text = m.checkpoint()
    assert outcome(write("checkpoint", text.replace(b"/0 ", b"/1 "))) == [("C04", None)]
    lines = text.split(b"\n")
    swapped = b"\n".join([*lines[:4], lines[5], lines[4], b""])
    assert outcome(write("checkpoint", swapped)) == [("C04", None)]
    other = text.replace(lines[2], b"A" * 43 + b"=")
    assert outcome(write("checkpoint", other)) == [("C02", None), ("C04", None), ("C04", None)]

    def blocks(change):
        changed = rewritten(m)
        change(changed)
        return outcome(write("blocks", changed.blocks_file()))

    def at(height):
        return ("C05", m.blocks[height - 1][1] - 1)

    file = m.blocks_file().splitlines(keepends=True)
    assert outcome(write("blocks", b"".join(file[:-1]))) == [at(len(file) - 1)]
    assert outcome(write("blocks", b"".join(file)[:-1])) == [("C01", None)]
    assert outcome(write("blocks", b"")) == [("C05", None)]
    higher = file[2].replace(b"3 ", b"4 ", 1)
    found = outcome(write("blocks", b"".join([*file[:2], higher, *file[3:]])))
    assert found == [at(3)]
    times = [time for time, _ in m.blocks]
    found = blocks(lambda c: c.blocks.__setitem__(3, (times[1], m.blocks[3][1])))
    assert found == [at(4)]
    found = blocks(lambda c: setattr(c, "cosigner", stranger))
    assert found == [at(height) for height in range(1, len(m.blocks) + 1)]
    assert blocks(lambda c: c.blocks.pop(0))[0] == ("C05", m.blocks[1][1] - 1)
    root = file[4].split(b" ")[3]
    bad_root = file[4].replace(root, b"A" * 43 + b"=")
    assert outcome(write("blocks", b"".join([*file[:4], bad_root, *file[5:]]))) == [at(5)] * 2
    found = blocks(lambda c: c.blocks.append((c.time + 1, c.blocks[-1][1])))
    assert found == [("C05", last)]


def test_entries_and_tiles_that_do_not_fit(plain, tmp_path):
    m, record = plain
    folder = copy(record, tmp_path)
    path = next((folder / "tile" / "entries").rglob(str(len(m.entries))))
    data = bytearray(path.read_bytes())
    path.write_bytes(data + b"\0")
    assert failures(verify(folder)[1]) == [("C02", None)]
    path.write_bytes(data[:-1])
    assert failures(verify(folder)[1]) == [("C02", None)]
    data[-1] ^= 1
    path.write_bytes(data)
    assert failures(verify(folder)[1]) == [("C02", len(m.entries) - 1)]
    folder = copy(record, tmp_path)
    path = next((folder / "tile" / "0").rglob(str(len(m.entries))))
    data = bytearray(path.read_bytes())
    path.write_bytes(data + b"\0")
    assert failures(verify(folder)[1]) == [("C01", None)]
    data[32 * 5] ^= 1
    path.write_bytes(data)
    found = failures(verify(folder)[1])
    assert found[0] == ("C02", 5)
    assert ("C02", None) in found


def test_a_genesis_that_is_refused(tmp_path):
    for number, change in enumerate(
        [
            lambda body: body[3].append(dict(body[3][0])),
            lambda body: body[3][0].update({2: body[3][0][1]}),
            lambda body: body[3][0].update({2: bytes(32)}),
            lambda body: body[3].append({0: "x", 1: Signer().key, 2: Signer().key}),
        ]
    ):
        m = Maker()
        m.begin()
        body = cbor.decode(m.entries[0])[3]
        change(body)
        m.entries = []
        m.add(m.act(0, body, [(MEMBER, 0, m.member)], scope=ZERO))
        status, report = verify(m.write(tmp_path / str(number)))
        assert (status, failures(report)) == (1, [("C03", 0)])
    m = Maker()
    m.begin()
    for entry, check in ((m.entries[1], "C03"), (b"x", "C06")):
        other = rewritten(m, entries=[entry], blocks=[(m.time, 1)])
        other.__class__ = type("Fake", (Maker,), {"origin": "hanpyo/0000000000000000"})
        status, report = verify(other.write(tmp_path / check))
        assert (status, failures(report)) == (1, [(check, 0)])


def test_a_log_of_several_levels(tmp_path):
    """More than 256 entries: full tiles, two levels; and tiles of the upper one that lie."""
    m = Maker()
    m.begin()
    for number in range(2, 600):
        m.add(m.by_member(2, {0: number.to_bytes(32, "big"), 1: 0, 2: b"x"}))
    record = m.write(tmp_path / "record")
    assert (record / "tile/1/000.p/2").is_file()
    status, report = verify(record)
    assert (status, failures(report)) == (0, [])
    assert checked(report)["C02"] == 602
    path = record / "tile/1/000.p/2"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    assert failures(verify(record)[1]) == [("C02", None)]
