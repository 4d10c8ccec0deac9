"""Rules of kinds 0 and 4 to 7: who founds a ledger, who keeps it, and who may change that."""

from dataclasses import replace
from itertools import product

import pytest

from hanpyo.errors import Rejected
from hanpyo.ledger.entry import (
    JOINER,
    MEMBER,
    NO_SCOPE,
    ORGANIZER,
    REGISTRAR,
    Act,
    Body,
    Consortium,
    Gateway,
    Join,
    Leave,
    ManifestPart,
    Rotate,
    Signature,
    Validator,
    act_message,
    decode_entry,
    encode_entry,
    entry_hash,
)
from hanpyo.ledger.memory import MemoryLedger
from tests.helpers.consortium import (
    MemberPlay,
    consortium,
    consortium_entry,
    key_of,
    members_keys,
    sign_with,
    validator,
)
from tests.helpers.parties import NOW, genesis_entry, public, seed
from tests.helpers.signing import Signer

SMALL_ORDER = b"\x01" + bytes(31)  # the identity
KEYS = ("key", "cosigning_key", "validator_key")


def with_validator(body: Consortium, place: int, **changes: object) -> Consortium:
    validators = list(body.validators)
    validators[place] = replace(validators[place], **changes)  # type: ignore[arg-type]
    return replace(body, validators=tuple(validators))


# --- entry 0 ---


def founding(
    body: Consortium,
    *,
    scope: bytes = NO_SCOPE,
    number: int = 0,
    signers: tuple[Signer, ...] | None = None,
    ledger_id: bytes = NO_SCOPE,
) -> bytes:
    message = act_message(ledger_id, scope, number, body)
    due = tuple((JOINER, place) for place in range(len(body.validators)))
    signatures = tuple(
        Signature(role, place, sign_with(key_of("member", place))(message))
        for role, place in (due if signers is None else signers)
    )
    return encode_entry(Act(scope, number, body, signatures))


