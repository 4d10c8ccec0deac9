"""A single operator's ledger goes on as a consortium's, in the middle of an election."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.consortium.opening import opened_at
from hanpyo.cli import run
from hanpyo.errors import InvalidQuery
from hanpyo.ledger.entry import entry_hash
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.rehearsal.cluster import NAMES, Cluster, Ports, free_ports
from hanpyo.rehearsal.place import Place
from hanpyo.rehearsal.player import Player
from tests.faults.test_membership import SECONDS, told


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run an operator's ledger; gives its address."""
    port = free_ports().http
    command = [sys.executable, "-m", "hanpyo", "serve", str(folder), "--port", str(port)]
    with subprocess.Popen(
        [*command, "--name", "Gardeners"], stdout=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def members_of(folder: Path) -> list[Ports]:
    """Let four organizations make their nodes and show them."""
    found = []
    for number, name in enumerate(sorted(NAMES)):
        ports = free_ports()
        addresses = ("--listen", f"127.0.0.1:{ports.http}", "--p2p", f"127.0.0.1:{ports.p2p}")
        node = folder / f"node-{number}"
        told("node", "init", node, "--name", name, "--exchange", folder / "members", *addresses)
        found.append(ports)
    return found


def record(remote: RemoteLedger, ballots: Sequence[bytes]) -> None:
    """Have ballots recorded."""
    remote.submit(ballots)
    remote.wait(entry_hash(ballots[-1]), SECONDS)


def test_a_ledger_is_continued_without_losing_an_entry(
    tmp_path: Path, engine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert engine.is_file()
    ledger, members = tmp_path / "ledger", tmp_path / "members"
    ports = members_of(tmp_path)
    with served(ledger) as url, RemoteLedger(url) as remote:
        opening = opened_at(remote, 12, 2)
        parties, manifest = opening.player.parties, opening.player.manifest
        record(remote, opening.ballots[:6])
        starts = datetime.fromtimestamp(int(time.time()) + 8, UTC).isoformat()
        for number in range(len(ports)):
            node = tmp_path / f"node-{number}"
            asked = ("--continues", url, "--starts", starts, "--yes")
            told("consortium", "genesis", node, members, *asked)
        before = remote.checkpoint().size
    told("consortium", "hand-over", ledger, members, "--starts", starts, "--yes")
    with pytest.raises(InvalidQuery, match="handed over"):
        EmbeddedLedger.open(ledger)
    log = tmp_path / "log"
    shutil.copytree(NodeFolder(ledger).public, log)
    for number in range(len(ports)):
        told("node", "adopt", tmp_path / f"node-{number}", log, *sorted(members.glob("*.member.*")))
    with Cluster(tmp_path, ports) as cluster:
        cluster.start()
        cluster.wait_for_size(before + 1, SECONDS)
        with RemoteLedger(cluster.url(0)) as remote:
            record(remote, opening.ballots[6:])
            player = Player(Place(remote, remote.announce), parties, manifest, 2)
            assert player.election_id == opening.player.election_id
            player.close()
            player.write_record(tmp_path / "closed")
            player.verify_and_seal(tmp_path / "closed", lambda _: nullcontext(lambda *_: None))
            player.decrypt()
            player.write_record(tmp_path / "record")
    capsys.readouterr()
    run(["verify", str(tmp_path / "record"), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert report["valid"]
    (totals,) = report["result"].values()
    assert sum(totals.values()) == 12
