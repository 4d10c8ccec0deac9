"""E24: faults of voting, counting and what is made public, by the stage they come at."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hanpyo import crypto
from hanpyo.election.roll import Row
from hanpyo.ledger.entry import (
    ORGANIZER,
    REGISTRAR,
    Cast,
    Close,
    Decision,
    Enroll,
    Enrollment,
    Extend,
    Open,
    Outcome,
    Pause,
    Replace,
    Result,
    RollChange,
    Seal,
    Share,
    decode_entry,
    encode_entry,
)
from tests.attacks.broken_stages import CLOSES, OPENS, Faults, Made, body_of, changed, stage
from tests.helpers.election import Play
from tests.helpers.parties import seed

IDENTITY = bytes(32)
NOT_CANONICAL = bytes.fromhex("ed" + "ff" * 30 + "7f")  # p itself, RFC 9496 A.3
ALL = ((ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 0))


def _enrolled(play: Play, row: int, X: bytes, possession: bytes) -> bytes:
    return play.by_registrar(Enroll((Enrollment(row, X, possession),)))


def _cast_of(play: Play, **changes: Any) -> bytes:
    """A ballot of row 2 that is changed after signing."""
    cast = decode_entry(play.cast(2, sequence=1))
    assert isinstance(cast, Cast)
    return encode_entry(replace(cast, **changes))


def _exchanged_answers(play: Play) -> bytes:
    """A ballot whose last two answers, z and z_s, are those of another."""
    one, other = (decode_entry(play.cast(row, sequence=1)) for row in (1, 3))
    assert isinstance(one, Cast)
    assert isinstance(other, Cast)
    return play.resigned(one, one.ballot[:-64] + other.ballot[-64:], 3)


def _again_enrolled(play: Play) -> Made:
    """A new row takes the X that row 5 had first."""
    row = Row(b"\xff" * 32, 1, 0, 0)
    X, possession = play.credential(5), play.possession_of(5, len(play.rows))
    return [play.act(RollChange((row,), ()), *ALL), _enrolled(play, len(play.rows), X, possession)]


def _other_old(play: Play) -> bytes:
    body = Replace(4, play.credential(3), play.credential(4, 1), play.possession(4, 1))
    return play.by_registrar(body)


def _with_first_vote(play: Play, make: Callable[[Play], bytes]) -> Any:
    """What the trustees would say had row 0 not voted again."""
    first = stage("older vote, shares given")
    assert first.election_id == play.election_id
    return body_of(make(first))


def _older_share(play: Play) -> bytes:
    return play.by_trustee(
        1, _with_first_vote(play, lambda first: first.share(1, 0, group_of(first)))
    )


def _older_result(play: Play) -> bytes:
    return play.act(_with_first_vote(play, lambda first: first.result(0, group_of(first))))


def group_of(play: Play) -> int:
    """Find the group of contest 0 in which row 0 counts."""
    district = play.rows[0].district
    parts = play.manifest.contests[0].partition
    part = next(number for number, each in enumerate(parts) if district in each)
    return next(n for n, group in enumerate(play.election.groups[0]) if part in group)


def _outcome(play: Play, change: Callable[[tuple[Decision, ...]], tuple[Decision, ...]]) -> bytes:
    return play.act(Outcome(change(body_of(play.outcome()).contests)))


def _result(play: Play, **changes: Any) -> bytes:
    return play.act(replace(body_of(play.result(0, 0)), **changes))


def _share(play: Play, **changes: Any) -> bytes:
    return changed(play, play.share(1, 0, 0), 1, **changes)


FAULTS_OF_VOTING: Faults = {
    "ready": {
        "ballot before the opening": ("C15", lambda play: play.cast(0, sequence=1)),
        "opened in the future": ("C15", lambda play: play.by_organizers(Open(play.now + 1))),
        "closed before the opening": ("C15", lambda play: play.by_organizers(Close(play.now))),
        "opened by the registrar": (
            "C07",
            lambda play: play.act(Open(play.now), (REGISTRAR, 0), number=1),
        ),
        "share before the opening": (
            "C15",
            lambda play: play.by_trustee(1, Share(0, 0, bytes(96), bytes(64))),
        ),
    },
    "paused": {
        "ballot while paused": ("C15", lambda play: play.cast(2, sequence=1)),
        "paused while paused": ("C15", lambda play: play.by_organizers(Pause("more noise"))),
    },
    "voted": {
        "fifth ballot of a row": ("C16", lambda play: play.cast(0, sequence=5)),
        "ballot with the number before": (
            "C16",
            lambda play: play.cast(1, sequence=1, fresh="late"),
        ),
        "ballot with number 0": ("C16", lambda play: play.cast(2, sequence=0)),
        "ballot of an X that is no point": (
            "C16",
            lambda play: _cast_of(play, credential=NOT_CANONICAL),
        ),
        "ballot under another number": ("C17", lambda play: _cast_of(play, sequence=2)),
        "ballot with another's answers": ("C18", _exchanged_answers),
        "sixth replacement": ("C12", lambda play: play.replace(5, 6)),
        "voter replaced by the registrar alone": ("C07", lambda play: play.replace(1, 1)),
        "replaced with an X that is not the row's": ("C12", _other_old),
        "X that was replaced enrolled again": ("C12", _again_enrolled),
    },
    "ready, times announced": {
        "opened before its time": ("C15", lambda play: play.act(Open(OPENS))),
        "opened by organizers though announced": (
            "C07",
            lambda play: play.by_organizers(Open(OPENS)),
        ),
    },
    "voting, times announced": {
        "closed before its time": ("C15", lambda play: play.act(Close(play.now))),
        "closed in a time to come": ("C15", lambda play: play.act(Close(CLOSES))),
        "end moved forward": ("C15", lambda play: play.by_organizers(Extend(CLOSES - 1, "enough"))),
    },
    "closed, times announced": {
        "extended after closing": (
            "C15",
            lambda play: play.by_organizers(Extend(CLOSES + 99, "late")),
        ),
        "ballot after closing": ("C15", lambda play: play.cast(1, sequence=1)),
    },
    "closed": {
        "share before the seals": ("C21", lambda play: play.share(1, 0, 0)),
        "result before the seals": (
            "C23",
            lambda play: play.act(
                Result(0, 0, (0,), *play.election.group_count(0, 0), (1, 2), (2, 0, 0))
            ),
        ),
        "seal of the root before the close": (
            "C21",
            lambda play: play.by_trustee(1, Seal(play.state.log.size - 1, seed("root"))),
        ),
    },
    "seals given": {
        "share of random points": (
            "C22",
            lambda play: _share(
                play,
                shares=b"".join(
                    crypto.base_multiply(crypto.to_scalar("nonce", [bytes([n])])) for n in range(3)
                ),
            ),
        ),
        "share that is no point": ("C22", lambda play: _share(play, shares=NOT_CANONICAL * 3)),
        "share with the proof of another sum": (
            "C22",
            lambda play: _share(play, proof=body_of(play.share(1, 0, 1)).proof),
        ),
        "share of another trustee": (
            "C22",
            lambda play: play.by_trustee(1, body_of(play.share(2, 0, 0))),
        ),
        "share too short": (
            "C22",
            lambda play: _share(play, shares=body_of(play.share(1, 0, 0)).shares[:64]),
        ),
        "result without shares": (
            "C23",
            lambda play: play.act(
                Result(0, 0, (0,), *play.election.group_count(0, 0), (1, 2), (2, 0, 0))
            ),
        ),
    },
    "two votes, seals given": {
        "older vote opened": ("C22", _older_share),
    },
    "two votes, shares given": {
        "older vote counted": ("C23", _older_result),
    },
    "results": {
        "result from other trustees again": ("C23", lambda play: _result(play, trustees=(1, 3))),
        "outcome without a contest": ("C24", lambda play: _outcome(play, lambda found: found[:1])),
        "outcome with a winner more": (
            "C24",
            lambda play: _outcome(
                play, lambda found: (replace(found[0], winners=(0, 1)), *found[1:])
            ),
        ),
        "outcome with a tie made up": (
            "C24",
            lambda play: _outcome(play, lambda found: (Decision(1, (), (0, 1)), *found[1:])),
        ),
        "outcome signed": ("C07", lambda play: play.by_organizers(body_of(play.outcome()))),
    },
    "tallied": {
        "another outcome": ("C15", lambda play: play.act(Outcome((Decision(0, (1,), ()),)))),
        "share after the outcome": (
            "C15",
            lambda play: play.by_trustee(1, Share(0, 0, bytes(96), bytes(64))),
        ),
        "opened after the outcome": ("C15", lambda play: play.by_organizers(Open(play.now))),
    },
}
