"""The manifest's bytes: read back exactly, every bound kept, every message names its field."""

from collections.abc import Iterator
from hashlib import sha256

import pytest

from hanpyo.election import contests
from hanpyo.election.contests import Rule
from hanpyo.election.manifest import (
    District,
    Manifest,
    Organizers,
    Trustees,
    decode_manifest,
    election_id,
    encode_manifest,
    manifest_digest,
)
from hanpyo.encoding import decode_json, encode_json, frame
from hanpyo.errors import InvalidManifest
from tests.unit.election.samples import (
    TITLE,
    Path,
    manifest,
    mayor,
    options,
    party,
    with_value,
    without_key,
)

DATA = encode_manifest(manifest())
LANGUAGES = ["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii"]


def score(id: str, count: int, top: int) -> contests.Contest:
    return contests.score(id, TITLE, options(count), Rule("score-sum"), top=top)


def trustees(n: int, least: int, threshold: int) -> Trustees:
    return Trustees(threshold, least, tuple(party(f"trustee {k}") for k in range(n)))


ACCEPTED = {
    "sample": manifest(),
    "survey": manifest(kind="survey", sign_in="key", weights="guarded"),
    "no times": manifest(opens=None, closes=None),
    "opens only": manifest(opens=2**53 - 1, closes=None),
    "closes only": manifest(opens=None, closes=0),
    "one second": manifest(opens=5, closes=6),
    "64 contests": manifest(
        contests=tuple(score(f"c{n}", 1, 1) for n in range(64)), styles=(tuple(range(64)),)
    ),
    "64 styles": manifest(styles=((0,),) * 64),
    "512 districts": manifest(districts=tuple(District(f"d{n}", TITLE) for n in range(512))),
    "single trustee": manifest(single_trustee=True, trustees=trustees(1, 1, 1)),
    "64 trustees": manifest(trustees=trustees(64, 64, 64)),
    "some trustees may fail": manifest(trustees=trustees(5, 3, 2)),
    "32 organizers": manifest(organizers=Organizers(32, tuple(party(f"o{n}") for n in range(32)))),
    "no changing": manifest(ballots_per_row=1),
    "smallest tally of 2": manifest(smallest_tally=2),
    "smallest tally of a million": manifest(smallest_tally=1_000_000),
    "revealing": manifest(weights="revealing", sign_in="identity"),
    "longest texts": manifest(
        title={"ko": "\U0001f600" * 500},
        description={"abc": "한" * 5_000, "de": "x"},
    ),
    "8 languages": manifest(title=dict.fromkeys(LANGUAGES[:8], "x")),
    # 32 (n + b + 6) = 64 992 and 65 000 is the border
    "largest ballot": manifest(contests=(score("s", 405, 15),), styles=((0,),)),
    "too large only in no style": manifest(contests=(mayor(), score("s", 500, 15)), styles=((0,),)),
}


