"""The transcript of protocol.md 2.3."""

import hashlib

from hanpyo_verifier.group.scalars import wide
from hanpyo_verifier.hashing.frames import frame


class Transcript:
    """One running SHA-512 that absorbs frames and gives challenges."""

    def __init__(self, label: str) -> None:
        self._hash = hashlib.sha512(frame(label))

    def absorb(self, label: str, *parts: bytes) -> None:
        """Feeds a frame."""
        self._hash.update(frame(label, *parts))

    def challenge(self, label: str) -> int:
        """Feeds the label, takes the digest of all fed so far, feeds it, and returns its scalar."""
        self._hash.update(frame(label))
        digest = self._hash.digest()
        self._hash.update(digest)
        return wide(digest)
