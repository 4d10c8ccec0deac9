"""Ballots that hold and that do not: the vectors of protocol.md 8."""

from hanpyo_verifier.election.ballots import NO_POINT, NO_SCALAR, BallotKeys, BallotVerifier
from hanpyo_verifier.election.entries import Cast
from hanpyo_verifier.election.generators import Generators
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.edwards import Cached
from hanpyo_verifier.group.scalars import encode_scalar
from hanpyo_verifier.self_test import cases as c
from hanpyo_verifier.self_test.cases import Case, CodeError, unhex
from hanpyo_verifier.self_test.group import all_generators
from hanpyo_verifier.self_test.shapes import make_contest


def _verifier(case: Case) -> BallotVerifier:
    shapes = {shape["number"]: make_contest(shape) for shape in case["contests"]}
    # Numbers that the style leaves out hold any contest.
    contests = [shapes.get(i, next(iter(shapes.values()))) for i in range(max(shapes) + 1)]
    made, bits = all_generators(), max(contest.bits for contest in contests)
    return BallotVerifier(
        BallotKeys(
            unhex(case["election_id"]),
            unhex(case["joint_key_digest"]),
            contests,
            [[shape["number"] for shape in case["contests"]]],
            [_slot_key(key) for key in case["slot_keys"]],
            Generators(made.K, made.G[: bits + 1], made.Q[:bits]),
        )
    )


def _slot_key(text: str) -> Cached:
    point = ristretto.decode_nonidentity(unhex(text))
    assert point is not None
    return point


def _code(check: str, why: str) -> int:
    if check == "C16":
        ends = {NO_POINT: c.POINT, NO_SCALAR: c.SCALAR}
        return next((code for end, code in ends.items() if why.endswith(end)), c.ENCODING)
    return c.SIGNATURE if check == "C17" else c.PROOF


def ballots(case: Case) -> Case:
    """contests.json and contests_bad.json: the vector and, with it, its challenges."""
    cast = Cast(
        unhex(case["election_id"]),
        case["style"],
        unhex(case["credential"]),
        case["sequence"],
        unhex(case["ballot"]),
        unhex(case["signature"]),
    )
    verdicts, decoded = _verifier(case).check([cast])
    if verdicts[0] is not None:
        raise CodeError(_code(*verdicts[0]))
    assert decoded[0] is not None
    challenges = [
        {"x": encode_scalar(one.x).hex(), "y": encode_scalar(one.y).hex()}
        for one in decoded[0].contests
    ]
    return {"challenges": challenges}
