"""Rows, their commitments and digest, and the bounds of a roll."""

from hashlib import sha256

import cbor2
import pytest

from hanpyo.election import contests
from hanpyo.election.contests import Rule
from hanpyo.election.roll import (
    Row,
    check_ascending,
    check_bounds,
    check_row,
    roll_digest,
    row_commitment,
)
from hanpyo.encoding import frame
from hanpyo.errors import Rejected
from tests.unit.election.samples import TITLE, manifest, options, seed

ROWS = [Row(bytes([n]) * 32, 1, 0, 0) for n in (1, 2, 7)]
WEIGHED = manifest(weights="guarded")


def test_commitment_frames_salt_and_reference() -> None:
    salt = seed("salt")
    expected = sha256(frame("roll row", salt, "회원 7".encode())).digest()
    assert row_commitment(salt, "회원 7") == expected
    assert row_commitment(seed("other"), "회원 7") != expected


def test_digest_is_over_the_framed_rows() -> None:
    expected = sha256(frame("roll", *(cbor2.dumps(list(row)) for row in ROWS))).digest()
    assert roll_digest(ROWS) == expected
    assert roll_digest(iter(ROWS)) == expected
    assert roll_digest(ROWS[:2]) != expected


@pytest.mark.parametrize("row", [Row(bytes(32), 1, 1, 1), Row(bytes(32), 1, 0, 0)])
def test_a_row_of_the_manifest_is_accepted(row: Row) -> None:
    check_row(row, manifest())


def test_weights_are_accepted_up_to_their_border() -> None:
    check_row(Row(bytes(32), 1, 0, 0), WEIGHED)
    check_row(Row(bytes(32), 2**32 - 1, 0, 0), WEIGHED)


@pytest.mark.parametrize(
    ("row", "weights"),
    [
        (Row(bytes(32), 0, 0, 0), "none"),
        (Row(bytes(32), 2, 0, 0), "none"),
        (Row(bytes(32), 0, 0, 0), "guarded"),
        (Row(bytes(32), 2**32, 0, 0), "guarded"),
        (Row(bytes(32), 1, 2, 0), "none"),
        (Row(bytes(32), 1, 0, 2), "none"),
    ],
)
def test_a_row_without_place_is_refused(row: Row, weights: str) -> None:
    with pytest.raises(Rejected) as caught:
        check_row(row, manifest(weights=weights))
    assert caught.value.check == "C11"


def test_rows_ascend_strictly() -> None:
    check_ascending(ROWS)
    check_ascending(ROWS, last=bytes(32))
    for rows, last in ((ROWS[::-1], b""), ([ROWS[0], ROWS[0]], b""), (ROWS, ROWS[0].commitment)):
        with pytest.raises(Rejected) as caught:
            check_ascending(rows, last)
        assert caught.value.check == "C11"


@pytest.mark.parametrize(("top", "most"), [(1, 2**44 - 1), (2, 2**43 - 1), (1000, 17_592_186_044)])
def test_totals_stay_below_2_to_the_44(top: int, most: int) -> None:
    contest = contests.score("s", TITLE, options(2), Rule("score-sum"), top=top)
    scored = manifest(contests=(manifest().contests[0], contest))
    check_bounds(scored, most)
    with pytest.raises(Rejected, match=r"contest '(s|mayor)'") as caught:
        check_bounds(scored, most + 1)
    assert caught.value.check == "C11"
