"""The state machine: blocks, early entries, sums, replay, and the rows that a store keeps."""

import tracemalloc

import pytest

from hanpyo import crypto
from hanpyo.election.roll import Row
from hanpyo.encoding import decode_cbor, encode_cbor
from hanpyo.errors import DamagedLedger, InvalidQuery, Rejected
from hanpyo.ledger.admission import CheckedEntry, admit
from hanpyo.ledger.entry import Cast, Close, Pause, decode_entry
from hanpyo.ledger.forms import encode_number, head_size
from hanpyo.ledger.merkle import leaf_hash, root_of
from hanpyo.ledger.roll_table import RollTable, encode_row
from hanpyo.ledger.state import LedgerState, replay
from hanpyo.ledger.view import Phase
from tests.helpers.election import Play
from tests.helpers.parties import NOW, tiny_manifest, tiny_rows

BOTH = ((1, 0), (1, 1), (2, 0))


def log_of(play: Play) -> list[bytes]:
    return list(play.ledger.entries(0, play.state.log.size))


def blocks_of(play: Play) -> list[tuple[int, int]]:
    return [(block.time_unix_s, block.size) for block in play.ledger.blocks(1)]


def fresh(entries: list[bytes], only: bytes | None = None) -> LedgerState:
    return LedgerState(entries.__getitem__, 1, only)


def busy_election() -> Play:
    """Hold an election with second ballots, replacements and a refused entry or two."""
    play = Play(rows=tiny_rows(9)).voting()
    play.add(*[play.cast(row) for row in range(9)])
    play.add(play.cast(0), play.cast(3, [[0, 1, 0], [1, 1]]), play.cast(3))
    play.add(play.replace(4, 1, *BOTH), play.replace(5, 1, *BOTH))
    play.now += 5
    play.add(play.cast(5, device=1))
    play.add(play.by_organizers(Close(play.now)))
    play.add(*[play.seal(trustee) for trustee in (1, 2, 3)])
    for contest, groups in enumerate(play.election.groups):
        for group in range(len(groups)):
            play.add(play.share(1, contest, group), play.share(3, contest, group))
            play.add(play.result(contest, group))
    play.add(play.outcome())
    return play


def expected_total(play: Play, contest: int, part: int) -> bytes:
    """Sum the counted ballots of a part anew, from the log alone."""
    election = play.election
    districts = play.manifest.contests[contest].parts(len(play.manifest.districts))[part]
    total = crypto.Sum(len(play.manifest.contests[contest].options))
    assert election.kit is not None
    for row in range(len(election.roll)):
        state = election.roll.state(row)
        styles = play.manifest.styles[state.row.style]
        if state.counted is None or state.row.district not in districts or contest not in styles:
            continue
        cast = decode_entry(next(play.ledger.entries(state.counted, state.counted + 1)))
        assert isinstance(cast, Cast)
        assert cast.credential == state.credential
        batch = election.kit.decode([(cast.style, cast.ballot)], 1)
        total.add(batch, [(0, styles.index(contest), state.row.weight)])
    return total.encode()


def test_sums_hold_exactly_the_last_ballot_of_each_current_credential() -> None:
    play = busy_election()
    for contest, parts in ((0, 2), (1, 1)):
        for part in range(parts):
            found = play.election.sums.group_total(contest, [part])
            assert found == expected_total(play, contest, part)


def test_the_log_is_the_tree_over_all_entries() -> None:
    play = busy_election()
    entries = log_of(play)
    assert play.state.log.root() == root_of(leaf_hash(entry) for entry in entries)
    closing = play.election.closing
    assert closing is not None
    assert closing.root == root_of(leaf_hash(entry) for entry in entries[: closing.size])
    body = decode_entry(entries[closing.size - 1])
    assert not isinstance(body, Cast)
    assert isinstance(body.body, Close)


def test_l18_replaying_the_log_gives_the_same_view() -> None:
    play = busy_election()
    entries = log_of(play)
    again = fresh(entries)
    replay(again, entries, blocks_of(play))
    assert again.log.root() == play.state.log.root()
    assert (again.height, again.time_unix_s) == (play.state.height, play.state.time_unix_s)
    assert list(again.view_rows()) == list(play.state.view_rows())
    assert again.view.elections.keys() == play.view.elections.keys()


