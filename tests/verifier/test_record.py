"""Whole records that hold (protocol.md 13, 14)."""

import json
import re
import shutil

import pytest
from hanpyo_verifier import cli
from hanpyo_verifier.encoding import cbor
from hanpyo_verifier.group import ristretto
from record_maker import (
    REGISTRAR,
    Maker,
    Signer,
    contest_json,
    random_scalar,
    ready_election,
    times_base,
)
from running import checked, failures, run, vars_of, verify, vote


def test_a_plain_election(plain):
    m, record = plain
    status, report = verify(record)
    assert failures(report) == []
    assert status == 0
    assert report["election"] == m.election_id.hex()
    assert report["phase"] == "tallied"
    assert report["result"] == {"c": {"o0": 2, "o1": 2, "o2": 0}}
    assert all(number for check, number in checked(report).items() if check != "C25")
    # K, G_0..G_4 and Q_1..Q_4: three options and one bit of slack.
    assert checked(report)["C10"] == 10


def test_the_command_itself(plain, tmp_path):
    m, record = plain

    done = run(record, "--json", "--processes", "2", text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["valid"] is True
    done = run(record, "--election", m.election_id.hex(), text=True)
    assert done.returncode == 0
    assert "C18 ballot proofs: 4 checked, holds" in done.stdout
    assert "No verifier can see" in done.stdout
    assert run(record, "--election", "00").returncode == 2
    assert run(tmp_path / "nothing").returncode == 2
    assert run(record, "--promise", tmp_path / "nothing").returncode == 2
    assert run().returncode == 2
    assert run("--help").returncode == 0
    done = run(record, "--election", "ab" * 32, text=True)
    assert done.returncode == 1
    assert "FAILED" in done.stdout


def test_every_phase_is_a_record(tmp_path):
    """A record may end anywhere: after every entry of a whole election."""
    m = ready_election([contest_json(options=2)])
    ballots = m.ballots()
    counted = {row: vote(m, ballots, row, [[1, 0]]) for row in range(4)}
    m.block()
    m.close()
    m.tally(counted)
    phases = []
    for size in range(1, len(m.entries) + 1):
        part = Maker(**vars_of(m))
        part.entries = m.entries[:size]
        part.blocks = [block for block in m.blocks if block[1] <= size]
        part.time = part.blocks[-1][0]
        if part.blocks[-1][1] < size:
            later = next(block for block in m.blocks if block[1] > size)
            part.block(later[0])
        record = part.write(tmp_path / str(size))
        status, report = verify(record)
        assert (status, failures(report)) == (0, [])
        if not phases or phases[-1] != report["phase"]:
            phases.append(report["phase"])
        shutil.rmtree(record)
    assert phases == [None, "draft", "ready", "voting", "closed", "tallied"]


def test_a_rich_election(tmp_path):
    contests = [
        contest_json("mayor", options=3, partition=[[0], [1]]),
        contest_json(
            "points", options=2, top=5, form="score",
            limits=[{"coefficients": [[0, 1], [1, 1]], "high": 7, "low": 2}], example=[1, 1],
        ),
        contest_json("free", options=2, top=3, limits=[], form="cumulative"),
    ]  # fmt: skip
    contests[1]["rule"]["name"] = "score-sum"
    contests[2]["rule"]["name"] = "cumulative"
    rows = [(1 + row % 2, row % 2, row // 6) for row in range(12)]
    m = ready_election(contests, rows, styles=[[0, 1, 2], [0, 2]], weights="guarded")
    ballots = m.ballots()
    counted = {}

    def scores(style, k):
        chosen = [[int(i == k % 3) for i in range(3)], [k % 5, 2], [k % 4, 3]]
        return chosen if style == 0 else [chosen[0], chosen[2]]

    for row in range(12):
        counted[row] = vote(m, ballots, row, scores(m.rows[row][2], row))
    m.add(m.by_organizers(25, {0: "a pause"}))
    m.add(m.by_organizers(26, {0: "and on"}))
    for row in (1, 2, 3, 2):  # re-votes
        sequence = 2 if row != 2 else 2 + 3 * (counted[row] >= len(m.entries) - 3)
        counted[row] = vote(m, ballots, row, scores(m.rows[row][2], row + 1), sequence)
    # Row 0 loses its credential after voting and votes again; row 5 does not vote again.
    for row in (0, 5):
        old = ristretto.encode(times_base(m.credentials[row]))
        m.credentials[row] = random_scalar()
        X, proof = m.possession(row, m.credentials[row])
        signers = [*m.some_organizers(), (REGISTRAR, 0, m.registrar)]
        m.add(m.act(12, {0: row, 1: old, 2: X, 3: proof}, signers))
        del counted[row]
    counted[0] = vote(m, ballots, 0, scores(0, 2))
    m.block()
    m.close()
    m.tally(counted)
    record = m.write(tmp_path / "record")
    status, report = verify(record)
    assert (status, failures(report)) == (0, [])
    done = run(record, "--json", "--processes", "3")
    assert json.loads(done.stdout) == report
    assert report["phase"] == "tallied"
    assert set(report["result"]) == {"mayor", "points", "free"}


def test_a_ceremony_in_the_second_attempt(tmp_path):
    """A dealer whose shares do not fit is dropped, and the others hold the election."""
    m = Maker(trustees=[Signer() for _ in range(4)], threshold=2, least=3)
    m.begin()
    m.announce(m.manifest([contest_json()]))
    m.publish_roll([(1, 0, 0)] * 3)
    right = m.polynomial
    m.polynomial = lambda k, j, x: right(k, j, x) + (k == 2 and x == 4 and j == 2)
    m.ceremony(confirm=False)
    m.polynomial = right
    m.add(m.complain(4, 2))
    m.attempt = 2
    m.ceremony([1, 3, 4])
    m.enroll([0, 1, 2])
    m.open()
    ballots = m.ballots()
    counted = {row: vote(m, ballots, row, [[0, 0, 1]]) for row in range(3)}
    m.close()
    m.tally(counted)
    status, report = verify(m.write(tmp_path / "record"))
    assert (status, failures(report)) == (0, [])
    assert report["result"] == {"c": {"o0": 0, "o1": 0, "o2": 3}}


def test_reveals_in_several_parts(tmp_path):
    m = Maker(trustees=[Signer() for _ in range(2)], threshold=2, least=2)
    m.begin()
    m.announce(m.manifest([contest_json(options=501, limits=[])]))
    m.publish_roll([(1, 0, 0)] * 2)
    m.ceremony()
    assert sum(cbor.decode(entry).get(0) == 17 for entry in m.entries) == 4
    status, report = verify(m.write(tmp_path / "record"))
    assert (status, failures(report)) == (0, [])
    assert report["phase"] == "ready"


def test_several_elections(tmp_path, capsys):
    m = ready_election()
    first, number = m.election_id, m.organizer_number
    vote(m, m.ballots(), 0, [[1, 0, 0]])
    refused = m.add(m.by_organizers(24, {0: m.time}))  # already open
    m.organizer_number = 0
    m.trustee_numbers = {}
    m.announce(m.manifest([contest_json("other")]))
    m.publish_roll([(1, 0, 0)] * 2)
    m.ceremony()
    second = m.election_id
    broken = m.add(m.by_organizers(24, {0: 2**40}))
    m.block()
    record = m.write(tmp_path / "record")
    with pytest.raises(SystemExit) as stopped:
        cli.main([str(record)])
    assert stopped.value.code == 2
    assert first.hex() in capsys.readouterr().err
    assert number == 2
    _, report = verify(record, "--election", first.hex())
    assert (report["phase"], failures(report)) == ("voting", [("C15", refused)])
    _, report = verify(record, "--election", second.hex())
    assert (report["phase"], failures(report)) == ("ready", [("C15", broken)])
    _, report = verify(record, "--election", "77" * 32)
    assert failures(report) == [("C09", None)]

    # Promises of the other election: kept wherever it stands, else not judged.
    def promised(entry, time):
        path = tmp_path / "promise"
        path.write_bytes(m.promise(entry, 1, time))
        out = run(record, "--election", first.hex(), "--promise", path, "--processes", "1").stdout
        return re.search(rf"Promise {re.escape(str(path))}: (.*)", out.decode())[1]

    assert promised(m.entries[broken], m.blocks[0][0]) == "kept"
    absent = m.by_organizers(24, {0: 2**41})
    assert promised(absent, m.blocks[0][0]).startswith("not judged, ")
    unknown = m.act(24, {0: 1}, [], scope=b"\x05" * 32)
    assert promised(unknown, m.blocks[1][0]).startswith("void, ")
