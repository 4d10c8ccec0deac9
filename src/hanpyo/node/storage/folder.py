"""A node's folder: where things lie, the operator's keys, and who holds the folder.

operator.json     the operator's secrets, for its owner's eyes only
operator-next.json  a member's next secrets, until the ledger names them
ledger.sqlite     entries, blocks and view rows (store.py)
last-checkpoint   the newest signed state, outside the database (last_checkpoint.py)
public/           the record, for any web server (files.py)
organizers.txt    who may hold elections here (policy.py); absent: everybody
"""

import fcntl
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hanpyo import crypto
from hanpyo.encoding import check_text, decode_hex, decode_json, encode_json
from hanpyo.errors import ElectionError, InvalidEncoding, InvalidFile, InvalidQuery
from hanpyo.ledger.entry import Member, Validator
from hanpyo.ledger.membership import Membership
from hanpyo.node.storage.disk import PRIVATE, sync_folder, write_durably

OPERATOR_BYTES_MAX = 10_000
NAME_CHARACTERS_MAX = 200
_SEEDS = ("cosigning_seed", "gateway_seed", "signing_seed")
_PLAIN = {"name", "version"}
_ENGINE_SEEDS = ("node_seed", "validator_seed")  # of a consortium's member


@dataclass(frozen=True, slots=True)
class Operator:
    """The member that runs this node, with its Ed25519 seeds; they are never printed.

    Attributes:
        validator_seed, node_seed: the consensus engine's; empty for a single operator.
    """

    name: str
    signing_seed: bytes = field(repr=False)
    cosigning_seed: bytes = field(repr=False)
    gateway_seed: bytes = field(repr=False)
    validator_seed: bytes = field(default=b"", repr=False)
    node_seed: bytes = field(default=b"", repr=False)

    @property
    def member(self) -> Member:
        """What genesis says of this operator."""
        keys = map(crypto.ed25519_public, (self.signing_seed, self.cosigning_seed))
        return Member(self.name, *keys)

    @property
    def validator(self) -> Validator:
        """What a consortium's acts say of this member."""
        seeds = (self.signing_seed, self.cosigning_seed, self.validator_seed)
        return Validator(self.name, *map(crypto.ed25519_public, seeds))

    @property
    def gateway(self) -> bytes:
        """The key under which this node gives promises."""
        return crypto.ed25519_public(self.gateway_seed)

    def sign(self, message: bytes) -> bytes:
        """Sign as the log's owner: acts of the member, and checkpoints."""
        return crypto.ed25519_sign(self.signing_seed, message)

    def cosign(self, message: bytes) -> bytes:
        """Cosign a checkpoint or a block."""
        return crypto.ed25519_sign(self.cosigning_seed, message)

    def promise(self, messages: Sequence[bytes]) -> list[bytes]:
        """Sign each message as the gateway."""
        return crypto.ed25519_sign_many(self.gateway_seed, messages)


def new_operator(name: str, *, validates: bool = False) -> Operator:
    """Draw an operator's keys from the system.

    Args:
        name: the organization's.
        validates: it becomes a member of a consortium.

    Raises:
        InvalidQuery: the name is empty, too long, or holds control characters.
    """
    try:
        check_text(name)
    except InvalidEncoding as error:
        raise InvalidQuery(f"the name: {error}") from error
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX:
        raise InvalidQuery(f"a name has 1 to {NAME_CHARACTERS_MAX} characters, not {len(name)}")
    count = len(_SEEDS) + (len(_ENGINE_SEEDS) if validates else 0)
    return Operator(name, *(secrets.token_bytes(32) for _ in range(count)))


def number_of(operator: Operator, membership: Membership) -> int | None:
    """Give the number that these keys have among those who keep the ledger, `None` for none."""
    key = operator.member.cosigning_key
    for number, keeper in membership.active.items():
        if keeper.cosigning_key == key:
            return number
    return None


def write_operator(path: Path, operator: Operator) -> None:
    """Write an operator's secrets, for its owner's eyes only."""
    names = [name for name in (*_SEEDS, *_ENGINE_SEEDS) if getattr(operator, name)]
    seeds = {name: getattr(operator, name).hex() for name in names}
    data = encode_json({"name": operator.name, "version": 1, **seeds})
    write_durably(path, data + b"\n", PRIVATE)


