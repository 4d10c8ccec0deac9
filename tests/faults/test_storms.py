"""Restarts, one after another and at random, and proposers that are dead when their turn comes."""

import random
import time
from functools import partial

import pytest

from bench.consortium.opening import Opening, open_election
from hanpyo.ledger.block_proofs import decode_proof
from hanpyo.ledger.entry import entry_hash
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.rehearsal.cluster import Cluster
from tests.faults.history import Beside, History
from tests.faults.test_crashes import GAP_SECONDS, longest_gap

ROUNDS_MAX = 3
LONG = pytest.mark.nightly


def opened(cluster: Cluster, ballots: int) -> Opening:
    cluster.start()
    cluster.wait_for_size(5, 60)
    return open_election(cluster, ballots, 2)


def rounds(cluster: Cluster, start_height: int) -> list[int]:
    """Give the rounds in which the engine agreed on the headers after blocks, from a height on."""
    with RemoteLedger(cluster.url(0)) as remote:
        return [decode_proof(data).round for data in remote.proofs(start_height)]


@pytest.mark.parametrize("turns", [8, pytest.param(100, marks=LONG)], ids=["short", "long"])
def test_l02_a_proposer_that_is_dead_costs_a_round_or_two(cluster: Cluster, turns: int) -> None:
    opening, history = opened(cluster, turns), History()
    found: list[int] = []
    ballots = list(opening.ballots)
    with RemoteLedger(cluster.url(0)) as remote:
        for victim in (1, 2, 3, 1, 2, 3)[: max(1, turns // 8)] if turns > 8 else (2,):
            height = list(remote.blocks(1))[-1].height
            cluster.kill(victim)
            for _ in range(8):  # blocks of their own: the dead one's turn comes twice
                ballot = ballots.pop()
                history.cast(cluster.url(0), [ballot], 1_000.0)
                remote.wait(entry_hash(ballot), 30.0)
            found += rounds(cluster, height + 1)
            cluster.start(victim)
            cluster.wait_for_size(remote.checkpoint().size, 60, [victim])
    history.check(cluster, range(4))
    assert max(found) >= 1, "its turn never came"
    assert max(found) <= ROUNDS_MAX


@pytest.mark.parametrize(
    ("seconds", "every"), [(12, 2.0), pytest.param(600, 5.0, marks=LONG)], ids=["short", "long"]
)
def test_l13_a_storm_of_restarts_ends_in_one_log(
    cluster: Cluster, seconds: int, every: float
) -> None:
    rate, choose = 20.0, random.Random(13)
    opening, history = opened(cluster, int(rate * seconds)), History()
    load = Beside(partial(history.cast, cluster.url(0), opening.ballots, rate))
    until, down = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        time.sleep(every)
        if down:
            cluster.start(down)
        down = choose.choice((1, 2, 3))
        cluster.kill(down)
    cluster.start(down)
    load.finish(seconds + 60)
    history.check(cluster, range(4))
    assert len(history.acknowledged) == len(opening.ballots)


def test_l23_nodes_are_replaced_one_by_one_while_people_vote(cluster: Cluster) -> None:
    opening, history = opened(cluster, 240), History()
    begun = time.time()
    load = Beside(partial(history.cast, cluster.url(0), opening.ballots[:160], 20.0))
    for number in (1, 2, 3):
        cluster.stop(number)
        cluster.start(number)
        with RemoteLedger(cluster.url(0)) as remote:
            cluster.wait_for_size(remote.checkpoint().size, 60, [number])
    load.finish(120)
    load = Beside(partial(history.cast, cluster.url(1), opening.ballots[160:], 20.0))
    cluster.stop(0)
    cluster.start(0)
    load.finish(60)
    history.check(cluster, range(4))
    assert longest_gap(cluster, begun) <= GAP_SECONDS
