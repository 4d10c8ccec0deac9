"""Strict decoders: CBOR, JSON, base64, entries, checkpoint, blocks, promises."""

import base64

import pytest
from hanpyo_verifier.election.entries import decode_entry
from hanpyo_verifier.encoding import base64_strict, canonical_json, cbor
from hanpyo_verifier.errors import MalformedError
from hanpyo_verifier.log.blocks import Block, Times, parse_line
from hanpyo_verifier.log.checkpoint import parse_checkpoint
from hanpyo_verifier.log.layout import expected_files, is_expected, tile_path
from hanpyo_verifier.log.merkle import Tree


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("1901f4", 500),
        ("1a00010000", 65536),
        ("1b7fffffffffffffff", 2**63 - 1),
        ("40", b""),
        ("63e282ac", "\u20ac"),
        ("8301f4f6", [1, False, None]),
        ("a20001170f", {0: 1, 23: 15}),
        ("8181818181818180", [[[[[[[[]]]]]]]]),
    ],
)
def test_cbor_that_is_canonical(data, value):
    assert cbor.decode(bytes.fromhex(data)) == value
    assert cbor.encode(value).hex() == data


@pytest.mark.parametrize(
    "data",
    [
        "",
        "0000",  # two items
        "1817",  # a head that is not the shortest
        "190017",
        "1a0000ffff",
        "1b00000000ffffffff",
        "1b8000000000000000",  # 2^63
        "20",  # negative
        "5801",  # ends early
        "41",
        "5f4100ff",  # indefinite
        "9f00ff",
        "bf0000ff",
        "1c",
        "62c328",  # not UTF-8
        "63eda080",  # a surrogate
        "8200",
        "9bffffffffffffffff",
        "a2000000",
        "a201000000",  # keys that fall
        "a200000001",  # a key that stands twice
        "a1181800",  # key 24
        "a1410000",  # a key of another type
        "a12000",
        "c000",  # a tag
        "f7",  # undefined
        "f0",
        "f818",
        "f814",  # false in two bytes
        "f93c00",  # floats
        "fa00000000",
        "fb0000000000000000",
        "ff",
        "818181818181818180",  # nine deep
    ],
)
def test_cbor_that_is_not(data):
    with pytest.raises(MalformedError):
        cbor.decode(bytes.fromhex(data))


@pytest.mark.parametrize(
    "text",
    [
        '{}', '{"a":1}', '{"a":[],"b":{}}', '"\\\\\\""', '"\u00e4\u20ac\U0001f600"',
        '9007199254740991', '0', 'null', 'true', '"/"', "[" * 16 + "1" + "]" * 16,
        '{"a":' * 16 + "1" + "}" * 16,
    ],
)  # fmt: skip
def test_json_that_is_canonical(text):
    assert canonical_json.encode(canonical_json.decode(text.encode())) == text.encode()


@pytest.mark.parametrize(
    "text",
    [
        "", " {}", "{} ", '{"a": 1}', '{"b":1,"a":1}', '{"a":1,"a":1}', "1.0", "1e2", "-1", "-0",
        "01", "9007199254740992", "1" * 5000, "NaN", "Infinity", '{"\u00e4":1}', '"\\u00e4"',
        '"\\/"', '"\\n"', '"\\ud800"', '"\\ud83d\\ude00"', '"\u0085"', '"\u007f"', '"\u200e"',
        '"\u202e"', '"\u2066"', '"\u061c"', '"a\u0308"', '"\u212b"', "[" * 100_000, "\ufeff{}",
        "[1,]", '{"a"}', "'a'", "[" * 17 + "]" * 17, '"\t"', "nul", "{}{}",
        '{"a":' * 16 + "[]" + "}" * 16,
    ],
)  # fmt: skip
def test_json_that_is_not(text):
    with pytest.raises(MalformedError):
        canonical_json.decode(text.encode())


@pytest.mark.parametrize("data", [b"\xff", b'"\xed\xa0\x80"', b'"\xc0\x80"', "{}".encode("utf-16")])
def test_json_that_is_not_utf_8(data):
    with pytest.raises(MalformedError):
        canonical_json.decode(data)