class NodeFolder:
    """The places of a node's folder, and its lock: one process holds a ledger."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.operator = root / "operator.json"
        self.next_operator = root / "operator-next.json"
        self.database = root / "ledger.sqlite"
        self.last_checkpoint = root / "last-checkpoint"
        self.public = root / "public"
        self.organizers = root / "organizers.txt"
        self.settings = root / "node.toml"
        self.founding = root / "founding.cbor"
        self.journal = root / "journal.sqlite"
        self.engine = root / "engine"
        self.conflicts = root / "conflicts"
        self._lock: int | None = None

    def create(self, operator: Operator) -> None:
        """Make the folder, with the operator's secrets, and hold it.

        Raises:
            InvalidQuery: it cannot be made, or is not empty.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(self.root.iterdir()):
                raise InvalidQuery(f"{self.root} is not empty: choose a new folder")
            self.root.chmod(0o755)  # a web server reads public/; the secrets are private files
            self.public.mkdir()
            sync_folder(self.root.parent)
        except OSError as error:
            raise InvalidQuery(f"{self.root} cannot be made a folder: {error.strerror}") from error
        self.hold()
        write_operator(self.operator, operator)

    def renew_operator(self) -> Operator:
        """Draw a member's next keys; they take effect when the ledger names them.

        Raises:
            InvalidQuery: there are next keys already.
        """
        if self.next_operator.exists():
            raise InvalidQuery(f"{self.next_operator} is there already: its keys wait to be named")
        former = self.load_operator()
        drawn = new_operator(former.name, validates=True)
        renewed = replace(drawn, gateway_seed=former.gateway_seed, node_seed=former.node_seed)
        write_operator(self.next_operator, renewed)
        return renewed

    def load_operators(self) -> list[Operator]:
        """Read the present keys and, where there are any, the next ones.

        Raises:
            InvalidFile: as `load_operator`.
        """
        is_renewed = self.next_operator.exists()
        places = [self.operator, *([self.next_operator] if is_renewed else [])]
        return [self.load_operator(place) for place in places]

    def take_named_keys(self, membership: Membership) -> None:
        """Put the next keys in place of the present ones, if the ledger names those by now."""
        if (
            not self.next_operator.exists()
            or number_of(self.load_operator(), membership) is not None
        ):
            return
        if number_of(self.load_operator(self.next_operator), membership) is not None:
            self.next_operator.replace(self.operator)
            sync_folder(self.root)

    def hold(self) -> None:
        """Take the folder for this process, until `release` or the process's end.

        Raises:
            InvalidQuery: another process has it, or there is no such folder.
        """
        try:
            handle = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise InvalidQuery(f"{self.root} is no ledger's folder: {error.strerror}") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            why = f"another process holds the ledger in {self.root}: give its address instead"
            raise InvalidQuery(why) from error
        self._lock = handle

    def release(self) -> None:
        """Let others have the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def load_operator(self, where: Path | None = None) -> Operator:
        """Read the operator's keys, from `operator.json` if nothing else is named.

        Raises:
            InvalidFile: missing, malformed, or readable by others.
        """
        where = where or self.operator
        try:
            if where.stat().st_mode & 0o077:
                raise InvalidFile(f"{where}: others may read these secrets; run `chmod 600` on it")
            with where.open("rb") as file:
                data = file.read(OPERATOR_BYTES_MAX)
        except OSError as error:
            raise InvalidFile(f"{where}: cannot be read: {error.strerror}") from error
        try:
            value = decode_json(data.removesuffix(b"\n"))
            if not isinstance(value, dict) or set(value) - {*_ENGINE_SEEDS} != {
                *("name", "version"),
                *_SEEDS,
            }:
                raise InvalidEncoding("name, version and three or five seeds are due, nothing else")
            seeds = {name: decode_hex(str(value[name]), 32) for name in set(value) - _PLAIN}
            return Operator(str(value["name"]), **seeds)
        except ElectionError as error:
            raise InvalidFile(f"{where}: {error}") from None  # no cause: it may quote a secret
