"""What has to be closed when a command ends, however it ends."""

from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar

T = TypeVar("T")

_opened = ExitStack()  # of the one command that this process runs at a time


def until_the_end(resource: AbstractContextManager[T]) -> T:
    """Open something that stays open until the command ends."""
    return _opened.enter_context(resource)


def end() -> None:
    """Close all that is open."""
    _opened.close()
