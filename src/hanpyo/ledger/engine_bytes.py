"""The engine's bytes: what its validators hash and sign, in its protobuf encoding.

Source: CometBFT v0.39, spec/core/encoding and spec/core/data_structures. A field that is zero or
empty is left out, as proto3 says, except where the engine's encoder always writes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from hanpyo.ledger.merkle import Frontier, leaf_hash

PRECOMMIT = 2
ADDRESS_BYTES = 20


def varint(value: int) -> bytes:
    """Give an unsigned integer, seven bits a byte."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def integer(field: int, value: int) -> bytes:
    """Give an integer field below 2^63; nothing for zero."""
    return varint(field << 3) + varint(value) if value else b""


def fixed64(field: int, value: int) -> bytes:
    """Give a field of 8 bytes; nothing for zero."""
    return varint(field << 3 | 1) + value.to_bytes(8, "little") if value else b""


def octets(field: int, value: bytes) -> bytes:
    """Give a field of bytes; nothing where it is empty."""
    return message(field, value) if value else b""


def message(field: int, value: bytes) -> bytes:
    """Give an embedded message, be it empty."""
    return varint(field << 3 | 2) + varint(len(value)) + value


def timestamp(seconds: int, nanos: int) -> bytes:
    """Give a time."""
    return integer(1, seconds) + integer(2, nanos)


def block_id(block_hash: bytes, parts_total: int, parts_hash: bytes) -> bytes:
    """Give the id of a block; its parts are always written."""
    parts = integer(1, parts_total) + octets(2, parts_hash)
    return octets(1, block_hash) + message(2, parts)


def tree_root(leaves: Iterable[bytes]) -> bytes:
    """Give the root of the RFC 9162 tree over some data."""
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf_hash(leaf))
    return tree.root()


def address(key: bytes) -> bytes:
    """Give the address of a validator's key."""
    return sha256(key).digest()[:ADDRESS_BYTES]


def in_order(keys: Sequence[bytes]) -> list[bytes]:
    """Order validators of one power each as the engine does: by address."""
    return sorted(keys, key=address)


def validators_hash(keys: Sequence[bytes]) -> bytes:
    """Give the hash of a set of validators, each with power 1."""
    return tree_root(message(1, octets(1, key)) + integer(2, 1) for key in in_order(keys))


@dataclass(frozen=True, slots=True)
class Vote:
    """A validator's vote.

    Attributes:
        vote_type: 1 prevote, 2 precommit.
        block_hash: of the block it is for; empty: for none.
    """

    vote_type: int
    height: int
    round: int
    block_hash: bytes
    parts_total: int
    parts_hash: bytes
    seconds: int
    nanos: int


def vote_message(chain_id: str, vote: Vote) -> bytes:
    """Give what a validator signs for a vote."""
    block = block_id(vote.block_hash, vote.parts_total, vote.parts_hash)
    signed = b"".join(
        (
            integer(1, vote.vote_type),
            fixed64(2, vote.height),
            fixed64(3, vote.round),
            message(4, block) if vote.block_hash else b"",
            message(5, timestamp(vote.seconds, vote.nanos)),
            octets(6, chain_id.encode()),
        )
    )
    return varint(len(signed)) + signed
