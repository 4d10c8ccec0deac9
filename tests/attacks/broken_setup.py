"""E24: faults of announcement, roll and key ceremony, by the stage they come at."""

from dataclasses import replace
from typing import Any

from hanpyo import crypto
from hanpyo.election.roll import Row, roll_digest
from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    ORGANIZER,
    REGISTRAR,
    Act,
    Announce,
    Commit,
    Complain,
    Confirm,
    Deal,
    Drop,
    Enroll,
    Enrollment,
    Gateway,
    ManifestPart,
    Open,
    Reveal,
    RollChunk,
    RollSeal,
    decode_entry,
    encode_entry,
)
from tests.attacks.broken_stages import Faults, Made, body_of, changed, stage
from tests.helpers.election import Play
from tests.helpers.parties import public, seed, tiny_rows

IDENTITY = bytes(32)
NOT_CANONICAL = bytes.fromhex("ed" + "ff" * 30 + "7f")  # p itself, RFC 9496 A.3
ALL = ((ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 0))


def _part(play: Play, number: int, data: bytes, digest: bytes = bytes(32)) -> bytes:
    return play.act(ManifestPart(digest, number, data), (MEMBER, 0), scope=NO_SCOPE)


def _announced_over(play: Play, data: bytes) -> Made:
    """The announce of a manifest whose only part holds other bytes."""
    announce = body_of(play.announce())
    return [_part(play, 0, data, announce.digest), play.announce()]


def _rows(play: Play, *rows: Row) -> bytes:
    return play.by_registrar(RollChunk(0, rows))


def _seal(play: Play, **changes: Any) -> Made:
    """The roll of a play, sealed with something else."""
    rows = tiny_rows(6)
    body = RollSeal(len(rows), len(rows), roll_digest(rows))
    return [play.by_registrar(RollChunk(0, tuple(rows))), play.by_both(replace(body, **changes))]


def _enrolled(play: Play, row: int, X: bytes, possession: bytes) -> bytes:
    return play.by_registrar(Enroll((Enrollment(row, X, possession),)))


def false_complaint(play: Play) -> bytes:
    """Trustee 3 complains of trustee 1, whose deal is right."""
    now = play.election.ceremony
    transport = now.trustees[1].transport
    key = seed("secret", 3), now.ceremony_id, 1, 3, transport, seed("complaint")
    return play.by_trustee(3, Complain(now.attempt, 1, *crypto.complain(*key)))


def _dealer_blamed(play: Play) -> Made:
    """After a false complaint, the complainer goes on as if the dealer had been dropped."""
    number = play.election.trustee_acts[3] + 2
    commit = Commit(2, *crypto.ceremony_commit(seed("secret", 3), bytes(32), 3, 2, 3, seed("r")))
    return [false_complaint(play), play.by_trustee(3, commit, number=number)]


def _early_ballot(_play: Play) -> bytes:
    """A ballot under the key that the ceremony will give."""
    return stage("ready").cast(0, sequence=1)


def _signed_by(entry: bytes, trustee: int) -> bytes:
    """An act whose signature claims to be another trustee's."""
    act = decode_entry(entry)
    assert isinstance(act, Act)
    return encode_entry(replace(act, signatures=(replace(act.signatures[0], party=trustee),)))


