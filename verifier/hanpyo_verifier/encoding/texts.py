"""Which characters a text may hold (protocol.md 2.7, 9.2)."""

import re
import unicodedata

# Category Cc is U+0000..U+001F and U+007F..U+009F, forever; the others turn the writing direction.
_CONTROL = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def has_control(text: str) -> bool:
    """Tells whether a text holds a control character or a bidirectional control."""
    return _CONTROL.search(text) is not None


def is_lawful(text: str) -> bool:
    """Tells whether a text of the manifest is in NFC and free of what 2.7 refuses."""
    return (
        not has_control(text)
        and not any("\ud800" <= c <= "\udfff" for c in text)
        and unicodedata.is_normalized("NFC", text)
    )
