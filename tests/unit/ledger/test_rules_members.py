"""Genesis, gateways, manifests and their announcement (C03, C06, C07, C08, C09)."""

from dataclasses import replace
from hashlib import sha256

import pytest

from hanpyo.election.manifest import encode_manifest
from hanpyo.errors import Rejected
from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    ORGANIZER,
    REGISTRAR,
    Act,
    Announce,
    Body,
    Gateway,
    Genesis,
    ManifestPart,
    Member,
    Pause,
    Signature,
    act_message,
    decode_entry,
    encode_entry,
)
from hanpyo.ledger.interface import Known
from hanpyo.ledger.memory import MemoryLedger
from tests.helpers.election import Play
from tests.helpers.parties import (
    NOW,
    genesis_entry,
    operator_keys,
    public,
    seed,
    signer,
    tiny_manifest,
)

OPERATOR = Member("Operator", public("member", 0), public("cosigner", 0))
GUEST = Member("Guest", public("member", 1), public("cosigner", 1))


def founded(
    members: tuple[Member, ...] = (OPERATOR,),
    *,
    scope: bytes = NO_SCOPE,
    number: int = 0,
    parties: tuple[int, ...] | None = None,
    signed_scope: bytes = NO_SCOPE,
) -> bytes:
    body = Genesis(1, seed("random"), 0, members)
    message = act_message(NO_SCOPE, signed_scope, number, body)
    places = range(len(members)) if parties is None else parties
    signatures = [Signature(MEMBER, n, signer("member", n)(message)) for n in places]
    return encode_entry(Act(scope, number, body, tuple(signatures)))


