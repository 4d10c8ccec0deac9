"""Networks that split, delay and lose: a minority records nothing, and afterwards all agree."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bench.consortium.opening import Opening, open_election
from hanpyo.errors import NotYet
from hanpyo.ledger.entry import entry_hash
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.settings import PeerSettings
from hanpyo.rehearsal.cluster import Cluster
from tests.faults.history import Beside, History
from tests.faults.links import Network


@pytest.fixture
def network() -> Iterator[Network]:
    made = Network()
    yield made
    made.close()


@pytest.fixture
def wired(tmp_path: Path, engine: Path, network: Network) -> Iterator[Cluster]:
    """Four nodes, every byte between two of which passes a link of `network`."""
    assert engine.is_file()
    with Cluster.found(tmp_path / "cluster") as cluster:

        def way(source: int, target: int, peer: PeerSettings) -> PeerSettings:
            ports = cluster.ports(target)
            p2p = network.route(source, target, ports.p2p)
            http = network.route(source, target, ports.http)
            return replace(peer, p2p=f"127.0.0.1:{p2p}", url=f"http://127.0.0.1:{http}")

        cluster.rewire(way)
        cluster.start()
        cluster.wait_for_size(5, 60)
        yield cluster


def opened(cluster: Cluster, ballots: int) -> Opening:
    return open_election(cluster, ballots, 2)


def test_l04_a_minority_records_nothing_and_joins_again(wired: Cluster, network: Network) -> None:
    opening = opened(wired, 20)
    majority, minority = History(), History()
    network.cut([[0, 1, 2], [3]])
    minority.cast(wired.url(3), opening.ballots[:10], 1_000.0)
    majority.cast(wired.url(0), opening.ballots[10:], 1_000.0)
    with RemoteLedger(wired.url(0)) as remote:
        remote.wait(entry_hash(opening.ballots[-1]), 30.0)
    with RemoteLedger(wired.url(3)) as remote, pytest.raises(NotYet):
        remote.wait(entry_hash(opening.ballots[0]), 2.0)
    network.mend()
    for history in (majority, minority):
        history.check(wired, range(4))


def test_l04_two_halves_both_stop_and_then_agree(wired: Cluster, network: Network) -> None:
    opening = opened(wired, 20)
    one, other = History(), History()
    network.cut([[0, 1], [2, 3]])
    one.cast(wired.url(0), opening.ballots[:10], 1_000.0)
    other.cast(wired.url(3), opening.ballots[10:], 1_000.0)
    for number, ballot in ((0, opening.ballots[0]), (3, opening.ballots[-1])):
        with RemoteLedger(wired.url(number)) as remote, pytest.raises(NotYet):
            remote.wait(entry_hash(ballot), 2.0)
    network.mend()
    for history in (one, other):
        history.check(wired, range(4))


def test_l05_slow_and_lossy_links_lose_nothing(wired: Cluster, network: Network) -> None:
    opening, history = opened(wired, 60), History()
    for source in range(4):
        for target in range(4):
            link = network.link(source, target)
            link.delay_s, link.jitter_s, link.loss = 0.05, 0.1, 0.05
    load = Beside(partial(history.cast, wired.url(1), opening.ballots, 30.0))
    load.finish(60)
    history.check(wired, range(4))
