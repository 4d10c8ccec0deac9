"""Trackers, lawful selections, and the kit that makes and checks an election's ballots."""

import pytest

from hanpyo import crypto
from hanpyo.election.ballot import (
    ballot_kit,
    check_selections,
    tracker,
    tracker_hash,
)
from hanpyo.election.ceremony import JointKey
from hanpyo.encoding import crockford
from hanpyo.errors import InvalidSelection
from tests.unit.election.samples import manifest, seed

ELECTION = seed("election")
JOINT_KEY = JointKey(
    ceremony_id=seed("ceremony"),
    digest=seed("joint key"),
    slot_keys=tuple(crypto.to_point("ballot seed", [bytes([slot])]) for slot in range(5)),
    points={},
    trustees=(),
    point_sum=b"",
)
MARKS = ((0, 1, 0), (1, 1, 0, 0, 0))  # of style 1: mayor, projects


def test_tracker_is_the_beginning_of_the_whole_hash() -> None:
    text = tracker(ELECTION, b"ballot")
    groups = text.split("-")
    assert [len(group) for group in groups] == [4] * 6
    assert "".join(groups) == crockford(tracker_hash(ELECTION, b"ballot")[:15])


def test_tracker_depends_on_election_and_ballot() -> None:
    trackers = {tracker(e, b) for e in (ELECTION, seed("other")) for b in (b"one", b"two")}
    assert len(trackers) == 4


def test_a_known_tracker() -> None:
    """A change of this answer is a change of the protocol."""
    assert tracker(bytes(32), b"") == "99YF-WAHN-NXQN-BQ1H-9WN6-DK2K"


def test_lawful_selections_are_accepted() -> None:
    check_selections(manifest(), 0, ((0, 1, 0),))
    check_selections(manifest(), 1, MARKS)


@pytest.mark.parametrize(
    ("style", "scores", "message"),
    [
        (0, MARKS, "2 contests are filled in, must be 1"),
        (1, MARKS[:1], "1 contests are filled in, must be 2"),
        (0, ((1, 1, 0),), "contest 'mayor': 2 options are marked, must be at most 1"),
        (
            1,
            ((1, 0, 0), (0, 0, 1, 1, 0)),
            "contest 'projects': the marked options cost 110 together, must be at most 100",
        ),
        (
            1,
            ((1, 0, 0), (1, 0, 0, 0, 1)),
            "contest 'projects': blank is marked together with other options",
        ),
    ],
)
def test_unlawful_selections_are_refused_in_words(
    style: int, scores: tuple[tuple[int, ...], ...], message: str
) -> None:
    with pytest.raises(InvalidSelection) as caught:
        check_selections(manifest(), style, scores)
    assert str(caught.value) == message


def test_the_kit_makes_ballots_of_the_manifest_s_size_that_it_accepts() -> None:
    kit = ballot_kit(ELECTION, manifest(), JOINT_KEY)
    secret = crypto.credential_secret(seed("voter"))
    public = crypto.credential_public(secret)
    for style, scores in ((0, MARKS[:1]), (1, MARKS)):
        ballot = kit.prove(style, public, seed(f"ballot {style}"), scores)
        assert len(ballot) == kit.ballot_size(style) == manifest().ballot_size(style)
        signature = crypto.sign_ballot(secret, seed("nonce"), ELECTION, style, 1, ballot)
        assert kit.check([(style, public, 1, ballot, signature)], 1).verdicts == [0]


@pytest.mark.parametrize("scores", [((1, 1, 0),), ((0, 0, 0),), ((2, 0, 0),)])
def test_the_kit_refuses_what_check_selections_refuses(scores: tuple[tuple[int, ...]]) -> None:
    public = crypto.credential_public(crypto.credential_secret(seed("voter")))
    with pytest.raises(InvalidSelection):
        check_selections(manifest(), 0, scores)
    with pytest.raises(InvalidSelection):
        ballot_kit(ELECTION, manifest(), JOINT_KEY).prove(0, public, seed("ballot"), scores)
