"""Reads the vectors."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hanpyo.errors import ElectionError
from vectors.common import FOLDER

Vector = dict[str, Any]


def load(name: str) -> list[Vector]:
    """Read a file of vectors."""
    vectors: list[Vector] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return vectors


def each(name: str, *kinds: str) -> pytest.MarkDecorator:
    """Run a test with each vector of a file, or with those of some kinds."""
    chosen = [vector for vector in load(name) if not kinds or vector["kind"] in kinds]
    assert chosen, f"{name} has none of {kinds}"
    return pytest.mark.parametrize("vector", chosen, ids=[vector["name"] for vector in chosen])


def code_of(check: Callable[..., object], *arguments: object) -> int:
    """Give the code with which a check refuses, 0 where it accepts."""
    try:
        check(*arguments)
    except ElectionError as error:
        return error.code
    return 0


def unhex(value: Any) -> Any:
    """Read bytes from hex, also inside lists."""
    return [unhex(item) for item in value] if isinstance(value, list) else bytes.fromhex(value)


def untag(value: Any) -> Any:
    """Read a CBOR value as README.md writes it."""
    if isinstance(value, list):
        return [untag(item) for item in value]
    if isinstance(value, dict):
        if "bytes" in value:
            return bytes.fromhex(value["bytes"])
        return {key: untag(item) for key, item in value["map"]}
    return value


def facts(vector: Vector, *names: str) -> Any:
    """Give fields: those that are strings as bytes."""
    return [value if isinstance(value := vector[name], int) else unhex(value) for name in names]
