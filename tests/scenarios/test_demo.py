"""`hanpyo demo`: what a newcomer sees first, as a process without a terminal."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hanpyo.node.storage.records import open_record
from hanpyo.rehearsal import may_replace
from hanpyo.verify import verify_record

HANPYO = str(Path(sys.executable).parent / "hanpyo")
SECONDS_MAX = 120


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [HANPYO, "demo"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo")
    done = demo(folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout


def test_the_demo_tells_of_every_step(held: tuple[Path, str]) -> None:
    _, told = held
    headings = re.findall(r"^(\d)\. ", told, re.MULTILINE)
    assert headings == [str(number) for number in range(1, len(headings) + 1)]
    assert len(headings) == 8
    for words in ("200 rows", "found out", "168 ballots counted", "84.0 %", "█"):
        assert words in told


def test_both_verifiers_accept_the_record_and_name_the_broken_entry(
    held: tuple[Path, str],
) -> None:
    _, told = held
    for verifier in ("hanpyo verify", "python3 verifier"):
        assert f"{verifier}: the record holds." in told
        broken = re.search(r"Byte \d+ of entry (\d+)", told)
        assert broken is not None
        assert f"{verifier}: refused. entry {broken[1]}: " in told


def test_the_record_holds(held: tuple[Path, str]) -> None:
    folder, _ = held
    assert [each.name for each in folder.iterdir()] == ["demo-record"]
    assert verify_record(open_record(folder / "demo-record")).failures() == []


def test_the_demo_is_in_plain_words_and_fits_a_terminal(held: tuple[Path, str]) -> None:
    _, told = held
    assert max(map(len, told.splitlines())) <= 100
    for jargon in ("ciphertext", "Merkle", "zero-knowledge", "blockchain"):
        assert jargon not in told


def test_an_old_demonstration_is_replaced_and_nothing_else(held: tuple[Path, str]) -> None:
    folder, _ = held
    record = folder / "demo-record"
    before = (record / "checkpoint").read_bytes()
    assert may_replace(record)
    assert demo(folder).returncode == 0
    assert (record / "checkpoint").read_bytes() != before
    (record / "diary").write_text("mine")
    assert not may_replace(record)
    done = demo(folder)
    assert done.returncode == 2
    assert "demo-record holds something else" in done.stderr
    assert (record / "diary").read_text() == "mine"


def test_a_folder_of_ones_own_is_never_replaced(tmp_path: Path) -> None:
    for name in ("blocks", "checkpoint", "tile"):
        (tmp_path / name).write_text("mine")
    assert not may_replace(tmp_path)
