"""The pages as a node serves them: headers, encodings, hashes, and a server that cheats."""

import gzip
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from hanpyo.encoding import encode_base64
from hanpyo.errors import InvalidQuery
from hanpyo.node.http import pages as module
from hanpyo.node.http.client import NodeClient
from hanpyo.node.http.headers import SecureHeaders
from hanpyo.node.http.pages import manifest_hash, pages_routes, read_pages
from hanpyo.node.http.pages_check import check_served
from tests.helpers.node import run_app

MAP = '<script type="importmap">{"integrity":{}}</script>'
FILES = {
    "index.html": f"<!doctype html>{MAP}<p>start",
    "vote.html": f"<!doctype html>{MAP}<p>vote{' ' * 600}",
    "assets/vote-1.js": "let a = 1;" * 100,
    "assets/vote-1.js.br": "packed",
    "icon.svg": "<svg/>",
    "pages.json": "{}\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def client(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx2.Client]:
    monkeypatch.setattr(module, "built_pages", lambda: read_pages(folder))
    app = SecureHeaders(Starlette(routes=pages_routes(["https://b.example"])))
    with run_app(app) as url, httpx2.Client(base_url=url) as client:
        yield client


def directives(answer: httpx2.Response) -> dict[str, str]:
    policy = answer.headers["content-security-policy"]
    return dict(each.strip().partition(" ")[::2] for each in policy.split(";"))


def test_pages_may_run_nothing_but_their_own_scripts(client: httpx2.Client) -> None:
    for path in ("", "vote"):
        found = directives(client.get(path))
        expected = "sha256-" + encode_base64(sha256(b'{"integrity":{}}').digest())
        assert found["default-src"] == "'none'"
        assert found["script-src"] == f"'self' '{expected}'"
        assert found["connect-src"] == "'self' https://b.example"
        assert found["require-trusted-types-for"] == "'script'"
        assert {"base-uri", "form-action", "frame-ancestors"} <= set(found)
        assert not any("unsafe" in value for value in found.values())


def test_every_answer_bears_the_headers_errors_too(client: httpx2.Client) -> None:
    for path in ("", "vote", "assets/vote-1.js", "assets/none.js", "no/such/page"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert headers["x-frame-options"] == "DENY", path
        assert "max-age=31536000" in headers["strict-transport-security"], path
        assert "default-src 'none'" in headers["content-security-policy"], path


def test_scripts_are_kept_for_good_and_pages_are_asked_for_again(client: httpx2.Client) -> None:
    assert "immutable" in client.get("assets/vote-1.js").headers["cache-control"]
    first = client.get("vote")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("vote", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_smallest_encoding_that_a_browser_takes_is_served(client: httpx2.Client) -> None:
    def raw(encodings: str) -> tuple[str, bytes]:
        headers = {"accept-encoding": encodings}
        with client.stream("GET", "assets/vote-1.js", headers=headers) as answer:
            return answer.headers.get("content-encoding", ""), b"".join(answer.iter_raw())

    plain = FILES["assets/vote-1.js"].encode()
    assert raw("gzip, br") == ("br", b"packed")
    encoding, data = raw("gzip")
    assert (encoding, gzip.decompress(data)) == ("gzip", plain)
    assert raw("identity") == ("", plain)


def test_only_what_was_built_is_served(client: httpx2.Client) -> None:
    outside = ("assets/..%2fpages.json", "assets/%2e%2e%2ficon.svg")
    for path in (*outside, "assets/vote-1.js.br", "check"):
        assert client.get(path).status_code == 404, path
    assert client.get("nodes").json() == {"nodes": ["https://b.example"]}


def test_whoever_asks_from_another_origin_is_told_that_it_may(client: httpx2.Client) -> None:
    asked = client.request("OPTIONS", "vote", headers={"origin": "https://c.example"})
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in asked.headers


def test_pages_that_were_not_built_are_no_routes(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="make pages"):
        read_pages(tmp_path)


def test_one_hash_stands_for_all(folder: Path) -> None:
    files = read_pages(folder)
    assert manifest_hash(files) == sha256(b"{}\n").hexdigest()
    assert files["icon.svg"].integrity.startswith("sha384-")


@pytest.mark.parametrize("path", ["assets/vote-1.js", "vote.html", "index.html", "pages.json"])
def test_a_server_that_serves_one_other_byte_is_found_out(folder: Path, path: str) -> None:
    files = read_pages(folder)
    served = {each: file.data for each, file in files.items()}
    served[path] = served[path] + b" "

    async def answer(request: object) -> Response:
        name = request.url.path.strip("/") or "index"  # type: ignore[attr-defined]
        name = name if re.search(r"\.(js|json|svg)$", name) else f"{name}.html"
        return Response(served[name])

    with run_app(Starlette(routes=[Route("/{path:path}", answer)])) as url:
        client = NodeClient(url, 10)
        assert [each.path for each in check_served(client, files)] == [path]
        served[path] = files[path].data
        assert check_served(client, files) == []
        del served["icon.svg"]
        client.close()
