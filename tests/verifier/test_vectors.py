"""The published vectors, and that the tests of them can tell right from wrong."""

import copy
import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from hanpyo_verifier import cli
from hanpyo_verifier.self_test import records
from hanpyo_verifier.self_test.cases import disagreement
from hanpyo_verifier.self_test.run import TESTS, all_tests, read_vectors, self_test

VECTORS = Path(__file__).parents[2] / "vectors"
ALL_TESTS = all_tests(VECTORS)
# Of a ledger that members keep: this verifier does not know them yet, and refuses such records.
NOT_YET = {
    "block_proofs.json",
    "conflicts.json",
    "consortium_bad.json",
    "consortium_records.json",
}
WITHOUT_CODE = {"generators", "frames_and_transcript", "groups", "counting", "trackers", "record"}


@pytest.mark.parametrize("name", ALL_TESTS)
def test_published_vectors_agree(name):
    vectors = read_vectors(VECTORS, name)
    assert vectors, f"{name} is missing or empty"
    wrong = {v["name"]: why for v in vectors if (why := disagreement(ALL_TESTS[name], v))}
    assert not wrong


def test_every_vector_file_is_known():
    assert not NOT_YET & set(ALL_TESTS)
    assert {path.name for path in VECTORS.glob("*.json")} == set(ALL_TESTS) | NOT_YET


@pytest.mark.parametrize("name", sorted(set(TESTS) - {f"{n}.json" for n in WITHOUT_CODE}))
def test_another_code_is_noticed(name):
    """Each vector with a code, told to be the contrary: now none may agree."""
    vectors = [v for v in read_vectors(VECTORS, name) if "code" in v][::5]
    assert vectors
    for vector in vectors:
        other = {**vector, "code": 99 if vector["code"] == 0 else 0}
        assert disagreement(TESTS[name], other), vector["name"]
        if vector["code"]:
            assert disagreement(TESTS[name], {**vector, "code": vector["code"] + 1})


# Fields that a vector gives as an answer: changed, the vector must not agree any more.
ANSWERS = {
    "ristretto255.json": {"point", "scalar"},
    "frames_and_transcript.json": {"frame", "scalar", "point", "challenges"},
    "generators.json": {"point"},
    "ed25519.json": {"signature", "key"},
    "credentials.json": {"credential", "proof", "signature"},
    "shapes.json": {"bit_count", "byte_size", "equations", "free", "examples"},
    "contests.json": {"challenges", "ballot", "signature"},
    "ceremony.json": {"ceremony_id", "key", "proof", "commitment", "parts", "deal", "point",
                      "keys", "digest", "culprit"},
    "shares.json": {"total", "shares", "proof", "totals"},
    "groups.json": {"groups", "quorum", "enough"},
    "counting.json": {"outcome"},
    "cbor.json": {"value"},
    "json.json": {"value"},
    "manifests.json": {"digest", "election_id", "slots", "ballot_sizes"},
    "entries.json": {"value", "hash", "leaf", "message"},
    "trackers.json": {"hash", "tracker"},
    "merkle.json": {"root", "proof", "path", "paths"},
    "checkpoints.json": {"origin", "size", "root", "timestamp", "blocks"},
    "record.json": {"report"},
}  # fmt: skip


def changed(value):
    """The same kind of value, a little different; None where nothing can change."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        last = "0" if value.endswith("1") else "1"
        return value[:-1] + last if value else "00"
    if isinstance(value, dict):
        return {**value, "more": 1}
    if isinstance(value, list):
        return [*value[:-1], changed(value[-1])] if value else [1]
    return 0


@pytest.mark.parametrize("name", ANSWERS)
def test_another_answer_is_noticed(name):
    met = set()
    for vector in read_vectors(VECTORS, name):
        if vector.get("code", 0) or (vector.get("kind"), frozenset(vector)) in met:
            continue
        met.add((vector.get("kind"), frozenset(vector)))
        for field in ANSWERS[name] & set(vector):
            if (vector.get("kind"), field) == ("share", "total"):
                continue  # of which only A is read
            other = {**copy.deepcopy(vector), field: changed(vector[field])}
            assert disagreement(TESTS[name], other), (vector["name"], field)
    assert met


def test_a_record_without_its_fault_is_noticed():
    test = ALL_TESTS["records_bad.json"]
    bad = next(v for v in read_vectors(VECTORS, "records_bad.json") if v["only"])
    assert disagreement(test, {**bad, "changes": []})
    assert disagreement(test, {**bad, "entry": -1})
    assert disagreement(test, {**bad, "check": "C01"})


def test_changes_of_a_record():
    files = {"a": b"abc", "b": b"b"}
    for change in (
        {"path": "a", "offset": 1, "xor": 1},
        {"path": "a", "offset": 2, "remove": 1, "insert": "eHl6"},
        {"path": "b", "rename": "c/d"},
        {"path": "e", "create": ""},
        {"path": "c/d", "delete": True},
    ):
        records.changed(files, change)
    assert files == {"a": b"acxyz", "e": b""}


def test_the_self_test_as_a_command(tmp_path):
    def run():
        out = io.StringIO()
        with redirect_stdout(out):
            status = cli.main(["--self-test", str(tmp_path)])
        return status, out.getvalue()

    status, text = run()
    assert (status, text.count("not there")) == (1, len(ALL_TESTS))
    vectors = read_vectors(VECTORS, "trackers.json")
    for name in ALL_TESTS:
        (tmp_path / name).write_text("[]", "utf-8")
    assert not self_test(tmp_path)[1]  # an empty file proves nothing
    vectors[0]["tracker"] = ""
    (tmp_path / "trackers.json").write_text(json.dumps(vectors), "utf-8")
    (tmp_path / "strange.json").write_text("[]", "utf-8")
    status, text = run()
    assert status == 1
    assert re.search(r"trackers.json: (\d+) of (?!\1)\d+ agree\n    tracker 0: ", text)
    assert "strange.json: unknown" in text
