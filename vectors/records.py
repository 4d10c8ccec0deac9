"""A complete record, and records with one fault each (docs/protocol.md 13, 14)."""

from collections.abc import Iterator
from typing import Any

from hanpyo.encoding import encode_base64
from hanpyo.ledger.entry import (
    Cast,
    decode_entry,
)
from tests.helpers.engine import record_of
from vectors.common import Vector
from vectors.consortium import NAME as CONSORTIUM
from vectors.consortium import consortium_faults, members_play
from vectors.refused_entries import BAD_ENTRIES
from vectors.scene import Files, Told, play_to, told_by

RECORD = "two contests"
Change = dict[str, Any]


def record() -> Iterator[Vector]:
    """Give the record of the whole election, and of one that is still voting."""
    for name, stage in ((RECORD, "tallied"), ("still voting", "replaced")):
        play = play_to(stage)
        files = told_by(play).files()
        result: dict[str, dict[str, int]] = {}
        for (number, _), each in sorted(play.election.results.items()):
            contest = play.manifest.contests[number]
            totals = result.setdefault(contest.id, {option.id: 0 for option in contest.options})
            for option, total in zip(contest.options, each.totals, strict=True):
                totals[option.id] += total
        yield {
            "name": name,
            "files": {path: encode_base64(data) for path, data in sorted(files.items())},
            "report": {
                "valid": True,
                "election": play.election_id,
                "phase": play.election.phase.value,
                "result": result,
            },
        }


def records_bad() -> Iterator[Vector]:
    """Give the changes that lead from the record to each bad one."""
    good = told_by(play_to("tallied"))
    base = good.files()
    for name, (check, stage, make) in BAD_ENTRIES.items():
        play = play_to(stage)
        bad = make(play)
        told = told_by(play, bad)
        yield {
            "name": name,
            "record": RECORD,
            "changes": changes(base, told.files()),
            "check": check,
            "entry": len(told.entries) - 1,
            "only": True,
        }
    yield from dropped_and_swapped(good, base)
    yield from damaged(good, base)


def consortium_bad() -> Iterator[Vector]:
    """Give the changes that lead from a consortium's record to each bad one."""
    members = record_of(members_play())
    for name, files, check, entry in consortium_faults():
        yield {**bad_record(name, members, files, check, entry), "record": CONSORTIUM}


def changes(old: Files, new: Files) -> list[Change]:
    """Find changes that lead from one record's files to another's."""
    found: list[Change] = []
    gone, come = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
    place = dict.fromkeys(old.keys() & new.keys())
    pairs = [(path, path) for path in sorted(place)]
    found.extend({"path": path, "delete": True} for path in gone[len(come) :])
    for before, after in zip(gone, come, strict=False):
        found.append({"path": before, "rename": after})
        pairs.append((before, after))
    for before, after in pairs:
        if old[before] != new[after]:
            found.append({"path": after, **splice(old[before], new[after])})
    return found


def splice(old: bytes, new: bytes) -> Change:
    """Give the one replacement that leads from some bytes to others."""
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    insert = new[start : len(new) - end]
    return {
        "offset": start,
        "remove": len(old) - end - start,
        "insert": encode_base64(insert),
    }


# --- faults elsewhere ---


def dropped_and_swapped(good: Told, base: Files) -> Iterator[Vector]:
    """Leave out or exchange ballots of the finished record, and tell the rest as it was."""
    ballots = [n for n, each in enumerate(good.entries) if decode_entry(each).kind == Cast.kind]
    first_seal = next(n for n, each in enumerate(good.entries) if decode_entry(each).kind == 40)
    last = ballots[-1]
    entries = good.entries[:last] + good.entries[last + 1 :]
    blocks = [(time, size - (size > last)) for time, size in good.blocks]
    told = Told(entries, blocks)
    yield bad_record("last ballot dropped", base, told.files(), "C21", first_seal - 1)
    entries = list(good.entries)
    entries[last], entries[last - 1] = entries[last - 1], entries[last]
    told = Told(entries, good.blocks)
    yield bad_record("two ballots exchanged", base, told.files(), "C21", first_seal)


