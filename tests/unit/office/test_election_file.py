"""The election file: people's words become a manifest; a slip is named with its field."""

from pathlib import Path

import pytest

from hanpyo.election.manifest import Manifest, decode_manifest, encode_manifest
from hanpyo.errors import InvalidFile
from hanpyo.office.election_file import read_election_file
from hanpyo.office.example import EXAMPLE
from hanpyo.office.party import create_signer
from tests.helpers.parties import public, seed

PARTIES = f"""
registrar = {{ name = "R", key = "{public("r").hex()}" }}
[organizers]
parties = [{{ name = "O", key = "{public("o").hex()}" }}]
[trustees]
threshold = 2
parties = [
  {{ name = "T1", key = "{public("t", 1).hex()}" }},
  {{ name = "T2", key = "{public("t", 2).hex()}" }},
]
"""
CHAIR = """
[[contests]]
id = "chair"
title = "Who?"
kind = "one"
options = ["Anna", "Bo B.", "김"]
"""


def read(folder: Path, text: str) -> Manifest:
    path = folder / "council.toml"
    path.write_text(text, encoding="utf-8")
    manifest = read_election_file(path, seed("nonce"))
    return decode_manifest(encode_manifest(manifest))


def election(top: str = "", contests: str = CHAIR) -> str:
    return f'title = "Council"\n{top}\n{PARTIES}\n{contests}'


def test_the_example_is_an_election(tmp_path: Path) -> None:
    for name in ("organizer", "registrar"):
        create_signer(tmp_path / name, name, name)
    for n in (1, 2, 3):
        create_signer(tmp_path / f"trustee-{n}", "trustee", f"Trustee {n}")
    manifest = read(tmp_path, EXAMPLE)
    assert [contest.form for contest in manifest.contests] == ["one", "budget"]
    assert manifest.contests[1].rule.budget == 10_000
    assert [party.name for party in manifest.trustees.parties][2] == "Trustee 3"
    assert (manifest.opens, manifest.closes, manifest.smallest_tally) == (None, None, 10)


def test_defaults_are_the_plain_election(tmp_path: Path) -> None:
    manifest = read(tmp_path, election())
    assert manifest.title == {"en": "Council"}
    assert [option.id for option in manifest.contests[0].options] == [
        "Anna",
        "option-2",
        "option-3",
    ]
    assert (manifest.styles, len(manifest.districts)) == (((0,),), 1)
    assert (manifest.organizers.quorum, manifest.trustees.least) == (1, 2)


def test_times_are_read_with_their_offset(tmp_path: Path) -> None:
    top = 'opens = 2026-05-01T09:00:00+09:00\ncloses = "2026-05-01T09:00:00Z"'
    manifest = read(tmp_path, election(top))
    assert manifest.opens == 1_777_593_600
    assert manifest.closes == manifest.opens + 9 * 3_600


def test_every_kind_of_contest_is_read(tmp_path: Path) -> None:
    options = 'options = ["a", "b", "c"]'
    kinds = {
        "one": f"{options}\nmay_skip = true",
        "some": f"{options}\ncount = [1, 2]",
        "approval": f"{options}\nat_most = 2\nblank = true",
        "score": f"{options}\ntop = 5",
        "matrix": 'items = ["x", { id = "y", title = { en = "Y", ko = "와이" } }]',
        "cumulative": f"{options}\npoints = 10\nexact = true",
        "budget": 'options = [{ title = "a", cost = 3 }]\namount = 5\nat_most = 1',
    }
    tables = [
        f'[[contests]]\nid = "{kind}"\ntitle = "t"\nkind = "{kind}"\n{lines}\n'
        for kind, lines in kinds.items()
    ]
    manifest = read(tmp_path, election("", "".join(tables)))
    found = {contest.form: contest for contest in manifest.contests}
    assert list(found) == list(kinds)
    assert [option.id for option in found["matrix"].options] == ["x.yes", "x.no", "y.yes", "y.no"]
    assert found["matrix"].options[3].title["ko"] == "와이: 반대"
    assert found["matrix"].rule.base == "marked"
    assert found["approval"].options[-1].title == {"en": "I leave this blank"}
    assert found["cumulative"].limits[0].low == 10
    assert found["budget"].rule.budget == 5


