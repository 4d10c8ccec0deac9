"""Ed25519 keys from names."""

from collections.abc import Callable

from hanpyo import crypto
from vectors.common import seed


def public(name: str) -> bytes:
    """Give the key of a name."""
    return crypto.ed25519_public(seed("signer", name))


def signer(name: str) -> Callable[[bytes], bytes]:
    """Give the signing function of a name."""
    return lambda message: crypto.ed25519_sign(seed("signer", name), message)
