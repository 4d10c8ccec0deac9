"""A voter's device: casting, challenging, looking up; it never signs twice with one number."""

from dataclasses import replace

import pytest

from hanpyo import voter
from hanpyo.election.ballot import tracker
from hanpyo.election.papers import (
    Challenge,
    challenge_from_json,
    challenge_to_json,
    invitation_from_json,
    invitation_to_json,
)
from hanpyo.errors import (
    InvalidFile,
    InvalidProof,
    InvalidQuery,
    InvalidSelection,
)
from hanpyo.ledger.reader import LedgerReader
from hanpyo.voter import CheckedElection, Memory
from tests.helpers.device import Seen, member_of
from tests.helpers.election import Play
from tests.helpers.parties import seed


@pytest.fixture(scope="module")
def play() -> Play:
    return Play().voting()


# --- casting and challenging ---


def test_a_ballot_of_the_device_is_recorded() -> None:
    play = Play().voting()
    election = Seen(play).check()
    prepared = voter.prepare(election, 1, play.credential(1), seed("s"), ((0, 1, 0), (1, 1)))
    sequence = Memory().next_sequence(0)
    entry = voter.cast(election, prepared, play.secret(1), seed("r"), sequence)
    play.add(entry)
    assert prepared.tracker == tracker(play.election_id, prepared.ballot)
    assert play.election.roll.state(1).recorded == 1


def test_unlawful_selections_are_refused_in_words(play: Play) -> None:
    election = Seen(play).check()
    with pytest.raises(InvalidSelection, match="'mayor': 2 options are marked, must be at most 1"):
        voter.prepare(election, 1, play.credential(1), seed("s"), ((1, 1, 0), (0, 0)))


def challenge_of(play: Play, election: CheckedElection) -> Challenge:
    scores = ((0, 0, 1), (1, 0))
    prepared = voter.prepare(election, 1, play.credential(1), seed("s"), scores)
    return Challenge(play.election_id, 1, 1, prepared.tracker_hash, prepared.seed, scores)


def test_a_second_device_opens_a_challenge(play: Play) -> None:
    election = Seen(play).check()
    challenge = challenge_of(play, election)
    assert challenge_from_json(challenge_to_json(challenge), "c.json") == challenge
    opened = voter.check_challenge(election, challenge, play.credential(1))
    assert opened.scores == ((0, 0, 1), (1, 0))


def test_e11_e16_a_lying_device_is_caught_by_the_second(play: Play) -> None:
    election = Seen(play).check()
    challenge = challenge_of(play, election)
    swapped = replace(challenge, scores=((1, 0, 0), (1, 0)))
    with pytest.raises(InvalidProof):
        voter.check_challenge(election, swapped, play.credential(1))
    with pytest.raises(InvalidProof):  # a ballot made for another row's credential
        voter.check_challenge(election, challenge, play.credential(3))
    with pytest.raises(InvalidProof):
        voter.check_challenge(
            election, replace(challenge, seed=seed("another")), play.credential(1)
        )
    other = replace(challenge, election_id=seed("other"))
    with pytest.raises(InvalidQuery, match="of another election"):
        voter.check_challenge(election, other, play.credential(1))
    with pytest.raises(InvalidQuery, match="no ballot style 7"):
        voter.check_challenge(election, replace(challenge, style=7), play.credential(1))


# --- memory ---


def test_a_sequence_number_serves_one_ballot() -> None:
    memory = Memory()
    for recorded in (0, 0, 2):
        sequence = memory.next_sequence(recorded)
        assert sequence > memory.sequence
        memory = memory.signed(sequence, b"entry")
    assert memory.sequence == 3
    assert memory.settled() == Memory(3, None)
    with pytest.raises(AssertionError):
        memory.signed(3, b"another entry")


def test_numbers_run_ahead_of_the_ledger_by_eight_at_most() -> None:
    assert Memory(7).next_sequence(0) == 8
    with pytest.raises(InvalidQuery, match="never arrived"):
        Memory(8).next_sequence(0)
    assert Memory(8).next_sequence(8) == 9
    assert Memory(0).next_sequence(8) == 9  # a restored device goes on from the ledger


def test_memory_survives_its_file() -> None:
    for memory in (Memory(), Memory(3, b"entry"), Memory(4, None)):
        assert voter.memory_from_json(voter.memory_to_json(memory), "memory.json") == memory
    for broken in ([], {}, {"sequence": -1, "waiting": ""}, {"sequence": 1, "waiting": "%"}):
        with pytest.raises(InvalidFile, match=r"memory\.json"):
            voter.memory_from_json(broken, "memory.json")


