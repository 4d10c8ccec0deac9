"""The embedded ledger beyond the contract: time, batches, restarts, alarms."""

import threading
import time
from pathlib import Path

import pytest

from hanpyo.errors import DamagedLedger, InvalidFile, InvalidQuery, NotYet, Rejected
from hanpyo.ledger.entry import NO_SCOPE, Announce, Cast, Close, Gateway, ManifestPart, entry_hash
from hanpyo.ledger.interface import Later, Queued, Refused
from hanpyo.ledger.promise import decode_promise
from hanpyo.node import gateway as gateway_module
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.embedded.start import found
from hanpyo.node.embedded.writer import COSIGN_SECONDS
from hanpyo.node.ledger import NodeLedger
from hanpyo.node.storage.check import check_ledger
from hanpyo.node.storage.folder import NodeFolder, new_operator
from tests.helpers.node import OPERATOR, PATIENCE_S, NodePlay, QuickPlay
from tests.helpers.parties import public, tiny_manifest, tiny_rows


@pytest.fixture
def play(tmp_path: Path) -> NodePlay:
    return NodePlay(tmp_path / "node")


def voting(path: Path, rows: int = 6) -> QuickPlay:
    play = QuickPlay(path, tiny_manifest(), tiny_rows(rows))
    play.voting()
    return play


# --- founding and opening ---


def test_a_new_ledger_has_genesis_and_its_gateway(play: NodePlay) -> None:
    with play.node as ledger:
        assert [block.size for block in ledger.blocks(1)] == [1, 2]
        assert ledger.members().gateways == (public("gateway"),)
        assert ledger.members().members == (OPERATOR.member,)


def test_a_folder_is_founded_once(tmp_path: Path) -> None:
    EmbeddedLedger.create(tmp_path / "node", new_operator("A")).close()
    with pytest.raises(InvalidQuery, match="not empty"):
        EmbeddedLedger.create(tmp_path / "node", new_operator("A"))


def test_one_process_holds_a_ledger(play: NodePlay) -> None:
    with play.node, pytest.raises(InvalidQuery, match="another process"):
        EmbeddedLedger.open(play.folder)
    EmbeddedLedger.open(play.folder, play.clock).close()


def test_a_founding_cut_short_lists_the_gateway_at_the_next_start(tmp_path: Path) -> None:
    from tests.helpers.node import founded_empty

    ledger, clock = founded_empty(tmp_path / "node")
    ledger.close()
    with EmbeddedLedger.open(tmp_path / "node", clock) as again:
        assert again.members().gateways == (OPERATOR.gateway,)


def test_a_ledger_whose_keys_are_others_does_not_open(play: NodePlay, tmp_path: Path) -> None:
    play.node.close()
    other = tmp_path / "other"
    found(NodeFolder(other), new_operator("Other"), play.clock)
    (play.folder / "operator.json").write_bytes((other / "operator.json").read_bytes())
    with pytest.raises(DamagedLedger, match=r"operator\.json"):
        EmbeddedLedger.open(play.folder, play.clock)


def test_a_ledger_without_its_keys_does_not_open_and_lets_the_folder_go(play: NodePlay) -> None:
    play.node.close()
    (play.folder / "operator.json").unlink()
    for _ in range(2):
        with pytest.raises(InvalidFile):
            EmbeddedLedger.open(play.folder, play.clock)
    assert check_ledger(play.folder).is_sound  # needs no key


# --- blocks and time ---


def test_a_lone_entry_is_recorded_fast(play: NodePlay) -> None:
    with play.node as ledger:
        times = []
        for part in range(5):
            entry = play.act(ManifestPart(bytes(32), part, b"x"), (0, 0), scope=NO_SCOPE)
            time.sleep(0.06)
            start = time.monotonic()
            (verdict,) = ledger.submit([entry]).verdicts
            ledger.wait(verdict.entry_hash, PATIENCE_S)
            times.append(time.monotonic() - start)
        assert min(times) < 0.1, times


