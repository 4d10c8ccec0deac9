"""What goes from hand to hand outside the ledger: invitations, enrollment requests, challenges.

All are small JSON objects that name themselves in `paper`. An invitation and a challenge are
secrets of one voter. Source: docs/protocol.md sections 6 and 8.6.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from hanpyo.election.contests.bounds import OPTIONS_MAX, TOP_MAX
from hanpyo.election.fields import fail, read_hex, read_int, read_list, read_object, read_string
from hanpyo.election.manifest.reading import CONTESTS_MAX, STYLES_MAX
from hanpyo.election.roll import ROWS_MAX, row_commitment
from hanpyo.encoding import decode_hex
from hanpyo.errors import InvalidEncoding, InvalidFile, InvalidManifest

ADDRESS_CHARACTERS_MAX = 500
REFERENCE_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the office hands to one voter.

    Attributes:
        ledger: the address of a node.
        reference: who the voter is, in the office's words.
        salt: 32 bytes that with the reference explain the row's commitment.
    """

    ledger: str
    election_id: bytes
    row: int
    reference: str
    salt: bytes = field(repr=False)

    @property
    def commitment(self) -> bytes:
        """What stands in the roll for this voter."""
        return row_commitment(self.salt, self.reference)


@dataclass(frozen=True, slots=True)
class EnrollmentRequest:
    """A voter's device asks the registrar to bind its credential to a row.

    Attributes:
        possession: the proof that the device holds the credential's secret.
        code: shows the registrar that the device holds the invitation, and shows nobody the salt.
    """

    election_id: bytes
    row: int
    credential: bytes
    possession: bytes
    code: bytes


@dataclass(frozen=True, slots=True)
class Challenge:
    """A ballot opened to a second device; it is never cast.

    Attributes:
        style: which contests it holds; under another style the same bytes cannot be cast.
        tracker_hash: the whole hash that was shown before the voter decided.
        scores: of each contest of the row's style, in the manifest's order.
    """

    election_id: bytes
    row: int
    style: int
    tracker_hash: bytes
    seed: bytes = field(repr=False)
    scores: tuple[tuple[int, ...], ...] = field(repr=False)


def invitation_code(salt: bytes, credential: bytes, possession: bytes) -> bytes:
    """Show knowledge of an invitation's salt for one credential, by HMAC-SHA-256."""
    return hmac.digest(salt, credential + possession, "sha256")


def invitation_to_json(invitation: Invitation) -> dict[str, object]:
    """Give an invitation as it is written to a file."""
    return {
        "election": invitation.election_id.hex(),
        "ledger": invitation.ledger,
        "paper": "invitation",
        "reference": invitation.reference,
        "row": invitation.row,
        "salt": invitation.salt.hex(),
    }


def invitation_from_json(value: object, where: str) -> Invitation:
    """Read an invitation.

    Raises:
        InvalidFile: the message begins with `where`.
    """
    with _paper(where):
        fields = _fields(value, "invitation", ("election", "ledger", "reference", "row", "salt"))
        return Invitation(
            ledger=read_string(fields["ledger"], "ledger", ADDRESS_CHARACTERS_MAX),
            election_id=read_hex(fields["election"], "election"),
            row=_read_row(fields),
            reference=read_string(fields["reference"], "reference", REFERENCE_CHARACTERS_MAX),
            salt=read_hex(fields["salt"], "salt"),
        )


def request_to_json(request: EnrollmentRequest) -> dict[str, object]:
    """Give an enrollment request as it is written to a file."""
    return {
        "code": request.code.hex(),
        "credential": request.credential.hex(),
        "election": request.election_id.hex(),
        "paper": "enrollment request",
        "possession": request.possession.hex(),
        "row": request.row,
    }


def request_from_json(value: object, where: str) -> EnrollmentRequest:
    """Read an enrollment request; whether its proofs hold is the registrar's business.

    Raises:
        InvalidFile: the message begins with `where`.
    """
    with _paper(where):
        keys = ("code", "credential", "election", "possession", "row")
        fields = _fields(value, "enrollment request", keys)
        possession = fields["possession"]
        try:
            proof = decode_hex(possession if isinstance(possession, str) else "", 64)
        except InvalidEncoding as error:
            fail("possession", str(error))
        return EnrollmentRequest(
            election_id=read_hex(fields["election"], "election"),
            row=_read_row(fields),
            credential=read_hex(fields["credential"], "credential"),
            possession=proof,
            code=read_hex(fields["code"], "code"),
        )


def challenge_to_json(challenge: Challenge) -> dict[str, object]:
    """Give a challenge as it is written to a file."""
    return {
        "election": challenge.election_id.hex(),
        "paper": "challenge",
        "row": challenge.row,
        "scores": [list(scores) for scores in challenge.scores],
        "seed": challenge.seed.hex(),
        "style": challenge.style,
        "tracker_hash": challenge.tracker_hash.hex(),
    }


def challenge_from_json(value: object, where: str) -> Challenge:
    """Read a challenge.

    Raises:
        InvalidFile: the message begins with `where`.
    """
    with _paper(where):
        keys = ("election", "row", "scores", "seed", "style", "tracker_hash")
        fields = _fields(value, "challenge", keys)
        return Challenge(
            election_id=read_hex(fields["election"], "election"),
            row=_read_row(fields),
            style=read_int(fields["style"], "style", 0, STYLES_MAX - 1),
            tracker_hash=read_hex(fields["tracker_hash"], "tracker_hash"),
            seed=read_hex(fields["seed"], "seed"),
            scores=read_list(fields["scores"], "scores", 1, CONTESTS_MAX, _read_scores),
        )


def _read_scores(value: object, where: str) -> tuple[int, ...]:
    return read_list(value, where, 1, OPTIONS_MAX, lambda item, at: read_int(item, at, 0, TOP_MAX))


def _fields(value: object, paper: str, keys: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict) or value.get("paper") != paper:
        fail("", f"is no {paper}")
    return read_object(value, "", (*keys, "paper"))


def _read_row(fields: Mapping[str, object]) -> int:
    return read_int(fields["row"], "row", 0, ROWS_MAX - 1)


@contextmanager
def _paper(where: str) -> Iterator[None]:
    try:
        yield
    except InvalidManifest as error:
        raise InvalidFile(f"{where}: {error}") from None
