"""E33: encodings on which implementations differ get one verdict from product and verifier.

The corpus is that of `vectors/`, where each case is named; here also what chance makes of it, and
what becomes of a record that holds such an encoding.
"""

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from hanpyo import crypto
from hanpyo.election.manifest import decode_manifest, election_id
from hanpyo.encoding import decode_cbor, decode_json, encode_cbor
from hanpyo.errors import ElectionError
from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    ORGANIZER,
    Act,
    Announce,
    Enroll,
    Enrollment,
    ManifestPart,
    Pause,
    RollChunk,
    RollSeal,
    Row,
    decode_entry,
    encode_entry,
)
from tests.attacks.broken_stages import stage
from tests.attacks.verifiers import VERIFIER, both
from tests.helpers.election import Play
from tests.helpers.parties import seed
from tests.unit.verify.records import followed_by
from tests.vectors.loading import load, unhex

sys.path.insert(0, str(VERIFIER))
from hanpyo_verifier.election.entries import decode_entry as their_entry
from hanpyo_verifier.election.manifest import parse_manifest
from hanpyo_verifier.encoding import canonical_json
from hanpyo_verifier.encoding import cbor as their_cbor
from hanpyo_verifier.errors import MalformedError
from hanpyo_verifier.group import ristretto, scalars
from hanpyo_verifier.group.ed25519 import public_key

sys.path.remove(str(VERIFIER))

ORDER = 2**252 + 27742317777372353535851937790883648493


def ours(check: Callable[..., Any], *given: Any) -> bool:
    """Tell whether the product takes something."""
    try:
        check(*given)
    except ElectionError:
        return False
    return True


def theirs(check: Callable[..., Any], *given: Any) -> bool:
    """Tell whether the independent verifier takes something."""
    try:
        return check(*given) is not None
    except MalformedError:
        return False


def text_or_bytes(vector: dict[str, Any]) -> bytes:
    """Give what a vector is about."""
    return vector["manifest"].encode() if "manifest" in vector else bytes.fromhex(vector["bytes"])


def tell_json(data: bytes) -> bool:
    """The verifier's reader, where `null` is a value and no refusal."""
    canonical_json.decode(data)
    return True


def tell_cbor(data: bytes) -> bool:
    """The same of CBOR."""
    their_cbor.decode(data)
    return True


READERS: dict[str, tuple[Callable[[bytes], Any], Callable[[bytes], Any]]] = {
    "cbor": (decode_cbor, tell_cbor),
    "json": (decode_json, tell_json),
    "entries": (decode_entry, their_entry),
    "manifests": (decode_manifest, parse_manifest),
}


@pytest.mark.parametrize("kind", READERS)
def test_e33_both_read_the_corpus_alike(kind: str) -> None:
    our_reader, their_reader = READERS[kind]
    verdicts = set()
    for vector in load(kind):
        data = text_or_bytes(vector)
        verdict = ours(our_reader, data)
        assert verdict == theirs(their_reader, data) == (not vector["code"]), vector["name"]
        verdicts.add(verdict)
    assert verdicts == {True, False}


@pytest.mark.parametrize("kind", READERS)
def test_e33_both_read_alike_what_chance_makes_of_the_corpus(kind: str) -> None:
    our_reader, their_reader = READERS[kind]
    corpus = [data for vector in load(kind) if len(data := text_or_bytes(vector)) < 3_000]
    source = random.Random(33)
    for number in range(1_500):
        data = bytearray(source.choice(corpus) or b"\x00")
        for _ in range(source.randint(1, 3)):
            at = source.randrange(len(data) + 1)
            data[at : at + source.randrange(3)] = source.randbytes(source.randrange(3))
        given = bytes(data)
        assert ours(our_reader, given) == theirs(their_reader, given), (number, given)


def test_e33_both_take_the_same_ed25519_keys_and_signatures() -> None:
    """Small and mixed order of A and R, negative zero, S at and above the order."""
    for vector in load("ed25519"):
        if vector["kind"] == "sign":
            continue
        key = public_key(unhex(vector["key"]))
        expected = not vector["code"]
        if vector["kind"] == "key":
            assert ours(crypto.check_ed25519_key, unhex(vector["key"])) == expected, vector["name"]
            assert (key is not None) == expected, vector["name"]
        else:
            message, signature = unhex(vector["message"]), unhex(vector["signature"])
            given = unhex(vector["key"]), message, signature
            assert ours(crypto.check_ed25519, *given) == expected, vector["name"]
            holds = key is not None and key.verify(message, signature)
            assert holds == expected, vector["name"]


def test_e33_both_take_the_same_points_and_scalars() -> None:
    source = random.Random(33)
    corpus = [unhex(each["bytes"]) for each in load("ristretto255") if "bytes" in each]
    corpus += [source.randbytes(31) + bytes([source.randrange(128)]) for _ in range(300)]
    corpus += [number.to_bytes(32, "little") for number in (0, 1, ORDER - 1, ORDER, ORDER + 1)]
    corpus += [(2**255 - 19 + small).to_bytes(32, "little") for small in range(-3, 19)]
    points = [ours(crypto.check_point, data) for data in corpus]
    assert points == [theirs(ristretto.decode, data) for data in corpus]
    numbers = [ours(crypto.check_scalar, data) for data in corpus]
    assert numbers == [theirs(scalars.decode_scalar, data) for data in corpus]
    assert set(points) == set(numbers) == {True, False}


# --- in a record ---


def signed_anew(play: Play, signature: bytes) -> bytes:
    """An act of organizers, one of whose signatures is something else."""
    act = decode_entry(play.by_organizers(Pause("noise")))
    assert isinstance(act, Act)
    first, second = act.signatures
    return encode_entry(replace(act, signatures=(first, replace(second, signature=signature))))


