"""The rule of kind 14, and that no share is given before it in a consortium."""

from dataclasses import replace

import pytest

from hanpyo.ledger.checkpoint import Cosignature, decode_checkpoint, encode_checkpoint
from hanpyo.ledger.entry import MEMBER, Quorum, Seal
from tests.helpers.consortium import MemberPlay, key_of, sign_with
from tests.helpers.election import Play
from tests.helpers.parties import seed


def closed(members: int = 4) -> MemberPlay:
    play = MemberPlay(members)
    play.closed()
    return play


def sealed(members: int = 4) -> MemberPlay:
    play = closed(members)
    play.add(*[play.seal(trustee) for trustee in (1, 2, 3)])
    return play


def test_an_election_of_a_consortium_goes_through_to_its_outcome() -> None:
    play = MemberPlay()
    play.tallied()
    assert play.election.outcome is not None
    checkpoint, closing = play.election.quorum, play.election.closing
    assert checkpoint is not None
    assert closing is not None
    assert (checkpoint.size, checkpoint.root) == (closing.size, closing.root)


def test_shares_wait_for_a_quorum_of_members() -> None:
    play = sealed()
    share = play.share(1, 0, 0)
    assert play.refused(share) == "C21"
    play.add(play.quorum_act())
    play.add(share)


def test_a_quorum_alone_is_not_enough_for_shares() -> None:
    play = closed()
    play.add(play.quorum_act())
    assert play.refused(play.share(1, 0, 0)) == "C21"


def test_a_single_operator_needs_and_has_no_quorum() -> None:
    play = Play()
    play.closed()
    assert play.refused(play.act(Quorum(encode_checkpoint(play.ledger.checkpoint())))) == "C21"
    play.add(*[play.seal(trustee) for trustee in (1, 2, 3)])
    play.add(play.share(1, 0, 0))


def test_who_takes_a_ledger_over_cosigns_what_it_finds() -> None:
    play = MemberPlay(1, is_single=True)
    play.closed()
    play.add(*[play.seal(trustee) for trustee in (1, 2, 3)])
    play.add(play.share(1, 0, 0))
    play.add(play.hand_over())
    assert play.refused(play.share(2, 0, 0)) == "C21"
    play.add(play.quorum_act())
    play.add(play.share(2, 0, 0))


@pytest.mark.parametrize(("members", "quorum"), [(4, 3), (5, 4), (7, 5)])
def test_more_than_two_thirds_cosign(members: int, quorum: int) -> None:
    play = closed(members)
    few = play.cosigned(range(quorum - 1))
    assert play.refused(play.quorum_act(few)) == "C21"
    play.add(play.quorum_act(play.cosigned(range(members - quorum, members))))


def test_all_members_may_cosign() -> None:
    play = closed()
    play.add(play.quorum_act(play.cosigned(range(4))))


def test_the_quorum_is_noted_once() -> None:
    play = closed()
    play.add(play.quorum_act())
    assert play.refused(play.quorum_act(play.cosigned((1, 2, 3)))) == "C21"
    play.ledger._indexes.clear()
    assert play.refused(play.quorum_act()) == "C07"


def test_members_cosign_in_order_and_once() -> None:
    play = closed()
    for numbers in ((2, 1, 0), (0, 1, 1), (0, 1, 1, 2), (0, 0, 1, 2)):
        assert play.refused(play.quorum_act(play.cosigned(numbers))) == "C21"


def test_only_the_closing_root_counts() -> None:
    play = closed()
    play.add(play.seal(1))
    now = {"size": play.state.log.size, "root": play.state.log.root()}
    assert play.refused(play.quorum_act(play.cosigned(**now))) == "C21"  # type: ignore[arg-type]
    assert play.refused(play.quorum_act(play.cosigned(root=seed("x")))) == "C21"
    closing = play.election.closing
    assert closing is not None
    assert play.refused(play.quorum_act(play.cosigned(size=closing.size - 1))) == "C21"
    assert play.refused(play.by_trustee(2, Seal(closing.size - 1, closing.root))) == "C21"


