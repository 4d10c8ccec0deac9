"""The hash tree, checkpoints, blocks and promises (docs/protocol.md 9)."""

from collections.abc import Iterator
from typing import Any

from hanpyo.encoding import decode_cbor, encode_base64, encode_cbor
from hanpyo.ledger import checkpoint as notes
from hanpyo.ledger.blocks import Block, block_message, encode_blocks
from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    Act,
    Genesis,
    Signature,
    act_message,
    encode_entry,
    entry_hash,
)
from hanpyo.ledger.membership import found_single
from hanpyo.ledger.merkle import (
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
    tree_root,
)
from hanpyo.ledger.promise import encode_promise_file, make_promise
from hanpyo.ledger.tiles import bundle_path, record_paths, tile_path
from vectors.common import Vector, flip, seed, tagged
from vectors.entries import GENESIS
from vectors.signers import public, signer

LEDGER_ID, SCOPE = seed("ledger"), seed("election")
KEEPERS = found_single(GENESIS)


def merkle() -> Iterator[Vector]:
    """Roots, proofs, names of files."""
    leaves = [leaf_hash(bytes([n])) for n in range(20)]

    def read(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return node_hash(read(level - 1, 2 * index), read(level - 1, 2 * index + 1))

    for size in range(12):
        root = root_of(leaves[:size])
        yield {"name": f"root of {size}", "kind": "root", "leaves": leaves[:size], "root": root}
    pairs = [(0, 1), (0, 2), (1, 2), (2, 3), (0, 7), (4, 7), (6, 7), (7, 8), (5, 13), (12, 13)]
    pairs += [(0, 20), (15, 20), (16, 20), (19, 20)]
    for index, size in pairs:
        proof = prove_inclusion(index, size, read)
        yield {
            "name": f"leaf {index} of {size}",
            "kind": "inclusion",
            "leaf": leaves[index],
            "index": index,
            "size": size,
            "proof": proof,
            "root": tree_root(size, read),
            "code": 0,
        }
    yield from inclusion_faults(leaves, prove_inclusion(5, 13, read), tree_root(13, read))
    for old, new in [(1, 1), (1, 2), (2, 3), (3, 7), (4, 7), (6, 7), (4, 8), (7, 8), (13, 20)]:
        proof = prove_consistency(old, new, read)
        yield {
            "name": f"from {old} to {new}",
            "kind": "consistency",
            "old": old,
            "old_root": tree_root(old, read),
            "new": new,
            "new_root": tree_root(new, read),
            "proof": proof,
            "code": 0,
        }
    good: dict[str, Any] = {
        "old": 6,
        "old_root": tree_root(6, read),
        "new": 13,
        "new_root": tree_root(13, read),
    }
    proof = prove_consistency(6, 13, read)
    faults: dict[str, Vector] = {
        "first hash changed": {"proof": [flip(proof[0], 0), *proof[1:]]},
        "last hash changed": {"proof": [*proof[:-1], flip(proof[-1], 0)]},
        "a hash short": {"proof": proof[:-1]},
        "a hash long": {"proof": [*proof, proof[0]]},
        "empty": {"proof": []},
        "other old root": {"old_root": flip(good["old_root"], 0)},
        "other new root": {"new_root": flip(good["new_root"], 0)},
        "other old size": {"old": 5},
        "sizes the wrong way round": {"old": 13, "new": 6},
        "from size 0": {"old": 0},
        "same size, other root": {"old": 13, "proof": []},
    }
    for name, changes in faults.items():
        common = {"name": f"consistency: {name}", "kind": "consistency", **good, "proof": proof}
        yield {**common, **changes, "code": 51}
    yield from names()


def inclusion_faults(
    leaves: list[bytes], proof: tuple[bytes, ...], root: bytes
) -> Iterator[Vector]:
    """Put a fault into the proof of leaf 5 of 13."""
    common = {"kind": "inclusion", "leaf": leaves[5], "index": 5, "size": 13, "proof": proof}
    faults: dict[str, dict[str, object]] = {
        "another leaf": {"leaf": leaves[4]},
        "another index": {"index": 4},
        "index out of range": {"index": 13},
        "another size": {"size": 8},
        "a hash changed": {"proof": [flip(proof[0], 0), *proof[1:]]},
        "hashes in another order": {"proof": [proof[1], proof[0], *proof[2:]]},
        "a hash short": {"proof": proof[:-1]},
        "a hash long": {"proof": [*proof, proof[0]]},
        "empty": {"proof": []},
        "another root": {"root": flip(root, 0)},
    }
    for name, changes in faults.items():
        yield {"name": f"inclusion: {name}", **common, "root": root, **changes, "code": 50}


def names() -> Iterator[Vector]:
    """Name tiles and the files of records."""
    for level, number, width in [
        (0, 0, 256),
        (0, 0, 1),
        (1, 999, 256),
        (2, 1000, 255),
        (0, 1_234_067, 256),
        (3, 1_234_067, 17),
    ]:
        yield {
            "name": f"tile {level} {number} {width}",
            "kind": "tile path",
            "level": level,
            "number": number,
            "width": width,
            "path": tile_path(level, number, width),
        }
        path = bundle_path(number, width)
        facts = {"level": "entries", "number": number, "width": width, "path": path}
        yield {"name": f"bundle {level} {number} {width}", "kind": "tile path", **facts}
    for size in (1, 255, 256, 257, 600):
        paths = sorted(["blocks", "checkpoint", *record_paths(size)])
        yield {"name": f"files of {size}", "kind": "record files", "size": size, "paths": paths}


# --- checkpoints, blocks, promises ---


def checkpoints() -> Iterator[Vector]:
    """Signed notes, the blocks file, promises."""
    message = act_message(NO_SCOPE, NO_SCOPE, 0, GENESIS)
    signed = Signature(MEMBER, 0, signer("member")(message))
    genesis = encode_entry(Act(NO_SCOPE, 0, GENESIS, (signed,)))
    yield from checkpoint_notes(genesis)
    yield from blocks(genesis)
    yield from promises()


def checkpoint_notes(genesis: bytes) -> Iterator[Vector]:
    """Read and check checkpoints."""
    sign, cosign, root = signer("member"), signer("cosigner"), seed("root")
    common: dict[str, Any] = {"kind": "checkpoint", "genesis": genesis}

    def note(size: int, time: int, **changes: Any) -> bytes:
        keys = {"sign": sign, "cosign": cosign, "keepers": KEEPERS, **changes}
        return notes.encode_checkpoint(
            notes.sign_checkpoint(keys["keepers"], size, root, time, keys["sign"], keys["cosign"])
        )

    for size, time in ((1, 0), (20_852_163, 1_679_315_147), (2**63 - 1, 2**63 - 1)):
        yield {
            **common,
            "name": f"checkpoint of {size}",
            "text": note(size, time).decode(),
            "origin": KEEPERS.origin,
            "size": size,
            "root": root,
            "timestamp": time,
            "code": 0,
        }
    text = note(1000, 5000).decode()
    head, _, signatures = text.partition("\n\n")
    one, two, _ = signatures.split("\n")
    elsewhere = found_single(Genesis(1, seed("another"), 0, GENESIS.members))
    origin = KEEPERS.origin
    faults = {
        "another size": text.replace("\n1000\n", "\n1001\n", 1),
        "another root": text.replace(encode_base64(root), encode_base64(seed("other"))),
        "another log": note(1000, 5000, keepers=elsewhere).decode(),
        "signed by another": note(1000, 5000, sign=signer("thief")).decode(),
        "cosigned by another": note(1000, 5000, cosign=signer("thief")).decode(),
        "signatures in the other order": f"{head}\n\n{two}\n{one}\n",
        "without cosignature": f"{head}\n\n{one}\n",
        "without signatures": f"{head}\n\n",
        "a third signature": f"{head}\n\n{one}\n{two}\n{two}\n",
        "without the last newline": text[:-1],
        "a newline more": text + "\n",
        "carriage returns": text.replace("\n", "\r\n"),
        "a hyphen for the dash": text.replace("\u2014", "-"),
        "a leading zero": text.replace("\n1000\n", "\n01000\n", 1),
        "a sign": text.replace("\n1000\n", "\n+1000\n", 1),
        "an extension line": text.replace("\n\n", "\nextension\n\n", 1),
        "another key name": text.replace(f" {origin}/0 ", f" {origin}/1 "),
        "root without padding": text.replace(encode_base64(root), encode_base64(root)[:-1]),
        "root with unused bits": text.replace(encode_base64(root), unused(encode_base64(root))),
        "empty": "",
    }
    for name, changed in faults.items():
        yield {**common, "name": f"checkpoint: {name}", "text": changed, "code": 52}


def unused(text: str) -> str:
    """Set an unused bit in Base64 of 32 bytes, which ends in one `=`."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:-2] + alphabet[alphabet.index(text[-2]) + 1] + "="


def blocks(genesis: bytes) -> Iterator[Vector]:
    """Read and check the blocks file."""
    origin, cosign = KEEPERS.origin, signer("cosigner")
    made = []
    for height, time, size in ((1, 0, 1), (2, 1000, 4), (3, 1000, 1_000_000)):
        root = seed("root", height)
        cosignature = cosign(block_message(origin, time, size, root))
        made.append(Block(height, time, size, root, cosignature))
    text = encode_blocks(made).decode()
    common: dict[str, Any] = {"kind": "blocks", "genesis": genesis}
    rows = [[each.height, each.time_unix_s, each.size, each.root] for each in made]
    yield {**common, "name": "three blocks", "text": text, "blocks": rows, "code": 0}
    faults = {
        "another time": text.replace("2 1000 4", "2 1001 4"),
        "another size": text.replace("2 1000 4", "2 1000 5"),
        "cut off": text[:-1],
        "two spaces": text.replace("2 1000 4", "2  1000 4"),
        "a leading zero": text.replace("2 1000 4", "02 1000 4"),
        "an empty line": text + "\n",
        "carriage returns": text.replace("\n", "\r\n"),
        "a field short": text.replace("2 1000 4", "2 1000"),
    }
    for name, changed in faults.items():
        yield {**common, "name": f"blocks: {name}", "text": changed, "code": 52}


def promises() -> Iterator[Vector]:
    """Read and check promises."""
    entry = b"an entry"
    gateway, sign = public("gateway"), signer("gateway")
    common: dict[str, Any] = {"kind": "promise", "ledger_id": LEDGER_ID, "gateways": [gateway]}
    name_of = entry_hash(entry)
    data = make_promise(LEDGER_ID, name_of, 7, 1_000_000, gateway, sign)
    yield {
        **common,
        "name": "promise",
        "bytes": data,
        "value": tagged(decode_cbor(data)),
        "code": 0,
    }
    thief, steal = public("thief"), signer("thief")
    faults = {
        "signed by another": make_promise(LEDGER_ID, name_of, 7, 1_000_000, gateway, steal),
        "of a gateway that is not listed": make_promise(LEDGER_ID, name_of, 7, 1, thief, steal),
        "of another ledger": make_promise(SCOPE, name_of, 7, 1_000_000, gateway, sign),
        "signature changed": flip(data, -1),
        "size changed": data.replace(b"\x02\x07\x03", b"\x02\x08\x03"),
        "a byte short": data[:-1],
        "a byte long": data + b"\0",
        "empty": b"",
    }
    for name, changed in faults.items():
        yield {**common, "name": f"promise: {name}", "bytes": changed, "code": 53}
    file = encode_promise_file(data, entry)
    yield {"name": "promise file", "kind": "promise file", "bytes": file, "code": 0}
    others = {
        "about another entry": encode_promise_file(data, b"another entry"),
        "a byte short": file[:-1],
        "a promise alone": data,
        "of promise and entry exchanged": encode_cbor({0: entry, 1: data}),
        "empty": b"",
    }
    for name, changed in others.items():
        common = {"name": f"promise file: {name}", "kind": "promise file"}
        yield {**common, "bytes": changed, "code": 53}
