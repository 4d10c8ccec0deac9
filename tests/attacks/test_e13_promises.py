"""E13: a promise that was not kept convicts its gateway, and both verifiers judge it alike.

Besides: what a record may hold of an election that is not the one it is verified for.
"""

from pathlib import Path

import pytest

from hanpyo.ledger.entry import Pause, entry_hash
from hanpyo.ledger.promise import encode_promise_file, make_promise
from tests.attacks.verifiers import Found, stranger
from tests.helpers.consortium import MemberPlay
from tests.helpers.election import Play
from tests.helpers.engine import record_of
from tests.helpers.parties import public, seed, signer, tiny_manifest
from tests.unit.verify.records import Files, blocks_of, entries_of, rebuilt, verified

BROKEN: Found = {("C25", None)}
FINE: Found = set()


def promise(play: Play, entry: bytes, size: int, time: int) -> bytes:
    """Promise an entry as the ledger's gateway."""
    name, gateway = entry_hash(entry), public("gateway")
    return encode_promise_file(
        make_promise(play.ledger_id, name, size, time, gateway, signer("gateway")), entry
    )


def later(play: Play, seconds: int, entries: list[bytes] | None = None) -> Files:
    """The record of a play, with a block of each further entry and a checkpoint, all later."""
    log, blocks = entries_of(play), blocks_of(play)
    blocks += [(play.now + seconds, len(log) + n) for n in range(1, len(entries or []) + 1)]
    return rebuilt(play, [*log, *(entries or [])], blocks, play.now + seconds)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("recorded in time", FINE),
        ("recorded a block too late", BROKEN),
        ("absent, a second before its time", FINE),
        ("absent at its time", BROKEN),
        ("absent, and voting was paused", FINE),
        ("of a size that is still to come", FINE),
        ("of a time that had passed", BROKEN),
        ("of another election's announce", FINE),
    ],
)
def test_e13_both_verifiers_judge_a_promise_alike(
    case: str, expected: Found, tmp_path: Path
) -> None:
    play = Play().voting()
    size, due, ballot = play.state.log.size, play.now + 5, play.cast(0)
    other = Play(tiny_manifest(nonce=seed("other")))
    size = {"of a size that is still to come": size + 9}.get(case, size)
    due = {"of a time that had passed": play.now - 5}.get(case, due)
    entry = other.announce() if "announce" in case else ballot
    files = {
        "recorded in time": lambda: later(play, 5, [ballot]),
        "recorded a block too late": lambda: later(play, 5, [play.cast(1), ballot]),
        "absent, a second before its time": lambda: later(play, 4),
        "absent, and voting was paused": lambda: later(play, 5, [play.by_organizers(Pause("x"))]),
    }.get(case, lambda: later(play, 5))()
    path = tmp_path / "promise"
    path.write_bytes(promise(play, entry, size, due))
    ours = verified(files, promises=[("promise", path.read_bytes())]).failures()
    assert set(ours) == stranger(files, "--promise", str(path)) == expected


@pytest.mark.parametrize("is_recorded", [True, False])
def test_e13_a_members_gateway_keeps_its_promise_or_is_convicted(is_recorded: bool) -> None:
    play = MemberPlay(4, manifest=tiny_manifest())
    play.voting()
    if public("gateway") not in play.view.gateways:
        play.add(play.gateway())
    size, due, ballot = play.state.log.size, play.now + 30, play.cast(0)
    paper = promise(play, ballot, size, due)
    if is_recorded:
        play.add(ballot)
    play.now += 40
    play.add(play.cast(1))
    found = verified(record_of(play), promises=[("promise", paper)]).failures()
    assert set(found) == (FINE if is_recorded else BROKEN)


def two_elections() -> tuple[Play, Play, list[bytes]]:
    """A log of one election, and the entries that announce another."""
    followed, other = Play().voting(), Play(tiny_manifest(nonce=seed("other")))
    return followed, other, [*other.parts(), other.announce()]


def test_e21_what_stands_of_another_election_is_passed_over_after_its_announce() -> None:
    followed, other, announce = two_elections()
    act = other.act(Pause("x"), (1, 0), number=9, scope=other.election_id)  # no rule takes it
    size = followed.state.log.size
    name = followed.election_id
    for entries, expected in (
        ([*announce, act], set()),
        ([act, *announce], {("C06", size)}),
        ([act], {("C06", size)}),
    ):
        files = later(followed, 5, entries)
        ours = set(verified(files, name).failures())
        assert ours == stranger(files, "--election", name.hex()) == expected
