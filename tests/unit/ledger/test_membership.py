"""The membership: the same from its acts alone as from the log, and however acts are admitted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanpyo.errors import Rejected
from hanpyo.ledger.admission import Admitted, CheckedEntry, NotAdmitted, admit, admit_known
from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    Act,
    Close,
    Gateway,
    Join,
    ManifestPart,
    Open,
    decode_entry,
    encode_entry,
)
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.state import LedgerState, Verdict, replay
from hanpyo.ledger.view import Facts
from hanpyo.ledger.walking import MEMBERSHIP_KINDS, walk_membership
from tests.helpers.consortium import MemberPlay, consortium_entry, validator
from tests.helpers.parties import NOW, genesis_entry, public, seed

# What happens next: an act, and the member that it is about or that signs it.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hand over", "join", "leave", "rotate", "gateway", "part", "broken"]),
        st.integers(0, 7),
    ),
    max_size=12,
)


def step(play: MemberPlay, what: str, number: int, place: int) -> bytes:
    """Make an act that may or may not be lawful now."""
    active = list(play.membership.active)
    member = active[number % len(active)]
    if what == "broken":
        act = decode_entry(play.join())
        assert isinstance(act, Act)
        return encode_entry(Act(NO_SCOPE, act.number, act.body, act.signatures[:-1]))
    by_member = (MEMBER, member)
    gateway, part = Gateway(public("g", place)), ManifestPart(seed("digest", place), 0, b"{}")
    make: dict[str, Callable[[], bytes]] = {
        "hand over": play.hand_over,
        "join": play.join,
        "leave": lambda: play.leave(member),
        "rotate": lambda: play.rotate(member, place + 1),
        "gateway": lambda: play.act(gateway, by_member, scope=NO_SCOPE),
        "part": lambda: play.act(part, by_member, scope=NO_SCOPE),
    }
    return make[what]()


def played(steps: Sequence[tuple[str, int]], *, is_single: bool) -> tuple[MemberPlay, list[bytes]]:
    """Try each step, and all former ones once more: what was lawful may be so no longer."""
    play = MemberPlay(4 if not is_single else 2, is_single=is_single)
    tried = []
    for place, (what, number) in enumerate(steps):
        entry = step(play, what, number, place)
        ahead = step(play, "part", number, 100 + place)  # for later, by the keys of now
        for each in (entry, *tried[-2:]):
            play.ledger.submit([each])
        tried += [entry, ahead]
    return play, tried


def values(membership: Membership | None) -> list[object]:
    assert membership is not None
    return [getattr(membership, field.name) for field in fields(membership)]


@settings(max_examples=60, deadline=None)
@given(STEPS, st.booleans())
def test_walking_the_acts_gives_the_membership_of_the_view(
    steps: list[tuple[str, int]], is_single: bool
) -> None:
    play, _ = played(steps, is_single=is_single)
    log = play.ledger.entries(0, play.state.log.size)
    acts = [entry for entry in log if decode_entry(entry).kind in MEMBERSHIP_KINDS]
    assert values(walk_membership(acts)) == values(play.view.membership)
    indexes = play.ledger.find(NO_SCOPE, MEMBERSHIP_KINDS)
    assert [next(play.ledger.entries(index, index + 1)) for index in indexes] == acts


def walking_play() -> MemberPlay:
    play = MemberPlay(1, is_single=True)
    play.add(play.hand_over())
    play.add(play.join())
    play.add(play.rotate(2, 1))
    return play


def acts_of(play: MemberPlay) -> list[bytes]:
    return list(play.ledger.entries(0, play.state.log.size))


@pytest.mark.parametrize(
    ("left_out", "check"), [(0, "C03"), (1, "C08"), (2, "C07"), (3, None)], ids=str
)
def test_an_act_left_out_in_between_is_seen(left_out: int, check: str | None) -> None:
    acts = acts_of(walking_play())
    del acts[left_out]
    if check is None:
        assert len(walk_membership(acts).active) == 5
        return
    with pytest.raises(Rejected) as caught:
        walk_membership(acts)
    assert caught.value.check == check


@pytest.mark.parametrize(
    ("acts", "check"),
    [
        ([], "C03"),
        ([b"junk"], "C06"),
        ([genesis_entry(), genesis_entry()], "C07"),
        ([consortium_entry(), genesis_entry()], "C03"),
        ([MemberPlay().join()], "C03"),
        ([consortium_entry(), MemberPlay().join(), MemberPlay().join()], "C07"),
        ([genesis_entry(), MemberPlay(1, is_single=True).gateway()], "C06"),
    ],
)
def test_what_a_log_would_not_hold_is_refused(acts: list[bytes], check: str) -> None:
    with pytest.raises(Rejected) as caught:
        walk_membership(acts)
    assert caught.value.check == check


# --- verdicts do not depend on when admission ran ---


def told(verdicts: Sequence[Verdict]) -> list[tuple[str, str] | None]:
    return [
        (verdict.check, verdict.why) if isinstance(verdict, Rejected) else None
        for verdict in verdicts
    ]


def begun(play: MemberPlay) -> LedgerState:
    """Found the same ledger again."""
    log = list(play.ledger.entries(0, 1))
    state = LedgerState(log.__getitem__, 1)
    state.apply_block(admit(state.view.facts, log, 1), NOW)
    return state


def one_by_one(state: LedgerState, entries: Sequence[bytes]) -> Iterator[Verdict]:
    for entry in entries:
        yield from state.apply_block(admit(state.view.facts, [entry], 1), NOW).verdicts


def admitted_by(facts: Facts, entries: Sequence[bytes]) -> list[Admitted]:
    return admit(facts, entries, 1)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.booleans())
def test_verdicts_and_root_do_not_depend_on_when_entries_were_admitted(
    steps: list[tuple[str, int]], is_single: bool
) -> None:
    play, entries = played(steps, is_single=is_single)
    expected = begun(play)
    verdicts = told(list(one_by_one(expected, entries)))
    halfway = begun(play)
    list(one_by_one(halfway, entries[: len(entries) // 2]))
    nothing = LedgerState(lambda _: b"", 1).view.facts
    for facts in (nothing, None, halfway.view.facts, expected.view.facts):
        state = begun(play)
        items = admitted_by(state.view.facts if facts is None else facts, entries)
        result = state.apply_block(items, NOW)
        assert told(result.verdicts) == verdicts
        assert result.root == expected.log.root()
        assert dict(state.view_rows()) == dict(expected.view_rows())


def test_a_signature_by_a_member_s_former_key_is_refused_only_for_now() -> None:
    play = MemberPlay()
    part = ManifestPart(seed("x"), 0, b"{}")
    old = play.act(part, (MEMBER, 2), scope=NO_SCOPE)
    before = play.view.facts
    (checked,) = admit(before, [old], 1)
    assert isinstance(checked, CheckedEntry)
    assert checked.signed_under is before
    play.add(play.rotate(2, 1))
    after = play.view.facts
    new = play.act(part, (MEMBER, 2), scope=NO_SCOPE)
    assert checked.is_stale(after)
    (early,), (late,) = admit(before, [new], 1), admit(after, [old], 1)
    for refusal, facts in ((early, before), (late, after)):
        assert isinstance(refusal, NotAdmitted)
        assert (refusal.check, refusal.early_for) == ("C07", facts)
    result = play.state.apply_block([checked, early, late], play.now)
    assert told(result.verdicts)[1] is None
    assert [verdict is None for verdict in told(result.verdicts)] == [False, True, False]


@pytest.mark.parametrize("broken", [Gateway(public("g")), ManifestPart(seed("x"), 0, b"{}")])
def test_every_refusal_on_account_of_the_members_is_early(broken: Gateway | ManifestPart) -> None:
    play = MemberPlay()
    facts = play.view.facts
    for entry in (
        play.act(broken, (MEMBER, 4), number=1, scope=NO_SCOPE),
        play.act(broken, number=1, scope=NO_SCOPE),
        play.act(Join(validator(4)), (MEMBER, 0), number=1, scope=NO_SCOPE),
        MemberPlay(1, is_single=True).hand_over(),
    ):
        (refusal,) = admit(facts, [entry], 1)
        assert isinstance(refusal, NotAdmitted)
        assert (refusal.check, refusal.early_for) == ("C07", facts)
    (refusal,) = admit(facts, [play.act(broken, (MEMBER, 0), scope=seed("x"))], 1)
    assert isinstance(refusal, NotAdmitted)
    assert (refusal.check, refusal.early_for) == ("C06", None)


def test_a_consortium_admitted_before_the_founding_is_judged_by_it() -> None:
    nothing = LedgerState(lambda _: b"", 1).view.facts
    play = MemberPlay(1, is_single=True)
    good, bad = play.hand_over(), consortium_entry()
    items = admit(nothing, [good, bad], 1)
    assert all(isinstance(item, CheckedEntry) for item in items)  # it might be entry 0
    result = begun(play).apply_block(items[::-1], NOW)
    assert [verdict and verdict[0] for verdict in told(result.verdicts)] == ["C07", None]


def test_members_keys_change_within_one_block() -> None:
    play, twin = MemberPlay(), MemberPlay()
    rotate = twin.rotate(0, 1)
    twin.add(rotate)
    leave = twin.join()  # signed by the new key of member 0
    play.add(rotate, leave)
    assert values(play.membership) == values(walk_membership(acts_of(play)))


@settings(max_examples=20, deadline=None)
@given(STEPS, st.booleans())
def test_l18_replaying_acts_of_membership_gives_the_same_view(
    steps: list[tuple[str, int]], is_single: bool
) -> None:
    play, _ = played(steps, is_single=is_single)
    entries = acts_of(play)
    state = LedgerState(entries.__getitem__, 1)
    replay(state, entries, [(NOW, 1), *([(NOW, len(entries))] if len(entries) > 1 else [])])
    assert list(state.view_rows()) == list(play.state.view_rows())
    assert state.log.root() == play.state.log.root()
    known = admit_known(state.view.facts, entries[1:], 1)
    assert len(known) == len(entries) - 1


# --- rows for a store ---


@settings(max_examples=30, deadline=None)
@given(STEPS, st.booleans())
def test_changed_rows_keep_a_store_in_step(steps: list[tuple[str, int]], is_single: bool) -> None:
    play, entries = played(steps, is_single=is_single)
    state = begun(play)
    kept = dict(state.view_rows())
    for entry in entries:
        state.apply_block(admit(state.view.facts, [entry], 1), NOW)
        for key, value in state.changed_rows():
            if value is None:
                kept.pop(key, None)
            else:
                kept[key] = value
    assert kept == dict(state.view_rows())


def changing_election() -> MemberPlay:
    """Hold an election while the ledger is handed over and members come, go and change keys."""
    play = MemberPlay(1, is_single=True)
    play.announced()
    play.add(play.hand_over())
    play.add(play.chunk())
    play.add(play.join())
    play.add(play.seal_roll())
    play.add(play.enroll())
    play.keyed()
    play.add(play.by_organizers(Open(play.now)), play.rotate(3, 1))
    play.add(play.cast(0), play.cast(1), play.leave(2), play.cast(2), play.cast(3))
    play.add(play.cast(4), play.cast(5), play.by_organizers(Close(play.now)))
    play.add(play.rotate(1, 1))
    play.add(play.quorum_act(), *[play.seal(trustee) for trustee in (1, 2, 3)])
    for contest, groups in enumerate(play.election.groups):
        for group in range(len(groups)):
            play.add(play.share(1, contest, group), play.share(3, contest, group))
            play.add(play.result(contest, group))
    play.add(play.outcome())
    return play


def test_l18_a_changing_consortium_s_election_is_the_same_however_it_was_admitted() -> None:
    play = changing_election()
    entries = acts_of(play)
    for step_size in (1, 5, 1_000):
        state = LedgerState(entries.__getitem__, 1)
        state.apply_block(admit(state.view.facts, entries[:1], 1), NOW)
        state.begin_block(NOW)
        for start in range(1, len(entries), step_size):
            items = admit(state.view.facts, entries[start : start + step_size], 2)
            assert told(state.judge(items)) == [None] * len(items)
        state.end_block()
        assert state.log.root() == play.state.log.root()
        assert dict(state.view_rows()) == dict(play.state.view_rows())
    late = LedgerState(entries.__getitem__, 1)
    late.apply_block(admit(late.view.facts, entries[:1], 1), NOW)
    result = late.apply_block(admit(play.view.facts, entries[1:], 2), NOW)
    assert told(result.verdicts) == [None] * (len(entries) - 1)
    assert dict(late.view_rows()) == dict(play.state.view_rows())
