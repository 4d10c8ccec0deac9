"""The engine's bytes against its own published test vectors.

Source of the values: CometBFT v0.39.4, types/block_test.go (TestHeaderHash) and types/vote_test.go
(TestVoteSignBytesTestVectors).
"""

import calendar
from hashlib import sha256

import pytest

from hanpyo.ledger import block_proofs
from hanpyo.ledger.block_proofs import Header, header_hash
from hanpyo.ledger.engine_bytes import Vote, address, vote_message

YEAR_ONE = 2**64 - 62_135_596_800  # the engine's zero time, as an unsigned varint
HEADER_HASH = "F740121F553B5418C3EFBD343C2DBFE9E007BB67B0D020A0741374BAB65242A4"
TIME = "2a0b088092b8c398feffffff01"
PLACE = "110100000000000000190100000000000000"


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def published_header() -> Header:
    return Header(
        block_version=1,
        app_version=2,
        seconds=calendar.timegm((2019, 10, 13, 16, 14, 44)),
        nanos=0,
        last_hash=bytes(32),
        last_parts_total=6,
        last_parts_hash=bytes(32),
        last_commit_hash=digest("last_commit_hash"),
        data_hash=digest("data_hash"),
        consensus_hash=digest("consensus_hash"),
        last_results_hash=digest("last_results_hash"),
        evidence_hash=digest("evidence_hash"),
        proposer=address(b"proposer_address"),
    )


def test_header_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    # The vector gives the hashes of two sets of validators, not the sets.
    named = {(b"here",): digest("validators_hash"), (b"next",): digest("next_validators_hash")}
    monkeypatch.setattr(block_proofs, "validators_hash", lambda keys: named[tuple(keys)])
    found = header_hash(
        published_header(), "chainId", 3, (b"here",), (b"next",), digest("app_hash")
    )
    assert found.hex().upper() == HEADER_HASH


@pytest.mark.parametrize(
    ("chain_id", "vote_type", "height", "signed"),
    [
        ("", 0, 0, "0d" + TIME),
        ("", 2, 1, "210802" + PLACE + TIME),
        ("", 1, 1, "210801" + PLACE + TIME),
        ("", 0, 1, "1f" + PLACE + TIME),
        ("test_chain_id", 0, 1, "2e" + PLACE + TIME + "320d746573745f636861696e5f6964"),
    ],
)
def test_vote_message(chain_id: str, vote_type: int, height: int, signed: str) -> None:
    vote = Vote(vote_type, height, height, b"", 0, b"", YEAR_ONE, 0)
    assert vote_message(chain_id, vote).hex() == signed
