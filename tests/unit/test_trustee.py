"""A trustee's machine: the ceremony's steps, complaints, one seal, shares."""

from dataclasses import replace

import pytest

from hanpyo import crypto, trustee
from hanpyo.election.ceremony import Step
from hanpyo.election.manifest import Party, Trustees
from hanpyo.errors import InvalidConsistency, InvalidDeal, InvalidFile, InvalidQuery, NotYet
from hanpyo.ledger.entry import Act, Close, Complain, Deal, Drop, Open, decode_entry
from hanpyo.ledger.view import Closing
from hanpyo.trustee import SealRecord, Trustee
from tests.helpers.election import Play
from tests.helpers.parties import seed, tiny_manifest


def seed_of(index: int) -> bytes:
    return seed("trustee machine", index)


def draw(count: int) -> bytes:
    return seed("drawn")[:count]


class Machines(Play):
    """An election whose trustees are the product's own machines."""

    def __init__(self, threshold: int = 2, least: int = 2, count: int = 3) -> None:
        keys = [trustee.public_key(seed_of(index)) for index in range(1, count + 1)]
        parties = tuple(Party(f"Trustee {n}", key) for n, key in enumerate(keys, 1))
        super().__init__(tiny_manifest(trustees=Trustees(threshold, least, parties)))

    def announced(self) -> "Machines":
        super().announced()
        return self

    def at(self, index: int) -> Trustee:
        return trustee.find_trustee(self.ledger_id, self.election, seed_of(index))

    def next(self, index: int) -> None:
        """Do what is due."""
        me = self.at(index)
        match trustee.due(me):
            case Step.COMMIT:
                self.add(*trustee.commit(me, draw))
            case Step.REVEAL:
                self.add(*trustee.reveal(me, draw))
            case Step.DEAL:
                self.add(*trustee.deal(me))
            case Step.CONFIRM:
                self.add(*trustee.confirm(me))

    def hold_ceremony(self) -> "Machines":
        while not self.election.ceremony.is_complete:
            for index in list(self.election.ceremony.trustees):
                self.next(index)
        return self

    def close_voting(self) -> "Machines":
        self.rolled()
        self.hold_ceremony()
        self.add(self.by_organizers(Open(self.now)))
        self.add(*[self.cast(row) for row in range(len(self.rows))])
        self.add(self.by_organizers(Close(self.now)))
        return self

    def seal_as(self, index: int, kept: SealRecord | None = None) -> SealRecord:
        me = self.at(index)
        record = trustee.check_seal(me, kept)
        self.add(*trustee.seal(me, record))
        return record


def broken_deal(entry: bytes, play: Machines, index: int) -> bytes:
    """Sign a deal again with one byte of its ciphertext changed."""
    act = decode_entry(entry)
    assert isinstance(act, Act)
    assert isinstance(act.body, Deal)
    ciphertext = bytes([act.body.ciphertext[0] ^ 1]) + act.body.ciphertext[1:]
    (signed,) = play.at(index).sign(replace(act.body, ciphertext=ciphertext))
    return signed


def test_machines_make_a_key_and_decrypt_the_totals() -> None:
    play = Machines().close_voting()
    for index in (1, 2, 3):
        play.seal_as(index)
    for index in (1, 3):
        play.add(*trustee.decrypt(play.at(index), draw))
    for contest, groups in enumerate(play.election.groups):
        play.add(*[play.result(contest, group) for group in range(len(groups))])
    play.add(play.outcome())
    totals = [result.totals for result in play.election.results.values()]
    assert totals == [(2, 0, 0), (4, 0, 0), (3, 0)]


def test_a_step_waits_for_the_one_before() -> None:
    play = Machines().announced()
    with pytest.raises(NotYet, match="first comes 'commit', which waits for trustee 1, 2, 3"):
        trustee.reveal(play.at(1), draw)
    play.next(1)
    assert trustee.due(play.at(1)) is None
    assert trustee.due(play.at(2)) is Step.COMMIT
    with pytest.raises(InvalidQuery, match="has done the step 'commit' already"):
        trustee.commit(play.at(1), draw)


def test_interrupted_dealing_goes_on_where_it_stopped() -> None:
    play = Machines().announced()
    for _ in range(2):
        for index in (1, 2, 3):
            play.next(index)
    first, second = trustee.deal(play.at(1))
    play.add(first)
    assert trustee.deal(play.at(1)) == [second]


def dealt_badly() -> Machines:
    """Go on until trustee 2 has dealt trustee 3 something broken, and all have dealt."""
    play = Machines().announced()
    for _ in range(2):
        for index in (1, 2, 3):
            play.next(index)
    to_1, to_3 = trustee.deal(play.at(2))
    play.add(to_1)
    play.add(broken_deal(to_3, play, 2))
    for index in (1, 3):
        play.add(*trustee.deal(play.at(index)))
    return play


