"""The operator admits an election that its organizers signed, as its policy says."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile, InvalidManifest, InvalidQuery, Rejected
from hanpyo.ledger.entry import ORGANIZER, Announce, Signature, act_message
from hanpyo.ledger.interface import Queued
from hanpyo.node.announcing import announce, read_organizers
from hanpyo.node.http.remote import RemoteLedger
from tests.helpers.node import PATIENCE_S, NodePlay, served
from tests.helpers.parties import public, signer, tiny_manifest


@pytest.fixture
def play(tmp_path: Path) -> Iterator[NodePlay]:
    play = NodePlay(tmp_path / "node")
    with play.node:
        yield play


def signed(play: NodePlay, *organizers: int, key: str = "organizer") -> list[Signature]:
    data = play.manifest_bytes
    message = act_message(
        play.ledger_id, play.election_id, 0, Announce(sha256(data).digest(), len(data))
    )
    return [Signature(ORGANIZER, n, signer(key, n)(message)) for n in organizers]


def test_an_election_of_any_organizers_is_admitted_without_a_list(play: NodePlay) -> None:
    verdicts = announce(play.node, play.manifest_bytes, signed(play, 0, 1)).verdicts
    assert all(isinstance(verdict, Queued) for verdict in verdicts)
    play.node.wait(verdicts[-1].entry_hash, PATIENCE_S)
    assert play.election.manifest == tiny_manifest()


def test_it_works_over_http(play: NodePlay) -> None:
    with served(play.node) as url, RemoteLedger(url) as remote:
        verdicts = remote.announce(play.manifest_bytes, signed(play, 1, 2)).verdicts
        remote.wait(verdicts[-1].entry_hash, PATIENCE_S)
        with pytest.raises(Rejected, match="does not hold"):
            remote.announce(play.manifest_bytes, signed(play, 1, 2, key="other"))
        with pytest.raises(InvalidManifest):
            remote.announce(b"{}", [])
    assert play.election_id in play.view.elections


def test_parts_of_an_earlier_attempt_are_not_sent_again(play: NodePlay) -> None:
    play.add(*play.parts())
    verdicts = announce(play.node, play.manifest_bytes, signed(play, 0, 1)).verdicts
    assert len(verdicts) == 1
    play.node.wait(verdicts[0].entry_hash, PATIENCE_S)


@pytest.mark.parametrize(
    ("organizers", "why"),
    [((0,), "due are 2"), ((1, 0), "ascend"), ((0, 0), "ascend"), ((0, 7), "no organizer 7")],
)
def test_what_too_few_signed_leaves_nothing_on_the_ledger(
    play: NodePlay, organizers: tuple[int, ...], why: str
) -> None:
    size = play.node.head.size
    with pytest.raises(Rejected, match=why):
        announce(play.node, play.manifest_bytes, signed(play, *organizers))
    assert play.node.head.size == size


def test_a_list_admits_those_on_it_alone(play: NodePlay) -> None:
    lines = [f"{public('organizer', 0).hex()}  # the chair", "", "# nobody else"]
    play.node.folder.organizers.write_text("\n".join(lines))
    with pytest.raises(InvalidQuery, match="organizer 1"):
        announce(play.node, play.manifest_bytes, signed(play, 0, 1))
    play.node.folder.organizers.write_text("\n".join([*lines, public("organizer", 1).hex()]))
    verdicts = announce(play.node, play.manifest_bytes, signed(play, 0, 1)).verdicts
    play.node.wait(verdicts[-1].entry_hash, PATIENCE_S)


def test_a_malformed_list_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "organizers.txt"
    assert read_organizers(path) is None
    path.write_text("\n\nnot a key\n")
    with pytest.raises(InvalidFile, match="line 3"):
        read_organizers(path)
    path.write_text("")
    assert read_organizers(path) == frozenset()