FAULTS_OF_SETUP: Faults = {
    "founded": {
        "announced without its manifest": ("C09", lambda play: play.announce()),
        "a bit of the manifest": (
            "C09",
            lambda play: _announced_over(play, play.manifest_bytes[:-2] + b" }"),
        ),
        "a part out of turn": ("C09", lambda play: _part(play, 1, b"x")),
        "gateway with the identity as key": (
            "C08",
            lambda play: play.act(Gateway(b"\x01" + bytes(31)), (MEMBER, 0), scope=NO_SCOPE),
        ),
        "gateway of a member that is none": (
            "C07",
            lambda play: play.act(Gateway(public("another")), (MEMBER, 1), scope=NO_SCOPE),
        ),
        "announced below the quorum": (
            "C07",
            lambda play: [
                *play.parts(),
                play.act(body_of(play.announce()), (MEMBER, 0), (ORGANIZER, 1)),
            ],
        ),
        "announced as another election": (
            "C09",
            lambda play: [
                *play.parts(),
                play.act(body_of(play.announce()), (MEMBER, 0), *ALL[:2], scope=seed("other")),
            ],
        ),
    },
    "announced": {
        "announced again": (
            "C09",
            lambda play: play.act(
                Announce(body_of(play.announce()).digest, 9), (MEMBER, 0), *ALL[:2]
            ),
        ),
        "rows out of order": ("C11", lambda play: _rows(play, *tiny_rows(6)[::-1])),
        "one commitment twice": ("C11", lambda play: _rows(play, *tiny_rows(2)[:1] * 2)),
        "row of weight 0": ("C11", lambda play: _rows(play, Row(seed("row"), 0, 0, 0))),
        "weight where all count 1": ("C11", lambda play: _rows(play, Row(seed("row"), 2, 0, 0))),
        "row of no style": ("C11", lambda play: _rows(play, Row(seed("row"), 1, 2, 0))),
        "row of no district": ("C11", lambda play: _rows(play, Row(seed("row"), 1, 0, 3))),
        "chunk left out": ("C11", lambda play: play.by_registrar(RollChunk(1, tuple(play.rows)))),
        "chunk signed by an organizer": (
            "C07",
            lambda play: play.act(RollChunk(0, tuple(play.rows)), (ORGANIZER, 0), number=0),
        ),
        "roll of no rows sealed": ("C11", lambda play: play.by_both(RollSeal(0, 0, bytes(32)))),
        "roll sealed with another count": ("C11", lambda play: _seal(play, count=7)),
        "roll sealed with another digest": ("C11", lambda play: _seal(play, digest=bytes(32))),
        "enrolled before the roll": ("C15", lambda play: play.enroll(0)),
    },
    "roll sealed": {
        "one X for two rows": (
            "C12",
            lambda play: _enrolled(play, 2, play.credential(0), play.possession_of(0, 2)),
        ),
        "X without possession": (
            "C12",
            lambda play: _enrolled(play, 2, play.credential(2), bytes(64)),
        ),
        "X is the identity": ("C12", lambda play: _enrolled(play, 2, IDENTITY, bytes(64))),
        "row 99 enrolled": ("C12", lambda play: play.enroll(99)),
        "enrolled by an organizer": (
            "C07",
            lambda play: play.act(body_of(play.enroll(2)), (ORGANIZER, 0), number=0),
        ),
    },
    "rolled": {
        "ballot before there is a key": ("C15", _early_ballot),
        "opened before there is a key": ("C15", lambda play: play.by_organizers(Open(play.now))),
        "commit of the next attempt": (
            "C13",
            lambda play: changed(play, play.commit(1), 1, attempt=2),
        ),
        "commit under another's name": (
            "C13",
            lambda play: play.by_trustee(2, body_of(play.commit(1))),
        ),
        "transport key is the identity": (
            "C13",
            lambda play: changed(play, play.commit(1), 1, transport=IDENTITY),
        ),
        "dealt before the commits": (
            "C13",
            lambda play: play.by_trustee(1, Deal(1, 2, bytes(112))),
        ),
    },
    "committed": {
        "reveal of other points": (
            "C13",
            lambda play: changed(play, play.reveal(1), 1, points=body_of(play.reveal(2)).points),
        ),
        "reveal of points too few": (
            "C13",
            lambda play: changed(play, play.reveal(1), 1, points=bytes(32)),
        ),
        "reveal of a later part": ("C13", lambda play: changed(play, play.reveal(1), 1, part=1)),
        "dropped after committing": (
            "C13",
            lambda play: [play.reveal(1), play.by_organizers(Drop(1, 1, "not wanted"))],
        ),
        "committed twice": (
            "C13",
            lambda play: play.by_trustee(1, Commit(1, public("E"), bytes(64), bytes(32))),
        ),
    },
    "revealed": {
        "deal to oneself": ("C13", lambda play: changed(play, play.deal(1, 2), 1, recipient=1)),
        "deal a byte short": ("C13", lambda play: play.by_trustee(1, Deal(1, 2, bytes(111)))),
        "deal to nobody": ("C13", lambda play: changed(play, play.deal(1, 2), 1, recipient=4)),
        "confirmed before the deals": (
            "C13",
            lambda play: play.by_trustee(1, Confirm(1, bytes(32))),
        ),
        "complained before the deal": ("C13", false_complaint),
        "revealed again": (
            "C13",
            lambda play: play.by_trustee(1, Reveal(1, 1, bytes(64), bytes(64))),
        ),
    },
    "dealt": {
        "complaint with a false proof": (
            "C13",
            lambda play: changed(play, false_complaint(play), 3, proof=bytes(64)),
        ),
        "complaint with D the identity": (
            "C13",
            lambda play: changed(play, false_complaint(play), 3, point=IDENTITY),
        ),
        "complaint of oneself": (
            "C13",
            lambda play: changed(play, false_complaint(play), 3, dealer=3),
        ),
        "dealer blamed without cause": ("C13", _dealer_blamed),
        "dealt twice": ("C13", lambda play: play.by_trustee(1, Deal(1, 2, bytes(112)))),
        "confirm of another attempt": (
            "C13",
            lambda play: changed(play, play.confirm(1), 1, attempt=2),
        ),
        "confirm signed by another": ("C07", lambda play: _signed_by(play.confirm(1), 2)),
        "number of a trustee's act skipped": (
            "C07",
            lambda play: play.by_trustee(1, body_of(play.confirm(1)), number=99),
        ),
    },
}