def founding_refusal(entry: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        MemoryLedger(entry, members_keys(), lambda: NOW)
    return caught.value.check


@pytest.mark.parametrize("count", [4, 64])
def test_a_consortium_founds_a_ledger_of_its_own_id(count: int) -> None:
    entry = founding(consortium(count))
    assert entry == consortium_entry(consortium(count))
    ledger = MemoryLedger(entry, members_keys(), lambda: NOW)
    membership = ledger.state.view.membership
    assert membership is not None
    assert ledger.members().ledger_id == entry_hash(entry)
    assert membership.origin == f"hanpyo/{seed('ledger', 'random')[:8].hex()}"
    assert membership.chain_id == entry_hash(entry).hex()[:32]
    assert list(membership.active) == list(range(count))
    assert membership.validators == tuple(key_of("validator", n) for n in range(count))
    assert (membership.given, membership.changes) == (count, 0)
    assert len(membership.used_keys) == 3 * count


@pytest.mark.parametrize("count", [3, 65])
def test_a_consortium_has_four_to_sixty_four_founders(count: int) -> None:
    body = consortium(64)
    extra = (validator(64),) if count > 64 else ()
    body = replace(body, validators=(*body.validators, *extra)[:count])
    assert founding_refusal(founding(body)) == "C06"


DUE = tuple((JOINER, n) for n in range(4))


@pytest.mark.parametrize(
    "entry",
    [
        founding(consortium(), scope=seed("x")),
        founding(consortium(), number=1),
        founding(consortium(), ledger_id=seed("x")),
        founding(consortium(), signers=()),
        founding(consortium(), signers=DUE[:3]),
        founding(consortium(), signers=(*DUE[:3], DUE[2])),
        founding(consortium(), signers=(*DUE[:2], DUE[3], DUE[2])),
        founding(consortium(), signers=(*DUE, (JOINER, 4))),
        founding(consortium(), signers=((MEMBER, 0), *DUE)),
        founding(consortium(), signers=tuple((MEMBER, n) for n in range(4))),
        founding(with_validator(consortium(), 3, key=public("other"))),
        founding(with_validator(consortium(), 3, name="Member 0")),
    ],
)
def test_a_founding_that_breaks_a_condition_is_refused(entry: bytes) -> None:
    assert founding_refusal(entry) == "C03"


@pytest.mark.parametrize("use", KEYS)
@pytest.mark.parametrize("key", [bytes(32), SMALL_ORDER, b"\xff" * 32], ids=bytes.hex)
def test_a_founder_needs_valid_keys(use: str, key: bytes) -> None:
    assert founding_refusal(founding(with_validator(consortium(), 1, **{use: key}))) == "C03"


@pytest.mark.parametrize(("use", "other"), list(product(KEYS, KEYS)))
def test_no_key_of_a_founder_is_another_s(use: str, other: str) -> None:
    body = consortium()
    taken = getattr(body.validators[0], other)
    assert founding_refusal(founding(with_validator(body, 1, **{use: taken}))) == "C03"


def test_a_founder_has_three_different_keys() -> None:
    body = consortium()
    own = body.validators[2]
    for use, other in product(KEYS, KEYS):
        if use != other:
            same = with_validator(body, 2, **{use: getattr(own, other)})
            assert founding_refusal(founding(same)) == "C03"


def test_no_entry_0_stands_later() -> None:
    play = MemberPlay()
    assert play.refused(genesis_entry()) == "C03"
    play.ledger._indexes.clear()
    assert play.refused(consortium_entry()) == "C07"
    assert play.refused(consortium_entry(consortium(5, name="other"))) == "C07"


# --- handing over ---


@pytest.mark.parametrize("members", [1, 3])
def test_an_operator_hands_its_ledger_over_for_good(members: int) -> None:
    play = MemberPlay(members, is_single=True)
    origin, entry = play.membership.origin, play.hand_over()
    play.add(entry)
    now = play.membership
    assert now.is_consortium
    assert now.origin == origin
    assert now.chain_id == entry_hash(entry).hex()[:32]
    assert list(now.active) == list(range(members, members + 4))
    assert now.validators == tuple(key_of("validator", members + n) for n in range(4))
    assert (now.given, now.changes) == (members + 4, 0)
    assert play.view.ledger_id == entry_hash(genesis_entry(members=members))
    gateway = Gateway(public("g"))
    assert play.refused(play.act(gateway, (MEMBER, 0), scope=NO_SCOPE)) == "C07"
    play.add(play.act(gateway, (MEMBER, members), scope=NO_SCOPE))
    play.ledger._indexes.clear()
    assert play.refused(entry) == "C07"


def handing(play: MemberPlay, body: Consortium, *signers: Signer, number: int = 0) -> bytes:
    return play.act(body, *signers, number=number, scope=NO_SCOPE)


def test_operator_and_validators_sign_the_handing_over() -> None:
    play = MemberPlay(2, is_single=True)
    body = consortium(4, 2)
    joiners = tuple((JOINER, number) for number in range(2, 6))
    for signers in (
        (),
        ((MEMBER, 0),),
        joiners,
        ((MEMBER, 1), *joiners),
        ((MEMBER, 0), (MEMBER, 1), *joiners),
        ((MEMBER, 0), *joiners[:3]),
        ((MEMBER, 0), *joiners, (JOINER, 6)),
        ((MEMBER, 0), *((JOINER, number) for number in range(4))),
        ((MEMBER, 0), *joiners[::-1]),
        ((MEMBER, 0), (REGISTRAR, 0), *joiners),
    ):
        assert play.refused(handing(play, body, *signers)) == "C07"
    assert play.refused(handing(play, body, (MEMBER, 0), *joiners, number=1)) == "C07"
    broken = decode_entry(handing(play, body, (MEMBER, 0), *joiners))
    assert isinstance(broken, Act)
    swapped = replace(broken.signatures[3], signature=broken.signatures[4].signature)
    signatures = (*broken.signatures[:3], swapped, *broken.signatures[4:])
    assert play.refused(encode_entry(replace(broken, signatures=signatures))) == "C07"
    play.add(handing(play, body, (MEMBER, 0), *joiners))


def test_a_handing_over_has_no_scope() -> None:
    play = MemberPlay(1, is_single=True).announced()
    joiners = [(JOINER, number) for number in range(1, 5)]
    assert play.refused(play.act(consortium(4, 1), (MEMBER, 0), *joiners)) == "C06"


def test_a_consortium_is_not_handed_over() -> None:
    play = MemberPlay(1, is_single=True)
    play.add(play.hand_over())
    assert play.refused(play.hand_over()) == "C07"  # member 0 is active no longer
    play = MemberPlay()
    assert play.refused(play.hand_over()) == "C08"


@pytest.mark.parametrize("use", KEYS)
@pytest.mark.parametrize("other", ["key", "cosigning_key"])
def test_validators_have_other_keys_than_the_operator(use: str, other: str) -> None:
    play = MemberPlay(2, is_single=True)
    operator = play.membership.active[1]
    body = with_validator(consortium(4, 2), 1, **{use: getattr(operator, other)})
    assert play.refused(play.hand_over(body)) == "C08"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Member 1"},
        {"cosigning_key": key_of("cosigner", 1)},
        {"cosigning_key": key_of("validator", 1)},
        {"validator_key": key_of("member", 2)},
        {"key": key_of("validator", 2)},
        {"validator_key": SMALL_ORDER},
        {"cosigning_key": bytes(32)},
    ],
    ids=str,
)
def test_validators_of_a_handing_over_have_valid_and_distinct_keys(
    changes: dict[str, object],
) -> None:
    play = MemberPlay(1, is_single=True)
    body = with_validator(consortium(4, 1), 2, **changes)
    assert play.refused(play.hand_over(body)) == "C08"


