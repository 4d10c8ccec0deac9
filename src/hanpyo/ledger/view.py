"""What the ledger knows after the entries so far: the view that rules read.

Only `rules.apply` and the sums' settling change a view. `Facts` is the part that admission reads, a
value; other threads may hold one while the view goes on. Manifests and joint keys in it never
change once they are there; the membership does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from hanpyo import crypto
from hanpyo.election.ceremony import Ceremony, JointKey, begin_ceremony, verification_keys
from hanpyo.election.manifest import Manifest
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import Outcome, Result
from hanpyo.ledger.membership import Keeper, Membership
from hanpyo.ledger.roll_table import RollTable
from hanpyo.ledger.sums import Sums

Equivocated = tuple[bytes, int, int, int]  # validator key, type, engine height, round


class Phase(Enum):
    """Where an election stands (docs/protocol.md section 10)."""

    DRAFT = "draft"
    READY = "ready"
    VOTING = "voting"
    PAUSED = "paused"
    CLOSED = "closed"
    TALLIED = "tallied"
    CANCELED = "canceled"
    NOT_OPENABLE = "not openable"


@dataclass(frozen=True, slots=True)
class ElectionFacts:
    """What never changes about an announced election; `kit` comes with the joint key."""

    election_id: bytes
    manifest: Manifest
    kit: crypto.BallotKit | None


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What admission needs to know. A value: the view replaces it when facts come or change.

    Attributes:
        ledger_id: `None` before entry 0.
        membership: who keeps the ledger now, `None` before entry 0.
        elections: announced elections by id.
        only: where a record is verified for one election, its id; others are passed over.
    """

    ledger_id: bytes | None
    membership: Membership | None
    elections: Mapping[bytes, ElectionFacts]
    only: bytes | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """The log up to and including the close entry: what trustees seal."""

    size: int
    root: bytes


class ElectionView:
    """One election as of now.

    Attributes:
        sealed_rows: the count of rows when the roll was sealed, `None` before.
        ends_unix_s: when voting ends: announced, extended, or `None`.
        opened_unix_s: the time of the open entry.
        organizer_acts: accepted acts with an organizers' number.
        trustee_acts: accepted acts of each trustee.
        acts: hashes of accepted acts without a number, so that none stands twice.
        groups: per contest the parts of each group; empty before closing.
        quorum: in a consortium, the checkpoint over the closing root that its members cosigned.
        seals: trustees that sealed; `lost`: those declared lost.
        shares: D_1..D_n by (contest, group) and trustee.
    """

    __slots__ = (
        "_group_totals",
        "_keys",
        "acts",
        "ceremony",
        "chunks",
        "closing",
        "election_id",
        "ends_unix_s",
        "groups",
        "joint_key",
        "kit",
        "lost",
        "manifest",
        "manifest_digest",
        "opened_unix_s",
        "organizer_acts",
        "outcome",
        "phase",
        "quorum",
        "results",
        "roll",
        "sealed_rows",
        "seals",
        "shares",
        "sums",
        "trustee_acts",
    )

    def __init__(self, election_id: bytes, manifest: Manifest, manifest_digest: bytes) -> None:
        self.election_id = election_id
        self.manifest = manifest
        self.manifest_digest = manifest_digest
        self.phase = Phase.DRAFT
        self.ends_unix_s = manifest.closes
        self.opened_unix_s: int | None = None
        self.organizer_acts = 0
        self.trustee_acts: dict[int, int] = {}
        self.acts: set[bytes] = set()
        self.chunks = 0
        self.roll = RollTable(len(manifest.styles))
        self.sealed_rows: int | None = None
        self.ceremony: Ceremony = begin_ceremony(election_id, manifest)
        self.joint_key: JointKey | None = None
        self.kit: crypto.BallotKit | None = None
        self.sums = Sums(manifest)
        self.closing: Closing | None = None
        self.groups: list[list[tuple[int, ...]]] = []
        self.quorum: Checkpoint | None = None
        self.seals: set[int] = set()
        self.lost: set[int] = set()
        self.shares: dict[tuple[int, int], dict[int, bytes]] = {}
        self.results: dict[tuple[int, int], Result] = {}
        self.outcome: Outcome | None = None
        self._group_totals: dict[tuple[int, int], bytes] = {}
        self._keys: dict[int, tuple[bytes, ...]] = {}

    def has_group(self, contest: int, group: int) -> bool:
        """Whether 11.2 forms this group."""
        return contest < len(self.groups) and group < len(self.groups[contest])

    def group_total(self, contest: int, group: int) -> bytes:
        """Give the encrypted sum of a group; kept once computed, as nothing changes it."""
        key = contest, group
        if key not in self._group_totals:
            parts = self.groups[contest][group]
            self._group_totals[key] = self.sums.group_total(contest, parts)
        return self._group_totals[key]

    def group_count(self, contest: int, group: int) -> tuple[int, int]:
        """Give number and weight of the counted ballots of a group."""
        counts = self.sums.counts(contest)
        members = [counts[part] for part in self.groups[contest][group]]
        return sum(part.ballots for part in members), sum(part.weight for part in members)

    def keys_of(self, trustee: int) -> tuple[bytes, ...]:
        """Give a trustee's verification keys Y_i1..Y_im; kept once computed."""
        assert self.joint_key is not None, "shares come after the ceremony"
        if trustee not in self._keys:
            self._keys[trustee] = verification_keys(self.joint_key, trustee)
        return self._keys[trustee]


