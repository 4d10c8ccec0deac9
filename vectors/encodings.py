"""CBOR, JSON, and manifests, good and refused (docs/protocol.md 2.6, 2.7, 4, 5)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hanpyo import crypto
from hanpyo.election.contests import Contest, Option, Rule, contest_to_json
from hanpyo.election.manifest import (
    District,
    Manifest,
    Organizers,
    Party,
    Trustees,
    election_id,
    encode_manifest,
    manifest_digest,
)
from hanpyo.encoding import encode_cbor, encode_json
from vectors.common import Vector, seed, tagged
from vectors.edwards import TORSION, encode
from vectors.kinds import kinds
from vectors.refusals import REFUSED_CBOR, REFUSED_JSON

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

Change = tuple[tuple[str | int, ...], Any]  # a path and the value put there


def cbor() -> Iterator[Vector]:
    """Read and refuse CBOR."""
    numbers = [0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**63 - 1]
    good: dict[str, Any] = {f"integer {n}": n for n in numbers}
    good |= {"false": False, "true": True, "null": None, "empty text": "", "empty bytes": b""}
    good |= {f"{n} bytes": bytes(n) for n in (23, 24, 255, 256)}
    good |= {f"text of {n}": "a" * n for n in (23, 24)}
    good |= {f"array of {n}": [0] * n for n in (0, 23, 24)}
    good |= {"empty map": {}, "all keys": {n: n for n in range(24)}, "text": "Żółć 한표 \0 😀"}
    good |= {"nested": {0: [1, b"\xff", "x", {3: [None, True]}], 23: {}}}
    deep: Any = 0
    for _ in range(8):
        deep = [deep]
    good["eight deep"] = deep
    for name, value in good.items():
        common = {"name": f"good: {name}", "bytes": encode_cbor(value), "value": tagged(value)}
        yield {**common, "code": 0}
    for name, data in REFUSED_CBOR.items():
        yield {"name": f"refused: {name}", "bytes": data, "code": 13}


def json_texts() -> Iterator[Vector]:
    """Read and refuse JSON; as bytes, so that no reader of this file repairs anything."""
    good: dict[str, Any] = {
        "empty object": {},
        "empty array": [],
        "empty text": "",
        "0": 0,
        "largest integer": 2**53 - 1,
        "literals": [True, False, None],
        "key order": {"B": 2, "_": 4, "a": 3, "": 0, " ": 1, "~": 5},
        "escapes": 'quote " backslash \\ slash /',
        "characters as themselves": "Żółć 한표 😀 \u2028 \ufffd \u00a0",
        "private use and unassigned": "\ue000",
        "zero width, which is no control": "a\u200b\u200c\u200db",
    }
    deep: Any = []
    for _ in range(15):
        deep = [deep]
    good["16 deep"] = deep
    for name, value in good.items():
        yield {"name": f"good: {name}", "bytes": encode_json(value), "value": value, "code": 0}
    for name, text in REFUSED_JSON.items():
        yield {"name": f"refused: {name}", "bytes": text.encode(), "code": 13}
    for character in BIDI:
        name = f"refused: bidirectional control U+{ord(character):04X}"
        yield {"name": name, "bytes": f'"a{character}b"'.encode(), "code": 13}
    yield {"name": "refused: not UTF-8", "bytes": b'"\xff"', "code": 13}
    yield {"name": "refused: UTF-16", "bytes": '"a"'.encode("utf-16-le"), "code": 13}
    yield {"name": "refused: in a key", "bytes": '{"a\u200e":1}'.encode(), "code": 13}


# --- manifests ---


def keys(count: int, first: int = 0) -> list[bytes]:
    """Give lawful Ed25519 keys."""
    return [crypto.ed25519_public(seed("party", n)) for n in range(first, first + count)]


def parties(count: int, first: int = 0) -> tuple[Party, ...]:
    """Make parties."""
    return tuple(Party(f"Party {first + n}", key) for n, key in enumerate(keys(count, first)))


def contest(name: str) -> Contest:
    """Give a contest of one kind."""
    return next(each.contest for each in kinds() if each.name == name)


def manifest(**changes: Any) -> Manifest:
    """Make a small manifest."""
    title = {"en": "Title"}
    facts: dict[str, Any] = {
        "kind": "election",
        "title": {"en": "Council", "ko": "의회"},
        "description": {},
        "nonce": seed("nonce"),
        "organizers": Organizers(2, parties(3)),
        "registrar": Party("Registrar", keys(1, 3)[0]),
        "trustees": Trustees(2, 2, parties(3, 4)),
        "contests": (
            replace(contest("one, may skip"), partition=((0,), (1,))),
            contest("one, with blank"),
            contest("matrix"),
        ),
        "districts": (District("north", title), District("south", title)),
        "styles": ((0,), (0, 1, 2)),
        "smallest_tally": 10,
        "opens": 1_000,
        "closes": 2_000,
    }
    return Manifest(**{**facts, **changes})


def manifests() -> Iterator[Vector]:
    """Read and refuse manifests."""
    everything = tuple(each.contest for each in kinds())
    good = {
        "small": manifest(),
        "every kind of contest": manifest(contests=everything, styles=(tuple(range(9)), (9,))),
        "no times": manifest(opens=None, closes=None, ballots_per_row=1),
        "survey": manifest(kind="survey", weights="guarded", sign_in="identity"),
        "single trustee": manifest(
            single_trustee=True, trustees=Trustees(1, 1, parties(1, 4)), weights="revealing"
        ),
    }
    ledger_id = seed("ledger")
    for name, each in good.items():
        data = encode_manifest(each)
        yield {
            "name": f"good: {name}",
            "manifest": data.decode(),
            "code": 0,
            "ledger_id": ledger_id,
            "digest": manifest_digest(data),
            "election_id": election_id(ledger_id, data),
            "slots": each.slots,
            "ballot_sizes": [each.ballot_size(style) for style in range(len(each.styles))],
        }
    base = json.loads(encode_manifest(manifest()))
    for name, (path, value) in refused_values().items():
        changed = json.loads(json.dumps(base))
        set_at(changed, path, value)
        yield {"name": f"refused: {name}", "manifest": encode_json(changed).decode(), "code": 14}
    for key in sorted(base):
        changed = {name: value for name, value in base.items() if name != key}
        yield {"name": f"refused: no {key}", "manifest": encode_json(changed).decode(), "code": 14}
    text = encode_manifest(manifest()).decode()
    for name, broken in {
        "a newline at the end": text + "\n",
        "not JSON": text[:-1],
        "empty": "",
        "an array": "[]",
        "a number with a fraction": text.replace('"opens":1000', '"opens":1000.0'),
        "a control character": text.replace('"Council"', r'"Coun\u0007cil"'),
    }.items():
        yield {"name": f"refused: {name}", "manifest": broken, "code": 14}


def set_at(value: Any, path: tuple[str | int, ...], new: Any) -> None:
    """Put another value at a path."""
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


def refused_values() -> dict[str, Change]:
    """Name what is refused: a path in the small manifest and the value put there."""
    return {**refused_facts(), **refused_contests(), **refused_elections()}


def refused_facts() -> dict[str, Change]:
    """Name what is refused of single facts."""
    return {
        "version 2": (("version",), 2),
        "version true": (("version",), True),
        "unknown kind": (("kind",), "poll"),
        "secrecy public": (("secrecy",), "public"),
        "unknown sign-in": (("sign_in",), "sms"),
        "unknown weights": (("weights",), "all"),
        "unknown key": (("extra",), 1),
        "unknown key of a party": (("registrar", "mail"), "x"),
        "unknown key of a contest": (("contests", 0, "extra"), 1),
        "short nonce": (("nonce",), "00" * 31),
        "uppercase nonce": (("nonce",), "AA" * 32),
        "title without language": (("title",), {}),
        "empty title": (("title", "en"), ""),
        "title of 501": (("title", "en"), "x" * 501),
        "language en-US": (("title",), {"en-US": "x"}),
        "nine languages": (("title",), {f"a{each}": "x" for each in "abcdefghi"}),
        "ballots per row 0": (("ballots_per_row",), 0),
        "ballots per row 65": (("ballots_per_row",), 65),
        "smallest tally 1": (("smallest_tally",), 1),
        "smallest tally 1000001": (("smallest_tally",), 1_000_001),
        "closes as it opens": (("closes",), 1_000),
        "time of wrong type": (("opens",), "now"),
    }


def refused_contests() -> dict[str, Change]:
    """Name what is refused of contests and their rules."""
    c0, c1, c2 = ("contests", 0), ("contests", 1), ("contests", 2)
    rule = "rule"
    limit = {"coefficients": [[0, 1], [1, 1], [2, 1]], "high": 1, "low": 0}
    return {
        "no contest": (("contests",), []),
        "contest ids twice": ((*c1, "id"), "skip"),
        "contest id with a space": ((*c1, "id"), "a b"),
        "contest id begins with a sign": ((*c1, "id"), "-a"),
        "contest id of 65": ((*c1, "id"), "a" * 65),
        "unknown form": ((*c1, "form"), "ranked"),
        "option ids twice": ((*c0, "options", 1, "id"), "a"),
        "no option": ((*c0, "options"), []),
        "cost 2^48": ((*c0, "options", 0, "cost"), 2**48),
        "top 0": ((*c0, "top"), 0),
        "top 2^32": ((*c0, "top"), 2**32),
        "low over high": ((*c0, "limits"), [{**limit, "low": 2}]),
        "low without an example": ((*c0, "limits"), [{**limit, "low": 1}]),
        "coefficient 0": ((*c0, "limits"), [{**limit, "coefficients": [[0, 0]]}]),
        "coefficient 2^48": ((*c0, "limits"), [{**limit, "coefficients": [[0, 2**48]]}]),
        "coefficients out of order": (
            (*c0, "limits"),
            [{**limit, "coefficients": [[1, 1], [0, 1]]}],
        ),
        "coefficient of an unknown option": (
            (*c0, "limits"),
            [{**limit, "coefficients": [[3, 1]]}],
        ),
        "no coefficient": ((*c0, "limits"), [{**limit, "coefficients": []}]),
        "high 2^48": ((*c0, "limits"), [{**limit, "high": 2**48}]),
        "65 limits": ((*c0, "limits"), [limit] * 65),
        "example breaks a limit": ((*c0, "example"), [1, 1, 0]),
        "example over the top": ((*c0, "example"), [2, 0, 0]),
        "example too short": ((*c0, "example"), [1, 0]),
        "blank is no option": ((*c1, "blank"), 3),
        "blank does not use up the limit": ((*c1, "limits", 0, "high"), 2),
        "blank without a limit of all": ((*c1, "limits", 0, "coefficients"), [[0, 1], [2, 1]]),
        "matrix with a blank option": ((*c2, "blank"), 0),
        "matrix with another limit": ((*c2, "limits", 0, "high"), 2),
        "matrix with limits out of place": ((*c2, "limits"), []),
        "empty part": ((*c0, "partition"), [[0, 1], []]),
        "part of an unknown district": ((*c0, "partition"), [[0, 1, 2]]),
        "district left out": ((*c0, "partition"), [[0]]),
        "district twice": ((*c0, "partition"), [[0, 1], [1]]),
        "part descending": ((*c0, "partition"), [[1, 0]]),
        "unknown rule": ((*c0, rule, "name"), "borda"),
        "rule that does not fit": ((*c0, rule, "name"), "cumulative"),
        "seats 0": ((*c0, rule, "seats"), 0),
        "more seats than options": ((*c0, rule, "seats"), 4),
        "more seats than options without blank": ((*c1, rule, "seats"), 3),
        "share of a rule without": ((*c0, rule, "share"), [1, 2]),
        "base of a rule without": ((*c0, rule, "base"), "marked"),
        "budget of a rule without": ((*c0, rule, "budget"), 1),
        "share 1": ((*c2, rule, "share"), [1, 1]),
        "share over 10^6": ((*c2, rule, "share"), [1, 10**6 + 1]),
        "turnout over 1": ((*c0, rule, "turnout"), [2, 1]),
        "turnout 0/0": ((*c0, rule, "turnout"), [0, 0]),
        "turnout of one number": ((*c0, rule, "turnout"), [0]),
        "quorum 2^48": ((*c0, rule, "quorum"), 2**48),
    }


def refused_elections() -> dict[str, Change]:
    """Name what is refused of districts, styles and parties."""
    same_key = parties(1)[0].key.hex()
    return {
        "no district": (("districts",), []),
        "district ids twice": (("districts", 1, "id"), "north"),
        "no style": (("styles",), []),
        "65 styles": (("styles",), [[0]] * 65),
        "empty style": (("styles", 0), []),
        "style of an unknown contest": (("styles", 0), [3]),
        "style descending": (("styles", 1), [1, 0]),
        "style repeats": (("styles", 1), [0, 0]),
        "quorum 0": (("organizers", "quorum"), 0),
        "quorum over all": (("organizers", "quorum"), 4),
        "no organizer": (("organizers", "parties"), []),
        "party without a name": (("registrar", "name"), ""),
        "name of 201": (("registrar", "name"), "x" * 201),
        "key twice": (("registrar", "key"), same_key),
        "key of small order": (("registrar", "key"), encode(TORSION).hex()),
        "key is the identity": (("registrar", "key"), encode((0, 1)).hex()),
        "key not canonical": (("registrar", "key"), "ee" + "ff" * 30 + "7f"),
        "key uppercase": (("registrar", "key"), keys(1, 3)[0].hex().upper()),
        "threshold 1 of three": (("trustees", "threshold"), 1),
        "threshold over least": (("trustees", "threshold"), 3),
        "least over all": (("trustees", "least"), 4),
        "single of three": (("single_trustee",), True),
        "single of wrong type": (("single_trustee",), 0),
        "options that make a ballot too long": (
            ("contests", 0),
            wide_contest(),
        ),
    }


def wide_contest() -> Any:
    """Give a contest whose ballot is over 65,000 bytes."""
    options = tuple(Option(f"o{n}", {"en": "x"}) for n in range(406))
    base = contest("score")
    wide = replace(base, options=options, top=15, rule=Rule("score-sum"))
    return contest_to_json(wide)
