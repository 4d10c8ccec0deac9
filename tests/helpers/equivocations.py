"""Votes of the engine's validators, and proofs that one signed two at one place."""

from hanpyo.ledger.engine_bytes import Vote, vote_message
from hanpyo.ledger.entry import NO_SCOPE, EngineVote, Equivocation
from hanpyo.ledger.view import Equivocated
from tests.helpers.consortium import MemberPlay, key_of, sign_with
from tests.helpers.parties import seed


def vote(play: MemberPlay, key: bytes, block_hash: bytes, place: Equivocated) -> EngineVote:
    """Sign a vote for a block of the engine at a place, with this key."""
    _, vote_type, height, number = place
    parts = (1, seed("parts")) if block_hash else (0, b"")
    fields = (*parts, play.now, 7)
    chain_id = play.membership.chain_id or ""
    signed = Vote(vote_type, height, number, block_hash, *fields)
    message = vote_message(chain_id, signed)
    return EngineVote(block_hash, *fields, sign_with(key)(message))


def equivocation(
    play: MemberPlay,
    member: int,
    *,
    vote_type: int = 2,
    height: int = 5,
    number: int = 0,
    hashes: tuple[bytes, bytes] = (b"", seed("block")),
) -> Equivocation:
    """Let a member's first validator sign two votes at one place, round `number` of a height."""
    key = key_of("validator", member)
    place: Equivocated = (key, vote_type, height, number)
    first, second = (vote(play, key, block_hash, place) for block_hash in hashes)
    return Equivocation(*place, (first, second))


def noted(play: MemberPlay, member: int, **places: object) -> bytes:
    """Bring an equivocation to the ledger."""
    body = equivocation(play, member, **places)  # type: ignore[arg-type]
    return play.act(body, scope=NO_SCOPE)
