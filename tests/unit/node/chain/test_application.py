"""The application under the engine: the same blocks give the same state, whatever happens between.

Covers the application's side of L12 (clocks), L18 (machines) and L19 (a crash at each call).
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from hanpyo.errors import DamagedLedger
from hanpyo.ledger.entry import Act, Cast, decode_entry, encode_entry
from hanpyo.node.abci.messages import abci
from hanpyo.node.consortium.batches import BATCH_BYTES_MAX, encode_batch
from tests.helpers.chain import SALT, Chain, Step, election_steps
from tests.helpers.parties import NOW

# The root after `election_steps`, on every machine.
GOLDEN = "da36b0cd01fdbfbf493620d78bb346d02f9d6b119481bd9cbf6ec2b68d31adcc"
PROGRAM = """
import sys
from pathlib import Path
from tests.helpers.chain import Chain, election_steps
print(Chain(Path(sys.argv[1])).run(election_steps()).hex())
"""


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    return election_steps()


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Callable[..., Chain]]:
    """Found logs of members of one ledger."""
    made: list[Chain] = []
    numbers = count()

    def make(**parts: object) -> Chain:
        made.append(Chain(tmp_path / f"node-{next(numbers)}", **parts))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for chain in made:
        chain.close()


def root(chain: Chain) -> bytes:
    answer: bytes = chain.application.info(abci.RequestInfo()).last_block_app_hash
    return answer


def damaged(entry: bytes) -> bytes:
    """Give a ballot whose signature no longer holds."""
    cast = decode_entry(entry)
    assert isinstance(cast, Cast)
    return encode_entry(
        replace(cast, signature=bytes([cast.signature[0] ^ 1]) + cast.signature[1:])
    )


def ballots(steps: list[Step]) -> list[bytes]:
    return [data for _, entries in steps for data in entries if not is_act(data)]


def is_act(data: bytes) -> bool:
    return isinstance(decode_entry(data), Act)


def test_golden(found: Callable[..., Chain], steps: list[Step]) -> None:
    assert found().run(steps).hex() == GOLDEN


def test_batching_and_empty_blocks_change_nothing(
    found: Callable[..., Chain], steps: list[Step]
) -> None:
    other = found()
    for time_unix_s, entries in steps:
        other.block(time_unix_s)
        other.block(time_unix_s, *(encode_batch([entry], SALT) for entry in entries))
    assert root(other) == found().run(steps)


@pytest.mark.parametrize(
    "place",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Seoul", "LC_ALL": "ko_KR.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
        {"PYTHONHASHSEED": "3", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONUTF8": "0"},
    ],
)
def test_l18_no_machine_gives_another_hash(tmp_path: Path, place: dict[str, str]) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **place}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "node")]
    done = subprocess.run(command, check=True, capture_output=True, env=environment, text=True)
    assert done.stdout.strip() == GOLDEN


@pytest.mark.parametrize("ahead_s", [-3_600, 3_600, 10**9])
def test_l12_a_nodes_own_clock_decides_nothing(
    found: Callable[..., Chain], steps: list[Step], ahead_s: int
) -> None:
    assert found(clock=lambda: NOW + ahead_s).run(steps).hex() == GOLDEN


def test_l12_block_time_never_falls(found: Callable[..., Chain], steps: list[Step]) -> None:
    chain = found()
    chain.block(NOW + 50, encode_batch(steps[0][1], SALT))
    chain.block(NOW - 50, encode_batch(steps[1][1], SALT))
    times = [block.time_unix_s for block in chain.keeper.store.blocks(1)]
    assert times == sorted(times)


@pytest.mark.parametrize("dies", ["before commit", "after commit", "twice before commit"])
def test_l19_a_crash_at_each_call_changes_nothing(
    found: Callable[..., Chain], steps: list[Step], dies: str
) -> None:
    chain = found()
    for time_unix_s, entries in steps:
        batch, height = encode_batch(entries, SALT), chain.keeper.engine_height
        first = chain.finalize(time_unix_s, batch)
        for _ in range({"before commit": 1, "after commit": 0}.get(dies, 2)):
            chain.crash()
            assert chain.application.info(abci.RequestInfo()).last_block_height == height
            assert chain.finalize(time_unix_s, batch) == first
        chain.commit()
        if dies == "after commit":
            chain.crash()
        assert root(chain) == first
    assert root(chain).hex() == GOLDEN


def test_l19_a_block_given_twice_is_decided_once(
    found: Callable[..., Chain], steps: list[Step]
) -> None:
    chain, (time_unix_s, entries) = found(), steps[0]
    batch = encode_batch(entries, SALT)
    assert chain.finalize(time_unix_s, batch) == chain.finalize(time_unix_s, batch, height=1)
    with pytest.raises(DamagedLedger, match="another block"):
        chain.finalize(time_unix_s, height=1)
    chain.commit()
    with pytest.raises(DamagedLedger, match="out of turn"):
        chain.finalize(time_unix_s, batch, height=1)
    with pytest.raises(DamagedLedger, match="not decided"):
        chain.commit()


def test_a_refused_entry_leaves_no_trace(found: Callable[..., Chain], steps: list[Step]) -> None:
    chain, other = found(), found()
    first = ballots(steps)[0]
    for time_unix_s, entries in steps:
        # A ballot before its time, and one whose signature is broken, stand in every block.
        chain.block(time_unix_s, encode_batch([damaged(first), *entries, *entries], SALT))
        other.block(time_unix_s, encode_batch(entries, SALT))
    assert root(chain) == root(other)


def test_what_no_correct_node_sends_is_refused(
    found: Callable[..., Chain], steps: list[Step]
) -> None:
    chain = found()
    first = ballots(steps)[0]
    voting = next(place for place, (_, entries) in enumerate(steps) if not is_act(entries[0]))
    chain.run(steps[:voting])
    good = encode_batch([first], SALT)
    bad = [
        b"",
        SALT,
        b"junk" * 10,
        encode_batch([damaged(first)], SALT),
        bytes(BATCH_BYTES_MAX + 1),
    ]
    statuses = abci.ResponseProcessProposal
    for batch in bad:
        assert chain.application.check_tx(abci.RequestCheckTx(tx=batch)).code != 0
        request = abci.RequestProcessProposal(txs=[good, batch])
        assert chain.application.process_proposal(request).status == statuses.REJECT
    assert chain.application.check_tx(abci.RequestCheckTx(tx=good)).code == 0
    request = abci.RequestProcessProposal(txs=[good])
    assert chain.application.process_proposal(request).status == statuses.ACCEPT
    limits = abci.RequestPrepareProposal(txs=[*bad, good, good], max_tx_bytes=len(good) + 100)
    assert len(chain.application.prepare_proposal(limits).txs) <= 1
    # If all the same more than a third of the validators lie, nothing of it counts.
    before = root(chain)
    chain.block(NOW + 100, *bad[:3])
    assert root(chain) == before


def test_the_engine_of_another_ledger_is_refused(found: Callable[..., Chain]) -> None:
    chain = found()
    membership = chain.keeper.state.view.membership
    assert membership is not None
    good = abci.RequestInitChain(chain_id=membership.chain_id)
    assert chain.application.init_chain(good).app_hash == chain.keeper.state.log.root()
    with pytest.raises(DamagedLedger, match="not this ledger's"):
        chain.application.init_chain(abci.RequestInitChain(chain_id="0" * 32))
