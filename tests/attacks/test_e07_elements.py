"""E07: small, invalid and foreign group elements are refused wherever an entry may hold one.

Those inside a ballot are in test_e01_ballots.py, byte by byte in rust/core/tests.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from hanpyo.ledger.entry import Cast, Enroll, Replace, decode_entry, encode_entry
from tests.attacks.broken_setup import IDENTITY, NOT_CANONICAL, false_complaint
from tests.attacks.broken_stages import body_of, stage
from tests.attacks.verifiers import both
from tests.helpers.election import Play
from tests.unit.verify.records import followed_by

ORDER = (2**252 + 27742317777372353535851937790883648493).to_bytes(32, "little")
NEGATIVE = b"\x01" + bytes(31)
WRONG_POINTS = (IDENTITY, NOT_CANONICAL, NEGATIVE, b"\xff" * 32)
WRONG_SCALARS = (ORDER, b"\xff" * 32)


@dataclass(frozen=True)
class Place:
    """Where an entry holds elements: at a stage, in a field, at these offsets of it."""

    stage: str
    check: str
    entry: Callable[[Play], bytes]
    put: Callable[[Play, bytes, Callable[[bytes], bytes]], bytes]
    points: tuple[int, ...] = ()
    scalars: tuple[int, ...] = ()


Change = Callable[[bytes], bytes]


def of_trustee(trustee: int, field: str) -> Callable[[Play, bytes, Change], bytes]:
    """Change a field of a trustee's act and sign it truly."""

    def put(play: Play, entry: bytes, change: Change) -> bytes:
        body: Any = body_of(entry)
        return play.by_trustee(trustee, replace(body, **{field: change(getattr(body, field))}))

    return put


def of_enrollment(field: str) -> Callable[[Play, bytes, Change], bytes]:
    """Change a field of the one enrollment of a batch."""

    def put(play: Play, entry: bytes, change: Change) -> bytes:
        (row,) = body_of(entry).rows
        return play.by_registrar(Enroll((replace(row, **{field: change(getattr(row, field))}),)))

    return put


def of_replacement(field: str) -> Callable[[Play, bytes, Change], bytes]:
    """Change a field of a replacement."""

    def put(play: Play, entry: bytes, change: Change) -> bytes:
        body: Replace = body_of(entry)
        return play.by_registrar(replace(body, **{field: change(getattr(body, field))}))

    return put


def of_cast(field: str) -> Callable[[Play, bytes, Change], bytes]:
    """Change a field of a ballot's envelope."""

    def put(_play: Play, entry: bytes, change: Change) -> bytes:
        cast = decode_entry(entry)
        assert isinstance(cast, Cast)
        return encode_entry(replace(cast, **{field: change(getattr(cast, field))}))

    return put


def first_share(play: Play) -> bytes:
    return play.share(1, 0, 0)


PLACES: dict[str, Place] = {
    "X": Place("roll sealed", "C12", lambda p: p.enroll(2), of_enrollment("credential"), (0,)),
    "possession": Place(
        "roll sealed", "C12", lambda p: p.enroll(2), of_enrollment("possession"), (0,), (32,)
    ),
    "new X": Place("roll sealed", "C12", lambda p: p.replace(0, 1), of_replacement("new"), (0,)),
    "E": Place("rolled", "C13", lambda p: p.commit(1), of_trustee(1, "transport"), (0,)),
    "proof of E": Place(
        "rolled", "C13", lambda p: p.commit(1), of_trustee(1, "proof"), (0,), (32,)
    ),
    "C": Place("committed", "C13", lambda p: p.reveal(1), of_trustee(1, "points"), (0, 64, 160)),
    "proof of C": Place(
        "committed", "C13", lambda p: p.reveal(1), of_trustee(1, "proof"), (), (0, 32, 96)
    ),
    "D of a complaint": Place("dealt", "C13", false_complaint, of_trustee(3, "point"), (0,)),
    "proof of a complaint": Place(
        "dealt", "C13", false_complaint, of_trustee(3, "proof"), (), (0, 32)
    ),
    "D of a share": Place("seals given", "C22", first_share, of_trustee(1, "shares"), (0, 32, 64)),
    "proof of a share": Place(
        "seals given", "C22", first_share, of_trustee(1, "proof"), (), (0, 32)
    ),
    "X of a ballot": Place(
        "voting", "C16", lambda p: p.cast(0, sequence=1), of_cast("credential"), (0,)
    ),
    "signature of a ballot": Place(
        "voting", "C17", lambda p: p.cast(0, sequence=1), of_cast("signature"), (0,), (32,)
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_e07_a_wrong_element_is_refused_at_admission_and_by_both_verifiers(name: str) -> None:
    place = PLACES[name]
    play = stage(place.stage)
    true = place.entry(play)
    assert both(followed_by(play, place.put(play, true, lambda data: data))) == set()
    wrong = [(at, data) for at in place.points for data in WRONG_POINTS]
    wrong += [(at, data) for at in place.scalars for data in WRONG_SCALARS]
    for at, element in wrong:

        def change(data: bytes, at: int = at, element: bytes = element) -> bytes:
            return data[:at] + element + data[at + 32 :]

        entry = place.put(play, true, change)
        assert play.refused(entry) == place.check, (at, element)
        assert both(followed_by(play, entry)) == {(place.check, play.state.log.size)}
