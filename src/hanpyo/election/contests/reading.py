"""How a contest stands in a manifest. Source: protocol.md 5.1 and 12."""

from __future__ import annotations

from dataclasses import asdict

from hanpyo.election.contests.bounds import DISTRICTS_MAX, LIMITS_MAX, OPTIONS_MAX
from hanpyo.election.contests.contest import FORMS, Contest, Limit, Option, Rule
from hanpyo.election.fields import (
    read_choice,
    read_id,
    read_int,
    read_list,
    read_object,
    read_ratio,
    read_string,
    read_texts,
)
from hanpyo.encoding import JSON_INT_MAX

RULE_NAME_CHARACTERS_MAX = 20

_CONTEST_KEYS = (
    "blank",
    "example",
    "form",
    "id",
    "limits",
    "options",
    "partition",
    "rule",
    "title",
    "top",
)
_RULE_KEYS = ("base", "budget", "minimum", "name", "quorum", "seats", "share", "turnout")


def contest_from_json(value: object, where: str) -> Contest:
    """Read a contest of a manifest; its bounds are `check_contest`'s business.

    Args:
        value: what the JSON decoder gave.
        where: its place in the manifest, for messages.

    Raises:
        InvalidManifest: a key is missing or unknown, or a value has the wrong type.
    """
    fields = read_object(value, where, _CONTEST_KEYS)
    limits_max = LIMITS_MAX + OPTIONS_MAX // 2
    return Contest(
        id=read_id(fields["id"], f"{where}.id"),
        title=read_texts(fields["title"], f"{where}.title"),
        form=read_choice(fields["form"], f"{where}.form", FORMS),
        options=read_list(fields["options"], f"{where}.options", 1, OPTIONS_MAX, _read_option),
        top=_read_number(fields["top"], f"{where}.top"),
        limits=read_list(fields["limits"], f"{where}.limits", 0, limits_max, _read_limit),
        blank=_read_blank(fields["blank"], f"{where}.blank"),
        example=_read_example(fields["example"], f"{where}.example"),
        partition=read_list(
            fields["partition"], f"{where}.partition", 0, DISTRICTS_MAX, _read_part
        ),
        rule=_read_rule(fields["rule"], f"{where}.rule"),
    )


def contest_to_json(contest: Contest) -> dict[str, object]:
    """Give a contest as it stands in a manifest."""
    options = [
        {"cost": each.cost, "id": each.id, "title": dict(each.title)} for each in contest.options
    ]
    limits = [
        {"coefficients": each.coefficients, "high": each.high, "low": each.low}
        for each in contest.limits
    ]
    return {
        "blank": contest.blank,
        "example": contest.example,
        "form": contest.form,
        "id": contest.id,
        "limits": limits,
        "options": options,
        "partition": contest.partition,
        "rule": asdict(contest.rule),
        "title": dict(contest.title),
        "top": contest.top,
    }


def _read_number(value: object, where: str) -> int:
    return read_int(value, where, 0, JSON_INT_MAX)


def _read_option(value: object, where: str) -> Option:
    fields = read_object(value, where, ("cost", "id", "title"))
    return Option(
        id=read_id(fields["id"], f"{where}.id"),
        title=read_texts(fields["title"], f"{where}.title"),
        cost=_read_number(fields["cost"], f"{where}.cost"),
    )


def _read_limit(value: object, where: str) -> Limit:
    fields = read_object(value, where, ("coefficients", "high", "low"))
    return Limit(
        low=_read_number(fields["low"], f"{where}.low"),
        high=_read_number(fields["high"], f"{where}.high"),
        coefficients=read_list(
            fields["coefficients"], f"{where}.coefficients", 1, OPTIONS_MAX, _read_coefficient
        ),
    )


def _read_coefficient(value: object, where: str) -> tuple[int, int]:
    numbers = read_list(value, where, 2, 2, _read_number)
    return numbers[0], numbers[1]


def _read_blank(value: object, where: str) -> int | None:
    return None if value is None else _read_number(value, where)


def _read_example(value: object, where: str) -> tuple[int, ...] | None:
    return None if value is None else read_list(value, where, 1, OPTIONS_MAX, _read_number)


def _read_part(value: object, where: str) -> tuple[int, ...]:
    return read_list(value, where, 1, DISTRICTS_MAX, _read_number)


def _read_rule(value: object, where: str) -> Rule:
    fields = read_object(value, where, _RULE_KEYS)
    return Rule(
        name=read_string(fields["name"], f"{where}.name", RULE_NAME_CHARACTERS_MAX),
        seats=_read_number(fields["seats"], f"{where}.seats"),
        share=read_ratio(fields["share"], f"{where}.share"),
        base=read_choice(fields["base"], f"{where}.base", ("cast", "marked")),
        quorum=_read_number(fields["quorum"], f"{where}.quorum"),
        turnout=read_ratio(fields["turnout"], f"{where}.turnout"),
        minimum=_read_number(fields["minimum"], f"{where}.minimum"),
        budget=_read_number(fields["budget"], f"{where}.budget"),
    )