def test_results_do_not_depend_on_how_a_block_was_admitted() -> None:
    play = busy_election()
    entries = log_of(play)
    for step in (1, 7, 1000):
        again = fresh(entries)
        for time, size in blocks_of(play):
            again.begin_block(time)
            while again.log.size < size:
                start = again.log.size
                items = entries[start : min(size, start + step)]
                verdicts = again.judge(admit(again.view.facts, items, 2))
                assert all(isinstance(verdict, CheckedEntry) for verdict in verdicts)
            again.end_block()
        assert list(again.view_rows()) == list(play.state.view_rows())


def test_entries_admitted_long_before_their_facts_are_admitted_again() -> None:
    play = busy_election()
    entries = log_of(play)
    state = fresh(entries)
    state.apply_block(admit(state.view.facts, entries[:1], 1), NOW)
    early = admit(state.view.facts, entries[1:], 1)
    result = state.apply_block(early, NOW + 5)
    assert len(result.accepted) == len(entries) - 1
    assert result.root == play.state.log.root()
    rows, others = dict(state.view_rows()), dict(play.state.view_rows())
    assert rows == others


def test_an_early_entry_whose_facts_never_come_is_refused() -> None:
    play, other = Play(), Play().announced()
    verdicts = admit(play.view.facts, [other.chunk(), play.gateway()], 1)
    result = play.state.apply_block(verdicts, NOW)
    refusal, accepted = result.verdicts
    assert isinstance(refusal, Rejected)
    assert refusal.check == "C06"
    assert isinstance(accepted, CheckedEntry)


def test_refused_entries_leave_no_trace() -> None:
    play = Play().voting()
    before, root = list(play.state.view_rows()), play.state.log.root()
    height = play.state.height
    for entry in (play.cast(0, sequence=9), b"junk", play.by_organizers(Pause("x"), 99)):
        play.refused(entry)
    assert list(play.state.view_rows()) == before
    assert (play.state.log.root(), play.state.height) == (root, height)


def test_a_record_s_refused_entries_stay_in_its_tree() -> None:
    play = Play().voting()
    entries = log_of(play)
    state = fresh(entries)
    replay(state, entries, blocks_of(play))
    items = [play.cast(0, sequence=9), b"junk", play.cast(1)]
    state.begin_block(NOW)
    verdicts = state.judge(admit(state.view.facts, items, 1), keep_refused=True)
    assert [isinstance(verdict, Rejected) for verdict in verdicts] == [True, True, False]
    assert state.log.root() == root_of(leaf_hash(entry) for entry in [*entries, *items])
    index = state.view.elections[play.election_id].roll.state(1).counted
    assert index == len(entries) + 2


def test_check_acceptable_changes_nothing() -> None:
    play = Play().voting()
    before = list(play.state.view_rows())
    facts = play.view.facts
    (good,), (early,) = admit(facts, [play.cast(0)], 1), admit(Play().view.facts, [play.cast(1)], 1)
    play.state.check_acceptable(good, NOW)
    play.state.check_acceptable(early, NOW)
    (bad,) = admit(facts, [play.cast(0, sequence=9)], 1)
    with pytest.raises(Rejected):
        play.state.check_acceptable(bad, NOW)
    assert list(play.state.view_rows()) == before


def test_block_1_holds_genesis_alone() -> None:
    play = Play()
    entries = [*log_of(play), play.gateway()]
    state = fresh(entries)
    with pytest.raises(InvalidQuery):
        state.apply_block(admit(state.view.facts, entries, 1), NOW)
    with pytest.raises(InvalidQuery):
        state.apply_block([], NOW)


def test_l12_block_times_never_fall() -> None:
    play = Play()
    with pytest.raises(InvalidQuery):
        play.state.begin_block(NOW - 1)
    play.state.begin_block(NOW)


def test_a_block_without_accepted_entries_is_no_block() -> None:
    play = Play().announced()
    height = play.state.height
    result = play.state.apply_block(admit(play.view.facts, [b"junk"], 1), NOW)
    assert (result.height, result.accepted, result.start) == (height, [], result.size)