def test_the_engine_begins_no_earlier_than_the_block_that_says_so() -> None:
    play = MemberPlay(1, is_single=True)
    early = consortium(4, 1, time_unix_s=play.now - 1)
    assert play.refused(play.hand_over(early)) == "C08"
    play.add(play.hand_over(consortium(4, 1, time_unix_s=play.now)))
    other = MemberPlay(1, is_single=True)
    other.add(other.hand_over(consortium(4, 1, time_unix_s=play.now + 9)))


# --- members come and go ---


CHANGES: list[Body] = [
    Join(validator(4)),
    Leave(0, "why"),
    Rotate(0, key_of("member", 0, 1), key_of("cosigner", 0), key_of("validator", 0)),
]


@pytest.mark.parametrize("body", CHANGES, ids=lambda body: type(body).__name__)
def test_a_single_operator_has_no_members_to_change(body: Body) -> None:
    play = MemberPlay(4, is_single=True)
    assert play.refused(play.act(body, (MEMBER, 0), number=1, scope=NO_SCOPE)) == "C08"
    assert play.refused(play.act(body, (MEMBER, 0), number=1, scope=seed("x"))) == "C06"


def test_members_come_go_and_change_their_keys() -> None:
    play = MemberPlay()
    play.add(play.join())
    assert list(play.membership.active) == [0, 1, 2, 3, 4]
    play.add(play.leave(1))
    assert list(play.membership.active) == [0, 2, 3, 4]
    play.add(play.rotate(2, 1))
    assert play.membership.active[2].keys == validator(2, 1).keys
    assert play.membership.active[2].name == "Member 2"
    play.add(play.join())
    assert list(play.membership.active) == [0, 2, 3, 4, 5]
    assert play.membership.validators == (
        *(key_of("validator", 0), key_of("validator", 2, 1)),
        *(key_of("validator", number) for number in (3, 4, 5)),
    )
    assert (play.membership.given, play.membership.changes) == (6, 4)


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("kind", [Join, Leave, Rotate], ids=lambda kind: kind.__name__)
def test_changes_of_the_membership_are_numbered_together(kind: type[Body], number: int) -> None:
    play = MemberPlay(5)
    bodies: dict[type[Body], tuple[Body, list[int]]] = {
        Join: (Join(validator(5)), [5]),
        Leave: (Leave(4, "why"), []),
        Rotate: (Rotate(4, *validator(4, 1).keys), [4]),
    }
    body, joiners = bodies[kind]
    assert play.refused(play.by_quorum(body, *joiners, number=number)) == "C07"
    play.add(play.rotate(0, 1))
    assert play.refused(play.by_quorum(body, *joiners, number=1)) == "C07"
    play.add(play.by_quorum(body, *joiners, number=2))


def signed(numbers: range | tuple[int, ...], *joiners: int) -> list[Signer]:
    return [*((MEMBER, n) for n in numbers), *((JOINER, n) for n in joiners)]


