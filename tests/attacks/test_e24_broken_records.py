"""E24: records with one fault each, made by an operator who holds every key of the log."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from hanpyo.ledger.entry import (
    NO_SCOPE,
    ORGANIZER,
    REGISTRAR,
    TRUSTEE,
    Act,
    Cancel,
    Cast,
    ChangedRow,
    Close,
    Decision,
    Drop,
    Extend,
    Lost,
    NotOpenable,
    Open,
    Outcome,
    Pause,
    Result,
    Resume,
    RollChange,
    RollChunk,
    Seal,
    Share,
    decode_entry,
    encode_entry,
)
from tests.attacks.broken_records import (
    APPENDED,
    AROUND,
    INSIDE,
    append_fault,
    change_around,
    change_inside,
)
from tests.attacks.broken_stages import STAGES, TRUSTEES, stage
from tests.attacks.verifiers import both, product, stranger
from tests.helpers.election import Play
from tests.helpers.parties import seed, tiny_manifest, tiny_rows
from tests.unit.verify.records import Files, entries_of, followed_by, honest, rebuilt
from tests.vectors.loading import load
from tests.vectors.test_log_vectors import RECORDS, changed

BOTH = ((ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 0))
Extra = Callable[[Play], bytes]  # one entry more, which no rule takes


def decode_act(data: bytes) -> Act:
    """Read an act."""
    entry = decode_entry(data)
    assert isinstance(entry, Act)
    return entry


def stolen(play: Play) -> bytes:
    """Row 0's ballot under the credential of row 2, which has the same style."""
    cast = decode_entry(play.cast(0))
    assert isinstance(cast, Cast)
    return play.resigned(cast, cast.ballot, 2)


def forged(play: Play) -> bytes:
    """A ballot of row 0 that somebody else signed."""
    cast = decode_entry(play.cast(0))
    other = decode_entry(play.resigned(cast, cast.ballot, 2))  # type: ignore[arg-type]
    assert isinstance(cast, Cast)
    assert isinstance(other, Cast)
    return encode_entry(replace(cast, signature=other.signature))


def again(play: Play, entry: bytes) -> bytes:
    """The same words under the next number."""
    return play.by_trustee(1, decode_act(entry).body)


def under(play: Play, trustee: int) -> bytes:
    """Trustee 1's share in the name of another, with trustee 1's signature."""
    act = decode_act(play.share(1, 0, 0))
    signature = replace(act.signatures[0], party=trustee)
    return encode_entry(replace(act, signatures=(signature,)))


def right(play: Play) -> Result:
    """The true result of the first contest's first group."""
    body = decode_act(play.result(0, 0)).body
    assert isinstance(body, Result)
    return body


def result(play: Play, **changes: Any) -> bytes:
    """A result with a lie in it."""
    return play.act(replace(right(play), **changes))


# Appended to the log of an election that is being voted in.
WHILE_VOTING: dict[str, tuple[str, Extra]] = {
    "roll changed by the registrar alone": (
        "C07",
        lambda play: play.by_registrar(RollChange((), (ChangedRow(0, 2, 0, 0),))),
    ),
    "row changed after opening": (
        "C11",
        lambda play: play.act(RollChange((), (ChangedRow(0, 1, 1, 1),)), *BOTH),
    ),
    "row that is known appended": (
        "C11",
        lambda play: play.act(RollChange((play.rows[0],), ()), *BOTH),
    ),
    "chunk after the seal": (
        "C15",
        lambda play: play.by_registrar(RollChunk(1, tuple(tiny_rows(9)[7:]))),
    ),
    "X enrolled again": ("C12", lambda play: play.enroll(0)),
    "closed by one organizer": (
        "C07",
        lambda play: play.act(Close(play.now), (ORGANIZER, 0)),
    ),
    "closed in the future": ("C15", lambda play: play.by_organizers(Close(play.now + 9))),
    "extended without an announced end": (
        "C15",
        lambda play: play.by_organizers(Extend(play.now + 99, "more time")),
    ),
    "resumed while open": ("C15", lambda play: play.by_organizers(Resume("go on"))),
    "act number skipped": ("C07", lambda play: play.by_organizers(Pause("wait"), number=99)),
    "commit after the ceremony": ("C15", lambda play: play.commit(1)),
    "drop after the ceremony": (
        "C15",
        lambda play: play.by_organizers(Drop(1, 1, "not wanted")),
    ),
    "seal before closing": ("C15", lambda play: play.by_trustee(1, Seal(5, bytes(32)))),
    "signed by a trustee instead": (
        "C07",
        lambda play: play.act(Pause("wait"), (TRUSTEE, 1), number=play.election.organizer_acts + 1),
    ),
    "act of the ledger in an election's name": (
        "C06",
        lambda play: play.act(decode_act(play.gateway()).body, (0, 0), scope=play.election_id),
    ),
    "election's act without an election": (
        "C06",
        lambda play: play.act(Pause("wait"), (ORGANIZER, 0), (ORGANIZER, 1), scope=NO_SCOPE),
    ),
    "ballot with another's ciphertexts": ("C18", stolen),
    "ballot signed by another": ("C17", forged),
}

