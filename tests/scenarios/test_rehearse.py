"""`hanpyo rehearse`: real elections again, by the real command."""

import json
import os
import pty
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hanpyo.cli import run
from hanpyo.formats.pabulib import election_from_pabulib, official_totals, parse_pabulib
from hanpyo.node.storage.records import open_record
from hanpyo.verify import verify_record

HANPYO = str(Path(sys.executable).parent / "hanpyo")
SMALL = """META
key;value
description;A small budget
country;Nowhere
unit;Town
instance;2030
num_projects;3
num_votes;6
budget;100
vote_type;approval
rule;greedy
max_length;2
PROJECTS
project_id;cost;votes;name
1;60;3;Trees
2;50;2;Benches
3;40;2;Lamps
VOTES
voter_id;vote;neighborhood
a;1,2;North
b;1;North
c;3;-
d;1,3;-
e;2;North
f;1,2,3;South
"""
OUTSIDE_LINE = SMALL.splitlines().index("f;1,2,3;South") + 1
BAD_LINES = SMALL.replace("1;60;3", "1;sixty;3").replace("3;40;2", "3;;2")
MEMORY_BYTES_MAX = 1 << 30


def write(folder: Path, text: str = SMALL) -> Path:
    path = folder / "small.pb"
    path.write_text(text)
    return path


def rehearse(
    path: Path, record: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, str, str]:
    status = run(["rehearse", str(path), "--record", str(record), *options])
    done = capsys.readouterr()
    return status, done.out, done.err


def check_real(path: Path, record: Path, capsys: pytest.CaptureFixture[str]) -> int:
    """Rehearse a real file, compare everything that can be compared, and give its ballots."""
    file = parse_pabulib(path.read_text())
    status, out, err = rehearse(path, record, capsys, "--json")
    assert status == 0, err
    told = json.loads(out)
    assert told["ballots"] == len(file.voters)
    assert set(told["result"]) == {election_from_pabulib(file).contest.id}
    (totals,) = told["result"].values()
    assert totals == official_totals(file)
    assert err.count(": not cast: ") == len(file.outside)
    report = verify_record(open_record(record), threads=2)
    assert report.failures() == []
    assert report.result() == told["result"]
    return len(file.voters)


def test_a_small_file_is_held_and_its_totals_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "new" / "out"
    status, out, err = rehearse(write(tmp_path), record, capsys)
    assert status == 0, err
    assert "5 ballots cast, proven, recorded and counted" in out
    assert "All 3 totals equal the file's own." in out
    assert "█" in out
    assert f"line {OUTSIDE_LINE}: not cast: " in err
    assert verify_record(open_record(record)).valid
    assert list(record.parent.iterdir()) == [record]


def test_the_json_of_a_rehearsal_names_ballots_result_and_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = rehearse(write(tmp_path), tmp_path / "out", capsys, "--json")
    assert json.loads(out) == {
        "ballots": 5,
        "record": str(tmp_path / "out"),
        "result": {"projects": {"1": 3, "2": 2, "3": 2}},
    }


def test_totals_that_are_not_the_files_own_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, SMALL.replace("2;50;2;", "2;50;7;"))
    status, out, err = rehearse(file, tmp_path / "out", capsys)
    assert status == 1
    assert "option 2: the file says 7, the rehearsal 2" in err
    assert "equal the file's own" not in out


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SMALL.replace("approval", "ordinal"), "rank"),
        (BAD_LINES, "line"),
        (SMALL.replace("num_votes;6", "num_votes;1").split("b;1;")[0], "fewer than 2 ballots"),
    ],
    ids=["ranked", "bad lines", "one ballot"],
)
def test_a_bad_file_is_refused_and_leaves_nothing(
    text: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, text)
    status, out, err = rehearse(file, tmp_path / "out", capsys)
    assert (status, out) == (2, "")
    assert why in err
    assert list(tmp_path.iterdir()) == [file]


def test_every_bad_line_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, BAD_LINES)
    _, _, err = rehearse(file, tmp_path / "out", capsys)
    lines = BAD_LINES.splitlines()
    for bad in ("1;sixty;3;Trees", "3;;2;Lamps"):
        assert f"error: {file}: line {lines.index(bad) + 1}: " in err


def test_a_file_that_is_no_text_or_missing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bytes.pb").write_bytes(b"\xff\xfe")
    for name in ("bytes.pb", "missing.pb"):
        status, _, err = rehearse(tmp_path / name, tmp_path / "out", capsys)
        assert status == 2
        assert name in err


def test_a_place_in_use_is_refused_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path)
    status, _, err = rehearse(file, tmp_path, capsys)
    assert status == 2
    assert "is not empty" in err
    assert list(tmp_path.iterdir()) == [file]


def test_a_terminal_is_shown_how_far_it_is(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [HANPYO, "rehearse", str(write(tmp_path)), "--record", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b"".join(read_terminal(ours))
        assert process.stdout is not None
        assert b"All 3 totals equal" in process.stdout.read()
    assert process.returncode == 0
    for step in (b"casting ballots", b"trustee 3 verifies the record", b"writing the record"):
        assert step in shown


def read_terminal(handle: int) -> Iterator[bytes]:
    """Read what a terminal shows until nobody writes to it any more."""
    with suppress(OSError):  # EIO: the other side has closed
        while data := os.read(handle, 65_536):
            yield data
    os.close(handle)


def test_dieppe(shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (shared_data / "pabulib").glob("Canada_*Dieppe*.pb")
    check_real(path, tmp_path / "out", capsys)


def test_toulouse_with_points(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared_data / "pabulib" / "France_Toulouse_2019.pb"
    assert check_real(path, tmp_path / "out", capsys) == 1494


@pytest.mark.nightly
def test_budapest_within_its_memory(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared_data / "pabulib" / "Hungary_Budapest_2024.pb"
    assert check_real(path, tmp_path / "out", capsys) == 28_943
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert used < MEMORY_BYTES_MAX


@pytest.mark.nightly
def test_warszawa_with_its_districts(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check_real(shared_data / "pabulib" / "Poland_Warszawa_2026.pb", tmp_path / "out", capsys)
