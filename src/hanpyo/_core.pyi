"""The Rust core as Python sees it: bytes in, bytes out, errors of hanpyo.errors raised.

Points and scalars are 32 canonical bytes. `random` is 32 fresh bytes from the caller. Whatever
takes long frees the interpreter lock; `threads` is how many threads it may use, at least 1.
"""

from collections.abc import Sequence
from typing import Self, final

# --- group and transcript (docs/protocol.md 2.1, 2.2, 2.3, 8.3) ---
# A `label` is given without the prefix "hanpyo/1/" that every frame puts before it.

def to_scalar(label: str, parts: Sequence[bytes]) -> bytes:
    """Hash a frame to a scalar.

    Source: protocol.md §2.2.
    """

def to_point(label: str, parts: Sequence[bytes]) -> bytes:
    """Hash a frame to a point whose discrete logarithm nobody knows.

    Source: RFC 9496 section 4.3.4; protocol.md §2.2.
    """

def base_multiply(scalar: bytes) -> bytes:
    """Multiply the base point g, in constant time.

    Raises:
        InvalidScalar: not a canonical scalar.

    Source: protocol.md §2.2.
    """

def check_point(data: bytes) -> None:
    """Check that bytes are a canonical point; the identity is one.

    Raises:
        InvalidPoint: they are not 32 bytes or not canonical.

    Source: RFC 9496 section 4.3.1; protocol.md §2.2.
    """

def check_scalar(data: bytes) -> None:
    """Check that bytes are a canonical scalar.

    Raises:
        InvalidScalar: they are not 32 bytes, or not below the group order.

    Source: protocol.md §2.2.
    """

def generator(name: str, index: int) -> bytes:
    """Compute one fixed generator: K with index 0, G with 0..4096, Q with 1..4096.

    Raises:
        InvalidQuery: there is no such generator.

    Source: protocol.md §8.3.
    """

def transcript_challenges(
    label: str, steps: Sequence[tuple[str, Sequence[bytes] | None]]
) -> list[bytes]:
    """Run a transcript and return its challenges as scalars; for vectors and tests.

    Args:
        label: with which the transcript starts.
        steps: (label, parts) absorbs, (label, None) draws a challenge.

    Source: protocol.md §2.3.
    """

# --- Ed25519 under the one rule of 2.5 ---
def ed25519_public(seed: bytes) -> bytes:
    """Derive the 32-byte public key of a 32-byte seed.

    Raises:
        InvalidQuery: the seed is not 32 bytes.

    Source: RFC 8032 section 5.1.5; protocol.md §2.5.
    """

def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    """Sign a message; returns the 64 bytes `R || S`, always the same for the same arguments.

    Raises:
        InvalidQuery: the seed is not 32 bytes.

    Source: RFC 8032 section 5.1.6; protocol.md §2.5.
    """

def ed25519_sign_many(seed: bytes, messages: Sequence[bytes]) -> list[bytes]:
    """Sign each message as `ed25519_sign` does; the public key in the hash is derived once.

    Raises:
        InvalidQuery: the seed is not 32 bytes.

    Source: RFC 8032 section 5.1.6; protocol.md §2.5.
    """

def check_ed25519_key(key: bytes) -> None:
    """Check a key by rules 1 and 2.

    Raises:
        InvalidKey: wrong length, no point, not canonical, the identity, small or mixed order.

    Source: protocol.md §2.5.
    """

def check_ed25519(key: bytes, message: bytes, signature: bytes) -> None:
    """Check a signature by all four rules.

    Raises:
        InvalidSignature: it does not hold; also where it is the key that is refused.

    Source: protocol.md §2.5.
    """

def check_ed25519_many(items: Sequence[tuple[bytes, bytes, bytes]], threads: int) -> list[bool]:
    """Say of each (key, message, signature) whether `check_ed25519` holds, in the same order.

    A key that occurs often is decoded once.

    Raises:
        InvalidQuery: `threads` is out of range.

    Source: protocol.md §2.5.
    """

def check_zip215_many(items: Sequence[tuple[bytes, bytes, bytes]], threads: int) -> list[bool]:
    """Say of each (key, message, signature) whether it holds as the engine's validators check it.

    Raises:
        InvalidQuery: `threads` is out of range.

    Source: ZIP 215; protocol.md §9.8.
    """

