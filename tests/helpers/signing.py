"""Signing acts as the parties of a test election do."""

from collections.abc import Sequence

from hanpyo.ledger.entry import (
    MEMBER,
    ORGANIZER,
    REGISTRAR,
    TRUSTEE,
    Act,
    Announce,
    Body,
    Gateway,
    Replace,
    Signature,
    act_message,
    encode_entry,
)
from hanpyo.ledger.view import ElectionView, LedgerView
from tests.helpers.parties import signer

Signer = tuple[int, int]  # role, party


class Signing:
    """Knows all keys, and which number is due; `election.Play` says of which ledger and election.

    Attributes:
        view: the ledger as of now; `election`: its election.
    """

    ledger_id: bytes
    election_id: bytes
    view: LedgerView

    @property
    def election(self) -> ElectionView:
        """The election as the ledger knows it."""
        return self.view.elections[self.election_id]

    def act(
        self, body: Body, *signers: Signer, number: int | None = None, scope: bytes = b""
    ) -> bytes:
        """Sign an act; without a number, with the one that is due."""
        scope = scope or self.election_id
        number = self.due_number(body, signers) if number is None else number
        message = act_message(self.ledger_id, scope, number, body)
        signatures = tuple(
            Signature(role, place, signer(*self.key_name(body, role, place))(message))
            for role, place in signers
        )
        return encode_entry(Act(scope, number, body, signatures))

    def key_name(self, body: Body, role: int, place: int) -> tuple[object, ...]:  # noqa: ARG002
        """Name the key with which a party signs an act."""
        names = {MEMBER: ("member", place), ORGANIZER: ("organizer", place)}
        return {**names, REGISTRAR: ("registrar",), TRUSTEE: ("trustee", place)}[role]

    def due_number(self, body: Body, signers: Sequence[Signer]) -> int:
        """Find the act number that 9.3 asks for."""
        roles = {role for role, _ in signers}
        if isinstance(body, Gateway):
            return self.view.gateway_acts.get(signers[0][1], 0) + 1
        if roles == {TRUSTEE}:
            return self.election.trustee_acts.get(signers[0][1], 0) + 1
        if ORGANIZER in roles and not isinstance(body, Announce | Replace):
            return self.election.organizer_acts + 1
        return 0

    def by_organizers(self, body: Body, number: int | None = None) -> bytes:
        """Sign as the first two organizers."""
        return self.act(body, (ORGANIZER, 0), (ORGANIZER, 1), number=number)

    def by_both(self, body: Body) -> bytes:
        """Sign as organizers and registrar."""
        return self.act(body, (ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 0))

    def by_registrar(self, body: Body) -> bytes:
        """Sign as the registrar."""
        return self.act(body, (REGISTRAR, 0))

    def by_trustee(self, trustee: int, body: Body, number: int | None = None) -> bytes:
        """Sign as a trustee."""
        return self.act(body, (TRUSTEE, trustee), number=number)