@pytest.mark.parametrize("example", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_round_trip_is_exact(example: Manifest) -> None:
    data = encode_manifest(example)
    assert decode_manifest(data) == example
    assert encode_manifest(decode_manifest(data)) == data


def test_the_largest_ballot_is_at_its_border() -> None:
    assert ACCEPTED["largest ballot"].ballot_size(0) == 64_992


LONG = "x" * 501
REFUSED: dict[str, tuple[Path, object, str]] = {
    "version 2": (("version",), 2, "version: must be 1, not 2"),
    "version true": (("version",), True, "version: must be an integer"),
    "unknown kind": (("kind",), "poll", "kind: must be one of election, survey"),
    "open ballot": (("secrecy",), "public", "secrecy: must be one of secret"),
    "unknown sign-in": (("sign_in",), "sms", "sign_in: must be one of key, code, identity"),
    "unknown weights": (("weights",), "all", "weights: must be one of none, guarded, revealing"),
    "kind of wrong type": (("kind",), ["election"], "kind: must be one of"),
    "unknown key": (("extra",), 1, "the manifest: has the unknown key 'extra'"),
    "unknown key of an organizer": (
        ("organizers", "parties", 1, "mail"),
        "x",
        "organizers.parties[1]: has the unknown key 'mail'",
    ),
    "short nonce": (("nonce",), "00" * 31, "nonce: not 64 lowercase hex digits"),
    "uppercase nonce": (("nonce",), "AA" * 32, "nonce: not 64 lowercase hex digits"),
    "nonce of wrong type": (("nonce",), 5, "nonce: not 64 lowercase hex digits"),
    "title without language": (("title",), {}, "title: needs at least one language"),
    "title of wrong type": (("title",), "Title", "title: must be an object"),
    "empty title": (("title", "en"), "", "title.en: must have 1..500 characters, not 0"),
    "long title": (("title", "en"), LONG, "title.en: must have 1..500 characters, not 501"),
    "title that is no text": (("title", "en"), 1, "title.en: must be a string"),
    "language of one letter": (("title", "e"), "x", "title: has 'e'"),
    "language of four letters": (("title", "engl"), "x", "title: has 'engl'"),
    "language with region": (("title", "en-US"), "x", "title: has 'en-US'"),
    "nine languages": (
        ("title",),
        dict.fromkeys(LANGUAGES, "x"),
        "title: must have at most 8 languages, not 9",
    ),
    "long note": (("description", "en"), "x" * 5_001, "description.en: must have 1..5000"),
    "ballots per row 0": (("ballots_per_row",), 0, "ballots_per_row: must be 1..64, not 0"),
    "ballots per row 65": (("ballots_per_row",), 65, "ballots_per_row: must be 1..64, not 65"),
    "smallest tally of 1": (("smallest_tally",), 1, "smallest_tally: must be 2..1000000, not 1"),
    "smallest tally too large": (("smallest_tally",), 1_000_001, "smallest_tally: must be 2.."),
    "closes as it opens": (("closes",), 1_000, "closes: must be later than opens, 1000"),
    "time of wrong type": (("opens",), "now", "opens: must be an integer"),
    "no contest": (("contests",), [], "contests: must have 1..64 items, not 0"),
    "contests of wrong type": (("contests",), {}, "contests: must be an array"),
    "contest ids twice": (("contests", 1, "id"), "mayor", "contests: has the id 'mayor' twice"),
    "contest id with a space": (("contests", 1, "id"), "a b", "contests[1].id: must be 1..64"),
    "contest id begins with a sign": (("contests", 1, "id"), "-a", "contests[1].id: must be 1..64"),
    "contest id of 65": (("contests", 1, "id"), "a" * 65, "contests[1].id: must be 1..64"),
    "contest id of wrong type": (("contests", 1, "id"), 7, "contests[1].id: must be 1..64"),
    "option title empty": (
        ("contests", 1, "options", 2, "title"),
        {},
        "contests[1].options[2].title: needs at least one language",
    ),
    "cost too high": (
        ("contests", 1, "options", 2, "cost"),
        2**48,
        "contests[1].options[2].cost: must be 0..281474976710655",
    ),
    "limit high": (
        ("contests", 1, "limits", 0, "high"),
        None,
        "contests[1].limits[0].high: must be an integer",
    ),
    "coefficient of three": (
        ("contests", 1, "limits", 0, "coefficients", 1),
        [1, 2, 3],
        "contests[1].limits[0].coefficients[1]: must have 2 items, not 3",
    ),
    "example of wrong type": (("contests", 0, "example"), 1, "contests[0].example: must be an"),
    "blank false": (("contests", 0, "blank"), False, "contests[0].blank: must be an integer"),
    "empty part": (("contests", 0, "partition"), [[0, 1], []], "contests[0].partition[1]: must"),
    "part of unknown district": (
        ("contests", 0, "partition"),
        [[0, 1, 2]],
        "contests[0].partition: must hold each of the 2 districts exactly once",
    ),
    "rule share too fine": (
        ("contests", 0, "rule", "share"),
        [1, 10**6 + 1],
        "contests[0].rule.share[1]: must be 0..1000000",
    ),
    "rule turnout of one number": (
        ("contests", 0, "rule", "turnout"),
        [0],
        "contests[0].rule.turnout: must have 2 items, not 1",
    ),
    "no district": (("districts",), [], "districts: must have 1..512 items, not 0"),
    "district ids twice": (("districts", 1, "id"), "north", "districts: has the id 'north' twice"),
    "no style": (("styles",), [], "styles: must have 1..64 items, not 0"),
    "65 styles": (("styles",), [[0]] * 65, "styles: must have 1..64 items, not 65"),
    "empty style": (("styles", 0), [], "styles[0]: must have 1..64 items, not 0"),
    "style of unknown contest": (("styles", 0), [2], "styles[0]: names a contest"),
    "style descending": (("styles", 1), [1, 0], "styles[1]: must name each contest once"),
    "style repeats": (("styles", 1), [0, 0], "styles[1]: must name each contest once"),
    "quorum 0": (("organizers", "quorum"), 0, "organizers.quorum: must be 1..3, not 0"),
    "quorum too high": (("organizers", "quorum"), 4, "organizers.quorum: must be 1..3, not 4"),
    "no organizer": (("organizers", "parties"), [], "organizers.parties: must have 1..32 items"),
    "party without a name": (("registrar", "name"), "", "registrar.name: must have 1..200"),
    "party with a long name": (("registrar", "name"), "x" * 201, "registrar.name: must have 1.."),
    "short key": (("registrar", "key"), "00", "registrar.key: not 64 lowercase hex digits"),
    "threshold 1": (("trustees", "threshold"), 1, "trustees.threshold: must be 2, not 1"),
    "threshold over least": (("trustees", "threshold"), 3, "trustees.threshold: must be 1..2"),
    "least over all": (("trustees", "least"), 4, "trustees.least: must be 1..3, not 4"),
    "single of three": (
        ("single_trustee",),
        True,
        "trustees.parties, with single_trustee: must be 1, not 3",
    ),
    "single of wrong type": (("single_trustee",), 0, "single_trustee: must be true or false"),
}


@pytest.mark.parametrize(("path", "value", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_in_one_sentence(path: Path, value: object, message: str) -> None:
    with pytest.raises(InvalidManifest) as caught:
        decode_manifest(with_value(DATA, path, value))
    assert str(caught.value).startswith(message)


def objects(value: object, path: Path = ()) -> Iterator[tuple[Path, list[str]]]:
    """Find every object with fixed keys in a manifest, and its keys."""
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from objects(item, (*path, place))
    elif isinstance(value, dict) and path[-1:] not in {("title",), ("description",)}:
        yield path, sorted(value)
        for key, item in value.items():
            yield from objects(item, (*path, key))


PATHS = [(*path, key) for path, keys in objects(decode_json(DATA)) for key in keys]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_every_key_is_needed(path: Path) -> None:
    with pytest.raises(InvalidManifest, match=f"lacks the key '{path[-1]}'"):
        decode_manifest(without_key(DATA, path))


def test_keys_are_those_of_the_protocol_page() -> None:
    assert len(PATHS) > 100
    assert " ".join(path[0] for path in PATHS if len(path) == 1 and isinstance(path[0], str)) == (
        "ballots_per_row closes contests description districts kind nonce opens organizers "
        "registrar secrecy sign_in single_trustee smallest_tally styles title trustees version "
        "weights"
    )


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (("registrar", "key"), "organizers.parties[0].key: is also the key of registrar"),
        (
            ("trustees", "parties", 2, "key"),
            "trustees.parties[2].key: is also the key of organizers.parties[0]",
        ),
    ],
)
def test_one_key_for_two_roles_is_refused(path: Path, message: str) -> None:
    key = manifest().organizers.parties[0].key.hex()
    with pytest.raises(InvalidManifest) as caught:
        decode_manifest(with_value(DATA, path, key))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "key",
    [
        "01" + "00" * 31,  # the identity
        "00" * 32,  # order 4
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # order 2
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",  # order 8
        "ee" + "ff" * 30 + "7f",  # y = p + 1: not canonical
        "ff" * 32,
    ],
)
def test_a_weak_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidManifest, match=r"^trustees\.parties\[1\]\.key: "):
        decode_manifest(with_value(DATA, ("trustees", "parties", 1, "key"), key))


