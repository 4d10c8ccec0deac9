"""Clusters for fault tests; where the engine was not built, they are skipped with a word."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanpyo.errors import EngineMissing
from hanpyo.node.engine.process import find_engine
from hanpyo.rehearsal.cluster import Cluster


@pytest.fixture(autouse=True)
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let only one cluster run at a time, whatever process runs the other tests."""
    path = tmp_path_factory.getbasetemp().parent / "cluster.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture
def engine() -> Path:
    """Give the consensus engine's program."""
    try:
        return find_engine()
    except EngineMissing as error:
        pytest.skip(f"{error}: {error.hint}")


@pytest.fixture
def cluster(tmp_path: Path, engine: Path) -> Iterator[Cluster]:
    """Found four nodes; the test starts them."""
    assert engine.is_file()
    with Cluster.found(tmp_path / "cluster") as made:
        yield made
