"""`serve` in a process of its own, as an operator runs it."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from hanpyo.errors import InvalidQuery
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.storage.check import check_ledger
from tests.helpers.node import PATIENCE_S, NodePlay, QuickPlay

PROGRAM = """
import sys
from pathlib import Path
from hanpyo.node.http.serve import serve
sys.exit(serve(Path(sys.argv[1]), "127.0.0.1", 0, on_ready=lambda url: print(url, flush=True)))
"""


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = {"PYTHONPATH": ":".join(each for each in sys.path if each), "PATH": "/usr/bin"}
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture
def play(tmp_path: Path) -> NodePlay:
    play = NodePlay(tmp_path / "node")
    play.announced()
    play.node.close()
    return play


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(play: NodePlay, number: signal.Signals) -> None:
    with serving(play.folder) as (process, url):
        with RemoteLedger(url) as remote:
            assert remote.members().ledger_id == play.ledger_id
            with pytest.raises(InvalidQuery, match="another process"):
                EmbeddedLedger.open(play.folder)
        process.send_signal(number)
        output, errors = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode, output, errors) == (0, "", "")
    assert not (play.folder / "ledger.sqlite-wal").exists()  # the database was closed
    assert check_ledger(play.folder).is_sound


def test_nothing_is_lost_when_it_is_killed(tmp_path: Path) -> None:
    play = QuickPlay(tmp_path / "node")
    play.voting()
    ballots = [play.cast(row) for row in range(6)]
    play.node.close()
    with serving(play.folder) as (process, url), RemoteLedger(url) as remote:
        indexes = []
        for ballot in ballots:
            (verdict,) = remote.submit([ballot]).verdicts
            indexes.append(remote.wait(verdict.entry_hash, PATIENCE_S).index)
        process.kill()
        process.wait()
    with EmbeddedLedger.open(play.folder) as ledger:
        assert [next(ledger.entries(index, index + 1)) for index in indexes] == ballots


def test_a_damaged_ledger_is_red_and_serves_nothing(play: NodePlay) -> None:
    (tile,) = (play.folder / "public/tile/0").glob("000.p/*")
    tile.write_bytes(tile.read_bytes()[::-1])
    with serving(play.folder) as (process, url):
        with httpx2.Client(base_url=url) as client:
            assert client.get("health").status_code == 503
            assert client.get("checkpoint").status_code == 503
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 1


def test_the_clerk_works_beside_it(tmp_path: Path) -> None:
    from dataclasses import replace

    from tests.helpers.parties import tiny_manifest

    play = QuickPlay(tmp_path / "node", replace(tiny_manifest(), opens=1, closes=2**40))
    play.rolled().keyed()
    play.node.close()
    with serving(play.folder) as (_, url), httpx2.Client(base_url=url) as client:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            (election,) = client.get("status").json()["elections"]
            if election["phase"] == "voting":
                break
            time.sleep(0.05)
        assert election["phase"] == "voting"
