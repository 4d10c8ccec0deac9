"""An election as its organizers and registrar see it, by look-ups in somebody else's ledger."""

import time
from collections.abc import Sequence

from hanpyo.election.manifest import Manifest, decode_manifest
from hanpyo.errors import InvalidQuery, Rejected
from hanpyo.ledger.entry import (
    Act,
    Body,
    Cast,
    Enroll,
    Replace,
    encode_entry,
)
from hanpyo.ledger.interface import Inclusion, Ledger
from hanpyo.ledger.reader import LedgerReader
from hanpyo.ledger.roles import Numbering, due_roles, numbering
from hanpyo.ledger.rules.phases import AHEAD
from hanpyo.office.acts import (
    PreparedAct,
    check_not_stale,
    missing_signatures,
    organizer_kinds,
    sign_act,
)
from hanpyo.office.party import PartyFolder
from hanpyo.office.sending import send

CLOCK_TRIES, CLOCK_SECONDS = 10, 1.0


class Desk:
    """One election at one ledger.

    Attributes:
        address: the ledger's address, as given.
        reader: the checked state that everything is read under.
        election_id, manifest: the election.
    """

    def __init__(self, ledger: Ledger, address: str, election_id: bytes, now_unix_s: int) -> None:
        """Take the ledger's newest state and the election's manifest.

        Raises:
            InvalidQuery: this ledger has no such election.
        """
        self.address = address
        self.reader = LedgerReader(ledger, now_unix_s)
        self.election_id = election_id
        self.manifest_bytes = self.reader.manifest(election_id)
        self.manifest: Manifest = decode_manifest(self.manifest_bytes)

    def next_number(self) -> int:
        """Give the number of the organizers' next act."""
        return len(self.reader.find(self.election_id, organizer_kinds(self.manifest))) + 1

    def prepare(self, body: Body) -> PreparedAct:
        """Prepare an act of organizers or registrar, with its number and no signature."""
        counted = numbering(body, due_roles(body, self.manifest)) is Numbering.ORGANIZERS
        act = Act(self.election_id, self.next_number() if counted else 0, body, ())
        return PreparedAct(self.address, self.reader.ledger_id, act)

    def sign(self, prepared: PreparedAct, signers: Sequence[PartyFolder]) -> PreparedAct:
        """Add signatures."""
        for signer in signers:
            prepared = sign_act(prepared, self.manifest, signer)
        return prepared

    def check_current(self, act: Act) -> None:
        """Refuse an act that can no longer be recorded.

        Raises:
            Rejected: it is stale.
            InvalidQuery: a replacement's old credential is not the row's any more.
        """
        check_not_stale(act, self.next_number())
        if isinstance(act.body, Replace):
            old, _ = self.row_now(act.body.row)
            if old != act.body.old:
                raise InvalidQuery("this act is stale: the row has another credential since")

    def missing(self, act: Act) -> list[str]:
        """Say whose signatures an act still lacks."""
        has_voted = isinstance(act.body, Replace) and self.row_now(act.body.row)[1]
        return missing_signatures(act, self.manifest, has_voted=has_voted)

    def send_act(self, act: Act) -> Inclusion:
        """Send an act and wait until it is recorded.

        The ledger's clock is that of its last block; an act of this moment waits until it is there.
        """
        for _ in range(CLOCK_TRIES):
            try:
                return self.send([encode_entry(act)])[0]
            except Rejected as refusal:
                if refusal.why != AHEAD:
                    raise
                time.sleep(CLOCK_SECONDS)
        return self.send([encode_entry(act)])[0]

    def send(self, entries: Sequence[bytes]) -> list[Inclusion]:
        """Send entries and wait until they are recorded."""
        return send(self.reader.ledger, self.reader.membership, entries)

    def row_now(self, row: int) -> tuple[bytes | None, bool]:
        """Give a row's current credential, and whether the row has recorded a ballot."""
        credential: bytes | None = None
        has_voted = False
        for index in self.reader.find_row(self.election_id, row):
            entry = self.reader.entry(index)
            if entry.scope != self.election_id:
                continue
            if isinstance(entry, Cast):
                has_voted = True
            elif isinstance(entry.body, Enroll):
                enrolled = [each.credential for each in entry.body.rows if each.row == row]
                credential = credential or next(iter(enrolled), None)
            elif isinstance(entry.body, Replace) and entry.body.row == row:
                credential = entry.body.new
        return credential, has_voted
