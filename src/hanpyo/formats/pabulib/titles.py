"""Names of a file as texts of a manifest, which allows no invisible control characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from hanpyo.election.fields import NOTE_CHARACTERS_MAX, TEXT_CHARACTERS_MAX

NOTES_SHOWN_MAX = 20
DEFAULT_LANGUAGE = "en"

_LANGUAGE = re.compile("[a-z]{2,3}")
_FORBIDDEN = re.compile(  # docs/protocol.md 2.7: controls, bidirectional controls, lone surrogates
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class Titles:
    """Makes texts in the file's language, and keeps a note of everything that was changed."""

    def __init__(self, meta: Mapping[str, str]) -> None:
        language = meta.get("language", "")
        self.language = language if _LANGUAGE.fullmatch(language) else DEFAULT_LANGUAGE
        self._notes: list[str] = []
        self._count = 0

    def title(self, text: str, instead: str, where: str) -> dict[str, str]:
        """Make a title of a name, or of `instead` where nothing is left of it."""
        return {self.language: self._clean(text, TEXT_CHARACTERS_MAX, where) or instead}

    def description(self, text: str, where: str) -> dict[str, str]:
        """Make a description, none if there is no text."""
        cleaned = self._clean(text, NOTE_CHARACTERS_MAX, where)
        return {self.language: cleaned} if cleaned else {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What was changed, for the people who read the file; at most NOTES_SHOWN_MAX of them."""
        more = self._count - len(self._notes)
        return (*self._notes, f"and {more} more texts changed") if more else tuple(self._notes)

    def _clean(self, text: str, most: int, where: str) -> str:
        kept, removed = _FORBIDDEN.subn("", text)
        normal = unicodedata.normalize("NFC", kept)
        cut = normal.strip()[:most].strip()
        changes = [f"{removed} control characters removed"] if removed else []
        if normal != kept:
            changes.append("brought to Unicode's composed form (NFC)")
        if len(normal.strip()) > most:
            changes.append(f"cut after {most} characters")
        if changes:
            self._count += 1
            if len(self._notes) < NOTES_SHOWN_MAX:
                self._notes.append(f"{where}: {', '.join(changes)}")
        return cut
