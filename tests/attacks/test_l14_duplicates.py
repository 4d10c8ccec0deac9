"""L14: the same ballots come again and again, shuffled, from many sides: each is recorded once."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hanpyo.errors import Rejected
from hanpyo.ledger.checkpoint import check_checkpoint
from hanpyo.ledger.entry import entry_hash
from hanpyo.ledger.interface import Known, Queued
from hanpyo.ledger.merkle import check_inclusion, leaf_hash
from hanpyo.ledger.promise import check_promise, decode_promise
from hanpyo.node.http.remote import RemoteLedger
from tests.helpers.node import PATIENCE_S, QuickPlay, served
from tests.helpers.parties import tiny_manifest, tiny_rows

ROWS = 40
TIMES = 10
SIDES = 4


def test_l14_duplicates_from_many_sides_make_one_record(tmp_path: Path) -> None:
    play = QuickPlay(tmp_path / "node", tiny_manifest(), tiny_rows(ROWS))
    play.voting()
    before = play.node.head.size
    ballots = [play.cast(row) for row in range(ROWS)]
    chance = random.Random(14)
    floods = [chance.sample(ballots, ROWS) for _ in range(TIMES)]
    with play.node, served(play.node) as url, RemoteLedger(url) as remote:
        sides = [play.node if number % 2 else remote for number in range(TIMES)]
        with ThreadPoolExecutor(SIDES) as pool:
            admissions = list(pool.map(lambda side, flood: side.submit(flood), sides, floods))
        indexes = {
            ballot: play.node.wait(entry_hash(ballot), PATIENCE_S).index for ballot in ballots
        }
        assert sorted(indexes.values()) == list(range(before, before + ROWS))
        assert play.node.head.size == before + ROWS
        members = play.node.members()
        for flood, admission in zip(floods, admissions, strict=True):
            for ballot, verdict in zip(flood, admission.verdicts, strict=True):
                assert verdict.entry_hash == entry_hash(ballot)
                if isinstance(verdict, Known):
                    assert verdict.index == indexes[ballot]
                else:
                    assert isinstance(verdict, Queued)
                    assert verdict.promise is not None
                    promise = decode_promise(verdict.promise)
                    check_promise(promise, members.ledger_id, members.gateways)
                    assert promise.entry_hash == entry_hash(ballot)
                    assert promise.size <= indexes[ballot]
        for ballot in ballots:  # whoever asks gets the same proof, from any side
            own, other = (side.wait(entry_hash(ballot), PATIENCE_S) for side in (play.node, remote))
            assert own == other
            check_checkpoint(own.checkpoint, play.node._writer.membership)
            leaf, checkpoint = leaf_hash(ballot), own.checkpoint
            check_inclusion(leaf, own.index, checkpoint.size, own.proof, checkpoint.root)
        again = play.node.submit(ballots).verdicts
        assert [type(verdict) for verdict in again] == [Known] * ROWS


def test_l14_a_duplicate_after_a_restart_is_known(tmp_path: Path) -> None:
    play = QuickPlay(tmp_path / "node")
    play.voting()
    ballot = play.cast(0)
    (index,) = play.add(ballot)
    with play.reopen() as ledger:
        (verdict,) = ledger.submit([ballot]).verdicts
        assert verdict == Known(entry_hash(ballot), index)


def test_l14_an_older_ballot_after_a_newer_one_is_refused(tmp_path: Path) -> None:
    play = QuickPlay(tmp_path / "node")
    play.voting()
    older, newer = play.cast(0), play.cast(0)
    play.add(newer)
    with play.node:
        (verdict,) = play.node.submit([older]).verdicts
        assert isinstance(verdict, Queued)
        with pytest.raises(Rejected, match="sequence") as caught:
            play.node.wait(verdict.entry_hash, PATIENCE_S)
        assert caught.value.check == "C16"
        assert play.node.find_hash(entry_hash(older)) is None
