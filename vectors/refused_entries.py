"""Entries that a rule refuses, each at the end of an otherwise honest record (10, 14)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hanpyo import crypto
from hanpyo.ledger import entry as kinds
from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    ORGANIZER,
    REGISTRAR,
    Act,
    Body,
    Cast,
    decode_entry,
    encode_entry,
)
from tests.helpers.election import Play
from tests.helpers.parties import genesis_entry, public
from tests.helpers.parties import seed as play_seed
from vectors.common import flip, put, scalar

GATEWAY = public("gateway")
ORGANIZERS = ((ORGANIZER, 0), (ORGANIZER, 1))


def act_of(data: bytes) -> Any:
    """Decode an act; typed loosely, so that its body's fields are at hand."""
    found = decode_entry(data)
    assert isinstance(found, Act)
    return found


def resign(play: Play, data: bytes, **changed: Any) -> bytes:
    """Change fields of an act's body and let the same parties sign it."""
    act = act_of(data)
    body: Body = replace(act.body, **changed)
    signers = [(each.role, each.party) for each in act.signatures]
    return play.act(body, *signers, number=act.number, scope=act.scope)


def long_head(play: Play) -> bytes:
    """Write a lawful act with its kind in one byte too many."""
    data = play.by_organizers(kinds.Pause("power cut"))
    return data[:2] + b"\x19\x00" + data[3:4] + data[4:]


def unknown_scope(play: Play) -> bytes:
    """Name an election that was never announced."""
    return play.act(kinds.Pause("power cut"), *ORGANIZERS, number=1, scope=play_seed("nowhere"))


def bad_signature(play: Play) -> bytes:
    """Break the last signature of an act."""
    return flip(play.by_organizers(kinds.Pause("power cut")), -1)


def bad_possession(play: Play) -> bytes:
    """Enroll a row with a proof made for another."""
    body = kinds.Enroll((kinds.Enrollment(1, play.credential(1), play.possession_of(1, 0)),))
    return play.by_registrar(body)


def bad_proof(play: Play) -> bytes:
    """Cast a ballot whose z_s is another scalar."""
    cast = decode_entry(play.cast(3, sequence=1))
    assert isinstance(cast, Cast)
    return play.resigned(cast, put(cast.ballot, len(cast.ballot) - 32, scalar(5)), 3)


def bad_form(play: Play) -> bytes:
    """Cast a ballot that is 32 bytes short."""
    cast = decode_entry(play.cast(3, sequence=1))
    assert isinstance(cast, Cast)
    return play.resigned(cast, cast.ballot[:-32], 3)


def bad_point(play: Play) -> bytes:
    """Cast a ballot whose A is the identity."""
    cast = decode_entry(play.cast(3, sequence=1))
    assert isinstance(cast, Cast)
    return play.resigned(cast, put(cast.ballot, 0, bytes(32)), 3)


def ghost(play: Play) -> bytes:
    """Cast with a credential that no row has."""
    cast = decode_entry(play.cast(0, device=7, sequence=1))
    return encode_entry(cast)


def wrong_style(play: Play) -> bytes:
    """Cast under another style than the row's, with a lawful ballot of that style."""
    kit = play.election.kit
    assert kit is not None
    X, secret = play.credential(3), play.secret(3)
    ballot = kit.prove(0, X, play_seed("style"), [[1, 0, 0]])
    signature = crypto.sign_ballot(secret, play_seed("cast"), play.election_id, 0, 1, ballot)
    return encode_entry(Cast(play.election_id, 0, X, 1, ballot, signature))


def again(play: Play, kind: int) -> bytes:
    """Take the last entry of a kind, to record it a second time."""
    data = list(play.ledger.entries(0, play.state.log.size))
    return next(each for each in reversed(data) if decode_entry(each).kind == kind)


def bad_announce(play: Play) -> bytes:
    """Announce another length."""
    return resign(play, play.announce(), length=len(play.manifest_bytes) + 1)


def bad_totals(play: Play) -> bytes:
    """Publish a total that is one higher."""
    result = act_of(play.result(0, 0)).body
    return play.act(replace(result, totals=(result.totals[0] + 1, *result.totals[1:])))


def bad_outcome(play: Play) -> bytes:
    """Let another option win."""
    first, *others = act_of(play.outcome()).body.contests
    lost = tuple(each for each in range(3) if each not in first.winners)[:1]
    return play.act(kinds.Outcome((replace(first, status=0, winners=lost, tied=()), *others)))