# --- credentials (2.5, 6, 8.5) ---
# `secret` is a credential's scalar x, and where it is zero or not canonical InvalidScalar is
# raised. X is its public point. `random`, `ledger_id` and `election_id` are 32 bytes, else
# InvalidQuery is raised. Signatures are 64 bytes `R || s`.

def credential_secret(random: bytes) -> bytes:
    """Make a credential's secret scalar, never zero.

    Source: protocol.md §6.
    """

def credential_public(secret: bytes) -> bytes:
    """Compute a credential's public point X.

    Source: protocol.md §6.
    """

def prove_possession(
    secret: bytes, random: bytes, ledger_id: bytes, election_id: bytes, row: int
) -> bytes:
    """Prove that a credential's secret is known, for one row (number from 0) of the roll.

    Source: protocol.md §6.
    """

def check_possessions(
    items: Sequence[tuple[bytes, int, bytes]], ledger_id: bytes, election_id: bytes, threads: int
) -> list[bool]:
    """Say of each (X, row number, proof) whether X is a nonidentity point and the proof holds.

    The verdict on one never depends on the others.

    Raises:
        InvalidQuery: `threads` is out of range.

    Source: protocol.md §6, §8.7.
    """

def sign_ballot(
    secret: bytes, random: bytes, election_id: bytes, style: int, sequence: int, ballot: bytes
) -> bytes:
    """Sign ballot bytes, which casts them.

    Args:
        style: number of the ballot style.
        sequence: the voter's sequence number, 1..2^63-1; never twice for different ballots.

    Source: protocol.md §8.5.
    """

# --- contests and ballots (5, 8) ---
@final
class Shape:
    """Bits and equations of one contest.

    Source: protocol.md §5.
    """

    def __new__(
        cls,
        options: int,
        top: int,
        limits: Sequence[tuple[int, int, Sequence[tuple[int, int]]]],
    ) -> Self:
        """Lay out the bits and solve the equations.

        Args:
            options: n, 1..512.
            top: R, 1..2^32-1.
            limits: (low, high, [(option, coefficient), ...]), options ascending and distinct.

        Raises:
            InvalidShape: a bound of §5.1 that concerns numbers is broken, or the limits
                contradict each other. Examples, forms and blank options are the manifest's matter.
        """

    @property
    def option_count(self) -> int:
        """Number of options n."""

    @property
    def bit_count(self) -> int:
        """Number of bits b, of scores and slacks together."""

    @property
    def byte_size(self) -> int:
        """Bytes of this contest in a ballot: 32 (n + b + 6)."""

    def bits(self, scores: Sequence[int]) -> list[int]:
        """Write the bits v of one score per option; for vectors and tests.

        Raises:
            InvalidSelection: a wrong number of scores, a score out of range, a broken limit.

        Source: protocol.md §5.2.
        """

