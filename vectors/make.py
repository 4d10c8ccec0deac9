"""Writes all test vectors but `counting.json` (`counting.py` does) anew, byte for byte the same.

`python -m vectors.make [NAME ...]`, or `make vectors`; README.md describes the files.
"""

import sys
from collections.abc import Callable, Iterable

from vectors.common import FOLDER, Vector, encode_vectors
from vectors.consortium import block_proofs, conflicts, consortium_records
from vectors.contests import contests, contests_bad, shapes
from vectors.decisions import groups, trackers
from vectors.encodings import cbor, json_texts, manifests
from vectors.entries import entries
from vectors.group import frames_and_transcript, generators, ristretto255
from vectors.keys import credentials, ed25519
from vectors.ledger import checkpoints, merkle
from vectors.records import consortium_bad, record, records_bad
from vectors.trustees import ceremony, shares

FILES: dict[str, Callable[[], Iterable[Vector]]] = {
    "ristretto255": ristretto255,
    "frames_and_transcript": frames_and_transcript,
    "generators": generators,
    "shapes": shapes,
    "contests": contests,
    "contests_bad": contests_bad,
    "credentials": credentials,
    "ed25519": ed25519,
    "ceremony": ceremony,
    "shares": shares,
    "cbor": cbor,
    "json": json_texts,
    "manifests": manifests,
    "entries": entries,
    "merkle": merkle,
    "checkpoints": checkpoints,
    "block_proofs": block_proofs,
    "conflicts": conflicts,
    "groups": groups,
    "trackers": trackers,
    "record": record,
    "records_bad": records_bad,
    "consortium_records": consortium_records,
    "consortium_bad": consortium_bad,
}


def file_bytes(name: str) -> bytes:
    """Make one file's content.

    Raises:
        ValueError: two vectors of the file have one name.
    """
    vectors = list(FILES[name]())
    names = [each["name"] for each in vectors]
    repeated = {each for each in names if names.count(each) > 1}
    if repeated:
        raise ValueError(f"{name}: these names are there twice: {repeated}")
    return encode_vectors(vectors)


def main() -> None:
    """Write the files."""
    for name in sys.argv[1:] or FILES:
        data = file_bytes(name)
        (FOLDER / f"{name}.json").write_bytes(data)
        print(f"{name}.json: {len(data)} bytes")


if __name__ == "__main__":
    main()