@pytest.mark.parametrize("value", [1, [], "x", None, True])
def test_a_manifest_is_an_object(value: object) -> None:
    with pytest.raises(InvalidManifest, match="the manifest: must be an object"):
        decode_manifest(encode_json(value))


@pytest.mark.parametrize(
    "data", [b"", b" " + DATA, DATA + b"\n", DATA[:-1], DATA.replace(b'"kind":', b'"kind": ')]
)
def test_other_bytes_of_the_same_manifest_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidManifest):
        decode_manifest(data)


def test_a_manifest_over_its_size_is_refused_unread() -> None:
    with pytest.raises(InvalidManifest, match="1048577 bytes, must be"):
        decode_manifest(b" " * 1_048_577)


def test_a_ballot_over_its_size_is_refused() -> None:
    with pytest.raises(InvalidManifest, match=r"^styles\[1\]: needs ballots of 65152 bytes"):
        encode_manifest(manifest(contests=(mayor(), score("s", 406, 15)), styles=((0,), (1,))))


def test_what_is_written_is_checked_too() -> None:
    with pytest.raises(InvalidManifest, match="title: needs at least one language"):
        encode_manifest(manifest(title={}))
    with pytest.raises(InvalidManifest, match="forbidden character U\\+202E"):
        encode_manifest(manifest(title={"en": "a\u202eb"}))


def test_identities() -> None:
    ledger_id = bytes(range(32))
    assert manifest_digest(DATA) == sha256(DATA).digest()
    assert election_id(ledger_id, DATA) == sha256(frame("election", ledger_id, DATA)).digest()


def test_slots_are_the_most_options_of_any_contest() -> None:
    assert manifest().slots == 5
    assert manifest(contests=(mayor(),)).slots == 3


def test_a_ballot_holds_its_style_s_contests() -> None:
    mayor_size, projects_size = (contest.byte_size for contest in manifest().contests)
    assert manifest().ballot_size(0) == mayor_size
    assert manifest().ballot_size(1) == mayor_size + projects_size
    assert [contest.id for contest in manifest().style_contests(1)] == ["mayor", "projects"]