def test_entries_that_come_together_share_a_block(play: NodePlay) -> None:
    entries = [play.act(ManifestPart(bytes(32), n, b"x"), (0, 0), scope=NO_SCOPE) for n in range(9)]
    with play.node as ledger:
        verdicts = ledger.submit(entries).verdicts
        ledger.wait(verdicts[-1].entry_hash, PATIENCE_S)
        assert [block.size for block in ledger.blocks(1)] == [1, 2, 11]


def test_block_time_follows_the_clock_and_never_falls(play: NodePlay) -> None:
    for move in (0, 5, -100, 3):
        play.now += move
        play.add(*play.parts()) if move == 0 else play.node.submit([b"junk"])
    play.now += 1_000
    play.add(play.announce())
    play.now -= 5_000
    play.add(play.chunk())
    with play.node as ledger:
        times = [block.time_unix_s for block in ledger.blocks(1)]
        assert times == sorted(times)
        assert times[-1] == times[-2]
        assert ledger.checkpoint().timestamp_unix_s >= times[-1]


def test_the_newest_state_is_cosigned_again(play: NodePlay) -> None:
    with play.node as ledger:
        first = ledger.checkpoint()
        play.now += COSIGN_SECONDS
        deadline = time.monotonic() + PATIENCE_S
        while ledger.checkpoint() == first and time.monotonic() < deadline:
            time.sleep(0.02)
        again = ledger.checkpoint()
        assert (again.size, again.root) == (first.size, first.root)
        assert again.timestamp_unix_s == play.now
        assert len(list(ledger.blocks(1))) == 2


def test_no_cosignature_is_older_than_one_before_a_restart(play: NodePlay) -> None:
    with play.node as ledger:
        signed = ledger.checkpoint().timestamp_unix_s
    play.now -= 500
    with EmbeddedLedger.open(play.folder, play.clock) as ledger:
        assert ledger.checkpoint().timestamp_unix_s >= signed


def test_promises_tell_size_and_time(play: NodePlay) -> None:
    with play.node as ledger:
        (verdict,) = ledger.submit(play.parts()).verdicts
        assert isinstance(verdict, Queued)
        assert verdict.promise is not None
        promise = decode_promise(verdict.promise)
        assert (promise.size, promise.time_unix_s) == (2, play.now + NodeLedger.promise_s)


# --- the queue ---


def test_an_entry_may_build_on_one_that_waits(tmp_path: Path) -> None:
    """A ballot handed in right after the entry that opens the ledger for it is not refused."""
    play = NodePlay(tmp_path / "node")
    with play.node as ledger:
        verdicts = [
            *ledger.submit(play.parts()).verdicts,
            *ledger.submit([play.announce()]).verdicts,
        ]
        chunk = play.act(_chunk(play), (2, 0), number=0)  # its election is not announced yet: early
        verdicts += ledger.submit([chunk]).verdicts
        for verdict in verdicts:
            assert isinstance(verdict, Queued), verdict
            ledger.wait(verdict.entry_hash, PATIENCE_S)
        assert len(play.election.roll) == len(play.rows)


def _chunk(play: NodePlay):  # type: ignore[no-untyped-def]
    from hanpyo.ledger.entry import RollChunk

    return RollChunk(0, tuple(play.rows))


def test_an_early_entry_on_an_idle_ledger_is_refused_at_once(tmp_path: Path) -> None:
    play = NodePlay(tmp_path / "node")
    with play.node as ledger:
        (verdict,) = ledger.submit([play.act(_chunk(play), (2, 0), number=0)]).verdicts
        assert isinstance(verdict, Refused)
        assert verdict.check == "C06"


