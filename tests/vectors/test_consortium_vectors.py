"""Block proofs and conflict files (docs/protocol.md 9.8, 9.9) against the vectors."""

from hanpyo.ledger.block_proofs import (
    BlockClaim,
    Header,
    check_proof,
    decode_proof,
    encode_proof,
    header_hash,
)
from hanpyo.ledger.conflict import check_conflict
from hanpyo.ledger.engine_bytes import Vote, in_order, validators_hash, vote_message
from tests.vectors.loading import Vector, code_of, each, unhex


def fields(value: dict[str, object]) -> dict[str, object]:
    """Read the fields of a header or vote: bytes are in hex."""
    return {name: unhex(each) if isinstance(each, str) else each for name, each in value.items()}


@each("block_proofs", "validators")
def test_validators(vector: Vector) -> None:
    keys = unhex(vector["keys"])
    assert in_order(keys) == unhex(vector["order"])
    assert validators_hash(keys).hex() == vector["hash"]


@each("block_proofs", "vote")
def test_votes(vector: Vector) -> None:
    vote = Vote(**fields(vector["vote"]))  # type: ignore[arg-type]
    assert vote_message(vector["chain_id"], vote).hex() == vector["message"]


@each("block_proofs", "header")
def test_headers(vector: Vector) -> None:
    header = Header(**fields(vector["header"]))  # type: ignore[arg-type]
    sets = [tuple(unhex(vector[name])) for name in ("validators", "next_validators")]
    app_hash = unhex(vector["app_hash"])
    found = header_hash(header, vector["chain_id"], vector["height"], *sets, app_hash)
    assert found.hex() == vector["hash"]


@each("block_proofs", "proof")
def test_proofs(vector: Vector) -> None:
    first, second, third = [tuple(unhex(keys)) for keys in vector["validators"]]
    claim = BlockClaim(
        chain_id=vector["chain_id"],
        engine_height=vector["engine_height"],
        time_unix_s=vector["time"],
        root_before=unhex(vector["root_before"]),
        root_after=unhex(vector["root_after"]),
        validators=(first, second, third),
    )

    def read() -> None:
        proof = decode_proof(unhex(vector["proof"]))
        assert encode_proof(proof) == unhex(vector["proof"])
        check_proof(proof, claim)

    assert code_of(read) == vector["code"]


@each("conflicts")
def test_conflicts(vector: Vector) -> None:
    data = unhex(vector["conflict"])
    assert code_of(check_conflict, data) == vector["code"]
    if not vector["code"]:
        assert list(check_conflict(data)) == vector["convicts"]
