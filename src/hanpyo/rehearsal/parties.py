"""Who takes part: every key and every secret follows from one seed and a name.

A rehearsal's ballots are public from the start, so nothing is lost that its seed gives away; it is
fresh for each run, and goes with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from hanpyo import crypto, trustee
from hanpyo.election.manifest import Organizers, Party, Trustees
from hanpyo.election.roll import Row, row_commitment
from hanpyo.encoding import frame
from hanpyo.ledger.entry import Enrollment
from hanpyo.node.storage.folder import Operator
from hanpyo.office.party import PartyFolder

OPERATOR_NAME = "Rehearsal operator"
TRUSTEE_COUNT, THRESHOLD = 3, 2

_NOWHERE = Path("-")  # these parties have no folder


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody on the roll.

    Attributes:
        number: in the order in which the voters were listed, from 0; all secrets follow from it.
    """

    number: int
    reference: str
    style: int = 0
    district: int = 0


class Parties:
    """All parties of a rehearsal."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self.organizer = self._signer("organizer")
        self.registrar = self._signer("registrar")
        self.trustee_seeds = [self.secret("trustee", n + 1) for n in range(TRUSTEE_COUNT)]

    def secret(self, name: str, number: int = 0) -> bytes:
        """Give 32 bytes that belong to a name."""
        return sha256(frame(name, self._seed, number.to_bytes(8, "big"))).digest()

    def draws(self, name: str) -> Iterator[bytes]:
        """Give 32 bytes after another."""
        number = 0
        while True:
            yield self.secret(name, number)
            number += 1

    def operator(self) -> Operator:
        """Give who runs the ledger."""
        seeds = [self.secret(name) for name in ("signing", "cosigning", "gateway")]
        return Operator(OPERATOR_NAME, *seeds)

    def organizers(self) -> Organizers:
        """Give who holds the election, as a manifest lists it."""
        return Organizers(1, (Party(self.organizer.name, self.organizer.key),))

    def trustees(self) -> Trustees:
        """Give who holds the key: any two of three decrypt."""
        keys = [trustee.public_key(seed) for seed in self.trustee_seeds]
        listed = tuple(Party(f"Trustee {n}", key) for n, key in enumerate(keys, 1))
        return Trustees(THRESHOLD, THRESHOLD, listed)

    def salt(self, voter: Voter) -> bytes:
        """Give what explains a voter's row together with the reference."""
        return self.secret("salt", voter.number)

    def credential(self, voter: Voter) -> bytes:
        """Give a voter's secret credential."""
        return crypto.credential_secret(self.secret("credential", voter.number))

    def _signer(self, role: str) -> PartyFolder:
        secret = self.secret(role)
        name = f"Rehearsal {role}"
        return PartyFolder(_NOWHERE, role, name, crypto.ed25519_public(secret), secret)


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll as the registrar keeps it: rows by number, and whose each is."""

    rows: Sequence[Row]
    voters: Sequence[Voter] = field(repr=False)

    def enrollment(self, parties: Parties, row: int, ledger_id: bytes, name: bytes) -> Enrollment:
        """Let a row take its voter's credential."""
        voter = self.voters[row]
        secret, random = parties.credential(voter), parties.secret("possession", voter.number)
        possession = crypto.prove_possession(secret, random, ledger_id, name, row)
        return Enrollment(row, crypto.credential_public(secret), possession)


def draw_up(parties: Parties, voters: Sequence[Voter]) -> Roll:
    """Draw up the roll: commitments ascend, so that the order says nothing about people."""
    listed = []
    for voter in voters:
        name = row_commitment(parties.salt(voter), voter.reference)
        listed.append((Row(name, 1, voter.style, voter.district), voter))
    listed.sort(key=lambda pair: pair[0].commitment)
    return Roll([row for row, _ in listed], [voter for _, voter in listed])
