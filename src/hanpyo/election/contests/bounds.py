"""What a contest of a manifest must keep. Source: protocol.md 5.1, 5.2 and 12."""

from __future__ import annotations

from hanpyo.election.contests.contest import FORMS, Contest, Limit, Rule, contest_shape
from hanpyo.election.contests.selections import check_scores
from hanpyo.election.fields import check_distinct, fail, read_choice, read_int
from hanpyo.errors import InvalidSelection, InvalidShape

DISTRICTS_MAX = 512
OPTIONS_MAX = 512
LIMITS_MAX = 64  # besides the limits of a matrix's items
BITS_MAX = 4096
TOP_MAX = 2**32 - 1
AMOUNT_MAX = 2**48 - 1  # costs, coefficients, borders of limits, amounts of a rule
SUM_MAX = 2**64 - 1

RULE_FORMS = {  # which rule fits which form
    "plurality": ("one", "some"),
    "majority": ("one",),
    "approval": ("approval", "some"),
    "score-sum": ("score",),
    "score-mean": ("score",),
    "cumulative": ("cumulative",),
    "budget": ("one", "some", "approval", "score", "cumulative", "budget"),
    "items": ("matrix",),
}
BASE_RULES = ("majority", "items")  # these compare a total with a share of a base
SEATLESS_RULES = ("budget", "items")


def check_contest(contest: Contest, districts: int, where: str = "contest") -> None:
    """Refuse a contest that breaks a bound.

    Args:
        contest: from a manifest or from a builder.
        districts: how many districts the manifest has.
        where: the contest's place in the manifest, for messages.

    Raises:
        InvalidManifest: the message names the field.
    """
    read_choice(contest.form, f"{where}.form", FORMS)
    read_int(len(contest.options), f"{where}.options, their number", 1, OPTIONS_MAX)
    check_distinct((option.id for option in contest.options), f"{where}.options")
    for place, option in enumerate(contest.options):
        read_int(option.cost, f"{where}.options[{place}].cost", 0, AMOUNT_MAX)
    read_int(contest.top, f"{where}.top", 1, TOP_MAX)
    items = len(contest.options) // 2 if contest.form == "matrix" else 0
    read_int(len(contest.limits), f"{where}.limits, their number", 0, LIMITS_MAX + items)
    for place, limit in enumerate(contest.limits):
        _check_limit(contest, limit, f"{where}.limits[{place}]")
    if contest.form == "matrix":
        _check_matrix(contest, where)
    _check_blank(contest, where)
    _check_example(contest, f"{where}.example")
    _check_partition(contest.partition, districts, f"{where}.partition")
    _check_rule(contest, f"{where}.rule")
    if not 1 <= contest.bit_count <= BITS_MAX:
        fail(where, f"needs {contest.bit_count} bits, must be 1..{BITS_MAX}")
    try:
        contest_shape(contest)
    except InvalidShape as error:
        fail(f"{where}.limits", str(error))


def _check_limit(contest: Contest, limit: Limit, where: str) -> None:
    read_int(limit.high, f"{where}.high", 0, AMOUNT_MAX)
    read_int(limit.low, f"{where}.low", 0, limit.high)
    read_int(len(limit.coefficients), f"{where}.coefficients, their number", 1, OPTIONS_MAX)
    last = -1
    for place, (option, c) in enumerate(limit.coefficients):
        at = f"{where}.coefficients[{place}]"
        read_int(option, f"{at}, its option", 0, len(contest.options) - 1)
        if option <= last:
            fail(at, "must name a higher option than the one before")
        read_int(c, f"{at}, its coefficient", 1, AMOUNT_MAX)
        last = option
    if sum(c for _, c in limit.coefficients) * contest.top > SUM_MAX:
        fail(where, "must keep the sum of its coefficients times the top score below 2^64")


def _check_matrix(contest: Contest, where: str) -> None:
    items, odd = divmod(len(contest.options), 2)
    if odd:
        fail(f"{where}.options", "must be even in number: option 2i accepts item i, 2i+1 refuses")
    if len(contest.limits) < items:
        fail(f"{where}.limits", f"must begin with one limit for each of the {items} items")
    if contest.blank is not None:
        fail(f"{where}.blank", "must be null: an item without an answer is blank already")
    for item in range(items):
        if contest.limits[item] != Limit(0, 1, ((2 * item, 1), (2 * item + 1, 1))):
            fail(f"{where}.limits[{item}]", f"must allow at most one answer to item {item}")


def _check_blank(contest: Contest, where: str) -> None:
    blank = contest.blank
    if blank is None:
        return
    read_int(blank, f"{where}.blank", 0, len(contest.options) - 1)
    for place, limit in enumerate(contest.limits):
        if limit.high < 1 or (blank, limit.high) not in limit.coefficients:
            fail(f"{where}.limits[{place}]", "must weigh the blank option with its high, 1 or more")
    if not any(len(limit.coefficients) == len(contest.options) for limit in contest.limits):
        fail(f"{where}.blank", "needs a limit over all options, so that blank excludes the others")


def _check_example(contest: Contest, where: str) -> None:
    if contest.example is None:
        if any(limit.low > 0 for limit in contest.limits):
            fail(where, "must be given where a limit's low is over 0")
        return
    try:
        check_scores(contest, contest.example)
    except InvalidSelection as error:
        fail(where, str(error))


def _check_partition(partition: tuple[tuple[int, ...], ...], districts: int, where: str) -> None:
    if not partition:
        return
    seen = [district for part in partition for district in part]
    if sorted(seen) != list(range(districts)):
        fail(where, f"must hold each of the {districts} districts exactly once")
    for place, part in enumerate(partition):
        if not part or list(part) != sorted(part):
            fail(f"{where}[{place}]", "must hold at least one district, in ascending order")


def _check_rule(contest: Contest, where: str) -> None:
    rule = contest.rule
    read_choice(rule.name, f"{where}.name", RULE_FORMS)
    if contest.form not in RULE_FORMS[rule.name]:
        fail(f"{where}.name", f"{rule.name!r} does not fit the form {contest.form!r}")
    _check_seats(contest, f"{where}.seats")
    _check_share(rule, where)
    for name in ("quorum", "minimum", "budget"):
        read_int(getattr(rule, name), f"{where}.{name}", 0, AMOUNT_MAX)
    if rule.budget and rule.name != "budget":
        fail(f"{where}.budget", f"must be 0 with rule {rule.name!r}")
    p, q = rule.turnout
    if p > q or q < 1:
        fail(f"{where}.turnout", "must be [p, q] with p <= q and 1 <= q")


def _check_seats(contest: Contest, where: str) -> None:
    rule = contest.rule
    if rule.name in SEATLESS_RULES:
        read_int(rule.seats, where, 0, 0)
    elif rule.name == "majority":
        read_int(rule.seats, where, 1, 1)
    else:
        read_int(rule.seats, where, 1, len(contest.options) - (contest.blank is not None))


def _check_share(rule: Rule, where: str) -> None:
    if rule.name in BASE_RULES:
        read_choice(rule.base, f"{where}.base", ("cast", "marked"))
        if not rule.share[0] < rule.share[1]:
            fail(f"{where}.share", "must be [p, q] with p < q")
        return
    if rule.base != "cast":
        fail(f"{where}.base", f"must be 'cast' with rule {rule.name!r}")
    if rule.share != (0, 1):
        fail(f"{where}.share", f"must be [0, 1] with rule {rule.name!r}")
