"""Reading one field of a manifest: the value, or one sentence that names the field at fault.

`where` is the path of the field, such as `contests[2].limits[0].high`. Source: protocol.md 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

from hanpyo import crypto
from hanpyo.encoding import decode_hex
from hanpyo.errors import ElectionError, InvalidEncoding, InvalidManifest

LANGUAGES_MAX = 8
TEXT_CHARACTERS_MAX = 500
NOTE_CHARACTERS_MAX = 5_000
RATIO_MAX = 10**6

Item = TypeVar("Item")
Texts = dict[str, str]  # one text in several languages, by language tag
Ratio = tuple[int, int]

_ID = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LANGUAGE = re.compile("[a-z]{2,3}")


def fail(where: str, why: str) -> NoReturn:
    """Refuse the manifest for what stands in one field."""
    raise InvalidManifest(f"{where}: {why}" if where else why)


def read_object(value: object, where: str, keys: Iterable[str]) -> dict[str, object]:
    """Read an object with exactly these keys."""
    if not isinstance(value, dict):
        fail(where, "must be an object")
    expected = set(keys)
    for key in sorted(expected - value.keys()):
        fail(where, f"lacks the key {key!r}")
    for key in sorted(value.keys() - expected):
        fail(where, f"has the unknown key {key!r}")
    return value


def read_int(value: object, where: str, low: int, high: int) -> int:
    """Read an integer of low..high."""
    if type(value) is not int:  # bool is a subclass of int
        fail(where, "must be an integer")
    if not low <= value <= high:
        fail(where, f"must be {_range(low, high)}, not {value}")
    return value


def read_bool(value: object, where: str) -> bool:
    """Read `true` or `false`."""
    if not isinstance(value, bool):
        fail(where, "must be true or false")
    return value


def read_string(value: object, where: str, longest: int) -> str:
    """Read a string of 1..longest characters; which characters it holds, JSON has checked."""
    if not isinstance(value, str):
        fail(where, "must be a string")
    if not 1 <= len(value) <= longest:
        fail(where, f"must have 1..{longest} characters, not {len(value)}")
    return value


def read_choice(value: object, where: str, choices: Iterable[str]) -> str:
    """Read one of a few words."""
    words = list(choices)
    if not isinstance(value, str) or value not in words:
        fail(where, f"must be one of {', '.join(words)}")
    return value


def read_id(value: object, where: str) -> str:
    """Read an id: 1..64 ASCII letters, digits, and after the first also dot, underscore, hyphen."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        fail(where, "must be 1..64 letters, digits, '.', '_', '-', and begin with no sign")
    return value


def read_hex(value: object, where: str) -> bytes:
    """Read 32 bytes from 64 hex digits."""
    try:
        return decode_hex(value if isinstance(value, str) else "", 32)
    except InvalidEncoding as error:
        fail(where, str(error))


def read_key(value: object, where: str) -> bytes:
    """Read a signing key that holds rules 1 and 2 of protocol.md 2.5."""
    key = read_hex(value, where)
    try:
        crypto.check_ed25519_key(key)
    except ElectionError as error:
        fail(where, str(error))
    return key


def read_list(
    value: object,
    where: str,
    low: int,
    high: int,
    read: Callable[[object, str], Item],
) -> tuple[Item, ...]:
    """Read an array of low..high items, each with `read`."""
    if not isinstance(value, list):
        fail(where, "must be an array")
    if not low <= len(value) <= high:
        fail(where, f"must have {_range(low, high)} items, not {len(value)}")
    return tuple(read(item, f"{where}[{place}]") for place, item in enumerate(value))


def read_texts(value: object, where: str) -> Texts:
    """Read a text: at least one language, up to 500 characters in each."""
    texts = _read_languages(value, where, TEXT_CHARACTERS_MAX)
    if not texts:
        fail(where, "needs at least one language")
    return texts


def read_note(value: object, where: str) -> Texts:
    """Read a note: any number of languages, none included, up to 5,000 characters in each."""
    return _read_languages(value, where, NOTE_CHARACTERS_MAX)


def _read_languages(value: object, where: str, longest: int) -> Texts:
    if not isinstance(value, dict):
        fail(where, "must be an object from language tags to strings")
    if len(value) > LANGUAGES_MAX:
        fail(where, f"must have at most {LANGUAGES_MAX} languages, not {len(value)}")
    for language in value:
        if not _LANGUAGE.fullmatch(language):
            fail(where, f"has {language!r}, which is no language tag of 2 or 3 small letters")
    return {tag: read_string(text, f"{where}.{tag}", longest) for tag, text in value.items()}


def read_ratio(value: object, where: str) -> Ratio:
    """Read p/q as an array of two integers, each 0..10^6."""
    numbers = read_list(value, where, 2, 2, lambda item, at: read_int(item, at, 0, RATIO_MAX))
    return numbers[0], numbers[1]


def _range(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low}..{high}"


def check_distinct(ids: Iterable[str], where: str) -> None:
    """Refuse a list in which an id stands twice."""
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            fail(where, f"has the id {each!r} twice")
        seen.add(each)
