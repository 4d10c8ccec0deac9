"""The engine's files: every setting of ours is one of its own, and secrets are private."""

import base64
import json
import subprocess
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from hanpyo import crypto
from hanpyo.errors import EngineMissing
from hanpyo.node.engine.home import (
    EngineSetup,
    Peer,
    address,
    node_id,
    render_config,
    settings,
    write_home,
)
from hanpyo.node.engine.process import find_engine
from tests.helpers.consortium import consortium
from tests.helpers.parties import NOW, seed


def setup(folder: Path) -> EngineSetup:
    return EngineSetup(
        chain_id="00" * 16,
        genesis_time_unix_s=NOW,
        validators=[(each.name, each.validator_key) for each in consortium().validators],
        validator_seed=seed("validator", 0),
        node_seed=seed("node", 0),
        listen="127.0.0.1:26656",
        peers=[Peer("ab" * 20, "10.0.0.2:26656"), Peer("cd" * 20, "10.0.0.3:26656")],
        abci_socket=folder / "abci.sock",
        rpc_socket=folder / "rpc.sock",
    )


def test_the_engine_knows_every_setting(tmp_path: Path) -> None:
    try:
        engine = find_engine()
    except EngineMissing as error:
        pytest.skip(str(error))
    command = [engine, "init", "--home", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    theirs = tomllib.loads((tmp_path / "config" / "config.toml").read_text())
    for section, values in settings(setup(tmp_path)).items():
        known = theirs[section] if section else theirs
        assert values.keys() <= known.keys(), section
        for name, value in values.items():
            assert type(known[name]) is type(value), f"{section}.{name}"


def test_gossip_goes_without_empty_blocks(tmp_path: Path) -> None:
    found = settings(setup(tmp_path))
    assert found["mempool"]["broadcast"] is not found["consensus"]["create_empty_blocks"]


def test_the_configuration_is_toml_and_holds_no_secret(tmp_path: Path) -> None:
    made = setup(tmp_path)
    text = render_config(made)
    assert tomllib.loads(text)["p2p"]["persistent_peers"].count("@") == 2
    for secret in (made.validator_seed, made.node_seed):
        assert secret.hex() not in text
        assert base64.b64encode(secret).decode()[:20] not in text
        assert secret.hex() not in repr(made)


def test_the_address_book_is_strict_unless_all_run_on_this_machine(tmp_path: Path) -> None:
    assert settings(setup(tmp_path))["p2p"]["addr_book_strict"] is True
    local = replace(setup(tmp_path), is_local=True)
    assert settings(local)["p2p"]["addr_book_strict"] is False


def test_secrets_are_private_and_what_was_signed_stays(tmp_path: Path) -> None:
    made = setup(tmp_path)
    write_home(tmp_path, made)
    state = tmp_path / "data" / "priv_validator_state.json"
    state.write_text('{"height": "12", "round": 1, "step": 3}')
    write_home(tmp_path, made)
    assert json.loads(state.read_text())["height"] == "12"
    for name in ("config/node_key.json", "config/priv_validator_key.json"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    key = json.loads((tmp_path / "config" / "priv_validator_key.json").read_text())
    public = crypto.ed25519_public(made.validator_seed)
    assert key["address"] == address(public)
    assert base64.b64decode(key["priv_key"]["value"]) == made.validator_seed + public
    assert node_id(made.node_seed) == address(crypto.ed25519_public(made.node_seed)).lower()


def test_genesis_gives_every_member_one_vote(tmp_path: Path) -> None:
    write_home(tmp_path, setup(tmp_path))
    genesis = json.loads((tmp_path / "config" / "genesis.json").read_text())
    assert [each["power"] for each in genesis["validators"]] == ["1"] * 4
    assert genesis["genesis_time"] == "1970-01-12T13:46:40Z"
    assert genesis["app_hash"] == ""
