"""Vectors of encodings, the log and records, against this implementation."""

import base64
from collections.abc import Sequence
from typing import Any

import pytest

from hanpyo.election.ballot import tracker, tracker_hash
from hanpyo.election.manifest import decode_manifest, election_id, manifest_digest
from hanpyo.encoding import decode_cbor, decode_json, encode_cbor, encode_json
from hanpyo.errors import DamagedRecord
from hanpyo.ledger import checkpoint as notes
from hanpyo.ledger.blocks import Block, check_block, decode_blocks
from hanpyo.ledger.entry import (
    Act,
    Genesis,
    act_message,
    decode_entry,
    encode_entry,
    entry_hash,
    signed_message,
)
from hanpyo.ledger.membership import found_single
from hanpyo.ledger.merkle import check_consistency, check_inclusion, leaf_hash, root_of
from hanpyo.ledger.promise import check_promise, decode_promise, decode_promise_file
from hanpyo.ledger.record import RecordReader
from hanpyo.ledger.tiles import bundle_path, record_paths, tile_path
from hanpyo.verify import Report, verify_record
from tests.vectors.loading import Vector, code_of, each, facts, load, unhex, untag

# --- encodings ---


@each("cbor")
def test_cbor(vector: Vector) -> None:
    data = unhex(vector["bytes"])
    assert code_of(decode_cbor, data) == vector["code"]
    if not vector["code"]:
        assert decode_cbor(data) == untag(vector["value"])
        assert encode_cbor(untag(vector["value"])) == data


@each("json")
def test_json(vector: Vector) -> None:
    data = unhex(vector["bytes"])
    assert code_of(decode_json, data) == vector["code"]
    if not vector["code"]:
        assert decode_json(data) == vector["value"]
        assert encode_json(vector["value"]) == data


@each("manifests")
def test_manifests(vector: Vector) -> None:
    data = vector["manifest"].encode()
    assert code_of(decode_manifest, data) == vector["code"]
    if not vector["code"]:
        manifest = decode_manifest(data)
        assert manifest_digest(data).hex() == vector["digest"]
        assert election_id(unhex(vector["ledger_id"]), data).hex() == vector["election_id"]
        assert manifest.slots == vector["slots"]
        sizes = [manifest.ballot_size(style) for style in range(len(manifest.styles))]
        assert sizes == vector["ballot_sizes"]


@each("entries")
def test_entries(vector: Vector) -> None:
    data = unhex(vector["bytes"])
    assert code_of(decode_entry, data) == vector["code"]
    if vector["code"]:
        return
    entry = decode_entry(data)
    assert encode_entry(entry) == data == encode_cbor(untag(vector["value"]))
    assert (entry_hash(data).hex(), leaf_hash(data).hex()) == (vector["hash"], vector["leaf"])
    if isinstance(entry, Act):
        ledger_id, message = facts(vector, "ledger_id", "message")
        assert act_message(ledger_id, entry.scope, entry.number, entry.body) == message
        assert signed_message(ledger_id, entry, data) == message


@each("trackers")
def test_trackers(vector: Vector) -> None:
    known = facts(vector, "election_id", "ballot")
    assert tracker(*known) == vector["tracker"]
    assert tracker_hash(*known).hex() == vector["hash"]


# --- the log ---


@each("merkle", "root", "inclusion", "consistency")
def test_tree(vector: Vector) -> None:
    if vector["kind"] == "root":
        assert root_of(unhex(vector["leaves"])).hex() == vector["root"]
    elif vector["kind"] == "inclusion":
        known = facts(vector, "leaf", "index", "size", "proof", "root")
        assert code_of(check_inclusion, *known) == vector["code"]
    else:
        known = facts(vector, "old", "old_root", "new", "new_root", "proof")
        assert code_of(check_consistency, *known) == vector["code"]


@each("merkle", "tile path", "record files")
def test_names_of_files(vector: Vector) -> None:
    if vector["kind"] == "record files":
        paths = sorted(["blocks", "checkpoint", *record_paths(vector["size"])])
        assert paths == vector["paths"]
    elif vector["level"] == "entries":
        assert bundle_path(vector["number"], vector["width"]) == vector["path"]
    else:
        found = tile_path(vector["level"], vector["number"], vector["width"])
        assert found == vector["path"]


