"""Admission: verdicts depend on the entry and on facts, never on batches."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from hanpyo.errors import Rejected
from hanpyo.ledger.admission import CheckedEntry, NotAdmitted, admit, admit_known
from hanpyo.ledger.entry import Act, Cast, Pause, Signature, decode_entry, encode_entry, entry_hash
from hanpyo.ledger.merkle import leaf_hash
from hanpyo.ledger.roles import signing_keys
from hanpyo.ledger.rules import RULES
from hanpyo.ledger.rules.members import LEDGER_RULES
from hanpyo.ledger.rules.phases import PHASES
from hanpyo.ledger.view import LedgerView
from tests.helpers.election import Play
from tests.unit.ledger.bodies import BODIES

SOURCES = Path(__file__).parents[3] / "src" / "hanpyo"


def sample() -> tuple[Play, list[bytes]]:
    """Give entries of every fate: lawful ballots, broken ones, acts, junk."""
    play = Play().voting()
    ballots = [play.cast(row, fresh=fresh, sequence=1) for row in range(6) for fresh in range(2)]
    cast = decode_entry(ballots[0])
    assert isinstance(cast, Cast)
    act = decode_entry(play.by_organizers(Pause("x")))
    assert isinstance(act, Act)
    unsigned = replace(act, signatures=act.signatures[:1])
    swapped = (Signature(1, 0, act.signatures[1].signature), act.signatures[1])
    forged = replace(act, signatures=swapped)
    return play, [
        *ballots,
        encode_entry(replace(cast, sequence=2)),
        encode_entry(replace(cast, ballot=cast.ballot[:-32] + b"\xff" * 32)),
        play.resigned(cast, cast.ballot, row=1),
        encode_entry(replace(cast, style=5)),
        b"junk",
        encode_entry(act),
        encode_entry(unsigned),
        encode_entry(forged),
        play.enroll(0),
        encode_entry(replace(cast, election=bytes(32))),
    ]


CHECKS = [None] * 12 + ["C17", "C16", "C18", "C16", "C06", None, "C07", "C07", None, "C06"]


def check_of(verdict: CheckedEntry | NotAdmitted) -> str | None:
    return verdict.check if isinstance(verdict, NotAdmitted) else None


def test_each_entry_gets_the_first_condition_it_breaks() -> None:
    play, items = sample()
    assert [check_of(each) for each in admit(play.view.facts, items, 2)] == CHECKS


def test_verdicts_do_not_depend_on_the_batch() -> None:
    play, items = sample()
    facts = play.view.facts
    alone = [check_of(admit(facts, [item], 1)[0]) for item in items]
    backwards = [check_of(each) for each in admit(facts, items[::-1], 2)]
    assert alone == CHECKS == backwards[::-1]


def test_a_checked_entry_holds_what_rules_and_store_need() -> None:
    play, items = sample()
    for data, verdict in zip(items, admit(play.view.facts, items, 1), strict=True):
        if isinstance(verdict, NotAdmitted):
            assert verdict.data == data
            continue
        assert verdict.data == data
        assert verdict.entry == decode_entry(data)
        assert verdict.entry_hash == entry_hash(data)
        assert verdict.leaf_hash == leaf_hash(data)
        assert (verdict.batch is not None) == isinstance(verdict.entry, Cast)


def test_admission_has_no_say_in_what_the_view_alone_knows() -> None:
    play, items = sample()
    before = dict(play.state.view_rows())
    admit(play.view.facts, items, 1)
    assert dict(play.state.view_rows()) == before


def test_known_entries_are_decoded_and_not_proven() -> None:
    play, items = sample()
    checks = [check_of(each) for each in admit_known(play.view.facts, items, 1)]
    for known, full in zip(checks, CHECKS, strict=True):
        assert known == full or full in {"C17", "C18", "C07", "C16"}
    assert checks[12] is None  # a signature that does not hold
    assert checks[16] == "C06"


def test_facts_that_may_still_come_make_an_entry_early() -> None:
    play = Play().voting()
    ballot, enroll = play.cast(0), play.enroll(0)
    nothing = LedgerView().facts
    verdicts = admit(nothing, [ballot, enroll, b"junk"], 1)
    assert [check_of(each) for each in verdicts] == ["C03", "C03", "C06"]
    early = [isinstance(each, NotAdmitted) and each.early_for is nothing for each in verdicts]
    assert early == [True, True, False]
    draft = Play().announced().view.facts
    (verdict,) = admit(draft, [ballot], 1)
    assert isinstance(verdict, NotAdmitted)
    assert (verdict.check, verdict.early_for) == ("C15", draft)
    (verdict,) = admit(Play().view.facts, [enroll], 1)
    assert isinstance(verdict, NotAdmitted)
    assert verdict.check == "C06"
    assert verdict.early_for is not None


def test_every_kind_has_its_rule_and_its_phase() -> None:
    kinds = {type(body) for body in BODIES} - set(LEDGER_RULES)
    assert set(RULES) == kinds
    assert set(PHASES) == kinds | {Cast}


def test_only_admission_makes_a_checked_entry() -> None:
    makers = [
        path.name
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) == "CheckedEntry"
    ]
    assert makers == ["admission.py"]


def test_acts_of_the_ledger_know_members_alone() -> None:
    play = Play()
    act = Act(bytes(32), 0, BODIES[1], (Signature(1, 0, bytes(64)),))
    membership = play.view.membership
    assert membership is not None
    with pytest.raises(Rejected) as caught:
        signing_keys(act, (1,), membership, None)
    assert caught.value.check == "C07"
