"""The manifest of an election (protocol.md 4)."""

import re
from dataclasses import dataclass
from typing import Any

from hanpyo_verifier.election.contests import (
    Contest,
    array,
    ascending,
    check_text,
    distinct,
    fields,
    identifier,
    integer,
    parse_contest,
)
from hanpyo_verifier.election.outcome import parse_rule
from hanpyo_verifier.encoding import canonical_json
from hanpyo_verifier.errors import MalformedError
from hanpyo_verifier.group.ed25519 import PublicKey, public_key

MAX_MANIFEST = 1_048_576
MAX_BALLOT = 65_000
_HEX_32 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Manifest:
    """What the verifier needs of a manifest."""

    opens: int | None
    closes: int | None
    ballots_per_row: int
    contests: list[Contest]
    districts: int
    organizers: list[PublicKey]
    quorum: int
    registrar: PublicKey
    smallest_tally: int
    styles: list[list[int]]
    trustees: list[PublicKey]
    threshold: int
    least: int
    weights: str

    @property
    def slots(self) -> int:
        """m, the largest number of options of any contest (protocol.md 7)."""
        return max(contest.n for contest in self.contests)

    def style_size(self, style: int) -> int:
        """The bytes of a ballot of this style (8.5)."""
        return sum(self.contests[c].size for c in self.styles[style])


def parse_manifest(data: bytes) -> Manifest:
    """Reads a manifest; raises MalformedError."""
    if not 1 <= len(data) <= MAX_MANIFEST:
        raise MalformedError("a manifest has 1 to 1,048,576 bytes")
    value = canonical_json.decode(data)
    names = (
        "ballots_per_row", "closes", "contests", "description", "districts", "kind", "nonce",
        "opens", "organizers", "registrar", "secrecy", "sign_in", "single_trustee",
        "smallest_tally", "styles", "title", "trustees", "version", "weights",
    )  # fmt: skip
    m = dict(zip(names, fields(value, *names), strict=True))
    _check_words(m)
    opens, closes = _times(m["opens"], m["closes"])
    organizers, quorum = _organizers(m["organizers"])
    registrar = _party(m["registrar"])
    trustees, threshold, least = _trustees(m["trustees"], m["single_trustee"])
    keys = [key.data for key in [*organizers, registrar, *trustees]]
    distinct(keys, "the keys of a manifest")
    districts = _districts(m["districts"])
    contests = [
        parse_contest(contest, districts, parse_rule)
        for contest in array(m["contests"], 1, 64, "contests")
    ]
    distinct([contest.id for contest in contests], "contest ids")
    manifest = Manifest(
        opens=opens,
        closes=closes,
        ballots_per_row=integer(m["ballots_per_row"], 1, 64, "ballots_per_row"),
        contests=contests,
        districts=districts,
        organizers=organizers,
        quorum=quorum,
        registrar=registrar,
        smallest_tally=integer(m["smallest_tally"], 2, 1_000_000, "smallest_tally"),
        styles=_styles(m["styles"], len(contests)),
        trustees=trustees,
        threshold=threshold,
        least=least,
        weights=m["weights"],
    )
    if any(manifest.style_size(style) > MAX_BALLOT for style in range(len(manifest.styles))):
        raise MalformedError("a style whose ballot is longer than 65,000 bytes")
    return manifest


def _check_words(m: dict[str, Any]) -> None:
    check_text(m["title"], "the title")
    check_text(m["description"], "the description", longest=5000, least=0)
    integer(m["version"], 1, 1, "version")
    words = {
        "kind": ("election", "survey"),
        "secrecy": ("secret",),
        "sign_in": ("key", "code", "identity"),
        "weights": ("none", "guarded", "revealing"),
    }
    for name, allowed in words.items():
        if m[name] not in allowed:
            raise MalformedError(f"{name} must be one of {', '.join(allowed)}")
    if not isinstance(m["nonce"], str) or not _HEX_32.fullmatch(m["nonce"]):
        raise MalformedError("nonce must be 64 hex digits")


def _times(opens: Any, closes: Any) -> tuple[int | None, int | None]:
    for value in (opens, closes):
        if value is not None:
            integer(value, 0, 2**53 - 1, "a time")
    if opens is not None and closes is not None and opens >= closes:
        raise MalformedError("an election must open before it closes")
    return opens, closes


def _party(value: Any) -> PublicKey:
    key, name = fields(value, "key", "name")
    if not isinstance(name, str) or not 1 <= len(name) <= 200:
        raise MalformedError("a party's name must be 1 to 200 characters long")
    if not isinstance(key, str) or not _HEX_32.fullmatch(key):
        raise MalformedError("a key must be 64 hex digits")
    decoded = public_key(bytes.fromhex(key))
    if decoded is None:
        raise MalformedError("a key that is no Ed25519 key")
    return decoded


def _organizers(value: Any) -> tuple[list[PublicKey], int]:
    parties, quorum = fields(value, "parties", "quorum")
    keys = [_party(party) for party in array(parties, 1, 32, "organizers")]
    return keys, integer(quorum, 1, len(keys), "quorum")


def _trustees(value: Any, single: Any) -> tuple[list[PublicKey], int, int]:
    if not isinstance(single, bool):
        raise MalformedError("single_trustee must be true or false")
    least, parties, threshold = fields(value, "least", "parties", "threshold")
    keys = [_party(party) for party in array(parties, 1, 64, "trustees")]
    if single:
        array(parties, 1, 1, "trustees")
    lowest = 1 if single else 2
    integer(least, lowest, len(keys), "least")
    integer(threshold, lowest, least, "threshold")
    return keys, threshold, least


def _districts(value: Any) -> int:
    ids = []
    for district in array(value, 1, 512, "districts"):
        id_, title = fields(district, "id", "title")
        ids.append(identifier(id_, "a district"))
        check_text(title, "a district's title")
    distinct(ids, "district ids")
    return len(ids)


def _styles(value: Any, contests: int) -> list[list[int]]:
    styles = array(value, 1, 64, "styles")
    for style in styles:
        for contest in array(style, 1, contests, "a style"):
            integer(contest, 0, contests - 1, "a style's contest")
        if not ascending(style):
            raise MalformedError("the contests of a style must ascend")
    return styles