@pytest.mark.parametrize(("members", "quorum"), [(4, 3), (5, 4), (6, 5), (7, 5), (10, 7)])
def test_more_than_two_thirds_must_sign(members: int, quorum: int) -> None:
    play = MemberPlay(members)
    body = Join(validator(members))
    few, enough = signed(range(quorum - 1), members), signed(range(quorum), members)
    assert play.refused(play.act(body, *few, scope=NO_SCOPE)) == "C07"
    assert MemberPlay(members).add(play.act(body, *enough, scope=NO_SCOPE))
    play.add(play.act(body, *signed(range(members), members), scope=NO_SCOPE))


def test_the_quorum_is_one_of_the_members_that_are_active_now() -> None:
    play = MemberPlay(7)
    for number in (6, 5, 4):
        play.add(play.leave(number))
    body = Join(validator(7))
    for members in ((0, 1, 4), (0, 1, 6), (0, 1, 7), (0, 1)):
        assert play.refused(play.act(body, *signed(members, 7), scope=NO_SCOPE)) == "C07"
    play.add(play.act(body, *signed((1, 2, 3), 7), scope=NO_SCOPE))


@pytest.mark.parametrize(
    "signers",
    [
        signed((0, 1, 2)),
        signed((0, 1, 2), 3),
        signed((0, 1, 2), 5),
        signed((0, 1, 2), 3, 4),
        signed((), 4),
        [*signed((0, 1, 2)), (ORGANIZER, 0), (JOINER, 4)],
        [(JOINER, 4), *signed((0, 1, 2))],
        signed((0, 2, 1), 4),
        signed((0, 1, 1, 2), 4),
    ],
    ids=str,
)
def test_who_joins_signs_under_the_number_that_it_gets(signers: list[Signer]) -> None:
    play = MemberPlay()
    assert play.refused(play.act(Join(validator(4)), *signers, scope=NO_SCOPE)) == "C07"


def test_who_joins_signs_with_the_key_that_it_joins_with() -> None:
    play = MemberPlay()
    act = decode_entry(play.join())
    assert isinstance(act, Act)
    body = Join(replace(validator(4), key=public("other")))
    message = act_message(play.ledger_id, NO_SCOPE, 1, body)
    signatures = tuple(
        replace(each, signature=sign_with(key_of("member", each.party))(message))
        for each in act.signatures
    )
    assert play.refused(encode_entry(replace(act, body=body, signatures=signatures))) == "C07"


@pytest.mark.parametrize("signers", [signed((0, 1, 2), 3), signed((0, 1)), signed((0, 1, 4))])
def test_a_quorum_alone_signs_who_leaves(signers: list[Signer]) -> None:
    play = MemberPlay(5)
    assert play.refused(play.act(Leave(3, "why"), *signers, scope=NO_SCOPE)) == "C07"


def test_a_member_leaves_without_its_own_signature() -> None:
    play = MemberPlay(5)
    play.add(play.act(Leave(4, "lost its keys"), *signed((0, 1, 2, 3)), scope=NO_SCOPE))


def test_l21_a_quorum_gives_a_member_new_keys_without_its_former_one() -> None:
    play = MemberPlay()
    body = Rotate(3, *validator(3, 1).keys)
    for signers in (signed((0, 1, 2)), signed((0, 1, 2), 2), signed((0, 1, 2), 4), signed((0, 1))):
        assert play.refused(play.act(body, *signers, scope=NO_SCOPE)) == "C07"
    message = act_message(play.ledger_id, NO_SCOPE, 1, body)
    act = decode_entry(play.act(body, *signed((0, 1, 2), 3), scope=NO_SCOPE))
    assert isinstance(act, Act)
    former = Signature(JOINER, 3, sign_with(key_of("member", 3))(message))
    signatures = (*act.signatures[:3], former)
    assert play.refused(encode_entry(replace(act, signatures=signatures))) == "C07"
    play.add(encode_entry(act))


def test_l21_former_keys_sign_nothing_any_more() -> None:
    play = MemberPlay()
    part = ManifestPart(seed("x"), 0, b"{}")
    before = play.act(part, (MEMBER, 2), scope=NO_SCOPE)
    play.add(play.rotate(2, 1))
    assert play.refused(before) == "C07"
    play.add(play.act(part, (MEMBER, 2), scope=NO_SCOPE))


