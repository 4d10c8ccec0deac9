"""Members that come, go and change their keys, by the commands that organizations use."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.consortium.opening import Opening, open_election
from hanpyo.cli import run
from hanpyo.ledger.entry import entry_hash
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.rehearsal.cluster import Cluster, free_ports

SECONDS = 120.0


def told(*words: object) -> None:
    """Run a command that has to succeed."""
    assert run([str(word) for word in words]) == 0


def record(cluster: Cluster, number: int, ballots: Sequence[bytes]) -> int:
    """Have a node record ballots; gives the place of the last."""
    with RemoteLedger(cluster.url(number)) as remote:
        remote.submit(ballots)
        return remote.wait(entry_hash(ballots[-1]), SECONDS).index


def names(cluster: Cluster, number: int) -> list[str]:
    """Give the members' names as a node tells them."""
    found = cluster.status(number)["members"]
    assert isinstance(found, list)
    return found


def add_library(cluster: Cluster, exchange: Path, log: Path) -> int:
    """Begin a node of an organization that is no member."""
    ports, folder = free_ports(), cluster.folder / "library"
    addresses = ("--listen", f"127.0.0.1:{ports.http}", "--p2p", f"127.0.0.1:{ports.p2p}")
    told("node", "init", folder, "--name", "Library", "--exchange", exchange, *addresses)
    told("node", "adopt", folder, log, *sorted((cluster.folder / "members").glob("*.member.json")))
    return cluster.add(NodeFolder(folder), ports)


def sign(cluster: Cluster, act: Path, *numbers: int) -> None:
    """Have nodes sign an act, one after another; the last one sends it."""
    for number in numbers:
        node = cluster.node(number).root
        told("consortium", "sign", act, "--node", node, "--ledger", cluster.url(0), "--yes")


def test_a_member_joins_renews_its_keys_and_another_leaves(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.start()
    cluster.wait_for_size(5, SECONDS)
    opening: Opening = open_election(cluster, 12, 2)
    ballots = list(opening.ballots)
    exchange, act = tmp_path / "exchange", tmp_path / "act.json"
    told("export", tmp_path / "log", "--ledger", cluster.url(0))

    library = add_library(cluster, exchange, tmp_path / "log")
    cluster.start(library)
    cluster.wait_for_size(opening.size, SECONDS, [library])
    file = exchange / "library.member.json"
    told("consortium", "join", file, "--node", cluster.node(0).root, "--out", act)
    sign(cluster, act, 1, 2, library)
    assert names(cluster, 0)[-1] == "Library"
    cluster.stop(3)  # of five, four are a quorum: the new member has to do its part
    size = record(cluster, library, ballots[:3]) + 1
    cluster.start(3)
    cluster.wait_for_size(size, SECONDS)

    act.unlink()
    told("node", "renew", cluster.node(1).root, "--exchange", tmp_path / "renewal")
    (renewed,) = (tmp_path / "renewal").iterdir()
    told("consortium", "rotate", renewed, "--node", cluster.node(0).root, "--out", act)
    sign(cluster, act, 2, library, 1)
    assert cluster.wait_for_end(1, SECONDS) == 75, "it asks to be started again, with its new keys"
    cluster.start(1)
    assert not cluster.node(1).next_operator.exists()
    cluster.stop(2)
    size = record(cluster, 1, ballots[3:6]) + 1
    cluster.start(2)
    cluster.wait_for_size(size, SECONDS)

    act.unlink()
    leaving = names(cluster, 0)[3]
    reason = ("--reason", "its work is done")
    told("consortium", "leave", leaving, *reason, "--node", cluster.node(0).root, "--out", act)
    sign(cluster, act, 1, 2, library)
    assert leaving not in names(cluster, 0)
    size = record(cluster, 3, ballots[6:9]) + 1  # a node that only follows still takes ballots
    cluster.stop(3)
    cluster.stop(2)
    size = record(cluster, 0, ballots[9:]) + 1
    told("export", tmp_path / "record", "--ledger", cluster.url(library))
    capsys.readouterr()
    run(["verify", str(tmp_path / "record"), "--json"])
    report = json.loads(capsys.readouterr().out)
    failed = {check["id"] for check in report["checks"] if check["failures"]}
    assert not failed
