"""Tables of a file that a person wrote: keys known or refused, texts and ratios in people's forms.

Errors are `InvalidManifest` with the path of the field, as in `election/fields.py`; whoever opened
the file adds its name.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import TypeVar

from hanpyo.election.fields import Ratio, Texts, fail, read_ratio

Item = TypeVar("Item")

LIST_ITEMS_MAX = 1_024
_RATIO = re.compile("([0-9]{1,7})/([0-9]{1,7})")
_ID = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def read_table(
    value: object, where: str, required: Iterable[str], optional: Iterable[str]
) -> dict[str, object]:
    """Read a table whose keys are all known and none of the required ones missing."""
    if not isinstance(value, dict):
        fail(where, "must be a table")
    needed, known = list(required), {*required, *optional}
    for key in sorted(value.keys() - known):
        words = ", ".join(sorted(known))
        fail(where, f"has the unknown key {key!r}; known are {words}")
    for key in needed:
        if key not in value:
            fail(where, f"lacks the key {key!r}")
    return value


def read_items(value: object, where: str, read: Callable[[object, str], Item]) -> tuple[Item, ...]:
    """Read a list, each item with `read`."""
    if not isinstance(value, list) or not 1 <= len(value) <= LIST_ITEMS_MAX:
        fail(where, f"must be a list of 1..{LIST_ITEMS_MAX} items")
    return tuple(read(item, f"{where}[{place}]") for place, item in enumerate(value))


def read_words(value: object, where: str, language: str) -> Texts:
    """Read a text: a table from languages to strings, or one string in the file's language."""
    texts = {language: value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        fail(where, 'must be a text, or a table of languages such as { en = "...", ko = "..." }')
    return {tag: unicodedata.normalize("NFC", text) for tag, text in texts.items()}


def read_share(value: object, where: str) -> Ratio:
    """Read p/q, written as "1/2" or as [1, 2]."""
    match = _RATIO.fullmatch(value) if isinstance(value, str) else None
    return read_ratio([int(match[1]), int(match[2])] if match else value, where)


def read_flag(table: Mapping[str, object], key: str, where: str) -> bool:
    """Read an optional true or false; without the key false."""
    value = table.get(key, False)
    if not isinstance(value, bool):
        fail(f"{where}.{key}" if where else key, "must be true or false")
    return value


def read_number(
    table: Mapping[str, object], key: str, where: str, default: int | None = None
) -> int:
    """Read a whole number; which numbers fit, the manifest's bounds say."""
    value = table.get(key, default)
    if type(value) is not int:
        fail(f"{where}.{key}" if where else key, "must be a whole number")
    return value


def read_moment(value: object, where: str) -> int | None:
    """Read a time of RFC 3339 with its offset, or "none"; seconds since 1970-01-01 UTC."""
    if isinstance(value, str):
        if value in {"none", ""}:
            return None
        with suppress(ValueError):  # said below
            value = datetime.fromisoformat(value)
    if not isinstance(value, datetime) or value.tzinfo is None:
        extra = " (its offset is missing)" if isinstance(value, date) else ""
        fail(where, f'must be "none" or a time such as 2026-05-01T09:00:00+09:00{extra}')
    if value.microsecond:
        fail(where, "must be a whole second")
    return int(value.timestamp())


def id_of(words: Texts, number: int, kind: str) -> str:
    """Give an id where the file has none: the first text if it may be one, else kind, number."""
    first = next(iter(words.values()), "")
    return first if _ID.fullmatch(first) else f"{kind}-{number}"