def bad_record(
    name: str, base: Files, files: Files, check: str, entry: int | None, *, only: bool = False
) -> Vector:
    """Describe a record by how it differs."""
    return {
        "name": name,
        "record": RECORD,
        "changes": changes(base, files),
        "check": check,
        "entry": entry,
        "only": only,
    }


def damaged(good: Told, base: Files) -> Iterator[Vector]:
    """Damage files."""
    size = len(good.entries)
    bundle, tile = f"tile/entries/000.p/{size}", f"tile/0/000.p/{size}"
    place = 20
    offset = sum(2 + len(each) for each in good.entries[:place]) + 2
    common = {"record": RECORD, "only": False}

    def by(name: str, check: str, entry: int | None, *made: Change, only: bool = False) -> Vector:
        return {
            "name": name,
            **common,
            "changes": made,
            "check": check,
            "entry": entry,
            "only": only,
        }

    middle = offset + len(good.entries[place]) // 2
    yield by("a bit of an entry", "C02", place, {"path": bundle, "offset": middle, "xor": 1})
    at = 32 * place
    yield by("a bit of a leaf hash", "C02", place, {"path": tile, "offset": at, "xor": 128})
    first = base[bundle][0]
    yield by("a length in a bundle", "C02", None, {"path": bundle, "offset": 0, "xor": first ^ 255})
    for path in ("checkpoint", "blocks", bundle, tile):
        short = path.split(".")[0]
        yield by(f"{short} is missing", "C01", None, {"path": path, "delete": True})
    empty = {"path": "notes.txt", "create": encode_base64(b"x")}
    yield by("a file that does not belong", "C01", None, empty, only=True)
    full = {"path": "tile/0/001", "create": encode_base64(bytes(8192))}
    yield by("a tile beyond the size", "C01", None, full, only=True)
    cut = {"path": tile, "offset": 0, "remove": 1, "insert": ""}
    yield by("a tile a byte short", "C01", None, cut)
    end = len(base["blocks"]) - 1
    yield by(
        "blocks cut off", "C01", None, {"path": "blocks", "offset": end, "remove": 1, "insert": ""}
    )
    end = len(base["checkpoint"])
    more = {"path": "checkpoint", "offset": end, "remove": 0, "insert": encode_base64(b"\n")}
    yield by("checkpoint with a line more", "C01", None, more)
    for name, told in {
        "checkpoint signed by another": Told(good.entries, good.blocks, signed_by=("thief",)),
        "checkpoint cosigned by another": Told(good.entries, good.blocks, cosigned_by=("thief",)),
        "checkpoint older than the last block": Told(
            good.entries, good.blocks, checkpoint_time=good.blocks[-1][0] - 1
        ),
    }.items():
        yield bad_record(name, base, told.files(), "C04", None, only=True)
    yield from bad_blocks(good, base)


def bad_blocks(good: Told, base: Files) -> Iterator[Vector]:
    """Break the blocks file."""
    lines = base["blocks"].decode().splitlines(keepends=True)
    one, two = lines[4].split(" "), lines[5].split(" ")
    size = int(one[2])
    cosignature = " ".join([*one[:4], two[4]])
    root = " ".join([*one[:3], two[3], one[4]])
    for name, line in {
        "block with another cosignature": cosignature,
        "block with another root": root,
    }.items():
        files = {**base, "blocks": "".join([*lines[:4], line, *lines[5:]]).encode()}
        yield bad_record(name, base, files, "C05", size - 1)
    files = {**base, "blocks": "".join([*lines[:4], *lines[5:]]).encode()}
    yield bad_record("block left out", base, files, "C05", int(two[2]) - 1)
    times = [(time, size) for time, size in good.blocks]
    times[6] = (times[6][0] - 500, times[6][1])
    told = Told(good.entries, times)
    yield bad_record("block with a falling time", base, told.files(), "C05", times[6][1] - 1)
