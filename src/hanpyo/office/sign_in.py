"""How voters show the registrar who they are; whatever comes later stands behind this interface."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hanpyo.election.code import code_token
from hanpyo.office.private_roll import Member


class SignIn(Protocol):
    """Decides which member of the roll a token belongs to."""

    def member(self, token: bytes) -> Member | None:
        """Give the member that 32 bytes stand for, or `None`."""
        ...


class CodeSignIn:
    """Sign-in by one-time codes."""

    def __init__(
        self, election_id: bytes, members: Sequence[Member], codes: Mapping[bytes, bytes]
    ) -> None:
        """Take the roll and its codes, by commitment."""
        self._members = {
            code_token(election_id, codes[member.row.commitment]): member
            for member in members
            if member.row.commitment in codes
        }

    def member(self, token: bytes) -> Member | None:
        """See `SignIn`. Tokens are hashes of 128 random bits: a look-up tells nothing of others."""
        return self._members.get(token)