# --- what the ledger shows of a row ---


def row_of(play: Play, row: int) -> voter.RowRecord:
    reader = LedgerReader(play.ledger, play.now)
    indexes = reader.find_row(play.election_id, row)
    return voter.read_row(play.election_id, row, [(each, reader.entry(each)) for each in indexes])


def test_the_last_ballot_of_the_current_credential_counts() -> None:
    play = Play().voting()
    assert row_of(play, 1).counted is None
    assert row_of(play, 1).credential == play.credential(1)
    play.add(play.cast(1))
    play.add(play.cast(1, fresh=1))
    record = row_of(play, 1)
    assert [each.fate for each in record.ballots] == ["superseded", "counts"]
    assert record.sequence == 2
    play.add(play.replace(1, 1, (1, 0), (1, 1), (2, 0)))
    record = row_of(play, 1)
    assert [each.fate for each in record.ballots] == ["void", "void"]
    assert (record.replaced, record.counted, record.sequence) == (1, None, 0)
    play.add(play.cast(1, device=1))
    record = row_of(play, 1)
    assert [each.fate for each in record.ballots] == ["void", "void", "counts"]
    assert record.counted is not None
    assert record.counted.index == play.election.roll.state(1).counted


def test_entries_of_other_rows_and_elections_are_passed_over() -> None:
    play = Play().voting()
    play.add(play.cast(2))
    reader = LedgerReader(play.ledger, play.now)
    entries = [(n, reader.entry(n)) for n in range(1, reader.checkpoint.size)]
    assert voter.read_row(play.election_id, 1, entries).ballots == ()
    assert voter.read_row(seed("other"), 2, entries).credential is None


# --- selections ---


@pytest.mark.parametrize(
    ("value", "scores"),
    [
        ({"mayor": "b", "parks": ["a", "b"]}, ((0, 1, 0), (1, 1))),
        ({"mayor": ["c"]}, ((0, 0, 1), (0, 0))),
        ({"mayor": {"a": 1, "b": 0}, "parks": {}}, ((1, 0, 0), (0, 0))),
    ],
)
def test_selections_are_read_by_ids(
    play: Play, value: object, scores: tuple[tuple[int, ...], ...]
) -> None:
    assert voter.scores_from_json(play.manifest, 1, value) == scores


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([], "must be an object"),
        ({"mayer": "a"}, "no contest 'mayer'; yours are mayor, parks"),
        ({"mayor": "z"}, "no option 'z'"),
        ({"mayor": ["a", "a"]}, "stands twice"),
        ({"mayor": {"a": "1"}}, "is no number"),
        ({"mayor": {"a": True}}, "is no number"),
        ({"mayor": 1}, "give an id, a list of ids, or scores"),
        ({"mayor": {"a": 2}}, "has 2, must be 0..1"),
        ({"parks": "a"}, "0 options are marked, must be at least 1"),
    ],
)
def test_bad_selections_are_explained(play: Play, value: object, why: str) -> None:
    with pytest.raises(InvalidSelection, match=why):
        voter.scores_from_json(play.manifest, 1, value)


def test_the_style_says_which_contests_there_are(play: Play) -> None:
    with pytest.raises(InvalidSelection, match="no contest 'parks'"):
        voter.scores_from_json(play.manifest, 0, {"mayor": "a", "parks": "a"})


def test_rules_are_said_in_words(play: Play) -> None:
    mayor, parks = play.manifest.contests
    assert voter.rule_in_words(mayor) == "Choose exactly 1 option."
    assert voter.rule_in_words(parks) == "Choose as many options as you like."


def test_papers_survive_their_files(play: Play) -> None:
    invitation = member_of(play, 2)
    assert invitation_from_json(invitation_to_json(invitation), "i.json") == invitation
    wrong = {**invitation_to_json(invitation), "paper": "challenge"}
    with pytest.raises(InvalidFile, match=r"i\.json: is no invitation"):
        invitation_from_json(wrong, "i.json")
    more = {**invitation_to_json(invitation), "more": 1}
    with pytest.raises(InvalidFile, match="unknown key 'more'"):
        invitation_from_json(more, "i.json")


def test_secrets_are_not_shown(play: Play) -> None:
    election = Seen(play).check()
    prepared = voter.prepare(election, 1, play.credential(1), seed("s"), ((0, 1, 0), (1, 1)))
    for value in (prepared, challenge_of(play, election), member_of(play, 2)):
        assert repr(seed("s")) not in repr(value)
        assert "(0, 1, 0)" not in repr(value)
        assert repr(seed("salt", 2)) not in repr(value)