class LedgerView:
    """The whole ledger as of now.

    Attributes:
        facts: what admission needs; replaced, never changed.
        gateways: listed gateway keys, with the member that listed each.
        gateway_acts: accepted gateway acts of each member.
        parts: manifest pieces that wait for their announce, by digest.
        elections: by id, in the order of their announcement.
        acts: hashes of accepted acts of the ledger without a number, so that none stands twice.
        equivocations: accepted ones, with the number of the member whose validator signed.
        changed: keys of view rows (see `view_rows`) that changed since the store last asked.
    """

    __slots__ = (
        "acts",
        "changed",
        "elections",
        "equivocations",
        "facts",
        "gateway_acts",
        "gateways",
        "parts",
    )

    def __init__(self, only: bytes | None = None) -> None:
        self.facts = Facts(None, None, {}, only)
        self.gateways: dict[bytes, int] = {}
        self.gateway_acts: dict[int, int] = {}
        self.parts: dict[bytes, list[bytes]] = {}
        self.elections: dict[bytes, ElectionView] = {}
        self.acts: set[bytes] = set()
        self.equivocations: dict[Equivocated, int] = {}
        self.changed: dict[tuple[object, ...], None] = {}

    @property
    def ledger_id(self) -> bytes | None:
        """The ledger's id, `None` before entry 0."""
        return self.facts.ledger_id

    @property
    def membership(self) -> Membership | None:
        """Who keeps the ledger now, `None` before entry 0."""
        return self.facts.membership

    def touch(self, table: str, *key: object) -> None:
        """Note that a row of the view changed."""
        self.changed[(table, *key)] = None

    def touch_members(self, former: Membership | None) -> None:
        """Note that others keep the ledger than before; a single operator has no rows."""
        now = self.membership
        assert now is not None, "members come with entry 0 and stay"
        if not now.is_consortium:
            return
        self.touch("membership")
        before: Mapping[int, Keeper] = {}
        known: Mapping[bytes, int] = {}
        if former is not None and former.is_consortium:
            before, known = former.active, former.used_keys
        for number in sorted(before.keys() | now.active.keys()):
            if before.get(number) != now.active.get(number):
                self.touch("member", number)
        for key in now.used_keys:
            if key not in known:
                self.touch("key", key)

    def touch_rows(self, election: ElectionView, rows: Iterable[int]) -> None:
        """Note that rows of an election's roll changed."""
        for row in rows:
            self.changed["row", election.election_id, row] = None

    def know_election(self, election: ElectionView) -> None:
        """Give admission the facts of an election as they are now."""
        known = ElectionFacts(election.election_id, election.manifest, election.kit)
        elections = {**self.facts.elections, election.election_id: known}
        self.facts = replace(self.facts, elections=elections)