@pytest.mark.parametrize(
    "text", ["A", "AA", "AA=", "AB==", "AAB=", "AA==\n", " AA==", "A-==", "AA==AA==", "\u00e4==="]
)
def test_base64_that_is_not_canonical(text):
    assert base64_strict.decode(text) is None


def test_base64():
    assert base64_strict.decode("AA==") == b"\0"
    assert base64_strict.decode("") == b""


CAST = {0: 32, 1: bytes(32), 2: 0, 3: bytes(32), 4: 1, 5: b"x", 6: bytes(64)}
ACT = {0: 25, 1: bytes(32), 2: 1, 3: {0: "why"}, 4: [[1, 0, bytes(64)]]}


def test_entries_of_their_schema():
    assert decode_entry(cbor.encode(CAST)).ballot == b"x"
    act = decode_entry(cbor.encode(ACT))
    assert act.body_bytes == cbor.encode(ACT[3])
    assert act.signatures == [(1, 0, bytes(64))]


@pytest.mark.parametrize(
    "entry",
    [
        1,
        [],
        {},
        {0: 25},
        {**CAST, 7: 0},
        {**CAST, 0: 33},
        {**CAST, 1: bytes(31)},
        {**CAST, 2: 64},
        {**CAST, 2: True},
        {**CAST, 3: bytes(33)},
        {**CAST, 5: b""},
        {**CAST, 5: "x"},
        {**CAST, 6: bytes(63)},
        {key: value for key, value in CAST.items() if key != 4},
        {**ACT, 0: 4},
        {**ACT, 0: 46},
        {**ACT, 0: 2**63 - 1},
        {**ACT, 1: None},
        {**ACT, 2: None},
        {**ACT, 2: True},
        {**ACT, 3: {}},
        {**ACT, 3: {0: "why", 1: 0}},
        {**ACT, 3: {0: ""}},
        {**ACT, 3: {0: "x" * 1001}},
        {**ACT, 3: {0: "a\nb"}},
        {**ACT, 3: {0: "\u202e"}},
        {**ACT, 3: []},
        {**ACT, 4: {}},
        {**ACT, 4: [[4, 0, bytes(64)]]},
        {**ACT, 4: [[1, 0, bytes(63)]]},
        {**ACT, 4: [[1, 0]]},
        {**ACT, 4: [[1, 0, bytes(64), 0]]},
        {**ACT, 4: [[True, 0, bytes(64)]]},
        {**ACT, 5: 0},
        {**ACT, 0: 0, 3: {0: 2, 1: bytes(32), 2: 0, 3: [{0: "n", 1: bytes(32), 2: bytes(32)}]}},
        {**ACT, 0: 0, 3: {0: 1, 1: bytes(32), 2: 1, 3: [{0: "n", 1: bytes(32), 2: bytes(32)}]}},
        {**ACT, 0: 0, 3: {0: 1, 1: bytes(32), 2: 0, 3: []}},
        {**ACT, 0: 2, 3: {0: bytes(32), 1: 0, 2: b""}},
        {**ACT, 0: 8, 3: {0: 0, 1: []}},
        {**ACT, 0: 8, 3: {0: 0, 1: [[bytes(32), 1, 0]]}},
        {**ACT, 0: 11, 3: {0: []}},
        {**ACT, 0: 16, 3: {0: 0, 1: bytes(32), 2: bytes(64), 3: bytes(32)}},
        {**ACT, 0: 41, 3: {0: [0], 1: "why"}},
        {**ACT, 0: 44, 3: {0: 0, 1: 0, 2: [], 3: 0, 4: 0, 5: [1], 6: [0]}},
    ],
)
def test_entries_that_are_not(entry):
    with pytest.raises(MalformedError):
        decode_entry(cbor.encode(entry))


@pytest.mark.parametrize("data", [b"", bytes(65_536), b"\xff", b"\xa0" * 2])
def test_bytes_that_are_no_entry(data):
    with pytest.raises(MalformedError):
        decode_entry(data)


ROOT = base64.b64encode(bytes(32)).decode()
LOG = base64.b64encode(bytes(68)).decode()
CO = base64.b64encode(bytes(76)).decode()


def head(origin="hanpyo/00", size="1", root=ROOT, gap="", first="\u2014 a ", second="\u2014 b "):
    return f"{origin}\n{size}\n{root}\n{gap}\n{first}{LOG}\n{second}{CO}\n"