@final
class BallotKit:
    """An election's frozen facts, decoded once: makes and checks its ballots.

    Safe to use from several threads at once.

    Source: protocol.md §8.
    """

    def __new__(
        cls,
        election_id: bytes,
        joint_key_digest: bytes,
        slot_keys: Sequence[bytes],
        contests: Sequence[Shape],
        styles: Sequence[Sequence[int]],
    ) -> Self:
        """Decode an election's facts.

        Args:
            election_id: 32 bytes.
            joint_key_digest: 32 bytes.
            slot_keys: h_1..h_m, at least as many as any contest has options.
            contests: all contests of the manifest in its order.
            styles: contest numbers from 0 of each ballot style.

        Raises:
            InvalidPoint: a slot key is not canonical, the identity, or there twice.
            InvalidQuery: slot keys are missing; a style is empty or names an unknown contest.
        """

    def ballot_size(self, style: int) -> int:
        """Count the bytes of a ballot of this style.

        Raises:
            InvalidQuery: there is no such style.
        """

    def prove(
        self, style: int, credential: bytes, seed: bytes, scores: Sequence[Sequence[int]]
    ) -> bytes:
        """Make a ballot: always the same bytes from the same arguments.

        Constant time in the seed and in the scores, as long as these are lawful.

        Args:
            style: number of the ballot style.
            credential: the public point X.
            seed: 32 fresh random bytes, for this ballot only.
            scores: one score per option, for each contest of the style in order.

        Returns:
            The ballot bytes, `ballot_size(style)` of them.

        Raises:
            InvalidSelection: scores that no lawful ballot can hold.
            InvalidPoint: the credential is no canonical point or the identity.
            InvalidQuery: there is no such style; the seed is not 32 bytes.

        Source: protocol.md §8.2, §8.4, §8.5.
        """

    def prove_many(
        self, items: Sequence[tuple[int, bytes, bytes, Sequence[Sequence[int]]]], threads: int
    ) -> list[bytes]:
        """Make a ballot of each (style, X, seed, scores), as `prove` does.

        Raises:
            InvalidQuery: `threads` is out of range; also what `prove` raises.
        """

    def check(self, ballots: Sequence[tuple[int, bytes, int, bytes, bytes]], threads: int) -> Batch:
        """Check form, signature and proofs of each (style, X, sequence, ballot bytes, signature).

        Faults of ballots are verdicts of the batch, not errors.

        Raises:
            InvalidQuery: `threads` is out of range.

        Source: protocol.md §8.4, §8.5, §8.7, §10 (cast).
        """

    def decode(self, ballots: Sequence[tuple[int, bytes]], threads: int) -> Batch:
        """Decode A and B of each (style, ballot bytes) from a log whose proofs held before.

        Only faults of length and of these points become verdicts.

        Raises:
            InvalidQuery: `threads` is out of range.
        """

@final
class Batch:
    """Ballots with their verdicts and the points that sums need; keeps no bytes."""

    @property
    def verdicts(self) -> list[int]:
        """Per ballot 0, or the code of its first fault.

        In this order: style and length (InvalidEncoding 13); X (InvalidPoint 30); the elements
        as they stand in the bytes (InvalidPoint 30, InvalidScalar 31); the sequence number, 1 to
        2^63-1 (13); the signature, also a malformed one (InvalidSignature 32); the proofs
        (InvalidProof 34).

        Source: protocol.md §10 (cast).
        """

    def __len__(self) -> int:
        """Count the ballots, good and bad."""

@final
class Sum:
    """The running sum of one contest over one part of the roll: weight * (A, B_1..B_n).

    Source: protocol.md §11.
    """

    def __new__(cls, options: int) -> Self:
        """Start with the sum of no ballots.

        Raises:
            InvalidQuery: no contest has so many options.
        """

    def add(self, batch: Batch, items: Sequence[tuple[int, int, int]]) -> None:
        """Count (place of the ballot in the batch, place of the contest in its style, weight).

        Weights are below 2^32. All items are counted or, where one is refused, none.

        Raises:
            InvalidQuery: a ballot has a fault or is not in the batch, or the contest is not in
                the ballot or has another number of options.
        """

    def subtract(self, batch: Batch, items: Sequence[tuple[int, int, int]]) -> None:
        """Take items out again; as `add`."""

    def merge(self, other: Sum) -> None:
        """Add another sum of the same contest.

        Raises:
            InvalidQuery: the other has another number of options.
        """

    def copy(self) -> Sum:
        """Copy this sum, so that either can go on alone."""

    def encode(self) -> bytes:
        """Encode A, B_1..B_n: 32 (n + 1) bytes."""

# --- key ceremony (7) ---
# In all of these: `seed` is a trustee's 32-byte secret, `ceremony_id` 32 bytes, `trustee`,
# `dealer` and `recipient` are indexes 1..64, `threshold` is 1..64 and `slots` 1..512. Own arguments
# outside of these raise InvalidQuery, and OverflowError what does not fit 32 bits. A trustee's
# *points* are its 32 t m bytes C_k: slot after slot, d ascending in each.

def ceremony_commit(
    seed: bytes, ceremony_id: bytes, trustee: int, threshold: int, slots: int, random: bytes
) -> tuple[bytes, bytes, bytes]:
    """Make a trustee's commit of round 1.

    Returns:
        The transport key E (32 bytes), its signature (64) and the hash H of all points (32).

    Source: protocol.md §7, round 1.
    """

