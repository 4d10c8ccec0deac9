"""The file in which organizers write down an election (`council.toml`), read into a manifest.

Strict where a slip would cost an election: unknown keys, times without offset and parties of the
wrong role are refused, with the file and the field.
"""

import tomllib
from pathlib import Path

from hanpyo.election.fields import Texts, fail, read_choice, read_id, read_key, read_string
from hanpyo.election.manifest import District, Manifest, Organizers, Party, Trustees
from hanpyo.election.manifest.manifest import BALLOTS_PER_ROW_MAX, KINDS, SIGN_INS, WEIGHTS
from hanpyo.election.manifest.reading import NAME_CHARACTERS_MAX
from hanpyo.errors import InvalidFile, InvalidManifest
from hanpyo.office.contest_file import read_contest
from hanpyo.office.files import read_file
from hanpyo.office.party import read_public
from hanpyo.office.tables import (
    id_of,
    read_flag,
    read_items,
    read_moment,
    read_number,
    read_table,
    read_words,
)

FILE_BYTES_MAX = 4 * 1_048_576
SMALLEST_TALLY_DEFAULT = 10

_REQUIRED = ("contests", "organizers", "registrar", "title", "trustees")
_OPTIONAL = (
    *("ballots_per_row", "closes", "description", "districts", "kind", "language", "opens"),
    *("sign_in", "single_trustee", "smallest_tally", "styles", "weights"),
)


def read_election_file(path: Path, nonce: bytes) -> Manifest:
    """Read an election file.

    Args:
        path: the file; paths of parties in it are taken from its folder.
        nonce: 32 fresh random bytes.

    Returns:
        The manifest; `encode_manifest` checks the bounds between its fields.

    Raises:
        InvalidFile: the message names the file and the field.
    """
    data = read_file(path, FILE_BYTES_MAX)
    try:
        return _Reader(tomllib.loads(data.decode("utf-8")), path.parent).manifest(nonce)
    except UnicodeDecodeError:
        raise InvalidFile(f"{path}: is not UTF-8") from None
    except RecursionError:
        raise InvalidFile(f"{path}: nests too deep") from None
    except ValueError as error:  # no TOML, or a number of thousands of digits
        raise InvalidFile(f"{path}: not TOML: {error}") from None
    except InvalidManifest as error:
        raise InvalidFile(f"{path}: {error}") from None


class _Reader:
    """Reads the top of the file; `folder` is where paths begin."""

    def __init__(self, value: object, folder: Path) -> None:
        self._table = read_table(value, "", _REQUIRED, _OPTIONAL)
        self._folder = folder
        self._language = read_string(self._table.get("language", "en"), "language", 3)

    def manifest(self, nonce: bytes) -> Manifest:
        table = self._table
        districts = self._districts()
        district_ids = [district.id for district in districts]
        contests = read_items(
            table["contests"],
            "contests",
            lambda value, at: read_contest(value, at, self._language, district_ids),
        )
        return Manifest(
            kind=self._choice("kind", KINDS, "election"),
            title=read_words(table["title"], "title", self._language),
            description=self._description(),
            nonce=nonce,
            organizers=self._organizers(),
            registrar=self._party("registrar")(table["registrar"], "registrar"),
            trustees=self._trustees(),
            contests=contests,
            districts=districts,
            styles=self._styles([contest.id for contest in contests]),
            smallest_tally=self._number("smallest_tally", SMALLEST_TALLY_DEFAULT),
            opens=read_moment(table.get("opens", "none"), "opens"),
            closes=read_moment(table.get("closes", "none"), "closes"),
            ballots_per_row=self._number("ballots_per_row", BALLOTS_PER_ROW_MAX),
            weights=self._choice("weights", WEIGHTS, "none"),
            sign_in=self._choice("sign_in", SIGN_INS, "code"),
            single_trustee=read_flag(table, "single_trustee", ""),
        )

    def _choice(self, key: str, words: tuple[str, ...], default: str) -> str:
        return read_choice(self._table.get(key, default), key, words)

    def _number(self, key: str, default: int) -> int:
        return read_number(self._table, key, "", default)

    def _description(self) -> Texts:
        value = self._table.get("description", {})
        return read_words(value, "description", self._language) if value else {}

    def _districts(self) -> tuple[District, ...]:
        if "districts" not in self._table:
            return (District("all", {self._language: "All"}),)
        listed = read_items(self._table["districts"], "districts", lambda v, at: (v, at))
        return tuple(self._district(*each, number) for number, each in enumerate(listed, 1))

    def _district(self, value: object, where: str, number: int) -> District:
        table = {"title": value} if isinstance(value, str) else value
        fields = read_table(table, where, ("title",), ("id",))
        words = read_words(fields["title"], f"{where}.title", self._language)
        id = fields.get("id", id_of(words, number, "district"))
        return District(read_id(id, f"{where}.id"), words)

    def _styles(self, contest_ids: list[str]) -> tuple[tuple[int, ...], ...]:
        """Read which contests each style has; without the key one style has all."""
        if "styles" not in self._table:
            return (tuple(range(len(contest_ids))),)

        def contest(value: object, where: str) -> int:
            if value not in contest_ids:
                fail(where, f"must be one of the contests {', '.join(contest_ids)}")
            return contest_ids.index(str(value))

        def style(value: object, where: str) -> tuple[int, ...]:
            return tuple(sorted(read_items(value, where, contest)))

        return read_items(self._table["styles"], "styles", style)

    def _organizers(self) -> Organizers:
        where = "organizers"
        fields = read_table(self._table[where], where, ("parties",), ("quorum",))
        parties = read_items(fields["parties"], f"{where}.parties", self._party("organizer"))
        return Organizers(read_number(fields, "quorum", where, 1), parties)

    def _trustees(self) -> Trustees:
        where = "trustees"
        fields = read_table(self._table[where], where, ("parties", "threshold"), ("least",))
        parties = read_items(fields["parties"], f"{where}.parties", self._party("trustee"))
        threshold = read_number(fields, "threshold", where)
        return Trustees(threshold, read_number(fields, "least", where, threshold), parties)

    def _party(self, role: str) -> "_PartyReader":
        return _PartyReader(role, self._folder)


class _PartyReader:
    """Reads a party: the path of its `public.json`, or its name and key."""

    def __init__(self, role: str, folder: Path) -> None:
        self._role = role
        self._folder = folder

    def __call__(self, value: object, where: str) -> Party:
        if isinstance(value, str):
            role, party = read_public(self._folder / value)
            if role != self._role:
                fail(where, f"{value} is of a party with role {role}, not {self._role}")
            return party
        fields = read_table(value, where, ("key", "name"), ())
        name = read_string(fields["name"], f"{where}.name", NAME_CHARACTERS_MAX)
        return Party(name, read_key(fields["key"], f"{where}.key"))
