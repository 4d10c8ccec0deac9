"""The contract, kept by the operator's own process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.ledger_contract import LedgerContract, Subject
from tests.helpers.node import founded_empty


class TestEmbeddedLedger(LedgerContract):
    @pytest.fixture
    def subject(self, tmp_path: Path) -> Iterator[Subject]:
        ledger, clock = founded_empty(tmp_path / "node")
        with ledger:
            yield Subject(ledger, clock)