@pytest.mark.parametrize("y", [1, 0, 2**255 - 20], ids=["order 1", "order 4", "order 2"])
def test_e33_a_signature_with_r_of_small_order_is_refused_in_a_record(y: int) -> None:
    R = y.to_bytes(32, "little")
    play = stage("voting")
    assert both(followed_by(play, play.by_organizers(Pause("noise")))) == set()
    for S in (0, 1, ORDER, ORDER + 1):
        entry = signed_anew(play, R + S.to_bytes(32, "little"))
        assert both(followed_by(play, entry)) == {("C07", play.state.log.size)}


ACTS: dict[str, Callable[[bytes], bytes]] = {
    "a tag": lambda data: b"\xd8\x18" + data,
    "a byte more": lambda data: data + b"\x00",
    "indefinite length": lambda data: b"\xbf" + data[1:] + b"\xff",
    "a head too long": lambda data: data.replace(b"\x00\x18\x19", b"\x00\x19\x00\x19", 1),
    "25.0": lambda data: data.replace(b"\x00\x18\x19", b"\x00\xf9\x4e\x40", 1),
    "-25": lambda data: data.replace(b"\x00\x18\x19", b"\x00\x38\x18", 1),
}


@pytest.mark.parametrize("name", ACTS)
def test_e33_an_act_in_another_encoding_is_refused_in_a_record(name: str) -> None:
    play = stage("voting")
    entry = play.by_organizers(Pause("noise"))
    assert ACTS[name](entry) != entry
    assert both(followed_by(play, ACTS[name](entry))) == {("C06", play.state.log.size)}


@pytest.mark.parametrize("number", [2**32, 2**53 + 1, 2**63 - 1])
def test_e33_huge_numbers_are_refused_alike(number: int) -> None:
    voting, announced, ready = stage("voting"), stage("announced"), stage("roll sealed")
    row = Row(seed("row"), number, 0, 0)
    enrollment = Enrollment(number, ready.credential(2), ready.possession(2))
    for play, check, entry in (
        (announced, "C11", announced.by_registrar(RollChunk(0, (row,)))),
        (announced, "C11", announced.by_registrar(RollChunk(number, tuple(announced.rows)))),
        (announced, "C11", announced.by_both(RollSeal(number, number, bytes(32)))),
        (ready, "C12", ready.by_registrar(Enroll((enrollment,)))),
        (voting, "C16", voting.cast(2, sequence=number)),
        (voting, "C07", voting.by_organizers(Pause("noise"), number=number)),
    ):
        assert both(followed_by(play, entry)) == {(check, play.state.log.size)}


def test_e33_numbers_of_64_bits_are_refused_as_encodings() -> None:
    play = stage("voting")
    value: Any = decode_cbor(play.by_organizers(Pause("noise")))
    fits = encode_cbor({**value, 2: 2**63 - 1})
    for head in (b"\x80", b"\xff"):
        entry = fits.replace(b"\x7f" + b"\xff" * 7, head + b"\xff" * 7)
        assert both(followed_by(play, entry)) == {("C06", play.state.log.size)}


def announced_as(play: Play, data: bytes) -> list[bytes]:
    """Announce other bytes as a manifest, properly signed."""
    digest = sha256(data).digest()
    part = play.act(ManifestPart(digest, 0, data), (MEMBER, 0), scope=NO_SCOPE)
    body = Announce(digest, len(data))
    signers = (MEMBER, 0), (ORGANIZER, 0), (ORGANIZER, 1)
    scope = election_id(play.ledger_id, data)
    return [part, play.act(body, *signers, scope=scope)]


MANIFESTS: dict[str, Callable[[bytes], bytes]] = {
    "a key that stands twice": lambda data: data.replace(
        b'{"ballots_per_row":4,', b'{"ballots_per_row":4,"ballots_per_row":4,'
    ),
    "a number with a point": lambda data: data.replace(b'row":4,', b'row":4.0,'),
    "a number with an exponent": lambda data: data.replace(b'row":4,', b'row":4e0,'),
    "white space": lambda data: data.replace(b'row":4,', b'row": 4,'),
    "an escape without need": lambda data: data.replace(b'"Title"', b'"\\u0054itle"'),
    "a lone surrogate": lambda data: data.replace(b'"Title"', b'"\\ud800"'),
    "characters not composed": lambda data: data.replace(b'"Title"', '"e\u0301"'.encode()),
    "a control character": lambda data: data.replace(b'"Title"', '"T\u0085"'.encode()),
    "a bidirectional control": lambda data: data.replace(b'"Title"', '"T\u202e"'.encode()),
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "a newline at the end": lambda data: data + b"\n",
    "a key of mixed order": lambda data: data.replace(
        Play().manifest.registrar.key.hex().encode(), b"ec" + b"ff" * 30 + b"7f"
    ),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_e33_a_manifest_in_another_encoding_is_refused_in_a_record(name: str) -> None:
    play = Play()
    data = MANIFESTS[name](play.manifest_bytes)
    assert data != play.manifest_bytes
    files = followed_by(play, *announced_as(play, data))
    assert both(files) == {("C09", play.state.log.size + 1)}


def test_e33_characters_beyond_the_first_plane_are_read_alike() -> None:
    play = Play()
    data = play.manifest_bytes.replace(b'"Title"', '"\U0001f5f3\ufb33\u00e9"'.encode())
    decomposed = play.manifest_bytes.replace(b'"Title"', '"\U0001f5f3\u00e9\u6f22"'.encode())
    assert both(followed_by(play, *announced_as(play, decomposed))) == set()
    assert both(followed_by(play, *announced_as(play, data)))  # U+FB33 is not in NFC
