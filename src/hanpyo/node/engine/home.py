"""The engine's home: the files with which it starts, all written anew at each start of a node.

Only its data (blocks, and what it signed last) stays. A setting that the engine does not know is
silently ignored by it, so a test compares our names with the engine's own file.
"""

import base64
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from hanpyo import crypto
from hanpyo.node.storage.disk import PRIVATE, PUBLIC, write_durably

ADDRESS_BYTES = 20
BLOCK_BYTES_MAX = 4 * 1_048_576
TX_BYTES_MAX = 300_000  # a batch has 256 KiB
POWER = "1"  # one member, one vote

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Peer:
    """Another member's engine: its node id, and where it listens."""

    node_id: str
    address: str


@dataclass(frozen=True, slots=True)
class EngineSetup:
    """What an engine has to know.

    Attributes:
        chain_id, genesis_time_unix_s: of the entry of kind 4 (docs/protocol.md 9.8).
        validators: the first validators' names and keys, in the order of the entry.
        validator_seed, node_seed: this member's Ed25519 seeds; never printed.
        listen: `host:port` for the other engines.
        peers: the other members'.
        abci_socket, rpc_socket: paths of Unix sockets.
        is_local: all engines run on this machine.
        commit_ms: the pause after a block, in which late votes may still come.
    """

    chain_id: str
    genesis_time_unix_s: int
    validators: Sequence[tuple[str, bytes]]
    validator_seed: bytes = field(repr=False)
    node_seed: bytes = field(repr=False)
    listen: str
    peers: Sequence[Peer]
    abci_socket: Path
    rpc_socket: Path
    is_local: bool = False
    commit_ms: int = 300


def address(key: bytes) -> str:
    """Give a key's address, as the engine writes it in its files."""
    return sha256(key).digest()[:ADDRESS_BYTES].hex().upper()


def node_id(node_seed: bytes) -> str:
    """Give the id under which other engines know this one."""
    return address(crypto.ed25519_public(node_seed)).lower()


def write_home(home: Path, setup: EngineSetup) -> None:
    """Write the engine's files; data that is there stays."""
    for name in ("config", "data"):
        (home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    config, data = home / "config", home / "data"
    write_durably(config / "config.toml", render_config(setup).encode(), PUBLIC)
    _write_json(config / "genesis.json", genesis(setup), PUBLIC)
    _write_json(config / "node_key.json", {"priv_key": _secret(setup.node_seed)}, PRIVATE)
    public = crypto.ed25519_public(setup.validator_seed)
    key = {
        "address": address(public),
        "pub_key": _public(public),
        "priv_key": _secret(setup.validator_seed),
    }
    _write_json(config / "priv_validator_key.json", key, PRIVATE)
    state = data / "priv_validator_state.json"
    if not state.exists():  # what it signed last: never to be forgotten
        _write_json(state, {"height": "0", "round": 0, "step": 0}, PRIVATE)


def _write_json(path: Path, value: Mapping[str, object], mode: int) -> None:
    write_durably(path, json.dumps(value, indent=2).encode(), mode)


def _public(key: bytes) -> dict[str, str]:
    return {"type": "tendermint/PubKeyEd25519", "value": base64.b64encode(key).decode()}


def _secret(seed: bytes) -> dict[str, str]:
    both = seed + crypto.ed25519_public(seed)
    return {"type": "tendermint/PrivKeyEd25519", "value": base64.b64encode(both).decode()}


def genesis(setup: EngineSetup) -> dict[str, object]:
    """Give the engine's genesis; it follows from the entry of kind 4 alone."""
    time_text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(setup.genesis_time_unix_s))
    return {
        "genesis_time": time_text,
        "chain_id": setup.chain_id,
        "initial_height": "1",
        "consensus_params": {
            "block": {"max_bytes": str(BLOCK_BYTES_MAX), "max_gas": "-1"},
            "evidence": {
                "max_age_num_blocks": "100000",
                "max_age_duration": "172800000000000",
                "max_bytes": "1048576",
            },
            "validator": {"pub_key_types": ["ed25519"]},
            "version": {"app": "1"},
            "abci": {"vote_extensions_enable_height": "0"},
        },
        "validators": [
            {"address": address(key), "pub_key": _public(key), "power": POWER, "name": name}
            for name, key in setup.validators
        ],
        "app_hash": "",
    }


def settings(setup: EngineSetup) -> dict[str, dict[str, Value]]:
    """Give every setting that is not the engine's own, by section; "" is the top of the file."""
    peers = ",".join(f"{peer.node_id}@{peer.address}" for peer in setup.peers)
    return {
        "": {
            "proxy_app": f"unix://{setup.abci_socket}",
            "moniker": node_id(setup.node_seed)[:8],
            "log_level": "error",
            "abci": "socket",
        },
        "rpc": {
            "laddr": f"unix://{setup.rpc_socket}",
            "max_body_bytes": 2_000_000,
            "pprof_laddr": "",
        },
        "p2p": {
            "laddr": f"tcp://{setup.listen}",
            "persistent_peers": peers,
            "persistent_peers_max_dial_period": "2s",
            "pex": False,
            "addr_book_strict": not setup.is_local,
            "allow_duplicate_ip": setup.is_local,
            "max_packet_msg_payload_size": 65_536,
            "send_rate": 100_000_000,
            "recv_rate": 100_000_000,
            "flush_throttle_timeout": "5ms",
        },
        "mempool": {
            "recheck": False,
            "broadcast": True,
            "size": 2_000,
            "max_txs_bytes": 64 * 1_048_576,
            "max_tx_bytes": TX_BYTES_MAX,
        },
        "statesync": {"enable": False},
        "consensus": {
            "timeout_propose": "1s",
            "timeout_propose_delta": "300ms",
            "timeout_prevote": "300ms",
            "timeout_prevote_delta": "200ms",
            "timeout_precommit": "300ms",
            "timeout_precommit_delta": "200ms",
            "timeout_commit": f"{setup.commit_ms}ms",
            # Gossip of transactions goes with no empty blocks; the other pair would stall.
            "create_empty_blocks": False,
            "create_empty_blocks_interval": "5s",
            "peer_gossip_sleep_duration": "10ms",
        },
        "storage": {"discard_abci_responses": True},
        "tx_index": {"indexer": "null"},
        "instrumentation": {"prometheus": False},
    }


def render_config(setup: EngineSetup) -> str:
    """Write the engine's configuration."""
    lines = []
    for section, values in settings(setup).items():
        if section:
            lines.append(f"[{section}]")
        for name, value in values.items():
            lines.append(f"{name} = {json.dumps(value)}")
    return "\n".join(lines) + "\n"
