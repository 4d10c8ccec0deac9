"""The log: the vectors of protocol.md 9.1 and 9.4 to 9.7."""

import io

from hanpyo_verifier.election.entries import Act, decode_entry
from hanpyo_verifier.group.ed25519 import PublicKey, public_key
from hanpyo_verifier.log import blocks, checkpoint, layout, proofs
from hanpyo_verifier.log.merkle import root_of
from hanpyo_verifier.promises import read_promise, read_promise_file
from hanpyo_verifier.self_test import cases as c
from hanpyo_verifier.self_test.cases import Case, all_unhex, by_kind, need, read, unhex


def _inclusion(case: Case) -> Case:
    leaf, root, proof = unhex(case["leaf"]), unhex(case["root"]), all_unhex(case["proof"])
    need(proofs.inclusion_holds(case["index"], leaf, case["size"], root, proof), c.INCLUSION)
    return {}


def _consistency(case: Case) -> Case:
    old, new = (case["old"], unhex(case["old_root"])), (case["new"], unhex(case["new_root"]))
    need(proofs.consistency_holds(*old, *new, all_unhex(case["proof"])), c.CONSISTENCY)
    return {}


def _tile_path(case: Case) -> Case:
    return {"path": layout.tile_path(str(case["level"]), case["number"], case["width"])}


def _record_files(case: Case) -> Case:
    paths = sorted(layout.expected_files(case["size"]))
    assert all(layout.is_expected(path, case["size"]) for path in paths)
    return {"paths": paths}


merkle = by_kind({
    "root": lambda case: {"root": root_of(all_unhex(case["leaves"])).hex()},
    "inclusion": _inclusion,
    "consistency": _consistency,
    "tile path": _tile_path,
    "record files": _record_files,
})  # fmt: skip


def _genesis(case: Case) -> tuple[str, PublicKey, PublicKey]:
    """The origin, and member 0's signing and cosigning keys."""
    act = decode_entry(unhex(case["genesis"]))
    assert isinstance(act, Act)
    signing, cosigning = public_key(act.body[3][0][1]), public_key(act.body[3][0][2])
    assert signing is not None
    assert cosigning is not None
    return f"hanpyo/{act.body[1][:8].hex()}", signing, cosigning


def _checkpoint(case: Case) -> Case:
    data = case["text"].encode("utf-8", "surrogatepass")
    head = read(checkpoint.parse_checkpoint, data, c.CHECKPOINT)
    need(not checkpoint.faults(head, *_genesis(case)), c.CHECKPOINT)
    return {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "timestamp": head.timestamp,
    }


def _blocks(case: Case) -> Case:
    data = case["text"].encode("utf-8", "surrogatepass")
    found = read(lambda data: list(blocks.parse_lines(io.BytesIO(data))), data, c.CHECKPOINT)
    origin, _, cosigning = _genesis(case)
    for block in found:
        text = checkpoint.checkpoint_text(origin, block.size, block.root)
        message = checkpoint.cosigned(block.time, text)
        need(cosigning.verify(message, block.cosignature), c.CHECKPOINT)
    return {"blocks": [[b.height, b.time, b.size, b.root.hex()] for b in found]}


def _promise(case: Case) -> Case:
    promise = read(read_promise, unhex(case["bytes"]), c.PROMISE)
    need(promise.ledger_id == unhex(case["ledger_id"]), c.PROMISE)
    need(promise.gateway in all_unhex(case["gateways"]) and promise.holds(), c.PROMISE)
    return {}


def _promise_file(case: Case) -> Case:
    read(read_promise_file, unhex(case["bytes"]), c.PROMISE)
    return {}


checkpoints = by_kind({
    "checkpoint": _checkpoint,
    "blocks": _blocks,
    "promise": _promise,
    "promise file": _promise_file,
})  # fmt: skip
