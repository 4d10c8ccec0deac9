"""Every file in vectors/, against this implementation."""

from collections.abc import Sequence
from hashlib import sha512
from typing import Any

import pytest

from hanpyo import crypto
from hanpyo.election.ceremony import ceremony_id
from hanpyo.election.tally import PartCount, form_groups, has_enough_seals, seal_quorum
from hanpyo.encoding import frame, u32
from tests.vectors.loading import Vector, code_of, each, facts, load, unhex
from vectors.common import FOLDER, L
from vectors.make import FILES, file_bytes

QUICK = [
    *("ristretto255", "frames_and_transcript", "generators", "shapes", "credentials", "ed25519"),
    *("shares", "cbor", "json", "entries", "merkle", "checkpoints", "groups", "trackers"),
]


# --- the folder ---


@pytest.mark.parametrize("name", QUICK)
def test_the_script_writes_the_same_bytes_again(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_bytes() == file_bytes(name)


@pytest.mark.nightly
@pytest.mark.parametrize("name", sorted(FILES.keys() - set(QUICK)))
def test_the_script_writes_the_same_bytes_again_slowly(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_bytes() == file_bytes(name)


def test_every_file_is_described_written_and_small() -> None:
    names = {path.stem for path in FOLDER.glob("*.json")}
    assert names == FILES.keys() | {"counting"}
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in names if f"{name}.json**" not in text] == []
    assert sum(path.stat().st_size for path in FOLDER.glob("*.json")) < 1_500_000


# --- group and hashing ---


@each("ristretto255", "multiple")
def test_multiples_of_the_base_point(vector: Vector) -> None:
    assert crypto.base_multiply(unhex(vector["scalar"])).hex() == vector["point"]


@each("ristretto255", "point", "scalar")
def test_only_canonical_points_and_scalars_are_read(vector: Vector) -> None:
    check = crypto.check_point if vector["kind"] == "point" else crypto.check_scalar
    assert code_of(check, unhex(vector["bytes"])) == vector["code"]


@each("ristretto255", "wide")
def test_wide(vector: Vector) -> None:
    value = int.from_bytes(unhex(vector["bytes"]), "little") % L
    assert value.to_bytes(32, "little").hex() == vector["scalar"]


@each("frames_and_transcript", "frame", "to_scalar", "to_point")
def test_frames_and_hashes(vector: Vector) -> None:
    label, parts = vector["label"], unhex(vector["parts"])
    if vector["kind"] == "frame":
        assert frame(label, *parts).hex() == vector["frame"]
    elif vector["kind"] == "to_scalar":
        assert crypto.to_scalar(label, parts).hex() == vector["scalar"]
    else:
        assert crypto.to_point(label, parts).hex() == vector["point"]


@each("frames_and_transcript", "transcript")
def test_transcripts(vector: Vector) -> None:
    steps: list[tuple[str, Sequence[bytes] | None]] = [
        (step["challenge"], None) if "challenge" in step else (step["absorb"], unhex(step["parts"]))
        for step in vector["steps"]
    ]
    drawn = crypto.transcript_challenges(vector["label"], steps)
    assert [challenge.hex() for challenge in drawn] == vector["challenges"]


@each("generators")
def test_generators(vector: Vector) -> None:
    assert crypto.generator(vector["generator"], vector["index"]).hex() == vector["point"]
    name, index = vector["generator"].encode(), u32(vector["index"])
    assert crypto.to_point("generator", [name, index]).hex() == vector["point"]


# --- signatures ---


@each("ed25519", "sign")
def test_ed25519_signs_as_the_rfc(vector: Vector) -> None:
    seed, key, message, signature = facts(vector, "seed", "key", "message", "signature")
    assert crypto.ed25519_public(seed) == key
    assert crypto.ed25519_sign(seed, message) == signature
    assert crypto.ed25519_sign_many(seed, [message, b"", message])[::2] == [signature] * 2


@each("ed25519", "key")
def test_ed25519_keys(vector: Vector) -> None:
    assert code_of(crypto.check_ed25519_key, unhex(vector["key"])) == vector["code"]


@each("ed25519", "signature")
def test_ed25519_signatures(vector: Vector) -> None:
    item = tuple(facts(vector, "key", "message", "signature"))
    assert code_of(crypto.check_ed25519, *item) == vector["code"]


def test_ed25519_signatures_together() -> None:
    vectors = [vector for vector in load("ed25519") if vector["kind"] == "signature"]
    items = [tuple(facts(vector, "key", "message", "signature")) for vector in vectors]
    found = crypto.check_ed25519_many(items, 2)
    assert found == [vector["code"] == 0 for vector in vectors]


@each("credentials", "credential")
def test_credentials(vector: Vector) -> None:
    random, secret = facts(vector, "random", "secret")
    assert crypto.credential_secret(random) == secret
    assert crypto.credential_public(secret).hex() == vector["credential"]


@each("credentials", "possession")
def test_possessions(vector: Vector) -> None:
    X, row, proof = facts(vector, "credential", "row", "proof")
    ledger_id, election = facts(vector, "ledger_id", "election_id")
    assert crypto.check_possessions([(X, row, proof)], ledger_id, election, 1) == [
        vector["code"] == 0
    ]
    if "secret" in vector:
        secret, random = facts(vector, "secret", "random")
        assert crypto.prove_possession(secret, random, ledger_id, election, row) == proof


@each("credentials", "cast")
def test_cast_signatures(vector: Vector) -> None:
    """Good ones are made again; bad ones: contests_bad.json here, and these in Rust."""
    if "secret" in vector:
        names = ("secret", "random", "election_id", "style", "sequence", "ballot")
        assert crypto.sign_ballot(*facts(vector, *names)).hex() == vector["signature"]


# --- contests ---


def shape_of(vector: Vector) -> crypto.Shape:
    """Make a contest's shape."""
    limits = [
        (each["low"], each["high"], [(option, c) for option, c in each["coefficients"]])
        for each in vector["limits"]
    ]
    return crypto.Shape(vector["options"], vector["top"], limits)


@each("shapes", "shape")
def test_shapes(vector: Vector) -> None:
    assert code_of(shape_of, vector) == vector["code"]
    if vector["code"]:
        return
    shape = shape_of(vector)
    assert (shape.bit_count, shape.byte_size) == (vector["bit_count"], vector["byte_size"])
    for example in vector["examples"]:
        assert list(shape.bits(example["scores"])) == example["bits"]
        for equation in vector["equations"]:
            sides = sum(c * example["bits"][bit] for bit, c in equation["row"])
            assert sides == equation["u"]


@each("shapes", "scores")
def test_unlawful_scores(vector: Vector) -> None:
    assert code_of(shape_of(vector).bits, vector["scores"]) == vector["code"]


def kit_of(vector: Vector) -> crypto.BallotKit:
    """Make the kit of a ballot's election; contests that are not in the ballot are filler."""
    contests = {contest["number"]: shape_of(contest) for contest in vector["contests"]}
    filler = crypto.Shape(1, 1, [])
    shapes = [contests.get(number, filler) for number in range(max(contests) + 1)]
    election, digest, keys = facts(vector, "election_id", "joint_key_digest", "slot_keys")
    return crypto.BallotKit(election, digest, keys, shapes, [list(contests)])


def verdicts(vector: Vector) -> list[int]:
    """Judge a cast."""
    cast = tuple(facts(vector, "style", "credential", "sequence", "ballot", "signature"))
    return kit_of(vector).check([cast], 1).verdicts


@each("contests")
def test_ballots_of_every_kind(vector: Vector) -> None:
    assert verdicts(vector) == [0]
    X, seed = facts(vector, "credential", "seed")
    assert kit_of(vector).prove(0, X, seed, vector["scores"]).hex() == vector["ballot"]


@each("contests_bad")
def test_bad_ballots(vector: Vector) -> None:
    assert verdicts(vector) == [vector["code"]]


def test_masks_of_free_bits_are_drawn_by_their_names() -> None:
    """8.2 and 8.3 say which bits; the proof's f shows their masks: f_i = a_i + x v_i."""
    free_of = {
        (vector["options"], vector["top"], str(vector["limits"])): vector["free"]
        for vector in load("shapes")
        if vector["code"] == 0
    }
    for vector in load("contests"):
        if len(vector["contests"]) > 1:
            continue
        (contest,), (scores,) = vector["contests"], vector["scores"]
        election, digest, X, seed, data = facts(
            vector, "election_id", "joint_key_digest", "credential", "seed", "ballot"
        )
        context = frame("contest", election, digest, u32(contest["number"]), X)
        joined = b"".join(score.to_bytes(8, "big") for score in scores)
        key = _sha512(frame("ballot seed", seed, context, joined))
        bits, n = shape_of(contest).bits(scores), contest["options"]
        x = _number(unhex(vector["challenges"][0]["x"]))
        for i in free_of[n, contest["top"], str(contest["limits"])]:
            f = _number(data[32 * (n + 4 + i) : 32 * (n + 5 + i)])
            a = _number(crypto.to_scalar("ballot nonce", [key, b"a", u32(i)]))
            assert f == (a + x * bits[i]) % L


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _sha512(data: bytes) -> bytes:
    return sha512(data).digest()


# --- trustees ---


def test_ceremony_ids_and_digests() -> None:
    for vector in load("ceremony"):
        if vector["kind"] == "ceremony id":
            keys = {index: unhex(key) for index, key in vector["keys"]}
            election, attempt = facts(vector, "election_id", "attempt")
            t, m = facts(vector, "threshold", "slots")
            assert ceremony_id(election, attempt, t, m, keys).hex() == vector["ceremony_id"]
        elif vector["kind"] == "parts":
            parts = crypto.reveal_part_count(*facts(vector, "threshold", "slots"))
            assert parts == vector["parts"]


_SIZE = ("ceremony_id", "trustee", "transport", "commitment", "threshold", "slots", "part")
_COMPLAINT = ("ceremony_id", "dealer", "trustee", "dealer_transport", "trustee_transport")
_DEAL = ("recipient_seed", "ceremony_id", "dealer", "recipient", "dealer_transport")
CEREMONY_CHECKS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "commit": (
        crypto.check_commit,
        ("ceremony_id", "trustee", "transport", "proof", "commitment"),
    ),
    "reveal": (crypto.check_reveal, (*_SIZE, "points", "proof")),
    "commitment": (
        crypto.check_commitment,
        ("ceremony_id", "trustee", "commitment", "points"),
    ),
    "deal": (crypto.check_deal, (*_DEAL, "dealer_points", "threshold", "slots", "deal")),
    "complaint": (crypto.check_complaint, (*_COMPLAINT, "point", "proof")),
    "joint keys": (crypto.joint_keys, ("points", "threshold", "slots")),
}