def check_commit(
    ceremony_id: bytes, trustee: int, transport: bytes, proof: bytes, commitment: bytes
) -> None:
    """Check a commit: E, its signature and H, as `ceremony_commit` returns them.

    Raises:
        InvalidCeremony: a part is malformed, E is the identity, or the signature does not hold.

    Source: protocol.md §7, round 1.
    """

def reveal_part_count(threshold: int, slots: int) -> int:
    """Count the parts, numbered from 0, in which a trustee reveals its points.

    Source: protocol.md §7, round 2.
    """

def ceremony_reveal(
    seed: bytes,
    ceremony_id: bytes,
    trustee: int,
    threshold: int,
    slots: int,
    part: int,
    random: bytes,
) -> tuple[bytes, bytes]:
    """Make one part of a trustee's reveal of round 2.

    Returns:
        The points of the part's slots (32 t bytes each) and the proof (32 bytes, and 32 a slot).

    Raises:
        InvalidQuery: there is no such part.

    Source: protocol.md §7, round 2.
    """

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
) -> None:
    """Check one part of a reveal under the trustee's E and H; after the last, `check_commitment`.

    Raises:
        InvalidCeremony: there is no such part, points or proof are malformed, or the proof does
            not hold.

    Source: protocol.md §7, round 2.
    """

def check_commitment(ceremony_id: bytes, trustee: int, commitment: bytes, points: bytes) -> None:
    """Check that the points of all parts, joined, hash to H.

    Raises:
        InvalidCeremony: they do not.

    Source: protocol.md §7, round 2.
    """

def ceremony_deal(
    seed: bytes,
    ceremony_id: bytes,
    trustee: int,
    recipient: int,
    recipient_transport: bytes,
    threshold: int,
    slots: int,
) -> bytes:
    """Make the deal of `trustee` to `recipient`: 32 m + 16 bytes, always the same.

    Args:
        recipient_transport: E of the recipient, checked.

    Raises:
        InvalidPoint: E is malformed or the identity.

    Source: protocol.md §7, round 3.
    """

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
) -> None:
    """Check a deal as its recipient `trustee`, whose seed this is.

    Args:
        dealer_transport: E of the dealer, checked.
        dealer_points: all points of the dealer, checked.

    Raises:
        InvalidDeal: it has the wrong length, does not decrypt, holds a scalar that is not
            canonical, or a share does not fit the points: complain.
        InvalidEncoding, InvalidPoint: what the caller says is checked is malformed.

    Source: protocol.md §7, round 4.
    """

def complain(
    seed: bytes,
    ceremony_id: bytes,
    dealer: int,
    trustee: int,
    dealer_transport: bytes,
    random: bytes,
) -> tuple[bytes, bytes]:
    """Open the dealer's deal to `trustee`, whose seed this is, for everyone to judge.

    Only for a deal that `check_deal` refused: who complains of a good one is the culprit.

    Returns:
        The point D (32 bytes) and the proof `c || z` (64).

    Raises:
        InvalidPoint: the dealer's E is malformed or the identity.

    Source: protocol.md §7, round 4.
    """

def check_complaint(
    ceremony_id: bytes,
    dealer: int,
    trustee: int,
    dealer_transport: bytes,
    trustee_transport: bytes,
    point: bytes,
    proof: bytes,
) -> None:
    """Check a complaint's proof; only then may `is_dealer_at_fault` judge.

    Raises:
        InvalidComplaint: point or proof is malformed, or the proof does not hold.

    Source: protocol.md §7, round 4.
    """

def is_dealer_at_fault(
    ceremony_id: bytes,
    dealer: int,
    trustee: int,
    point: bytes,
    dealer_points: bytes,
    threshold: int,
    slots: int,
    deal: bytes,
) -> bool:
    """Judge a complaint whose proof holds: the dealer is the culprit, or else the complainer.

    Args:
        point: the complaint's D.
        dealer_points: all points of the dealer, checked.
        deal: the dealer's deal to `trustee`, of any content and length.

    Raises:
        InvalidEncoding, InvalidPoint: point or points are malformed; never because of the deal.

    Source: protocol.md §7, round 4.
    """

