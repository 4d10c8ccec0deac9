"""Shapes of contests: the vectors of protocol.md 5 and 8.3."""

from hanpyo_verifier.election.contests import (
    Contest,
    Rule,
    bit_weights,
    check_bits,
    integer,
    parse_limits,
)
from hanpyo_verifier.group.scalars import L
from hanpyo_verifier.self_test import cases as c
from hanpyo_verifier.self_test.cases import Case, by_kind, need, read

Row = dict[int, int]  # coefficient by bit; the column after all bits is u

_NO_RULE = Rule("plurality", 1, (0, 1), "cast", 0, (0, 1), 0, 0)


def make_contest(shape: Case) -> Contest:
    """A contest of this shape; raises MalformedError where a bound is broken."""
    n, top = (
        integer(shape["options"], 1, 512, "options"),
        integer(shape["top"], 1, 2**32 - 1, "top"),
    )
    contest = Contest(
        id="contest",
        form="some",
        top=top,
        option_ids=[f"o{i}" for i in range(n)],
        costs=[0] * n,
        limits=parse_limits(shape["limits"], n, top, "some"),
        blank=None,
        parts=[[0]],
        rule=_NO_RULE,
    )
    check_bits(contest)
    return contest


def equations(contest: Contest) -> list[tuple[Row, int]]:
    """The equations of 5.2: coefficients by bit, and u."""
    out = []
    at = contest.n * len(contest.score_weights)
    for limit, slack in zip(contest.limits, contest.slack_weights, strict=True):
        row = {
            i * len(contest.score_weights) + j: factor * weight
            for i, factor in limit.coefficients
            for j, weight in enumerate(contest.score_weights)
        }
        row.update({at + j: weight for j, weight in enumerate(slack)})
        at += len(slack)
        out.append((row, limit.high))
    return out


def free_columns(contest: Contest) -> list[int] | None:
    """The columns without pivot (8.3); None where the equations are not consistent."""
    pivots: dict[int, Row] = {}
    for coefficients, u in equations(contest):
        row = {
            at: value % L for at, value in {**coefficients, contest.bits: u}.items() if value % L
        }
        for pivot in sorted(pivots):
            _subtract(row, pivots[pivot], pivot)
        if not row:
            continue
        pivot = min(row)
        if pivot == contest.bits:
            return None
        inverse = pow(row[pivot], -1, L)
        row = {at: value * inverse % L for at, value in row.items()}
        for other in pivots.values():
            _subtract(other, row, pivot)
        pivots[pivot] = row
    return [at for at in range(contest.bits) if at not in pivots]


def _subtract(row: Row, pivot_row: Row, pivot: int) -> None:
    """Takes a multiple of a pivot's row away, so that the pivot's column becomes 0."""
    factor = row.get(pivot, 0)
    if factor:
        for at, value in pivot_row.items():
            row[at] = (row.get(at, 0) - factor * value) % L
            if not row[at]:
                del row[at]


def code_word(value: int, most: int) -> list[int]:
    """The bits that write a value of the range 0..most (5.2)."""
    weights = bit_weights(most)
    if not weights:
        return []
    last = int(value > 2 ** (len(weights) - 1) - 1)
    rest = value - last * weights[-1]
    return [*(rest >> i & 1 for i in range(len(weights) - 1)), last]


def bits_of(contest: Contest, scores: list[int]) -> list[int]:
    """The bits of a ballot (5.2)."""
    bits = [bit for score in scores for bit in code_word(score, contest.top)]
    for limit in contest.limits:
        slack = limit.high - sum(factor * scores[i] for i, factor in limit.coefficients)
        bits += code_word(slack, limit.high - limit.low)
    return bits


def _allows(contest: Contest, scores: list[int]) -> bool:
    return (
        len(scores) == contest.n
        and all(0 <= score <= contest.top for score in scores)
        and all(limit.allows(scores) for limit in contest.limits)
    )


def _shape(case: Case) -> Case:
    contest = read(lambda _: make_contest(case), b"", c.SHAPE)
    free = free_columns(contest)
    need(free is not None, c.SHAPE)
    assert all(_allows(contest, example["scores"]) for example in case["examples"])
    return {
        "bit_count": contest.bits,
        "byte_size": contest.size,
        "equations": [
            {"row": [[at, row[at]] for at in sorted(row)], "u": u} for row, u in equations(contest)
        ],
        "free": free,
        "examples": [
            {"bits": bits_of(contest, example["scores"]), "scores": example["scores"]}
            for example in case["examples"]
        ],
    }


def _scores(case: Case) -> Case:
    need(_allows(make_contest(case), case["scores"]), c.SCORES)
    return {}


shapes = by_kind({"shape": _shape, "scores": _scores})
