"""The command line as a whole: help, exit status, errors in one sentence."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanpyo import __version__, cli
from hanpyo.cli import FILES, run
from hanpyo.cli.output import bar, percent, print_table, width

PARTS = {  # groups and their commands
    "election": ("example", "new"),
    "organizer": ("init", "drop", "lost", "not-openable"),
    "registrar": ("init", "enroll", "replace"),
    "roll": ("seal", "change", "invite"),
    "trustee": (
        *("init", "restore", "commit", "reveal", "deal", "complain", "confirm"),
        *("seal", "decrypt", "next"),
    ),
    "voter": ("join",),
    "challenge": ("check",),
    "ledger": ("check",),
}
NOWHERE = "http://127.0.0.1:9"


def commands() -> Iterator[tuple[str, ...]]:
    for words in FILES.values():
        for word in words:
            if word in PARTS:
                yield from ((word, part) for part in PARTS[word])
            else:
                yield (word,)


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_has_help_with_an_example(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--help"]) == 0
    out, err = capsys.readouterr()
    assert f"Example: hanpyo {' '.join(words)}" in " ".join(out.split())
    assert err == ""


def test_help_lists_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == run(["--help"]) == 0
    out = capsys.readouterr().out
    for words in FILES.values():
        for word in words:
            assert f"\n  {word} " in out


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"hanpyo {__version__}\n"


@pytest.mark.parametrize(
    ("args", "error", "hint"),
    [
        (["nonsense"], "No such command 'nonsense'.", "`hanpyo --help`"),
        (["trustee"], "Missing command.", "`hanpyo trustee --help`"),
        (["trustee", "init"], "Missing argument 'DIR'.", "`hanpyo trustee --help`"),
        (["check", "--frobnicate"], "No such option: --frobnicate", "`hanpyo check --help`"),
        (["serve", "x", "--port", "one"], "Invalid value for '--port'", "`hanpyo serve --help`"),
        (["status", "--ledger", "nowhere"], "'nowhere' is no address", ""),
        (["status", "--ledger", NOWHERE], f"{NOWHERE}: ", "check the address"),
        (["verify", "no-such-folder"], "no-such-folder: there is no such folder", ""),
        (["sign", "no-such-file", "--organizer", "x"], "secret.json: there is no such file", ""),
        (["serve", "no-such-folder"], "no-such-folder holds no ledger: give --name", ""),
        (["export", "out"], "no source is named: give --ledger or --from", ""),
        (["check", "12"], "no node is named: give --ledger or --voter", ""),
    ],
)
def test_misuse_ends_with_2_and_one_sentence(
    args: list[str],
    error: str,
    hint: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HANPYO_LEDGER", raising=False)
    assert run(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines[0].startswith("error: ")
    assert error in lines[0]
    assert len(lines) <= 2
    assert hint in err
    assert list(tmp_path.iterdir()) == []


def test_a_failing_disk_is_an_error_and_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path) -> None:
        raise PermissionError(13, "Permission denied", "there")

    monkeypatch.setattr("hanpyo.cli.operator.serve_ledger", fail)
    monkeypatch.setattr(Path, "is_dir", fail)
    assert run(["verify", "there"]) == 2
    assert capsys.readouterr().err == "error: there: Permission denied\n"


def test_main_ends_the_process_with_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["hanpyo", "nonsense"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f'"{Path(sys.executable).parent / "hanpyo"}" election example | head -1'
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    ended = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=True, env=env
    )
    assert ended.stdout.startswith("# An election")
    assert ended.stderr == ""


def test_bars_and_shares_are_exact() -> None:
    assert bar(0, 10) == ""
    assert bar(1, 10_000) == "█"
    assert bar(10, 10) == bar(11, 10) == "█" * 30
    assert bar(3, 0) == ""
    assert [percent(1, 3), percent(2, 3), percent(1, 2000), percent(0, 0)] == [
        "33.3 %",
        "66.7 %",
        "0.1 %",
        "-",
    ]


def test_tables_align_what_is_wide(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("한표", "1"), ("abc", "10")], right=(1,))
    assert capsys.readouterr().out == "한표   1\nabc   10\n"
    assert width("한표") == 4