def genesis_of(vector: Vector) -> Genesis:
    """Read a vector's genesis entry."""
    act = decode_entry(unhex(vector["genesis"]))
    assert isinstance(act, Act)
    assert isinstance(act.body, Genesis)
    return act.body


@each("checkpoints", "checkpoint")
def test_checkpoints(vector: Vector) -> None:
    genesis, data = genesis_of(vector), vector["text"].encode()

    def read() -> notes.Checkpoint:
        checkpoint = notes.decode_checkpoint(data)
        notes.check_checkpoint(checkpoint, found_single(genesis))
        return checkpoint

    assert code_of(read) == vector["code"]
    if not vector["code"]:
        found = read()
        assert (found.origin, found.size) == (vector["origin"], vector["size"])
        assert (found.root.hex(), found.timestamp_unix_s) == (vector["root"], vector["timestamp"])
        assert notes.encode_checkpoint(found) == data


@each("checkpoints", "blocks")
def test_blocks(vector: Vector) -> None:
    genesis, data = genesis_of(vector), vector["text"].encode()

    def read() -> list[Block]:
        blocks = decode_blocks(data)
        for block in blocks:
            check_block(block, found_single(genesis))
        return blocks

    assert code_of(read) == vector["code"]
    if not vector["code"]:
        found = [[each.height, each.time_unix_s, each.size, each.root.hex()] for each in read()]
        assert found == vector["blocks"]


@each("checkpoints", "promise", "promise file")
def test_promises(vector: Vector) -> None:
    data = unhex(vector["bytes"])

    def read() -> None:
        if vector["kind"] == "promise file":
            decode_promise_file(data)
        else:
            check_promise(decode_promise(data), *facts(vector, "ledger_id", "gateways"))

    assert code_of(read) == vector["code"]


# --- records ---

Files = dict[str, bytes]
RECORDS: dict[str, Files] = {
    vector["name"]: {path: base64.b64decode(text) for path, text in vector["files"].items()}
    for name in ("record", "consortium_records")
    for vector in load(name)
}


def changed(files: Files, changes: Sequence[dict[str, Any]]) -> Files:
    """Change files as README.md says."""
    files = dict(files)
    for change in changes:
        path = change["path"]
        if "rename" in change:
            files[change["rename"]] = files.pop(path)
        elif "delete" in change:
            del files[path]
        elif "create" in change:
            files[path] = base64.b64decode(change["create"])
        elif "xor" in change:
            data = bytearray(files[path])
            data[change["offset"]] ^= change["xor"]
            files[path] = bytes(data)
        else:
            data, at = bytearray(files[path]), change["offset"]
            data[at : at + change["remove"]] = base64.b64decode(change["insert"])
            files[path] = bytes(data)
    return files


def verified(files: Files) -> Report:
    """Verify a record."""
    return verify_record(RecordReader(lambda: list(files), files.__getitem__))


def failures(files: Files) -> list[tuple[str, int | None]]:
    """Name check and entry of all that fails; without a checkpoint nothing can be reported."""
    try:
        return verified(files).failures()
    except DamagedRecord as error:
        return [(error.check, None)]


@pytest.mark.parametrize("vector", [*load("record"), *load("consortium_records")])
def test_records_hold(vector: Vector) -> None:
    report = verified(RECORDS[vector["name"]]).to_json()
    assert {name: report[name] for name in vector["report"]} == vector["report"]


@pytest.mark.parametrize(
    "vector", [*load("records_bad"), *load("consortium_bad")], ids=lambda vector: vector["name"]
)
def test_bad_records_are_found_and_named(vector: Vector) -> None:
    files = changed(RECORDS[vector["record"]], vector["changes"])
    fault = (vector["check"], vector["entry"])
    found = failures(files)
    assert fault in found
    if vector["only"]:
        assert set(found) == {fault}