@each("ceremony", *CEREMONY_CHECKS)
def test_acts_of_the_ceremony(vector: Vector) -> None:
    check, names = CEREMONY_CHECKS[vector["kind"]]
    assert code_of(check, *facts(vector, *names)) == vector["code"]
    if "culprit" in vector:
        names = ("ceremony_id", "dealer", "trustee", "point", "dealer_points")
        more = facts(vector, *names, "threshold", "slots", "deal")
        assert crypto.is_dealer_at_fault(*more) == (vector["culprit"] == vector["dealer"])


@each("ceremony", "commit", "reveal", "deal", "complaint")
def test_acts_are_made_again(vector: Vector) -> None:
    if vector["code"] or ("seed" not in vector and vector["kind"] != "deal"):
        return
    t, m = facts(vector, "threshold", "slots")
    made: object
    if vector["kind"] == "commit":
        seed, now, k, random = facts(vector, "seed", "ceremony_id", "trustee", "random")
        made = crypto.ceremony_commit(seed, now, k, t, m, random)
        assert made == tuple(facts(vector, "transport", "proof", "commitment"))
    elif vector["kind"] == "reveal":
        seed, now, k, random = facts(vector, "seed", "ceremony_id", "trustee", "random")
        made = crypto.ceremony_reveal(seed, now, k, t, m, vector["part"], random)
        assert made == tuple(facts(vector, "points", "proof"))
    elif vector["kind"] == "deal":
        seed, now, k = facts(vector, "dealer_seed", "ceremony_id", "dealer")
        i, transport = facts(vector, "recipient", "recipient_transport")
        made = crypto.ceremony_deal(seed, now, k, i, transport, t, m)
        assert made == unhex(vector["deal"])
    else:
        names = ("seed", "ceremony_id", "dealer", "trustee", "dealer_transport", "random")
        made = crypto.complain(*facts(vector, *names))
        assert made == tuple(facts(vector, "point", "proof"))


