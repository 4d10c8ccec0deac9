"""One-time codes: 128 bits that authorize a device to be enrolled for a row, and nothing else.

A code is 26 characters of Crockford's base 32, in groups of four. No secret follows from it: the
voter's page shows the registrar a token made from it, and draws its own key.
"""

from hashlib import sha256

from hanpyo.errors import InvalidQuery

CODE_BYTES = 16
LETTERS = 26
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("ILO", "110")
_SPARE_BITS = 2  # 26 letters hold 130 bits
_GROUP = 4


def format_code(code: bytes) -> str:
    """Write a code of 16 bytes as people read it."""
    number = int.from_bytes(code, "big") << _SPARE_BITS
    letters = [_ALPHABET[number >> (5 * place) & 31] for place in reversed(range(LETTERS))]
    return "-".join("".join(letters[at : at + _GROUP]) for at in range(0, LETTERS, _GROUP))


def read_code(text: str) -> bytes:
    """Read a code as people type it: case, spaces, hyphens and look-alikes do not matter.

    Raises:
        InvalidQuery: this is no whole code.
    """
    letters = "".join(text.replace("-", " ").split()).upper().translate(_LOOKALIKES)
    if len(letters) != LETTERS or any(letter not in _ALPHABET for letter in letters):
        raise InvalidQuery(f"a code has {LETTERS} letters and digits")
    number = 0
    for letter in letters:
        number = number << 5 | _ALPHABET.index(letter)
    if number & ((1 << _SPARE_BITS) - 1):
        raise InvalidQuery("this is no code: its last letter does not fit")
    return (number >> _SPARE_BITS).to_bytes(CODE_BYTES, "big")


def code_token(election_id: bytes, code: bytes) -> bytes:
    """Give the 32 bytes that a page shows the registrar in place of a code."""
    return sha256(b"hanpyo code\0" + election_id + code).digest()