def test_at_most_64_members_are_active() -> None:
    play = MemberPlay(63)
    play.add(play.join())
    assert len(play.membership.active) == 64
    assert play.refused(play.join()) == "C08"
    play.add(play.leave(5))
    play.add(play.join())
    assert (len(play.membership.active), play.membership.given) == (64, 65)


def test_at_least_four_members_are_active() -> None:
    play = MemberPlay(5)
    play.add(play.leave(4))
    assert play.refused(play.leave(3)) == "C08"


@pytest.mark.parametrize("number", [1, 5, 7, 2**63 - 1])
def test_only_an_active_member_leaves_or_changes_its_keys(number: int) -> None:
    play = MemberPlay(7)
    play.add(play.leave(1))
    play.add(play.leave(5))
    assert play.refused(play.leave(number)) == "C08"
    body = Rotate(number, *validator(number, 1).keys)
    assert play.refused(play.by_quorum(body, number)) == "C08"


def test_a_name_is_free_again_when_its_member_left() -> None:
    play = MemberPlay(5)
    assert play.refused(play.join("Member 2")) == "C08"
    play.add(play.leave(2))
    play.add(play.join("Member 2"))


# --- keys are used once ---


def used_play() -> MemberPlay:
    """Give a consortium with a member that left and one that changed its keys."""
    play = MemberPlay(6)
    play.add(play.leave(5))
    play.add(play.rotate(4, 1))
    return play


USED = [
    (use, number, generation)
    for use in ("member", "cosigner", "validator")
    for number, generation in ((0, 0), (5, 0), (4, 0), (4, 1))
]


@pytest.mark.parametrize("place", KEYS)
@pytest.mark.parametrize("used", USED, ids=str)
def test_who_joins_has_keys_that_nobody_ever_had(used: tuple[str, int, int], place: str) -> None:
    play = used_play()
    new = replace(validator(6), **{place: key_of(*used)})
    assert play.refused(play.by_quorum(Join(new), 6)) == "C08"


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("used", USED, ids=str)
def test_a_new_key_is_one_that_nobody_ever_had(used: tuple[str, int, int], place: int) -> None:
    play = used_play()
    keys = list(validator(4, 2).keys)
    keys[place] = key_of(*used)
    entry = play.by_quorum(Rotate(4, *keys), 4)
    if used == (("member", "cosigner", "validator")[place], 4, 1):  # the member's own for this use
        play.add(entry)
    else:
        assert play.refused(entry) == "C08"


@pytest.mark.parametrize("use", ["member", "cosigner", "validator"])
def test_one_key_alone_may_change(use: str) -> None:
    play = MemberPlay()
    play.add(play.rotate(1, 1, [use]))
    assert play.refused(play.rotate(1, 1, [use])) == "C08"  # no key differs
    assert play.refused(play.rotate(1, 0, [use])) == "C08"  # the former one
    play.add(play.rotate(1, 2, [use]))


@pytest.mark.parametrize("kind", [Join, Rotate], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "changes",
    [
        {"cosigning_key": key_of("member", 4, 3)},
        {"validator_key": key_of("member", 4, 3)},
        {"validator_key": key_of("cosigner", 4, 3)},
        {"cosigning_key": SMALL_ORDER},
        {"validator_key": bytes(32)},
        {"validator_key": b"\xff" * 32},
    ],
    ids=str,
)
def test_new_keys_are_valid_and_distinct(kind: type[Body], changes: dict[str, bytes]) -> None:
    play = MemberPlay(5)
    new = replace(validator(4, 3, "New"), **changes)  # type: ignore[arg-type]
    body: Body = Join(new) if kind is Join else Rotate(4, *new.keys)
    assert play.refused(play.by_quorum(body, 5 if kind is Join else 4)) == "C08"
    fine = validator(4, 3, "New")
    body = Join(fine) if kind is Join else Rotate(4, *fine.keys)
    play.add(play.by_quorum(body, 5 if kind is Join else 4))


def test_a_joining_signing_key_must_be_valid() -> None:
    play = MemberPlay()
    body = Join(Validator("New", bytes(32), public("a"), public("b")))
    act = decode_entry(play.by_quorum(body))
    assert isinstance(act, Act)
    signatures = (*act.signatures, Signature(JOINER, 4, bytes(64)))
    assert play.refused(encode_entry(replace(act, signatures=signatures))) == "C07"
