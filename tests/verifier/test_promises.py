"""Promises, judged against a record (protocol.md 9.7, C25)."""

import contextlib
import io
import json

from hanpyo_verifier import cli
from hanpyo_verifier.encoding import cbor
from record_maker import (
    Signer,
    ready_election,
)


def test_promises(tmp_path):  # noqa: PLR0915 - one story
    m = ready_election()
    ballots = m.ballots()
    start = m.time
    size = len(m.entries)
    included = ballots.cast(m.credentials[0], 0, [[1, 0, 0]])
    missing = ballots.cast(m.credentials[1], 0, [[1, 0, 0]])
    late = ballots.cast(m.credentials[2], 0, [[1, 0, 0]])
    wrong = ballots.cast(m.credentials[3], 0, [[1, 1, 0]], lie=True)
    m.add(included)
    m.block(start + 10)
    m.add(m.by_organizers(25, {0: "a pause"}))
    m.block(start + 20)
    m.add(m.by_organizers(26, {0: "go on"}))
    m.block(start + 30)
    m.add(late)
    m.block(start + 40)
    record = m.write(tmp_path / "record", timestamp=start + 45)
    second = ballots.cast(m.credentials[1], 0, [[0, 1, 0]])

    def judge(data):
        path = tmp_path / "promise"
        path.write_bytes(data)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = cli.main([str(record), "--promise", str(path), "--processes", "1"])
        line = next(line for line in out.getvalue().splitlines() if "promise: " in line.lower()
                    and str(path) in line)  # fmt: skip
        return status, line.split(f"{path}: ")[1]

    assert judge(m.promise(included, size, start + 10)) == (0, "kept")
    assert judge(m.promise(included, size, start + 1)) == (0, "kept")
    assert judge(m.promise(included, size + 1, start + 99)) == (0, "kept")
    # Both ends of the positions count: voting is paused at the last one only, or at the first.
    assert judge(m.promise(missing, size, start + 20))[1].startswith("void, at position")
    assert judge(m.promise(missing, size + 2, start + 30))[1].startswith("void, at position")
    # The log ends before its size, or it was broken as it was given.
    assert judge(m.promise(missing, size + 5, start + 1)) == (0, "open")
    assert judge(m.promise(missing, size + 4, start + 10)) == (1, "the promise is broken")
    assert judge(m.promise(missing, size, start + 10))[0] == 1
    assert judge(m.promise(missing, size, start + 50)) == (0, "open")
    assert judge(m.promise(missing, size + 3, start + 40)) == (1, "the promise is broken")
    assert judge(m.promise(missing, size + 3, start + 45)) == (1, "the promise is broken")
    status, line = judge(m.promise(missing, size, start + 20))
    assert (status, line[:6]) == (0, "void, ")
    assert judge(m.promise(late, size + 3, start + 40)) == (0, "kept")
    assert judge(m.promise(late, size, start + 10)) == (1, "the promise is broken")
    assert judge(m.promise(wrong, size, start + 10))[1].startswith("void, ")
    assert judge(m.promise(b"nothing", size, start + 10))[1].startswith("void, ")
    assert judge(m.promise(second, size + 3, start + 31)) == (1, "the promise is broken")
    # Malformed, or of nobody.
    good = m.promise(missing, size, start + 50)
    assert judge(m.promise(missing, size, start + 50, Signer()))[0] == 1
    assert judge(good + b"\0")[0] == 1
    assert judge(b"")[0] == 1
    assert judge(bytes(80_000))[0] == 1
    value = cbor.decode(good)
    assert judge(cbor.encode({**value, 1: included}))[0] == 1
    inner = cbor.decode(value[0])
    for key, change in ((0, bytes(32)), (2, size + 1), (3, 0), (5, bytes(64)), (4, "x")):
        assert judge(cbor.encode({**value, 0: cbor.encode({**inner, key: change})}))[0] == 1
    (tmp_path / "folder").mkdir()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert cli.main([str(record), "--promise", str(tmp_path / "folder"), "--json"]) == 1
    assert json.loads(out.getvalue())["checks"][24]["failures"]
