"""C10: the fixed generators of ballot proofs, derived again from their names (8.3)."""

from collections.abc import Iterator

from hanpyo import crypto
from hanpyo.election.manifest import Manifest
from hanpyo.encoding import u32
from hanpyo.verify.report import Report


def check_generators(manifest: Manifest, report: Report) -> None:
    """Derive every generator that the election's ballots use, and compare it with the one used."""
    bits = max(contest.bit_count for contest in manifest.contests)
    for name, index in _names(bits):
        report.count("C10")
        derived = crypto.to_point("generator", [name.encode(), u32(index)])
        if crypto.generator(name, index) != derived:
            report.fail("C10", None, f"generator {name} {index} is not what its name gives")


def _names(bits: int) -> Iterator[tuple[str, int]]:
    yield "K", 0
    yield from (("G", index) for index in range(bits + 1))
    yield from (("Q", index) for index in range(1, bits + 1))
