"""C25: promises kept, broken, void and open."""

import pytest

from hanpyo.errors import InvalidQuery
from hanpyo.ledger.entry import Pause, Resume, entry_hash
from hanpyo.ledger.promise import encode_promise_file, make_promise
from tests.helpers.election import Play
from tests.helpers.parties import public, signer, tiny_manifest
from tests.unit.verify.records import blocks_of, entries_of, honest, rebuilt, verified


def promised(play: Play, entry: bytes, size: int, time: int, gateway: str = "gateway") -> bytes:
    """Promise an entry."""
    name, key = entry_hash(entry), public(gateway)
    promise = make_promise(play.ledger_id, name, size, time, key, signer(gateway))
    return encode_promise_file(promise, entry)


def judged(play: Play, file: bytes, late: int = 0) -> tuple[str, list[tuple[str, int | None]]]:
    """Tell what becomes of a promise: the first word of its standing, and what failed."""
    record = rebuilt(play, entries_of(play), blocks_of(play), play.now + late)
    report = verified(record, promises=[("p", file)])
    words = [word.split(":")[0] for _, word in report.standings]
    return (words[0] if words else ""), report.failures()


def test_kept() -> None:
    play = Play().voting()
    size, ballot = play.state.log.size, play.cast(0)
    file = promised(play, ballot, size, play.now + 5)
    play.now += 5
    play.add(ballot)
    assert judged(play, file) == ("kept", [])


def test_e21_broken_when_the_time_came_and_the_rules_would_have_accepted_it() -> None:
    play = Play().voting()
    file = promised(play, play.cast(0), play.state.log.size, play.now + 5)
    assert judged(play, file) == ("open", [])
    assert judged(play, file, late=4) == ("open", [])
    assert judged(play, file, late=5) == ("broken", [("C25", None)])
    play.now += 5
    play.add(play.cast(1))
    assert judged(play, file) == ("broken", [("C25", None)])


def test_recorded_too_late_is_broken() -> None:
    play = Play().voting()
    ballot = play.cast(0)
    file = promised(play, ballot, play.state.log.size, play.now + 5)
    play.now += 5
    play.add(play.cast(1))
    play.add(ballot)
    assert judged(play, file) == ("broken", [("C25", None)])


def test_void_when_a_rule_refuses_it_on_the_way() -> None:
    play = Play().voting()
    file = promised(play, play.cast(0), play.state.log.size, play.now + 5)
    play.add(play.by_organizers(Pause("x")))
    assert judged(play, file, late=5) == ("void", [])
    play.now += 5
    play.add(play.by_organizers(Resume("x")))
    assert judged(play, file) == ("void", [])


def test_open_when_the_log_ends_before_its_size() -> None:
    play = Play().voting()
    file = promised(play, play.cast(0), 10_000, play.now)
    assert judged(play, file) == ("open", [])


def test_malformed_or_of_nobody_fails() -> None:
    play = Play().voting()
    ballot = play.cast(0)
    assert judged(play, b"no promise") == ("", [("C25", None)])
    foreign = promised(play, ballot, 0, play.now, gateway="unlisted")
    assert judged(play, foreign) == ("", [("C25", None)])
    assert judged(play, promised(play, ballot, 0, play.now)[:-1]) == ("", [("C25", None)])


def test_promises_are_counted_and_not_judged_where_the_log_ends_early() -> None:
    play = Play().voting()
    file = promised(play, play.cast(0), play.state.log.size, play.now)
    files = {**honest(play), "blocks": b""}
    report = verified(files, promises=[("p", file)])
    assert report.checks["C25"].checked == 1
    assert report.standings == [("p", "not judged")]


def test_several_elections_need_a_choice() -> None:
    play = Play().announced()
    other = Play(tiny_manifest(nonce=bytes(32)))
    entries, blocks = entries_of(play), blocks_of(play)
    more = [*other.parts(), other.announce()]
    blocks += [(play.now, len(entries) + n) for n in (1, 2)]
    record = rebuilt(play, entries + more, blocks)
    with pytest.raises(InvalidQuery, match=other.election_id.hex()):
        verified(record)
    for one in (play, other):
        report = verified(record, one.election_id)
        assert report.valid, report.failures()
        assert report.view is not None
        assert report.view.election_id == one.election_id
    assert verified(record, bytes(32)).failures() == [("C09", None)]
