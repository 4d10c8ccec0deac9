"""An observer: what it copies, and every alarm that it has to raise (E12; lying sources, L17)."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from hanpyo.errors import ElectionError, InvalidQuery, NotYet, Unreachable
from hanpyo.ledger.block_proofs import encode_proof
from hanpyo.ledger.blocks import Block
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.conflict import check_conflict
from hanpyo.ledger.interface import Ledger
from hanpyo.node.observing.observer import PROOF_TRIES, STALE_SECONDS, ObservedLedger, Observer
from tests.helpers.consortium import MemberPlay
from tests.helpers.engine import EnginePlay
from tests.helpers.node import Clock
from tests.helpers.parties import NOW, tiny_manifest


class Source:
    """A node from which the observer copies; each test bends one answer of it."""

    def __init__(self, play: MemberPlay) -> None:
        self.play = play
        self.is_down = False
        self.bend_checkpoint: Callable[[Checkpoint], Checkpoint] = lambda each: each
        self.bend_block: Callable[[Block], Block] = lambda each: each
        self.bend_entry: Callable[[int, bytes], bytes] = lambda _, data: data
        self.bend_proofs: Callable[[Sequence[bytes]], Sequence[bytes]] = lambda each: each

    def checkpoint(self) -> Checkpoint:
        if self.is_down:
            raise Unreachable("nobody answers")
        return self.bend_checkpoint(self.play.ledger.checkpoint())

    def blocks(self, start_height: int) -> Iterator[Block]:
        return (self.bend_block(block) for block in self.play.ledger.blocks(start_height))

    def proofs(self, start_height: int) -> Iterator[bytes]:
        found = [encode_proof(proof) for proof in EnginePlay(self.play).proofs()]
        yield from self.bend_proofs(found[start_height - 1 :])

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        for index, data in enumerate(self.play.ledger.entries(start, stop), start):
            yield self.bend_entry(index, data)


class Watch:
    """An observer at its work.

    Attributes:
        alarms: what it raised.
    """

    def __init__(self, folder: Path, *sources: Source) -> None:
        self.clock = Clock(sources[0].play.now)
        self.alarms: list[ElectionError] = []
        self.folder = folder
        self.ledger = ObservedLedger.open(folder, self.clock, 1)
        ledgers = cast("Sequence[Ledger]", sources)
        self.observer = Observer(self.ledger, ledgers, self.clock, self.alarms.append)

    def alarm(self) -> str:
        """Look once more; give what the alarm says."""
        assert not self.observer.look()
        (error,) = self.alarms
        assert self.ledger.alarm is error
        with pytest.raises(type(error)):
            self.ledger.checkpoint()
        return str(error)

    def copied(self) -> int:
        """Look; give how much the copy holds, all being well."""
        assert self.observer.look(), self.alarms
        return self.ledger.head.size


@pytest.fixture
def play() -> MemberPlay:
    made = MemberPlay(4, manifest=tiny_manifest())
    made.voting()
    made.add(made.cast(0))
    return made


@pytest.fixture
def source(play: MemberPlay) -> Source:
    return Source(play)


@pytest.fixture
def watch(tmp_path: Path, source: Source) -> Iterator[Watch]:
    made = Watch(tmp_path / "copy", source)
    yield made
    made.ledger.close()


def test_it_copies_everything_and_goes_on_after_a_new_start(
    play: MemberPlay, source: Source, watch: Watch, tmp_path: Path
) -> None:
    size = play.state.log.size
    assert not watch.observer.is_up_to_date
    assert watch.copied() == size
    assert watch.observer.is_up_to_date
    assert list(watch.ledger.entries(0, size)) == list(play.ledger.entries(0, size))
    watch.ledger.close()
    play.add(play.cast(1))
    again = Watch(tmp_path / "copy", source)
    assert again.copied() == size + 1
    assert again.ledger.checkpoint().root == play.state.log.root()
    again.ledger.close()


def test_what_was_copied_is_shown_when_no_source_is_left(
    play: MemberPlay, source: Source, watch: Watch, tmp_path: Path
) -> None:
    size = watch.copied()
    watch.ledger.close()
    source.is_down = True
    again = Watch(tmp_path / "copy", source)
    assert again.ledger.checkpoint() == play.ledger.checkpoint()
    assert list(again.ledger.entries(0, size)) == list(play.ledger.entries(0, size))
    again.ledger.close()
    path = tmp_path / "copy" / "public" / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n%d\n" % size, b"\n%d\n" % (size - 1)))
    Watch(tmp_path / "copy", source).ledger.close()  # of another size: nothing is shown
    path.write_bytes(b"junk")
    with pytest.raises(ElectionError, match="checkpoint was changed"):
        Watch(tmp_path / "copy", source)


def test_it_takes_no_entries(watch: Watch, play: MemberPlay) -> None:
    with pytest.raises(NotYet, match="nothing has been copied"):
        watch.ledger.checkpoint()
    with pytest.raises(InvalidQuery, match="takes no entries"):
        watch.ledger.submit([play.cast(2)])


def test_members_that_change_are_followed(play: MemberPlay, watch: Watch) -> None:
    play.add(play.join())
    assert watch.copied()
    play.add(play.leave(2))
    play.add(play.rotate(1, 1))
    assert watch.copied() == play.state.log.size


def edited(index: int) -> Callable[[int, bytes], bytes]:
    return lambda at, data: data[:-1] + bytes([data[-1] ^ 1]) if at == index else data


def test_an_edited_entry_of_a_source_is_named(watch: Watch, source: Source) -> None:
    source.bend_entry = edited(3)
    assert "entry 3" in watch.alarm()


def test_an_edited_entry_of_the_own_copy_is_named(watch: Watch) -> None:
    watch.copied()
    with sqlite3.connect(watch.folder / "ledger.sqlite") as database:
        database.execute("UPDATE entries SET data = zeroblob(99) WHERE number = 4")
    database.close()
    assert "entry 4 was changed" in watch.alarm()


def test_two_logs_are_kept_as_proof(play: MemberPlay, source: Source, watch: Watch) -> None:
    watch.copied()
    other = MemberPlay(4, manifest=tiny_manifest())
    other.voting()
    other.add(other.cast(1))
    assert other.state.log.size == play.state.log.size
    source.play = other
    assert "two logs" in watch.alarm()
    (path,) = watch.folder.glob("*.conflict")
    assert len(check_conflict(path.read_bytes())) >= 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("root", bytes(32), "another root"),
        ("time_unix_s", NOW + 5, "not shown to be agreed on"),
        ("engine_height", 99, "not shown to be agreed on"),
        ("engine_height", None, "no engine height"),
        ("height", 90, "does not follow"),
    ],
)
def test_a_lie_about_a_block_is_found(
    watch: Watch, source: Source, field: str, value: object, said: str
) -> None:
    source.bend_block = lambda block: (
        replace(block, **{field: value}) if block.height == 2 else block  # type: ignore[arg-type]
    )
    assert said in watch.alarm()


def test_a_lie_about_the_size_is_found(watch: Watch, source: Source) -> None:
    source.bend_block = lambda block: (
        replace(block, size=block.size + 500) if block.height == 3 else block
    )
    assert "does not follow" in watch.alarm()


def test_a_wrong_proof_is_found(watch: Watch, source: Source) -> None:
    source.bend_proofs = lambda proofs: [proofs[0], proofs[0], *proofs[2:]]
    assert "block 2 is not shown to be agreed on" in watch.alarm()


def test_a_proof_that_never_comes_is_an_alarm(watch: Watch, source: Source) -> None:
    source.bend_proofs = lambda proofs: proofs[:1]
    for _ in range(PROOF_TRIES):
        assert watch.copied() == 0
        assert not watch.observer.is_up_to_date
    assert "proof of block 2 is withheld" in watch.alarm()


def test_a_checkpoint_without_a_quorum_is_found(watch: Watch, source: Source) -> None:
    source.bend_checkpoint = lambda each: replace(each, lines=each.lines[:2])
    assert "the checkpoint of size" in watch.alarm()


def test_a_ledger_that_has_stopped_is_an_alarm(watch: Watch) -> None:
    watch.copied()
    watch.clock.now_unix_s += STALE_SECONDS
    assert watch.observer.look()
    watch.clock.now_unix_s += 10
    assert "has stopped" in watch.alarm()


def test_a_source_that_is_behind_or_down_is_no_alarm(play: MemberPlay, tmp_path: Path) -> None:
    behind = MemberPlay(4, manifest=tiny_manifest())
    slow, good = Source(behind), Source(play)
    watch = Watch(tmp_path / "copy", good, slow)
    size = watch.copied()
    good.is_down = True
    assert watch.copied() == size  # nobody answered: the next one is asked from now on
    assert watch.copied() == size  # and is behind
    slow.is_down, good.is_down = True, False
    watch.copied()
    play.add(play.cast(3))
    assert watch.copied() == size + 1
    watch.ledger.close()
