"""What an accepted act of the ledger as a whole changes; see `changes.py`."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

from hanpyo.election.manifest import Manifest
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.view import ElectionView, Equivocated, Facts, LedgerView


class LedgerChange(ABC):
    """A change of the ledger as a whole."""

    __slots__ = ()

    @abstractmethod
    def write_ledger(self, view: LedgerView) -> None:
        """Write the change to the view."""


@dataclass(frozen=True, slots=True)
class LedgerFounded(LedgerChange):
    """Entry 0."""

    ledger_id: bytes
    membership: Membership

    def write_ledger(self, view: LedgerView) -> None:
        """From here on acts have keys to be checked with."""
        view.facts = Facts(self.ledger_id, self.membership, {}, view.facts.only)
        view.touch("ledger")
        view.touch_members(None)


@dataclass(frozen=True, slots=True)
class MembershipChanged(LedgerChange):
    """Others keep the ledger from the next entry on."""

    membership: Membership
    entry_hash: bytes

    def write_ledger(self, view: LedgerView) -> None:
        """Give admission the members as they are now, and remember that this entry stood once."""
        former = view.membership
        view.facts = replace(view.facts, membership=self.membership)
        view.acts.add(self.entry_hash)
        view.touch_members(former)


@dataclass(frozen=True, slots=True)
class EquivocationNoted(LedgerChange):
    """A validator is known to have signed two votes for one place."""

    equivocation: Equivocated
    member: int
    entry_hash: bytes

    def write_ledger(self, view: LedgerView) -> None:
        """List it, and remember that this entry stood once."""
        view.equivocations[self.equivocation] = self.member
        view.acts.add(self.entry_hash)
        view.touch("equivocation", *self.equivocation)


@dataclass(frozen=True, slots=True)
class GatewayListed(LedgerChange):
    """A gateway may give promises."""

    key: bytes
    member: int

    def write_ledger(self, view: LedgerView) -> None:
        """List it, and number the member's acts."""
        view.gateways[self.key] = self.member
        view.gateway_acts[self.member] = view.gateway_acts.get(self.member, 0) + 1
        view.touch("gateway", self.key)


@dataclass(frozen=True, slots=True)
class PartKept(LedgerChange):
    """A piece of a manifest waits for its announce."""

    digest: bytes
    data: bytes
    entry_hash: bytes

    def write_ledger(self, view: LedgerView) -> None:
        """Keep it, and remember that this entry stood once."""
        parts = view.parts.setdefault(self.digest, [])
        parts.append(self.data)
        view.acts.add(self.entry_hash)
        view.touch("part", self.digest, len(parts) - 1)


@dataclass(frozen=True, slots=True)
class ElectionAnnounced(LedgerChange):
    """An election has its place on the ledger."""

    election_id: bytes
    manifest: Manifest
    digest: bytes
    entry_hash: bytes

    def write_ledger(self, view: LedgerView) -> None:
        """Begin its view; its pieces wait no longer."""
        _release_parts(view, self.digest)
        view.acts.add(self.entry_hash)
        election = ElectionView(self.election_id, self.manifest, self.digest)
        view.elections[self.election_id] = election
        view.know_election(election)
        view.touch("election", self.election_id)


@dataclass(frozen=True, slots=True)
class PassedOver(LedgerChange):
    """An entry of another election than the one being verified.

    Attributes:
        released: for its announce, the digest whose pieces wait no longer.
    """

    released: bytes | None = None

    def write_ledger(self, view: LedgerView) -> None:
        """Release the pieces."""
        if self.released is not None:
            _release_parts(view, self.released)


def _release_parts(view: LedgerView, digest: bytes) -> None:
    for part in range(len(view.parts.pop(digest, ()))):
        view.touch("part", digest, part)