def refusal(entry: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        MemoryLedger(entry, operator_keys(), lambda: NOW)
    return caught.value.check


def test_genesis_founds_a_ledger_of_its_own_id() -> None:
    ledger = MemoryLedger(founded(), operator_keys(), lambda: NOW)
    members = ledger.members()
    assert members.ledger_id == sha256(founded()).digest()
    assert members.members == (OPERATOR,)
    assert members.gateways == ()


def test_genesis_takes_several_members() -> None:
    ledger = MemoryLedger(founded((OPERATOR, GUEST)), operator_keys(), lambda: NOW)
    assert ledger.members().members == (OPERATOR, GUEST)


@pytest.mark.parametrize(
    ("entry", "check"),
    [
        (founded(scope=seed("x")), "C03"),
        (founded((OPERATOR, GUEST), parties=(0,)), "C03"),
        (founded((OPERATOR, GUEST), parties=(1, 0)), "C03"),
        (founded(parties=(0, 0)), "C03"),
        (founded((OPERATOR, replace(GUEST, key=OPERATOR.key))), "C03"),
        (founded((OPERATOR, replace(GUEST, key=OPERATOR.cosigning_key))), "C03"),
        (founded((OPERATOR, replace(GUEST, cosigning_key=OPERATOR.key))), "C03"),
        (founded((OPERATOR, replace(GUEST, cosigning_key=OPERATOR.cosigning_key))), "C03"),
        (founded((replace(OPERATOR, cosigning_key=OPERATOR.key),)), "C03"),
        (founded((replace(OPERATOR, cosigning_key=bytes(32)),)), "C03"),
        (founded((replace(OPERATOR, cosigning_key=b"\x01" + bytes(31)),)), "C03"),
        (founded((replace(OPERATOR, key=public("other")),)), "C03"),
        (founded(signed_scope=seed("x")), "C03"),
        (founded(number=1), "C03"),
        (b"\xa0", "C06"),
    ],
)
def test_genesis_that_breaks_a_condition_is_refused(entry: bytes, check: str) -> None:
    assert refusal(entry) == check


def test_a_log_begins_with_genesis() -> None:
    assert refusal(Play().gateway()) == "C03"


def test_genesis_stands_at_index_0_alone() -> None:
    play = Play()
    assert play.refused(genesis_entry("another")) == "C03"
    (verdict,) = play.ledger.submit([genesis_entry()]).verdicts
    assert verdict == Known(play.ledger_id, 0)
    play.ledger._indexes.clear()
    assert play.refused(genesis_entry()) == "C07"


def test_the_very_same_announce_is_refused_as_that() -> None:
    play = Play()
    play.add(*play.parts())
    announce = play.announce()
    play.add(announce)
    play.ledger._indexes.clear()
    assert play.refused(announce) == "C07"


def test_a_gateway_is_listed_once() -> None:
    play = Play()
    play.add(play.gateway())
    assert play.ledger.members().gateways == (public("gateway"),)
    assert play.refused(play.gateway()) == "C08"
    play.add(play.act(Gateway(public("second")), (MEMBER, 0), scope=NO_SCOPE))
    assert play.ledger.members().gateways == (public("gateway"), public("second"))


@pytest.mark.parametrize("key", [bytes(32), b"\xff" * 32, b"\x01" + bytes(31)], ids=bytes.hex)
def test_a_gateway_without_a_valid_key_is_refused(key: bytes) -> None:
    play = Play()
    assert play.refused(play.act(Gateway(key), (MEMBER, 0), scope=NO_SCOPE)) == "C08"


@pytest.mark.parametrize("number", [0, 2])
def test_gateway_acts_are_numbered(number: int) -> None:
    play = Play()
    act = play.act(Gateway(public("g")), (MEMBER, 0), number=number, scope=NO_SCOPE)
    assert play.refused(act) == "C07"


@pytest.mark.parametrize("body", [Gateway(public("g")), ManifestPart(seed("x"), 0, b"{}")])
def test_acts_of_the_ledger_have_no_scope(body: Body) -> None:
    play = Play().announced()
    assert play.refused(play.act(body, (MEMBER, 0))) == "C06"


@pytest.mark.parametrize("signers", [(), ((MEMBER, 1),), ((REGISTRAR, 0),), ((ORGANIZER, 0),)])
@pytest.mark.parametrize("body", [Gateway(public("g")), ManifestPart(seed("x"), 0, b"{}")])
def test_acts_of_the_ledger_are_signed_by_one_member(
    body: Body, signers: tuple[tuple[int, int], ...]
) -> None:
    play = Play()
    number = 1 if isinstance(body, Gateway) else 0
    assert play.refused(play.act(body, *signers, number=number, scope=NO_SCOPE)) == "C07"


def test_a_signature_of_another_ledger_does_not_hold() -> None:
    play, other = Play(), Play()
    other.ledger_id = seed("another ledger")
    assert play.refused(other.gateway()) == "C07"


def test_an_act_with_an_altered_body_is_refused() -> None:
    play = Play()
    act = decode_entry(play.gateway())
    assert isinstance(act, Act)
    assert play.refused(encode_entry(replace(act, body=Gateway(public("g"))))) == "C07"


def part(play: Play, number: int, data: bytes, digest: bytes) -> bytes:
    return play.act(ManifestPart(digest, number, data), (MEMBER, 0), scope=NO_SCOPE)


def test_parts_come_in_order_and_at_most_eighteen() -> None:
    play, digest = Play(), seed("digest")
    assert play.refused(part(play, 1, b"a", digest)) == "C09"
    for number in range(18):
        play.add(part(play, number, b"a", digest))
        assert play.refused(part(play, number, b"b", digest)) == "C09"
    assert play.refused(part(play, 18, b"a", digest)) == "C09"
    play.add(part(play, 0, b"a", seed("another digest")))


def test_a_part_has_number_zero() -> None:
    play = Play()
    act = play.act(ManifestPart(seed("x"), 0, b"{}"), (MEMBER, 0), number=1, scope=NO_SCOPE)
    assert play.refused(act) == "C07"


def test_an_announcement_gives_the_election_its_place() -> None:
    play = Play().announced()
    assert play.election.manifest == play.manifest
    assert list(play.view.elections) == [play.election_id]
    assert not play.view.parts


def test_the_same_part_never_stands_twice() -> None:
    play = Play().announced()
    (verdict,) = play.ledger.submit(play.parts()[:1]).verdicts
    assert isinstance(verdict, Known)
    # A record may hold it again: the rules refuse it without the ledger's index of hashes.
    play.ledger._indexes.clear()
    assert play.refused(play.parts()[0]) == "C07"


def announcement(
    play: Play, body: Announce, *signers: tuple[int, int], scope: bytes = b""
) -> bytes:
    due = ((MEMBER, 0), (ORGANIZER, 0), (ORGANIZER, 1))
    return play.act(body, *(signers or due), scope=scope)


def test_an_announcement_needs_all_parts() -> None:
    play = Play()
    assert play.refused(play.announce()) == "C09"
    (only,) = play.parts()
    play.add(only)
    digest, length = sha256(play.manifest_bytes).digest(), len(play.manifest_bytes)
    assert play.refused(announcement(play, Announce(digest, length - 1))) == "C09"
    assert play.refused(announcement(play, Announce(seed("x"), length))) == "C09"
    assert play.refused(announcement(play, Announce(digest, length), scope=seed("x"))) == "C09"
    play.add(play.announce())


@pytest.mark.parametrize(
    "signers",
    [
        ((ORGANIZER, 0), (ORGANIZER, 1)),
        ((MEMBER, 0), (ORGANIZER, 0)),
        ((MEMBER, 0),),
        ((MEMBER, 0), (ORGANIZER, 1), (ORGANIZER, 0)),
        ((MEMBER, 0), (ORGANIZER, 0), (ORGANIZER, 0)),
        ((MEMBER, 0), (ORGANIZER, 0), (ORGANIZER, 3)),
        ((MEMBER, 0), (ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 0)),
    ],
)
def test_an_announcement_is_signed_by_a_member_and_a_quorum(
    signers: tuple[tuple[int, int], ...],
) -> None:
    play = Play()
    play.add(*play.parts())
    body = Announce(sha256(play.manifest_bytes).digest(), len(play.manifest_bytes))
    assert play.refused(announcement(play, body, *signers)) == "C07"


def test_more_organizers_than_the_quorum_may_sign() -> None:
    play = Play()
    play.add(*play.parts())
    body = Announce(sha256(play.manifest_bytes).digest(), len(play.manifest_bytes))
    everybody = ((MEMBER, 0), (ORGANIZER, 0), (ORGANIZER, 1), (ORGANIZER, 2))
    play.add(announcement(play, body, *everybody))


def test_an_announcement_has_number_zero_and_signatures_that_hold() -> None:
    play = Play()
    play.add(*play.parts())
    body = Announce(sha256(play.manifest_bytes).digest(), len(play.manifest_bytes))
    due = ((MEMBER, 0), (ORGANIZER, 0), (ORGANIZER, 1))
    assert play.refused(play.act(body, *due, number=1)) == "C07"
    act = decode_entry(play.announce())
    assert isinstance(act, Act)
    broken = replace(act.signatures[2], signature=act.signatures[1].signature)
    signatures = (*act.signatures[:2], broken)
    assert play.refused(encode_entry(replace(act, signatures=signatures))) == "C07"


def test_the_digest_of_something_else_is_no_manifest() -> None:
    play = Play()
    play.manifest_bytes = b'{"not":"a manifest"}'
    play.add(*play.parts())
    assert play.refused(play.announce()) == "C09"


def test_parts_of_another_digest_are_no_manifest() -> None:
    play = Play()
    play.add(part(play, 0, play.manifest_bytes, seed("x")))
    body = Announce(seed("x"), len(play.manifest_bytes))
    assert play.refused(announcement(play, body)) == "C09"


def test_an_election_is_announced_once() -> None:
    play = Play(members=2).announced()
    digest, length = sha256(play.manifest_bytes).digest(), len(play.manifest_bytes)
    body = ManifestPart(digest, 0, play.manifest_bytes)
    play.add(play.act(body, (MEMBER, 1), scope=NO_SCOPE))
    signers = ((MEMBER, 1), (ORGANIZER, 0), (ORGANIZER, 1))
    assert play.refused(announcement(play, Announce(digest, length), *signers)) == "C09"


def test_parts_before_the_last_are_full() -> None:
    title = {"en": "x" * 500, "de": "y" * 500}
    note = dict.fromkeys(("en", "de", "fr", "ko", "ja", "es", "it", "pl"), "z" * 5000)
    play = Play(tiny_manifest(title=title, description=note))
    data = play.manifest_bytes
    assert len(data) < 60_000
    digest = sha256(data).digest()
    play.add(part(play, 0, data[:1000], digest), part(play, 1, data[1000:], digest))
    assert play.refused(play.announce()) == "C09"


def test_a_manifest_of_several_full_parts_is_announced() -> None:
    note = dict.fromkeys(("en", "de", "fr", "ko", "ja", "es", "it", "pl"), "z" * 5000)
    manifest = tiny_manifest(description=note)
    districts = tuple(
        replace(manifest.districts[0], id=f"d{n}", title={"en": "x" * 100}) for n in range(300)
    )
    contests = tuple(replace(contest, partition=()) for contest in manifest.contests)
    manifest = replace(manifest, districts=districts, contests=contests)
    assert len(encode_manifest(manifest)) > 60_000
    play = Play(manifest).announced()
    assert play.election.manifest == manifest


def test_an_act_of_an_election_that_is_not_announced_is_refused() -> None:
    play, other = Play(), Play().announced()
    entry = other.by_organizers(Pause("no"))
    assert play.refused(entry) == "C06"