def test_l11_changed_rows_keep_a_store_in_step() -> None:
    play = busy_election()
    entries = log_of(play)
    state, rows = fresh(entries), dict[bytes, bytes]()
    start = 0
    for time, size in blocks_of(play):
        state.apply_block(admit(state.view.facts, entries[start:size], 1), time)
        start = size
        for key, value in state.changed_rows():
            if value is None:
                del rows[key]
            else:
                rows[key] = value
        assert rows == dict(state.view_rows())


def test_rows_written_by_hand_are_canonical() -> None:
    play = busy_election()
    for key, value in play.state.view_rows():
        assert encode_cbor(decode_cbor(key)) == key
        assert encode_cbor(decode_cbor(value)) == value
    for number in (0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**63 - 1):
        assert encode_number(number) == encode_cbor(number)
        assert head_size(number) == len(encode_cbor(number))
    row = Row(bytes(32), 2**32 - 1, 63, 511)
    assert encode_row(row) == encode_cbor(list(row))


def test_l11_every_row_says_something_that_rules_read() -> None:
    play = busy_election()
    tables = {row[0][1:9] for row in play.state.view_rows()}
    rows = list(play.state.view_rows())
    assert len(dict(rows)) == len(rows)
    assert len(tables) >= 7


@pytest.mark.parametrize("cut", [1, 5])
def test_l10_a_log_that_does_not_fill_its_blocks_is_damaged(cut: int) -> None:
    play = busy_election()
    entries, blocks = log_of(play), blocks_of(play)
    with pytest.raises(DamagedLedger):
        replay(fresh(entries), entries[:-cut], blocks)
    with pytest.raises(DamagedLedger):
        replay(fresh(entries), entries, blocks[:-cut])


def test_l10_a_log_with_an_altered_entry_is_damaged() -> None:
    play = busy_election()
    entries, blocks = log_of(play), blocks_of(play)
    closing = play.election.closing
    assert closing is not None
    del entries[closing.size - 1]
    with pytest.raises(DamagedLedger):
        replay(fresh(entries), entries, [(time, min(size, len(entries))) for time, size in blocks])


def test_a_reader_that_gives_something_else_is_damaged() -> None:
    play = Play().voting()
    play.add(play.cast(0), play.cast(2))
    entries = log_of(play)
    for other in (entries[1], entries[-1]):  # no ballot, the ballot of another row
        state = fresh(entries)
        replay(state, entries, blocks_of(play))
        state._entry_at = lambda _index, other=other: other
        with pytest.raises(DamagedLedger):
            state.apply_block(admit(state.view.facts, [play.cast(0, sequence=2)], 1), NOW)


def test_a_record_of_several_elections_is_verified_for_one() -> None:
    play = busy_election()
    other = Play(tiny_manifest(nonce=bytes(32)))
    other.ledger, other.state, other.view = play.ledger, play.state, play.view
    other.now = play.now
    other.add(*other.parts())
    other.add(other.announce())
    other.add(other.chunk())
    entries = log_of(play)
    state = fresh(entries, only=other.election_id)
    for time, size in blocks_of(play):
        state.begin_block(time)
        items = entries[state.log.size : size]
        verdicts = state.judge(admit(state.view.facts, items, 1))
        assert all(isinstance(verdict, CheckedEntry) for verdict in verdicts)
        state.end_block()
    assert list(state.view.elections) == [other.election_id]
    assert not state.view.parts
    assert state.log.root() == play.state.log.root()
    assert state.view.elections[other.election_id].phase is Phase.DRAFT


def test_an_entry_of_another_election_is_held_to_its_schema_alone() -> None:
    play = Play().voting()
    state = fresh(log_of(play), only=bytes(32))
    replay(state, log_of(play), blocks_of(play))
    items = [play.cast(0, sequence=999), b"junk"]
    passed, junk = state.judge(admit(state.view.facts, items, 1))
    assert isinstance(passed, CheckedEntry)
    assert isinstance(junk, Rejected)


def test_memory_of_the_roll_stays_small() -> None:
    count = 20_000
    tracemalloc.start()
    table = RollTable(2)
    table.append_chunk([Row(row.to_bytes(32, "big"), 1, 0, 0) for row in range(count)])
    for row in range(count):
        table.enroll(row, row.to_bytes(32, "big"))
        table.record(row, 1, row)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used / count < 400
