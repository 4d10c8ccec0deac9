"""A node's folder, its secrets and its lock."""

import json
from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile, InvalidQuery
from hanpyo.node.storage.folder import NodeFolder, new_operator
from tests.helpers.node import OPERATOR


@pytest.fixture
def folder(tmp_path: Path) -> NodeFolder:
    folder = NodeFolder(tmp_path / "node")
    folder.create(OPERATOR)
    return folder


def test_the_operator_is_read_back(folder: NodeFolder) -> None:
    assert folder.load_operator() == OPERATOR
    folder.release()


def test_secrets_are_private_and_never_shown(folder: NodeFolder) -> None:
    assert folder.operator.stat().st_mode & 0o777 == 0o600
    for seed in (OPERATOR.signing_seed, OPERATOR.cosigning_seed, OPERATOR.gateway_seed):
        assert seed.hex() not in repr(OPERATOR)
        assert repr(seed)[2:-1] not in repr(OPERATOR)
    folder.release()


def test_keys_that_others_may_read_are_refused(folder: NodeFolder) -> None:
    folder.operator.chmod(0o640)
    with pytest.raises(InvalidFile, match="chmod 600"):
        folder.load_operator()
    folder.release()


@pytest.mark.parametrize(
    "change",
    [{"signing_seed": "00"}, {"signing_seed": 5}, {"more": 1}, {"name": None}],
    ids=["short seed", "number", "unknown field", "no name"],
)
def test_a_malformed_operator_file_is_refused_without_its_secrets(
    folder: NodeFolder, change: dict[str, object]
) -> None:
    fields = {**json.loads(folder.operator.read_bytes()), **change}
    kept = {key: value for key, value in fields.items() if value is not None}
    folder.operator.write_text(json.dumps(kept, sort_keys=True, separators=(",", ":")))
    with pytest.raises(InvalidFile) as caught:
        folder.load_operator()
    assert OPERATOR.gateway_seed.hex() not in str(caught.value)
    assert str(folder.operator) in str(caught.value)
    folder.release()


def test_a_missing_operator_file_is_named(folder: NodeFolder) -> None:
    folder.operator.unlink()
    with pytest.raises(InvalidFile, match=r"operator\.json"):
        folder.load_operator()
    folder.release()


def test_one_process_holds_a_folder(folder: NodeFolder) -> None:
    other = NodeFolder(folder.root)
    with pytest.raises(InvalidQuery, match="another process"):
        other.hold()
    folder.release()
    other.hold()
    other.release()


def test_a_used_folder_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(InvalidQuery, match="not empty"):
        NodeFolder(tmp_path).create(OPERATOR)


def test_no_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="no ledger's folder"):
        NodeFolder(tmp_path / "nothing").hold()


@pytest.mark.parametrize("name", ["", "x" * 201, "a\nb", "a\u202eb"])
def test_a_name_that_no_genesis_could_hold_is_refused(name: str) -> None:
    with pytest.raises(InvalidQuery):
        new_operator(name)


def test_operators_have_keys_of_their_own() -> None:
    first, second = new_operator("A"), new_operator("A")
    keys = {first.gateway, second.gateway, first.member.key, first.member.cosigning_key}
    assert len(keys) == 4
