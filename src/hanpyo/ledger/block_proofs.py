"""Block proofs: the engine's headers and signatures that vouch for a block (docs/protocol.md 9.8).

A proof holds only what the log does not say itself; the hash of a header is made from both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hanpyo import crypto
from hanpyo.encoding import decode_cbor, encode_cbor, u32
from hanpyo.errors import InvalidBlockProof, InvalidEncoding
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.engine_bytes import (
    PRECOMMIT,
    Vote,
    block_id,
    in_order,
    integer,
    octets,
    timestamp,
    tree_root,
    validators_hash,
    vote_message,
)
from hanpyo.ledger.forms import array, listed, mapped, number
from hanpyo.ledger.forms import octets as octet_form
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.validators import ValidatorHistory, ValidatorSet

VALIDATORS_MAX = 64
PROOF_BYTES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Header:
    """What a header of the engine says beyond the log."""

    block_version: int
    app_version: int
    seconds: int
    nanos: int
    last_hash: bytes
    last_parts_total: int
    last_parts_hash: bytes
    last_commit_hash: bytes
    data_hash: bytes
    consensus_hash: bytes
    last_results_hash: bytes
    evidence_hash: bytes
    proposer: bytes


@dataclass(frozen=True, slots=True)
class Precommit:
    """A validator's signature for a block; `place` is the validator's in the engine's order."""

    place: int
    seconds: int
    nanos: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class BlockProof:
    """What vouches for one block of the ledger.

    Attributes:
        headers: of the engine's heights H and H + 1, or of 1 alone where H = 0.
        round: in which the last of them was agreed on.
        parts_total, parts_hash: the parts of its block.
        precommits: of the validators who signed it, ascending by place.
    """

    headers: tuple[Header, ...]
    round: int
    parts_total: int
    parts_hash: bytes
    precommits: tuple[Precommit, ...]


@dataclass(frozen=True, slots=True)
class BlockClaim:
    """What a proof has to vouch for: a block as the log shows it.

    Attributes:
        engine_height: H; 0: the validators founded the ledger with it.
        root_before, root_after: the log's roots.
        validators: at H, H + 1 and H + 2.
    """

    chain_id: str
    engine_height: int
    time_unix_s: int
    root_before: bytes
    root_after: bytes
    validators: tuple[ValidatorSet, ValidatorSet, ValidatorSet]

    @classmethod
    def of(
        cls, block: Block, root_before: bytes, membership: Membership, history: ValidatorHistory
    ) -> "BlockClaim":
        """Give what has to be proved of a block of a consortium.

        Args:
            block: with its engine height; noted in `history`.
            root_before: the log's root after the block before it.
            membership: who keeps the ledger at its end.
            history: who validated when.
        """
        assert block.engine_height is not None, "a single operator's blocks are not proved so"
        assert membership.chain_id is not None, "a consortium keeps the ledger"
        return cls(
            chain_id=membership.chain_id,
            engine_height=block.engine_height,
            time_unix_s=block.time_unix_s,
            root_before=root_before,
            root_after=block.root,
            validators=history.around(block.engine_height),
        )


_hash = octet_form(0, 32)
_count = number()
_HEADER = listed(
    Header,
    *(_count, _count, _count, _count, _hash, _count),
    *(_hash, _hash, _hash, _hash, _hash, _hash),
    octet_form(20),
)
_PRECOMMIT = listed(Precommit, _count, _count, _count, octet_form(64))
_PROOF = mapped(
    BlockProof,
    array(_HEADER, 1, 2),
    _count,
    _count,
    octet_form(32),
    array(_PRECOMMIT, 1, VALIDATORS_MAX),
)


def encode_proof(proof: BlockProof) -> bytes:
    """Write a proof."""
    return encode_cbor(_PROOF.write(proof))


def decode_proof(data: bytes) -> BlockProof:
    """Read a proof; whether it holds is checked by `check_proof`.

    Raises:
        InvalidBlockProof: not in the exact form of 9.8.
    """
    if len(data) > PROOF_BYTES_MAX:
        raise InvalidBlockProof(f"a block proof has at most {PROOF_BYTES_MAX} bytes")
    try:
        proof: BlockProof = _PROOF.read(decode_cbor(data))
    except InvalidEncoding as error:
        raise InvalidBlockProof(f"not a block proof: {error}") from error
    return proof


