"""How organizations found a consortium: each shows one small file, and all sign the same entry.

Everything in that entry follows from the files, so whoever has all of them makes the same one. It
is signed by everybody whom it names; what is signed was shown to a person before. It is entry 0 of
a new ledger, or the last act of a single operator who hands a ledger over (handing_over.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from hanpyo import crypto
from hanpyo.encoding import decode_hex, encode_json
from hanpyo.errors import ElectionError, InvalidFile
from hanpyo.ledger.entry import (
    JOINER,
    MEMBER,
    NO_SCOPE,
    Act,
    Consortium,
    Signature,
    act_message,
    encode_entry,
)
from hanpyo.ledger.walking import walk_membership
from hanpyo.node.consortium.member_file import MemberFile, know_peers, read_paper
from hanpyo.node.storage.disk import PUBLIC, write_durably
from hanpyo.node.storage.folder import NodeFolder, Operator

SIGNATURE_SUFFIX = ".signature.json"


@dataclass(frozen=True, slots=True)
class Founding:
    """What the founders sign.

    Attributes:
        body: whom it names, and from when on the engine runs.
        ledger_id: of the ledger that is handed over; for a new one, 32 zero bytes.
        first: the number of the first of them.
    """

    body: Consortium
    ledger_id: bytes = NO_SCOPE
    first: int = 0

    @property
    def message(self) -> bytes:
        """What every founder signs."""
        return act_message(self.ledger_id, NO_SCOPE, 0, self.body)

    def sign(self, operator: Operator) -> bytes:
        """Make a founder's signature file."""
        value = {
            "name": operator.name,
            "founds": sha256(self.message).hexdigest(),
            "signature": operator.sign(self.message).hex(),
        }
        return encode_json(value) + b"\n"

    def read_signatures(self, folder: Path) -> dict[int, bytes]:
        """Read the founders' signatures that are there, by place.

        Raises:
            InvalidFile: one of them does not hold, or is of another founding.
        """
        places = {validator.name: place for place, validator in enumerate(self.body.validators)}
        found = {}
        for path in sorted(folder.glob(f"*{SIGNATURE_SUFFIX}")):
            value = read_paper(path)
            place = places.get(str(value.get("name")))
            if place is None or value.get("founds") != sha256(self.message).hexdigest():
                raise InvalidFile(f"{path}: signs another founding than these members'")
            try:
                signature = decode_hex(str(value.get("signature")), 64)
                crypto.check_ed25519(self.body.validators[place].key, self.message, signature)
            except ElectionError as error:
                raise InvalidFile(f"{path}: the signature does not hold") from error
            found[place] = signature
        return found

    def missing(self, signatures: Mapping[int, bytes]) -> list[str]:
        """Name the founders who have not signed."""
        names = enumerate(each.name for each in self.body.validators)
        return [name for place, name in names if place not in signatures]

    def entry(self, signatures: Mapping[int, bytes], operator: Operator | None = None) -> bytes:
        """Put the act together, signed by everybody.

        Args:
            signatures: of all founders, by place.
            operator: who hands the ledger over; `None` for a new ledger.
        """
        signed = [
            Signature(JOINER, self.first + place, signatures[place]) for place in sorted(signatures)
        ]
        if operator is not None:
            signed.insert(0, Signature(MEMBER, 0, operator.sign(self.message)))
        return encode_entry(Act(NO_SCOPE, 0, self.body, tuple(signed)))


def new_consortium(members: Sequence[MemberFile]) -> Founding:
    """Give what founds a new ledger; it follows from the files alone."""
    return Founding(_body(members, max(each.time_unix_s for each in members)))


def continued_consortium(
    members: Sequence[MemberFile], ledger_id: bytes, first: int, starts_unix_s: int
) -> Founding:
    """Give what hands a ledger over.

    Args:
        members: the new ones' files.
        ledger_id: the ledger's.
        first: how many members it had.
        starts_unix_s: when the engine begins; the operator's last block is not later.
    """
    return Founding(_body(members, starts_unix_s), ledger_id, first)


def _body(members: Sequence[MemberFile], time_unix_s: int) -> Consortium:
    random = sha256(b"".join(sorted(each.random for each in members))).digest()
    return Consortium(random, time_unix_s, tuple(each.validator for each in members))


def complete_founding(folder: NodeFolder, members: Sequence[MemberFile], entry: bytes) -> None:
    """Keep entry 0 and the others' addresses in a node's folder.

    Raises:
        Rejected: the entry founds nothing.
    """
    walk_membership([entry])
    know_peers(folder, members)
    write_durably(folder.founding, entry, PUBLIC)
