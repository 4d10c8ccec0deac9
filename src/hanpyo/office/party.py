"""A party's folder: its signing key, and the public half that it hands to the organizers.

`secret.json` never leaves the folder; `public.json` is what goes into a manifest.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from hanpyo import crypto
from hanpyo.election.fields import read_choice, read_hex, read_key, read_object, read_string
from hanpyo.election.manifest import Party as ListedParty
from hanpyo.election.manifest.reading import NAME_CHARACTERS_MAX
from hanpyo.encoding import check_text
from hanpyo.errors import InvalidEncoding, InvalidFile, InvalidManifest, InvalidQuery
from hanpyo.office.files import (
    PUBLIC,
    check_private,
    create_folder,
    parse_json,
    read_file,
    read_json,
    write_json,
)

ROLES = ("organizer", "registrar", "trustee")
SECRET_FILE, PUBLIC_FILE = "secret.json", "public.json"
PARTY_BYTES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class PartyFolder:
    """An opened folder; its secret is never printed.

    Attributes:
        secret: 32 bytes; the Ed25519 seed of organizer and registrar, a trustee's one seed.
        key: the public signing key.
    """

    path: Path
    role: str
    name: str
    key: bytes
    secret: bytes = field(repr=False)


def new_secret() -> bytes:
    """Draw 32 fresh bytes from the system."""
    return secrets.token_bytes(32)


def create_party(path: Path, role: str, name: str, secret: bytes, key: bytes) -> PartyFolder:
    """Make a party's folder with its secret and its public half.

    Args:
        key: the public signing key that follows from `secret`.

    Raises:
        InvalidQuery: the name is empty, too long or holds control characters; or the folder is
            in use.
    """
    name = unicodedata.normalize("NFC", name)
    check_name(name)
    create_folder(path)
    write_json(path / SECRET_FILE, {"role": role, "secret": secret.hex()})
    write_json(path / PUBLIC_FILE, {"key": key.hex(), "name": name, "role": role}, PUBLIC)
    return PartyFolder(path, role, name, key, secret)


def create_signer(path: Path, role: str, name: str) -> PartyFolder:
    """Make the folder of an organizer or a registrar, with a fresh key."""
    secret = new_secret()
    return create_party(path, role, name, secret, crypto.ed25519_public(secret))


def load_party(path: Path, role: str) -> PartyFolder:
    """Open a party's folder.

    Raises:
        InvalidFile: the folder is another role's, incomplete, or readable by others.
    """
    where = path / SECRET_FILE
    check_private(where)
    data = read_file(where, PARTY_BYTES_MAX)
    try:
        fields = read_object(parse_json(data, ""), "", ("role", "secret"))
        secret = read_hex(fields["secret"], "secret")
        found = read_choice(fields["role"], "role", ROLES)
    except (InvalidFile, InvalidManifest):  # their sentences may quote the secret
        raise InvalidFile(f"{where}: is damaged; restore it from a copy") from None
    if found != role:
        raise InvalidFile(f"{path} is the folder of a party with role {found}, not {role}")
    _, party = read_public(path / PUBLIC_FILE)
    return PartyFolder(path, role, party.name, party.key, secret)


def load_signer(path: Path, role: str) -> PartyFolder:
    """Open the folder of an organizer or a registrar, and see that its two halves fit."""
    folder = load_party(path, role)
    if crypto.ed25519_public(folder.secret) != folder.key:
        raise InvalidFile(f"{path / PUBLIC_FILE}: the key does not belong to this folder's secret")
    return folder


def read_public(path: Path) -> tuple[str, ListedParty]:
    """Read what a party handed over: its role and how a manifest lists it.

    Raises:
        InvalidFile: the message names the file and the field.
    """
    value = read_json(path, PARTY_BYTES_MAX)
    try:
        fields = read_object(value, "", ("key", "name", "role"))
        role = read_choice(fields["role"], "role", ROLES)
        name = read_string(fields["name"], "name", NAME_CHARACTERS_MAX)
        return role, ListedParty(name, read_key(fields["key"], "key"))
    except InvalidManifest as error:
        raise InvalidFile(f"{path}: {error}") from error


def check_name(name: str) -> None:
    """Refuse a name that no manifest could hold.

    Raises:
        InvalidQuery: it is empty, too long, or holds a character that is not for display.
    """
    try:
        check_text(name)
    except InvalidEncoding as error:
        raise InvalidQuery(f"the name: {error}") from error
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX:
        raise InvalidQuery(f"a name has 1 to {NAME_CHARACTERS_MAX} characters, not {len(name)}")
