"""Block proofs from what the engine answers: its headers, and the signatures under the last."""

import base64
import calendar
import time
from typing import Any

from hanpyo.errors import InvalidBlockProof, Unreachable
from hanpyo.ledger.block_proofs import BlockProof, Header, Precommit
from hanpyo.ledger.blocks import Block
from hanpyo.node.engine.rpc import EngineRefused, EngineRpc, Json

FOR_THE_BLOCK = 2  # a precommit's flag; 1 absent, 3 for no block
NANO_DIGITS = 9


def fetch_proof(engine: EngineRpc, block: Block) -> BlockProof | None:
    """Fetch what proves a block, `None` while the engine does not have it yet."""
    assert block.engine_height is not None, "a single operator's blocks need no proof"
    try:
        first = engine.commit(block.engine_height) if block.engine_height else None
        last = engine.commit(block.engine_height + 1)
    except (Unreachable, EngineRefused):
        return None
    if last is None or (first is None and block.engine_height):
        return None
    return proof_of(first, last)


def proof_of(first: Json | None, last: Json) -> BlockProof:
    """Make a proof of answers to `commit`.

    Args:
        first: of the engine's height H; `None` where the block is the founding one.
        last: of the height after it.

    Raises:
        InvalidBlockProof: the engine answers something else than it should.
    """
    try:
        headers = [_header(each["header"]) for each in (first, last) if each is not None]
        commit = last["commit"]
        parts = commit["block_id"]["parts"]
        precommits = [
            Precommit(place, *read_time(each["timestamp"]), base64.b64decode(each["signature"]))
            for place, each in enumerate(commit["signatures"])
            if each["block_id_flag"] == FOR_THE_BLOCK
        ]
        return BlockProof(
            headers=tuple(headers),
            round=int(commit["round"]),
            parts_total=int(parts["total"]),
            parts_hash=bytes.fromhex(parts["hash"]),
            precommits=tuple(precommits),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidBlockProof(f"the engine's commit is not of its form: {error}") from error


def _header(value: dict[str, Any]) -> Header:
    version, before = value["version"], value["last_block_id"]
    return Header(
        int(version["block"]),
        int(version.get("app", 0)),
        *read_time(value["time"]),
        bytes.fromhex(before["hash"]),
        int(before["parts"]["total"]),
        bytes.fromhex(before["parts"]["hash"]),
        *(
            bytes.fromhex(value[name])
            for name in (
                "last_commit_hash",
                "data_hash",
                "consensus_hash",
                "last_results_hash",
                "evidence_hash",
                "proposer_address",
            )
        ),
    )


def read_time(text: str) -> tuple[int, int]:
    """Read a time with up to nine digits of a second."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    seconds = calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S"))
    return seconds, int(fraction.ljust(NANO_DIGITS, "0")) if fraction else 0
