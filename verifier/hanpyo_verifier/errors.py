"""The two ways in which input is refused."""


class MalformedError(ValueError):
    """Bytes are not of the form the page asks for; the text says why."""


class RefusedError(Exception):
    """A condition of protocol.md 10 refuses an entry."""

    def __init__(self, check: str, why: str) -> None:
        super().__init__(check, why)
        self.check = check
        self.why = why