# Appended to the log of an election that is closed and sealed, with all shares given.
WHILE_COUNTING: dict[str, tuple[str, Extra]] = {
    "canceled after closing": ("C15", lambda play: play.by_organizers(Cancel("we lost"))),
    "opened again": ("C15", lambda play: play.by_organizers(Open(play.now))),
    "sealed twice": ("C21", lambda play: again(play, play.seal(1))),
    "a sealed trustee lost": ("C21", lambda play: play.by_organizers(Lost((1,), "gone"))),
    "not openable with all trustees": (
        "C21",
        lambda play: play.by_organizers(NotOpenable("we lost")),
    ),
    "share given twice": ("C22", lambda play: play.share(1, 0, 0)),
    "share of another's name": ("C07", lambda play: under(play, 2)),
    "share of a district": (
        "C20",
        lambda play: play.by_trustee(1, Share(1, 1, bytes(64), bytes(64))),
    ),
    "result with a total too many": ("C23", lambda play: result(play, totals=(5, 0, 0))),
    "result over the weight": ("C23", lambda play: result(play, totals=(2**40, 0, 0))),
    "result with options exchanged": (
        "C23",
        lambda play: result(play, totals=right(play).totals[::-1]),
    ),
    "result with a ballot less": (
        "C19",
        lambda play: result(play, ballots=right(play).ballots - 1),
    ),
    "result of another weight": ("C19", lambda play: result(play, weight=1)),
    "result from one trustee": ("C23", lambda play: result(play, trustees=(1,))),
    "result of parts not joined": ("C20", lambda play: result(play, parts=(0, 1))),
    "outcome before the results": (
        "C23",
        lambda play: play.act(Outcome((Decision(0, (0,), ()), Decision(0, (0,), ())))),
    ),
}


@pytest.fixture(scope="module")
def open_play() -> Play:
    play = Play().voting()
    for row in (0, 1, 2, 3):
        play.add(play.cast(row))
    play.add(play.cast(0))  # votes again
    play.add(play.replace(5, 1))
    return play


@pytest.fixture(scope="module")
def counted_play() -> Play:
    return Play().shared()


def names_the_last_entry(play: Play, check: str, entry: bytes) -> None:
    files = followed_by(play, entry)
    assert both(files) == {(check, play.state.log.size)}


@pytest.mark.parametrize("name", WHILE_VOTING)
def test_e24_an_entry_too_many_while_voting_is_named(open_play: Play, name: str) -> None:
    check, extra = WHILE_VOTING[name]
    names_the_last_entry(open_play, check, extra(open_play))


@pytest.mark.parametrize("name", WHILE_COUNTING)
def test_e24_an_entry_too_many_while_counting_is_named(counted_play: Play, name: str) -> None:
    check, extra = WHILE_COUNTING[name]
    names_the_last_entry(counted_play, check, extra(counted_play))


