"""The small public file by which an organization shows its node to the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hanpyo import crypto
from hanpyo.encoding import decode_hex, decode_json, encode_json, frame, u64
from hanpyo.errors import ElectionError, InvalidEncoding, InvalidFile, InvalidQuery
from hanpyo.ledger.entry import MEMBERS_MAX, MEMBERS_MIN, Validator
from hanpyo.node.engine.home import node_id
from hanpyo.node.settings import NodeSettings, PeerSettings, read_settings, write_settings
from hanpyo.node.storage.folder import NodeFolder, Operator, new_operator

FILE_BYTES_MAX = 10_000
MEMBER_SUFFIX = ".member.json"
_MEMBER_KEYS = {
    *("name", "key", "cosigning_key", "validator_key"),
    *("node_id", "p2p", "url", "random", "time", "signature"),
}


@dataclass(frozen=True, slots=True)
class MemberFile:
    """What an organization shows of itself before the consortium is founded.

    Attributes:
        validator: name and keys.
        node_id, p2p: of its engine.
        url: of its node.
        random: its share of the ledger's random bytes.
        time_unix_s: when the file was made.
    """

    validator: Validator
    node_id: str
    p2p: str
    url: str
    random: bytes
    time_unix_s: int

    def message(self) -> bytes:
        """Give what its owner signs."""
        keys = self.validator.keys
        texts = (self.validator.name, self.node_id, self.p2p, self.url)
        return frame(
            "member", *keys, *(t.encode() for t in texts), self.random, u64(self.time_unix_s)
        )


def init_node(path: Path, name: str, settings: NodeSettings) -> NodeFolder:
    """Make the folder of a member's node, with keys of its own.

    Raises:
        InvalidQuery: the folder is in use, or the name is none.
    """
    folder = NodeFolder(path)
    folder.create(new_operator(name, validates=True))
    try:
        write_settings(folder.settings, settings)
    finally:
        folder.release()
    return folder


def member_file(
    operator: Operator, settings: NodeSettings, random: bytes, now_unix_s: int
) -> bytes:
    """Make the file that an organization shows to the others."""
    shown = MemberFile(
        operator.validator,
        node_id(operator.node_seed),
        settings.p2p,
        settings.url,
        random,
        now_unix_s,
    )
    value = {
        "name": operator.name,
        "key": shown.validator.key.hex(),
        "cosigning_key": shown.validator.cosigning_key.hex(),
        "validator_key": shown.validator.validator_key.hex(),
        "node_id": shown.node_id,
        "p2p": shown.p2p,
        "url": shown.url,
        "random": random.hex(),
        "time": now_unix_s,
        "signature": operator.sign(shown.message()).hex(),
    }
    return encode_json(value) + b"\n"


def read_member_file(path: Path) -> MemberFile:
    """Read and check an organization's file.

    Raises:
        InvalidFile: it is malformed, or its owner did not sign it.
    """
    value = read_paper(path)
    try:
        if set(value) != _MEMBER_KEYS:
            raise InvalidEncoding(f"due are {', '.join(sorted(_MEMBER_KEYS))}")
        keys = [
            decode_hex(str(value[name]), 32) for name in ("key", "cosigning_key", "validator_key")
        ]
        shown = MemberFile(
            Validator(str(value["name"]), *keys),
            str(value["node_id"]),
            str(value["p2p"]),
            str(value["url"]),
            decode_hex(str(value["random"]), 32),
            _time(value["time"]),
        )
        signature = decode_hex(str(value["signature"]), 64)
        crypto.check_ed25519(shown.validator.key, shown.message(), signature)
    except ElectionError as error:
        raise InvalidFile(f"{path}: {error}") from error
    return shown


def _time(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**40:
        raise InvalidEncoding("time is a number of seconds")
    return value


def read_paper(path: Path) -> Mapping[str, object]:
    """Read a small file that holds one JSON object.

    Raises:
        InvalidFile: it is none.
    """
    try:
        with path.open("rb") as file:
            value = decode_json(file.read(FILE_BYTES_MAX).removesuffix(b"\n"))
    except OSError as error:
        raise InvalidFile(f"{path}: cannot be read: {error.strerror}") from error
    except ElectionError as error:
        raise InvalidFile(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise InvalidFile(f"{path}: is no JSON object")
    return value


def read_member_files(folder: Path) -> list[MemberFile]:
    """Read all organizations' files of a folder, in the order of the ledger: by name.

    Raises:
        InvalidFile: one of them is wrong.
        InvalidQuery: they may not found a consortium: too few, or one of them counts twice.
    """
    found = [read_member_file(path) for path in sorted(folder.glob(f"*{MEMBER_SUFFIX}"))]
    found.sort(key=lambda each: each.validator.name.encode())
    names = [each.validator.name for each in found]
    if len(set(names)) != len(names):
        raise InvalidQuery("two members have one name: an organization takes part once")
    keys = [key for each in found for key in each.validator.keys]
    if len(set(keys)) != len(keys):
        raise InvalidQuery("two members show the same key")
    if len(found) < MEMBERS_MIN:
        why = "with fewer, one organization would hold a third or more of the votes"
        raise InvalidQuery(f"{len(found)} members; due are at least {MEMBERS_MIN}: {why}")
    if len(found) > MEMBERS_MAX:
        raise InvalidQuery(f"{len(found)} members; at most {MEMBERS_MAX} found a consortium")
    return found


def know_peers(folder: NodeFolder, members: Sequence[MemberFile]) -> None:
    """Keep the others' addresses in a node's folder; whoever is known already is told anew."""
    own, settings = folder.load_operator().name, read_settings(folder.settings)
    known = {peer.name: peer for peer in settings.peers}
    for each in members:
        if each.validator.name != own:
            name = each.validator.name
            known[name] = PeerSettings(name, each.node_id, each.p2p, each.url)
    write_settings(folder.settings, settings.with_peers(list(known.values())))
