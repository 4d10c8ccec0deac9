"""What every `Ledger` must do: one suite for all implementations.

A test module makes a class that inherits `LedgerContract` and gives the fixture `subject`: a
`Subject` around a ledger that was founded with `genesis_entry()` and `operator_keys()` of
`tests/helpers/election.py` and holds nothing else. Its name starts with `Test`, so pytest runs
everything here against it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from hanpyo.election.ballot import tracker_hash
from hanpyo.errors import InvalidQuery, NotYet, Rejected
from hanpyo.ledger.blocks import check_block
from hanpyo.ledger.checkpoint import check_checkpoint
from hanpyo.ledger.entry import (
    Announce,
    Cast,
    ManifestPart,
    Open,
    decode_entry,
    entry_hash,
)
from hanpyo.ledger.interface import Inclusion, Known, Ledger, Queued, Refused
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import check_consistency, check_inclusion, leaf_hash, root_of
from hanpyo.ledger.promise import check_promise, decode_promise
from hanpyo.ledger.walking import walk_membership
from tests.helpers.election import Play
from tests.helpers.parties import NOW, genesis_entry, public

WAIT_S = 20.0


@dataclass(frozen=True)
class Subject:
    """A ledger under test.

    Attributes:
        ledger: founded, empty but for genesis.
        now: tells its clock, for entries that name a time.
    """

    ledger: Ledger
    now: Callable[[], int]


class LedgerContract:
    """The suite; `subject` comes from the class that inherits it."""

    @pytest.fixture
    def ledger(self, subject: Subject) -> Ledger:
        return subject.ledger

    @pytest.fixture
    def script(self, subject: Subject) -> Play:
        """Make entries for the same ledger: a play of our own, at the ledger's time."""
        play = Play()
        play.now = max(play.now, subject.now())
        return play

    def keepers(self, ledger: Ledger) -> Membership:
        (data,) = ledger.entries(0, 1)
        return walk_membership([data])

    def recorded(self, ledger: Ledger, *entries: bytes) -> list[Inclusion]:
        """Submit entries and wait for each."""
        for verdict in ledger.submit(entries).verdicts:
            assert isinstance(verdict, Queued | Known), verdict
        return [ledger.wait(entry_hash(data), WAIT_S) for data in entries]

    def setup_entries(self, script: Play) -> list[bytes]:
        """Give entries that announce an election and publish its roll."""
        script.rolled()
        size = script.state.log.size
        return list(script.ledger.entries(1, size))

    def test_a_new_ledger_holds_genesis_alone(self, ledger: Ledger) -> None:
        checkpoint = ledger.checkpoint()
        assert checkpoint.size == 1
        assert list(ledger.entries(0, 1)) == [genesis_entry()]
        check_checkpoint(checkpoint, self.keepers(ledger))
        members = ledger.members()
        assert members.ledger_id == entry_hash(genesis_entry())
        assert members.members == self.keepers(ledger).members
        assert members.gateways == ()

    def test_a_submitted_entry_is_recorded_and_proven(self, ledger: Ledger, script: Play) -> None:
        (inclusion,) = self.recorded(ledger, script.gateway())
        checkpoint = inclusion.checkpoint
        check_checkpoint(checkpoint, self.keepers(ledger))
        leaf = leaf_hash(script.gateway())
        where = inclusion.index, checkpoint.size, inclusion.proof, checkpoint.root
        check_inclusion(leaf, *where)
        assert inclusion.index == 1
        assert ledger.members().gateways == (public("gateway"),)

    def test_entries_of_one_call_may_build_on_each_other(
        self, ledger: Ledger, script: Play
    ) -> None:
        entries = self.setup_entries(script)
        inclusions = self.recorded(ledger, *entries)
        assert [inclusion.index for inclusion in inclusions] == list(range(1, len(entries) + 1))
        assert list(ledger.entries(1, len(entries) + 1)) == entries

    def test_l14_the_same_entry_is_recorded_once(self, ledger: Ledger, script: Play) -> None:
        gateway, part = script.gateway(), script.parts()[0]
        first = ledger.submit([gateway, gateway, part]).verdicts
        assert isinstance(first[0], Queued)
        assert isinstance(first[1], Queued | Known)
        indexes = {ledger.wait(entry_hash(data), WAIT_S).index for data in (gateway, part)}
        assert indexes == {1, 2}
        again = ledger.submit([part, gateway]).verdicts
        assert [type(verdict) for verdict in again] == [Known, Known]
        assert {verdict.index for verdict in again if isinstance(verdict, Known)} == {1, 2}
        assert ledger.checkpoint().size == 3

    def test_a_malformed_entry_is_refused_at_once(self, ledger: Ledger) -> None:
        (verdict,) = ledger.submit([b"junk"]).verdicts
        assert isinstance(verdict, Refused)
        assert (verdict.check, verdict.entry_hash) == ("C06", entry_hash(b"junk"))
        assert verdict.why

    def test_what_a_rule_refuses_is_told_at_once_or_by_wait(
        self, ledger: Ledger, script: Play
    ) -> None:
        part = script.parts()[0]
        script.add(part)
        announce = script.announce()
        self.refused(ledger, announce, "C09")
        self.recorded(ledger, part, announce)

    def refused(self, ledger: Ledger, entry: bytes, check: str) -> None:
        (verdict,) = ledger.submit([entry]).verdicts
        if isinstance(verdict, Refused):
            assert verdict.check == check
            return
        assert isinstance(verdict, Queued)
        with pytest.raises(Rejected) as caught:
            ledger.wait(entry_hash(entry), WAIT_S)
        assert caught.value.check == check

    def test_verdicts_come_in_the_order_of_submission(self, ledger: Ledger, script: Play) -> None:
        gateway = script.gateway()
        entries = [b"junk", gateway, b"more junk"]
        verdicts = ledger.submit(entries).verdicts
        assert [verdict.entry_hash for verdict in verdicts] == [entry_hash(e) for e in entries]
        assert isinstance(verdicts[1], Queued)
        assert ledger.wait(entry_hash(gateway), WAIT_S).index == 1

    def test_nothing_or_too_much_at_once_makes_no_sense(self, ledger: Ledger) -> None:
        with pytest.raises(InvalidQuery):
            ledger.submit([])
        with pytest.raises(InvalidQuery):
            ledger.submit([b"junk"] * 1001)

    def test_waiting_for_an_entry_that_never_comes_ends(self, ledger: Ledger) -> None:
        with pytest.raises(NotYet):
            ledger.wait(bytes(32), 0.05)

    def test_a_listed_gateway_promises(self, ledger: Ledger, script: Play) -> None:
        self.recorded(ledger, script.gateway())
        part = script.parts()[0]
        (verdict,) = ledger.submit([part]).verdicts
        assert isinstance(verdict, Queued)
        assert verdict.promise is not None
        promise = decode_promise(verdict.promise)
        check_promise(promise, ledger.members().ledger_id, ledger.members().gateways)
        assert promise.entry_hash == entry_hash(part)
        index = ledger.wait(entry_hash(part), WAIT_S).index
        assert promise.size <= index
        for block in ledger.blocks(1):
            assert block.size > index or block.time_unix_s < promise.time_unix_s

    def test_every_inclusion_and_consistency_holds(self, ledger: Ledger, script: Play) -> None:
        self.recorded(ledger, *self.setup_entries(script))
        size = ledger.checkpoint().size
        leaves = [leaf_hash(data) for data in ledger.entries(0, size)]
        roots = [root_of(leaves[:count]) for count in range(size + 1)]
        assert ledger.checkpoint().root == roots[size]
        for index in range(size):
            for count in {index + 1, size}:
                proof = ledger.inclusion(index, count)
                check_inclusion(leaves[index], index, count, proof, roots[count])
        for old in range(1, size + 1):
            proof = ledger.consistency(old, size)
            check_consistency(old, roots[old], size, roots[size], proof)

    def test_queries_beyond_the_log_make_no_sense(self, ledger: Ledger) -> None:
        for query in (
            lambda: ledger.inclusion(1, 1),
            lambda: ledger.inclusion(-1, 1),
            lambda: ledger.inclusion(0, 2),
            lambda: ledger.consistency(0, 1),
            lambda: ledger.consistency(1, 2),
            lambda: list(ledger.entries(0, 2)),
            lambda: list(ledger.entries(-1, 1)),
            lambda: list(ledger.entries(1, 0)),
            lambda: list(ledger.blocks(0)),
        ):
            with pytest.raises(InvalidQuery):
                query()

    def test_blocks_lead_from_genesis_to_the_checkpoint(self, ledger: Ledger, script: Play) -> None:
        for entry in self.setup_entries(script):
            self.recorded(ledger, entry)
        keepers, size = self.keepers(ledger), ledger.checkpoint().size
        leaves = [leaf_hash(data) for data in ledger.entries(0, size)]
        blocks = list(ledger.blocks(1))
        assert [block.height for block in blocks] == list(range(1, len(blocks) + 1))
        assert (blocks[0].size, blocks[-1].size) == (1, size)
        for block in blocks:
            check_block(block, keepers)
            assert block.root == root_of(leaves[: block.size])
        times = [block.time_unix_s for block in blocks]
        assert times == sorted(times)
        assert list(ledger.blocks(2)) == blocks[1:]
        assert list(ledger.blocks(len(blocks) + 1)) == []

    def test_look_ups_name_the_entries_of_an_election(self, ledger: Ledger, script: Play) -> None:
        script.rolled().keyed()
        script.add(script.by_organizers(Open(NOW)))
        ballots = [script.cast(0), script.cast(1), script.cast(0)]
        entries = list(script.ledger.entries(1, script.state.log.size))
        self.recorded(ledger, *entries, *ballots)
        log = list(ledger.entries(0, ledger.checkpoint().size))
        name = script.election_id
        kinds = {Announce.kind, Cast.kind}
        expected = [
            index
            for index, data in enumerate(log)
            for entry in [decode_entry(data)]
            if entry.scope == name and entry.kind in kinds
        ]
        assert ledger.find(name, kinds) == expected
        parts = ledger.find(name, [ManifestPart.kind])
        assert [log[index] for index in parts] == script.parts()
        assert [log[index] for index in ledger.find_row(name, 0)][1:] == [ballots[0], ballots[2]]
        assert ledger.find_row(name, 10**6) == []
        for data in ballots:
            assert ledger.find_hash(entry_hash(data)) == log.index(data)
            cast = decode_entry(data)
            assert isinstance(cast, Cast)
            start = tracker_hash(name, cast.ballot)[:15]
            assert ledger.find_tracker(name, start) == log.index(data)
        assert ledger.find_hash(bytes(32)) is None
        assert ledger.find_tracker(name, bytes(15)) is None
