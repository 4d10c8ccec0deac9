"""A ledger that members keep: block proofs, conflicts, and whole records (9.5-9.9)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from hanpyo.encoding import encode_base64
from hanpyo.ledger.block_proofs import BlockProof, encode_proof, encode_proofs, header_hash
from hanpyo.ledger.blocks import decode_blocks, encode_blocks
from hanpyo.ledger.checkpoint import (
    Checkpoint,
    Line,
    decode_checkpoint,
    encode_checkpoint,
    make_cosignature,
)
from hanpyo.ledger.conflict import Conflict, Leaf, encode_conflict
from hanpyo.ledger.engine_bytes import PRECOMMIT, Vote, address, validators_hash, vote_message
from hanpyo.ledger.entry import Join, Leave, Rotate
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import leaf_hash, root_of
from tests.helpers.consortium import MemberPlay, key_of, sign_with
from tests.helpers.engine import EnginePlay, record_of
from tests.helpers.equivocations import noted
from tests.helpers.parties import seed
from vectors.common import Vector

NAME = "a consortium"
Files = dict[str, bytes]


@cache
def members_play() -> MemberPlay:
    """Hold an election while members come, change keys and go, and one votes twice."""
    play = MemberPlay()
    play.add(play.join())
    play.add(play.rotate(1, 1))
    play.tallied()
    play.add(noted(play, 3))
    play.add(play.leave(2))
    return play


@cache
def handed_over() -> MemberPlay:
    """Let a single operator found the ledger, and hand it over before the election."""
    play = MemberPlay(1, is_single=True)
    play.now += 60
    play.add(play.hand_over())
    play.now += 60
    play.add(play.join())
    return play


def block_proofs() -> Iterator[Vector]:
    """Bytes that validators hash and sign, and proofs, good and bad."""
    keys = [key_of("validator", number) for number in range(5)]
    for count in (1, 4, 5):
        chosen = keys[:count]
        yield {
            "kind": "validators",
            "name": f"{count} validators",
            "keys": chosen,
            "order": sorted(chosen, key=address),
            "hash": validators_hash(chosen),
            "code": 0,
        }
    for name, vote in _votes().items():
        yield {
            "kind": "vote",
            "name": name,
            "chain_id": "8b501e787eb180ef7f3b3ca095110343",
            "vote": _fields(vote),
            "message": vote_message("8b501e787eb180ef7f3b3ca095110343", vote),
            "code": 0,
        }
    yield from _headers()
    yield from _proofs()


def _votes() -> dict[str, Vote]:
    full = Vote(PRECOMMIT, 7, 2, seed("block"), 3, seed("parts"), 1_700_000_000, 999_999_999)
    return {
        "a precommit": full,
        "a prevote": replace(full, vote_type=1),
        "in round 0": replace(full, round=0),
        "a full second": replace(full, nanos=0),
        "for no block": replace(full, block_hash=b"", parts_total=0, parts_hash=b""),
    }


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _headers() -> Iterator[Vector]:
    engine = EnginePlay(members_play())
    for block in (engine.blocks[0], engine.blocks[5]):
        height = (block.engine_height or 0) + 1
        header = engine.proof(block).headers[-1]
        sets = [engine.history.at(height), engine.history.at(height + 1)]
        yield {
            "kind": "header",
            "name": f"header {height}",
            "header": _fields(header),
            "chain_id": engine.chain_id,
            "height": height,
            "validators": sets[0],
            "next_validators": sets[1],
            "app_hash": engine.app_hash(height),
            "hash": header_hash(header, engine.chain_id, height, *sets, engine.app_hash(height)),
            "code": 0,
        }


def _proofs() -> Iterator[Vector]:
    """Proofs of one block; `code` 55 where they do not hold."""
    engine = EnginePlay(members_play(), silent=(1,))
    block = engine.blocks[5]
    height = block.engine_height
    assert height is not None
    good = engine.proof(block)
    claim = {
        "chain_id": engine.chain_id,
        "engine_height": height,
        "time": block.time_unix_s,
        "root_before": engine.app_hash(height),
        "root_after": block.root,
        "validators": list(engine.history.around(height)),
    }
    first, second = good.headers
    one = good.precommits[0]
    cases: dict[str, BlockProof] = {
        "it holds": good,
        "another time": replace(good, headers=(replace(first, seconds=1), second)),
        "other nanoseconds": replace(good, headers=(replace(first, nanos=1), second)),
        "a header that does not follow": replace(
            good, headers=(first, replace(second, last_hash=seed("x")))
        ),
        "one header": replace(good, headers=(second,)),
        "another round": replace(good, round=1),
        "other parts": replace(good, parts_total=2),
        "too few signatures": replace(good, precommits=good.precommits[:3]),
        "one signature twice": replace(good, precommits=(one, *good.precommits[:3])),
        "signatures in another order": replace(good, precommits=good.precommits[::-1]),
        "no such validator": replace(
            good, precommits=(*good.precommits[:3], replace(one, place=5))
        ),
        "a signature changed": replace(
            good, precommits=(*good.precommits[:3], replace(good.precommits[3], seconds=1))
        ),
    }
    for name, proof in cases.items():
        code = 0 if name == "it holds" else 55
        yield {
            "kind": "proof",
            "name": f"proof: {name}",
            "proof": encode_proof(proof),
            **claim,
            "code": code,
        }
    encoded = encode_proof(good)
    for name, data in {
        "cut": encoded[:-1],
        "a byte more": encoded + b"\x00",
        "no array of headers": b"\xa1\x00\x80",
        "empty": b"",
    }.items():
        yield {"kind": "proof", "name": f"form: {name}", "proof": data, **claim, "code": 55}


def conflicts() -> Iterator[Vector]:
    """Conflict files; `convicts` are numbers, code 56: it proves nothing."""
    play = members_play()
    acts = _acts(play)
    numbers = list(play.membership.active)
    size = play.state.log.size
    root = play.state.log.root()

    def signed(size: int, root: bytes, *numbers: int) -> bytes:
        return encode_checkpoint(play.cosigned(numbers, size=size, root=root))

    ours = signed(size, root, *numbers)
    good = Conflict(acts, (ours, signed(size, seed("other"), *numbers[:1])))
    nodes = play.ledger
    index, small = 5, 9
    other_leaf = seed("another entry")
    forged_root = _root_with(play, small, index, other_leaf)
    two_sizes = Conflict(
        acts,
        (ours, signed(small, forged_root, numbers[1])),
        index,
        (
            Leaf(leaf_hash(next(nodes.entries(index, index + 1))), nodes.inclusion(index, size)),
            Leaf(other_leaf, nodes.inclusion(index, small)),
        ),
    )
    cases: dict[str, tuple[Conflict, list[int]]] = {
        "two roots of one size": (good, numbers[:1]),
        "two leaves at one index": (two_sizes, [numbers[1]]),
        "the same root": (Conflict(acts, (ours, signed(size, root, numbers[0]))), []),
        "nobody signed both": (
            Conflict(acts, (signed(size, root, 0), signed(size, seed("other"), 1))),
            [],
        ),
        "an act is missing": (Conflict(acts[1:], good.checkpoints), []),
        "who left signed": (Conflict(acts, (ours, signed_by_former(play, size))), []),
        "leaves for one size": (replace(good, leaves=two_sizes.leaves), []),
        "an index for one size": (replace(good, index=1), []),
        "no leaves for two sizes": (replace(two_sizes, index=0, leaves=()), []),
        "the same leaf twice": (
            replace(two_sizes, leaves=(two_sizes.leaves[0], two_sizes.leaves[0])),
            [],
        ),
    }
    for name, (conflict, convicts) in cases.items():
        yield {
            "name": name,
            "conflict": encode_conflict(conflict),
            "convicts": convicts,
            "code": 0 if convicts else 56,
        }


def signed_by_former(play: MemberPlay, size: int) -> bytes:
    """Let the member that left sign another root."""
    before = replace(play.membership, active={**play.state.memberships[0][1].active})
    line = replace(play.cosigned([0], size=size, root=seed("other")).cosignatures[0])
    text = encode_checkpoint(Checkpoint(before.origin, size, seed("other"), (line,)))
    return text.replace(f"{before.origin}/0 ".encode(), f"{before.origin}/2 ".encode())


def _root_with(play: MemberPlay, size: int, index: int, leaf: bytes) -> bytes:
    leaves = [leaf_hash(entry) for entry in play.ledger.entries(0, size)]
    leaves[index] = leaf
    return root_of(leaves)


def _acts(play: MemberPlay) -> tuple[bytes, ...]:
    indexes = [0, *play.ledger.find(bytes(32), (Join.kind, Leave.kind, Rotate.kind))]
    return tuple(next(play.ledger.entries(index, index + 1)) for index in indexes)


def consortium_records() -> Iterator[Vector]:
    """Give the record of a consortium's ledger, and of one that was handed over."""
    play = members_play()
    yield {
        "name": NAME,
        "files": _shown(record_of(play)),
        "report": {
            "valid": True,
            "election": play.election_id,
            "phase": play.election.phase.value,
            "result": {
                contest.id: dict(zip((o.id for o in contest.options), totals, strict=True))
                for contest, totals in zip(play.manifest.contests, _totals(play), strict=True)
                if totals
            },
        },
    }
    yield {
        "name": "handed over",
        "files": _shown(record_of(handed_over())),
        "report": {"valid": True, "election": None, "phase": None, "result": {}},
    }


