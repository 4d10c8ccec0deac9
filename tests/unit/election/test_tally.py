"""Only groups large enough are opened, and only after enough trustees sealed the same root."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanpyo.election.tally import PartCount, form_groups, has_enough_seals, seal_quorum

WEIGHTS = ("none", "guarded", "revealing")


def part(by_weight: dict[int, int]) -> PartCount:
    weight = sum(weight * rows for weight, rows in by_weight.items())
    return PartCount(sum(by_weight.values()), weight, by_weight)


def plain(*ballots: int) -> list[PartCount]:
    return [part({1: number} if number else {}) for number in ballots]


plain_parts = st.lists(st.integers(0, 12), min_size=1, max_size=12).map(lambda each: plain(*each))
weighed_parts = st.lists(
    st.dictionaries(st.integers(1, 4), st.integers(0, 8), max_size=4).map(part),
    min_size=1,
    max_size=10,
)
any_parts = st.one_of(plain_parts, weighed_parts)
smallest_tallies = st.integers(2, 8)


def is_large_enough(
    parts: Sequence[PartCount], group: Sequence[int], smallest: int, weights: str
) -> bool:
    """The words of protocol.md 11.2, once more."""
    rows: Counter[int] = Counter()
    for number in group:
        rows.update(parts[number].by_weight)
    if rows.total() < smallest:
        return False
    if weights == "revealing" and len(group) == len(parts):
        return True
    return min(rows[weight] for weight in rows if rows[weight]) >= smallest


# --- groups ---


@given(any_parts, smallest_tallies, st.sampled_from(WEIGHTS))
def test_every_part_stands_in_one_group_or_nothing_is_opened(
    parts: list[PartCount], smallest: int, weights: str
) -> None:
    groups = form_groups(parts, smallest, weights)
    opened = [number for group in groups for number in group]
    assert opened in ([], list(range(len(parts))))


@given(any_parts, smallest_tallies, st.sampled_from(WEIGHTS))
def test_every_group_is_large_enough(parts: list[PartCount], smallest: int, weights: str) -> None:
    for group in form_groups(parts, smallest, weights):
        assert is_large_enough(parts, group, smallest, weights)


@given(any_parts, smallest_tallies, st.sampled_from(WEIGHTS))
def test_no_group_could_have_ended_earlier(
    parts: list[PartCount], smallest: int, weights: str
) -> None:
    for group in form_groups(parts, smallest, weights)[:-1]:
        for end in range(1, len(group)):
            assert not is_large_enough(parts, group[:end], smallest, weights)


@given(any_parts, smallest_tallies, st.sampled_from(WEIGHTS))
def test_nothing_is_opened_only_where_the_whole_is_too_small(
    parts: list[PartCount], smallest: int, weights: str
) -> None:
    if not form_groups(parts, smallest, weights):
        assert not is_large_enough(parts, range(len(parts)), smallest, weights)


@given(any_parts, smallest_tallies, st.sampled_from(WEIGHTS))
def test_a_remainder_is_never_small(parts: list[PartCount], smallest: int, weights: str) -> None:
    """Whatever is opened, what is left out of it is empty or large enough itself."""
    groups = form_groups(parts, smallest, weights)
    for left_out in groups:
        rest = [number for group in groups if group != left_out for number in group]
        assert not rest or is_large_enough(parts, rest, smallest, "guarded")


GROUPS = {
    "one part, just enough": (plain(5), "none", [(0,)]),
    "one part, one too few": (plain(4), "none", []),
    "nobody voted": (plain(0, 0), "none", []),
    "each enough": (plain(5, 6), "none", [(0,), (1,)]),
    "small ones gather": (plain(2, 3, 5), "none", [(0, 1), (2,)]),
    "a short end joins the last group": (plain(5, 5, 4), "none", [(0,), (1, 2)]),
    "an empty end joins too": (plain(5, 0, 0), "none", [(0, 1, 2)]),
    "an empty beginning": (plain(0, 5), "none", [(0, 1)]),
    "all together": (plain(1, 1, 3), "none", [(0, 1, 2)]),
    "all together too few": (plain(1, 1, 2), "none", []),
    "a rare weight waits for more": (
        [part({1: 9, 3: 2}), part({1: 1, 3: 3}), part({1: 5})],
        "guarded",
        [(0, 1), (2,)],
    ),
    "a rare weight at the end unmakes groups": (
        [part({1: 9, 3: 4}), part({1: 9, 3: 1}), part({1: 5}), part({1: 5, 3: 1})],
        "guarded",
        [(0, 1, 2, 3)],
    ),
    "a rare weight that stays rare": ([part({1: 9}), part({1: 9, 3: 4})], "guarded", []),
    "a weight that nobody cast": ([part({1: 9, 3: 0})], "guarded", [(0,)]),
    "a weight that may be revealed": (
        [part({1: 9}), part({1: 9, 3: 4})],
        "revealing",
        [(0, 1)],
    ),
    "a weight that is revealed in no part": (
        [part({1: 9, 3: 1}), part({1: 9})],
        "revealing",
        [(0, 1)],
    ),
    "a single part reveals": ([part({1: 4, 3: 1})], "revealing", [(0,)]),
    "too few to reveal": ([part({1: 3, 3: 1})], "revealing", []),
}


@pytest.mark.parametrize(("parts", "weights", "groups"), GROUPS.values(), ids=GROUPS.keys())
def test_groups_of_at_least_five(
    parts: list[PartCount], weights: str, groups: list[tuple[int, ...]]
) -> None:
    assert form_groups(parts, 5, weights) == groups


# --- seals ---


@pytest.mark.parametrize(
    ("n", "t", "q"), [(1, 1, 1), (2, 2, 2), (3, 2, 3), (4, 2, 3), (5, 3, 4), (64, 2, 33)]
)
def test_seal_quorum(n: int, t: int, q: int) -> None:
    assert seal_quorum(n, t) == q


@given(st.integers(1, 64), st.data())
def test_two_quorums_share_a_threshold(n: int, data: st.DataObject) -> None:
    t = data.draw(st.integers(1, n))
    q = seal_quorum(n, t)
    assert t <= q <= n
    assert 2 * q - n >= t > 2 * (q - 1) - n


SEALS = {  # confirmed, sealed, lost, threshold, enough
    "all of 2-of-3": ({1, 2, 3}, {1, 2, 3}, set(), 2, True),
    "two of 2-of-3": ({1, 2, 3}, {1, 2}, set(), 2, False),
    "two of 2-of-3, one lost": ({1, 2, 3}, {1, 2}, {3}, 2, True),
    "one of two left": ({1, 2, 3}, {1}, {3}, 2, False),
    "quorum of five": ({1, 2, 3, 4, 5}, {1, 2, 4}, set(), 2, False),
    "quorum of five reached": ({1, 2, 3, 4, 5}, {1, 2, 4, 5}, set(), 2, True),
    "one lost, quorum possible": ({1, 2, 3, 4, 5}, {1, 2, 4}, {3}, 2, False),
    "two lost, all others sealed": ({1, 2, 3, 4, 5}, {1, 2, 4}, {3, 5}, 2, True),
    "two lost, one has not sealed": ({1, 2, 3, 4, 5}, {1, 2}, {3, 5}, 2, False),
    "three lost, threshold left": ({1, 2, 3, 4, 5}, {1, 2}, {3, 4, 5}, 2, True),
    "fewer than the threshold left": ({1, 2, 3}, {1}, {2, 3}, 2, False),
    "single trustee": ({1}, {1}, set(), 1, True),
    "single trustee has not sealed": ({1}, set(), set(), 1, False),
    "nobody left": ({1}, set(), {1}, 1, False),
    "dropped indexes": ({1, 3, 7}, {1, 3, 7}, set(), 2, True),
}


@pytest.mark.parametrize(
    ("confirmed", "sealed", "lost", "threshold", "enough"), SEALS.values(), ids=SEALS.keys()
)
def test_enough_seals(
    confirmed: set[int], sealed: set[int], lost: set[int], threshold: int, enough: bool
) -> None:
    assert has_enough_seals(confirmed, sealed, lost, threshold) is enough
