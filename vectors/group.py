"""The group, frames, transcripts and generators (docs/protocol.md 2.1 to 2.3, 8.3)."""

from collections.abc import Iterator, Sequence
from hashlib import sha512

from hanpyo import crypto
from hanpyo.encoding import frame, u32
from vectors.common import L, Vector, scalar, seed
from vectors.rfc import BAD_ENCODINGS, MULTIPLES, ONE_WAY_MAP

Step = tuple[str, Sequence[bytes] | None]


def ristretto255() -> Iterator[Vector]:
    """RFC 9496's own, and what a reader of scalars refuses."""
    source = "RFC 9496 appendix A"
    for n, point in enumerate(MULTIPLES):
        yield {
            "name": f"{n} g",
            "kind": "multiple",
            "source": source,
            "scalar": scalar(n),
            "point": point,
        }
        yield {"name": f"read {n} g", "kind": "point", "bytes": point, "code": 0}
    for n, (why, point) in enumerate(BAD_ENCODINGS):
        name = f"bad encoding {n}: {why}"
        yield {"name": name, "kind": "point", "source": source, "bytes": point, "code": 30}
    for length in (0, 31, 33):
        yield {
            "name": f"point of {length} bytes",
            "kind": "point",
            "bytes": bytes(length),
            "code": 30,
        }
    for n, (data, point) in enumerate(ONE_WAY_MAP):
        name = f"one-way map {n}"
        yield {"name": name, "kind": "one-way map", "source": source, "bytes": data, "point": point}
    numbers = {"0": 0, "1": 1, "l - 1": L - 1, "l": L, "l + 1": L + 1}
    numbers |= {"2^252": 2**252, "2^255 - 1": 2**255 - 1, "2^255": 2**255, "2^256 - 1": 2**256 - 1}
    for name, number in numbers.items():
        code = 0 if number < L else 31
        yield {"name": f"scalar {name}", "kind": "scalar", "bytes": scalar(number), "code": code}
    for length in (0, 31, 33):
        name = f"scalar of {length} bytes"
        yield {"name": name, "kind": "scalar", "bytes": bytes(length), "code": 31}
    for n in range(4):
        digest = sha512(bytes([n])).digest() if n else b"\xff" * 64
        value = int.from_bytes(digest, "little") % L
        yield {"name": f"wide {n}", "kind": "wide", "bytes": digest, "scalar": scalar(value)}
    for n, secret in enumerate([L - 1, int.from_bytes(seed("multiple"), "little") % L]):
        multiple = crypto.base_multiply(scalar(secret))
        yield {
            "name": f"large multiple {n}",
            "kind": "multiple",
            "scalar": scalar(secret),
            "point": multiple,
        }


def frames_and_transcript() -> Iterator[Vector]:
    """Frames, hashing to scalars and points, challenges."""
    parts_of: dict[str, tuple[str, list[bytes]]] = {
        "no part": ("c", []),
        "an empty part": ("c", [b""]),
        "two empty parts": ("c", [b"", b""]),
        "one part": ("roll", [b"abc"]),
        "the same bytes, cut elsewhere": ("roll", [b"ab", b"c"]),
        "numbers": ("act", [u32(0), u32(2**32 - 1)]),
        "label with spaces": ("roll row", [seed("salt"), "Żółć 한표".encode()]),
        "long part": ("cast", [bytes(range(256)) * 2]),
    }
    for name, (label, parts) in parts_of.items():
        common = {"label": label, "parts": parts}
        yield {"name": f"frame: {name}", "kind": "frame", **common, "frame": frame(label, *parts)}
        value = crypto.to_scalar(label, parts)
        yield {"name": f"scalar: {name}", "kind": "to_scalar", **common, "scalar": value}
        point = crypto.to_point(label, parts)
        yield {"name": f"point: {name}", "kind": "to_point", **common, "point": point}
    runs: dict[str, tuple[str, list[Step]]] = {
        "a challenge at once": ("share", [("c", None)]),
        "absorb and challenge": ("share", [("statement", [b"a", b"b"]), ("c", None)]),
        "absorb without parts": ("share", [("statement", []), ("c", None)]),
        "two challenges on end": ("contest proof", [("y", None), ("x", None)]),
        "a challenge enters the next": (
            "contest proof",
            [("context", [b"1"]), ("y", None), ("masks", [seed("V'"), seed("W'")]), ("x", None)],
        ),
    }
    for name, (label, steps) in runs.items():
        yield {
            "name": f"transcript: {name}",
            "kind": "transcript",
            "label": label,
            "steps": [
                {"challenge": each} if parts is None else {"absorb": each, "parts": parts}
                for each, parts in steps
            ],
            "challenges": crypto.transcript_challenges(label, steps),
        }


def generators() -> Iterator[Vector]:
    """The fixed generators, some of them."""
    chosen = [("K", 0)]
    for n in (*range(9), 63, 64, 255, 256, 1023, 4095, 4096):
        chosen += [("G", n), ("Q", n)] if n else [("G", 0)]
    for letter, index in chosen:
        yield {
            "name": f"{letter} {index}",
            "generator": letter,
            "index": index,
            "point": crypto.generator(letter, index),
        }
