"""Disks that are full, data that is gone, nodes that are gone, and gateways that are flooded."""

import resource
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bench.consortium.load import Connection
from bench.consortium.opening import Opening, open_election
from hanpyo.cli import run
from hanpyo.ledger.entry import Cast, decode_entry, encode_entry, entry_hash
from hanpyo.ledger.interface import Refused
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.http.wire import decode_verdicts
from hanpyo.node.keeper import system_clock
from hanpyo.node.observing.observer import ObservedLedger
from hanpyo.node.observing.watch import catch_up
from hanpyo.rehearsal.cluster import Cluster
from tests.faults.history import History

SECONDS = 60.0
FULL_BYTES = 50_000


def opened(cluster: Cluster, ballots: int) -> Opening:
    cluster.start()
    cluster.wait_for_size(5, SECONDS)
    return open_election(cluster, ballots, 2)


def test_l07_a_node_whose_disk_is_full_ends_and_comes_back(cluster: Cluster) -> None:
    opening, history = opened(cluster, 60), History()
    pid = cluster.pids()[2]
    # No file of the node's may grow beyond this: what it writes next fails as on a full disk.
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL_BYTES, resource.RLIM_INFINITY))
    history.cast(cluster.url(0), opening.ballots, 200.0)
    assert cluster.wait_for_end(2, SECONDS) != 0
    with RemoteLedger(cluster.url(0)) as remote:
        remote.wait(entry_hash(opening.ballots[-1]), SECONDS)
    cluster.start(2)
    history.check(cluster, range(4))


def test_a_node_that_lost_its_data_replays_everything(cluster: Cluster) -> None:
    opening, history = opened(cluster, 30), History()
    history.cast(cluster.url(0), opening.ballots, 1_000.0)
    cluster.stop(3)
    folder = cluster.node(3)
    kept = {folder.operator, folder.settings, folder.founding}
    for path in set(folder.root.iterdir()) - kept:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    time.sleep(6.0)  # the others have to be past the height at which it voted last
    cluster.start(3)
    history.check(cluster, range(4))


def test_l22_one_observer_is_left_and_has_everything(cluster: Cluster, tmp_path: Path) -> None:
    opening, history = opened(cluster, 40), History()
    history.cast(cluster.url(0), opening.ballots, 1_000.0)
    with RemoteLedger(cluster.url(0)) as remote:
        remote.wait(entry_hash(opening.ballots[-1]), SECONDS)
        size = remote.checkpoint().size
    cluster.wait_for_size(size, SECONDS)
    with catch_up(tmp_path / "copy", [cluster.url(1)]) as copy:
        assert copy.head.size == size
    for number in range(cluster.size):
        cluster.kill(number)
        shutil.rmtree(cluster.node(number).root)
    assert run(["export", str(tmp_path / "record"), "--from", str(tmp_path / "copy")]) == 0
    assert run(["verify", str(tmp_path / "record")]) == 0
    with ObservedLedger.open(tmp_path / "copy", system_clock, 1) as copy:
        held = set(map(entry_hash, copy.entries(0, size)))
    assert set(history.acknowledged) <= held


def forged(ballot: bytes, number: int) -> bytes:
    """Give a ballot whose proof does not hold."""
    cast = decode_entry(ballot)
    assert isinstance(cast, Cast)
    data = bytearray(cast.ballot)
    data[-1 - number % 16] ^= 1 + number % 250
    return encode_entry(replace(cast, ballot=bytes(data)))


class Flood(threading.Thread):
    """Sends forged ballots to one gateway as fast as it answers, until it is stopped."""

    def __init__(self, url: str, ballot: bytes) -> None:
        super().__init__(daemon=True)
        self._url, self._ballot = url, ballot
        self.is_stopped = False
        self.refused = 0

    def run(self) -> None:
        node = Connection(self._url)
        number = 0
        while not self.is_stopped:
            some = [forged(self._ballot, number + each) for each in range(64)]
            number += 64
            body = b"".join(len(each).to_bytes(2, "big") + each for each in some)
            status, answer = node.post("/entries", body)
            if status == 200:
                self.refused += sum(isinstance(v, Refused) for v in decode_verdicts(answer))
        node.close()


def test_l20_a_flood_of_forged_ballots_keeps_nobody_from_voting(cluster: Cluster) -> None:
    opening, history = opened(cluster, 81), History()
    floods = [Flood(cluster.url(number), opening.ballots[80]) for number in range(2)]
    for flood in floods:
        flood.start()
    waits = []
    with RemoteLedger(cluster.url(2)) as remote:
        for start in range(0, 80, 8):
            begun, some = time.monotonic(), opening.ballots[start : start + 8]
            history.cast(cluster.url(2), some, 1_000.0)
            remote.wait(entry_hash(some[-1]), SECONDS)
            waits.append(time.monotonic() - begun)
    for flood in floods:
        flood.is_stopped = True
    for flood in floods:
        flood.join(SECONDS)
    history.check(cluster, range(4))
    assert sum(flood.refused for flood in floods) > 10 * 80
    assert sorted(waits)[-2] < 10, waits


@pytest.mark.parametrize("size", [70_000, 9_000_000])
def test_l20_a_body_too_large_is_refused_before_it_is_read(cluster: Cluster, size: int) -> None:
    cluster.start(0)
    node = Connection(cluster.url(0))
    status, _ = node.post("/entries", b"\xff\xff" + bytes(size))
    node.close()
    assert status in {400, 413, 422}
