"""Whole elections through the real commands, each party in its own folder, on a real server."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hanpyo import crypto, trustee
from hanpyo.ledger.entry import Complain
from hanpyo.ledger.reader import replay_checked
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.office.party import load_party
from hanpyo.office.sending import send
from tests.scenarios.by_hand import Table

REFERENCES = ("Kim Ji-woo", "Anna Berg", "佐藤 健", "Bo Chen", "Olu Ade")
BOTH = ("--organizer", "organizer-1", "--organizer", "organizer-2")
ONE = ("--organizer", "organizer-1")


@contextmanager
def seated(path: Path, *, here: bool = True) -> Iterator[Table]:
    """Serve a ledger and run commands against it, in this process unless told otherwise."""
    table = Table(path, here=here)
    try:
        table.serve()
        yield table
    finally:
        table.stop()


def complain_falsely(table: Table, author: int, about: int) -> None:
    """Complain about a good deal, past the command, which refuses to."""
    election_id = bytes.fromhex(table.election)
    seed = load_party(table.path / f"trustee-{author}", "trustee").secret
    with RemoteLedger(table.address) as remote:
        now = remote.checkpoint().timestamp_unix_s
        state = replay_checked(remote, election_id, now, 1)
        assert state.view.ledger_id is not None
        assert state.view.membership is not None
        election = state.view.elections[election_id]
        me = trustee.find_trustee(state.view.ledger_id, election, seed)
        transport, name = me.ceremony.trustees[about].transport, me.ceremony.ceremony_id
        point, proof = crypto.complain(seed, name, about, author, transport, bytes(32))
        body = Complain(me.ceremony.attempt, about, point, proof)
        send(remote, state.view.membership, me.sign(body))


def announce_with_two_of_three(table: Table) -> None:
    """Three organizers, two of whom sign: the announcement goes round, and the roll's seal, too."""
    table.parties(organizers=3)
    table.write_election(organizers=3, quorum=2)
    prepared = table.run("election", "new", "council.toml", *ONE).out.strip()
    table.run("sign", prepared, "--organizer", "organizer-3", expect=2)  # nobody to be asked
    signed = table.run("sign", prepared, "--organizer", "organizer-3", "--yes")
    assert "Announces the election 'Council 2026'" in signed.err
    table.election = signed.out.strip()
    members = table.write_members(*REFERENCES)
    sealed = table.run("roll", "seal", members, "--registrar", "registrar", *ONE)
    assert "It lacks 1 more organizer" in sealed.err
    table.run("sign", sealed.out.strip(), "--organizer", "organizer-2", "--yes")
    assert table.status()["rows"] == len(REFERENCES)


def make_key_after_a_false_complaint(table: Table) -> None:
    for step in ("commit", "reveal", "deal"):
        table.trustee(step, 1, 2, 3)
    refused = table.run("trustee", "complain", 1, "--trustee", "trustee-3", expect=2)
    assert "a complaint would drop you" in refused.err
    complain_falsely(table, author=3, about=1)
    table.trustee("next", 3, expect=2)  # dropped
    for _ in ("commit", "reveal", "deal", "confirm"):
        table.trustee("next", 1, 2)
    assert table.status()["word"] == "Scheduled"


def enroll_and_replace_before_voting(table: Table) -> None:
    requests = [f"{table.join(row)}/request.json" for row in range(4)]
    assert table.run("vote", "--voter", "voter-0", "--yes", expect=1)  # not enrolled, not open
    table.run("registrar", "enroll", *requests, "--registrar", "registrar")
    again = table.run("registrar", "enroll", requests[0], "--registrar", "registrar", expect=2)
    assert "use `hanpyo registrar replace`" in again.err
    table.join(1, "-phone")
    table.run("registrar", "replace", "voter-1-phone/request.json", "--registrar", "registrar")


def vote_and_look_up(table: Table) -> None:
    table.run("open", *BOTH)
    ballot = {"chair": "Anna", "surplus": ["garden", "feast"]}
    done = table.vote(0, ballot)
    assert done.out.startswith("Your vote is recorded\nYour ballot number: ")
    assert table.vote(1, ballot, expect=1).err.count("not enrolled this device") == 1  # replaced
    table.vote(1, ballot, device="-phone")
    wrong = table.vote(2, {"chair": "Bo", "surplus": ["garden", "library"]}, expect=2)
    assert "the marked options cost 110 together, must be at most 100" in wrong.err
    table.vote(2, {"chair": "Chris"}, "--challenge")
    opened = table.run("challenge", "check", "challenge.json", "--row", 2)
    assert "Who shall chair?\n  Chris\n" in opened.out
    value = json.loads((table.path / "challenge.json").read_text())
    swapped = {**value, "scores": [[1, 0, 0, 0], value["scores"][1]]}
    (table.path / "swapped.json").write_text(json.dumps(swapped))
    table.run("challenge", "check", "swapped.json", expect=1)
    first = table.vote(2, {"chair": "Bo"}, "--yes", "--json").json
    last = table.vote(2, {"chair": "Anna", "surplus": ["library"]}, "--yes", "--json").json
    assert isinstance(first, dict)
    assert isinstance(last, dict)
    found = table.run("check", 2, "--json").json
    assert isinstance(found, dict)
    assert [each["fate"] for each in found["ballots"]] == ["superseded", "counts"]
    assert found["counts"] == last["ballot_number"]
    looked_up = table.run("check", first["ballot_number"].lower(), "--voter", "voter-2")
    assert "replaced by a later one of the same row  <- the number asked for" in looked_up.out
    table.run("check", "0000-0000-0000-0000-0000-0000", expect=1)
    table.run("check", "nonsense", expect=2)


