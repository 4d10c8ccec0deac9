"""Bits and equations of a contest, straight from docs/protocol.md 5.2 and 8.3."""

from hanpyo.election.contests import Contest
from vectors.common import L

Row = dict[int, int]  # column -> coefficient


def weights(top: int) -> list[int]:
    """Give the weights of the bits of a range 0..top."""
    b = top.bit_length()
    return [2**k for k in range(b - 1)] + [top - (2 ** (b - 1) - 1)] if b else []


def equations(contest: Contest) -> list[tuple[Row, int]]:
    """Give each row of [M | u]."""
    score_weights = weights(contest.top)
    column = len(contest.options) * len(score_weights)
    rows = []
    for limit in contest.limits:
        row: Row = {}
        for option, c in limit.coefficients:
            first = option * len(score_weights)
            row |= {first + k: c * weight for k, weight in enumerate(score_weights)}
        for weight in weights(limit.high - limit.low):
            row[column] = weight
            column += 1
        rows.append((row, limit.high))
    return rows


def free_columns(contest: Contest) -> list[int]:
    """Name the bits whose masks are drawn; the others are pivots of the reduced echelon form."""
    rows = [row for row, _ in equations(contest)]
    pivots: set[int] = set()
    for column in range(contest.bit_count):
        found = next((row for row in rows if row.get(column, 0) % L), None)
        if found is None:
            continue
        pivots.add(column)
        rows = [_without(row, found, column) for row in rows if row is not found]
    return [column for column in range(contest.bit_count) if column not in pivots]


def _without(row: Row, pivot: Row, column: int) -> Row:
    factor = row.get(column, 0) * pow(pivot[column], -1, L) % L
    columns = row.keys() | pivot.keys()
    return {each: (row.get(each, 0) - factor * pivot.get(each, 0)) % L for each in columns}
