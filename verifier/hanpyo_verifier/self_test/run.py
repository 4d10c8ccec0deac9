"""Runs all vector files: python3 verifier --self-test VECTORS_DIR."""

import json
from pathlib import Path

from hanpyo_verifier.self_test import ballots, encodings, group, logs, records, shapes, trustees
from hanpyo_verifier.self_test.cases import Case, Test, disagreement

RECORDS, BAD_RECORDS = "record.json", "records_bad.json"

TESTS: dict[str, Test] = {
    "ristretto255.json": group.ristretto255,
    "frames_and_transcript.json": group.frames_and_transcript,
    "generators.json": group.generators,
    "ed25519.json": group.ed25519,
    "credentials.json": group.credentials,
    "shapes.json": shapes.shapes,
    "contests.json": ballots.ballots,
    "contests_bad.json": ballots.ballots,
    "ceremony.json": trustees.ceremony,
    "shares.json": trustees.shares,
    "groups.json": trustees.groups,
    "counting.json": encodings.counting,
    "cbor.json": encodings.cbor_values,
    "json.json": encodings.json_values,
    "manifests.json": encodings.manifests,
    "entries.json": encodings.entries,
    "trackers.json": encodings.trackers,
    "merkle.json": logs.merkle,
    "checkpoints.json": logs.checkpoints,
    RECORDS: records.record,
}


def read_vectors(folder: Path, name: str) -> list[Case] | None:
    """Reads a vector file; None where there is none."""
    path = folder / name
    if not path.is_file():
        return None
    vectors: list[Case] = json.loads(path.read_text("utf-8"))
    return vectors


def all_tests(folder: Path) -> dict[str, Test]:
    """The tests of all files; a record's faults need the record."""
    return {**TESTS, BAD_RECORDS: records.bad_records(read_vectors(folder, RECORDS) or [])}


def self_test(folder: Path) -> tuple[list[str], bool]:
    """Runs all vector files; returns what to print and whether all are there and agree."""
    lines = []
    good = True
    tests = all_tests(folder)
    for name, test in tests.items():
        vectors = read_vectors(folder, name)
        if vectors is None:
            lines.append(f"{name}: not there")
            good = False
            continue
        wrong = [
            f"    {vector['name']}: {why}"
            for vector in vectors
            if (why := disagreement(test, vector)) is not None
        ]
        good = good and bool(vectors) and not wrong
        lines += [f"{name}: {len(vectors) - len(wrong)} of {len(vectors)} agree", *wrong]
    for path in sorted(folder.glob("*.json")):
        if path.name not in tests:
            lines.append(f"{path.name}: unknown, not tested")
            good = False
    return lines, good
