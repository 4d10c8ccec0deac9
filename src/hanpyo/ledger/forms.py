"""Small readers and writers of CBOR values, from which the entries' schemas are put together.

A `Form` turns a decoded CBOR value into ours and back. Reading refuses, with `InvalidEncoding`,
whatever the schema of docs/protocol.md section 9.2 does not name.
"""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, NamedTuple

from hanpyo.encoding import check_text
from hanpyo.errors import InvalidEncoding

NUMBER_MAX = 2**63 - 1
_NUMBER_HEADS = {1: b"\x18", 2: b"\x19", 4: b"\x1a", 8: b"\x1b"}


class Form(NamedTuple):
    """How one value is read from decoded CBOR (checked) and written for encoding."""

    read: Callable[[object], Any]
    write: Callable[[Any], object]


def head_size(argument: int) -> int:
    """Give the length of the CBOR head of an integer, or of a length."""
    if argument < 24:
        return 1
    if argument < 1 << 8:
        return 2
    if argument < 1 << 16:
        return 3
    return 5 if argument < 1 << 32 else 9


def encode_number(value: int) -> bytes:
    """Write an integer as `encode_cbor` does, for rows that are written by the million."""
    if value < 24:
        return bytes((value,))
    size = head_size(value) - 1
    return _NUMBER_HEADS[size] + value.to_bytes(size, "big")


def encode_hash(value: bytes) -> bytes:
    """Write 32 bytes as `encode_cbor` does."""
    return b"\x58\x20" + value


def _same(value: object) -> object:
    return value


def number(low: int = 0, high: int = NUMBER_MAX) -> Form:
    """Make the form of an integer from `low` to `high`."""

    def read(value: object) -> int:
        if type(value) is not int or not low <= value <= high:
            raise InvalidEncoding(f"an integer {low}..{high} is due, not {_shown(value)}")
        return value

    return Form(read, _same)


def octets(low: int, high: int | None = None) -> Form:
    """Make the form of a byte string of `low` to `high` bytes, or of exactly `low`."""
    most = low if high is None else high

    def read(value: object) -> bytes:
        if type(value) is not bytes or not low <= len(value) <= most:
            due = f"{low}" if low == most else f"{low} to {most}"
            raise InvalidEncoding(f"{due} bytes are due, not {_shown(value)}")
        return value

    return Form(read, _same)


def text(high: int) -> Form:
    """Make the form of 1 to `high` characters without control or bidirectional controls."""

    def read(value: object) -> str:
        if type(value) is not str or not 1 <= len(value) <= high:
            raise InvalidEncoding(f"a text of 1 to {high} characters is due")
        check_text(value)
        return value

    return Form(read, _same)


def array(of: Form, low: int, high: int) -> Form:
    """Make the form of a list of `low` to `high` values, a tuple on our side."""
    read_item, write_item = of

    def read(value: object) -> tuple[Any, ...]:
        if type(value) is not list or not low <= len(value) <= high:
            raise InvalidEncoding(f"a list of {low} to {high} values is due, not {_shown(value)}")
        return tuple([read_item(item) for item in value])

    def write(items: tuple[Any, ...]) -> list[object]:
        return list(items) if write_item is _same else [write_item(item) for item in items]

    return Form(read, write)


def listed(make: Callable[..., Any], *forms: Form) -> Form:
    """Make the form of a dataclass or tuple type that stands in CBOR as an array of its fields."""
    count, reads, writes = len(forms), [form.read for form in forms], [f.write for f in forms]
    values_of = _values_of(make, count)

    def read(value: object) -> Any:
        if type(value) is not list or len(value) != count:
            raise InvalidEncoding(f"a list of {count} values is due, not {_shown(value)}")
        return make(*[reader(item) for reader, item in zip(reads, value, strict=True)])

    def write(whole: Any) -> list[object]:
        return [writer(item) for writer, item in zip(writes, values_of(whole), strict=True)]

    return Form(read, write)


def mapped(make: Callable[..., Any], *forms: Form) -> Form:
    """Make the form of a dataclass that stands in CBOR as a map from 0, 1, ... to its fields."""
    count, reads, writes = len(forms), [form.read for form in forms], [f.write for f in forms]
    keys = list(range(count))
    values_of = _values_of(make, count)

    def read(value: object) -> Any:
        if type(value) is not dict or list(value) != keys:
            raise InvalidEncoding(f"a map with keys 0 to {count - 1} is due, not {_shown(value)}")
        parts = []
        for key, reader in enumerate(reads):
            try:
                parts.append(reader(value[key]))
            except InvalidEncoding as error:
                raise InvalidEncoding(f"field {key}: {error}") from None
        return make(*parts)

    def write(whole: Any) -> dict[int, object]:
        return {key: writes[key](item) for key, item in enumerate(values_of(whole))}

    return Form(read, write)


def _values_of(make: Callable[..., Any], count: int) -> Callable[[Any], tuple[Any, ...]]:
    """Give the function that takes a value apart into the fields it was made of."""
    if not hasattr(make, "__dataclass_fields__"):
        return tuple
    names = [field.name for field in fields(make)]  # type: ignore[arg-type]
    assert len(names) == count, f"{make} has fields {names}, its schema {count}"
    if count == 1:
        return lambda whole: (getattr(whole, names[0]),)
    return attrgetter(*names)


def _shown(value: object) -> str:
    """Say what came, without printing all of it."""
    if isinstance(value, bytes | list | dict | str):
        return f"{type(value).__name__} of length {len(value)}"
    return repr(value)