def test_a_full_queue_takes_no_more_and_keeps_the_order(
    play: NodePlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_module, "QUEUE_ENTRIES_MAX", 3)
    entries = [play.act(ManifestPart(bytes(32), n, b"x"), (0, 0), scope=NO_SCOPE) for n in range(9)]
    with play.node as ledger:
        verdicts = ledger.submit(entries).verdicts
        assert [type(verdict) for verdict in verdicts] == [Queued] * 3 + [Later] * 6
        for verdict in verdicts[:3]:
            ledger.wait(verdict.entry_hash, PATIENCE_S)
        rest = ledger.submit(entries[3:6]).verdicts
        assert [type(verdict) for verdict in rest] == [Queued] * 3


def test_a_queue_has_a_limit_in_bytes(play: NodePlay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "QUEUE_BYTES_MAX", 1_000)
    entries = [
        play.act(ManifestPart(bytes(32), n, bytes(400)), (0, 0), scope=NO_SCOPE) for n in range(3)
    ]
    with play.node as ledger:
        verdicts = ledger.submit(entries).verdicts
        assert [type(verdict) for verdict in verdicts] == [Queued, Later, Later]


def test_what_is_queued_is_written_before_closing(play: NodePlay) -> None:
    entries = [play.act(ManifestPart(bytes(32), n, b"x"), (0, 0), scope=NO_SCOPE) for n in range(9)]
    play.node.submit(entries)
    play.node.close()
    with EmbeddedLedger.open(play.folder, play.clock) as ledger:
        assert all(ledger.find_hash(entry_hash(entry)) is not None for entry in entries)


def test_a_closed_ledger_takes_nothing(play: NodePlay) -> None:
    play.node.close()
    with pytest.raises(InvalidQuery, match="closed"):
        play.node.submit([b"junk"])


def test_a_refusal_is_told_to_whoever_waits_and_whoever_asks_later(tmp_path: Path) -> None:
    play = voting(tmp_path / "node")
    with play.node as ledger:
        entry = play.cast(0, sequence=99)
        caught: list[Rejected] = []

        def wait() -> None:
            try:
                ledger.wait(entry_hash(entry), PATIENCE_S)
            except Rejected as refusal:
                caught.append(refusal)

        early = threading.Thread(target=wait)
        early.start()
        time.sleep(0.05)
        (verdict,) = ledger.submit([entry]).verdicts
        assert isinstance(verdict, Queued)
        early.join()
        wait()
        assert [refusal.check for refusal in caught] == ["C16", "C16"]


def test_waiting_leaves_nothing_behind(play: NodePlay) -> None:
    with play.node as ledger:
        with pytest.raises(NotYet):
            ledger.wait(bytes(32), 0.01)
        assert ledger.gateway._watchers == {}


def test_many_threads_may_submit_at_once(tmp_path: Path) -> None:
    play = voting(tmp_path / "node", rows=60)
    ballots = [play.cast(row) for row in range(60)]
    with play.node as ledger:
        threads = [threading.Thread(target=ledger.submit, args=([ballot],)) for ballot in ballots]
        for thread in threads:
            thread.start()
        indexes = {ledger.wait(entry_hash(ballot), PATIENCE_S).index for ballot in ballots}
        for thread in threads:
            thread.join()
        assert len(indexes) == 60
    assert check_ledger(play.folder).is_sound


# --- failures ---


