"""Founding by files: what organizations show, what they sign, and everything that is refused."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile, InvalidQuery, Rejected
from hanpyo.ledger.entry import MEMBERS_MIN
from hanpyo.ledger.walking import walk_membership
from hanpyo.node.chain.start import read_founding
from hanpyo.node.consortium.founding import SIGNATURE_SUFFIX, complete_founding, new_consortium
from hanpyo.node.consortium.member_file import (
    MEMBER_SUFFIX,
    init_node,
    member_file,
    read_member_file,
    read_member_files,
)
from hanpyo.node.settings import NodeSettings, read_settings
from hanpyo.node.storage.folder import NodeFolder
from tests.helpers.parties import NOW, seed

NAMES = ("Commission", "University", "Bar", "Library")


class Exchange:
    """Organizations' nodes, and the folder in which they show their files."""

    def __init__(self, root: Path, names: Sequence[str] = NAMES) -> None:
        self.folder = root / "members"
        self.folder.mkdir()
        self.nodes: list[NodeFolder] = []
        for number, name in enumerate(names):
            url = f"http://127.0.0.1:{8000 + number}"
            settings = NodeSettings(f"127.0.0.1:{8000 + number}", f"127.0.0.1:{9000 + number}", url)
            node = init_node(root / f"node-{number}", name, settings)
            self.nodes.append(node)
            self.show(number, name, settings)

    def show(self, number: int, name: str, settings: NodeSettings) -> None:
        operator = self.nodes[number].load_operator()
        data = member_file(operator, settings, seed("random", number), NOW + number)
        (self.folder / f"{number}-{len(name)}{MEMBER_SUFFIX}").write_bytes(data)

    def path(self, number: int) -> Path:
        return sorted(self.folder.glob(f"*{MEMBER_SUFFIX}"))[number]

    def sign(self, number: int) -> Path:
        founding = new_consortium(read_member_files(self.folder))
        path = self.folder / f"{number}{SIGNATURE_SUFFIX}"
        path.write_bytes(founding.sign(self.nodes[number].load_operator()))
        return path


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    return Exchange(tmp_path)


def test_all_make_the_same_entry_and_know_each_other(exchange: Exchange) -> None:
    members = read_member_files(exchange.folder)
    assert [each.validator.name for each in members] == sorted(NAMES)
    founding = new_consortium(members)
    assert founding.body.time_unix_s == NOW + len(NAMES) - 1, "nobody's file is from the future"
    for number in range(len(NAMES)):
        exchange.sign(number)
    signed = founding.read_signatures(exchange.folder)
    assert not founding.missing(signed)
    entry = founding.entry(signed)
    assert len(walk_membership([entry]).active) == len(NAMES)
    for node in exchange.nodes:
        complete_founding(node, members, entry)
        assert read_founding(node.founding) == (entry, founding.body)
        names = {peer.name for peer in read_settings(node.settings).peers}
        assert names == set(NAMES) - {node.load_operator().name}


def test_whoever_has_not_signed_is_named(exchange: Exchange) -> None:
    for number in (0, 1, 3):
        exchange.sign(number)
    founding = new_consortium(read_member_files(exchange.folder))
    signed = founding.read_signatures(exchange.folder)
    assert founding.missing(signed) == ["Bar"]
    with pytest.raises(Rejected, match="every founder"):
        complete_founding(
            exchange.nodes[0], read_member_files(exchange.folder), founding.entry(signed)
        )
    assert not exchange.nodes[0].founding.exists()


def test_a_set_in_which_one_holds_a_third_is_refused(tmp_path: Path) -> None:
    few = Exchange(tmp_path, NAMES[: MEMBERS_MIN - 1])
    with pytest.raises(InvalidQuery, match="a third or more"):
        read_member_files(few.folder)


def test_an_organization_takes_part_once(tmp_path: Path) -> None:
    twice = Exchange(tmp_path, (*NAMES, "Bar"))
    with pytest.raises(InvalidQuery, match="one name"):
        read_member_files(twice.folder)


def test_nobody_shows_anothers_keys(exchange: Exchange) -> None:
    stolen = exchange.nodes[0].load_operator()
    exchange.nodes[1].operator.write_bytes(exchange.nodes[0].operator.read_bytes())
    own = json.loads(exchange.nodes[1].operator.read_text())
    own["name"] = "University"
    text = json.dumps(own, separators=(",", ":"), sort_keys=True)
    exchange.nodes[1].operator.write_text(text + "\n")
    exchange.path(1).unlink()
    exchange.show(1, "University", NodeSettings("127.0.0.1:1", "127.0.0.1:2", "http://h"))
    assert exchange.nodes[1].load_operator().member.key == stolen.member.key
    with pytest.raises(InvalidQuery, match="same key"):
        read_member_files(exchange.folder)


@pytest.mark.parametrize("field", ["name", "p2p", "url", "random", "key", "node_id", "signature"])
def test_a_changed_file_is_refused(exchange: Exchange, field: str) -> None:
    path = exchange.path(2)
    value = json.loads(path.read_text())
    text = value[field]
    value[field] = text[:-1] + ("0" if text[-1] != "0" else "1")
    path.write_text(json.dumps(value, separators=(",", ":"), sort_keys=True) + "\n")
    with pytest.raises(InvalidFile, match=path.name):
        read_member_file(path)


@pytest.mark.parametrize("data", [b"", b"[]\n", b"{}\n", b'{"name":1}\n', b"\xff", b"x" * 20_000])
def test_a_file_that_is_none_is_refused(exchange: Exchange, data: bytes) -> None:
    path = exchange.path(0)
    path.write_bytes(data)
    with pytest.raises(InvalidFile, match=path.name):
        read_member_file(path)


def test_a_signature_under_other_members_is_refused(exchange: Exchange) -> None:
    path = exchange.sign(0)
    settings = read_settings(exchange.nodes[3].settings)
    exchange.path(3).unlink()
    operator = exchange.nodes[3].load_operator()
    data = member_file(operator, settings, seed("other random"), NOW)
    (exchange.folder / f"3{MEMBER_SUFFIX}").write_bytes(data)
    founding = new_consortium(read_member_files(exchange.folder))
    with pytest.raises(InvalidFile, match="another founding"):
        founding.read_signatures(exchange.folder)
    path.unlink()
    value = json.loads(exchange.sign(0).read_text())
    value["name"] = "University"
    path.write_text(json.dumps(value, separators=(",", ":"), sort_keys=True) + "\n")
    with pytest.raises(InvalidFile, match="does not hold"):
        founding.read_signatures(exchange.folder)
