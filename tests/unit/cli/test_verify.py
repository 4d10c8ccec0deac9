"""`hanpyo verify`: what it prints and how it ends, whatever the verifier says."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from hanpyo.cli import run, verifying
from hanpyo.errors import InvalidConsistency
from hanpyo.node.storage.records import download_record
from tests.helpers.election import Play

GOOD = {
    "checks": [{"checked": 12, "failures": [], "id": "C02", "name": "log hashes"}],
    "election": "ab",
    "result": {},
    "valid": True,
}
BAD = {
    **GOOD,
    "checks": [
        {
            "checked": 12,
            "failures": [{"entry": 7, "why": "broken"}, {"entry": None, "why": "gone"}],
            "id": "C02",
            "name": "log hashes",
        },
        {"checked": 1, "failures": [], "id": "C03", "name": "genesis"},
    ],
    "valid": False,
}


class Found:
    def __init__(self, report: Mapping[str, object]) -> None:
        self._report = report
        self.valid = report["valid"]
        self.state = object()

    def to_json(self) -> Mapping[str, object]:
        return self._report


@pytest.fixture
def record(tmp_path: Path) -> Path:
    play = Play().announced()
    download_record(play.ledger, tmp_path / "record", play.now)
    return tmp_path / "record"


def say(
    patch: pytest.MonkeyPatch, report: Mapping[str, object]
) -> list[tuple[object, Mapping[str, object]]]:
    """Put a verifier in place that always says this; gives what it was asked."""
    asked: list[tuple[object, Mapping[str, object]]] = []

    def verify_record(reader: object, **how: object) -> Found:
        asked.append((reader, how))
        return Found(report)

    patch.setattr(verifying, "verify_record", verify_record)
    return asked


def test_a_record_that_holds(
    record: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = say(monkeypatch, GOOD)
    assert run(["verify", str(record)]) == 0
    out = capsys.readouterr().out
    assert "C02  log hashes       12  holds\n" in out
    assert out.endswith("1 of 1 checks hold\nThe record holds.\n")
    assert "No verifier can see" in out
    assert asked[0][1]["election_id"] is None
    assert run(["verify", str(record), "--json", "--election", "ab" * 32]) == 0
    assert json.loads(capsys.readouterr().out) == GOOD
    assert asked[1][1]["election_id"] == b"\xab" * 32


def test_a_record_that_does_not_hold(
    record: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, BAD)
    assert run(["verify", str(record)]) == 1
    out, err = capsys.readouterr()
    assert err == "error: C02 log hashes: entry 7: broken\nerror: C02 log hashes: gone\n"
    assert out.endswith("1 of 2 checks hold\nThe record does not hold.\n")
    assert run(["verify", str(record), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == BAD


def test_e24_a_record_without_its_checkpoint_is_a_failed_check(
    record: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, GOOD)
    (record / "checkpoint").unlink()
    assert run(["verify", str(record), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["valid"] is False
    assert report["checks"][0]["id"] == "C01"
    assert "checkpoint" in report["checks"][0]["failures"][0]["why"]
    assert run(["verify", str(record)]) == 1


def test_promises_are_handed_over(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = say(monkeypatch, GOOD)
    path = record.parent / "p.promise"
    path.write_bytes(b"promise")
    assert run(["verify", str(record), "--promise", str(path)]) == 0
    assert asked[0][1]["promises"] == [(str(path), b"promise")]
    assert run(["verify", str(record), "--promise", "nowhere"]) == 2
    assert run(["verify", str(record), "--election", "xy"]) == 2


def test_nothing_is_signed_on_a_record_that_does_not_hold(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hanpyo.cli.verifying import verify_or_refuse
    from hanpyo.node.storage.records import open_record

    say(monkeypatch, BAD)
    with pytest.raises(InvalidConsistency, match="C02 log hashes: entry 7: broken"):
        verify_or_refuse(open_record(record), bytes(32))
    say(monkeypatch, GOOD)
    verify_or_refuse(open_record(record), bytes(32))
