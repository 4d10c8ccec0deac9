"""The contract, kept over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanpyo.node.http.remote import RemoteLedger
from tests.contract.ledger_contract import LedgerContract, Subject
from tests.helpers.node import founded_empty, served


class TestRemoteLedger(LedgerContract):
    @pytest.fixture
    def subject(self, tmp_path: Path) -> Iterator[Subject]:
        ledger, clock = founded_empty(tmp_path / "node")
        with ledger, served(ledger) as url, RemoteLedger(url) as remote:
            yield Subject(remote, clock)
