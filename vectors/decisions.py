"""What may be opened when, and names of ballots (docs/protocol.md 3, 11)."""

from collections.abc import Iterator

from hanpyo.election.ballot import tracker, tracker_hash
from hanpyo.election.tally import PartCount, form_groups, has_enough_seals, seal_quorum
from vectors.common import Vector, seed

SCOPE = seed("election")

_PARTS: dict[str, list[list[int]]] = {  # by part: the weight of each counted row
    "one part, large": [[1] * 10],
    "one part, small": [[1] * 9],
    "empty": [[]],
    "each large": [[1] * 10, [1] * 12],
    "small at the end": [[1] * 10, [1] * 12, [1] * 3],
    "small at the start": [[1] * 3, [1] * 12, [1] * 10],
    "small in the middle": [[1] * 10, [1] * 3, [1] * 10],
    "small at the end, twice": [[1] * 10, [1] * 3, [1] * 3],
    "all small, together large": [[1] * 4, [1] * 4, [1] * 4],
    "all small, together small": [[1] * 3, [1] * 3, [1] * 3],
    "a rare weight": [[1] * 12, [1] * 11 + [5]],
    "a rare weight, in both": [[1] * 12 + [5] * 5, [1] * 11 + [5] * 5],
    "a rare weight at the end": [[1] * 12, [1] * 12, [1] * 11 + [5]],
    "two weights, both often": [[1] * 10 + [2] * 10, [1] * 10 + [2] * 10],
    "empty parts between": [[], [1] * 10, [], [1] * 10, []],
}


def groups() -> Iterator[Vector]:
    """Form groups; count seals."""
    for name, parts in _PARTS.items():
        for word in ("none", "guarded", "revealing"):
            if word == "none" and any(weight != 1 for part in parts for weight in part):
                continue
            counts = [
                PartCount(len(part), sum(part), {each: part.count(each) for each in set(part)})
                for part in parts
            ]
            yield {
                "name": f"{name}, {word}",
                "kind": "groups",
                "parts": [
                    {
                        "ballots": each.ballots,
                        "weight": each.weight,
                        "by_weight": sorted(each.by_weight.items()),
                    }
                    for each in counts
                ],
                "smallest": 10,
                "weights": word,
                "groups": form_groups(counts, 10, word),
            }
    for confirmed, sealed, lost, threshold in [
        ([1, 2, 3], [], [], 2),
        ([1, 2, 3], [1, 2], [], 2),
        ([1, 2, 3], [1, 2, 3], [], 2),
        ([1, 2, 3], [1, 2], [3], 2),
        ([1, 2, 3], [1], [2, 3], 2),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4], [], 3),
        ([1, 2, 3, 4, 5], [1, 2, 3], [], 3),
        ([1, 2, 3, 4, 5], [1, 2, 3], [4, 5], 3),
        ([1, 2, 3, 4, 5], [1, 2, 3], [4], 3),
        ([1, 2, 4], [1, 4], [2], 2),
        ([1], [], [], 1),
        ([1], [1], [], 1),
    ]:
        yield {
            "name": f"seals {confirmed} {sealed} {lost} {threshold}",
            "kind": "seals",
            "confirmed": confirmed,
            "sealed": sealed,
            "lost": lost,
            "threshold": threshold,
            "quorum": seal_quorum(len(confirmed), threshold),
            "enough": has_enough_seals(confirmed, sealed, lost, threshold),
        }


def trackers() -> Iterator[Vector]:
    """Name ballots."""
    for n, ballot in enumerate([b"", b"ballot", bytes(range(256)), seed("ballot") * 20]):
        yield {
            "name": f"tracker {n}",
            "election_id": SCOPE,
            "ballot": ballot,
            "hash": tracker_hash(SCOPE, ballot),
            "tracker": tracker(SCOPE, ballot),
        }
