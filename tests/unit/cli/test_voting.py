"""Voting by command: kept before it is sent, sent again as it is, believed only with a proof."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pytest

from hanpyo import crypto
from hanpyo.cli import run
from hanpyo.cli.device import Device, open_device
from hanpyo.election.papers import challenge_from_json, request_from_json
from hanpyo.errors import Unreachable
from hanpyo.ledger.entry import Cast, Close, Open, Pause, Resume, decode_entry
from hanpyo.ledger.interface import Admission, Inclusion, Later, Queued
from hanpyo.office.files import read_json
from hanpyo.office.registrar import Handed, Registrar
from tests.helpers.offices import Office
from tests.helpers.parties import seed

BALLOT = '{"mayor": "b", "parks": ["a"]}'
ROW = 1


class Election:
    """An open election with one voter who has joined by command."""

    def __init__(self, path: Path, patch: pytest.MonkeyPatch) -> None:
        self.office = Office(path / "office")
        self.play = self.office.play
        self.folder = path / "voter"
        self.ledger = Nimble(self)
        for place in ("voter", "device"):
            patch.setattr(f"hanpyo.cli.{place}.now_unix_s", lambda: self.play.now)
        patch.setattr("hanpyo.cli.voter.connect", lambda _address: self.ledger)
        patch.chdir(path)
        self.office.seal()
        self.play.keyed()
        self.row = next(n for n in range(5) if self.play.election.roll.styles[n] == 1)
        invitation = self.office.private.invitations / f"{self.row}.json"
        assert run(["voter", "join", str(invitation), "--voter", str(self.folder)]) == 0
        self.enroll()
        self.play.add(self.play.by_organizers(Open(self.play.now)))

    def enroll(self) -> None:
        request = request_from_json(read_json(self.folder / "request.json"), "r")
        desk = self.office.desk()
        me = Registrar(desk, self.office.registrar, self.office.private.read())
        desk.send(me.enroll([Handed("r", request)]))

    def vote(self, *args: str, ballot: str = BALLOT) -> int:
        (self.folder.parent / "ballot.json").write_text(ballot)
        return run(["vote", "--voter", str(self.folder), "--ballot", "ballot.json", *args])

    @property
    def device(self) -> Device:
        return open_device(self.folder)

    @property
    def recorded(self) -> int:
        return self.play.election.roll.state(self.row).recorded


class Submits(Protocol):
    def __call__(self, entries: Sequence[bytes]) -> Admission: ...


class Nimble:
    """The ledger, but for what a test puts in the place of `submit` and `wait`."""

    def __init__(self, election: Election) -> None:
        self._election = election
        self.submit: Submits = election.play.ledger.submit
        self.wait = election.play.ledger.wait

    def __getattr__(self, name: str) -> object:
        return getattr(self._election.play.ledger, name)


@pytest.fixture
def election(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Election:
    return Election(tmp_path, monkeypatch)


def test_a_vote_is_recorded_and_looked_up(
    election: Election, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert election.vote("--yes", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["recorded"] is True
    assert election.recorded == 1
    assert (election.device.memory.sequence, election.device.memory.waiting) == (1, None)
    for number in (said["ballot_number"], str(election.row)):
        assert run(["check", number, "--voter", str(election.folder)]) == 0
        assert f"{said['ballot_number']}  entry {said['entry']}" in capsys.readouterr().out
    assert run(["check", "0" * 24, "--voter", str(election.folder)]) == 1


def test_a_ballot_is_kept_before_it_is_sent_and_sent_again_as_it_is(
    election: Election, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: list[bytes] = []

    def lose(entries: Sequence[bytes]) -> Admission:
        assert election.device.memory.waiting == entries[0]  # durable before it leaves
        sent.extend(entries)
        raise Unreachable("the cable was cut")

    honest = election.ledger.submit
    election.ledger.submit = lose
    assert election.vote("--yes") == 1
    assert "Not recorded yet, because the cable was cut" in capsys.readouterr().err
    assert election.vote("--yes", ballot='{"mayor": "c", "parks": ["b"]}') == 1
    election.ledger.submit = honest
    assert election.vote("--yes", ballot='{"mayor": "c", "parks": ["b"]}') == 0
    err = capsys.readouterr().err
    assert "A ballot is still under way; it is sent again as it is." in err
    assert len(set(sent)) == 1
    assert election.recorded == 1
    assert list(election.play.ledger.entries(0, election.play.state.log.size))[-1] == sent[0]


def test_an_answer_that_was_lost_does_not_count_twice(election: Election) -> None:
    honest = election.ledger.wait

    def lose(_name: bytes, _timeout_s: float) -> Inclusion:
        raise Unreachable("the cable was cut")

    election.ledger.wait = lose
    assert election.vote("--yes") == 1
    assert election.recorded == 1
    election.ledger.wait = honest
    assert election.vote("--yes") == 0
    assert election.recorded == 1
    assert election.device.memory.waiting is None


def test_e13_only_an_inclusion_that_holds_says_recorded(
    election: Election, capsys: pytest.CaptureFixture[str]
) -> None:
    def pretend(entries: Sequence[bytes]) -> Admission:
        from hanpyo.ledger.entry import entry_hash

        return Admission((Queued(entry_hash(entries[0]), None),))

    def lie(_name: bytes, _timeout_s: float) -> Inclusion:
        checkpoint = election.play.ledger.checkpoint()
        proof = election.play.ledger.inclusion(3, checkpoint.size)
        return Inclusion(3, checkpoint, proof)

    election.ledger.submit, election.ledger.wait = pretend, lie
    assert election.vote("--yes") == 1
    out, err = capsys.readouterr()
    assert "Your vote is recorded" not in out
    assert "error: the proof does not lead from leaf 3 to the root" in err
    assert election.device.memory.waiting is not None


def test_a_busy_ledger_is_tried_again_later(election: Election) -> None:
    honest = election.ledger.submit
    election.ledger.submit = lambda entries: Admission((Later(entries[0][:32], 7),))
    assert election.vote("--yes") == 1
    election.ledger.submit = honest
    assert election.vote("--yes") == 0


def test_a_pause_keeps_the_ballot_and_the_end_does_not(
    election: Election, capsys: pytest.CaptureFixture[str]
) -> None:
    play, honest = election.play, election.ledger.submit

    def too_late(body: object) -> Submits:
        def submit(entries: Sequence[bytes]) -> Admission:
            play.add(play.by_organizers(body))  # type: ignore[arg-type]
            return honest(entries)

        return submit

    election.ledger.submit = too_late(Pause("power cut"))
    assert election.vote("--yes") == 1
    assert "Not recorded yet, because ballots are taken while voting" in capsys.readouterr().err
    assert election.device.memory.waiting is not None
    play.add(play.by_organizers(Resume("back")))
    election.ledger.submit = honest
    assert election.vote("--yes") == 0
    election.ledger.submit = too_late(Close(play.now))
    assert election.vote("--yes") == 1
    assert "Not accepted, because ballots are taken while voting" in capsys.readouterr().err
    assert election.device.memory.waiting is None
    assert election.recorded == 1


def test_e15_a_later_ballot_has_a_higher_number(election: Election) -> None:
    for _ in range(3):
        assert election.vote("--yes") == 0
    play = election.play
    credential = crypto.credential_public(election.device.secret)
    casts = [
        entry
        for entry in map(decode_entry, play.ledger.entries(0, play.state.log.size))
        if isinstance(entry, Cast)
    ]
    assert [cast.sequence for cast in casts if cast.credential == credential] == [1, 2, 3]


def test_the_promise_is_kept_as_evidence(election: Election) -> None:
    from hanpyo.ledger.promise import check_promise, decode_promise_file

    assert election.vote("--yes") == 0
    (path,) = (election.folder / "promises").iterdir()
    promise, entry = decode_promise_file(path.read_bytes())
    check_promise(promise, election.play.ledger_id, election.play.ledger.members().gateways)
    assert isinstance(decode_entry(entry), Cast)


def test_a_challenge_is_opened_and_never_cast(
    election: Election, capsys: pytest.CaptureFixture[str]
) -> None:
    assert election.vote("--challenge", "--out", "c.json") == 0
    path = election.folder.parent / "c.json"
    assert path.stat().st_mode & 0o077 == 0
    challenge = challenge_from_json(read_json(path), "c")
    assert challenge.scores == ((0, 1, 0), (1, 0))
    assert (election.recorded, election.device.memory.sequence) == (0, 0)
    capsys.readouterr()
    assert run(["challenge", "check", "c.json", "--ledger", "http://x"]) == 0
    assert "Title\n  Title\nTitle\n  Title\n" in capsys.readouterr().out
    assert run(["challenge", "check", "c.json", "--row", "77", "--ledger", "http://x"]) == 2


def answer(patch: pytest.MonkeyPatch, *lines: str) -> list[str]:
    """Put somebody at the terminal who types these lines."""
    left = list(lines)
    for place in ("deciding", "election"):
        patch.setattr(f"hanpyo.cli.{place}.can_ask", lambda: True, raising=False)
    patch.setattr("builtins.input", lambda: left.pop(0))
    return left


def test_a_ballot_is_filled_in_at_the_terminal(
    election: Election, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = answer(monkeypatch, "4", "1 2", "2", "x", "1, 2", "t", "y", "c")
    assert run(["vote", "--voter", str(election.folder)]) == 0
    assert left == []
    out, err = capsys.readouterr()
    assert "1 of 2  Title\nChoose exactly 1 option.\n" in err
    assert "'4' names no option, they are 1 to 3" in err
    assert "2 options are marked, must be at most 1" in err
    assert "That ballot is not cast. Here is a fresh one with the same selections." in err
    numbers = [line for line in err.splitlines() if line.startswith("Your ballot number")]
    assert len(set(numbers)) == 2
    assert numbers[1] in out
    assert election.recorded == 1


def test_stopping_sends_nothing(election: Election, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "1", "", "s")
    assert run(["vote", "--voter", str(election.folder)]) == 2
    assert (election.recorded, election.device.memory.sequence) == (0, 0)


def test_without_a_person_the_decision_must_be_given(
    election: Election, capsys: pytest.CaptureFixture[str]
) -> None:
    assert election.vote() == 2
    assert "give --yes to cast, or --challenge" in capsys.readouterr().err
    assert run(["vote", "--voter", str(election.folder)]) == 2
    assert "give the selections by --ballot" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ballot", "why"),
    [
        ('{"mayor": "b"', "ballot.json: line 1: not JSON"),
        ('{"mayor": "nobody", "parks": []}', "contest 'mayor' has no option 'nobody'"),
        ('{"parks": []}', "0 options are marked, must be at least 1"),
    ],
)
def test_bad_ballots_are_explained(
    election: Election, ballot: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert election.vote("--yes", ballot=ballot) == 2
    assert why in capsys.readouterr().err
    assert election.recorded == 0


def test_e12_a_ledger_that_shows_less_than_before_is_refused(
    election: Election, capsys: pytest.CaptureFixture[str]
) -> None:
    assert election.vote("--yes") == 0
    fork = Office(election.folder.parent / "fork")
    election.play.ledger = fork.play.ledger
    assert election.vote("--yes") == 1
    assert "shows less than it showed before" in capsys.readouterr().err


def test_an_invitation_of_another_election_is_refused(
    election: Election, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    value = read_json(election.folder / "invitation.json")
    assert isinstance(value, dict)
    for change, why in (
        ({"election": seed("other").hex()}, "this ledger has no election"),
        ({"salt": seed("other").hex()}, "no row that belongs to your invitation"),
        ({"reference": "Somebody Else"}, "no row that belongs to your invitation"),
        ({"row": -1}, "outside 0..2^53-1"),
    ):
        (tmp_path / "i.json").write_text(json.dumps({**value, **change}))
        assert run(["voter", "join", "i.json", "--voter", "other"]) in {1, 2}
        assert why in capsys.readouterr().err
        assert not (tmp_path / "other").exists()
