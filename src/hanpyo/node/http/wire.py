"""What travels between a node and those who use it over HTTP: both sides of every body.

Entries go as they stand in bundles, each after its length; answers are JSON in canonical form.
Decoders refuse everything else with `InvalidEncoding`: the other side may be anybody.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hanpyo.encoding import (
    decode_base64,
    decode_cbor,
    decode_hex,
    decode_json,
    encode_base64,
    encode_cbor,
    encode_json,
)
from hanpyo.errors import ElectionError, InvalidEncoding, Rejected
from hanpyo.ledger.checkpoint import decode_checkpoint, encode_checkpoint
from hanpyo.ledger.entry import ORGANIZER, Signature
from hanpyo.ledger.interface import (
    SUBMIT_ENTRIES_MAX,
    Inclusion,
    Known,
    Later,
    Queued,
    Refused,
    Verdict,
)
from hanpyo.ledger.merkle import PROOF_HASHES_MAX
from hanpyo.ledger.promise import PROMISE_BYTES_MAX
from hanpyo.ledger.tiles import decode_bundle, encode_bundle

ENTRIES_BYTES_MAX = 8 * 1_048_576  # one body of entries
ELECTION_BYTES_MAX = 2 * 1_048_576  # a manifest of 1 MiB with its signatures
ANSWER_BYTES_MAX = 8 * 1_048_576
WHY_CHARACTERS_MAX = 500

Json = Mapping[str, object]


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """Write the body of `POST /entries`."""
    return encode_bundle(entries)


def decode_entries(data: bytes) -> list[bytes]:
    """Read the body of `POST /entries`."""
    entries = decode_bundle(data)
    if not 1 <= len(entries) <= SUBMIT_ENTRIES_MAX:
        raise InvalidEncoding(f"1 to {SUBMIT_ENTRIES_MAX} entries at once, not {len(entries)}")
    return entries


@dataclass(frozen=True, slots=True)
class ElectionRequest:
    """A manifest, and its organizers' signatures of the announcement."""

    manifest: bytes
    signatures: tuple[Signature, ...]


def encode_election(request: ElectionRequest) -> bytes:
    """Write the body of `POST /elections`: CBOR `{0: manifest, 1: [[party, signature], ...]}`."""
    signatures = [[each.party, each.signature] for each in request.signatures]
    return encode_cbor({0: request.manifest, 1: signatures})


def decode_election(data: bytes) -> ElectionRequest:
    """Read the body of `POST /elections`."""
    match decode_cbor(data):
        case {0: bytes(manifest), 1: list(pairs), **rest} if not rest:
            return ElectionRequest(manifest, tuple(_organizer(pair) for pair in pairs))
    raise InvalidEncoding("an election is a map: 0 the manifest, 1 the organizers' signatures")


def _organizer(pair: object) -> Signature:
    match pair:
        case [int(party), bytes(signature)] if len(signature) == 64:
            return Signature(ORGANIZER, party, signature)
    raise InvalidEncoding("a signature is the organizer's number and 64 bytes")


def encode_verdicts(verdicts: Sequence[Verdict]) -> bytes:
    """Write the answer to submitted entries."""
    return encode_json({"verdicts": [_verdict_json(verdict) for verdict in verdicts]})


def _verdict_json(verdict: Verdict) -> Json:
    name = verdict.entry_hash.hex()
    match verdict:
        case Queued(promise=promise):
            encoded = None if promise is None else encode_base64(promise)
            return {"hash": name, "promise": encoded, "verdict": "queued"}
        case Known(index=index):
            return {"hash": name, "index": index, "verdict": "known"}
        case Refused(check=check, why=why):
            return {"check": check, "hash": name, "verdict": "refused", "why": plain(why)}
        case Later(retry_after_s=seconds):
            return {"hash": name, "retry_after_s": seconds, "verdict": "later"}


def decode_verdicts(data: bytes) -> list[Verdict]:
    """Read the answer to submitted entries."""
    match decode_json(data):
        case {"verdicts": list(verdicts), **rest} if not rest:
            return [_read_verdict(verdict) for verdict in verdicts]
    raise InvalidEncoding("an answer to entries is a list of verdicts")


def _read_verdict(value: object) -> Verdict:
    match value:
        case {"verdict": "queued", "hash": str(name), "promise": None, **rest} if not rest:
            return Queued(decode_hex(name, 32), None)
        case {"verdict": "queued", "hash": str(name), "promise": str(promise), **rest} if not rest:
            if len(promise) > 2 * PROMISE_BYTES_MAX:
                raise InvalidEncoding("a promise is too long")
            return Queued(decode_hex(name, 32), decode_base64(promise))
        case {"verdict": "known", "hash": str(name), "index": index, **rest} if not rest:
            return Known(decode_hex(name, 32), _integer(index))
        case {
            "verdict": "refused",
            "hash": str(name),
            "check": str(check),
            "why": str(why),
            **rest,
        } if not rest:
            return Refused(decode_hex(name, 32), check, why)
        case {"verdict": "later", "hash": str(name), "retry_after_s": seconds, **rest} if not rest:
            return Later(decode_hex(name, 32), _integer(seconds))
    raise InvalidEncoding("a verdict is queued, known, refused or later")


def _integer(value: object) -> int:
    if type(value) is not int:  # `True` is none
        raise InvalidEncoding("a number is due")
    return value


def encode_inclusion(inclusion: Inclusion) -> bytes:
    """Write that an entry is recorded."""
    return encode_json(
        {
            "checkpoint": encode_base64(encode_checkpoint(inclusion.checkpoint)),
            "index": inclusion.index,
            "proof": [encode_base64(each) for each in inclusion.proof],
        }
    )


def decode_inclusion(data: bytes) -> Inclusion:
    """Read that an entry is recorded; neither checkpoint nor proof is checked yet."""
    match decode_json(data):
        case {
            "checkpoint": str(checkpoint),
            "index": index,
            "proof": list(proof),
            **rest,
        } if not rest and len(proof) <= PROOF_HASHES_MAX:
            hashes = tuple(_read_hash(each) for each in proof)
            return Inclusion(_integer(index), decode_checkpoint(decode_base64(checkpoint)), hashes)
    raise InvalidEncoding("an inclusion is index, checkpoint and proof")


def _read_hash(value: object) -> bytes:
    data = decode_base64(value) if isinstance(value, str) else b""
    if len(data) != 32:
        raise InvalidEncoding("a proof is a list of hashes of 32 bytes")
    return data


def encode_indexes(indexes: Sequence[int]) -> bytes:
    """Write where entries stand."""
    return encode_json({"indexes": list(indexes)})


def decode_indexes(data: bytes) -> list[int]:
    """Read where entries stand."""
    match decode_json(data):
        case {"indexes": list(indexes), **rest} if not rest:
            return [_integer(index) for index in indexes]
    raise InvalidEncoding("a look-up gives a list of indexes")


def problem(error: ElectionError, status: int) -> Json:
    """Describe a failure as RFC 9457 says, with our public code."""
    detail: dict[str, object] = {
        "code": error.code,
        "detail": plain(str(error)),
        "hint": plain(error.hint),
        "status": status,
        "title": type(error).__name__,
        "type": f"urn:hanpyo:error:{error.code}",
    }
    if isinstance(error, Rejected):
        detail["check"] = error.check
    return detail


def plain(text: str) -> str:
    """Make a sentence fit for JSON in our form, whatever it quotes."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return unicodedata.normalize("NFC", shown[:WHY_CHARACTERS_MAX])
