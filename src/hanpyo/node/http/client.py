"""HTTP to a node: limits on time and size, and failures as our own errors."""

from collections.abc import Callable
from typing import TypeVar

import httpx2

from hanpyo.encoding import decode_json
from hanpyo.errors import (
    AlreadyRecorded,
    Busy,
    DamagedLedger,
    ElectionError,
    InvalidEncoding,
    InvalidManifest,
    InvalidQuery,
    NotYet,
    Rejected,
    Unreachable,
)
from hanpyo.node.http.wire import ANSWER_BYTES_MAX

T = TypeVar("T")

RETRY_AFTER_S_MAX = 3_600
PROBLEM_BYTES_MAX = 10_000
_ERRORS: dict[int, Callable[[str], ElectionError]] = {
    error.code: error
    for error in (InvalidQuery, InvalidEncoding, InvalidManifest, NotYet, DamagedLedger)
}


class NodeClient:
    """Speaks to one address. Any thread may use it."""

    def __init__(self, url: str, timeout_s: float) -> None:
        """Prepare; the first call reaches out.

        Raises:
            InvalidQuery: this is no address.
        """
        try:
            address = httpx2.URL(url)
        except httpx2.InvalidURL as error:
            raise InvalidQuery(f"{url!r} is no address: {error}") from error
        if address.scheme not in {"http", "https"} or not address.host:
            raise InvalidQuery(f"{url!r} is no address: one begins with http:// or https://")
        self.url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._client = httpx2.Client(base_url=self.url + "/")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, bytes_max: int = ANSWER_BYTES_MAX, extra_s: float = 0) -> bytes:
        """Fetch something.

        Args:
            path: below the address, with its query.
            bytes_max: a longer answer is none.
            extra_s: how long the node may think, beyond the usual time.

        Raises:
            Unreachable: no answer, or none of a ledger.
            ElectionError: what the node itself says.
        """
        return self._call("GET", path, b"", "", bytes_max, extra_s)

    def post(self, path: str, body: bytes, media: str) -> bytes:
        """Hand something in; raises like `get`."""
        return self._call("POST", path, body, media, ANSWER_BYTES_MAX, 0)

    def _call(
        self, method: str, path: str, body: bytes, media: str, bytes_max: int, extra_s: float
    ) -> bytes:
        headers = {"Content-Type": media} if media else {}
        timeout = self._timeout_s + extra_s
        content = body or None
        try:
            with self._client.stream(
                method, path, content=content, headers=headers, timeout=timeout
            ) as response:
                if response.status_code == httpx2.codes.OK:
                    return self._body(response, bytes_max)
                raise self._failure(response, self._body(response, PROBLEM_BYTES_MAX))
        except httpx2.HTTPError as error:
            raise Unreachable(f"{self.url}: {str(error) or type(error).__name__}") from error

    def _body(self, response: httpx2.Response, bytes_max: int) -> bytes:
        pieces, size = [], 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > bytes_max:
                raise self.no_ledger(f"an answer is longer than {bytes_max} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def _failure(self, response: httpx2.Response, body: bytes) -> ElectionError:
        """Turn the node's description of a failure (RFC 9457) into our error."""
        status = response.status_code
        try:
            value = decode_json(body)
        except InvalidEncoding:
            value = None
        match value:
            case {"code": int(code), "detail": str(detail), "check": str(check)}:
                known = {Rejected.code: Rejected, AlreadyRecorded.code: AlreadyRecorded}
                if code in known:
                    return known[code](check, detail)
            case {"code": Busy.code}:
                return Busy(_seconds(response.headers.get("Retry-After", "")))
            case {"code": int(code), "detail": str(detail)} if code in _ERRORS:
                return _ERRORS[code](detail)
            case {"detail": str(detail)}:
                return Unreachable(f"{self.url}: {detail} (status {status})")
        return self.no_ledger(f"status {status}")

    def read(self, decode: Callable[[bytes], T], data: bytes) -> T:
        """Decode an answer.

        Raises:
            Unreachable: it is malformed.
        """
        try:
            return decode(data)
        except ElectionError as error:
            raise self.no_ledger(str(error)) from error

    def no_ledger(self, why: str) -> Unreachable:
        """Give the error that what answers is no ledger, or lies."""
        return Unreachable(f"{self.url} does not answer as a ledger does: {why}")


def _seconds(text: str) -> int:
    digits = text if text.isascii() and text.isdecimal() and len(text) <= 4 else "1"
    return min(int(digits), RETRY_AFTER_S_MAX)