@each("ceremony", "joint keys", "verification keys")
def test_keys_from_points(vector: Vector) -> None:
    if vector.get("code"):
        return
    points, t, m = facts(vector, "points", "threshold", "slots")
    if vector["kind"] == "joint keys":
        assert crypto.joint_keys(points, t, m) == unhex(vector["keys"])
    else:
        found = crypto.verification_keys(points, t, m, vector["trustee"])
        assert found == unhex(vector["keys"])


@each("shares", "share")
def test_shares(vector: Vector) -> None:
    names = ("election_id", "ceremony_id", "contest", "group", "trustee", "keys", "total")
    assert code_of(crypto.check_share, *facts(vector, *names, "shares", "proof")) == vector["code"]
    if "deals" in vector:
        deals = [(dealer, unhex(E), unhex(deal)) for dealer, E, deal in vector["deals"]]
        seed, now, i = facts(vector, "seed", "ceremony_id", "trustee")
        key = crypto.TrusteeKey(seed, now, i, vector["threshold"], vector["slots"], deals)
        sum_of = facts(vector, "election_id", "contest", "group", "total", "random")
        assert key.share(*sum_of) == tuple(facts(vector, "shares", "proof"))


@each("shares", "sum")
def test_sums(vector: Vector) -> None:
    options = len(vector["total"]) // 64 - 1
    shape = crypto.Shape(options, 1, [])
    keys = [crypto.generator("G", n) for n in range(options)]
    kit = crypto.BallotKit(bytes(32), bytes(32), keys, [shape], [[0]])
    ballots = [(0, each.ljust(shape.byte_size, b"\0")) for each in unhex(vector["ciphertexts"])]
    running = crypto.Sum(options)
    if ballots:
        places = [(n, 0, weight) for n, weight in enumerate(vector["weights"])]
        running.add(kit.decode(ballots, 1), places)
    assert running.encode().hex() == vector["total"]


@each("shares", "totals")
def test_totals(vector: Vector) -> None:
    shares = [(trustee, unhex(D)) for trustee, D in vector["shares"]]
    total, totals = unhex(vector["total"]), vector["totals"]
    assert code_of(crypto.check_totals, total, shares, totals) == vector["code"]


@each("groups", "groups")
def test_groups(vector: Vector) -> None:
    parts = [
        PartCount(part["ballots"], part["weight"], dict(part["by_weight"]))
        for part in vector["parts"]
    ]
    found = form_groups(parts, vector["smallest"], vector["weights"])
    assert [list(group) for group in found] == vector["groups"]


@each("groups", "seals")
def test_seals(vector: Vector) -> None:
    confirmed, threshold = vector["confirmed"], vector["threshold"]
    assert seal_quorum(len(confirmed), threshold) == vector["quorum"]
    found = has_enough_seals(confirmed, vector["sealed"], vector["lost"], threshold)
    assert found == vector["enough"]
