"""The routes of a node, asked by a client that knows nothing of ours."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from hanpyo.errors import DamagedLedger, ElectionError
from hanpyo.ledger.checkpoint import Checkpoint, check_checkpoint, decode_checkpoint
from hanpyo.ledger.entry import ManifestPart, entry_hash
from hanpyo.ledger.interface import Admission, Later
from hanpyo.ledger.tiles import record_paths
from hanpyo.node.http import api as api_module
from hanpyo.node.http import bodies as bodies_module
from hanpyo.node.http.api import alarm_app
from hanpyo.node.http.wire import encode_entries
from tests.helpers.node import QuickPlay, run_app, served
from tests.helpers.parties import tiny_manifest, tiny_rows

ROWS = 270
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickPlay]:
    play = QuickPlay(tmp_path_factory.mktemp("api") / "node", tiny_manifest(), tiny_rows(ROWS))
    play.voting()
    play.is_quick = False
    play.add(*[play.cast(row) for row in range(ROWS)])
    with play.node:
        yield play


@pytest.fixture(scope="module")
def client(play: QuickPlay) -> Iterator[httpx2.Client]:
    with served(play.node) as url, httpx2.Client(base_url=url) as client:
        yield client


def test_the_record_is_served_as_it_stands_on_disk(play: QuickPlay, client: httpx2.Client) -> None:
    size = play.node.head.size
    for path in ("checkpoint", "blocks", *record_paths(size)):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.content == (play.folder / "public" / path).read_bytes(), path


def test_the_checkpoint_may_not_be_cached_and_tiles_may_for_ever(client: httpx2.Client) -> None:
    assert client.get("checkpoint").headers["cache-control"] == "no-cache"
    assert client.get("checkpoint").headers["content-type"] == "text/plain; charset=utf-8"
    for path in ("tile/0/000", "tile/entries/000", "tile/0/001.p/3"):
        answer = client.get(path)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"] == "application/octet-stream"


def test_older_partial_tiles_are_still_served(client: httpx2.Client) -> None:
    whole = client.get("tile/0/000").content
    assert client.get("tile/0/000.p/3").content == whole[:96]
    entries = client.get("tile/entries/000").content
    assert entries.startswith(client.get("tile/entries/000.p/3").content)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001",
        "tile/0/001.p/255",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/000.p/03",
        "tile/entries/002",
        "tile/entries/001.p/200",
        "tile/00/000",
        "tile/9/000",
        "tile/0/0",
        "tile/0/x000",
        "tile/0/999999",
        "tile/0/%2e%2e/000",
        "tile/../operator.json",
        "tile/..%2f..%2foperator.json",
        "operator.json",
        "ledger.sqlite",
        "nothing",
    ],
)
def test_what_is_not_there_is_not_found(client: httpx2.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM


def test_every_answer_bears_the_security_headers(client: httpx2.Client) -> None:
    for answer in (
        client.get("health"),
        client.get("nothing"),
        client.get("entries"),
        client.post("entries", content=b"x"),
        client.get("tile/0/000"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "server" not in answer.headers


def test_entries_get_a_verdict_each(play: QuickPlay, client: httpx2.Client) -> None:
    again, junk = play.cast(0, sequence=2), b"junk"
    answer = client.post("entries", content=encode_entries([again, junk]))
    assert answer.status_code == 200
    queued, refused = answer.json()["verdicts"]
    assert (queued["verdict"], queued["hash"]) == ("queued", entry_hash(again).hex())
    assert (refused["verdict"], refused["check"]) == ("refused", "C06")
    answer = client.get(f"wait/{queued['hash']}?timeout=10")
    assert answer.status_code == 200
    assert answer.json()["index"] == play.node.find_hash(entry_hash(again))
    (known,) = client.post("entries", content=encode_entries([again])).json()["verdicts"]
    assert known["verdict"] == "known"


def test_a_refusal_is_told_to_whoever_waits(play: QuickPlay, client: httpx2.Client) -> None:
    late = play.cast(0, sequence=60)
    client.post("entries", content=encode_entries([late]))
    answer = client.get(f"wait/{entry_hash(late).hex()}?timeout=10")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM
    assert (answer.json()["code"], answer.json()["check"]) == (20, "C16")


def test_waiting_ends(client: httpx2.Client) -> None:
    start = time.monotonic()
    answer = client.get(f"wait/{'00' * 32}?timeout=0.2")
    assert (answer.status_code, answer.json()["code"]) == (404, 63)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("wait/00?timeout=1", 13),
        (f"wait/{'00' * 32}?timeout=-1", 13),
        (f"wait/{'00' * 32}?timeout=nan", 13),
        (f"find/kinds/{'00' * 32}/1,x", 11),
        (f"find/kinds/{'00' * 32}/{','.join(['1'] * 49)}", 11),
        ("find/kinds/00/1", 13),
        (f"find/row/{'00' * 32}/-1", 11),
        (f"find/row/{'00' * 32}/99999999", 11),
        ("find/hash/zz", 13),
        (f"find/tracker/{'00' * 32}/00", 13),
        ("blocks?from=x", 11),
        ("blocks?from=0", 11),
    ],
)
def test_malformed_requests_are_refused(client: httpx2.Client, path: str, code: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.headers["content-type"] == PROBLEM


def test_bodies_have_limits(client: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_module, "ENTRIES_BYTES_MAX", 100)
    assert client.post("entries", content=bytes(101)).status_code == 413
    assert client.post("entries", content=iter([bytes(60)] * 2)).status_code == 413
    assert client.post("entries", content=bytes(100)).status_code == 400


def test_a_slow_body_is_not_waited_for(
    client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies_module, "BODY_SECONDS", 0.1)

    def slowly() -> Iterator[bytes]:
        yield b"a"
        time.sleep(0.5)
        yield b"b"

    assert client.post("entries", content=slowly()).status_code == 408


def test_a_busy_ledger_says_when_to_come_again(
    play: QuickPlay, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(entries: list[bytes]) -> Admission:
        return Admission(tuple(Later(entry_hash(data), 7) for data in entries))

    monkeypatch.setattr(play.node.gateway, "submit", busy)
    answer = client.post("entries", content=encode_entries([b"x"]))
    assert (answer.status_code, answer.json()["code"]) == (503, 62)
    assert answer.headers["retry-after"] == "7"


def test_status_tells_of_the_elections(play: QuickPlay, client: httpx2.Client) -> None:
    told = client.get("status").json()
    assert told["mode"] == "single operator"
    assert told["alarm"] is None
    assert told["ledger"] == play.ledger_id.hex()
    (election,) = told["elections"]
    assert (election["phase"], election["rows"]) == ("voting", ROWS)
    assert election["ballots"] >= ROWS


def test_health_is_green_and_after_an_alarm_red(tmp_path: Path) -> None:
    play = QuickPlay(tmp_path / "node")
    with play.node, served(play.node) as url, httpx2.Client(base_url=url) as client:
        assert client.get("health").status_code == 200
        play.node.raise_alarm(DamagedLedger("entry 5 was changed"))
        answer = client.get("health")
        assert (answer.status_code, answer.json()["status"]) == (503, "alarm")
        assert "entry 5" in answer.json()["detail"]
        assert client.get("checkpoint").status_code == 503
        part = play.act(ManifestPart(bytes(32), 0, b"x"), (0, 0), scope=bytes(32))
        answer = client.post("entries", content=encode_entries([part]))
        assert (answer.status_code, answer.json()["code"]) == (503, 60)
        assert "hanpyo ledger check" in answer.json()["hint"]


def test_a_damaged_ledger_says_so_and_nothing_else() -> None:
    alarm: ElectionError = DamagedLedger("entry 5 was changed")
    with run_app(alarm_app(alarm)) as url, httpx2.Client(base_url=url) as client:
        assert client.get("health").status_code == 503
        for path in ("checkpoint", "status", "tile/0/000"):
            assert client.get(path).json()["code"] == 60


def test_the_checkpoint_is_a_signed_one(play: QuickPlay, client: httpx2.Client) -> None:
    checkpoint: Checkpoint = decode_checkpoint(client.get("checkpoint").content)
    check_checkpoint(checkpoint, play.node._writer.membership)


def test_a_fault_of_ours_tells_nothing_of_its_inside(
    play: QuickPlay, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_hash: bytes) -> int:
        raise RuntimeError("a secret path")

    monkeypatch.setattr(play.node, "find_hash", fail)
    answer = client.get(f"find/hash/{'00' * 32}")
    assert answer.status_code == 500
    assert "secret" not in answer.text
