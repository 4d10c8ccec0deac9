"""What the fields of a manifest must keep together. Source: protocol.md 4."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hanpyo.election.contests import check_contest
from hanpyo.election.fields import check_distinct, fail, read_int
from hanpyo.election.manifest.manifest import Manifest, Party

BALLOT_BYTES_MAX = 65_000


def check_manifest(manifest: Manifest) -> None:
    """Refuse a manifest whose fields, each well-formed, do not fit together.

    Raises:
        InvalidManifest: the message names the field.
    """
    _check_parties(manifest)
    check_distinct((contest.id for contest in manifest.contests), "contests")
    check_distinct((district.id for district in manifest.districts), "districts")
    opens, closes = manifest.opens, manifest.closes
    if opens is not None and closes is not None and opens >= closes:
        fail("closes", f"must be later than opens, {opens}")
    _check_styles(manifest)
    for place, contest in enumerate(manifest.contests):
        check_contest(contest, len(manifest.districts), f"contests[{place}]")


def _parties(manifest: Manifest) -> Iterator[tuple[str, Party]]:
    yield "registrar", manifest.registrar
    for role, parties in (
        ("organizers", manifest.organizers.parties),
        ("trustees", manifest.trustees.parties),
    ):
        for place, party in enumerate(parties):
            yield f"{role}.parties[{place}]", party


def _check_parties(manifest: Manifest) -> None:
    seen: dict[bytes, str] = {}
    for where, party in _parties(manifest):
        if party.key in seen:
            fail(f"{where}.key", f"is also the key of {seen[party.key]}")
        seen[party.key] = where
    trustees = manifest.trustees
    if manifest.single_trustee:
        read_int(len(trustees.parties), "trustees.parties, with single_trustee", 1, 1)
    else:
        read_int(trustees.threshold, "trustees.threshold", 2, trustees.least)


def _check_styles(manifest: Manifest) -> None:
    for place, style in enumerate(manifest.styles):
        where = f"styles[{place}]"
        if any(number >= len(manifest.contests) for number in style):
            fail(where, f"names a contest that is not among the {len(manifest.contests)}")
        if any(first >= second for first, second in pairwise(style)):
            fail(where, "must name each contest once, in ascending order")
        size = manifest.ballot_size(place)
        if size > BALLOT_BYTES_MAX:
            fail(where, f"needs ballots of {size} bytes, at most {BALLOT_BYTES_MAX}")
