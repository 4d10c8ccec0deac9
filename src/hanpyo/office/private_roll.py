"""The office's own roll: who stands behind each row. It never leaves the registrar's folder.

A CSV file beside the election's id. Salts are drawn once and kept before anything is published, so
that a command that was interrupted goes on where it stopped.
"""

import csv
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from hanpyo.election.papers import Invitation, invitation_to_json
from hanpyo.election.roll import Row, row_commitment
from hanpyo.encoding import decode_hex
from hanpyo.errors import InvalidEncoding, InvalidFile, InvalidQuery
from hanpyo.office.files import check_private, read_file, write_file, write_json
from hanpyo.office.roll_file import ROLL_BYTES_MAX, Entitled

SALT_BYTES = 32
_COLUMNS = ("reference", "salt", "weight", "style", "district")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the roll, with the salt that hides it."""

    entitled: Entitled
    salt: bytes = field(repr=False)

    @property
    def row(self) -> Row:
        """What is published of this member."""
        each = self.entitled
        commitment = row_commitment(self.salt, each.reference)
        return Row(commitment, each.weight, each.style, each.district)


class PrivateRoll:
    """The private roll of one election, in a registrar's folder."""

    def __init__(self, registrar: Path, election_id: bytes) -> None:
        self.folder = registrar / "elections" / election_id.hex()
        self.path = self.folder / "roll.csv"
        self.invitations = self.folder / "invitations"
        self._election_id = election_id

    def read(self) -> list[Member]:
        """Read all members; none where no roll was begun.

        Raises:
            InvalidFile: the file is damaged, or others may read it.
        """
        if not self.path.exists():
            return []
        check_private(self.path)
        data = read_file(self.path, ROLL_BYTES_MAX)
        lines = csv.reader(StringIO(data.decode("utf-8", "replace"), newline=""), strict=True)
        try:
            if tuple(next(lines, ())) != _COLUMNS:
                raise InvalidFile(f"{self.path}: is no private roll of this version")
            return [_member(fields) for fields in lines]
        except (ValueError, csv.Error, InvalidEncoding):
            where = f"{self.path}: line {lines.line_num}"
            raise InvalidFile(f"{where}: is damaged; restore the file from a copy") from None

    def begin(self, entitled: Sequence[Entitled], *, is_published: bool) -> list[Member]:
        """Draw salts for a new roll and keep them, or take up the roll that was begun.

        Args:
            is_published: whether a row of this election is on the ledger.

        Raises:
            InvalidQuery: rows of another list are published already.
        """
        members = self.read()
        if {member.entitled for member in members} == set(entitled):
            return members
        if is_published:
            raise InvalidQuery(
                f"another list is being published for this election, see {self.path}: finish "
                "with that list, then use `hanpyo roll change` for what differs"
            )
        members = [Member(each, secrets.token_bytes(SALT_BYTES)) for each in entitled]
        self._write(members)
        return members

    def change(self, entitled: Sequence[Entitled]) -> tuple[list[Member], list[Member]]:
        """Take up new and changed members, and keep them.

        Returns:
            The members named in `entitled`: those that are new here, and those known before.
        """
        members = {member.entitled.reference: member for member in self.read()}
        new: list[Member] = []
        known: list[Member] = []
        for each in entitled:
            former = members.get(each.reference)
            salt = secrets.token_bytes(SALT_BYTES) if former is None else former.salt
            member = Member(each, salt)
            members[each.reference] = member
            (new if former is None else known).append(member)
        self._write(members.values())
        return new, known

    def invite(self, ledger: str, row_of: Mapping[bytes, int]) -> int:
        """Write the invitation of every member that has a row and no invitation yet.

        Args:
            ledger: the address that voters are given.
            row_of: the row number of each commitment on the ledger.

        Returns:
            How many invitations were written.
        """
        written = 0
        for member in self.read():
            number = row_of.get(member.row.commitment)
            if number is None or (path := self.invitations / f"{number}.json").exists():
                continue
            invitation = Invitation(
                ledger, self._election_id, number, member.entitled.reference, member.salt
            )
            write_json(path, invitation_to_json(invitation))
            written += 1
        return written

    def _write(self, members: Iterable[Member]) -> None:
        out = StringIO(newline="")
        lines = csv.writer(out)
        lines.writerow(_COLUMNS)
        for member in members:
            each = member.entitled
            fields = each.reference, member.salt.hex(), each.weight, each.style, each.district
            lines.writerow(fields)
        write_file(self.path, out.getvalue().encode("utf-8"))


def _member(fields: Sequence[str]) -> Member:
    reference, salt, weight, style, district = fields
    return Member(
        Entitled(reference, int(weight), int(style), int(district)), decode_hex(salt, SALT_BYTES)
    )
