"""Shapes, ballots of every kind, and ballots that are wrong in one way (docs/protocol.md 5, 8)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hanpyo import crypto
from hanpyo.election.contests import Contest, contest_shape
from hanpyo.encoding import frame, u32
from vectors.common import L, Vector, flip, put, scalar, seed
from vectors.equations import equations, free_columns
from vectors.kinds import Kind, kinds

ELECTION_ID, JOINT_KEY_DIGEST = seed("election id"), seed("joint key digest")
SLOT_KEYS = [crypto.to_point("generator", [b"slot", u32(n)]) for n in range(6)]
SECRET = crypto.credential_secret(seed("voter"))
X = crypto.credential_public(SECRET)
IDENTITY = bytes(32)
# Fields of the election that every ballot vector repeats.
FACTS = {"election_id": ELECTION_ID, "joint_key_digest": JOINT_KEY_DIGEST, "slot_keys": SLOT_KEYS}


def shape_json(contest: Contest) -> dict[str, Any]:
    """Give the three facts about a contest that proofs depend on."""
    limits = [
        {"coefficients": each.coefficients, "high": each.high, "low": each.low}
        for each in contest.limits
    ]
    return {"options": len(contest.options), "top": contest.top, "limits": limits}


def shapes() -> Iterator[Vector]:
    """Bits and equations of every kind; scores and numbers that are refused."""
    for kind in kinds():
        shape = contest_shape(kind.contest)
        facts = shape_json(kind.contest)
        yield {
            "name": kind.name,
            "kind": "shape",
            **facts,
            "code": 0,
            "bit_count": kind.contest.bit_count,
            "byte_size": kind.contest.byte_size,
            "equations": [
                {"row": sorted(row.items()), "u": u} for row, u in equations(kind.contest)
            ],
            "free": free_columns(kind.contest),
            "examples": [{"scores": each, "bits": list(shape.bits(each))} for each in kind.lawful],
        }
        for n, scores in enumerate(kind.refused):
            name = f"{kind.name}: refused scores {n}"
            yield {"name": name, "kind": "scores", **facts, "scores": scores, "code": 36}
    limit = {"coefficients": [[0, 1], [1, 1]], "high": 1, "low": 0}
    wrong: dict[str, tuple[int, int, list[dict[str, Any]]]] = {
        "no option": (0, 1, []),
        "513 options": (513, 1, []),
        "top 0": (2, 0, []),
        "top 2^32": (2, 2**32, []),
        "low over high": (2, 1, [{**limit, "low": 2}]),
        "high 2^48": (2, 1, [{**limit, "high": 2**48}]),
        "coefficient 0": (2, 1, [{**limit, "coefficients": [[0, 0]]}]),
        "coefficient 2^48": (2, 1, [{**limit, "coefficients": [[0, 2**48]]}]),
        "no coefficient": (2, 1, [{**limit, "coefficients": []}]),
        "option repeated in a limit": (2, 1, [{**limit, "coefficients": [[0, 1], [0, 1]]}]),
        "options descending in a limit": (2, 1, [{**limit, "coefficients": [[1, 1], [0, 1]]}]),
        "unknown option in a limit": (2, 1, [{**limit, "coefficients": [[2, 1]]}]),
        "sum of coefficients times top is 2^64": (
            2,
            2**17,
            [{**limit, "coefficients": [[0, 2**47], [1, 1]]}],
        ),
        "more than 4096 bits": (130, 2**32 - 1, []),
        "equations contradict each other": (
            2,
            1,
            [{**limit, "high": 1, "low": 1}, {**limit, "high": 2, "low": 2}],
        ),
    }
    for name, (count, top, limits) in wrong.items():
        facts = {"options": count, "top": top, "limits": limits}
        yield {"name": f"refused: {name}", "kind": "shape", **facts, "code": 37}


def kit_of(numbered: Sequence[tuple[int, Contest]]) -> crypto.BallotKit:
    """Make a kit whose only style has these contests under their numbers."""
    by_number = {number: contest_shape(contest) for number, contest in numbered}
    filler = crypto.Shape(1, 1, [])
    count = max(by_number) + 1
    all_shapes = [by_number.get(number, filler) for number in range(count)]
    style = [number for number, _ in numbered]
    return crypto.BallotKit(ELECTION_ID, JOINT_KEY_DIGEST, SLOT_KEYS, all_shapes, [style])


def ballot_vector(name: str, numbered: Sequence[tuple[int, Kind, Sequence[int]]]) -> Vector:
    """Make, sign and describe a ballot: (contest number, its kind, scores)."""
    kit = kit_of([(number, kind.contest) for number, kind, _ in numbered])
    secret_seed, scores = seed("ballot", name), [list(each) for _, _, each in numbered]
    ballot = kit.prove(0, X, secret_seed, scores)
    steps, at = [], 0
    for number, kind, _ in numbered:
        size = kind.contest.byte_size
        steps.append(challenges(number, kind.contest, ballot[at : at + size]))
        at += size
    return {
        "name": name,
        **FACTS,
        "contests": [{"number": n, **shape_json(kind.contest)} for n, kind, _ in numbered],
        "seed": secret_seed,
        "scores": scores,
        "challenges": steps,
        **cast(ballot, sequence=1),
        "code": 0,
    }


def cast(ballot: bytes, sequence: int) -> dict[str, Any]:
    """Sign ballot bytes; gives the fields of a cast."""
    signature = crypto.sign_ballot(SECRET, seed("cast"), ELECTION_ID, 0, sequence, ballot)
    return {
        "credential": X,
        "style": 0,
        "sequence": sequence,
        "ballot": ballot,
        "signature": signature,
    }


def challenges(number: int, contest: Contest, data: bytes) -> dict[str, bytes]:
    """Recompute y and x of one contest's proof."""
    n = len(contest.options)
    points = [data[at : at + 32] for at in range(0, 32 * (n + 4), 32)]
    context = frame("contest", ELECTION_ID, JOINT_KEY_DIGEST, u32(number), X)
    absorbed = [("context", [context]), ("ciphertext", points[: n + 1])]
    absorbed += [("bits", [points[n + 1]])]
    steps: list[tuple[str, Sequence[bytes] | None]] = [*absorbed, ("y", None)]
    steps += [("masks", points[n + 2 : n + 4]), ("x", None)]
    y, x = crypto.transcript_challenges("contest proof", steps)
    return {"y": y, "x": x}


