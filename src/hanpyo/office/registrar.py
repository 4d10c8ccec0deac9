"""The registrar: binds one credential to each row, and replaces it where a voter lost it."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from hanpyo import crypto
from hanpyo.election.papers import EnrollmentRequest, invitation_code
from hanpyo.errors import InvalidFile, InvalidQuery
from hanpyo.ledger.entry import Act, Enroll, Enrollment, Replace, encode_entry
from hanpyo.office.acts import PreparedAct, sign_act
from hanpyo.office.desk import Desk
from hanpyo.office.party import PartyFolder
from hanpyo.office.private_roll import Member
from hanpyo.office.roll import published_roll

BATCH_MAX = 500


@dataclass(frozen=True, slots=True)
class Handed:
    """A request as it was handed in; `where` names its file."""

    where: str
    request: EnrollmentRequest


class Registrar:
    """A registrar at one election."""

    def __init__(self, desk: Desk, folder: PartyFolder, members: Sequence[Member]) -> None:
        """Sit down at the desk.

        Raises:
            InvalidQuery: the election has another registrar.
        """
        if desk.manifest.registrar.key != folder.key:
            raise InvalidQuery(f"{folder.path}: this election has another registrar")
        self._desk = desk
        self._folder = folder
        self._salts = {member.row.commitment: member.salt for member in members}
        self._roll = published_roll(desk)

    def enroll(self, requests: Sequence[Handed]) -> list[bytes]:
        """Check requests and give the enrollments to send, up to 500 rows in each.

        Raises:
            InvalidFile: the message names every request at fault; nothing is enrolled then.
        """
        faults = self._faults(requests)
        for handed in requests:
            row = handed.request.row
            if not faults and self._desk.row_now(row)[0] is not None:
                why = f"row {row} has a credential already: use `hanpyo registrar replace`"
                faults.append(f"{handed.where}: {why}")
        if faults:
            raise InvalidFile("\n".join(faults))
        rows = sorted((handed.request for handed in requests), key=lambda each: each.row)
        bodies = [
            Enroll(tuple(Enrollment(each.row, each.credential, each.possession) for each in batch))
            for batch in (rows[at : at + BATCH_MAX] for at in range(0, len(rows), BATCH_MAX))
        ]
        return [encode_entry(self.sign(body)) for body in bodies]

    def replace(self, handed: Handed) -> PreparedAct:
        """Check a request and prepare the replacement of its row's credential.

        Raises:
            InvalidFile: the request does not hold.
            InvalidQuery: the row has no credential yet.
        """
        faults = self._faults([handed])
        if faults:
            raise InvalidFile("\n".join(faults))
        request = handed.request
        old, _ = self._desk.row_now(request.row)
        if old is None:
            raise InvalidQuery(f"row {request.row} has no credential yet: enroll it")
        if old == request.credential:
            raise InvalidQuery(f"row {request.row} has this very credential already")
        body = Replace(request.row, old, request.credential, request.possession)
        return sign_act(self._desk.prepare(body), self._desk.manifest, self._folder)

    def sign(self, body: Enroll | Replace) -> Act:
        """Sign an act that needs the registrar alone."""
        return sign_act(self._desk.prepare(body), self._desk.manifest, self._folder).act

    def _faults(self, requests: Sequence[Handed]) -> list[str]:
        """Say what is wrong with each request, apart from what the row has done."""
        faults: list[str] = []
        rows: dict[int, str] = {}
        for handed in requests:
            row = handed.request.row
            first = rows.setdefault(row, handed.where)
            fault = self.fault(handed.request)
            if fault is None and first != handed.where:
                fault = f"row {row} is asked for in {first} as well"
            if fault is not None:
                faults.append(f"{handed.where}: {fault}")
        return faults

    def fault(self, request: EnrollmentRequest) -> str | None:
        """Say what is wrong with a request, apart from what its row has done; `None`: nothing."""
        desk = self._desk
        if request.election_id != desk.election_id:
            return "the request is for another election"
        if request.row >= len(self._roll.rows):
            return f"the roll has no row {request.row}"
        salt = self._salts.get(self._roll.rows[request.row].commitment)
        if salt is None:
            return f"row {request.row} is not in this office's own roll"
        code = invitation_code(salt, request.credential, request.possession)
        if not hmac.compare_digest(code, request.code):
            return f"whoever asks does not hold the invitation of row {request.row}"
        proof = [(request.credential, request.row, request.possession)]
        if not crypto.check_possessions(proof, desk.reader.ledger_id, desk.election_id, 1)[0]:
            return "the proof that the device holds its credential's secret does not hold"
        return None
