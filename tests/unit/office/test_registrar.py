"""The registrar: who holds the invitation gets the row, once; a replacement names the old X."""

from dataclasses import replace
from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile, InvalidQuery, Rejected
from hanpyo.ledger.entry import Cast, Open, Replace, encode_entry
from hanpyo.office.desk import Desk
from hanpyo.office.registrar import Handed, Registrar
from tests.helpers.offices import Office
from tests.helpers.parties import seed


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.seal()
    return office


def registrar(office: Office) -> tuple[Desk, Registrar]:
    desk = office.desk()
    return desk, Registrar(desk, office.registrar, office.private.read())


def handed(office: Office, row: int, device: int = 0) -> Handed:
    return Handed(f"request-{row}.json", office.request(row, device))


def enroll(office: Office, *rows: int) -> None:
    desk, me = registrar(office)
    desk.send(me.enroll([handed(office, row) for row in rows]))


def test_requests_are_enrolled(office: Office) -> None:
    enroll(office, 3, 1)
    for row in (1, 3):
        assert office.desk().row_now(row) == (office.request(row).credential, False)
    assert office.desk().row_now(0) == (None, False)


def test_bad_requests_are_all_listed_and_nobody_is_enrolled(office: Office) -> None:
    good = handed(office, 0)
    of_another = replace(office.request(2), election_id=seed("other"))
    beyond = replace(office.request(2), row=99)
    not_invited = replace(office.request(1), code=seed("guess"))
    unproven = office.request(1)
    stolen = office.request(3)
    requests = [
        good,
        Handed("a", of_another),
        Handed("b", beyond),
        Handed("c", not_invited),
        Handed("d", replace(stolen, row=4)),
        handed(office, 1),
        Handed("e", unproven),
    ]
    _, me = registrar(office)
    with pytest.raises(InvalidFile) as caught:
        me.enroll(requests)
    assert str(caught.value).splitlines() == [
        "a: the request is for another election",
        "b: the roll has no row 99",
        "c: whoever asks does not hold the invitation of row 1",
        "d: whoever asks does not hold the invitation of row 4",
        "request-1.json: row 1 is asked for in c as well",
        "e: row 1 is asked for in c as well",
    ]
    assert office.desk().row_now(0) == (None, False)


def test_a_credential_without_its_secret_is_refused(office: Office) -> None:
    """Somebody who holds the invitation asks for the X of somebody else."""
    from hanpyo.election.papers import invitation_code

    victim = office.request(2).credential
    mine = office.request(1)
    code = invitation_code(office.invitation(1).salt, victim, mine.possession)
    _, me = registrar(office)
    with pytest.raises(InvalidFile, match="credential's secret does not hold"):
        me.enroll([Handed("x", replace(mine, credential=victim, code=code))])


def test_a_row_is_enrolled_once(office: Office) -> None:
    enroll(office, 1)
    with pytest.raises(InvalidFile, match="row 1 has a credential already"):
        enroll(office, 1)


def test_large_batches_are_cut(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hanpyo.office.registrar.BATCH_MAX", 2)
    desk, me = registrar(office)
    entries = me.enroll([handed(office, row) for row in (4, 2, 0)])
    assert len(entries) == 2
    desk.send(entries)
    assert all(office.desk().row_now(row)[0] for row in (0, 2, 4))


def test_a_lost_credential_is_replaced_by_the_registrar_alone(office: Office) -> None:
    enroll(office, 1)
    desk, me = registrar(office)
    prepared = me.replace(handed(office, 1, device=1))
    assert desk.missing(prepared.act) == []
    desk.send_act(prepared.act)
    assert office.desk().row_now(1)[0] == office.request(1, 1).credential


def vote(office: Office, row: int) -> None:
    """Record a ballot of a row, as its device 0."""
    from hanpyo import crypto

    play = office.play
    play.keyed()
    play.add(play.by_organizers(Open(play.now)))
    secret = crypto.credential_secret(seed("device", row, 0))
    X, kit = crypto.credential_public(secret), play.election.kit
    style = play.election.roll.styles[row]
    assert kit is not None
    scores = [[1] + [0] * (len(each.options) - 1) for each in play.manifest.style_contests(style)]
    ballot = kit.prove(style, X, seed("ballot"), scores)
    signature = crypto.sign_ballot(secret, seed("r"), play.election_id, style, 1, ballot)
    play.add(encode_entry(Cast(play.election_id, style, X, 1, ballot, signature)))


def test_e32_a_row_that_voted_is_replaced_with_organizers_only(office: Office) -> None:
    enroll(office, 1)
    vote(office, 1)
    assert office.desk().row_now(1)[1]
    desk, me = registrar(office)
    prepared = me.replace(handed(office, 1, device=1))
    assert desk.missing(prepared.act) == ["2 more organizers"]
    with pytest.raises(Rejected):
        desk.send_act(prepared.act)
    prepared = desk.sign(prepared, office.organizers[1:])
    desk.send_act(prepared.act)
    assert office.play.election.roll.state(1).counted is None
    with pytest.raises(InvalidQuery, match="stale: the row has another credential"):
        office.desk().check_current(prepared.act)


def test_what_cannot_be_replaced_is_explained(office: Office) -> None:
    _, me = registrar(office)
    with pytest.raises(InvalidQuery, match="row 1 has no credential yet"):
        me.replace(handed(office, 1))
    enroll(office, 1)
    _, me = registrar(office)
    with pytest.raises(InvalidQuery, match="row 1 has this very credential"):
        me.replace(handed(office, 1))
    with pytest.raises(InvalidFile, match="whoever asks does not hold"):
        me.replace(Handed("request-2.json", replace(office.request(2), code=bytes(32))))
    assert isinstance(me.replace(handed(office, 1, 1)).act.body, Replace)


def test_another_registrar_is_refused(office: Office) -> None:
    with pytest.raises(InvalidQuery, match="this election has another registrar"):
        Registrar(office.desk(), office.organizers[0], [])
