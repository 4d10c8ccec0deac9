"""L18: the same log gives the same root and view, whatever machine replays it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import hanpyo
from hanpyo.ledger.entry import Close
from tests.helpers.node import QuickPlay
from tests.helpers.parties import tiny_manifest, tiny_rows

PROGRAM = """
import locale, sys, time
from hashlib import sha256
from pathlib import Path
from hanpyo.node.storage.replay import Replay
from hanpyo.node.storage.store import Store

try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:  # not installed here: then this run says nothing new
    pass
time.tzset()
folder, threads = Path(sys.argv[1]), int(sys.argv[2])
store = Store(folder / "ledger.sqlite")
replay = Replay(store, folder / "public", threads=threads)
replay.run()
rows = sorted(replay.state.view_rows())
print(replay.state.log.root().hex(), sha256(repr(rows).encode()).hexdigest(), len(rows))
store.close()
"""
HASH_SEEDS = 20
BLOCKS, BLOCKS_NIGHTLY = 100, 1_000
PLACES = (
    {"TZ": "Asia/Seoul", "LC_ALL": "ko_KR.UTF-8"},
    {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
)


def make_log(folder: Path, blocks: int) -> None:
    """Fill a ledger: an election in which everybody changes the vote, up to its outcome."""
    rows = tiny_rows(max(6, blocks // 3))
    play = QuickPlay(folder, tiny_manifest(), rows)
    play.voting()
    for vote in range(blocks):
        play.add(play.cast(vote % len(rows)))
    play.now += 60
    play.add(play.by_organizers(Close(play.now)))
    trustees = play.election.ceremony.trustees
    play.add(*[play.seal(trustee) for trustee in trustees])
    for contest, groups in enumerate(play.election.groups):
        for group in range(len(groups)):
            play.add(*[play.share(trustee, contest, group) for trustee in trustees])
            play.add(play.result(contest, group))
    play.add(play.outcome())
    play.node.close()


def replayed(folder: Path, python: str = sys.executable, threads: int = 1, **setting: str) -> str:
    """Replay in a process of its own; give root, digest of the view rows, and their number."""
    path = [each for each in sys.path if each]
    if python != sys.executable:  # it has its own library, and none of our packages
        path = [
            str(Path(__file__).parent / "other_pythons"),
            str(Path(hanpyo.__file__).parent.parent),
        ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path), **setting}
    command = [python, "-c", PROGRAM, str(folder), str(threads)]
    done = subprocess.run(command, check=False, capture_output=True, env=environment, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def other_pythons() -> Iterator[str]:
    """Find every other Python of this machine that is new enough, once each version."""
    folders = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep)]
    folders += Path.home().glob(".pyenv/versions/*/bin")
    seen = {sys.version_info[:2]}
    found = {path for folder in folders for path in folder.glob("python3.*")}
    for python in sorted(path for path in found if path.suffix[1:].isdigit()):
        code = "import sys; print(*sys.version_info[:2])"
        done = subprocess.run([python, "-c", code], check=False, capture_output=True, text=True)
        version = tuple(map(int, done.stdout.split()))
        if done.returncode == 0 and version >= (3, 11) and version not in seen:
            seen.add(version)
            yield str(python)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    path = tmp_path_factory.mktemp("l18") / "node"
    nightly = request.config.getoption("--nightly")
    make_log(path, BLOCKS_NIGHTLY if nightly else BLOCKS)
    return path


@pytest.fixture(scope="module")
def due(folder: Path) -> str:
    return replayed(folder, PYTHONHASHSEED="0")


@pytest.mark.parametrize("hash_seed", range(1, HASH_SEEDS + 1))
def test_l18_the_hash_seed_changes_nothing(folder: Path, due: str, hash_seed: int) -> None:
    assert replayed(folder, PYTHONHASHSEED=str(hash_seed)) == due


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["LC_ALL"])
def test_l18_time_zone_and_locale_change_nothing(
    folder: Path, due: str, place: dict[str, str]
) -> None:
    assert replayed(folder, **place) == due


def test_l18_the_number_of_threads_changes_nothing(folder: Path, due: str) -> None:
    assert replayed(folder, threads=4) == due


def test_l18_every_python_of_this_machine_agrees(folder: Path, due: str) -> None:
    pythons = list(other_pythons())
    if not pythons:
        pytest.skip("there is one Python here that is new enough")
    assert {python: replayed(folder, python) for python in pythons} == dict.fromkeys(pythons, due)