def pause_and_resume(table: Table) -> None:
    stale = table.run("pause", *ONE, "--reason", "never sent", "--out", "stale.json").out.strip()
    table.run("pause", *BOTH, "--reason", "power cut")
    refused = table.run("sign", stale, "--organizer", "organizer-2", "--yes", expect=1)
    assert "this act is stale" in refused.err
    assert "voting is paused: power cut" in table.vote(3, {"chair": "Bo"}, expect=1).err
    assert table.status()["reason"] == "power cut"
    table.run("resume", *BOTH, "--reason", "power is back")
    table.vote(3, {"chair": "Bo", "surplus": ["feast"]})


def replace_after_voting(table: Table) -> None:
    table.join(3, "-new")
    request = "voter-3-new/request.json"
    prepared = table.run("registrar", "replace", request, "--registrar", "registrar", *ONE)
    assert "It lacks 1 more organizer" in prepared.err
    table.run("sign", prepared.out.strip(), "--organizer", "organizer-3", "--yes")
    assert "void, because the row's credential was replaced" in table.run("check", 3).out
    table.vote(3, {"chair": "Bo"}, expect=1)  # the old device
    table.vote(3, {"chair": "blank", "surplus": ["feast"]}, device="-new")


def add_a_late_member(table: Table) -> None:
    late = table.write_members("Late Comer", name="late.csv")
    table.run("roll", "change", late, "--registrar", "registrar", *BOTH)
    row = len(REFERENCES)
    table.join(row)
    table.run("registrar", "enroll", f"voter-{row}/request.json", "--registrar", "registrar")
    table.vote(row, {"chair": "Bo"})


def tally(table: Table) -> None:
    table.trustee("seal", 1, expect=1)  # voting is still open
    table.run("close", *BOTH)
    table.trustee("decrypt", 1, expect=1)  # nobody has sealed
    table.trustee("seal", 1, 2)
    table.trustee("decrypt", 1)
    table.trustee("next", 2)
    table.wait_for("Final")
    result = table.run("result", "--json").json
    assert isinstance(result, dict)
    assert result["chair"]["totals"] == {"Anna": 3, "Bo": 1, "Chris": 0, "blank": 1}
    assert result["chair"]["winners"] == ["Anna"]
    assert result["surplus"]["totals"] == {"garden": 2, "library": 1, "feast": 3}
    text = table.run("result").out
    assert "Who shall chair?: decided" in text
    assert "█" in text


def verify(table: Table) -> None:
    table.run("export", "record")
    table.run("export", "copy", "--from", "ledger")
    assert table.run("verify", "record").out
    report = table.run("verify", "copy", "--json").json
    assert isinstance(report, dict)
    assert report["valid"] is True
    assert report["election"] == table.election
    bundle = next((table.path / "copy" / "tile" / "entries").rglob("0*"))
    bundle = bundle if bundle.is_file() else next(each for each in bundle.rglob("*"))
    data = bytearray(bundle.read_bytes())
    data[-100] ^= 1
    bundle.write_bytes(data)
    table.run("verify", "copy", expect=1)
    table.run("verify", "nowhere", expect=2)


def test_w17_an_election_with_everything_that_happens_leaves_no_secret_behind(
    tmp_path: Path,
) -> None:
    with seated(tmp_path, here=False) as table:
        announce_with_two_of_three(table)
        make_key_after_a_false_complaint(table)
        enroll_and_replace_before_voting(table)
        vote_and_look_up(table)
        pause_and_resume(table)
        replace_after_voting(table)
        add_a_late_member(table)
        tally(table)
        verify(table)
        table.stop()
        assert table.run("ledger", "check", "ledger").out.endswith("sound\n")
        assert_nothing_leaked(table)


