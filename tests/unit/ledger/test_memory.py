"""The memory ledger keeps the contract of every ledger."""

import pytest

from hanpyo.ledger.blocks import check_block
from hanpyo.ledger.checkpoint import check_checkpoint
from hanpyo.ledger.interface import Queued
from hanpyo.ledger.memory import MemoryLedger, OperatorKeys
from tests.contract.ledger_contract import LedgerContract, Subject
from tests.helpers.consortium import MemberPlay
from tests.helpers.election import Play
from tests.helpers.parties import NOW, genesis_entry, operator_keys, signer


class TestMemoryLedger(LedgerContract):
    @pytest.fixture
    def subject(self) -> Subject:
        ledger = MemoryLedger(genesis_entry(), operator_keys(), lambda: NOW)
        return Subject(ledger, lambda: NOW)


def test_a_ledger_without_gateway_promises_nothing() -> None:
    keys = OperatorKeys(signer("member", 0), signer("cosigner", 0))
    ledger = MemoryLedger(genesis_entry(), keys, lambda: NOW)
    (verdict,) = ledger.submit([Play().gateway()]).verdicts
    assert isinstance(verdict, Queued)
    assert verdict.promise is None


def test_a_consortium_s_members_cosign_and_its_blocks_have_the_engine_s_heights() -> None:
    play = MemberPlay()
    play.announced()
    play.add(play.rotate(0, 1))
    checkpoint = play.ledger.checkpoint()
    check_checkpoint(checkpoint, play.membership)
    assert len(checkpoint.cosignatures) == 4
    blocks = list(play.ledger.blocks(1))
    assert [block.engine_height for block in blocks] == list(range(len(blocks)))
    assert not any(block.cosignature for block in blocks)
    assert play.ledger.members().members == play.membership.members


def test_the_block_that_hands_a_ledger_over_is_still_the_operator_s() -> None:
    play = MemberPlay(1, is_single=True)
    play.announced()
    operator = play.membership
    play.add(play.hand_over())
    play.add(play.join())
    play.add(play.rotate(1, 1))
    *before, last, first, second = play.ledger.blocks(1)
    for block in (*before, last):
        assert block.engine_height is None
        check_block(block, operator)
    assert [(block.cosignature, block.engine_height) for block in (first, second)] == [
        (None, 1),
        (None, 2),
    ]
    check_checkpoint(play.ledger.checkpoint(), play.membership)
