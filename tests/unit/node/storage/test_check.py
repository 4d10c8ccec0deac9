"""`ledger check` names what differs, changes nothing, and checks the proofs again."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from hanpyo.errors import InvalidQuery
from hanpyo.ledger.admission import admit
from hanpyo.ledger.block_proofs import encode_proof
from hanpyo.ledger.entry import Cast, decode_entry, encode_entry
from hanpyo.ledger.state import LedgerState
from hanpyo.node.storage.check import CheckReport, check_ledger
from hanpyo.node.storage.store import Store, create_database
from tests.helpers.chain import Chain, election_steps
from tests.helpers.consortium import MemberPlay
from tests.helpers.engine import EnginePlay, record_of
from tests.helpers.node import QuickPlay
from tests.helpers.parties import tiny_manifest


@pytest.fixture
def play(tmp_path: Path) -> QuickPlay:
    play = QuickPlay(tmp_path / "node")
    play.voting()
    play.add(play.cast(0), play.cast(1))
    return play


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_sound_ledger_has_no_faults_and_is_not_changed(play: QuickPlay) -> None:
    head = play.node.head
    play.node.close()
    before = contents(play.folder / "public")
    steps: list[tuple[int, int]] = []
    report = check_ledger(play.folder, 1, lambda done, total: steps.append((done, total)))
    assert report == CheckReport(head.size, head.height, ())
    assert steps[-1] == (head.size, head.size)
    assert contents(play.folder / "public") == before


def test_a_running_node_is_not_checked(play: QuickPlay) -> None:
    with play.node, pytest.raises(InvalidQuery, match="another process"):
        check_ledger(play.folder)


def test_a_folder_without_a_ledger_is_none(tmp_path: Path) -> None:
    assert not check_ledger(tmp_path).is_sound
    with pytest.raises(InvalidQuery):
        check_ledger(tmp_path / "nothing")


def test_a_proof_that_a_start_would_believe_is_checked_again(tmp_path: Path) -> None:
    """An operator who writes a ballot with a false proof past its own admission is found out."""
    from hanpyo.ledger.admission import admit_known

    play = QuickPlay(tmp_path / "node")
    play.voting()
    cast = decode_entry(play.cast(0))
    assert isinstance(cast, Cast)
    signature = bytes([cast.signature[0] ^ 1]) + cast.signature[1:]
    forged = encode_entry(
        Cast(cast.election, cast.style, cast.credential, cast.sequence, cast.ballot, signature)
    )
    writer = play.node._writer
    writer.write_block(admit_known(writer.state.view.facts, [forged], 1))
    index = play.node.head.size - 1
    play.reopen()  # believes what it checked once
    play.node.close()
    (fault,) = check_ledger(play.folder).faults
    assert f"entry {index}" in fault


def test_all_faulty_files_are_named(play: QuickPlay) -> None:
    play.node.close()
    public = play.folder / "public"
    (bundle,) = (public / "tile/entries").glob("000.p/*")
    bundle.write_bytes(bundle.read_bytes()[:-1])
    (public / "checkpoint").write_bytes(b"x")
    (play.folder / "last-checkpoint").write_bytes(b"")
    faults = check_ledger(play.folder).faults
    assert [
        "tile/entries" in faults[0],
        "last-" in faults[1],
        "public/checkpoint" in faults[2],
    ] == [True] * 3
    assert (public / "checkpoint").read_bytes() == b"x"


def test_a_database_of_others_is_a_fault(play: QuickPlay) -> None:
    play.node.close()
    database = sqlite3.connect(play.folder / "ledger.sqlite")
    database.execute("PRAGMA application_id = 7")
    database.commit()
    database.close()
    assert check_ledger(play.folder).faults == ("ledger.sqlite is no ledger's database",)


def test_a_members_folder_is_checked_too(tmp_path: Path) -> None:
    chain = Chain(tmp_path / "node")
    chain.run(election_steps())
    size, height = chain.keeper.store.size, chain.keeper.store.height
    chain.close()
    chain.folder.release()
    assert check_ledger(tmp_path / "node") == CheckReport(size, height, ())
    with sqlite3.connect(tmp_path / "node" / "ledger.sqlite") as database:
        database.execute("UPDATE entries SET data = zeroblob(9) WHERE number = 3")
    database.close()
    assert not check_ledger(tmp_path / "node").is_sound


def test_a_changed_block_proof_is_named(tmp_path: Path) -> None:
    play = MemberPlay(4, manifest=tiny_manifest())
    play.voting()
    files = record_of(play)
    for name, data in files.items():
        path = tmp_path / "node" / "public" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    database = tmp_path / "node" / "ledger.sqlite"
    create_database(database)
    store = Store(database)
    state = LedgerState(store.entry, 1)
    entries = list(play.ledger.entries(0, play.state.log.size))
    for block in play.ledger.blocks(1):
        data_of = entries[store.size : block.size]
        state.apply_block(admit(state.view.facts, data_of, 1), block.time_unix_s)
        store.append_block(block, data_of, state.changed_rows())
    proofs = EnginePlay(play).proofs()
    for height, proof in enumerate(proofs, 1):
        store.append_proof(height, encode_proof(proof))
    store.close()
    assert check_ledger(tmp_path / "node").faults == ()
    changed = encode_proof(replace(proofs[4], round=proofs[4].round + 1))
    with sqlite3.connect(database) as writer:
        writer.execute("UPDATE proofs SET data = ? WHERE height = 5", (changed,))
    writer.close()
    (fault,) = check_ledger(tmp_path / "node").faults
    assert "proof of block 5" in fault
