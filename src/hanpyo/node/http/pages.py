"""The pages of voter, key holder and observer: files that were built before, served as they are.

Scripts and styles are named after their content, so a browser may keep them for good; the pages
themselves name them with their hashes (subresource integrity). `pages.json` lists all hashes.
"""

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256, sha384
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hanpyo.encoding import encode_base64, encode_json
from hanpyo.errors import InvalidQuery
from hanpyo.node.http.answers import FOREVER, FRESH, JSON, answer
from hanpyo.node.http.headers import POLICY, page_policy

FOLDER = Path(__file__).resolve().parents[2] / "pages"
MANIFEST = "pages.json"
PAGES = ("check", "observe", "result", "trustee", "vote")
START = "index"
BROTLI = ".br"
COMPRESS_BYTES = 500  # what is shorter goes as it is

_MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": JSON,
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_IMPORT_MAP = re.compile(rb'<script type="importmap">(.*?)</script>', re.DOTALL)
_COMPRESSED = {".css", ".html", ".js", ".json", ".svg"}


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file of the pages.

    Attributes:
        path: below the pages' folder, with slashes.
        packed: the same in each encoding that is worth it, by name; the best first.
        etag: a strong validator, with its quotes.
    """

    path: str
    data: bytes
    packed: Mapping[str, bytes]
    etag: str

    @property
    def suffix(self) -> str:
        """What kind of file it is."""
        return Path(self.path).suffix

    @property
    def integrity(self) -> str:
        """Its hash as `integrity` attributes write it."""
        return "sha384-" + encode_base64(sha384(self.data).digest())


def read_pages(folder: Path = FOLDER) -> dict[str, PageFile]:
    """Read all files of the pages by path.

    Raises:
        InvalidQuery: the pages were not built.
    """
    if not (folder / MANIFEST).is_file():
        raise InvalidQuery("the pages are not built: run `make pages`")
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != BROTLI)
    files = (_read(path, path.relative_to(folder).as_posix()) for path in paths)
    return {file.path: file for file in files}


@cache
def built_pages() -> dict[str, PageFile]:
    """Give the files that this installation serves, once read; none where none were built."""
    try:
        return read_pages()
    except InvalidQuery:
        return {}


def _read(path: Path, name: str) -> PageFile:
    data, brotli = path.read_bytes(), path.with_name(path.name + BROTLI)
    packed = {"br": brotli.read_bytes()} if brotli.is_file() else {}
    if path.suffix in _COMPRESSED and len(data) >= COMPRESS_BYTES:
        packed["gzip"] = gzip.compress(data, 9, mtime=0)
    return PageFile(name, data, packed, f'"{sha256(data).hexdigest()[:32]}"')


def manifest_hash(files: dict[str, PageFile]) -> str:
    """Give the one hash that stands for all pages: SHA-256 of `pages.json`, in hex."""
    return sha256(files[MANIFEST].data).hexdigest()


def pages_routes(nodes: Sequence[str] = ()) -> list[Route]:
    """Give the routes of the pages; none where they were not built.

    Args:
        nodes: addresses of the ledger's other nodes.
    """
    files = built_pages()
    if not files:
        return []
    others = encode_json({"nodes": list(nodes)})
    policies = {path: _policy(file, nodes) for path, file in files.items()}

    async def page(request: Request) -> Response:
        """Give a page for people."""
        name = request.url.path.strip("/") or START
        path = f"{name}.html"
        return _answer(files[path], request, FRESH, policies[path])

    async def file(request: Request) -> Response:
        """Give a script, style or picture of the pages."""
        found = files.get(request.url.path.strip("/"))
        if found is None:
            raise HTTPException(404)
        is_named = found.path.startswith("assets/")
        caching = FOREVER if is_named else FRESH
        return _answer(found, request, caching, policies[found.path])

    async def list_nodes(_request: Request) -> Response:
        """List the ledger's other nodes, for pages that find this one silent."""
        return answer(others, JSON)

    names = [name for name in PAGES if f"{name}.html" in files]
    return [
        Route("/", page),
        *(Route(f"/{name}", page) for name in names),
        Route("/assets/{path:path}", file),
        Route("/icon.svg", file),
        Route(f"/{MANIFEST}", file),
        Route("/nodes", list_nodes),
    ]


def _policy(file: PageFile, nodes: Sequence[str]) -> str:
    found = _IMPORT_MAP.search(file.data)
    if found is None:
        return page_policy(nodes)
    return page_policy(nodes, "sha256-" + encode_base64(sha256(found[1]).digest()))


def _answer(file: PageFile, request: Request, caching: str, policy: str) -> Response:
    headers = {
        POLICY: policy,
        "cache-control": caching,
        "content-type": _MEDIA.get(file.suffix, "application/octet-stream"),
        "cross-origin-resource-policy": "same-origin",
        "etag": file.etag,
        "vary": "accept-encoding",
    }
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    accepted = {each.strip() for each in request.headers.get("accept-encoding", "").split(",")}
    for encoding, packed in file.packed.items():
        if encoding in accepted:
            return Response(packed, headers={**headers, "content-encoding": encoding})
    return Response(file.data, headers=headers)
