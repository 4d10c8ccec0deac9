"""What acts say: one frozen dataclass for each kind of docs/protocol.md section 9.2.

The fields of a body stand in the order of its map keys 0, 1, ...; `kind` is the envelope's
field 0. Those about the ledger's keepers stand in `member_bodies.py`. `entry.py` holds the schemas
and gives all these names to other rooms.
"""

from dataclasses import dataclass
from typing import ClassVar

from hanpyo.election.roll import Row
from hanpyo.ledger.member_bodies import MemberBody


@dataclass(frozen=True, slots=True)
class ManifestPart:
    """A piece of a manifest's bytes; pieces wait for their announce."""

    digest: bytes
    part: int
    data: bytes
    kind: ClassVar[int] = 2


@dataclass(frozen=True, slots=True)
class Announce:
    """Opens an election's place on the ledger: the waiting pieces are its manifest."""

    digest: bytes
    length: int
    kind: ClassVar[int] = 3


@dataclass(frozen=True, slots=True)
class RollChunk:
    """Up to 1,000 rows of the roll, in ascending order of commitments."""

    chunk: int
    rows: tuple[Row, ...]
    kind: ClassVar[int] = 8


@dataclass(frozen=True, slots=True)
class RollSeal:
    """Fixes the roll by its count, total weight and digest."""

    count: int
    weight: int
    digest: bytes
    kind: ClassVar[int] = 9


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """New weight, style and district of a row of the sealed roll."""

    row: int
    weight: int
    style: int
    district: int


@dataclass(frozen=True, slots=True)
class RollChange:
    """Appends rows to a sealed roll and, before opening, changes rows."""

    new: tuple[Row, ...]
    changed: tuple[ChangedRow, ...]
    kind: ClassVar[int] = 10


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A row takes a credential X, with X's proof of possession."""

    row: int
    credential: bytes
    possession: bytes


@dataclass(frozen=True, slots=True)
class Enroll:
    """A batch of enrollments under one signature of the registrar."""

    rows: tuple[Enrollment, ...]
    kind: ClassVar[int] = 11


@dataclass(frozen=True, slots=True)
class Replace:
    """Retires a row's credential and gives it a new one."""

    row: int
    old: bytes
    new: bytes
    possession: bytes
    kind: ClassVar[int] = 12


@dataclass(frozen=True, slots=True)
class Commit:
    """A trustee's transport key E, its proof, and the hash H of its points."""

    attempt: int
    transport: bytes
    proof: bytes
    commitment: bytes
    kind: ClassVar[int] = 16


@dataclass(frozen=True, slots=True)
class Reveal:
    """A part of a trustee's points, with a proof that it knows what lies behind them."""

    attempt: int
    part: int
    points: bytes
    proof: bytes
    kind: ClassVar[int] = 17


@dataclass(frozen=True, slots=True)
class Deal:
    """A trustee's encrypted shares for one other trustee."""

    attempt: int
    recipient: int
    ciphertext: bytes
    kind: ClassVar[int] = 18


@dataclass(frozen=True, slots=True)
class Complain:
    """A trustee publishes what opens a dealer's message, so that everyone can judge it."""

    attempt: int
    dealer: int
    point: bytes
    proof: bytes
    kind: ClassVar[int] = 19


@dataclass(frozen=True, slots=True)
class Confirm:
    """A trustee signs the joint key digest."""

    attempt: int
    digest: bytes
    kind: ClassVar[int] = 20


@dataclass(frozen=True, slots=True)
class Drop:
    """Organizers go on without a trustee whose entry is missing."""

    attempt: int
    trustee: int
    reason: str
    kind: ClassVar[int] = 21


@dataclass(frozen=True, slots=True)
class Open:
    """Voting begins."""

    time_unix_s: int
    kind: ClassVar[int] = 24


@dataclass(frozen=True, slots=True)
class Pause:
    """Voting stops for a while."""

    reason: str
    kind: ClassVar[int] = 25


@dataclass(frozen=True, slots=True)
class Resume:
    """Voting goes on."""

    reason: str
    kind: ClassVar[int] = 26


@dataclass(frozen=True, slots=True)
class Extend:
    """Voting ends later than announced."""

    end_unix_s: int
    reason: str
    kind: ClassVar[int] = 27


@dataclass(frozen=True, slots=True)
class Cancel:
    """The election ends without a result."""

    reason: str
    kind: ClassVar[int] = 28


@dataclass(frozen=True, slots=True)
class Close:
    """Voting ends; the log up to here is what gets counted."""

    time_unix_s: int
    kind: ClassVar[int] = 29


@dataclass(frozen=True, slots=True)
class Seal:
    """A trustee binds itself to one closing size and root."""

    size: int
    root: bytes
    kind: ClassVar[int] = 40


@dataclass(frozen=True, slots=True)
class Lost:
    """Organizers declare trustees lost, so that the others' seals are enough."""

    trustees: tuple[int, ...]
    reason: str
    kind: ClassVar[int] = 41


@dataclass(frozen=True, slots=True)
class NotOpenable:
    """Organizers end an election whose trustees are too few to decrypt."""

    reason: str
    kind: ClassVar[int] = 42


@dataclass(frozen=True, slots=True)
class Share:
    """A trustee's decryption share of one group's sum."""

    contest: int
    group: int
    shares: bytes
    proof: bytes
    kind: ClassVar[int] = 43


@dataclass(frozen=True, slots=True)
class Result:
    """The plain totals of one group."""

    contest: int
    group: int
    parts: tuple[int, ...]
    ballots: int
    weight: int
    trustees: tuple[int, ...]
    totals: tuple[int, ...]
    kind: ClassVar[int] = 44


@dataclass(frozen=True, slots=True)
class Decision:
    """What the counting rule says of one contest."""

    status: int
    winners: tuple[int, ...]
    tied: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the counting rules say of every contest; ends the election."""

    contests: tuple[Decision, ...]
    kind: ClassVar[int] = 45


Body = (
    MemberBody
    | ManifestPart
    | Announce
    | RollChunk
    | RollSeal
    | RollChange
    | Enroll
    | Replace
    | Commit
    | Reveal
    | Deal
    | Complain
    | Confirm
    | Drop
    | Open
    | Pause
    | Resume
    | Extend
    | Cancel
    | Close
    | Seal
    | Lost
    | NotOpenable
    | Share
    | Result
    | Outcome
)