def _totals(play: MemberPlay) -> list[list[int]]:
    found: list[list[int]] = []
    for number in range(len(play.manifest.contests)):
        results = [each for (c, _), each in play.election.results.items() if c == number]
        columns = zip(*(each.totals for each in results), strict=True)
        found.append([sum(column) for column in columns])
    return found


def _shown(files: Files) -> dict[str, str]:
    return {path: encode_base64(data) for path, data in sorted(files.items())}


def consortium_faults() -> Iterator[tuple[str, Files, str, int | None]]:
    """Give a consortium's record with one fault each: name, files, check and entry."""
    play = members_play()
    engine, good = EnginePlay(play), record_of(play)
    proofs, blocks = engine.proofs(), decode_blocks(good["blocks"])
    at = 5
    entry = blocks[at].size - 1

    def with_proofs(changed: list[BlockProof]) -> Files:
        return {**good, "commits": encode_proofs(changed)}

    def with_proof(**changes: Any) -> Files:
        return with_proofs([*proofs[:at], replace(proofs[at], **changes), *proofs[at + 1 :]])

    def with_block(**changes: Any) -> Files:
        changed = [*blocks[:at], replace(blocks[at], **changes), *blocks[at + 1 :]]
        return {**good, "blocks": encode_blocks(changed)}

    proof = proofs[at]
    first, second = proof.headers
    yield "no proof of the last block", with_proofs(proofs[:-1]), "C26", blocks[-1].size - 1
    yield "a proof too many", with_proofs([*proofs, proofs[-1]]), "C26", None
    yield "no proofs", {p: d for p, d in good.items() if p != "commits"}, "C01", None
    yield "a cut proof", {**good, "commits": good["commits"][:-1]}, "C01", None
    yield (
        "a header of another time",
        with_proof(headers=(replace(first, seconds=first.seconds + 1), second)),
        "C26",
        entry,
    )
    yield (
        "a header changed",
        with_proof(headers=(first, replace(second, data_hash=seed("x")))),
        "C26",
        entry,
    )
    yield "too few validators", with_proof(precommits=proof.precommits[:3]), "C26", entry
    yield (
        "a validator twice",
        with_proof(precommits=(proof.precommits[0], *proof.precommits)),
        "C26",
        entry,
    )
    late = replace(blocks[-1], time_unix_s=blocks[-1].time_unix_s + 1)
    yield (
        "another time of a block",
        {
            **good,
            "blocks": encode_blocks([*blocks[:-1], late]),
        },
        "C26",
        late.size - 1,
    )
    yield "falling engine heights", with_block(engine_height=1), "C05", entry
    yield (
        "a cosignature for an engine height",
        with_block(cosignature=bytes(64), engine_height=None),
        "C05",
        entry,
    )
    yield from _checkpoint_faults(play, good)


def _checkpoint_faults(
    play: MemberPlay, good: Files
) -> Iterator[tuple[str, Files, str, int | None]]:
    checkpoint = decode_checkpoint(good["checkpoint"])
    for name, lines in {
        "too few cosigners": checkpoint.lines[:2],
        "cosigners in another order": checkpoint.lines[::-1],
        "a cosigner twice": (checkpoint.lines[0], *checkpoint.lines),
    }.items():
        text = encode_checkpoint(replace(checkpoint, lines=tuple(lines)))
        yield name, {**good, "checkpoint": text}, "C04", None
    former = play.state.memberships[0][1]
    text = encode_checkpoint(
        replace(checkpoint, lines=(*checkpoint.lines[:2], _line_of(play, former, checkpoint)))
    )
    yield "who left cosigns", {**good, "checkpoint": text}, "C04", None


def _line_of(play: MemberPlay, former: Membership, checkpoint: Checkpoint) -> Line:
    key = former.active[2].cosigning_key
    return make_cosignature(former, 2, checkpoint.size, checkpoint.root, play.now, sign_with(key))