def test_districts_styles_partition_and_rules_are_read_by_id(tmp_path: Path) -> None:
    top = (
        'styles = [["chair"], ["chair", "motion"]]\n'
        'districts = [{ id = "n", title = "North" }, "south", "West End"]'
    )
    motion = """
[[contests]]
id = "motion"
title = "Agreed?"
kind = "one"
options = ["yes", "no"]
partition = [["south", "n"], ["district-3"]]
rule = { name = "majority", share = "2/3", turnout = "1/2", quorum = 5 }
"""
    manifest = read(tmp_path, election(top, CHAIR + motion))
    assert manifest.styles == ((0,), (0, 1))
    contest = manifest.contests[1]
    assert contest.partition == ((0, 1), (2,))
    rule = contest.rule
    assert (rule.share, rule.turnout, rule.quorum, rule.base) == ((2, 3), (1, 2), 5, "cast")


def test_decomposed_text_is_composed(tmp_path: Path) -> None:
    manifest = read(tmp_path, election('description = "A\u030a"'))
    assert manifest.description == {"en": "\u00c5"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("= 1", "not TOML"),
        ("a = [" + "[" * 20_000, "nests too deep|not TOML"),
        ("a = " + "9" * 5_000, "not TOML"),
        (election("hue = 1"), "has the unknown key 'hue'"),
        ('title = "Council"', "lacks the key 'contests'"),
        (election("opens = 2026-05-01T09:00:00"), "opens: .*its offset is missing"),
        (election("opens = 2026-05-01"), "opens: .*its offset is missing"),
        (election('opens = "tomorrow"'), 'opens: must be "none" or a time'),
        (election("opens = []"), "opens: must be"),
        (election("opens = 2026-05-01T09:00:00.5Z"), "a whole second"),
        (election('kind = "poll"'), "kind: must be one of election, survey"),
        (election("ballots_per_row = 1.5"), "ballots_per_row: must be a whole number"),
        (election("single_trustee = 1"), "single_trustee: must be true or false"),
        (election('styles = [["chiar"]]'), r"styles\[0\]\[0\]: must be one of the contests chair"),
        (election("title2 = 1"), "unknown key 'title2'"),
        (election("", CHAIR + "hue = 1"), r"contests\[0\]: has the unknown key 'hue'"),
        (election("", CHAIR + "amount = 1"), r"contests\[0\]: has the unknown key 'amount'"),
        (election("", CHAIR.replace('"one"', '"two"')), r"contests\[0\]\.kind: must be one of"),
        (election("", CHAIR.replace('"one"', "[]")), r"contests\[0\]\.kind: must be one of"),
        (election("", CHAIR + 'partition = [["x"]]'), r"partition\[0\]\[0\]: must be one of"),
        (election("", CHAIR + "rule = { name = 'x' }"), r"contests\[0\]\.rule\.name"),
        (election("", CHAIR + "rule = { share = '1:2' }"), r"contests\[0\]\.rule\.share"),
        (election("", CHAIR + "blank = 1"), r"contests\[0\]\.blank: must be a text"),
        (election("", '[[contests]]\nkind = "one"\nid = "a"\ntitle = "t"'), "'options'"),
        (election().replace(public("r").hex(), "00" * 32), "registrar.key"),
        (election().replace('{ name = "R"', '{ nam = "R"'), "registrar: has the unknown key 'nam'"),
    ],
)
def test_slips_are_named_with_file_and_field(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(InvalidFile, match=rf"council\.toml: .*({why})"):
        read(tmp_path, text)


def test_a_party_of_another_role_is_refused(tmp_path: Path) -> None:
    create_signer(tmp_path / "reg", "organizer", "Not a registrar")
    lines = [
        'registrar = "reg/public.json"' if line.startswith("registrar") else line
        for line in election().splitlines()
    ]
    with pytest.raises(InvalidFile, match="is of a party with role organizer, not registrar"):
        read(tmp_path, "\n".join(lines))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "council.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidFile, match="is not UTF-8"):
        read_election_file(path, seed("nonce"))