def test_a_checkpoint_in_its_form():
    parsed = parse_checkpoint(head().encode())
    assert (parsed.size, parsed.log_name, parsed.cosigner) == (1, "a", "b")
    assert parsed.text.endswith(b"=\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        head(size="0"),
        head(size="01"),
        head(size="+1"),
        head(size="\u0661"),
        head(size=" 1"),
        head(size=str(2**63)),
        head(root=ROOT[:-1]),
        head(root=LOG),
        head(gap="x"),
        head(first="- a "),
        head(first="\u2014 "),
        head(first="\u2014a "),
        head() + "\n",
        head()[:-1],
        head() + f"\u2014 c {LOG}\n",
        head().replace("\n", "\r\n"),
        head().replace(LOG, CO),
        head().replace(CO, LOG),
        head().replace(ROOT, "A" * 42 + "B="),
    ],
)
def test_a_checkpoint_in_another_form(text):
    with pytest.raises(MalformedError):
        parse_checkpoint(text.encode())


LINE = f"1 2 3 {ROOT} {base64.b64encode(bytes(64)).decode()}\n"


def test_a_line_of_blocks():
    assert parse_line(LINE.encode()) == Block(1, 2, 3, bytes(32), bytes(64))


@pytest.mark.parametrize(
    "line",
    [
        "\n", LINE[:-1], LINE.replace("1 2", "1  2"), LINE.replace("1 2", "01 2"), " " + LINE,
        LINE.replace("2 3", "-2 3"), LINE.replace("\n", " \n"), LINE.replace("\n", "\r\n"),
        LINE.replace("A=", "B="), LINE.replace("2 3", f"2 {2**63}"), LINE * 2,
        LINE.replace("2 3", "\u0662 3"), LINE.replace(ROOT, ROOT[4:]),
    ],
)  # fmt: skip
def test_a_line_of_blocks_in_another_form(line):
    with pytest.raises(MalformedError):
        parse_line(line.encode())


def test_times_of_blocks():
    times = Times()
    for time, size in ((10, 1), (20, 5), (20, 6), (30, 9)):
        times.append(Block(0, time, size, b"", b""))
    assert [times.at(i) for i in range(10)] == [10, 20, 20, 20, 20, 20, 30, 30, 30, 30]
    assert [times.size_at_time(t) for t in (0, 10, 11, 20, 21, 30, 31)] == [1, 1, 5, 5, 9, 9, None]


def test_tile_paths():
    assert tile_path("0", 1234067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 0, 5) == "tile/entries/000.p/5"
    assert list(expected_files(1)) == [
        "checkpoint", "blocks", "tile/entries/000.p/1", "tile/0/000.p/1",
    ]  # fmt: skip
    assert set(expected_files(256)) == {
        "checkpoint", "blocks", "tile/entries/000", "tile/0/000", "tile/1/000.p/1",
    }  # fmt: skip
    for size in (1, 255, 256, 257, 70_000):
        assert all(is_expected(path, size) for path in expected_files(size))
    for path in (
        "tile/0/000.p/2", "tile/0/000", "tile/1/000.p/1", "tile/0/000.p/01", "tile/0/0",
        "tile/00/000.p/1", "tile/entries/x000/000.p/1", "tile/0/001.p/1", "other", "tile",
        "tile/0/\u0660\u0660\u0660.p/1",
    ):  # fmt: skip
        assert not is_expected(path, 1)


# RFC 9162 section 2.1.1's example trees, over d0..d6: the shape of the recursion.
def test_the_tree():
    import hashlib

    def recursive(leaves):
        if len(leaves) == 1:
            return leaves[0]
        k = 1 << (len(leaves) - 1).bit_length() - 1
        pair = recursive(leaves[:k]) + recursive(leaves[k:])
        return hashlib.sha256(b"\1" + pair).digest()

    tree = Tree()
    assert tree.root() == hashlib.sha256(b"").digest()
    leaves = []
    for i in range(70):
        leaves.append(hashlib.sha256(bytes([i])).digest())
        tree.push(leaves[-1])
        assert tree.root() == recursive(leaves)
