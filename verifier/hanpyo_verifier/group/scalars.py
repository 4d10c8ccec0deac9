"""Integers modulo the group order l (protocol.md 2.2)."""

L = 2**252 + 27742317777372353535851937790883648493


def wide(digest: bytes) -> int:
    """Reads 64 bytes as a little-endian integer modulo l."""
    return int.from_bytes(digest, "little") % L


def decode_scalar(data: bytes) -> int | None:
    """Reads a canonical scalar, 32 bytes little-endian, less than l; None for anything else."""
    if len(data) != 32:
        return None
    value = int.from_bytes(data, "little")
    return value if value < L else None


def decode_scalars(data: bytes) -> list[int] | None:
    """Reads canonical scalars that stand one after the other; None if one is not."""
    if len(data) % 32:
        return None
    values = [int.from_bytes(data[i : i + 32], "little") for i in range(0, len(data), 32)]
    return values if all(value < L for value in values) else None


def encode_scalar(value: int) -> bytes:
    """Writes a scalar as 32 bytes little-endian."""
    return (value % L).to_bytes(32, "little")
