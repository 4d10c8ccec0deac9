"""Who a trustee is at one election, and how it signs. Source: docs/protocol.md 7 and 9.3."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from hanpyo import crypto
from hanpyo.election.ceremony import Ceremony, Contribution
from hanpyo.encoding import frame
from hanpyo.errors import InvalidQuery
from hanpyo.ledger.entry import TRUSTEE, Act, Body, Signature, act_message, encode_entry
from hanpyo.ledger.view import ElectionView

Draw = Callable[[int], bytes]  # so many fresh random bytes


@dataclass(frozen=True, slots=True)
class Trustee:
    """A trustee at one election.

    Attributes:
        index: its place among the manifest's trustees, from 1.
        election: what the log says; the caller checked signatures and proofs.
    """

    ledger_id: bytes
    election: ElectionView
    index: int
    seed: bytes = field(repr=False)

    @property
    def ceremony(self) -> Ceremony:
        """The current attempt at the joint key."""
        return self.election.ceremony

    @property
    def mine(self) -> Contribution:
        """What this trustee has published in this attempt.

        Raises:
            InvalidQuery: it was dropped.
        """
        if self.index not in self.ceremony.trustees:
            raise InvalidQuery(f"trustee {self.index} was dropped and takes part no more")
        return self.ceremony.trustees[self.index]

    def sign(self, *bodies: Body) -> list[bytes]:
        """Sign acts, numbered one after another, and give the entries."""
        first = self.election.trustee_acts.get(self.index, 0) + 1
        return [self._entry(number, body) for number, body in enumerate(bodies, first)]

    def _entry(self, number: int, body: Body) -> bytes:
        scope = self.election.election_id
        message = act_message(self.ledger_id, scope, number, body)
        signature = crypto.ed25519_sign(signing_seed(self.seed), message)
        signatures = (Signature(TRUSTEE, self.index, signature),)
        return encode_entry(Act(scope, number, body, signatures))


def signing_seed(seed: bytes) -> bytes:
    """Give the Ed25519 seed of a trustee's signing key."""
    return sha256(frame("trustee signing key", seed)).digest()


def public_key(seed: bytes) -> bytes:
    """Give the signing key that stands in the manifest."""
    return crypto.ed25519_public(signing_seed(seed))


def find_trustee(ledger_id: bytes, election: ElectionView, seed: bytes) -> Trustee:
    """Find the owner of a seed among an election's trustees.

    Raises:
        InvalidQuery: the manifest does not list it.
    """
    key = public_key(seed)
    for index, party in enumerate(election.manifest.trustees.parties, 1):
        if party.key == key:
            return Trustee(ledger_id, election, index, seed)
    raise InvalidQuery("this key is not among the trustees of the election")
