"""Trustees who play a ceremony, each from a seed: what they publish, and the ledger's answer."""

from hashlib import sha256

from hanpyo import crypto
from hanpyo.election.ceremony import (
    Ceremony,
    Step,
    accept_commit,
    accept_confirm,
    accept_deal,
    accept_reveal,
    joint_key_digest,
)
from hanpyo.encoding import u32
from tests.unit.election.samples import seed

ORDER = 2**252 + 27742317777372353535851937790883648493


def secret(trustee: int) -> bytes:
    """Give the seed of a trustee."""
    return seed(f"secret of trustee {trustee}")


def entry_hash(*what: object) -> bytes:
    """Give what plays the hash of an entry."""
    return sha256(repr(what).encode()).digest()


def commitment(ceremony: Ceremony, trustee: int) -> tuple[bytes, bytes, bytes]:
    """Make E, its proof and H."""
    return crypto.ceremony_commit(
        secret(trustee),
        ceremony.ceremony_id,
        trustee,
        ceremony.threshold,
        ceremony.slots,
        seed(f"random {trustee}"),
    )


def points(ceremony: Ceremony, trustee: int, part: int = 0) -> tuple[bytes, bytes]:
    """Make a part of a reveal: its points and proof."""
    return crypto.ceremony_reveal(
        secret(trustee),
        ceremony.ceremony_id,
        trustee,
        ceremony.threshold,
        ceremony.slots,
        part,
        seed(f"random {trustee} {part}"),
    )


def deal(ceremony: Ceremony, dealer: int, recipient: int) -> bytes:
    """Make the encrypted shares for another trustee."""
    return crypto.ceremony_deal(
        secret(dealer),
        ceremony.ceremony_id,
        dealer,
        recipient,
        ceremony.trustees[recipient].transport,
        ceremony.threshold,
        ceremony.slots,
    )


def commit(ceremony: Ceremony, trustee: int) -> Ceremony:
    """Commit as the protocol says."""
    mark = entry_hash("commit", trustee)
    return accept_commit(ceremony, ceremony.attempt, trustee, *commitment(ceremony, trustee), mark)


def reveal(ceremony: Ceremony, trustee: int, part: int = 0) -> Ceremony:
    """Reveal a part as the protocol says."""
    mark = entry_hash("reveal", trustee, part)
    revealed = points(ceremony, trustee, part)
    return accept_reveal(ceremony, ceremony.attempt, trustee, part, *revealed, mark)


def deal_to(ceremony: Ceremony, dealer: int, recipient: int, shares: bytes = b"") -> Ceremony:
    """Deal to one trustee, as the protocol says unless other bytes are given."""
    mark = entry_hash("deal", dealer, recipient)
    shares = shares or deal(ceremony, dealer, recipient)
    return accept_deal(ceremony, ceremony.attempt, dealer, recipient, shares, mark)


def deal_to_all(ceremony: Ceremony, dealer: int) -> Ceremony:
    """Deal to all others."""
    for recipient in ceremony.trustees:
        if recipient != dealer:
            ceremony = deal_to(ceremony, dealer, recipient)
    return ceremony


def confirm(ceremony: Ceremony, trustee: int) -> Ceremony:
    """Confirm the joint key of the log."""
    return accept_confirm(ceremony, ceremony.attempt, trustee, joint_key_digest(ceremony))


def play(ceremony: Ceremony, until: Step | None = None) -> Ceremony:
    """Let all trustees do every step before `until`."""
    for step in Step:
        if step is until:
            break
        for trustee in ceremony.trustees:
            match step:
                case Step.COMMIT:
                    ceremony = commit(ceremony, trustee)
                case Step.REVEAL:
                    for part in range(ceremony.part_count):
                        ceremony = reveal(ceremony, trustee, part)
                case Step.DEAL:
                    ceremony = deal_to_all(ceremony, trustee)
                case Step.CONFIRM:
                    ceremony = confirm(ceremony, trustee)
    return ceremony


def transport_proof(ceremony: Ceremony, trustee: int, promised: bytes) -> tuple[bytes, bytes]:
    """Make E and its proof with any commitment, as protocol.md 7 writes it."""
    own = crypto.to_scalar("trustee transport", [secret(trustee), ceremony.ceremony_id])
    nonce = crypto.to_scalar("nonce", [b"test"])
    E, R = crypto.base_multiply(own), crypto.base_multiply(nonce)
    challenge = crypto.to_scalar("transport", [R, E, ceremony.ceremony_id, u32(trustee), promised])
    return E, R + _response(nonce, challenge, own)


def points_proof(ceremony: Ceremony, trustee: int) -> tuple[bytes, bytes]:
    """Make a reveal of one part under the commitment that the ledger has, good or not."""
    mine = ceremony.trustees[trustee]
    revealed, _ = points(ceremony, trustee)
    slots = range(1, ceremony.slots + 1)
    nonces = [crypto.to_scalar("nonce", [u32(slot)]) for slot in slots]
    statement = [
        ceremony.ceremony_id,
        u32(trustee),
        mine.transport,
        mine.commitment,
        u32(0),
    ]
    (challenge,) = crypto.transcript_challenges(
        "reveal",
        [
            ("statement", statement),
            ("points", [revealed]),
            ("nonces", [crypto.base_multiply(nonce) for nonce in nonces]),
            ("c", None),
        ],
    )
    responses = [
        _response(nonce, challenge, _coefficient(ceremony, trustee, slot))
        for slot, nonce in zip(slots, nonces, strict=True)
    ]
    return revealed, challenge + b"".join(responses)


def _coefficient(ceremony: Ceremony, trustee: int, slot: int) -> bytes:
    parts = [secret(trustee), ceremony.ceremony_id, u32(slot), u32(0)]
    return crypto.to_scalar("trustee coefficient", parts)


def _response(nonce: bytes, challenge: bytes, own: bytes) -> bytes:
    rho, c, x = (int.from_bytes(each, "little") for each in (nonce, challenge, own))
    return ((rho + c * x) % ORDER).to_bytes(32, "little")