def sum_points(points: Sequence[bytes], threshold: int, slots: int) -> bytes:
    """Add up the points of all trustees taking part: 32 t m bytes.

    `[sum_points(points, ...)]` gives the same keys below as `points`. With many trustees it saves
    decoding all points anew for each of them.

    Raises:
        InvalidEncoding, InvalidPoint: points are malformed.
        InvalidQuery: none are given.

    Source: protocol.md §7.
    """

def joint_keys(points: Sequence[bytes], threshold: int, slots: int) -> list[bytes]:
    """Add up the joint keys h_1..h_m from the points of each trustee taking part.

    Raises:
        InvalidCeremony: a key is the identity or two are equal.
        InvalidEncoding, InvalidPoint: points are malformed.
        InvalidQuery: none are given.

    Source: protocol.md §7.
    """

def verification_keys(
    points: Sequence[bytes], threshold: int, slots: int, trustee: int
) -> list[bytes]:
    """Compute a trustee's keys Y_i1..Y_im from the points of each trustee taking part.

    Raises:
        InvalidEncoding, InvalidPoint: points are malformed.
        InvalidQuery: none are given.

    Source: protocol.md §7.
    """

# --- shares and totals (11) ---
# In all of these: `total` is an encoded sum A, B_1..B_n (`Sum.encode()`, 32 (n + 1) bytes, n of
# 1..512), and a trustee's shares are D_1..D_n joined (32 n bytes). A malformed sum raises
# InvalidEncoding or InvalidPoint.

@final
class TrusteeKey:
    """A trustee's secret shares x_i1..x_im of the joint key; wiped when dropped.

    Made from the trustee's seed and every other's deal to it, which the ceremony has checked.

    Raises:
        InvalidDeal: a deal does not decrypt or holds no canonical scalars.
        InvalidPoint: a dealer's E is malformed or the identity.
        InvalidQuery: a dealer is repeated or is the trustee.

    Source: protocol.md §7.
    """

    def __new__(
        cls,
        seed: bytes,
        ceremony_id: bytes,
        trustee: int,
        threshold: int,
        slots: int,
        deals: Sequence[tuple[int, bytes, bytes]],
    ) -> Self: ...  # deals: (dealer, its E, its deal to this trustee)
    def share(
        self, election_id: bytes, contest: int, group: int, total: bytes, random: bytes
    ) -> tuple[bytes, bytes]:
        """Make this trustee's share of one sum; the caller has formed the sum itself.

        Args:
            contest, group: numbers from 0.

        Returns:
            D_1..D_n joined and the proof `c || z` (64 bytes).

        Raises:
            InvalidEncoding: the sum has more options than the ceremony has slots.

        Source: protocol.md §11.3.
        """

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
) -> None:
    """Check a trustee's share of one sum.

    Args:
        keys: Y_i1..Y_in, the first n of the trustee's `verification_keys`.

    Raises:
        InvalidShare: shares or proof are malformed, or the proof does not hold.
        InvalidEncoding, InvalidPoint: sum or keys are malformed, the caller's fault.

    Source: protocol.md §11.3.
    """

def find_totals(
    total: bytes, shares: Sequence[tuple[int, bytes]], maximum: int, threads: int
) -> list[int]:
    """Find the total of each option, in 0..maximum.

    With n options it takes about 2 sqrt(n T) point additions, T the largest total, and at most
    64 MiB for its table.

    Args:
        shares: (trustee, D_1..D_n) of exactly t trustees, checked.
        maximum: less than 2^44.

    Raises:
        InvalidResult: an option has no total in this range.
        InvalidQuery: a trustee is repeated, or `maximum` or `threads` is out of range.

    Source: protocol.md §11.3.
    """

def check_totals(total: bytes, shares: Sequence[tuple[int, bytes]], totals: Sequence[int]) -> None:
    """Check published totals, without any search.

    Args:
        shares: (trustee, D_1..D_n) of exactly t trustees, checked.
        totals: one of each option, each 0..2^64-1.

    Raises:
        InvalidResult: a total is wrong, or their number is.
        InvalidQuery: a trustee is repeated.

    Source: protocol.md §11.3.
    """