def test_the_quorum_is_of_the_members_that_keep_the_ledger_now() -> None:
    play = closed(5)
    before = play.cosigned(range(5))
    play.add(play.leave(4))
    assert play.refused(play.quorum_act(before)) == "C21"  # of nobody else
    play.add(play.rotate(3, 1, ["cosigner"]))
    former = replace(before, lines=before.lines[1:4])
    assert play.refused(play.quorum_act(former)) == "C21"
    play.add(play.quorum_act(play.cosigned((1, 2, 3))))


def test_every_cosignature_must_hold() -> None:
    play = closed()
    whole = play.cosigned(range(4))
    for place, line in enumerate(whole.cosignatures):
        late = replace(line, timestamp_unix_s=line.timestamp_unix_s + 1)
        forged = replace(line, signature=sign_with(key_of("cosigner", 0))(b"x"))
        renamed = replace(line, name=f"{whole.origin}/{(place + 1) % 4}")
        for changed in (late, forged, renamed, replace(line, key_id=b"1234")):
            lines = (*whole.lines[:place], changed, *whole.lines[place + 1 :])
            assert play.refused(play.quorum_act(replace(whole, lines=lines))) == "C21"


def test_the_operator_s_lines_are_no_cosignatures_of_members() -> None:
    play = MemberPlay(1, is_single=True)
    play.closed()
    operator = play.ledger.checkpoint()
    play.add(play.hand_over())
    whole = play.cosigned()
    for lines in (
        operator.lines,
        (operator.lines[0], *whole.lines),
        (operator.lines[1], *whole.lines),
    ):
        assert play.refused(play.quorum_act(replace(operator, lines=lines))) == "C21"
    play.add(play.quorum_act(replace(operator, lines=whole.lines)))


def test_another_log_s_checkpoint_is_refused() -> None:
    play = closed()
    checkpoint = replace(play.cosigned(), origin="hanpyo/0011223344556677")
    assert play.refused(play.quorum_act(checkpoint)) == "C21"


@pytest.mark.parametrize("junk", [b"junk", b"\xff", b"x" * 16_000], ids=len)
def test_a_checkpoint_has_its_exact_form(junk: bytes) -> None:
    play = closed()
    assert play.refused(play.act(Quorum(junk))) == "C21"
    data = encode_checkpoint(play.cosigned())
    for changed in (data + b"\n", data[:-1], data.replace("—".encode(), b"-"), b" " + data):
        assert play.refused(play.act(Quorum(changed))) == "C21"
    assert decode_checkpoint(data) == play.cosigned()


@pytest.mark.parametrize("name", ["a\x85b", "a\u2028b", "a\rb", "a\x0bb", "a\tb", "한"], ids=ascii)
def test_no_name_of_a_key_breaks_the_form(name: str) -> None:
    play = closed()
    line = Cosignature(name, b"1234", play.now, bytes(64))
    checkpoint = replace(play.cosigned(), lines=(*play.cosigned().lines, line))
    assert play.refused(play.quorum_act(checkpoint)) == "C21"


def test_a_quorum_act_is_unsigned_and_has_no_number() -> None:
    play = closed()
    body = Quorum(encode_checkpoint(play.cosigned()))
    assert play.refused(play.act(body, (MEMBER, 0))) == "C07"
    assert play.refused(play.act(body, number=1)) == "C07"
    assert play.refused(play.act(body, scope=seed("x"))) == "C06"
    play.add(play.act(body))


def test_a_quorum_act_has_its_place_after_closing_alone() -> None:
    early = MemberPlay()
    early.voting()
    done = MemberPlay()
    done.tallied()
    twin = closed()
    body = Quorum(encode_checkpoint(twin.cosigned()))
    assert early.refused(early.act(body)) == "C15"
    assert done.refused(done.act(Quorum(encode_checkpoint(done.cosigned((1, 2, 3)))))) == "C15"


def test_the_quorum_s_checkpoint_has_a_row_of_its_own() -> None:
    play = closed()
    before = dict(play.state.view_rows())
    play.add(play.quorum_act())
    after = dict(play.state.view_rows())
    assert len(after) == len(before) + 1
    changed = dict(play.state.changed_rows())
    assert {key: after[key] for key in after.keys() - before.keys()}.items() <= changed.items()