def frame_proof(data: bytes) -> bytes:
    """Put an encoded proof after its length, as `commits` holds it."""
    return u32(len(data)) + data


def split_proofs(data: bytes) -> Iterator[bytes]:
    """Give the encoded proofs of a `commits` file.

    Raises:
        InvalidBlockProof: it does not split exactly.
    """
    start = 0
    while start < len(data):
        length = int.from_bytes(data[start : start + 4], "big")
        stop = start + 4 + length
        if start + 4 > len(data) or not 1 <= length <= PROOF_BYTES_MAX or stop > len(data):
            raise InvalidBlockProof("the last proof is cut off, or a length is none")
        yield data[start + 4 : stop]
        start = stop


def encode_proofs(proofs: Iterable[BlockProof]) -> bytes:
    """Write a `commits` file."""
    return b"".join(frame_proof(encode_proof(proof)) for proof in proofs)


def header_hash(
    header: Header,
    chain_id: str,
    height: int,
    validators: ValidatorSet,
    next_validators: ValidatorSet,
    app_hash: bytes,
) -> bytes:
    """Give the engine's hash of a header: the tree over its fourteen fields."""
    last = block_id(header.last_hash, header.last_parts_total, header.last_parts_hash)
    return tree_root(
        (
            integer(1, header.block_version) + integer(2, header.app_version),
            octets(1, chain_id.encode()),
            integer(1, height),
            timestamp(header.seconds, header.nanos),
            last,
            octets(1, header.last_commit_hash),
            octets(1, header.data_hash),
            octets(1, validators_hash(validators)),
            octets(1, validators_hash(next_validators)),
            octets(1, header.consensus_hash),
            octets(1, app_hash),
            octets(1, header.last_results_hash),
            octets(1, header.evidence_hash),
            octets(1, header.proposer),
        )
    )


def check_proof(proof: BlockProof, claim: BlockClaim, threads: int = 1) -> None:
    """Check that the engine's validators agreed on a block as the log shows it.

    Raises:
        InvalidBlockProof: it is not shown; the message says what does not hold.
    """
    height = claim.engine_height
    if len(proof.headers) != (2 if height else 1):
        raise InvalidBlockProof("it has another number of headers than is due")
    if proof.headers[0].seconds != claim.time_unix_s:
        raise InvalidBlockProof("the first header has another time than the block")
    here, after, later = claim.validators
    if height:
        first = header_hash(
            proof.headers[0], claim.chain_id, height, here, after, claim.root_before
        )
        if proof.headers[1].last_hash != first:
            raise InvalidBlockProof("the second header does not follow the first")
    last = header_hash(
        proof.headers[-1], claim.chain_id, height + 1, after, later, claim.root_after
    )
    _check_precommits(proof, claim.chain_id, height + 1, last, after, threads)


def _check_precommits(
    proof: BlockProof,
    chain_id: str,
    height: int,
    block_hash: bytes,
    validators: ValidatorSet,
    threads: int,
) -> None:
    keys, items, before = in_order(validators), [], -1
    for each in proof.precommits:
        if not before < each.place < len(keys):
            raise InvalidBlockProof(
                "the validators' signatures do not ascend, or name no validator"
            )
        before = each.place
        vote = Vote(
            PRECOMMIT,
            height,
            proof.round,
            block_hash,
            proof.parts_total,
            proof.parts_hash,
            each.seconds,
            each.nanos,
        )
        signed = vote_message(chain_id, vote)
        items.append((keys[each.place], signed, each.signature))
    if 3 * len(items) <= 2 * len(keys):
        raise InvalidBlockProof(f"only {len(items)} of {len(keys)} validators signed")
    holds = crypto.check_zip215_many(items, threads)
    if not all(holds):
        place = proof.precommits[holds.index(False)].place
        raise InvalidBlockProof(f"the signature of validator {place} does not hold")