def contests() -> Iterator[Vector]:
    """Ballots of one contest of every kind, and ballots of several."""
    everything = kinds()
    for number, kind in enumerate(everything):
        for n, scores in enumerate(kind.lawful):
            yield ballot_vector(f"{kind.name} {n}", [(number, kind, scores)])
    several = [(n, everything[n], everything[n].lawful[-1]) for n in (1, 4, 9)]
    yield ballot_vector("three contests", several)
    yield ballot_vector("a large contest number", [(63, everything[0], everything[0].lawful[0])])


def contests_bad() -> Iterator[Vector]:
    """One good ballot of two contests, changed in one way each."""
    everything = kinds()
    numbered = [(1, everything[1], [0, 1, 0]), (3, everything[3], [1, 0, 1, 0])]
    good = ballot_vector("good", numbered)
    yield good
    common = {name: good[name] for name in (*FACTS, "contests")}
    ballot: bytes = good["ballot"]
    contest = everything[1].contest
    n, b = len(contest.options), contest.bit_count
    elements = ["A", *[f"B_{i}" for i in range(1, n + 1)], "V", "V'", "W'"]
    scalars = [*[f"f_{i}" for i in range(1, b + 1)], "z", "z_s"]
    place = {name: 32 * at for at, name in enumerate([*elements, *scalars])}

    def bad(name: str, code: int, data: bytes, **changes: object) -> Vector:
        return {"name": name, **common, **cast(data, 1), **changes, "code": code}

    other = crypto.to_point("generator", [b"other", u32(0)])
    for name in elements:
        yield bad(f"{name} is another point", 34, put(ballot, place[name], other))
        yield bad(f"{name} is no point", 30, flip(ballot, place[name]))
    for name in ("A", "V"):
        yield bad(f"{name} is the identity", 30, put(ballot, place[name], IDENTITY))
    for name in ("B_1", "V'", "W'"):
        yield bad(
            f"{name} is the identity, so the proof fails", 34, put(ballot, place[name], IDENTITY)
        )
    for name in scalars:
        at = place[name]
        value = int.from_bytes(ballot[at : at + 32], "little")
        yield bad(f"{name} is one more", 34, put(ballot, at, scalar((value + 1) % L)))
        yield bad(f"{name} is the same plus l", 31, put(ballot, at, scalar(value + L)))
    yield bad("a byte short", 13, ballot[:-1])
    yield bad("a byte long", 13, ballot + b"\0")
    yield bad("empty", 13, b"")
    size = contest.byte_size
    yield bad("contests swapped", 31, ballot[size:] + ballot[:size])
    twin = ballot_vector("twin", [(1, everything[1], [1, 0, 0]), (3, everything[3], [1, 0, 1, 0])])
    whole: bytes = twin["ballot"]
    swapped = put(ballot, place["V"], whole[place["V"] : size])
    yield bad("proof of another ballot", 34, swapped)
    exchanged = put(ballot, place["B_1"], ballot[place["B_2"] : place["B_3"]])
    exchanged = put(exchanged, place["B_2"], ballot[place["B_1"] : place["B_2"]])
    yield bad("two options exchanged", 34, exchanged)
    yield bad("contest number of another place", 34, ballot) | {
        "contests": [{**each, "number": each["number"] + 1} for each in good["contests"]]
    }
    yield bad("another election, signed for it", 34, ballot) | signed_elsewhere(ballot)
    yield bad("another joint key digest", 34, ballot) | {"joint_key_digest": seed("other")}
    keys = [SLOT_KEYS[1], SLOT_KEYS[0], *SLOT_KEYS[2:]]
    yield bad("slot keys exchanged", 34, ballot) | {"slot_keys": keys}
    yield from signatures_bad(bad, good)


