"""Who takes part in a test election: keys from names, a small manifest, a roll, a genesis."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from hanpyo import crypto
from hanpyo.election import contests
from hanpyo.election.contests import Option, Rule
from hanpyo.election.manifest import District, Manifest, Organizers, Party, Trustees
from hanpyo.election.roll import Row, row_commitment
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    Act,
    Genesis,
    Member,
    Signature,
    act_message,
    encode_entry,
)
from hanpyo.ledger.memory import OperatorKeys

TITLE = {"en": "Title"}
NOW = 1_000_000


def seed(*name: object) -> bytes:
    """Derive 32 bytes that belong to a name."""
    return sha256(repr(name).encode()).digest()


def signer(*name: object) -> Callable[[bytes], bytes]:
    """Give the signing function of a name."""
    return lambda message: crypto.ed25519_sign(seed(*name), message)


def public(*name: object) -> bytes:
    """Give the Ed25519 key of a name."""
    return crypto.ed25519_public(seed(*name))


def party(*name: object) -> Party:
    """Make a party of the manifest."""
    return Party(" ".join(map(str, name)), public(*name))


def options(count: int) -> list[Option]:
    """Make options a, b, c, ..."""
    return [Option(chr(ord("a") + place), TITLE) for place in range(count)]


def tiny_manifest(**changes: object) -> Manifest:
    """Make a manifest of two contests, three districts, and two styles."""
    mayor = contests.one("mayor", TITLE, options(3), Rule("plurality"))
    parks = contests.approval("parks", TITLE, options(2), Rule("approval"))
    facts: dict[str, object] = {
        "kind": "election",
        "title": TITLE,
        "description": {},
        "nonce": seed("nonce"),
        "organizers": Organizers(2, tuple(party("organizer", n) for n in range(3))),
        "registrar": party("registrar"),
        "trustees": Trustees(2, 2, tuple(party("trustee", n) for n in (1, 2, 3))),
        "contests": (replace(mayor, partition=((0,), (1, 2))), parks),
        "districts": tuple(District(f"d{n}", TITLE) for n in range(3)),
        "styles": ((0,), (0, 1)),
        "smallest_tally": 2,
        "ballots_per_row": 4,
    }
    return Manifest(**{**facts, **changes})  # type: ignore[arg-type]


def tiny_rows(count: int, weight: int = 1) -> list[Row]:
    """Make rows of both styles over three districts, in order."""
    commitments = sorted(row_commitment(seed("salt", n), f"voter {n}") for n in range(count))
    return [Row(name, weight, n % 2, n % 3) for n, name in enumerate(commitments)]


def genesis_entry(name: str = "ledger", members: int = 1) -> bytes:
    """Found a ledger."""
    listed = [
        Member(f"Member {n}", public("member", n), public("cosigner", n)) for n in range(members)
    ]
    body = Genesis(1, seed(name, "random"), 0, tuple(listed))
    message = act_message(NO_SCOPE, NO_SCOPE, 0, body)
    signatures = [Signature(MEMBER, n, signer("member", n)(message)) for n in range(members)]
    return encode_entry(Act(NO_SCOPE, 0, body, tuple(signatures)))


def operator_keys() -> OperatorKeys:
    """Give the operator's keys, a gateway's included."""
    return OperatorKeys(
        signer("member", 0), signer("cosigner", 0), public("gateway"), signer("gateway")
    )


def with_line(checkpoint: Checkpoint, place: int, **changes: object) -> Checkpoint:
    """Change one of a checkpoint's signature lines."""
    lines = list(checkpoint.lines)
    lines[place] = replace(lines[place], **changes)  # type: ignore[arg-type]
    return replace(checkpoint, lines=tuple(lines))
