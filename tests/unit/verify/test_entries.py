"""C03, C06 to C24: an entry that a rule refuses is named by its check and index, and skipped."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    ORGANIZER,
    Act,
    Announce,
    Cast,
    Close,
    Confirm,
    Gateway,
    ManifestPart,
    Open,
    Outcome,
    Pause,
    Result,
    RollChunk,
    Seal,
    Share,
    decode_entry,
    encode_entry,
)
from tests.helpers.election import Play
from tests.helpers.parties import genesis_entry, public
from tests.unit.verify.records import (
    blocks_of,
    entries_of,
    failures,
    flipped,
    followed_by,
    honest,
    rebuilt,
    verified,
)


def dealt() -> Play:
    """Go on until only confirmations are missing."""
    play = Play().rolled()
    trustees = list(play.election.ceremony.trustees)
    play.add(*[play.commit(trustee) for trustee in trustees])
    for _ in range(play.election.ceremony.part_count):
        play.add(*[play.reveal(trustee) for trustee in trustees])
    for trustee in trustees:
        for other in trustees:
            if other != trustee:
                play.add(play.deal(trustee, other))
    return play


def sealed() -> Play:
    """Close and seal, without any share."""
    play = Play().closed()
    play.add(*[play.seal(trustee) for trustee in play.election.ceremony.trustees])
    return play


STAGES: dict[str, Callable[[], Play]] = {
    "founded": Play,
    "announced": lambda: Play().announced(),
    "rolled": lambda: Play().rolled(),
    "dealt": dealt,
    "voting": lambda: Play().voting(),
    "closed": lambda: Play().closed(),
    "sealed": sealed,
    "shared": lambda: Play().shared(),
    "tallied": lambda: Play().tallied(),
}


@cache
def stage(name: str) -> Play:
    """Give a play that went to a stage; nothing may be added to it."""
    return STAGES[name]()


def changed(entry: bytes, **changes: Any) -> bytes:
    """Change a ballot, its signature untouched."""
    cast = decode_entry(entry)
    assert isinstance(cast, Cast)
    return encode_entry(replace(cast, **changes))


def bad_ballot(play: Play) -> bytes:
    """Cast a ballot whose proof does not hold, duly signed."""
    cast = decode_entry(play.cast(0, sequence=1))
    assert isinstance(cast, Cast)
    return play.resigned(cast, flipped(cast.ballot, -32), 0)


def bad_result(play: Play, **changes: Any) -> bytes:
    """Publish a result with one thing wrong."""
    act = decode_entry(play.result(0, 0))
    assert isinstance(act, Act)
    assert isinstance(act.body, Result)
    return play.act(replace(act.body, **changes))


def bad_share(play: Play) -> bytes:
    """Give a share whose proof does not hold, duly signed."""
    act = decode_entry(play.share(1, 0, 0))
    assert isinstance(act, Act)
    assert isinstance(act.body, Share)
    return play.by_trustee(1, replace(act.body, proof=flipped(act.body.proof, -32)))


def bad_outcome() -> tuple[Play, bytes]:
    """Go to the last entry and say another outcome."""
    play = Play().shared()
    for contest, groups in enumerate(play.election.groups):
        play.add(*[play.result(contest, group) for group in range(len(groups))])
    act = decode_entry(play.outcome())
    assert isinstance(act, Act)
    assert isinstance(act.body, Outcome)
    first, *others = act.body.contests
    return play, play.act(Outcome((replace(first, winners=(2,)), *others)))


def same_part(play: Play) -> bytes:
    """Give a piece of a manifest whose number is not the next."""
    return play.act(ManifestPart(bytes(32), 1, b"{}"), (MEMBER, 0), scope=NO_SCOPE)


Maker = Callable[[Play], bytes]

CASES: list[tuple[str, str, str, Maker]] = [
    ("C03", "a second genesis", "founded", lambda _: genesis_entry("other")),
    ("C07", "genesis twice", "founded", lambda _: genesis_entry()),
    ("C06", "no entry", "announced", lambda _: b"no entry"),
    ("C06", "not canonical", "announced", lambda play: play.gateway() + b"\x00"),
    (
        "C06",
        "a ledger act with a scope",
        "announced",
        lambda play: play.act(Gateway(public("g2")), (MEMBER, 0), scope=play.election_id),
    ),
    (
        "C07",
        "too few organizers",
        "rolled",
        lambda play: play.act(Open(play.now), (ORGANIZER, 0)),
    ),
    (
        "C07",
        "the wrong role",
        "rolled",
        lambda play: play.act(RollChunk(0, tuple(play.rows)), (ORGANIZER, 0)),
    ),
    (
        "C07",
        "a number out of turn",
        "voting",
        lambda play: play.by_organizers(Pause("x"), number=9),
    ),
    ("C07", "an enrollment twice", "rolled", lambda play: play.enroll()),
    ("C07", "an announce twice", "announced", lambda play: entries_of(play)[3]),
    (
        "C08",
        "a gateway listed twice",
        "announced",
        lambda play: play.gateway(),
    ),
    ("C09", "a part out of turn", "announced", same_part),
    (
        "C09",
        "no waiting parts",
        "announced",
        lambda play: play.act(Announce(bytes(32), 5), (MEMBER, 0), (ORGANIZER, 0), (ORGANIZER, 1)),
    ),
    (
        "C11",
        "a chunk out of turn",
        "announced",
        lambda play: play.by_registrar(RollChunk(1, tuple(play.rows))),
    ),
    ("C12", "enrolled again", "rolled", lambda play: play.enroll(0)),
    (
        "C13",
        "a second deal",
        "dealt",
        lambda play: play.by_trustee(1, _body(play.deal(1, 2))),
    ),
    ("C14", "another joint key", "dealt", lambda play: play.by_trustee(1, Confirm(1, bytes(32)))),
    ("C15", "opened twice", "voting", lambda play: play.by_organizers(Open(play.now))),
    (
        "C15",
        "closed in the future",
        "voting",
        lambda play: play.by_organizers(Close(play.now + 1)),
    ),
    ("C15", "a ballot after the end", "closed", lambda play: play.cast(0, sequence=2)),
    ("C16", "no such style", "voting", lambda play: changed(play.cast(0, sequence=1), style=9)),
    ("C16", "a ballot twice", "closed", lambda play: _ballots(play)[0]),
    (
        "C17",
        "a ballot's signature",
        "voting",
        lambda play: changed(play.cast(0, sequence=1), signature=bytes(64)),
    ),
    ("C18", "a ballot's proof", "voting", bad_ballot),
    ("C19", "a ballot too many", "shared", lambda play: bad_result(play, ballots=7)),
    ("C20", "no such group", "shared", lambda play: bad_result(play, group=9)),
    ("C20", "other parts", "shared", lambda play: bad_result(play, parts=(9,))),
    ("C21", "another root", "closed", lambda play: play.by_trustee(1, Seal(5, bytes(32)))),
    ("C21", "a share too early", "closed", lambda play: play.share(1, 0, 0)),
    ("C22", "a share's proof", "sealed", bad_share),
    ("C23", "shifted totals", "shared", lambda play: bad_result(play, totals=(1, 0, 0))),
]


def _body(entry: bytes) -> Any:
    act = decode_entry(entry)
    assert isinstance(act, Act)
    return act.body


def _ballots(play: Play) -> list[bytes]:
    return [data for data in entries_of(play) if isinstance(decode_entry(data), Cast)]


@pytest.mark.parametrize("name", STAGES)
def test_a_record_may_end_in_any_phase(name: str) -> None:
    assert failures(honest(stage(name))) == []


@pytest.mark.parametrize(
    ("check", "at", "make"), [(c, at, make) for c, _, at, make in CASES], ids=[c[1] for c in CASES]
)
def test_e24_a_refused_entry_is_named_and_skipped(check: str, at: str, make: Maker) -> None:
    play = stage(at)
    last = play.state.log.size
    report = verified(followed_by(play, make(play)))
    assert report.failures() == [(check, last)], report.to_json()
    before = verified(honest(play))
    assert report.result() == before.result()
    assert (report.view is None) == (before.view is None)
    assert not report.valid


def test_e24_another_outcome_is_named() -> None:
    play, entry = bad_outcome()
    last = play.state.log.size
    found = verified(followed_by(play, entry, play.outcome()))
    assert found.failures() == [("C24", last)]
    assert found.view is not None
    assert found.view.phase.value == "tallied"


def test_the_report_of_an_honest_record() -> None:
    play = stage("tallied")
    report = verified(honest(play))
    said = report.to_json()
    assert report.valid
    assert said["valid"] is True
    assert said["election"] == play.election_id.hex()
    assert said["phase"] == "tallied"
    assert said["result"] == {"mayor": {"a": 6, "b": 0, "c": 0}, "parks": {"a": 3, "b": 0}}
    assert len(said["not_visible"]) == 3  # type: ignore[arg-type]
    counted = {name: check.checked for name, check in report.checks.items()}
    assert counted == {
        "C01": 4,
        "C02": 46,
        "C03": 1,
        "C04": 2,
        "C05": 36,
        "C06": 46,
        "C07": 42,
        "C08": 1,
        "C09": 2,
        "C10": 8,
        "C11": 7,
        "C12": 6,
        "C13": 15,
        "C14": 3,
        "C15": 42,
        "C16": 6,
        "C17": 6,
        "C18": 6,
        "C19": 3,
        "C20": 12,
        "C21": 12,
        "C22": 9,
        "C23": 3,
        "C24": 1,
        "C25": 0,
        "C26": 0,
    }
    assert report.state is not None
    assert report.state.log.root() == play.state.log.root()


def test_a_ballot_refused_once_may_stand_later() -> None:
    """An entry that came too early is refused where it stands, and spoils nothing."""
    play = Play().rolled().keyed()
    ballot = play.cast(0)
    early = play.state.log.size
    entries, blocks = [*entries_of(play), ballot], [*blocks_of(play), (play.now, early + 1)]
    play.add(play.by_organizers(Open(play.now)))
    play.add(ballot)
    more = entries_of(play)[early:]
    blocks += [(play.now, early + 2), (play.now, early + 3)]
    report = verified(rebuilt(play, entries + more, blocks))
    assert report.failures() == [("C15", early)]
    assert report.checks["C18"].checked == 1


def test_a_ballot_twice_in_one_block_is_refused_once() -> None:
    play = Play().voting()
    ballot, size = play.cast(0), play.state.log.size
    entries = [*entries_of(play), ballot, ballot, ballot]
    files = rebuilt(play, entries, [*blocks_of(play), (play.now, size + 3)])
    assert failures(files) == [("C16", size + 1), ("C16", size + 2)]


def test_e24_entry_0_is_genesis() -> None:
    play = Play().announced()
    _, *entries = entries_of(play)
    blocks = [(play.now, n + 1) for n in range(len(entries))]
    found = failures(rebuilt(play, entries, blocks))
    assert ("C03", 0) in found
    act = decode_entry(genesis_entry())
    assert isinstance(act, Act)
    unsigned = encode_entry(replace(act, signatures=()))
    assert ("C03", 0) in failures(rebuilt(play, [unsigned], [(play.now, 1)]))


def test_many_ballots_of_one_row_are_counted_once() -> None:
    play = Play().voting()
    for score in ([1, 0, 0], [0, 1, 0], [0, 0, 1]):
        play.add(play.cast(0, [score]))
    for row in range(1, 6):
        play.add(play.cast(row))
    play.add(play.by_organizers(Close(play.now)))
    trustees = play.election.ceremony.trustees
    play.add(*[play.seal(trustee) for trustee in trustees])
    groups = [(c, g) for c, found in enumerate(play.election.groups) for g in range(len(found))]
    for group in groups:
        play.add(*[play.share(trustee, *group) for trustee in trustees])
    play.add(*[play.result(*group) for group in groups])
    play.add(play.outcome())
    report = verified(honest(play))
    assert report.valid
    assert report.result()["mayor"] == {"a": 5, "b": 0, "c": 1}


def test_sequence_0_is_a_matter_of_form() -> None:
    play = stage("voting")
    entry = changed(play.cast(0, sequence=1), sequence=0)
    assert failures(followed_by(play, entry)) == [("C16", play.state.log.size)]
