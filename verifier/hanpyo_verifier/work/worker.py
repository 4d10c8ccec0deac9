"""One worker: it checks ballots and enrollments that it reads itself, and sums ciphertexts."""

from dataclasses import dataclass
from pathlib import Path

from hanpyo_verifier.election.ballots import BallotKeys, BallotVerifier
from hanpyo_verifier.election.counting import Summing, Sums, Weighted
from hanpyo_verifier.election.entries import Cast, decode_entry
from hanpyo_verifier.election.schnorr import check_possessions
from hanpyo_verifier.errors import MalformedError
from hanpyo_verifier.group.edwards import Cached
from hanpyo_verifier.log.check import read_bundle
from hanpyo_verifier.log.files import Files
from hanpyo_verifier.log.layout import WIDTH
from hanpyo_verifier.log.merkle import leaf_hash

# Entries of one job that do not hold: (check, why) by entry index.
Refusals = dict[int, tuple[str, str]]
# A ballot to be counted or taken out: entry index, weight, part in each contest of its style.
Counted = tuple[int, int, list[int]]


@dataclass(frozen=True)
class Source:
    """Where a worker reads, and whose entries."""

    root: Path
    size: int
    ledger_id: bytes
    election_id: bytes


class Worker:
    """Keeps the decoded ciphertexts of checked ballots until it is told which ones count."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._files = Files(source.root)
        self._verifier: BallotVerifier | None = None
        self._kept: dict[int, dict[int, tuple[int, list[list[Cached]]]]] = {}
        self._summing = Summing()

    def set_keys(self, keys: BallotKeys) -> None:
        """Takes what ballots are proved under."""
        self._verifier = BallotVerifier(keys)

    def check(self, job: int, wanted: list[tuple[int, bytes]]) -> Refusals:
        """Checks casts and enrolls, given by index and leaf hash."""
        casts: dict[int, Cast] = {}
        enrolls: dict[int, list[tuple[int, bytes, bytes]]] = {}
        leaves = dict(wanted)
        for index, data in self._read(list(leaves)):
            entry = decode_entry(data)
            if leaf_hash(data) != leaves[index]:
                raise MalformedError("the record changed while it was read")
            if isinstance(entry, Cast):
                casts[index] = entry
            else:
                enrolls[index] = [(row, X, proof) for row, X, proof in entry.body[0]]
        refusals: Refusals = {}
        ids = self._source.ledger_id, self._source.election_id
        proved = check_possessions(*ids, list(enrolls.values()))
        for index, holds in zip(enrolls, proved, strict=True):
            if not holds:
                refusals[index] = ("C12", "a credential or its proof of possession does not hold")
        if casts:
            kept = self._kept.setdefault(job, {})
            verdicts, ballots = self._ballot_verifier().check(list(casts.values()))
            for (index, cast), verdict, ballot in zip(
                casts.items(), verdicts, ballots, strict=True
            ):
                if verdict is not None:
                    refusals[index] = verdict
                elif ballot is not None:
                    kept[index] = cast.style, [[one.A, *one.B] for one in ballot.contests]
        return refusals

    def count(self, job: int, counted: list[Counted]) -> None:
        """Adds those ballots of a job that count, and forgets the others."""
        kept = self._kept.pop(job, {})
        self._sum(
            [(kept[index][0], weight, parts, kept[index][1]) for index, weight, parts in counted],
            1,
        )

    def retract(self, counted: list[Counted]) -> None:
        """Takes ballots out of the sums that were added before, here or elsewhere."""
        read = dict(self._read([index for index, _, _ in counted]))
        ballots: list[Weighted] = []
        for index, weight, parts in counted:
            cast = decode_entry(read[index])
            if not isinstance(cast, Cast):
                raise MalformedError("the record changed while it was read")
            ballots.append((cast.style, weight, parts, self._ballot_verifier().ciphertexts(cast)))
        self._sum(ballots, -1)

    def sums(self) -> Sums:
        """Returns the sums so far."""
        return self._summing.sums

    def _ballot_verifier(self) -> BallotVerifier:
        if self._verifier is None:
            raise MalformedError("ballots before there is a joint key")
        return self._verifier

    def _sum(self, ballots: list[Weighted], sign: int) -> None:
        if ballots:
            self._summing.add(ballots, self._ballot_verifier().keys.styles, sign)

    def _read(self, indexes: list[int]) -> list[tuple[int, bytes]]:
        """Reads entries again, each bundle once where they ascend."""
        out: list[tuple[int, bytes]] = []
        number, bundle = -1, list[bytes]()
        for index in indexes:
            if index // WIDTH != number:
                number = index // WIDTH
                bundle = read_bundle(self._files, number, self._source.size)
            out.append((index, bundle[index % WIDTH]))
        return out
