"""The clerk posts what is due, when it is due, until it is done."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hanpyo.ledger.view import Phase
from hanpyo.node.clerk import Clerk
from tests.helpers.node import PATIENCE_S, QuickPlay
from tests.helpers.parties import NOW, tiny_manifest, tiny_rows

OPENS, CLOSES = NOW + 100, NOW + 200


def announced_times(folder: Path) -> QuickPlay:
    manifest = replace(tiny_manifest(), opens=OPENS, closes=CLOSES)
    return QuickPlay(folder, manifest, tiny_rows(6))


@pytest.fixture
def play(tmp_path: Path) -> Iterator[QuickPlay]:
    play = announced_times(tmp_path / "node")
    with play.node:
        yield play


def prepare(play: QuickPlay) -> None:
    play.rolled().keyed()
    play.is_quick = False  # from here on the clerk hands in entries as well


def settle(play: QuickPlay, phase: Phase) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while play.election.phase is not phase and time.monotonic() < deadline:
        time.sleep(0.01)
    assert play.election.phase is phase


def test_the_clerk_opens_and_closes_at_the_announced_times(play: QuickPlay) -> None:
    clerk = Clerk(play.node, play.clock)
    prepare(play)
    play.now = OPENS - 1
    assert clerk.tick() == 0
    play.now = OPENS
    assert clerk.tick() == 1
    settle(play, Phase.VOTING)
    assert clerk.tick() == 0
    play.add(play.cast(0))
    play.now = CLOSES - 1
    assert clerk.tick() == 0
    play.now = CLOSES + 5
    assert clerk.tick() == 1
    settle(play, Phase.CLOSED)


def test_an_extended_election_closes_later(play: QuickPlay) -> None:
    from hanpyo.ledger.entry import Extend

    clerk = Clerk(play.node, play.clock)
    prepare(play)
    play.now = OPENS
    clerk.tick()
    settle(play, Phase.VOTING)
    play.add(play.by_organizers(Extend(CLOSES + 50, "rain")))
    play.now = CLOSES
    assert clerk.tick() == 0
    play.now = CLOSES + 50
    assert clerk.tick() == 1
    settle(play, Phase.CLOSED)


def test_what_missed_its_time_is_not_opened(play: QuickPlay) -> None:
    clerk = Clerk(play.node, play.clock)
    prepare(play)
    play.now = CLOSES
    assert clerk.tick() == 0


def test_without_announced_times_the_clerk_waits_for_the_organizers(tmp_path: Path) -> None:
    play = QuickPlay(tmp_path / "node")
    with play.node:
        clerk = Clerk(play.node, play.clock)
        prepare(play)
        play.now += 10**6
        assert clerk.tick() == 0


def test_a_pause_does_not_keep_an_election_from_closing(play: QuickPlay) -> None:
    from hanpyo.ledger.entry import Pause

    clerk = Clerk(play.node, play.clock)
    prepare(play)
    play.now = OPENS
    clerk.tick()
    settle(play, Phase.VOTING)
    play.add(play.by_organizers(Pause("fire alarm")))
    play.now = CLOSES
    assert clerk.tick() == 1
    settle(play, Phase.CLOSED)


def test_the_thread_finishes_an_election_alone(tmp_path: Path) -> None:
    play = QuickPlay(tmp_path / "node")
    with play.node:
        clerk = Clerk(play.node, play.clock)
        play.closed()
        trustees = play.election.ceremony.trustees
        play.add(*[play.seal(trustee) for trustee in trustees])
        assert clerk.tick() == 0  # shares are missing
        for contest, groups in enumerate(play.election.groups):
            for group in range(len(groups)):
                for trustee in list(trustees)[:2]:
                    play.add(play.share(trustee, contest, group))
        clerk.start()
        settle(play, Phase.TALLIED)
        clerk.stop()
    results = play.election.results
    assert sum(result.totals[0] for key, result in results.items() if key[0] == 0) == 6


def test_a_stopped_clerk_may_never_have_started(play: QuickPlay) -> None:
    Clerk(play.node, play.clock).stop()
