"""Contests and a manifest that keep every rule, for tests to break one at a time."""

from copy import deepcopy
from hashlib import sha256

from hanpyo import crypto
from hanpyo.election import contests
from hanpyo.election.contests import Contest, Option, Rule
from hanpyo.election.manifest import District, Manifest, Organizers, Party, Trustees
from hanpyo.encoding import decode_json, encode_json

TITLE = {"en": "Title", "ko": "제목"}
Json = dict[str, object]
Path = tuple[str | int, ...]


def seed(name: str) -> bytes:
    """Derive 32 bytes that belong to a name."""
    return sha256(name.encode()).digest()


def party(name: str) -> Party:
    """Make a party whose key belongs to its name."""
    return Party(name, crypto.ed25519_public(seed(name)))


def options(count: int, costs: tuple[int, ...] = ()) -> list[Option]:
    """Make options a, b, c, ..."""
    names = [chr(ord("a") + place % 26) + str(place // 26 or "") for place in range(count)]
    return [Option(name, TITLE, costs[place] if costs else 0) for place, name in enumerate(names)]


def mayor() -> Contest:
    """Choose exactly one of three."""
    return contests.one("mayor", TITLE, options(3), Rule("plurality"))


def projects() -> Contest:
    """Share out a budget over four projects, with a blank option."""
    rule = Rule("budget", seats=0, budget=100)
    blank = Option("blank", TITLE)
    costs = options(4, (30, 40, 50, 60))
    return contests.budget("projects", TITLE, costs, rule, amount=100, at_most=3, blank=blank)


def manifest(**changes: object) -> Manifest:
    """Make a manifest of two contests, two districts and two styles."""
    facts: dict[str, object] = {
        "kind": "election",
        "title": TITLE,
        "description": {},
        "nonce": seed("nonce"),
        "organizers": Organizers(2, tuple(party(f"organizer {n}") for n in range(3))),
        "registrar": party("registrar"),
        "trustees": Trustees(2, 2, tuple(party(f"trustee {n}") for n in (1, 2, 3))),
        "contests": (mayor(), projects()),
        "districts": (District("north", TITLE), District("south", TITLE)),
        "styles": ((0,), (0, 1)),
        "smallest_tally": 5,
        "opens": 1_000,
        "closes": 2_000,
    }
    return Manifest(**{**facts, **changes})  # type: ignore[arg-type]


def with_value(data: bytes, path: Path, value: object) -> bytes:
    """Put a value into JSON at a path; a path's last key may be new."""
    root = deepcopy(decode_json(data))
    place = root
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]
    return encode_json(root)


def without_key(data: bytes, path: Path) -> bytes:
    """Take a key out of JSON."""
    root = deepcopy(decode_json(data))
    place = root
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]
    del place[path[-1]]  # type: ignore[attr-defined]
    return encode_json(root)