@pytest.mark.parametrize(
    ("stage_name", "name"), [(each, name) for each, faults in APPENDED.items() for name in faults]
)
def test_e24_an_entry_too_many_is_named(stage_name: str, name: str) -> None:
    fault = append_fault(stage_name, name)
    assert both(fault.files) == {(fault.check, fault.entry)}


@pytest.mark.parametrize("name", INSIDE)
def test_e24_a_fault_inside_a_finished_log_is_named_first(name: str) -> None:
    fault = change_inside(name)
    found = both(fault.files)
    assert (fault.check, fault.entry) in found
    assert fault.entry == min(entry for _, entry in found if entry is not None)


@pytest.mark.parametrize("name", AROUND)
def test_e24_a_fault_of_the_files_is_named(name: str) -> None:
    fault = change_around(name)
    assert both(fault.files) == {(fault.check, fault.entry)}


@pytest.mark.parametrize("vector", load("records_bad"), ids=lambda vector: vector["name"])
def test_e24_both_verifiers_name_the_fault_of_a_vector(vector: dict[str, Any]) -> None:
    files = changed(RECORDS[vector["record"]], vector["changes"])
    for found in (product(files), stranger(files)):
        assert (vector["check"], vector["entry"]) in found
        if vector["only"]:
            assert len(found) == 1


def test_e24_there_are_far_more_than_sixty_faults_and_no_two_are_the_same() -> None:
    made = [append_fault(each, name) for each, faults in APPENDED.items() for name in faults]
    made += [*map(change_inside, INSIDE), *map(change_around, AROUND)]
    assert len({frozenset(fault.files.items()) for fault in made}) == len(made)
    assert len(made) + len(WHILE_VOTING) + len(WHILE_COUNTING) + len(load("records_bad")) >= 200


def without(play: Play, dropped: Sequence[int]) -> Files:
    """The log of a play without some entries, one block each, truly signed."""
    kept = [entry for index, entry in enumerate(entries_of(play)) if index not in dropped]
    return rebuilt(play, kept, [(play.now, size) for size in range(1, len(kept) + 1)])


def test_e24_no_entry_of_an_election_can_be_dropped(counted_play: Play) -> None:
    closing = counted_play.election.closing
    assert closing is not None
    for index in range(1, closing.size):
        assert both(without(counted_play, [index])), f"entry {index} was not missed"


def honest_election(number: int) -> Files:
    """A small election of its own: other weights, voters, ballots, changes, and another end."""
    source, count = seed("honest", number), 4 + number % 5
    weights = ("none", "guarded", "revealing")[number % 3]
    manifest = tiny_manifest(nonce=source, weights=weights)
    play = Play(manifest, tiny_rows(count, 1 if weights == "none" else number)).voting()
    if number % 4 == 0:
        play.add(play.replace(1, 1))
    for row in range(count):
        for time in range(1 + source[row] % 2):
            marked = source[8 + row + time] % 2
            contests = manifest.style_contests(play.rows[row].style)
            scores = [
                [int(option == marked) for option in range(len(contest.options))]
                for contest in contests
            ]
            device = int(number % 4 == 0 and row == 1)
            play.add(play.cast(row, scores, device=device, fresh=(number, time)))
    if number % 5 == 0:
        play.add(play.by_organizers(Pause("noise")))
        play.add(play.by_organizers(Resume("quiet")))
    if number % 2 == 0:
        count_up(play)
    return honest(play)


def count_up(play: Play) -> None:
    """Close, seal, decrypt and decide."""
    play.now += 60
    play.add(play.by_organizers(Close(play.now)))
    play.add(*[play.seal(trustee) for trustee in TRUSTEES])
    for contest, groups in enumerate(play.election.groups):
        for group in range(len(groups)):
            play.add(*[play.share(trustee, contest, group) for trustee in TRUSTEES[1:]])
            play.add(play.result(contest, group))
    play.add(play.outcome())


def test_e24_a_hundred_honest_records_hold() -> None:
    for number in range(1, 101):
        assert both(honest_election(number)) == set(), f"election {number}"


@pytest.mark.parametrize("name", STAGES)
def test_e24_the_log_of_every_stage_holds_without_its_fault(name: str) -> None:
    assert both(honest(stage(name))) == set()
