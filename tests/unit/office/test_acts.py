"""Acts of several signers: prepared, signed in turn, and stale when another act was faster."""

from dataclasses import replace
from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile, InvalidManifest, InvalidQuery, InvalidSignature, Rejected
from hanpyo.ledger.entry import (
    Announce,
    Cancel,
    Close,
    Commit,
    Drop,
    Extend,
    Lost,
    NotOpenable,
    Open,
    Pause,
    Resume,
    RollChange,
    RollSeal,
)
from hanpyo.office.acts import (
    PreparedAct,
    check_signatures,
    missing_signatures,
    organizer_kinds,
    prepared_from_json,
    prepared_to_json,
    sign_act,
)
from hanpyo.office.announcement import announced_manifest, announcement
from hanpyo.office.status import read_status
from hanpyo.office.words import describe
from tests.helpers.election import Play
from tests.helpers.offices import ADDRESS, Office
from tests.helpers.parties import tiny_manifest


def voting(path: Path) -> Office:
    return Office(path, Play().voting())


def test_two_organizers_sign_one_after_the_other(tmp_path: Path) -> None:
    office = voting(tmp_path)
    desk = office.desk()
    prepared = desk.prepare(Pause("power cut"))
    assert desk.missing(prepared.act) == ["2 more organizers"]
    prepared = desk.sign(prepared, office.organizers[2:])
    travelled = prepared_from_json(prepared_to_json(prepared), "pause.json")
    assert travelled == prepared
    assert desk.missing(travelled.act) == ["1 more organizer"]
    done = desk.sign(travelled, office.organizers[:1])
    assert desk.missing(done.act) == []
    assert [each.party for each in done.act.signatures] == [0, 2]
    desk.send_act(done.act)
    assert read_status(office.desk()).word == "Paused"


def test_signing_twice_changes_nothing(tmp_path: Path) -> None:
    office = voting(tmp_path)
    desk = office.desk()
    once = desk.sign(desk.prepare(Pause("x")), office.organizers[:1])
    assert desk.sign(once, office.organizers[:1]) == once


def test_an_act_overtaken_by_another_is_stale(tmp_path: Path) -> None:
    office = voting(tmp_path)
    desk = office.desk()
    slow = desk.sign(desk.prepare(Pause("slow")), office.organizers[:1])
    fast = desk.sign(desk.prepare(Pause("fast")), office.organizers[:2])
    desk.check_current(slow.act)
    desk.send_act(fast.act)
    with pytest.raises(Rejected, match=r"stale: it was prepared as number 3, and next is 4"):
        office.desk().check_current(slow.act)


def test_a_broken_or_foreign_signature_is_not_passed_on(tmp_path: Path) -> None:
    office = voting(tmp_path)
    desk = office.desk()
    prepared = desk.sign(desk.prepare(Pause("x")), office.organizers[:1])
    check_signatures(prepared, desk.manifest)
    (signature,) = prepared.act.signatures
    broken = replace(prepared.act, signatures=(replace(signature, signature=bytes(64)),))
    with pytest.raises(InvalidSignature):
        check_signatures(replace(prepared, act=broken), desk.manifest)
    other = replace(prepared.act, body=Pause("y"))
    with pytest.raises(InvalidSignature):
        check_signatures(replace(prepared, act=other), desk.manifest)
    nobody = replace(prepared.act, signatures=(replace(signature, party=9),))
    with pytest.raises(InvalidQuery, match="no say in it"):
        check_signatures(replace(prepared, act=nobody), desk.manifest)


def test_a_stranger_cannot_sign(tmp_path: Path) -> None:
    office = voting(tmp_path)
    desk = office.desk()
    stranger = replace(office.organizers[0], key=office.registrar.key)
    with pytest.raises(InvalidQuery, match="does not list this organizer's key"):
        desk.sign(desk.prepare(Pause("x")), [stranger])


def test_announcing_needs_a_quorum_and_the_very_manifest(tmp_path: Path) -> None:
    office = Office(tmp_path)
    play = office.play
    prepared = announcement(play.manifest_bytes, play.ledger_id, ADDRESS)
    assert announced_manifest(prepared) == play.manifest
    assert missing_signatures(prepared.act, play.manifest) == ["2 more organizers"]
    for signer in office.organizers[:2]:
        prepared = sign_act(prepared, play.manifest, signer)
    assert missing_signatures(prepared.act, play.manifest) == []
    travelled = prepared_from_json(prepared_to_json(prepared), "announce.json")
    check_signatures(travelled, play.manifest)
    swapped = replace(travelled, manifest=travelled.manifest.replace(b"Title", b"Titel"))
    with pytest.raises(InvalidManifest, match="about another manifest"):
        announced_manifest(swapped)


def test_the_numbered_kinds_follow_the_manifest() -> None:
    plain, timed = tiny_manifest(), tiny_manifest(opens=1, closes=2)
    assert organizer_kinds(plain) == (9, 10, 21, 24, 25, 26, 27, 28, 29, 41, 42)
    assert organizer_kinds(timed) == (9, 10, 21, 25, 26, 27, 28, 41, 42)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        {"paper": "invitation"},
        {"paper": "prepared act", "act": "", "ledger": "x", "ledger_id": "00", "manifest": ""},
        {"paper": "prepared act", "act": 1, "ledger": "x", "ledger_id": "00", "manifest": ""},
    ],
)
def test_a_malformed_file_is_named(value: object) -> None:
    with pytest.raises(InvalidFile, match=r"act\.json: "):
        prepared_from_json(value, "act.json")


def test_every_act_is_described_for_its_signer() -> None:
    manifest = tiny_manifest()
    bodies = [
        Announce(bytes(32), 1),
        RollSeal(3, 4, bytes(32)),
        RollChange((), ()),
        Drop(1, 2, "ill"),
        Drop(1, 9, "ill"),
        Open(1),
        Close(1),
        Pause("a"),
        Resume("b"),
        Cancel("c"),
        Extend(1_777_593_600, "d"),
        Lost((1, 3), "e"),
        NotOpenable("f"),
    ]
    sentences = [describe(body, manifest) for body in bodies]
    assert len(set(sentences)) == len(bodies)
    assert sentences[3] == "Goes on without trustee 2 (trustee 2): ill"
    with pytest.raises(InvalidQuery):
        describe(Commit(1, bytes(32), bytes(64), bytes(32)), manifest)


def test_prepared_acts_hold_nothing_secret(tmp_path: Path) -> None:
    office = voting(tmp_path)
    desk = office.desk()
    prepared: PreparedAct = desk.sign(desk.prepare(Pause("x")), office.organizers)
    text = repr(prepared_to_json(prepared))
    assert not any(each.secret.hex() in text for each in office.organizers)
