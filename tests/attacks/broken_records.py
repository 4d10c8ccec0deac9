"""E24: records with one fault each, made by whoever holds the keys that it takes.

Most faults are entries that a lying operator appends, truly signed, to an honest log: only the last
of them breaks a rule. Others are inside a finished log, or in the files around it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hanpyo.election.roll import Row
from hanpyo.ledger.checkpoint import decode_checkpoint
from hanpyo.ledger.entry import (
    Act,
    Cast,
    Close,
    Deal,
    Open,
    Result,
    RollChunk,
    RollSeal,
    Seal,
    Share,
    decode_entry,
)
from tests.attacks.broken_setup import FAULTS_OF_SETUP
from tests.attacks.broken_stages import stage
from tests.attacks.broken_voting import FAULTS_OF_VOTING
from tests.helpers.election import Play
from tests.helpers.parties import NOW, with_line
from tests.unit.verify.records import (
    Files,
    blocks_of,
    entries_of,
    followed_by,
    honest,
    keepers_of,
    rebuilt,
    signed_checkpoint,
    with_block,
    with_checkpoint,
)


@dataclass(frozen=True)
class Fault:
    """A record with one fault, the check to be named, and the entry (`None`: a file)."""

    files: Files
    check: str
    entry: int | None


# --- entries appended ---

APPENDED = {**FAULTS_OF_SETUP, **FAULTS_OF_VOTING}


def append_fault(stage_name: str, name: str) -> Fault:
    """Append a fault to the honest log of a stage."""
    check, make = APPENDED[stage_name][name]
    play = stage(stage_name)
    made = make(play)
    entries = [made] if isinstance(made, bytes) else list(made)
    last = play.state.log.size + len(entries) - 1
    return Fault(followed_by(play, *entries), check, last)


# --- inside a finished log ---

Log = list[bytes]


def places(log: Sequence[bytes], kind: type) -> list[int]:
    """Find the entries of a kind."""
    found = []
    for index, data in enumerate(log):
        entry = decode_entry(data)
        if isinstance(entry.body if isinstance(entry, Act) else entry, kind):
            found.append(index)
    return found


def _without(kind: type, which: int) -> Callable[[Play, Log], None]:
    return lambda _play, log: log.pop(places(log, kind)[which]) and None


def _exchange(one: tuple[type, int], other: tuple[type, int]) -> Callable[[Play, Log], None]:
    def change(_play: Play, log: Log) -> None:
        first, second = (places(log, kind)[which] for kind, which in (one, other))
        log[first], log[second] = log[second], log[first]

    return change


def _twice(kind: type, which: int) -> Callable[[Play, Log], None]:
    def change(_play: Play, log: Log) -> None:
        at = places(log, kind)[which]
        log.insert(at + 1, log[at])

    return change


def _other_row(play: Play, log: Log) -> None:
    """The registrar publishes a row more than it sealed."""
    at = places(log, RollChunk)[0]
    act = decode_entry(log[at])
    assert isinstance(act, Act)
    assert isinstance(act.body, RollChunk)
    log[at] = play.by_registrar(RollChunk(0, (*act.body.rows, Row(b"\xff" * 32, 1, 0, 0))))


def _ghost(play: Play, log: Log) -> None:
    """A ballot of an X that nobody enrolled, among the others."""
    log.insert(places(log, Cast)[2], play.cast(2, device=9, sequence=1))


def _stranger(play: Play, log: Log) -> None:
    """A ballot of another election, among the others."""
    cast = stage("another election").cast(2, sequence=1)
    log.insert(places(log, Cast)[2], cast)


# Each with the check, the kind of the entry to be named, which of that kind it is, and the change.
INSIDE: dict[str, tuple[str, type[object], int, Callable[[Play, Log], None]]] = {
    "deal missing": ("C07", Deal, 0, _without(Deal, 0)),
    "opening missing": ("C15", Cast, 0, _without(Open, 0)),
    "ballot missing": ("C21", Seal, 0, _without(Cast, -1)),
    "ballot that was voted over missing": ("C21", Seal, 0, _without(Cast, 0)),
    "re-vote before the first vote": ("C16", Cast, 1, _exchange((Cast, 0), (Cast, 1))),
    "ballot before the opening, moved": ("C15", Cast, 0, _exchange((Open, 0), (Cast, 0))),
    "roll sealed before it is published": (
        "C11",
        RollSeal,
        0,
        _exchange((RollChunk, 0), (RollSeal, 0)),
    ),
    "shares exchanged in time": ("C07", Share, 0, _exchange((Share, 0), (Share, 3))),
    "ballot twice": ("C16", Cast, 3, _twice(Cast, 2)),
    "result twice": ("C07", Result, 1, _twice(Result, 0)),
    "row more than sealed": ("C11", RollSeal, 0, _other_row),
    "ghost ballot": ("C16", Cast, 2, _ghost),
    "ballot of another election": ("C06", Cast, 2, _stranger),
}


def change_inside(name: str) -> Fault:
    """Change a finished log and sign it anew."""
    check, kind, which, change = INSIDE[name]
    play = stage("two votes, results")
    log = entries_of(play)
    change(play, log)
    close = places(log, Close)[0]
    times = [NOW if index < close else play.now for index in range(len(log))]
    files = rebuilt(play, log, [(time, index + 1) for index, time in enumerate(times)])
    return Fault(files, check, places(log, kind)[which])


# --- files ---


def _of_another_log(play: Play, files: Files) -> Files:
    genesis = replace(keepers_of(play), origin="hanpyo/0011223344556677")
    return with_checkpoint(files, signed_checkpoint(genesis, entries_of(play), play.now))


def _key_id(_play: Play, files: Files) -> Files:
    checkpoint = decode_checkpoint(files["checkpoint"])
    return with_checkpoint(files, with_line(checkpoint, 0, key_id=bytes(4)))


def _key_name(_play: Play, files: Files) -> Files:
    checkpoint = decode_checkpoint(files["checkpoint"])
    return with_checkpoint(files, with_line(checkpoint, 0, name="x"))


def _root(play: Play, files: Files) -> Files:
    log = [*entries_of(play)[:-1], b"\xa0"]
    return with_checkpoint(files, signed_checkpoint(keepers_of(play), log, play.now))


def _lines(_play: Play, files: Files) -> Files:
    text = files["checkpoint"].splitlines(keepends=True)
    text[-1], text[-2] = text[-2], text[-1]
    return {**files, "checkpoint": b"".join(text)}


def _first_block(play: Play, files: Files) -> Files:
    blocks = [(time, size) for time, size in blocks_of(play) if size != 1]
    return rebuilt(play, entries_of(play), blocks)


def _last_block(play: Play, files: Files) -> Files:
    return rebuilt(play, entries_of(play), blocks_of(play)[:-1])


def _same_size(play: Play, files: Files) -> Files:
    blocks = blocks_of(play)
    return rebuilt(play, entries_of(play), [*blocks[:3], blocks[2], *blocks[3:]])


def _height(_play: Play, files: Files) -> Files:
    return with_block(files, 3, height=9)


def _wrong_time(_play: Play, files: Files) -> Files:
    return with_block(files, 3, time_unix_s=1)


def _tile(name: str, data: bytes) -> Callable[[Play, Files], Files]:
    return lambda _play, files: {**files, name: data}


# Each with the check, the entry to be named, and the change.
AROUND: dict[str, tuple[str, int | None, Callable[[Play, Files], Files]]] = {
    "checkpoint of another log": ("C04", None, _of_another_log),
    "checkpoint with another key id": ("C04", None, _key_id),
    "checkpoint with another key name": ("C04", None, _key_name),
    "checkpoint with its signatures exchanged": ("C04", None, _lines),
    "checkpoint of another root": ("C02", None, _root),
    "block 1 of two entries": ("C05", 2, _first_block),
    "last block missing": ("C05", 44, _last_block),
    "block without entries": ("C05", 3, _same_size),
    "block of another height": ("C05", 4, _height),
    "block of another time": ("C05", 4, _wrong_time),
    "tile of a level too high": ("C01", None, _tile("tile/1/000", bytes(32))),
    "full tile beside the partial one": ("C01", None, _tile("tile/0/000", bytes(32 * 256))),
    "file with a space in its name": ("C01", None, _tile("block s", b"")),
}


def change_around(name: str) -> Fault:
    """Change the files around an honest log."""
    check, entry, change = AROUND[name]
    play = stage("tallied")
    return Fault(change(play, honest(play)), check, entry)
