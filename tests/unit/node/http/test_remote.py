"""A ledger at an address: limits, and answers of somebody who is no ledger or lies."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hanpyo.encoding import encode_json
from hanpyo.errors import Busy, DamagedLedger, InvalidQuery, Rejected, Unreachable
from hanpyo.ledger.entry import Cast, entry_hash
from hanpyo.ledger.interface import Later, Queued
from hanpyo.node.http import remote as remote_module
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.http.wire import encode_verdicts, problem
from tests.helpers.node import PATIENCE_S, QuickPlay, run_app, served
from tests.helpers.parties import tiny_manifest, tiny_rows

Answers = Mapping[str, tuple[int, bytes]]


@contextmanager
def liar(answers: Answers, headers: Mapping[str, str] | None = None) -> Iterator[RemoteLedger]:
    """Give the ledger at an address that answers what we like."""

    async def answer(request: Request) -> Response:
        status, body = answers.get(request.url.path, (404, b""))
        return Response(body, status, dict(headers or {}))

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    with run_app(app) as url, RemoteLedger(url, timeout_s=5) as remote:
        yield remote


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickPlay]:
    play = QuickPlay(tmp_path_factory.mktemp("remote") / "node", tiny_manifest(), tiny_rows(6))
    play.voting()
    play.is_quick = False
    with play.node:
        yield play


def record_of(play: QuickPlay) -> dict[str, tuple[int, bytes]]:
    public = play.folder / "public"
    files = (path for path in public.rglob("*") if path.is_file())
    return {f"/{path.relative_to(public)}": (200, path.read_bytes()) for path in files}


@pytest.mark.parametrize("url", ["", "localhost", "ftp://a", "http://", "http://a:b", "file:///x"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidQuery, match="no address"):
        RemoteLedger(url)


def test_an_address_that_does_not_answer_is_unreachable() -> None:
    with RemoteLedger("http://127.0.0.1:9", timeout_s=2) as remote:
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9") as caught:
            remote.checkpoint()
        assert "hanpyo serve" in caught.value.hint


def test_a_copy_of_the_record_can_be_read(play: QuickPlay) -> None:
    with liar(record_of(play)) as remote:
        assert remote.checkpoint() == play.node.checkpoint()
        size = play.node.head.size
        assert list(remote.entries(0, size)) == list(play.node.entries(0, size))
        assert remote.inclusion(3, size) == play.node.inclusion(3, size)


def test_a_checkpoint_of_another_ledger_is_none(play: QuickPlay, tmp_path: Path) -> None:
    other = QuickPlay(tmp_path / "other")
    other.node.close()
    record = record_of(play)
    record["/checkpoint"] = 200, (other.folder / "public/checkpoint").read_bytes()
    record["/tile/entries/000.p/2"] = record[f"/tile/entries/000.p/{play.node.head.size}"]
    with liar(record) as remote, pytest.raises(Unreachable, match="does not answer as a ledger"):
        remote.checkpoint()


@pytest.mark.parametrize(
    "change",
    [
        {"/checkpoint": (200, b"junk")},
        {"/checkpoint": (200, bytes(2_000))},
        {"/checkpoint": (500, b"junk")},
        {"/checkpoint": (302, b"")},
    ],
    ids=["junk", "long", "status", "redirect"],
)
def test_an_answer_that_is_none_is_refused(play: QuickPlay, change: Answers) -> None:
    with liar({**record_of(play), **change}) as remote, pytest.raises(Unreachable):
        remote.checkpoint()


def test_a_bundle_of_the_wrong_width_is_refused(play: QuickPlay) -> None:
    record = record_of(play)
    path = f"/tile/entries/000.p/{play.node.head.size}"
    record[path] = 200, record[path][1] + b"\0\1x"
    with liar(record) as remote, pytest.raises(Unreachable):
        list(remote.entries(0, 1))


def test_verdicts_about_other_entries_are_refused() -> None:
    answer = encode_verdicts([Queued(bytes(32), None)])
    with liar({"/entries": (200, answer)}) as remote, pytest.raises(Unreachable):
        remote.submit([b"mine"])


def test_a_busy_ledger_takes_nothing_now() -> None:
    body = encode_json(problem(Busy(3), 503))
    with liar({"/entries": (503, body)}, {"Retry-After": "9"}) as remote:
        verdicts = remote.submit([b"a", b"b"]).verdicts
    assert verdicts == (Later(entry_hash(b"a"), 9), Later(entry_hash(b"b"), 9))


def test_the_nodes_own_errors_are_told_as_its_own() -> None:
    for error in (DamagedLedger("entry 5"), InvalidQuery("no such row")):
        answers = {"/checkpoint": (503, encode_json(problem(error, 503)))}
        with liar(answers) as remote, pytest.raises(type(error), match=str(error)):
            remote.checkpoint()


def test_what_a_rule_refuses_is_told_as_refused(play: QuickPlay) -> None:
    ballot = play.cast(0, sequence=50)
    with served(play.node) as url, RemoteLedger(url) as remote:
        remote.submit([ballot])
        with pytest.raises(Rejected) as caught:
            remote.wait(entry_hash(ballot), PATIENCE_S)
    assert caught.value.check == "C16"


def test_many_entries_go_in_several_bodies_in_order(
    play: QuickPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_module, "ENTRIES_BYTES_MAX", 1_500)
    ballots = [play.cast(0, sequence=number) for number in (1, 2, 3)]
    with served(play.node) as url, RemoteLedger(url) as remote:
        verdicts = remote.submit(ballots).verdicts
        assert [verdict.entry_hash for verdict in verdicts] == list(map(entry_hash, ballots))
        indexes = [remote.wait(entry_hash(ballot), PATIENCE_S).index for ballot in ballots]
        assert indexes == sorted(indexes)
        assert remote.find(play.election_id, [Cast.kind])[:3] == indexes
        assert remote.find_row(play.election_id, 0)[-3:] == indexes
        assert remote.find(play.election_id, []) == []
