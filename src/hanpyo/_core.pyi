"""The Rust core as Python sees it: bytes in, bytes out, errors of hanpyo.errors raised.

Points and scalars are 32 canonical bytes. `random` is 32 fresh bytes from the caller. Whatever
takes long frees the interpreter lock; `threads` is how many threads it may use, at least 1.
"""

from collections.abc import Sequence

# --- group and transcript (docs/protocol.md 2.2, 2.3) ---
def to_scalar(label: str, parts: Sequence[bytes]) -> bytes: ...
def to_point(label: str, parts: Sequence[bytes]) -> bytes: ...
def base_multiply(scalar: bytes) -> bytes: ...
def check_point(data: bytes) -> None: ...  # InvalidPoint; the identity is allowed
def check_scalar(data: bytes) -> None: ...  # InvalidScalar
def generator(name: str, index: int) -> bytes: ...
def transcript_challenges(
    label: str, steps: Sequence[tuple[str, Sequence[bytes] | None]]
) -> list[bytes]: ...  # (label, parts) absorbs, (label, None) challenges; for vectors and tests

# --- Ed25519 under the one rule of 2.5 ---
def ed25519_public(seed: bytes) -> bytes: ...
def ed25519_sign(seed: bytes, message: bytes) -> bytes: ...
def check_ed25519_key(key: bytes) -> None: ...  # InvalidKey
def check_ed25519(key: bytes, message: bytes, signature: bytes) -> None: ...  # InvalidSignature
def check_ed25519_many(
    items: Sequence[tuple[bytes, bytes, bytes]], threads: int
) -> list[bool]: ...

# --- credentials (2.5, 6, 8.5) ---
def credential_secret(random: bytes) -> bytes: ...  # nonzero scalar from 32 random bytes
def credential_public(secret: bytes) -> bytes: ...
def prove_possession(
    secret: bytes, random: bytes, ledger_id: bytes, election_id: bytes, row: int
) -> bytes: ...
def check_possessions(
    items: Sequence[tuple[bytes, int, bytes]], ledger_id: bytes, election_id: bytes, threads: int
) -> list[bool]: ...  # items: (X, row, proof)
def sign_ballot(
    secret: bytes, random: bytes, election_id: bytes, style: int, sequence: int, ballot: bytes
) -> bytes: ...

# --- contests and ballots (5, 8) ---
class Shape:
    """Bits and equations of one contest. Raises InvalidShape (bounds, inconsistent equations)."""

    def __new__(
        cls,
        options: int,
        top: int,
        limits: Sequence[tuple[int, int, Sequence[tuple[int, int]]]],
    ) -> Shape: ...  # limits: (low, high, [(option, coefficient), ...])
    @property
    def option_count(self) -> int: ...
    @property
    def bit_count(self) -> int: ...
    @property
    def byte_size(self) -> int: ...  # 32 (n + b + 6)
    def bits(self, scores: Sequence[int]) -> list[int]: ...  # InvalidSelection; tests and vectors

class BallotKit:
    """An election's frozen facts, decoded once: makes and checks its ballots."""

    def __new__(
        cls,
        election_id: bytes,
        joint_key_digest: bytes,
        slot_keys: Sequence[bytes],
        contests: Sequence[Shape],
        styles: Sequence[Sequence[int]],
    ) -> BallotKit: ...  # InvalidPoint for an identity or repeated slot key
    def ballot_size(self, style: int) -> int: ...
    def prove(
        self, style: int, credential: bytes, seed: bytes, scores: Sequence[Sequence[int]]
    ) -> bytes: ...  # ballot bytes of 8.5 from public X; InvalidSelection
    def prove_many(
        self, items: Sequence[tuple[int, bytes, bytes, Sequence[Sequence[int]]]], threads: int
    ) -> list[bytes]: ...
    def check(self, ballots: Sequence[tuple[int, bytes, int, bytes, bytes]], threads: int) -> Batch: ...
    # ballots: (style, X, sequence, ballot bytes, signature)
    def decode(self, ballots: Sequence[tuple[int, bytes]], threads: int) -> Batch: ...
    # (style, ballot bytes) from a log whose proofs were checked before: decompresses A and B only

class Batch:
    """Ballots with their verdicts and the points that sums need; keeps no bytes."""

    @property
    def verdicts(self) -> list[int]: ...
    # per ballot 0, or the code of the first fault in the order of 14: form (InvalidEncoding 13,
    # InvalidPoint 30, InvalidScalar 31), InvalidSignature 32, InvalidProof 34
    def __len__(self) -> int: ...

