"""What a consortium's node is told in `node.toml`: where it listens, and where the others are."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hanpyo.encoding import decode_hex, encode_json
from hanpyo.errors import InvalidEncoding, InvalidFile
from hanpyo.node.storage.disk import PUBLIC, write_durably

SETTINGS_BYTES_MAX = 100_000
COMMIT_MS = 300
_KEYS = {"listen", "p2p", "p2p_listen", "url", "commit_ms", "peers", "witnesses"}
_PEER_KEYS = {"name", "node_id", "p2p", "url"}
_WITNESS_KEYS = {"key", "name", "url"}


@dataclass(frozen=True, slots=True)
class PeerSettings:
    """Another member's node.

    Attributes:
        node_id: of its engine.
        p2p: `host:port` of its engine.
        url: of its HTTP server.
    """

    name: str
    node_id: str
    p2p: str
    url: str


@dataclass(frozen=True, slots=True)
class WitnessSettings:
    """An outside witness that cosigns checkpoints.

    Attributes:
        name: of its key, as C2SP has it.
        key: its Ed25519 key for cosignature/v1.
        url: under which its `add-checkpoint` stands.
    """

    name: str
    key: bytes
    url: str


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """A node's own addresses, and its peers.

    Attributes:
        listen: `host:port` at which the HTTP server listens.
        p2p: `host:port` under which other engines reach this one.
        url: under which others reach the HTTP server.
        p2p_listen: `host:port` at which the engine listens; empty: as `p2p`.
        commit_ms: the engine's pause after a block.
    """

    listen: str
    p2p: str
    url: str
    p2p_listen: str = ""
    commit_ms: int = COMMIT_MS
    peers: Sequence[PeerSettings] = ()
    witnesses: Sequence[WitnessSettings] = ()

    @property
    def is_local(self) -> bool:
        """Whether the engine listens on this machine alone."""
        return self.p2p.startswith("127.")

    def with_peers(self, peers: Sequence[PeerSettings]) -> "NodeSettings":
        """Give the same node with these peers."""
        return replace(self, peers=tuple(peers))


def write_settings(path: Path, settings: NodeSettings) -> None:
    """Write the file; people may edit it."""
    lines = [
        "# Where web server and engine listen (host:port), and where others reach them.",
        f"listen = {_quoted(settings.listen)}",
        f"p2p = {_quoted(settings.p2p)}",
        f"p2p_listen = {_quoted(settings.p2p_listen or settings.p2p)}",
        f"url = {_quoted(settings.url)}",
        "# The consensus engine's pause after a block, in milliseconds; the same at all members.",
        f"commit_ms = {settings.commit_ms}",
    ]
    for peer in settings.peers:
        lines += ["", "[[peers]]"]
        lines += [f"{key} = {_quoted(getattr(peer, key))}" for key in sorted(_PEER_KEYS)]
    for witness in settings.witnesses:
        lines += ["", "[[witnesses]]", f"key = {_quoted(witness.key.hex())}"]
        lines += [f"{key} = {_quoted(getattr(witness, key))}" for key in ("name", "url")]
    write_durably(path, ("\n".join(lines) + "\n").encode(), PUBLIC)


def _quoted(text: str) -> str:
    return encode_json(text).decode()  # a TOML basic string is written as JSON's


def read_settings(path: Path) -> NodeSettings:
    """Read the file.

    Raises:
        InvalidFile: it is missing, or something in it is wrong; the message names it.
    """
    try:
        with path.open("rb") as file:
            value = tomllib.loads(file.read(SETTINGS_BYTES_MAX).decode())
    except (OSError, ValueError) as error:
        raise InvalidFile(f"{path}: cannot be read: {error}") from error
    unknown = set(value) - _KEYS
    if unknown:
        raise InvalidFile(f"{path}: unknown: {', '.join(sorted(unknown))}")
    return NodeSettings(
        listen=_text(path, value, "listen"),
        p2p=_text(path, value, "p2p"),
        p2p_listen=_text(path, value, "p2p_listen"),
        url=_text(path, value, "url"),
        commit_ms=_milliseconds(path, value.get("commit_ms", COMMIT_MS)),
        peers=tuple(_peer(path, each) for each in value.get("peers", [])),
        witnesses=tuple(_witness(path, each) for each in value.get("witnesses", [])),
    )


def _text(path: Path, value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    if not isinstance(found, str) or not found:
        raise InvalidFile(f"{path}: `{key}` is missing, or no text")
    return found


def _milliseconds(path: Path, value: object) -> int:
    if not isinstance(value, int) or not 10 <= value <= 60_000:
        raise InvalidFile(f"{path}: `commit_ms` is a number from 10 to 60000")
    return value


def _peer(path: Path, value: object) -> PeerSettings:
    if not isinstance(value, dict) or set(value) != _PEER_KEYS:
        raise InvalidFile(f"{path}: a peer has {', '.join(sorted(_PEER_KEYS))}, nothing else")
    return PeerSettings(**{key: _text(path, value, key) for key in _PEER_KEYS})


def _witness(path: Path, value: object) -> WitnessSettings:
    if not isinstance(value, dict) or set(value) != _WITNESS_KEYS:
        raise InvalidFile(f"{path}: a witness has {', '.join(sorted(_WITNESS_KEYS))}, nothing else")
    name, key, url = (_text(path, value, each) for each in ("name", "key", "url"))
    if not re.fullmatch(r"[^\s+]+", name):
        raise InvalidFile(f"{path}: a witness's name holds neither spaces nor a plus")
    try:
        return WitnessSettings(name, decode_hex(key, 32), url)
    except InvalidEncoding as error:
        raise InvalidFile(f"{path}: the witness's `key`: {error}") from error


def split_address(text: str) -> tuple[str, int]:
    """Split `host:port`.

    Raises:
        InvalidFile: it is none.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise InvalidFile(f"{text!r} is no address like 127.0.0.1:8000")
    return host.strip("[]"), int(port)