def result_with(play: Play, **changed: Any) -> bytes:
    """Publish a result that is right but for some fields."""
    return play.act(replace(act_of(play.result(0, 0)).body, **changed))


def share_with(play: Play, **changed: Any) -> bytes:
    """Give a share that is right but for some fields."""
    return resign(play, play.share(1, 0, 0), **changed)


def exchanged_share(play: Play) -> bytes:
    """Give a share whose D_1 and D_2 are exchanged."""
    made = act_of(play.share(1, 0, 0)).body.shares
    return share_with(play, shares=made[32:64] + made[:32] + made[64:])


def seal_with(play: Play, **changed: Any) -> bytes:
    """Seal another closing size or root."""
    return resign(play, play.seal(1), **changed)


Make = Callable[[Play], bytes]
Pause, Close, Open = kinds.Pause, kinds.Close, kinds.Open

# name: check, the stage after which the entry stands, the entry
BAD_ENTRIES: dict[str, tuple[str, str, Make]] = {
    "a second genesis": ("C03", "voting", lambda _: genesis_entry("other")),
    "genesis recorded twice": ("C07", "voting", lambda play: again(play, 0)),
    "entry not canonical": ("C06", "voting", long_head),
    "entry of an unknown election": ("C06", "voting", unknown_scope),
    "entry that is no CBOR": ("C06", "voting", lambda _: b"\xff"),
    "signature of an act changed": ("C07", "voting", bad_signature),
    "act signed by the registrar instead": (
        "C07",
        "voting",
        lambda play: play.act(Pause("x"), (REGISTRAR, 0), number=2),
    ),
    "act below the quorum": (
        "C07",
        "voting",
        lambda play: play.act(Pause("x"), (ORGANIZER, 0), number=2),
    ),
    "act with the number before": (
        "C07",
        "voting",
        lambda play: play.by_organizers(Pause("x"), number=1),
    ),
    "act recorded twice": ("C07", "enrolled", lambda play: again(play, 11)),
    "gateway listed twice": (
        "C08",
        "voting",
        lambda play: play.act(kinds.Gateway(GATEWAY), (MEMBER, 0), scope=NO_SCOPE),
    ),
    "announce of another length": ("C09", "brought", bad_announce),
    "roll sealed with another weight": (
        "C11",
        "listed",
        lambda play: resign(play, play.seal_roll(), weight=7),
    ),
    "possession of another row": ("C12", "sealed", bad_possession),
    "commit with another hash": (
        "C13",
        "committing",
        lambda play: resign(play, play.commit(3), commitment=play_seed("other")),
    ),
    "confirm of another digest": (
        "C14",
        "dealt",
        lambda play: resign(play, play.confirm(1), digest=play_seed("other")),
    ),
    "opened twice": ("C15", "voting", lambda play: play.by_organizers(Open(play.now))),
    "ballot after the close": ("C15", "closed", lambda play: play.cast(3, sequence=5)),
    "ballot a scalar short": ("C16", "voted", bad_form),
    "ballot with A the identity": ("C16", "voted", bad_point),
    "ballot of nobody on the roll": ("C16", "voted", ghost),
    "ballot of another style": ("C16", "voted", wrong_style),
    "ballot recorded twice": ("C16", "voted", lambda play: again(play, 32)),
    "ballot with a sequence number too far": (
        "C16",
        "voted",
        lambda play: play.cast(3, sequence=9),
    ),
    "ballot of a replaced credential": (
        "C16",
        "replaced",
        lambda play: play.cast(2, device=0, sequence=2),
    ),
    "ballot signature changed": ("C17", "voted", lambda play: flip(play.cast(3, sequence=1), -1)),
    "ballot proof changed": ("C18", "voted", bad_proof),
    "result counts one ballot more": (
        "C19",
        "shared",
        lambda play: result_with(play, ballots=act_of(play.result(0, 0)).body.ballots + 1),
    ),
    "share of a group that does not exist": (
        "C20",
        "trusted",
        lambda play: share_with(play, group=5),
    ),
    "result of other parts": ("C20", "shared", lambda play: result_with(play, parts=(1,))),
    "seal of another root": ("C21", "closed", lambda play: seal_with(play, root=play_seed("x"))),
    "seal of another size": ("C21", "closed", lambda play: seal_with(play, size=3)),
    "share with two options exchanged": ("C22", "trusted", exchanged_share),
    "share with another proof": ("C22", "trusted", lambda play: share_with(play, proof=bytes(64))),
    "total one higher": ("C23", "shared", bad_totals),
    "outcome with another winner": ("C24", "counted", bad_outcome),
}