def test_e09_a_bad_deal_is_found_and_its_dealer_dropped() -> None:
    play = dealt_badly()
    assert trustee.bad_dealers(play.at(1)) == []
    assert trustee.bad_dealers(play.at(3)) == [2]
    with pytest.raises(InvalidDeal, match="what trustee 2 dealt to trustee 3"):
        trustee.confirm(play.at(3))
    play.add(*trustee.complain(play.at(3), 2, draw))
    assert play.election.ceremony.dropped == (2,)
    with pytest.raises(InvalidQuery, match="trustee 2 was dropped"):
        trustee.due(play.at(2))
    play.hold_ceremony()
    assert play.election.joint_key is not None
    assert play.election.joint_key.trustees == (1, 3)


def test_e09_a_machine_files_no_false_complaint_and_a_false_one_drops_its_author() -> None:
    play = dealt_badly()
    with pytest.raises(InvalidQuery, match="a complaint would drop you"):
        trustee.complain(play.at(3), 1, draw)
    me, other = play.at(3), play.election.ceremony.trustees[1]
    point, proof = crypto.complain(
        seed_of(3), me.ceremony.ceremony_id, 1, 3, other.transport, draw(32)
    )
    play.add(*me.sign(Complain(1, 1, point, proof)))
    assert play.election.ceremony.dropped == (3,)


def test_complaining_of_nothing_is_refused() -> None:
    play = Machines().announced()
    with pytest.raises(NotYet, match="trustee 2 has dealt nothing to trustee 1"):
        trustee.complain(play.at(1), 2, draw)


def test_a_failed_ceremony_says_so() -> None:
    play = Machines(threshold=3, least=3).announced()
    play.add(play.by_organizers(Drop(1, 3, "gone")))
    with pytest.raises(InvalidQuery, match="the ceremony has failed"):
        trustee.due(play.at(1))


def test_e30_nothing_derived_repeats_in_the_next_attempt() -> None:
    play = dealt_badly()
    before = play.election.ceremony.trustees[1]
    play.add(*trustee.complain(play.at(3), 2, draw))
    play.hold_ceremony()
    after = play.election.ceremony.trustees[1]
    assert after.key == before.key
    assert after.transport != before.transport
    old = {before.points[at : at + 32] for at in range(0, len(before.points), 32)}
    assert not old & {after.points[at : at + 32] for at in range(0, len(after.points), 32)}


def test_a_stranger_is_no_trustee() -> None:
    play = Machines().announced()
    with pytest.raises(InvalidQuery, match="not among the trustees"):
        trustee.find_trustee(play.ledger_id, play.election, seed_of(9))


def test_shares_wait_for_seals() -> None:
    play = Machines().close_voting()
    play.seal_as(1)
    play.seal_as(2)
    with pytest.raises(NotYet, match="until enough trustees have sealed"):
        trustee.decrypt(play.at(1), draw)
    play.seal_as(3)
    assert trustee.decrypt(play.at(1), draw)


def test_nothing_is_sealed_before_the_end() -> None:
    play = Machines().announced()
    with pytest.raises(NotYet, match="voting has not ended: the election is draft"):
        trustee.check_seal(play.at(1), None)


def test_a_seal_is_given_once() -> None:
    play = Machines().close_voting()
    record = play.seal_as(1)
    assert trustee.check_seal(play.at(1), record) == record
    assert trustee.seal(play.at(1), record) == []


def test_e28_a_machine_seals_one_root_only() -> None:
    record = Machines().close_voting().seal_as(1)
    fork = Machines()
    fork.rolled()
    fork.hold_ceremony()
    fork.add(fork.by_organizers(Open(fork.now)))
    fork.add(*[fork.cast(row) for row in range(1, len(fork.rows))])  # one ballot less
    fork.add(fork.by_organizers(Close(fork.now)))
    assert fork.election.election_id == record.election_id
    with pytest.raises(InvalidConsistency, match="this machine has sealed size"):
        trustee.check_seal(fork.at(1), record)


def test_a_seal_record_survives_its_file() -> None:
    record = SealRecord(seed("election"), Closing(17, seed("root")))
    assert trustee.seal_from_json(trustee.seal_to_json(record), "seal.json") == record
    for broken in ({}, {"election": "00", "root": "00", "size": 1}, []):
        with pytest.raises(InvalidFile, match=r"seal\.json"):
            trustee.seal_from_json(broken, "seal.json")


def test_secrets_are_not_shown() -> None:
    play = Machines().announced()
    assert seed_of(1).hex() not in repr(play.at(1))
    assert repr(seed_of(1)) not in repr(play.at(1))
