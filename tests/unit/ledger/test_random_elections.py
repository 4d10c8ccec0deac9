"""Random elections: whatever order ballots and replacements come in, sums and views agree."""

from random import Random

import pytest

from hanpyo.ledger.admission import admit, admit_known
from hanpyo.ledger.entry import Close
from hanpyo.ledger.state import LedgerState
from tests.helpers.election import Play
from tests.helpers.parties import tiny_manifest, tiny_rows
from tests.unit.ledger.test_state import BOTH, blocks_of, expected_total, log_of


def random_election(seed: int) -> Play:
    """Vote, vote again and replace credentials at random, in blocks of random size."""
    random = Random(seed)
    manifest = tiny_manifest(weights="guarded", ballots_per_row=6)
    play = Play(manifest, tiny_rows(8, weight=random.randint(1, 2**20))).voting()
    devices = [0] * 8
    for _ in range(random.randint(5, 12)):
        block = []
        for row in random.sample(range(8), random.randint(1, 8)):
            recorded = play.election.roll.recorded[row]
            if random.random() < 0.2:
                devices[row] += 1
                block.append(play.replace(row, devices[row], *(BOTH if recorded else ())))
            elif recorded < 5:
                style = play.manifest.style_contests(play.rows[row].style)
                scores = [[int(random.random() < 0.5) for _ in each.options] for each in style]
                scores[0] = random.choice([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
                block.append(play.cast(row, scores, device=devices[row]))
        play.ledger.submit(block)  # a sixth replacement before voting is refused, and that is fine
        for row in range(8):
            if play.election.roll.credentials[row] != play.credential(row, devices[row]):
                devices[row] -= 1
    return play


@pytest.mark.parametrize("seed", range(6))
def test_sums_follow_from_the_counted_ballots(seed: int) -> None:
    play = random_election(seed)
    play.add(play.by_organizers(Close(play.now)))
    for contest, parts in ((0, 2), (1, 1)):
        for part in range(parts):
            found = play.election.sums.group_total(contest, [part])
            assert found == expected_total(play, contest, part), seed


@pytest.mark.parametrize("seed", range(6))
def test_l18_views_do_not_depend_on_slices(seed: int) -> None:
    play = random_election(seed)
    play.add(play.by_organizers(Close(play.now)))
    entries, random = log_of(play), Random(seed)
    state = LedgerState(entries.__getitem__, 1)
    for time, size in blocks_of(play):
        state.begin_block(time)
        while state.log.size < size:
            start = state.log.size
            data = entries[start : min(size, start + random.randint(1, 9))]
            how = random.choice([admit, admit_known])
            state.judge(how(state.view.facts, data, 1), again=how)
            if random.random() < 0.5:
                state._settle()  # as after very many ballots in one block
        state.end_block()
    assert list(state.view_rows()) == list(play.state.view_rows()), seed
    assert state.log.root() == play.state.log.root()
