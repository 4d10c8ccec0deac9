"""Changes of the membership on their way from signer to signer."""

from dataclasses import replace
from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile, InvalidQuery, InvalidSignature, Rejected
from hanpyo.ledger.entry import JOINER, MEMBER, Join, Leave, Rotate, Signature, encode_entry
from hanpyo.node.consortium.member_acts import (
    MemberAct,
    PreparedChange,
    check_change,
    describe_change,
    member_named,
    missing_signers,
    prepare_change,
    read_change,
    sign_change,
    write_change,
)
from tests.helpers.chain import member_operator
from tests.helpers.consortium import MemberPlay

NEW = member_operator(4)


@pytest.fixture
def play() -> MemberPlay:
    return MemberPlay(4)


def prepared(play: MemberPlay, body: MemberAct, *signers: int) -> PreparedChange:
    change = prepare_change(play.ledger_id, play.membership, body)
    for number in signers:
        change = sign_change(change, play.membership, [member_operator(number)])
    return change


def renewed() -> Rotate:
    keys = NEW.validator
    return Rotate(1, keys.key, keys.cosigning_key, keys.validator_key)


@pytest.mark.parametrize("body", [Join(NEW.validator), renewed(), Leave(2, "dissolved")])
def test_what_all_have_signed_is_recorded(
    play: MemberPlay, tmp_path: Path, body: MemberAct
) -> None:
    if isinstance(body, Leave):
        play.add(play.join("Library"))  # four have to stay
    signers = [0, 2, 3] if not isinstance(body, Leave) else [0, 1, 3]
    change = prepared(play, body, *signers)
    path = tmp_path / "act.json"
    write_change(path, change)
    change = read_change(path)
    check_change(change, play.ledger_id, play.membership)
    if isinstance(body, Leave):
        assert missing_signers(change, play.membership) == ["1 more member"]
        change = sign_change(change, play.membership, [member_operator(2)])
    else:
        assert missing_signers(change, play.membership) == ["the node whose keys are new"]
        change = sign_change(change, play.membership, [member_operator(9), NEW][1:])
    assert not missing_signers(change, play.membership)
    before = play.membership.changes
    play.add(encode_entry(change.act))
    assert play.membership.changes == before + 1


def test_a_member_that_renews_its_keys_signs_with_both(play: MemberPlay) -> None:
    change = sign_change(prepared(play, renewed()), play.membership, [member_operator(1), NEW])
    places = [(each.role, each.party) for each in change.act.signatures]
    assert places == [(MEMBER, 1), (JOINER, 1)]


def test_signing_twice_counts_once(play: MemberPlay) -> None:
    change = prepared(play, Join(NEW.validator), 0, 0, 2)
    assert missing_signers(change, play.membership)[0] == "1 more member"


def test_whoever_has_no_say_is_refused(play: MemberPlay) -> None:
    with pytest.raises(InvalidQuery, match="no say"):
        prepared(play, Leave(1, "dissolved"), 4)
    change = prepared(play, Leave(1, "dissolved"), 0)
    strange = replace(change.act.signatures[0], party=7)
    forged = replace(change, act=replace(change.act, signatures=(strange,)))
    with pytest.raises(InvalidQuery, match="no say"):
        check_change(forged, play.ledger_id, play.membership)


def test_a_signature_of_another_is_refused(play: MemberPlay) -> None:
    change = prepared(play, Join(NEW.validator), 0)
    own = Signature(MEMBER, 1, change.act.signatures[0].signature)
    forged = replace(change, act=replace(change.act, signatures=(own,)))
    with pytest.raises(InvalidSignature):
        check_change(forged, play.ledger_id, play.membership)


def test_a_stale_act_and_one_of_another_ledger_are_refused(play: MemberPlay) -> None:
    change = prepared(play, Join(NEW.validator), 0)
    with pytest.raises(InvalidQuery, match="another ledger"):
        check_change(change, bytes(32), play.membership)
    play.add(play.rotate(2, 1))
    with pytest.raises(Rejected, match="stale"):
        check_change(change, play.ledger_id, play.membership)


def test_it_says_what_is_signed(play: MemberPlay) -> None:
    for body, said in (
        (Join(NEW.validator), "'Member 4' joins"),
        (Leave(2, "dissolved"), "member 2 (Member 2) leaves: dissolved"),
        (renewed(), "member 1 (Member 1) has new keys"),
    ):
        assert said in describe_change(prepared(play, body), play.membership)
    assert member_named(play.membership, "Member 3") == 3
    with pytest.raises(InvalidQuery, match="no member is called 'Nobody'; there are Member 0"):
        member_named(play.membership, "Nobody")


@pytest.mark.parametrize(
    "data",
    [b"", b"{}\n", b'{"act":"","ledger_id":"","paper":"prepared act of members"}\n', b"[1]\n"],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "act.json"
    path.write_bytes(data)
    with pytest.raises(InvalidFile, match=r"act\.json"):
        read_change(path)