def signed_elsewhere(ballot: bytes) -> dict[str, bytes]:
    """Sign the same ballot bytes for another election."""
    elsewhere = seed("another election")
    signature = crypto.sign_ballot(SECRET, seed("cast"), elsewhere, 0, 1, ballot)
    return {"election_id": elsewhere, "signature": signature}


def signatures_bad(bad: Callable[..., Vector], good: Vector) -> Iterator[Vector]:
    """Put a fault into credential, number or signature."""
    ballot, signature = good["ballot"], good["signature"]
    thief = crypto.credential_secret(seed("thief"))
    stolen = crypto.sign_ballot(thief, seed("cast"), ELECTION_ID, 0, 1, ballot)
    public = crypto.credential_public(thief)
    yield bad("copied under another credential", 34, ballot, credential=public, signature=stolen)
    yield bad("signed with another credential", 32, ballot, signature=stolen)
    yield bad("credential is the identity", 30, ballot, credential=IDENTITY)
    yield bad("credential is no point", 30, ballot, credential=flip(X, 0))
    yield bad("another sequence number", 32, ballot, sequence=2)
    yield bad("sequence number 0", 13, ballot, sequence=0)
    yield bad("another style's number", 13, ballot, style=1)
    yield bad("R is another point", 32, ballot, signature=put(signature, 0, X))
    yield bad("R is no point", 32, ballot, signature=flip(signature, 0))
    value = int.from_bytes(signature[32:], "little")
    yield bad("s is one more", 32, ballot, signature=put(signature, 32, scalar((value + 1) % L)))
    yield bad("s is the same plus l", 32, ballot, signature=put(signature, 32, scalar(value + L)))
    yield bad("signature a byte short", 32, ballot, signature=signature[:-1])
    yield bad("signature empty", 32, ballot, signature=b"")