def assert_nothing_leaked(table: Table) -> None:
    """No secret stands in an argument, an output or a log, and no personal data on the ledger."""
    secrets = table.secrets()
    assert len(secrets) > 30
    spoken = "\n".join(table.spoken)
    published = b"".join(
        path.read_bytes()
        for folder in ("ledger", "record")
        for path in (table.path / folder).rglob("*")
        if path.is_file() and path.name != "operator.json"
    )
    for where, secret in secrets.items():
        raw = bytes.fromhex(secret)
        for form in (secret, secret.upper(), base64.b64encode(raw).decode()[:40], repr(raw)[2:-1]):
            assert form not in spoken, f"{where} was spoken"
        assert raw not in published, f"{where} was published"
        assert secret.encode() not in published, f"{where} was published"
    for reference in (*REFERENCES, "Late Comer"):
        assert reference.encode() not in published
    for path in table.path.rglob("*"):
        if path.name in {"secret.json", "credential.json", "roll.csv", "operator.json"}:
            assert path.stat().st_mode & 0o077 == 0, path


def begin_with_one_organizer(table: Table, top: str = "") -> None:
    """Announce an election of one organizer, and seal a roll of three."""
    table.parties(organizers=1)
    table.write_election(1, 1, top)
    table.election = table.run("election", "new", "council.toml", *ONE).out.strip()
    table.run("roll", "seal", table.write_members("a", "b", "c"), "--registrar", "registrar", *ONE)


def vote_all(table: Table) -> None:
    """Enroll all three, open, and let them vote."""
    requests = [f"{table.join(row)}/request.json" for row in range(3)]
    table.run("registrar", "enroll", *requests, "--registrar", "registrar")
    table.run("open", *ONE)
    for row in range(3):
        table.vote(row, {"chair": "Bo"})


def test_an_absent_trustee_is_dropped_and_the_end_is_moved(tmp_path: Path) -> None:
    with seated(tmp_path) as table:
        begin_with_one_organizer(table, 'closes = "2100-01-01T00:00:00Z"')
        table.trustee("commit", 1, 2)
        table.run("organizer", "drop", 1, *ONE, "--reason", "x", expect=1)  # has committed
        table.run("organizer", "drop", 3, *ONE, "--reason", "does not answer")
        for _ in ("commit", "reveal", "deal", "confirm"):
            table.trustee("next", 1, 2)
        vote_all(table)
        table.run("extend", "2100-01-02T00:00:00Z", *ONE, "--reason", "a holiday")
        table.run("extend", "2099-01-02T00:00:00Z", *ONE, "--reason", "earlier", expect=1)
        table.run("extend", "tomorrow", *ONE, "--reason", "when?", expect=2)
        assert "it is announced for 2100-01-02" in table.run("close", *ONE, expect=1).err
        table.stop()
        table.serve()  # the ledger goes on where it was, at another address
        table.run("cancel", *ONE, "--reason", "the wrong roll")
        assert table.status()["word"] == "Canceled"
        table.run("result", expect=1)
        table.vote(0, {"chair": "Bo"}, "--yes", "--ledger", table.address, expect=1)


def test_e28_a_restored_trustee_never_seals_but_decrypts(tmp_path: Path) -> None:
    with seated(tmp_path) as table:
        begin_with_one_organizer(table)
        for _ in ("commit", "reveal", "deal", "confirm"):
            table.trustee("next", 1, 2, 3)
        vote_all(table)
        table.run("close", *ONE)
        table.trustee("next", 1, 2)
        seed = load_party(table.path / "trustee-3", "trustee").secret.hex()
        name = ("restored", "--name", "Trustee 3")
        table.run("trustee", "restore", *name, stdin="no seed\n", expect=2)
        table.run("trustee", "restore", *name, stdin=f"{seed}\n")
        restored = ("--trustee", "restored")
        assert "restored from its seed" in table.run("trustee", "seal", *restored, expect=2).err
        table.run("trustee", "decrypt", *restored, expect=1)  # two of three seals are not enough
        table.run("organizer", "lost", 3, *ONE, "--reason", "only its seed is left")
        assert table.status()["word"] == "Counting"
        table.run("trustee", "next", *restored)
        table.trustee("decrypt", 2)
        table.wait_for("Final")
        assert "Bo" in table.run("result").out
        late = table.run("trustee", "seal", "--trustee", "trustee-1").out
        assert late == "nothing to do: it is done already\n"
        assert seed not in "".join(table.spoken)


def test_too_few_trustees_end_an_election_without_a_result(tmp_path: Path) -> None:
    with seated(tmp_path) as table:
        begin_with_one_organizer(table)
        for _ in ("commit", "reveal", "deal", "confirm"):
            table.trustee("next", 1, 2, 3)
        vote_all(table)
        table.run("close", *ONE)
        reason = ("--reason", "the safe burned down")
        table.run("organizer", "not-openable", *ONE, *reason, expect=1)
        table.run("organizer", "lost", 2, 3, *ONE, *reason)
        table.run("organizer", "not-openable", *ONE, *reason)
        assert table.status()["phase"] == "not openable"
        assert (
            "nothing will be opened"
            in table.run("trustee", "seal", "--trustee", "trustee-1", expect=2).err
        )
