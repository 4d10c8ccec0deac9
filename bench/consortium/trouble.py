"""What a consortium does in trouble: more load than it can take, a node that dies, an observer."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.consortium.load import Arrivals, Outcome, Watcher
from hanpyo.node.observing.watch import catch_up
from hanpyo.rehearsal.cluster import Cluster

BEFORE_SECONDS, DOWN_SECONDS = 3.0, 5.0
AFTER_SECONDS = 4.0
CATCH_UP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Kill:
    """One death of a validator under load.

    Attributes:
        gap_s: the longest time without a commit.
        catch_up_s: from its restart until it has published what the others had.
        lost: ballots that were taken and not recorded.
    """

    gap_s: float
    catch_up_s: float
    lost: int


def kill_one(
    cluster: Cluster, victim: int, ballots: list[list[bytes]], per_second: float, size: int
) -> tuple[Kill, int]:
    """Kill a validator under load and start it again.

    Returns:
        What happened, and the log's size afterwards.
    """
    urls = [cluster.url(number) for number in range(cluster.size) if number != victim]
    outcome, begun = Outcome(), time.monotonic()
    watcher = Watcher(urls[0], outcome, begun, size)
    watcher.start()
    arrivals = Arrivals(urls, outcome)
    load = threading.Thread(target=arrivals.run, args=(ballots, per_second, begun), daemon=True)
    load.start()
    time.sleep(BEFORE_SECONDS)
    cluster.kill(victim)
    time.sleep(DOWN_SECONDS)
    restarted = time.monotonic()
    cluster.start(victim)
    cluster.wait_for_size(watcher.size, CATCH_UP_SECONDS, [victim])
    catch_up_s = time.monotonic() - restarted
    load.join()
    until = time.monotonic() + CATCH_UP_SECONDS
    while outcome.lost and time.monotonic() < until:
        time.sleep(0.1)
    watcher.stop()
    return Kill(outcome.longest_gap(), catch_up_s, outcome.lost), watcher.size


@dataclass(frozen=True, slots=True)
class Kills:
    """Several deaths, one after another."""

    each: list[Kill]

    @property
    def longest_gap(self) -> float:
        """The longest of all gaps."""
        return max(kill.gap_s for kill in self.each)

    @property
    def median_gap(self) -> float:
        """The median of the gaps."""
        return median(kill.gap_s for kill in self.each)

    @property
    def longest_catch_up(self) -> float:
        """The longest that a node needed to catch up."""
        return max(kill.catch_up_s for kill in self.each)


def join_as_observer(cluster: Cluster, folder: Path, threads: int) -> tuple[int, float]:
    """Copy and verify everything from genesis; give entries and seconds."""
    begun = time.monotonic()
    with catch_up(folder, [cluster.url(0)], threads=threads) as ledger:
        return ledger.head.size, time.monotonic() - begun