class Sum:
    """The running sum of one contest over one part of the roll: weight * (A, B_1..B_n)."""

    def __new__(cls, options: int) -> Sum: ...
    def add(self, batch: Batch, items: Sequence[tuple[int, int, int]]) -> None: ...
    # items: (ballot in the batch, place of the contest in its style, weight); weight < 2^32
    def subtract(self, batch: Batch, items: Sequence[tuple[int, int, int]]) -> None: ...
    def merge(self, other: Sum) -> None: ...  # self += other
    def copy(self) -> Sum: ...
    def encode(self) -> bytes: ...  # 32 (n + 1) bytes: A, B_1..B_n

# --- key ceremony (7) ---
def ceremony_commit(
    seed: bytes, ceremony_id: bytes, trustee: int, threshold: int, slots: int, random: bytes
) -> tuple[bytes, bytes, bytes]: ...  # E, signature (64), H
def check_commit(
    ceremony_id: bytes, trustee: int, transport: bytes, proof: bytes, commitment: bytes
) -> None: ...  # InvalidCeremony
def reveal_part_count(threshold: int, slots: int) -> int: ...
def ceremony_reveal(
    seed: bytes,
    ceremony_id: bytes,
    trustee: int,
    threshold: int,
    slots: int,
    part: int,
    random: bytes,
) -> tuple[bytes, bytes]: ...  # points of the part, proof
def check_reveal(
    ceremony_id: bytes,
    trustee: int,
    transport: bytes,
    commitment: bytes,
    threshold: int,
    slots: int,
    part: int,
    points: bytes,
    proof: bytes,
) -> None: ...  # InvalidCeremony
def check_commitment(
    ceremony_id: bytes, trustee: int, commitment: bytes, points: bytes
) -> None: ...  # InvalidCeremony; points: all parts joined
def ceremony_deal(
    seed: bytes,
    ceremony_id: bytes,
    trustee: int,
    recipient: int,
    recipient_transport: bytes,
    threshold: int,
    slots: int,
) -> bytes: ...  # 32 m + 16 bytes
def check_deal(
    seed: bytes,
    ceremony_id: bytes,
    dealer: int,
    trustee: int,
    dealer_transport: bytes,
    dealer_points: bytes,
    threshold: int,
    slots: int,
    deal: bytes,
) -> None: ...  # InvalidDeal: what the recipient `trustee` checks
def complain(
    seed: bytes,
    ceremony_id: bytes,
    dealer: int,
    trustee: int,
    dealer_transport: bytes,
    random: bytes,
) -> tuple[bytes, bytes]: ...  # D, proof
def check_complaint(
    ceremony_id: bytes,
    dealer: int,
    trustee: int,
    dealer_transport: bytes,
    trustee_transport: bytes,
    point: bytes,
    proof: bytes,
) -> None: ...  # InvalidComplaint
def is_dealer_at_fault(
    ceremony_id: bytes,
    dealer: int,
    trustee: int,
    point: bytes,
    dealer_points: bytes,
    threshold: int,
    slots: int,
    deal: bytes,
) -> bool: ...
def joint_keys(points: Sequence[bytes], threshold: int, slots: int) -> list[bytes]: ...
# points: C_k of each trustee taking part; returns h_1..h_m
# raises InvalidCeremony where one is the identity or two are equal
def verification_keys(
    points: Sequence[bytes], threshold: int, slots: int, trustee: int
) -> list[bytes]: ...  # Y_i1..Y_im

# --- shares and totals (11) ---
class TrusteeKey:
    """A trustee's secret shares x_i1..x_im of the joint key; wiped when dropped."""

    def __new__(
        cls,
        seed: bytes,
        ceremony_id: bytes,
        trustee: int,
        threshold: int,
        slots: int,
        deals: Sequence[tuple[int, bytes, bytes]],
    ) -> TrusteeKey: ...  # deals: (dealer, its E, its deal to this trustee); InvalidDeal
    def share(
        self, election_id: bytes, contest: int, group: int, total: bytes, random: bytes
    ) -> tuple[bytes, bytes]: ...  # total: Sum.encode(); returns D_1..D_n joined, proof c||z

def check_share(
    election_id: bytes,
    ceremony_id: bytes,
    contest: int,
    group: int,
    trustee: int,
    keys: Sequence[bytes],
    total: bytes,
    shares: bytes,
    proof: bytes,
) -> None: ...  # InvalidShare; keys: Y_i1..Y_in of this contest's slots
def find_totals(
    total: bytes, shares: Sequence[tuple[int, bytes]], maximum: int, threads: int
) -> list[int]: ...  # exactly t (trustee, D) pairs; InvalidResult where a total is over maximum
def check_totals(
    total: bytes, shares: Sequence[tuple[int, bytes]], totals: Sequence[int]
) -> None: ...  # InvalidResult
