"""The manifest's bytes: JSON of exactly these keys. Source: protocol.md 4."""

from __future__ import annotations

from hanpyo.election.contests import contest_from_json, contest_to_json
from hanpyo.election.contests.bounds import DISTRICTS_MAX
from hanpyo.election.fields import (
    read_bool,
    read_choice,
    read_hex,
    read_id,
    read_int,
    read_key,
    read_list,
    read_note,
    read_object,
    read_string,
    read_texts,
)
from hanpyo.election.manifest.bounds import check_manifest
from hanpyo.election.manifest.manifest import (
    BALLOTS_PER_ROW_MAX,
    KINDS,
    SECRECIES,
    SIGN_INS,
    VERSION,
    WEIGHTS,
    District,
    Manifest,
    Organizers,
    Party,
    Trustees,
)
from hanpyo.encoding import JSON_INT_MAX, decode_json, encode_json
from hanpyo.errors import InvalidEncoding, InvalidManifest

MANIFEST_BYTES_MAX = 1_048_576
CONTESTS_MAX = 64
NAME_CHARACTERS_MAX = 200
ORGANIZERS_MAX = 32
SMALLEST_TALLY_MAX = 1_000_000
STYLES_MAX = 64
TRUSTEES_MAX = 64

_KEYS = (
    "ballots_per_row",
    "closes",
    "contests",
    "description",
    "districts",
    "kind",
    "nonce",
    "opens",
    "organizers",
    "registrar",
    "secrecy",
    "sign_in",
    "single_trustee",
    "smallest_tally",
    "styles",
    "title",
    "trustees",
    "version",
    "weights",
)


def encode_manifest(manifest: Manifest) -> bytes:
    """Encode a manifest, checked as a reader will.

    Raises:
        InvalidManifest: the message names the field.
    """
    try:
        data = encode_json(_to_json(manifest))
    except InvalidEncoding as error:
        raise InvalidManifest(str(error)) from error
    decode_manifest(data)  # what we write, we can read
    return data


def decode_manifest(data: bytes) -> Manifest:
    """Decode a manifest and check every bound of protocol.md 4, 5 and 12.

    Raises:
        InvalidManifest: the message names the field.
    """
    if not 1 <= len(data) <= MANIFEST_BYTES_MAX:
        raise InvalidManifest(f"{len(data)} bytes, must be 1..{MANIFEST_BYTES_MAX}")
    try:
        value = decode_json(data)
    except InvalidEncoding as error:
        raise InvalidManifest(str(error)) from error
    manifest = _from_json(value)
    check_manifest(manifest)
    return manifest


def _from_json(value: object) -> Manifest:
    fields = read_object(value, "the manifest", _KEYS)
    read_int(fields["version"], "version", VERSION, VERSION)
    return Manifest(
        kind=read_choice(fields["kind"], "kind", KINDS),
        title=read_texts(fields["title"], "title"),
        description=read_note(fields["description"], "description"),
        nonce=read_hex(fields["nonce"], "nonce"),
        organizers=_read_organizers(fields["organizers"], "organizers"),
        registrar=_read_party(fields["registrar"], "registrar"),
        trustees=_read_trustees(fields["trustees"], "trustees"),
        contests=read_list(fields["contests"], "contests", 1, CONTESTS_MAX, contest_from_json),
        districts=read_list(fields["districts"], "districts", 1, DISTRICTS_MAX, _read_district),
        styles=read_list(fields["styles"], "styles", 1, STYLES_MAX, _read_style),
        smallest_tally=read_int(fields["smallest_tally"], "smallest_tally", 2, SMALLEST_TALLY_MAX),
        opens=_read_time(fields["opens"], "opens"),
        closes=_read_time(fields["closes"], "closes"),
        ballots_per_row=read_int(
            fields["ballots_per_row"], "ballots_per_row", 1, BALLOTS_PER_ROW_MAX
        ),
        weights=read_choice(fields["weights"], "weights", WEIGHTS),
        sign_in=read_choice(fields["sign_in"], "sign_in", SIGN_INS),
        single_trustee=read_bool(fields["single_trustee"], "single_trustee"),
        secrecy=read_choice(fields["secrecy"], "secrecy", SECRECIES),
    )


def _to_json(manifest: Manifest) -> dict[str, object]:
    organizers, trustees = manifest.organizers, manifest.trustees
    return {
        "ballots_per_row": manifest.ballots_per_row,
        "closes": manifest.closes,
        "contests": [contest_to_json(contest) for contest in manifest.contests],
        "description": dict(manifest.description),
        "districts": [{"id": each.id, "title": dict(each.title)} for each in manifest.districts],
        "kind": manifest.kind,
        "nonce": manifest.nonce.hex(),
        "opens": manifest.opens,
        "organizers": {
            "parties": [_party_to_json(party) for party in organizers.parties],
            "quorum": organizers.quorum,
        },
        "registrar": _party_to_json(manifest.registrar),
        "secrecy": manifest.secrecy,
        "sign_in": manifest.sign_in,
        "single_trustee": manifest.single_trustee,
        "smallest_tally": manifest.smallest_tally,
        "styles": manifest.styles,
        "title": dict(manifest.title),
        "trustees": {
            "least": trustees.least,
            "parties": [_party_to_json(party) for party in trustees.parties],
            "threshold": trustees.threshold,
        },
        "version": VERSION,
        "weights": manifest.weights,
    }


def _party_to_json(party: Party) -> dict[str, object]:
    return {"key": party.key.hex(), "name": party.name}


def _read_party(value: object, where: str) -> Party:
    fields = read_object(value, where, ("key", "name"))
    name = read_string(fields["name"], f"{where}.name", NAME_CHARACTERS_MAX)
    return Party(name, read_key(fields["key"], f"{where}.key"))


def _read_organizers(value: object, where: str) -> Organizers:
    fields = read_object(value, where, ("parties", "quorum"))
    parties = read_list(fields["parties"], f"{where}.parties", 1, ORGANIZERS_MAX, _read_party)
    return Organizers(read_int(fields["quorum"], f"{where}.quorum", 1, len(parties)), parties)


def _read_trustees(value: object, where: str) -> Trustees:
    fields = read_object(value, where, ("least", "parties", "threshold"))
    parties = read_list(fields["parties"], f"{where}.parties", 1, TRUSTEES_MAX, _read_party)
    least = read_int(fields["least"], f"{where}.least", 1, len(parties))
    threshold = read_int(fields["threshold"], f"{where}.threshold", 1, least)
    return Trustees(threshold, least, parties)


def _read_district(value: object, where: str) -> District:
    fields = read_object(value, where, ("id", "title"))
    title = read_texts(fields["title"], f"{where}.title")
    return District(read_id(fields["id"], f"{where}.id"), title)


def _read_style(value: object, where: str) -> tuple[int, ...]:
    return read_list(
        value, where, 1, CONTESTS_MAX, lambda item, at: read_int(item, at, 0, CONTESTS_MAX - 1)
    )


def _read_time(value: object, where: str) -> int | None:
    return None if value is None else read_int(value, where, 0, JSON_INT_MAX)
