"""What the tests of all vector files share."""

from collections.abc import Callable
from typing import Any, TypeVar

from hanpyo_verifier.errors import MalformedError

T = TypeVar("T")
Case = dict[str, Any]
# Returns fields that must be those of the vector; raises CodeError where it refuses.
Test = Callable[[Case], Case]

ENCODING, MANIFEST = 13, 14
POINT, SCALAR, SIGNATURE, KEY, PROOF, POSSESSION = 30, 31, 32, 33, 34, 35
SCORES, SHAPE = 36, 37
CEREMONY, SHARE, DEAL, COMPLAINT, RESULT = 40, 41, 42, 43, 44
INCLUSION, CONSISTENCY, CHECKPOINT, PROMISE = 50, 51, 52, 53


class CodeError(Exception):
    """A vector is refused with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def unhex(text: str) -> bytes:
    """Bytes from hex."""
    return bytes.fromhex(text)


def all_unhex(texts: list[str]) -> list[bytes]:
    """Bytes from a list of hex."""
    return [bytes.fromhex(text) for text in texts]


def need(holds: object, code: int) -> None:
    """Refuses with this code unless something holds."""
    if not holds:
        raise CodeError(code)


def read(reader: Callable[[bytes], T], data: bytes, code: int) -> T:
    """Reads bytes; whatever is malformed is refused with this code."""
    try:
        return reader(data)
    except MalformedError:
        raise CodeError(code) from None


def by_kind(tests: dict[str, Test]) -> Test:
    """A test that asks the one of the vector's kind."""
    return lambda case: tests[case["kind"]](case)


def disagreement(test: Test, case: Case) -> str | None:
    """Runs one test and says where it does not agree with the vector; None where it does."""
    expected = case.get("code", 0)
    try:
        found = test(case)
    except CodeError as refused:
        agrees = refused.code == expected
        return None if agrees else f"code {refused.code} instead of {expected}"
    except Exception as error:  # noqa: BLE001 - any failure is one of this vector
        return f"{type(error).__name__}: {error}"
    if expected:
        return f"accepted instead of code {expected}"
    wrong = [name for name, value in found.items() if case[name] != value]
    return f"not the same: {', '.join(wrong)}" if wrong else None
