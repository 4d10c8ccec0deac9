"""Measure a consortium of four on this machine: `make bench-consortium`, with --short in minutes.

Every validator checks all proofs. Ballots are proven before the clock starts, and arrive at their
times whatever the cluster does. The engine's profile is printed with the figures.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.consortium.load import Arrivals, Outcome, Watcher, quantile
from bench.consortium.opening import Opening, open_election
from bench.consortium.trouble import Kills, join_as_observer, kill_one
from bench.consortium.usage import Usage, loopback_bytes, usage
from bench.figures import Figure, show
from hanpyo.rehearsal.cluster import Cluster

RESULT = Path(__file__).parent.parent / "consortium.json"
PRIMARY = 29.4  # ballots a second: 17,661 in the first ten minutes of the primary of 2021
TEN_MILLION = 520.0  # the same curve for ten million electors
TIMES = (1, 3, 10)
HIGHEST = (1_000.0, 1_500.0, 2_000.0, 2_500.0)  # batches; the next is left out once one fails
PARTS = ("primary", "ten-million", "highest", "overload", "kills", "observer")
BATCH = 256
DRAIN_SECONDS = 180.0
OVERLOAD = 4_500.0  # three times the rate that is aimed for
KILL_RATE, KILL_SECONDS = 200.0, 12.0
COMMIT_MS = 300
PROFILE = f"gossip of transactions, no empty blocks, {COMMIT_MS} ms after a block, 4 MiB blocks"


@dataclass(frozen=True, slots=True)
class Run:
    """One load, and what came of it."""

    name: str
    rate: float
    ballots: int
    seconds: float
    p50: float
    p99: float
    longest_gap: float
    lost: int
    later: int
    used: Usage
    wire_bytes: int


class Bench:
    """A cluster with an open election; ballots are taken from its store one load after another."""

    def __init__(self, folder: Path, electors: int, threads: int) -> None:
        self.cluster = Cluster.found(folder, commit_ms=COMMIT_MS)
        self.cluster.start()
        self.cluster.wait_for_size(5, 30)
        self.opening: Opening = open_election(self.cluster, electors, threads)
        self._taken = 0
        self._size = self.opening.size

    def take(self, count: int) -> Sequence[bytes]:
        """Give ballots that were not used yet."""
        found = self.opening.ballots[self._taken : self._taken + count]
        assert len(found) == count, "there are too few electors for these loads"
        self._taken += count
        return found

    def load(self, name: str, rate: float, seconds: float, batch: int = 1) -> Run:
        """Let ballots arrive at a rate for some time; wait until all are recorded."""
        ballots = self.take(int(rate * seconds))
        arriving = [ballots[at : at + batch] for at in range(0, len(ballots), batch)]
        outcome, begun = Outcome(), time.monotonic()
        urls = [self.cluster.url(number) for number in range(self.cluster.size)]
        watcher = Watcher(urls[0], outcome, begun, self._size)
        watcher.start()
        before, wire = usage(self.cluster), loopback_bytes()
        Arrivals(urls, outcome).run(arriving, rate / batch, begun)
        until = time.monotonic() + DRAIN_SECONDS
        while outcome.lost and time.monotonic() < until:
            time.sleep(0.1)
        used = usage(self.cluster).since(before)
        watcher.stop()
        self._size = watcher.size
        latencies = outcome.latencies()
        run = Run(
            name=name,
            rate=rate,
            ballots=len(ballots),
            seconds=max(outcome.recorded.values(), default=0.0),
            p50=quantile(latencies, 0.5) if latencies else float("inf"),
            p99=quantile(latencies, 0.99) if latencies else float("inf"),
            longest_gap=outcome.longest_gap(),
            lost=outcome.lost,
            later=outcome.later,
            used=used,
            wire_bytes=loopback_bytes() - wire,
        )
        print(_told(run), flush=True)
        return run

    def kill(self, times: int) -> Kills:
        """Kill a validator under load, one after another, and start each again."""
        found = []
        for number in range(times):
            ballots = [[ballot] for ballot in self.take(int(KILL_RATE * KILL_SECONDS))]
            victim = 1 + number % (self.cluster.size - 1)
            kill, self._size = kill_one(self.cluster, victim, ballots, KILL_RATE, self._size)
            print(f"killed node {victim}: {kill}", flush=True)
            found.append(kill)
        return Kills(found)

    def close(self) -> None:
        """End the cluster."""
        self.cluster.close()


def _told(run: Run) -> str:
    used = run.used
    cost = (used.node_s + used.engine_s) / run.ballots * 1e3
    return (
        f"{run.name:<34} {run.rate:>7.1f}/s {run.ballots:>7,} ballots  p50 {run.p50:6.2f} s"
        f"  p99 {run.p99:6.2f} s  lost {run.lost}  later {run.later}"
        f"  {cost:.2f} ms cpu, {used.disk_sum / run.ballots:,.0f} bytes on disk and"
        f" {run.wire_bytes / run.ballots:,.0f} on the wire a ballot, all nodes"
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """How long each part takes."""

    parts: frozenset[str]
    whole_s: float
    some_s: float
    kills: int

    @property
    def electors(self) -> int:
        """How many ballots are needed; they are proven before any clock starts."""
        rates = {
            "primary": sum(PRIMARY * times for times in TIMES) * self.whole_s,
            "ten-million": TEN_MILLION * self.whole_s,
            "highest": sum(HIGHEST) * self.some_s,
            "overload": OVERLOAD * self.some_s,
            "kills": KILL_RATE * KILL_SECONDS * self.kills,
        }
        return 1_000 + int(sum(count for part, count in rates.items() if part in self.parts))


def main() -> int:
    """Measure, print, keep; 0 when every goal is reached."""
    parser = argparse.ArgumentParser(prog="bench.consortium", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a minute of each curve at most")
    parser.add_argument(
        "--parts", default=",".join(PARTS), help=f"what is measured, of {', '.join(PARTS)}"
    )
    parser.add_argument("--threads", type=int, default=2, help="for proving, before the clock")
    wanted = parser.parse_args()
    parts = frozenset(wanted.parts.split(","))
    if unknown := parts - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    plan = Plan(parts, 20.0, 10.0, 3) if wanted.short else Plan(parts, 600.0, 60.0, 10)
    print(f"Four validators on this machine: {PROFILE}.", flush=True)
    with tempfile.TemporaryDirectory(prefix="hanpyo-bench-") as scratch:
        bench = Bench(Path(scratch), plan.electors, wanted.threads)
        try:
            runs = measure(bench, plan)
            figures = goals(runs) + trouble(bench, plan, Path(scratch) / "copy", wanted.threads)
        finally:
            bench.close()
    show(figures)
    tell_costs(runs)
    keep(runs, figures)
    return 0 if all(each.holds for each in figures) else 1


def measure(bench: Bench, plan: Plan) -> list[Run]:
    """Run the loads one after another."""
    runs = []
    if "primary" in plan.parts:
        runs += [
            bench.load(f"the primary's opening x {times}", PRIMARY * times, plan.whole_s)
            for times in TIMES
        ]
    if "ten-million" in plan.parts:
        runs.append(bench.load("ten million electors", TEN_MILLION, plan.whole_s))
    for rate in HIGHEST if "highest" in plan.parts else ():
        run = bench.load(f"batches at {rate:.0f}", rate, plan.some_s, BATCH)
        runs.append(run)
        if run.p99 > 10 or run.lost:
            break
    if "overload" in plan.parts:
        runs.append(bench.load("overload", OVERLOAD, plan.some_s, BATCH))
    return runs


def goals(runs: Sequence[Run]) -> list[Figure]:
    """Compare with what is asked for."""
    found = []
    for run in runs:
        if run.name.startswith("the primary"):
            found += [
                Figure(f"{run.name}: p50, s", run.p50, 1.0),
                Figure(f"{run.name}: p99, s", run.p99, 3.0),
                Figure(f"{run.name}: lost", run.lost, 0),
            ]
        elif run.name.startswith("ten million"):
            found += [
                Figure(f"{run.name}: p99, s", run.p99, 5.0),
                Figure(f"{run.name}: lost", run.lost, 0),
            ]
        elif run.name == "overload":
            mib = run.used.memory_bytes / 2**20
            found += [
                Figure("overload: lost of what was taken", run.lost, 0),
                Figure("overload: longest time without a commit, s", run.longest_gap, 10),
                Figure("overload: what the largest node grows by, MiB", mib, 1_024),
            ]
    batches = [run for run in runs if run.name.startswith("batches")]
    if batches:
        best = max((run.rate for run in batches if run.p99 <= 5 and not run.lost), default=0.0)
        found.append(Figure("highest sustained, ballots/s", best, 1_500, at_least=True))
    return found


def trouble(bench: Bench, plan: Plan, copy: Path, threads: int) -> list[Figure]:
    """Kill validators under load, and let an observer join; compare with what is asked for."""
    found = []
    if "kills" in plan.parts:
        deaths = bench.kill(plan.kills)
        found += [
            Figure("a validator killed: longest gap, s", deaths.longest_gap, 10),
            Figure("a validator killed: median gap, s", deaths.median_gap, 3),
            Figure("a validator killed: caught up after, s", deaths.longest_catch_up, 30),
            Figure("a validator killed: lost", sum(kill.lost for kill in deaths.each), 0),
        ]
    if "observer" in plan.parts:
        entries, seconds = join_as_observer(bench.cluster, copy, threads)
        name = f"an observer joins, {entries:,} entries: a second"
        found.append(Figure(name, entries / seconds, 5_000, at_least=True))
    return found


def tell_costs(runs: Sequence[Run]) -> None:
    """Tell what a ballot costs at the highest rate, split by step, over all four nodes."""
    batches = [each for each in runs if each.name.startswith("batches")]
    if not batches:
        return
    run = max(batches, key=lambda each: each.rate)
    used, count = run.used, run.ballots
    print(f"\nA ballot at {run.rate:,.0f}/s costs, over four nodes:")
    for name, seconds in (("ledger and proofs", used.node_s), ("consensus", used.engine_s)):
        print(f"  {name:<24}{1_000 * seconds / count:>10.3f} ms of a processor")
    for part, size in used.disk_bytes.items():
        print(f"  {part:<24}{size / count:>10,.0f} bytes on disk")
    print(f"  {'loopback, load included':<24}{run.wire_bytes / count:>10,.0f} bytes on the wire")


def keep(runs: Sequence[Run], figures: Sequence[Figure]) -> None:
    """Write `consortium.json`."""
    rows = [
        {"name": each.name, "value": each.value, "goal": each.goal, "holds": each.holds}
        for each in figures
    ]
    value = {"figures": rows, "profile": PROFILE, "runs": [asdict(run) for run in runs]}
    RESULT.write_text(json.dumps(value, indent=1) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
