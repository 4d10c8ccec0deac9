"""A member's node without its engine: what it keeps, signs, publishes, and says of itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanpyo.errors import InvalidQuery, NotYet
from hanpyo.ledger.checkpoint import Checkpoint, make_cosignature
from hanpyo.ledger.entry import entry_hash
from hanpyo.ledger.interface import Queued, Refused
from hanpyo.node.chain.start import found_log
from hanpyo.node.clerk import Clerk
from hanpyo.node.consortium.exchange import COSIGN_SECONDS
from hanpyo.node.consortium.ledger import ConsensusLedger
from hanpyo.node.engine.rpc import EngineRpc
from hanpyo.node.http.status import status
from hanpyo.node.storage.disk import PUBLIC, write_durably
from hanpyo.node.storage.folder import NodeFolder, write_operator
from tests.helpers.chain import member_operator
from tests.helpers.consortium import MemberPlay, consortium_entry, key_of, sign_with
from tests.helpers.node import Clock
from tests.helpers.parties import tiny_manifest


@pytest.fixture
def clock() -> Clock:
    return Clock()


def founded(folder: Path, number: int = 0) -> NodeFolder:
    node = NodeFolder(folder)
    node.create(member_operator(number))
    write_durably(node.founding, consortium_entry(), PUBLIC)
    found_log(node)
    node.release()
    return node


def opened(folder: Path, clock: Clock) -> ConsensusLedger:
    made = ConsensusLedger.open(folder, EngineRpc(folder / "none.sock"), [], clock)
    made.start()
    return made


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[ConsensusLedger]:
    founded(tmp_path / "node")
    with opened(tmp_path / "node", clock) as made:
        yield made


def cosigned(ledger: ConsensusLedger, number: int, clock: Clock) -> Checkpoint:
    """Let another member cosign the ledger's newest state."""
    own = ledger.exchange.cosignatures.gathered()
    assert own is not None
    membership, sign = ledger.exchange.membership, sign_with(key_of("cosigner", number))
    line = make_cosignature(membership, number, own.size, own.root, clock(), sign)
    return Checkpoint(own.origin, own.size, own.root, (line,))


def test_nothing_is_shown_before_a_quorum_has_signed(ledger: ConsensusLedger, clock: Clock) -> None:
    with pytest.raises(NotYet, match="no quorum"):
        ledger.checkpoint()
    ledger.exchange.cosignatures.add(cosigned(ledger, 1, clock))
    with pytest.raises(NotYet):
        ledger.checkpoint()
    ledger.exchange.cosignatures.add(cosigned(ledger, 2, clock))
    assert ledger.checkpoint().size == 1
    assert status(ledger)["missing"] == ["Member 3"]


def test_an_idle_ledger_stays_fresh(ledger: ConsensusLedger, clock: Clock) -> None:
    clerk, before = Clerk(ledger, clock), clock()
    for number in (1, 2):
        ledger.exchange.cosignatures.add(cosigned(ledger, number, clock))
    clock.now_unix_s += COSIGN_SECONDS
    clerk.tick()
    own = ledger.exchange.cosignatures.gathered()
    assert own is not None
    assert max(line.timestamp_unix_s for line in own.cosignatures) == clock()
    assert ledger.checkpoint().timestamp_unix_s == before  # the others have not signed anew
    for number in (1, 2):
        ledger.exchange.cosignatures.add(cosigned(ledger, number, clock))
    assert ledger.checkpoint().timestamp_unix_s == clock()


def test_what_was_acknowledged_waits_for_the_engine_through_a_crash(
    tmp_path: Path, clock: Clock
) -> None:
    node = founded(tmp_path / "node")
    play = MemberPlay(4, manifest=tiny_manifest())
    part = play.parts()[0]
    with opened(node.root, clock) as ledger:
        (verdict,) = ledger.submit([part]).verdicts
        assert isinstance(verdict, Queued)
        (verdict,) = ledger.submit([part[:-1]]).verdicts
        assert isinstance(verdict, Refused)
    with opened(node.root, clock) as ledger:
        assert [data for _, data in ledger._journal.waiting()] == [part]
        (verdict,) = ledger.submit([part]).verdicts
        assert isinstance(verdict, Queued)
        with pytest.raises(NotYet):
            ledger.wait(entry_hash(part), 0.1)


def test_keys_of_no_member_follow_and_sign_nothing(tmp_path: Path, clock: Clock) -> None:
    node = founded(tmp_path / "node")
    write_operator(node.operator, member_operator(7))
    with opened(node.root, clock) as ledger:
        assert ledger.exchange.own_number is None
        assert status(ledger)["number"] is None
        with pytest.raises(InvalidQuery, match="no member's"):
            assert ledger.number
        clock.now_unix_s += 100
        ledger.cosign_again()
        assert ledger.exchange.cosignatures.gathered() is None
        Clerk(ledger, clock).tick()  # it lists no gateway either


def test_next_keys_are_taken_up_once_the_ledger_names_them(tmp_path: Path, clock: Clock) -> None:
    node = founded(tmp_path / "node")
    own = node.operator.read_bytes()
    renewed = node.renew_operator()
    assert renewed.gateway == node.load_operator().gateway
    assert not set(renewed.validator.keys) & set(node.load_operator().validator.keys)
    with pytest.raises(InvalidQuery, match="there already"):
        node.renew_operator()
    opened(node.root, clock).close()
    assert node.operator.read_bytes() == own, "the ledger does not name them yet"
    assert node.next_operator.stat().st_mode & 0o777 == 0o600
    write_operator(node.next_operator, member_operator(0))
    write_operator(node.operator, member_operator(7))
    opened(node.root, clock).close()
    assert node.operator.read_bytes() == own
    assert not node.next_operator.exists()
