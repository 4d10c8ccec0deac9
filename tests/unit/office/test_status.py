"""What look-ups tell of an election is what the rules know of it."""

from pathlib import Path

import pytest

from hanpyo.errors import InvalidResult, NotYet
from hanpyo.ledger.entry import (
    Act,
    Cancel,
    ChangedRow,
    Close,
    Decision,
    Drop,
    Extend,
    Lost,
    Open,
    Outcome,
    Pause,
    Resume,
    RollChange,
)
from hanpyo.office.desk import Desk
from hanpyo.office.results import read_results
from hanpyo.office.status import Status, announced_end, current_attempt, read_status
from tests.helpers.election import Play
from tests.helpers.offices import ADDRESS
from tests.helpers.parties import NOW, tiny_manifest, tiny_rows


def desk(play: Play) -> Desk:
    return Desk(play.ledger, ADDRESS, play.election_id, play.now)


def status(play: Play) -> Status:
    """Read the status, and compare with the view all that both know."""
    found, election = read_status(desk(play)), play.election
    assert found.phase is election.phase
    assert found.ends_unix_s == election.ends_unix_s
    assert desk(play).next_number() == election.organizer_acts + 1
    assert found.attempt == election.ceremony.attempt == current_attempt(desk(play))
    assert set(found.sealed) == election.seals
    assert set(found.lost) == election.lost
    assert found.ballots == sum(election.roll.recorded)
    assert found.enrollments == sum(1 for each in election.roll.credentials if each)
    if election.sealed_rows is not None:
        assert (found.rows, found.weight) == (len(election.roll), election.roll.total_weight)
    for name, done in found.done.items():
        for trustee, each in election.ceremony.trustees.items():
            entries = {
                "commit": each.transport,
                "reveal": each.reveals,
                "deal": each.deals,
                "confirm": each.confirmed,
            }
            assert (trustee in done) == bool(entries[name])
    return found


def test_the_status_follows_an_election_to_its_end() -> None:
    play = Play()
    words = []
    play.announced()
    words.append(status(play).word)
    play.add(play.chunk())
    play.add(play.seal_roll())
    play.add(play.enroll(0, 1, 2, 3))
    play.add(play.by_both(RollChange((), (ChangedRow(1, 1, 0, 2),))))
    words.append(status(play).word)
    play.keyed()
    words.append(status(play).word)
    play.add(play.by_organizers(Open(play.now)))
    words.append(status(play).word)
    play.add(play.cast(0), play.cast(2))
    play.add(play.by_organizers(Pause("a")))
    assert status(play).reason == "a"
    words.append(status(play).word)
    play.add(play.by_organizers(Resume("b")))
    play.add(play.cast(2))
    words.append(status(play).word)
    play.add(play.by_organizers(Close(play.now)))
    words.append(status(play).word)
    play.add(play.seal(1), play.seal(2))
    words.append(status(play).word)
    play.add(play.seal(3))
    words.append(status(play).word)
    assert words == [
        *("Draft", "Draft", "Scheduled", "Open", "Paused", "Open"),
        *("Closed", "Closed", "Counting"),
    ]


def test_lost_trustees_make_fewer_seals_enough() -> None:
    play = Play().closed()
    play.add(play.seal(1), play.seal(2))
    assert status(play).word == "Closed"
    play.add(play.by_organizers(Lost((3,), "lost")))
    assert status(play).word == "Counting"


def test_additions_are_counted() -> None:
    play = Play(rows=tiny_rows(3)).rolled()
    known = {row.commitment for row in play.rows}
    more = [row for row in tiny_rows(5) if row.commitment not in known]
    play.add(play.by_both(RollChange(tuple(more), ())))
    assert status(play).rows == 3 + len(more)


def test_a_dropped_trustee_begins_another_attempt() -> None:
    play = Play().rolled()
    play.add(play.commit(1))
    play.add(play.by_organizers(Drop(1, 3, "ill")))
    assert status(play).done["commit"] == ()
    play.keyed()
    assert status(play).word == "Scheduled"


def test_a_confirmation_of_a_former_attempt_makes_no_key() -> None:
    play = Play().announced()
    trustees = (1, 2, 3)
    play.add(*[play.commit(each) for each in trustees])
    play.add(*[play.reveal(each) for each in trustees])
    for each in trustees:
        play.add(*[play.deal(each, other) for other in trustees if other != each][:1])
        play.add(*[play.deal(each, other) for other in trustees if other != each][1:])
    play.add(play.confirm(1), play.confirm(2))
    play.add(play.by_organizers(Drop(1, 3, "does not confirm")))
    assert status(play).done["confirm"] == ()


def test_an_extended_end_is_seen() -> None:
    play = Play(tiny_manifest(opens=NOW - 1, closes=NOW + 100)).rolled().keyed()
    play.add(play.act(Open(NOW - 1)))
    assert announced_end(desk(play)) == NOW + 100
    play.add(play.by_organizers(Extend(NOW + 200, "a holiday")))
    assert status(play).ends_unix_s == announced_end(desk(play)) == NOW + 200


def test_a_canceled_election_says_why() -> None:
    play = Play().announced()
    play.add(play.by_organizers(Cancel("the wrong roll")))
    found = status(play)
    assert (found.word, found.reason) == ("Canceled", "the wrong roll")


def test_results_wait_for_the_outcome() -> None:
    play = Play().shared()
    with pytest.raises(NotYet, match="not final yet"):
        read_results(desk(play))


def test_results_are_added_up_and_counted_again() -> None:
    play = Play().tallied()
    mayor, parks = read_results(desk(play))
    assert mayor.counted is not None
    assert parks.counted is not None
    assert (mayor.counted.totals, mayor.groups) == ((6, 0, 0), 2)
    assert (parks.counted.totals, parks.groups) == ((3, 0), 1)
    assert mayor.outcome.winners == (0,)
    assert mayor.outcome.steps[0] == "Counted: 6 ballots."
    assert status(play).word == "Final"


def test_an_outcome_that_the_rules_do_not_say_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play().tallied()
    at = desk(play)
    honest = at.reader.acts

    def lie(*args: object) -> object:
        for index, act in honest(*args):  # type: ignore[arg-type]
            body = act.body
            if isinstance(body, Outcome):
                body = Outcome((body.contests[0], Decision(0, (1,), ())))
            yield index, Act(act.scope, act.number, body, act.signatures)

    monkeypatch.setattr(at.reader, "acts", lie)
    with pytest.raises(InvalidResult, match="outcome is another"):
        read_results(at)


def test_a_contest_that_was_not_opened_says_so(tmp_path: Path) -> None:
    play = Play(tiny_manifest(smallest_tally=5))
    play.closed(voters=(0, 2, 4))
    play.add(*[play.seal(each) for each in (1, 2, 3)])
    assert [len(groups) for groups in play.election.groups] == [0, 0]
    play.add(play.outcome())
    assert [each.counted for each in read_results(desk(play))] == [None, None]
