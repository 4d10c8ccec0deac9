"""The memory ledger keeps the contract of every ledger."""

import pytest

from hanpyo.ledger.interface import Queued
from hanpyo.ledger.memory import MemoryLedger, OperatorKeys
from tests.contract.ledger_contract import LedgerContract, Subject
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
