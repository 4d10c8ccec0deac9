"""The demonstration on a consortium: four organizations keep the ledger, an observer copies it."""

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hanpyo.errors import ElectionError, InvalidQuery, NotYet
from hanpyo.ledger.entry import Cast, decode_entry
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.keeper import system_clock
from hanpyo.node.observing.observer import ObservedLedger, Observer
from hanpyo.node.storage.records import download_record
from hanpyo.rehearsal import demo_voters as town
from hanpyo.rehearsal.cluster import Cluster
from hanpyo.rehearsal.demo import (
    DemoElection,
    Told,
    may_replace,
    open_totals,
    prepare,
    test_devices,
)
from hanpyo.rehearsal.parties import Parties
from hanpyo.rehearsal.place import Place
from hanpyo.rehearsal.player import Held, Player
from hanpyo.rehearsal.records import beside, put_in_place
from hanpyo.rehearsal.voting import Vote, cast_all

KILLED = 3  # the node that dies in the middle of the voting
WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.1


@dataclass(slots=True)
class Copy:
    """An observer at work.

    Attributes:
        alarms: what it raised.
    """

    ledger: ObservedLedger
    alarms: list[ElectionError]


def hold_consortium_demo(record: Path, threads: int, told: Told) -> DemoElection:
    """Hold the election on four nodes; its record comes from an observer's copy alone.

    Args:
        record: where the record goes; it is there whole at the end, or as it was before.

    Raises:
        InvalidQuery: something else stands there.
        EngineMissing: the consensus engine is not on this machine.
    """
    is_old = record.exists() and (not record.is_dir() or any(record.iterdir()))
    if is_old and not (record.is_dir() and may_replace(record)):
        raise InvalidQuery(f"{record} holds something else: move it away, or choose --record DIR")
    with beside(record) as scratch, Cluster.found(scratch / "cluster") as cluster:
        told.heading("Four organizations found a ledger together")
        cluster.start()
        names = [str(name) for name in _members(cluster)]
        told.line(f"{', '.join(names)}: each runs a node of its own.")
        told.line("What three of the four agree on is recorded; no single one can change it.")
        with _observer(scratch / "copy", cluster, threads) as copy:
            told.line("An observer, who is none of them, copies and checks everything.")
            held, entries = _hold(cluster, copy, scratch, threads, told)
            download_record(copy.ledger, scratch / "record", system_clock())
            _edit(copy, told)
        put_in_place(scratch / "record", record, scratch / "old" if is_old else None)
    return DemoElection(held, entries)


def _members(cluster: Cluster) -> list[object]:
    members = cluster.status(0)["members"]
    return members if isinstance(members, list) else []


@contextmanager
def _observer(folder: Path, cluster: Cluster, threads: int) -> Iterator[Copy]:
    sources = [RemoteLedger(cluster.url(number)) for number in range(cluster.size)]
    with ObservedLedger.open(folder, system_clock, threads) as ledger:
        copy = Copy(ledger, [])
        observer = Observer(ledger, sources, system_clock, copy.alarms.append)
        observer.start()
        try:
            yield copy
        finally:
            observer.stop()
            for source in sources:
                source.close()


def _hold(
    cluster: Cluster, copy: Copy, scratch: Path, threads: int, told: Told
) -> tuple[Held, int]:
    with RemoteLedger(cluster.url(0)) as remote:
        parties = Parties(secrets.token_bytes(32))
        place = Place(remote, remote.announce)
        player = Player(place, parties, town.demo_manifest(parties), threads)
        prepare(player, told)
        test_devices(player, told)
        _vote(player, cluster, threads, told)
        player.close()
        told.line("Voting is closed.")
        held = open_totals(player, scratch / "closed", told)
        size = remote.checkpoint().size
    cluster.wait_for_size(size, WAIT_SECONDS)
    _wait_for_copy(copy, size)
    told.line(f"All four nodes and the observer hold the same {size} entries.")
    return held, size


def _vote(player: Player, cluster: Cluster, threads: int, told: Told) -> None:
    told.heading("The voters vote, and a node dies in the middle")
    people = town.demo_voters()[: town.VOTERS]
    votes = [Vote(person, town.wish(player.parties, person)) for person in people]
    again = [
        Vote(person, town.wish(player.parties, person, 2), 2) for person in people[: town.CHANGED]
    ]
    half = len(votes) // 2
    cast_all(player, votes[:half], half, threads, _unseen)
    cluster.kill(KILLED)
    told.line(f"{half} people have voted. Now one node's machine loses its power.")
    begun = time.monotonic()
    cast_all(player, votes[half:], len(votes) - half, threads, _unseen)
    cast_all(player, again, len(again), threads, _unseen)
    count, seconds = len(votes) - half + len(again), time.monotonic() - begun
    told.line(f"Voting goes on: {count} more ballots were recorded in {seconds:.1f} s,")
    told.line("with the signatures of the other three.")
    begun = time.monotonic()
    with RemoteLedger(cluster.url(0)) as remote:
        size = remote.checkpoint().size
    cluster.start(KILLED)
    cluster.wait_for_size(size, WAIT_SECONDS, [KILLED])
    told.line(
        f"The node is started again, and has caught up after {time.monotonic() - begun:.1f} s."
    )


def _wait_for_copy(copy: Copy, size: int) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while copy.ledger.head.size < size:
        if copy.alarms:
            raise copy.alarms[0]
        if time.monotonic() > until:
            raise NotYet("the observer did not copy everything in time")
        time.sleep(LOOK_SECONDS)


def _edit(copy: Copy, told: Told) -> None:
    """Let somebody with access to the observer's database change a ballot in it."""
    told.heading("Somebody edits a ballot in the observer's database")
    path = copy.ledger.folder.database
    index, data = _some_ballot(copy)
    changed = bytearray(data)
    changed[len(changed) // 2] ^= 1
    database = sqlite3.connect(path)
    with database:
        database.execute("UPDATE entries SET data = ? WHERE number = ?", (bytes(changed), index))
    database.close()
    until = time.monotonic() + WAIT_SECONDS
    while not copy.alarms:
        if time.monotonic() > until:
            raise AssertionError("an edited ballot must raise the alarm")
        time.sleep(LOOK_SECONDS)
    told.line(f"The observer's alarm: {copy.alarms[0]}.")
    told.line("From now on it serves nothing of this copy. The nodes' logs are untouched.")


def _some_ballot(copy: Copy) -> tuple[int, bytes]:
    size = copy.ledger.head.size
    for index, data in enumerate(copy.ledger.entries(0, size)):
        if isinstance(decode_entry(data), Cast):
            return index, data
    raise AssertionError("somebody has voted")


def _unseen(_done: int, _total: int) -> None:
    """Show nothing: a step of the demonstration takes a second."""
