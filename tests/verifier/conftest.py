"""Makes the verifier's folder and this one importable: neither is a package of the project."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "verifier"), str(HERE)]


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    """A small election, told to the end: its maker and its record."""
    from record_maker import ready_election
    from running import vote

    m = ready_election()
    ballots = m.ballots()
    counted = {
        row: vote(m, ballots, row, [[int(i == row % 2) for i in range(3)]]) for row in range(4)
    }
    m.block()
    m.close()
    m.tally(counted)
    return m, m.write(tmp_path_factory.mktemp("plain") / "record")
