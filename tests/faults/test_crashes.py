"""Nodes that die, pause, and come back, under load: what was acknowledged is in the log, once."""

import signal
import sqlite3
import time
from functools import partial
from itertools import pairwise

import pytest

from bench.consortium.opening import Opening, open_election
from hanpyo.errors import DamagedLedger, NotYet
from hanpyo.ledger.entry import entry_hash
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.storage.records import copy_record, download_record, open_record
from hanpyo.rehearsal.cluster import Cluster
from hanpyo.verify import verify_record
from tests.faults.history import Beside, History

SAMPLE, NIGHTLY = 200, 3_000  # ballots
RATE = 40.0
GAP_SECONDS = 10.0


def opened(cluster: Cluster, ballots: int) -> Opening:
    cluster.start()
    cluster.wait_for_size(5, 60)
    return open_election(cluster, ballots, 2)


def longest_gap(cluster: Cluster, since: float) -> float:
    """Give the longest time between two blocks, by their own times."""
    with RemoteLedger(cluster.url(0)) as remote:
        times = [block.time_unix_s for block in remote.blocks(1)]
    late = [each for each in times if each >= since]
    return max((b - a for a, b in pairwise(late)), default=0)


@pytest.mark.parametrize(
    "ballots", [SAMPLE, pytest.param(NIGHTLY, marks=pytest.mark.nightly)], ids=["short", "long"]
)
def test_l01_a_node_that_is_killed_under_load_costs_nothing(cluster: Cluster, ballots: int) -> None:
    opening, history = opened(cluster, ballots), History()
    begun = time.time()
    load = Beside(partial(history.cast, cluster.url(0), opening.ballots, RATE))
    for victim in (3, 1, 2):
        time.sleep(1.0)
        cluster.kill(victim)
        time.sleep(1.0)
        cluster.start(victim)
    load.finish(ballots / RATE + 60)
    history.check(cluster, range(4))
    assert len(history.acknowledged) == ballots
    assert longest_gap(cluster, begun) <= GAP_SECONDS


def test_l01_the_gateway_that_acknowledged_dies_and_keeps_its_word(cluster: Cluster) -> None:
    opening, history = opened(cluster, 60), History()
    history.cast(cluster.url(2), opening.ballots, 1_000.0)
    cluster.kill(2)
    cluster.start(2)
    history.check(cluster, range(4))
    assert len(history.acknowledged) == 60


def test_l03_without_a_quorum_nothing_is_recorded_and_then_it_goes_on(cluster: Cluster) -> None:
    opening, history = opened(cluster, 10), History()
    with RemoteLedger(cluster.url(0)) as remote:
        size = remote.checkpoint().size
        cluster.kill(2)
        cluster.kill(3)
        history.cast(cluster.url(0), opening.ballots, 1_000.0)
        with pytest.raises(NotYet):
            remote.wait(entry_hash(opening.ballots[0]), 3.0)
        assert remote.checkpoint().size == size, "no receipt while there is no quorum"
        cluster.start(2, 3)
        begun = time.monotonic()
        assert remote.wait(entry_hash(opening.ballots[-1]), 60.0).index >= size
        assert time.monotonic() - begun < 60
    history.check(cluster, range(4))


def test_l06_a_node_that_stands_still_does_not_hold_the_others_up(cluster: Cluster) -> None:
    opening, history = opened(cluster, 80), History()
    cluster.signal(3, signal.SIGSTOP)
    begun = time.monotonic()
    history.cast(cluster.url(0), opening.ballots, RATE)
    with RemoteLedger(cluster.url(0)) as remote:
        remote.wait(entry_hash(opening.ballots[-1]), 30.0)
    assert time.monotonic() - begun < 80 / RATE + GAP_SECONDS
    cluster.signal(3, signal.SIGCONT)
    history.check(cluster, range(4))


def test_l11_a_node_whose_database_was_edited_does_not_come_back(cluster: Cluster) -> None:
    opening = opened(cluster, 5)
    History().cast(cluster.url(0), opening.ballots, 1_000.0)
    cluster.wait_for_size(opening.size + 5, 30)
    cluster.stop(1)
    database = sqlite3.connect(cluster.node(1).database)
    with database:
        database.execute(
            "UPDATE entries SET data = (SELECT data FROM entries WHERE number = ?)"
            " WHERE number = ?",
            (opening.size, opening.size + 1),
        )
    database.close()
    cluster.start(1)
    with pytest.raises(DamagedLedger, match="entry"), RemoteLedger(cluster.url(1)) as remote:
        remote.checkpoint()
    with RemoteLedger(cluster.url(0)) as remote:
        assert remote.checkpoint().size == opening.size + 5, "the others go on"


def test_l14_the_same_ballots_at_every_gateway_are_recorded_once(cluster: Cluster) -> None:
    opening = opened(cluster, 40)
    histories = [History() for _ in range(4)]
    work = [
        Beside(partial(history.cast, cluster.url(number), opening.ballots[::step], 200.0))
        for number, (history, step) in enumerate(zip(histories, (1, -1, 1, -1), strict=True))
    ]
    for each in work:
        each.finish(60)
    for history in histories:
        history.check(cluster, range(4))
    with RemoteLedger(cluster.url(0)) as remote:
        assert remote.checkpoint().size == opening.size + 40


def test_e12_a_record_of_a_consortium_verifies_with_all_its_proofs(
    cluster: Cluster, tmp_path: object
) -> None:
    opening = opened(cluster, 300)  # more than a tile
    History().cast(cluster.url(3), opening.ballots, 1_000.0)
    cluster.wait_for_size(opening.size + 300, 30)
    time.sleep(2.0)  # the files wait for the last block's proof
    path = cluster.folder / "record"
    with RemoteLedger(cluster.url(1)) as remote:
        download_record(remote, path, int(time.time()))
    report = verify_record(open_record(path))
    assert report.valid, report.failures()
    for number in range(4):  # the files that any web server may hand out are as whole
        copied = cluster.folder / f"copy-{number}"
        assert copy_record(cluster.node(number).public, copied) == opening.size + 300
        report = verify_record(open_record(copied))
        assert report.valid, report.failures()
    assert report.checks["C26"].checked > 5
