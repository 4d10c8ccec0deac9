"""The list of members: read whole, or refused with every line that is wrong."""

from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile
from hanpyo.office.roll_file import Entitled, read_roll_file
from tests.helpers.parties import tiny_manifest


def read(folder: Path, text: str | bytes, **changes: object) -> list[Entitled]:
    path = folder / "members.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_roll_file(path, tiny_manifest(**changes))


def test_a_list_is_read(tmp_path: Path) -> None:
    text = 'reference,weight,style,district\n"Kim, Anna",1,0,d0\r\n\n박 ,1,1,d2\n'
    assert read(tmp_path, text) == [Entitled("Kim, Anna", 1, 0, 0), Entitled("박", 1, 1, 2)]


def test_columns_may_stand_in_any_order_and_after_a_mark(tmp_path: Path) -> None:
    text = "\ufeffDistrict, style ,Reference\nd1,1,a\n"
    assert read(tmp_path, text) == [Entitled("a", 1, 1, 1)]


def test_one_district_and_style_need_no_column(tmp_path: Path) -> None:
    manifest = tiny_manifest()
    plain = {"districts": manifest.districts[:1], "styles": ((0, 1),)}
    assert read(tmp_path, "reference\na\nb\n", **plain) == [
        Entitled("a", 1, 0, 0),
        Entitled("b", 1, 0, 0),
    ]


def test_weights_follow_the_manifest(tmp_path: Path) -> None:
    text = "reference,weight,style,district\na,7,0,d0\n"
    assert read(tmp_path, text, weights="guarded")[0].weight == 7
    with pytest.raises(InvalidFile, match=r"line 2: weight must be 1\.\.1, not '7'"):
        read(tmp_path, text)


def test_all_bad_lines_are_listed_with_their_numbers(tmp_path: Path) -> None:
    text = (
        "reference,weight,style,district\n"
        "a,1,0,d0\n"
        ",1,0,d0\n"
        "a,1,0,d0\n"
        '"two\nlines",1,0,d0\n'
        "b,0,2,nowhere\n"
        "c,1,0\n"
        "A\u030a,1,0,d0\n"
        "\u00c5,1,0,d0\n"
        f"{'x' * 201},-1,one,d0\n"
    )
    with pytest.raises(InvalidFile) as caught:
        read(tmp_path, text)
    lines = [line.split("members.csv: ")[1] for line in str(caught.value).splitlines()]
    assert lines == [
        "line 3: reference must have 1 to 200 characters, not 0",
        "line 4: reference stands in line 2 already",
        "line 5: reference: text holds the forbidden character U+000A",
        "line 7: weight must be 1..1, not '0'",
        "line 7: style must be 0..1, not '2'",
        "line 7: district 'nowhere' is none of d0, d1, d2",
        "line 8: has 3 fields, the first 4",
        "line 10: reference stands in line 9 already",
        "line 11: reference must have 1 to 200 characters, not 201",
        "line 11: weight must be 1..1, not '-1'",
        "line 11: style must be 0..1, not 'one'",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the column 'reference' is missing"),
        ("reference,style,district\n", "holds no member"),
        ("reference\na\n", "line 1: the column 'style' is missing"),
        ("reference,name,style,district\n", "column 'name' is unknown"),
        ("reference,reference,style,district\n", "column 'reference' is unknown or stands twice"),
        (b"reference,style,district\n\xff,0,d0\n", "line 2: is not UTF-8"),
        ('reference,style,district\n"a,0,d0\n', "line 2: unexpected end"),
        ('reference,style,district\n"a"b,0,d0\n', "line 2: ',' expected"),
        ("," * 1_000_000, "has 1000001 columns"),
        ("reference,style,district\n" + "x" * 1_001 + ",0,d0\n", "line 2: field larger"),
        ("reference,style,district\na,²,d0\n", "style must be"),
    ],
)
def test_w10_strange_files_are_refused_quickly(tmp_path: Path, text: str | bytes, why: str) -> None:
    with pytest.raises(InvalidFile, match=why):
        read(tmp_path, text)
