"""What the ledger decides about a trustee's entry. Source: protocol.md 7 and 10."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from hanpyo import crypto
from hanpyo.election.ceremony.attempt import (
    Ceremony,
    Contribution,
    Step,
    has_done,
    missing,
    next_attempt,
)
from hanpyo.election.ceremony.key import joint_key_digest
from hanpyo.errors import ElectionError, Rejected

DEAL_TAG_BYTES = 16


def accept_commit(
    ceremony: Ceremony,
    attempt: int,
    trustee: int,
    transport: bytes,
    proof: bytes,
    commitment: bytes,
    entry_hash: bytes,
) -> Ceremony:
    """Take a trustee's transport key and its commitment to all its points.

    Raises:
        Rejected: C13.
    """
    mine = _taking_part(ceremony, attempt, trustee)
    if mine.transport:
        raise Rejected("C13", f"trustee {trustee} has committed already")
    with _refused_as("C13"):
        crypto.check_commit(ceremony.ceremony_id, trustee, transport, proof, commitment)
    mine = replace(mine, transport=transport, commitment=commitment)
    return _with(ceremony, trustee, mine, entry_hash)


def accept_reveal(
    ceremony: Ceremony,
    attempt: int,
    trustee: int,
    part: int,
    points: bytes,
    proof: bytes,
    entry_hash: bytes,
) -> Ceremony:
    """Take the next part of a trustee's points; the last part must complete its commitment.

    Raises:
        Rejected: C13.
    """
    mine = _taking_part(ceremony, attempt, trustee)
    _require_all(ceremony, Step.COMMIT)
    if part != len(mine.reveals) or part >= ceremony.part_count:
        raise Rejected("C13", f"part {part} is not the next of trustee {trustee}'s reveal")
    slots = min(ceremony.part_slots, ceremony.slots - part * ceremony.part_slots)
    if len(points) != 32 * ceremony.threshold * slots or len(proof) != 32 * (1 + slots):
        raise Rejected("C13", f"part {part} does not have the length of {slots} slots")
    with _refused_as("C13"):
        crypto.check_reveal(
            ceremony.ceremony_id,
            trustee,
            mine.transport,
            mine.commitment,
            ceremony.threshold,
            ceremony.slots,
            part,
            points,
            proof,
        )
        mine = replace(mine, reveals=(*mine.reveals, points))
        if len(mine.reveals) == ceremony.part_count:
            crypto.check_commitment(ceremony.ceremony_id, trustee, mine.commitment, mine.points)
    return _with(ceremony, trustee, mine, entry_hash)


def accept_deal(
    ceremony: Ceremony,
    attempt: int,
    dealer: int,
    recipient: int,
    deal: bytes,
    entry_hash: bytes,
) -> Ceremony:
    """Take the shares that one trustee encrypted for another; only the recipient can check them.

    Raises:
        Rejected: C13.
    """
    mine = _taking_part(ceremony, attempt, dealer)
    _require_all(ceremony, Step.REVEAL)
    if recipient == dealer or recipient not in ceremony.trustees:
        raise Rejected("C13", f"trustee {dealer} has no shares to deal to {recipient}")
    if recipient in mine.deals:
        raise Rejected("C13", f"trustee {dealer} has dealt to {recipient} already")
    if len(deal) != 32 * ceremony.slots + DEAL_TAG_BYTES:
        raise Rejected("C13", f"a deal of {len(deal)} bytes does not fit {ceremony.slots} slots")
    mine = replace(mine, deals={**mine.deals, recipient: deal})
    return _with(ceremony, dealer, mine, entry_hash)


def accept_complaint(
    ceremony: Ceremony, attempt: int, trustee: int, dealer: int, point: bytes, proof: bytes
) -> Ceremony:
    """Judge a trustee's complaint about a deal, and begin the next attempt without the culprit.

    Args:
        point: D, with which everyone can decrypt the deal.
        proof: that D is right.

    Raises:
        Rejected: C13.
    """
    mine = _taking_part(ceremony, attempt, trustee)
    accused = ceremony.trustees.get(dealer)
    if accused is None or trustee not in accused.deals:
        raise Rejected("C13", f"trustee {dealer} has dealt nothing to {trustee}")
    if mine.confirmed:
        raise Rejected("C13", f"trustee {trustee} has confirmed already")
    with _refused_as("C13"):
        crypto.check_complaint(
            ceremony.ceremony_id, dealer, trustee, accused.transport, mine.transport, point, proof
        )
    at_fault = crypto.is_dealer_at_fault(
        ceremony.ceremony_id,
        dealer,
        trustee,
        point,
        accused.points,
        ceremony.threshold,
        ceremony.slots,
        accused.deals[trustee],
    )
    return next_attempt(ceremony, dealer if at_fault else trustee)


def accept_drop(ceremony: Ceremony, attempt: int, trustee: int) -> Ceremony:
    """Drop a trustee whose entry is missing, and begin the next attempt without it.

    Raises:
        Rejected: C13.
    """
    _taking_part(ceremony, attempt, trustee)
    if trustee not in missing(ceremony):
        raise Rejected("C13", f"trustee {trustee} has done all that is due")
    return next_attempt(ceremony, trustee)


def accept_confirm(ceremony: Ceremony, attempt: int, trustee: int, digest: bytes) -> Ceremony:
    """Take a trustee's confirmation of the joint key.

    Raises:
        Rejected: C13; C14 where the slot keys or the digest are wrong.
    """
    mine = _taking_part(ceremony, attempt, trustee)
    _require_all(ceremony, Step.DEAL)
    if mine.confirmed:
        raise Rejected("C13", f"trustee {trustee} has confirmed already")
    if digest != joint_key_digest(ceremony):
        raise Rejected("C14", f"trustee {trustee} confirms another joint key than the log's")
    slot_keys = ceremony.slot_keys
    if not slot_keys:  # the first to confirm: judged once for all
        points = [each.points for each in ceremony.trustees.values()]
        with _refused_as("C14"):
            slot_keys = tuple(crypto.joint_keys(points, ceremony.threshold, ceremony.slots))
    ceremony = replace(ceremony, slot_keys=slot_keys)
    return _with(ceremony, trustee, replace(mine, confirmed=True))


def _taking_part(ceremony: Ceremony, attempt: int, trustee: int) -> Contribution:
    if attempt != ceremony.attempt:
        raise Rejected("C13", f"attempt {attempt} is not the current one, {ceremony.attempt}")
    if trustee not in ceremony.trustees:
        raise Rejected("C13", f"trustee {trustee} does not take part")
    return ceremony.trustees[trustee]


def _require_all(ceremony: Ceremony, step: Step) -> None:
    for trustee in ceremony.trustees:
        if not has_done(ceremony, trustee, step):
            raise Rejected("C13", f"trustee {trustee} has yet to {step.value}")


def _with(
    ceremony: Ceremony, trustee: int, mine: Contribution, entry_hash: bytes | None = None
) -> Ceremony:
    hashes = ceremony.entry_hashes if entry_hash is None else (*ceremony.entry_hashes, entry_hash)
    trustees = {**ceremony.trustees, trustee: mine}
    return replace(ceremony, trustees=trustees, entry_hashes=hashes)


@contextmanager
def _refused_as(check: str) -> Iterator[None]:
    """Turn a failed proof into the refusal of its entry."""
    try:
        yield
    except ElectionError as error:
        raise Rejected(check, str(error)) from error
