"""What a manifest is: parties, contests, districts, styles, and what else is fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from hanpyo.election.contests import Contest
from hanpyo.encoding import frame

VERSION = 1
BALLOTS_PER_ROW_MAX = 64

KINDS = ("election", "survey")
SECRECIES = ("secret",)
SIGN_INS = ("key", "code", "identity")
WEIGHTS = ("none", "guarded", "revealing")


@dataclass(frozen=True, slots=True)
class Party:
    """Whoever signs acts: a name for people and an Ed25519 key."""

    name: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Organizers:
    """Who holds the election; `quorum` of them sign together."""

    quorum: int
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Trustees:
    """Who holds the joint key: `threshold` of them decrypt, `least` must take part in making it."""

    threshold: int
    least: int
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class District:
    """A part of the roll by which contests may be summed."""

    id: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The fixed facts of an election; protocol.md 4 explains every field.

    Attributes:
        opens, closes: seconds since 1970-01-01 UTC; `None`: organizers sign it when it happens.
        nonce: 32 random bytes that make the election the only one of its kind.
        smallest_tally: no fewer ballots are ever opened together.
        styles: which contests a row may vote in, as contest numbers, by style.
    """

    kind: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    nonce: bytes
    organizers: Organizers
    registrar: Party
    trustees: Trustees
    contests: tuple[Contest, ...]
    districts: tuple[District, ...]
    styles: tuple[tuple[int, ...], ...]
    smallest_tally: int
    opens: int | None = None
    closes: int | None = None
    ballots_per_row: int = BALLOTS_PER_ROW_MAX
    weights: str = "none"
    sign_in: str = "code"
    single_trustee: bool = False
    secrecy: str = "secret"

    @property
    def slots(self) -> int:
        """m: the largest number of options of any contest."""
        return max(len(contest.options) for contest in self.contests)

    def style_contests(self, style: int) -> tuple[Contest, ...]:
        """Give the contests of a style, in the order in which a ballot holds them."""
        return tuple(self.contests[number] for number in self.styles[style])

    def ballot_size(self, style: int) -> int:
        """Tell how many bytes a ballot of this style has."""
        return sum(contest.byte_size for contest in self.style_contests(style))


def manifest_digest(data: bytes) -> bytes:
    """Give the digest of a manifest's bytes: what `sha256sum manifest.json` prints."""
    return sha256(data).digest()


def election_id(ledger_id: bytes, manifest_bytes: bytes) -> bytes:
    """Identify the election that a manifest describes on one ledger."""
    return sha256(frame("election", ledger_id, manifest_bytes)).digest()