def test_a_failing_disk_stops_the_node_for_good(
    play: NodePlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with play.node as ledger:
        size = ledger.head.size
        monkeypatch.setattr(ledger._writer.store, "append_block", fail)
        (verdict,) = ledger.submit(play.parts()).verdicts
        with pytest.raises(DamagedLedger, match="No space"):
            ledger.wait(verdict.entry_hash, PATIENCE_S)
        assert ledger.has_crashed
        with pytest.raises(DamagedLedger):
            ledger.submit([b"junk"])
        with pytest.raises(DamagedLedger):
            ledger.checkpoint()
        assert ledger.head.size == size
    with EmbeddedLedger.open(play.folder, play.clock) as ledger:
        assert ledger.head.size == size


@pytest.mark.parametrize("keep", ["last-checkpoint", "public/checkpoint"])
def test_a_database_set_back_is_noticed_and_nothing_is_signed(tmp_path: Path, keep: str) -> None:
    play = voting(tmp_path / "node")
    play.node.close()
    database = play.folder / "ledger.sqlite"
    older = database.read_bytes()
    play.node = EmbeddedLedger.open(play.folder, play.clock)
    ballot = play.cast(0)
    play.add(ballot)
    play.node.close()
    newer = database.read_bytes()
    database.write_bytes(older)
    for name in {"last-checkpoint", "public/checkpoint"} - {keep}:
        (play.folder / name).unlink()
    signed = (play.folder / keep).read_bytes()
    with EmbeddedLedger.open(play.folder, play.clock) as ledger:
        assert ledger.alarm is not None
        assert "set back" in str(ledger.alarm)
        with pytest.raises(DamagedLedger, match="set back"):
            ledger.submit([ballot])
        with pytest.raises(DamagedLedger, match="set back"):
            ledger.checkpoint()
        assert len(list(ledger.entries(0, ledger.head.size))) == ledger.head.size  # still readable
        play.now += 10 * COSIGN_SECONDS
        time.sleep(1.2)
    assert (play.folder / keep).read_bytes() == signed
    assert not check_ledger(play.folder).is_sound
    database.write_bytes(newer)
    with EmbeddedLedger.open(play.folder, play.clock) as ledger:  # until it does again
        assert ledger.alarm is None
        assert ledger.find_hash(entry_hash(ballot)) is not None


def test_public_files_are_completed_from_the_database(tmp_path: Path) -> None:
    import shutil

    play = voting(tmp_path / "node")
    play.node.close()
    public_folder = play.folder / "public"
    before = {p: p.read_bytes() for p in public_folder.rglob("*") if p.is_file()}
    shutil.rmtree(public_folder)
    EmbeddedLedger.open(play.folder, play.clock).close()
    after = {p: p.read_bytes() for p in public_folder.rglob("*") if p.is_file()}
    assert after == before  # the clock stood still, so even the checkpoint is the same


# --- look-ups ---


def test_entries_are_found_by_kind_row_hash_and_tracker(tmp_path: Path) -> None:
    from hanpyo.election.ballot import TRACKER_BYTES, tracker_hash
    from hanpyo.ledger.entry import decode_entry

    play = voting(tmp_path / "node")
    first, other, second = play.cast(0), play.cast(1), play.cast(0)
    indexes = play.add(first, other, second)
    play.now += 60
    (close,) = play.add(play.by_organizers(Close(play.now)))
    for reopened in (False, True):
        ledger = play.reopen() if reopened else play.node
        election = play.election_id
        assert ledger.find(election, [Cast.kind]) == indexes
        assert ledger.find(NO_SCOPE, [Gateway.kind]) == [1]
        assert ledger.find(election, [ManifestPart.kind, Announce.kind]) == [2, 3]
        assert ledger.find(election, [Close.kind, Cast.kind]) == [*indexes, close]
        assert ledger.find(bytes([1]) * 32, [Cast.kind]) == []
        (enrolled,) = ledger.find(election, [11])
        assert ledger.find_row(election, 0) == [enrolled, indexes[0], indexes[2]]
        assert ledger.find_row(election, 2) == [enrolled]
        assert ledger.find_row(election, 10_000) == []
        assert ledger.find_hash(entry_hash(second)) == indexes[2]
        assert ledger.find_hash(bytes(32)) is None
        cast = decode_entry(other)
        assert isinstance(cast, Cast)
        start = tracker_hash(election, cast.ballot)[:TRACKER_BYTES]
        assert ledger.find_tracker(election, start) == indexes[1]
        assert ledger.find_tracker(election, bytes(TRACKER_BYTES)) is None
    play.node.close()
