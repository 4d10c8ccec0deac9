"""E24: honest logs, each up to a stage of an election, to which a fault may be appended."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from hanpyo.ledger.entry import Act, Close, Open, Pause, decode_entry
from tests.helpers.election import Play
from tests.helpers.parties import NOW, seed, tiny_manifest

OPENS, CLOSES = NOW + 100, NOW + 1_000
TRUSTEES = (1, 2, 3)
Made = bytes | Sequence[bytes]
Faults = dict[str, dict[str, tuple[str, Callable[[Play], Made]]]]


def body_of(entry: bytes) -> Any:
    """Give what an act says."""
    act = decode_entry(entry)
    assert isinstance(act, Act)
    return act.body


def changed(play: Play, entry: bytes, trustee: int, **changes: Any) -> bytes:
    """A trustee's act with a lie in it, under the trustee's true signature."""
    return play.by_trustee(trustee, replace(body_of(entry), **changes))


# --- how far the honest log goes ---


def _revealed() -> Play:
    play = Play().rolled()
    play.add(*[play.commit(trustee) for trustee in TRUSTEES])
    play.add(*[play.reveal(trustee) for trustee in TRUSTEES])
    return play


def _committed() -> Play:
    play = Play().rolled()
    play.add(*[play.commit(trustee) for trustee in TRUSTEES])
    return play


def _dealt() -> Play:
    play = _revealed()
    for dealer in TRUSTEES:
        for other in TRUSTEES:
            if other != dealer:
                play.add(play.deal(dealer, other))
    return play


def _sealed() -> Play:
    play = Play().announced()
    play.add(play.chunk())
    play.add(play.seal_roll())
    play.add(play.enroll(0, 1))
    return play


def _paused() -> Play:
    play = Play().voting()
    play.add(play.cast(0))
    play.add(play.by_organizers(Pause("noise")))
    return play


def _timed() -> Play:
    return Play(tiny_manifest(opens=OPENS, closes=CLOSES)).rolled().keyed()


def _timed_voting() -> Play:
    play = _timed()
    play.now = OPENS
    play.add(play.act(Open(OPENS)))
    return play


def _timed_closed() -> Play:
    play = _timed_voting()
    play.now = CLOSES
    play.add(play.act(Close(CLOSES)))
    return play


def _voted() -> Play:
    """Row 0 has all its ballots, row 5 all the credentials it can have without a ballot."""
    play = Play().voting()
    for _ in range(play.manifest.ballots_per_row):
        play.add(play.cast(0))
    play.add(play.cast(1))
    for device in range(1, 6):
        play.add(play.replace(5, device))
    return play


def _voted_in_turn(*votes: int) -> Play:
    """Row 0 votes for these options in turn, the others for option a; all have sealed."""
    play = Play().voting()
    for option in votes:
        play.add(play.cast(0, [[int(place == option) for place in range(3)]]))
    play.add(*[play.cast(row) for row in range(1, 6)])
    play.now += 60
    play.add(play.by_organizers(Close(play.now)))
    play.add(*[play.seal(trustee) for trustee in TRUSTEES])
    return play


def _counted(*votes: int) -> Play:
    """The same with all shares given."""
    play = _voted_in_turn(*votes)
    for contest, groups in enumerate(play.election.groups):
        for group in range(len(groups)):
            play.add(*[play.share(trustee, contest, group) for trustee in TRUSTEES])
    return play


def _results(*votes: int) -> Play:
    play = _counted(*votes)
    for contest, groups in enumerate(play.election.groups):
        play.add(*[play.result(contest, group) for group in range(len(groups))])
    return play


STAGES: dict[str, Callable[[], Play]] = {
    "founded": Play,
    "announced": lambda: Play().announced(),
    "roll sealed": _sealed,
    "rolled": lambda: Play().rolled(),
    "committed": _committed,
    "revealed": _revealed,
    "dealt": _dealt,
    "ready": lambda: Play().rolled().keyed(),
    "paused": _paused,
    "voted": _voted,
    "ready, times announced": _timed,
    "voting, times announced": _timed_voting,
    "closed, times announced": _timed_closed,
    "voting": lambda: Play().voting(),
    "closed": lambda: Play().closed(),
    "seals given": lambda: _voted_in_turn(0),
    "older vote, shares given": lambda: _counted(1),
    "two votes, seals given": lambda: _voted_in_turn(1, 2),
    "two votes, shares given": lambda: _counted(1, 2),
    "results": lambda: _results(0),
    "two votes, results": lambda: _results(1, 2),
    "another election": lambda: Play(tiny_manifest(nonce=seed("another"))).voting(),
    "tallied": lambda: Play().tallied(),
}


@cache
def stage(name: str) -> Play:
    """Play an election so far, once in a run; nobody adds to it."""
    return STAGES[name]()
