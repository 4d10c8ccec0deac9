"""Encodings: the vectors of protocol.md 2.6, 2.7, 3, 4, 9.2 and 12."""

import hashlib
from typing import Any

from hanpyo_verifier.election.contests import parse_contest
from hanpyo_verifier.election.entries import Act, decode_entry
from hanpyo_verifier.election.manifest import parse_manifest
from hanpyo_verifier.election.outcome import Count, decide, parse_rule
from hanpyo_verifier.election.signatures import signed_message
from hanpyo_verifier.encoding import canonical_json, cbor
from hanpyo_verifier.hashing.frames import framed_digest
from hanpyo_verifier.log.merkle import leaf_hash
from hanpyo_verifier.self_test import cases as c
from hanpyo_verifier.self_test.cases import Case, read, unhex

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def plain(value: Any) -> Any:
    """A CBOR value as it stands in the vectors."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {"map": [[key, plain(item)] for key, item in value.items()]}
    return value


def _strict(value: Any) -> Any:
    """The same, with types that compare apart: true is not 1."""
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_strict(item) for item in value]
    return (type(value).__name__, value)


def cbor_values(case: Case) -> Case:
    """cbor.json."""
    data = unhex(case["bytes"])
    value = read(cbor.decode, data, c.ENCODING)
    assert cbor.encode(value) == data
    if "value" in case:
        assert _strict(plain(value)) == _strict(case["value"])
    return {}


def json_values(case: Case) -> Case:
    """json.json."""
    value = read(canonical_json.decode, unhex(case["bytes"]), c.ENCODING)
    if "value" in case:
        assert _strict(value) == _strict(case["value"])
    return {}


def manifests(case: Case) -> Case:
    """manifests.json."""
    data = case["manifest"].encode("utf-8", "surrogatepass")
    manifest = read(parse_manifest, data, c.MANIFEST)
    found = {
        "digest": hashlib.sha256(data).hexdigest(),
        "slots": manifest.slots,
        "ballot_sizes": [manifest.style_size(style) for style in range(len(manifest.styles))],
    }
    if "ledger_id" in case:
        found["election_id"] = framed_digest("election", unhex(case["ledger_id"]), data).hex()
    return found


def entries(case: Case) -> Case:
    """entries.json."""
    data = unhex(case["bytes"])
    entry = read(decode_entry, data, c.ENCODING)
    found = {
        "value": plain(cbor.decode(data)),
        "hash": hashlib.sha256(data).hexdigest(),
        "leaf": leaf_hash(data).hex(),
    }
    if isinstance(entry, Act):
        found["message"] = signed_message(unhex(case["ledger_id"]), entry).hex()
    return found


def trackers(case: Case) -> Case:
    """trackers.json."""
    digest = framed_digest("tracker", unhex(case["election_id"]), unhex(case["ballot"]))
    number = int.from_bytes(digest[:15], "big")
    letters = "".join(_LETTERS[number >> 5 * i & 31] for i in range(23, -1, -1))
    tracker = "-".join(letters[i : i + 4] for i in range(0, 24, 4))
    return {"hash": digest.hex(), "tracker": tracker}


def counting(case: Case) -> Case:
    """counting.json."""
    contest = parse_contest(case["contest"], 1, parse_rule)
    counted = case["counted"]
    count = counted and Count(
        counted["totals"], counted["ballots"], counted["weight"], counted["roll_weight"]
    )
    return {"outcome": list(decide(contest, count))}
