"""Contests in an election file, in people's words: choose one, approve, share out points.

Each kind has its own keys; `election/contests/builders.py` turns them into limits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hanpyo.election import contests
from hanpyo.election.contests import Contest, Option, Rule
from hanpyo.election.contests.bounds import RULE_FORMS
from hanpyo.election.fields import Texts, fail, read_choice, read_id
from hanpyo.office.tables import (
    id_of,
    read_flag,
    read_items,
    read_number,
    read_share,
    read_table,
    read_words,
)

_COMMON = ("blank", "id", "kind", "partition", "rule", "title")
_RULE_KEYS = (*("base", "budget", "minimum", "name", "quorum", "seats", "share", "turnout"),)
_DEFAULT_RULES = {
    "one": "plurality",
    "some": "plurality",
    "approval": "approval",
    "score": "score-sum",
    "matrix": "items",
    "cumulative": "cumulative",
    "budget": "budget",
}
_ANSWERS = {"en": ("yes", "no"), "ja": ("賛成", "反対"), "ko": ("찬성", "반대")}
_BLANK = {"en": "I leave this blank", "ja": "この項目は白票", "ko": "기권(이 항목)"}


@dataclass(frozen=True, slots=True)
class _Draft:
    """What all kinds of contests have in common, as read so far."""

    table: Mapping[str, object]
    where: str
    language: str
    id: str
    title: Texts
    rule: Rule
    blank: Option | None

    def options(self) -> tuple[Option, ...]:
        """Read the options: names, or tables of id, title and cost."""
        return self._list("options", ("cost", "id"))

    def items(self) -> tuple[Option, ...]:
        """Read the items of a matrix."""
        return self._list("items", ("id",))

    def number(self, key: str, default: int | None = None) -> int:
        """Read a whole number of this kind."""
        return read_number(self.table, key, self.where, default)

    def at_most(self) -> int | None:
        """Read how many options may be marked, if that is limited."""
        return self.number("at_most") if "at_most" in self.table else None

    def _list(self, key: str, optional: Sequence[str]) -> tuple[Option, ...]:
        if key not in self.table:
            fail(self.where, f"lacks the key {key!r}")
        kind = key.removesuffix("s")
        listed = read_items(self.table[key], f"{self.where}.{key}", lambda v, at: (v, at))
        return tuple(
            _read_option(value, at, self.language, (number, kind, optional))
            for number, (value, at) in enumerate(listed, 1)
        )


def read_contest(value: object, where: str, language: str, districts: Sequence[str]) -> Contest:
    """Read one `[[contests]]` table.

    Args:
        language: the language of plain strings.
        districts: the ids of the districts, for `partition`.

    Raises:
        InvalidManifest: the message names the field.
    """
    kinds = ", ".join(_KINDS)
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        fail(f"{where}.kind", f"must be one of {kinds}")
    keys, build = _KINDS[kind]
    table = read_table(value, where, ("id", "kind", "title"), (*_COMMON, *keys))
    title = read_words(table["title"], f"{where}.title", language)
    draft = _Draft(
        table=table,
        where=where,
        language=language,
        id=read_id(table["id"], f"{where}.id"),
        title=title,
        rule=_read_rule(table.get("rule", {}), f"{where}.rule", kind),
        blank=_read_blank(table.get("blank", False), f"{where}.blank", title),
    )
    partition = _read_partition(table.get("partition", []), f"{where}.partition", districts)
    return replace(build(draft), partition=partition)


def _one(draft: _Draft) -> Contest:
    may_skip = read_flag(draft.table, "may_skip", draft.where)
    common = draft.id, draft.title, draft.options(), draft.rule
    return contests.one(*common, may_skip=may_skip, blank=draft.blank)


def _some(draft: _Draft) -> Contest:
    count = draft.table.get("count")
    where = f"{draft.where}.count"
    if not isinstance(count, list) or [type(each) for each in count] != [int, int]:
        fail(where, "must be [least, most], such as [1, 3]")
    common = draft.id, draft.title, draft.options(), draft.rule
    return contests.some(*common, count=(count[0], count[1]), blank=draft.blank)


def _approval(draft: _Draft) -> Contest:
    common = draft.id, draft.title, draft.options(), draft.rule
    return contests.approval(*common, at_most=draft.at_most(), blank=draft.blank)


def _score(draft: _Draft) -> Contest:
    common = draft.id, draft.title, draft.options(), draft.rule
    return contests.score(*common, top=draft.number("top"), blank=draft.blank)


def _matrix(draft: _Draft) -> Contest:
    if draft.blank is not None:
        fail(f"{draft.where}.blank", "has no place here: each item may be left unmarked")
    items = [(_answer(item, 0), _answer(item, 1)) for item in draft.items()]
    return contests.matrix(draft.id, draft.title, items, draft.rule)


def _cumulative(draft: _Draft) -> Contest:
    points, exact = draft.number("points"), read_flag(draft.table, "exact", draft.where)
    common = draft.id, draft.title, draft.options(), draft.rule
    return contests.cumulative(*common, points=points, exact=exact, blank=draft.blank)


def _budget(draft: _Draft) -> Contest:
    amount, rule = draft.number("amount"), draft.rule
    if rule.name == "budget" and rule.budget == 0:
        rule = replace(rule, budget=amount)
    common = draft.id, draft.title, draft.options(), rule
    at_most = draft.at_most()
    return contests.budget(*common, amount=amount, at_most=at_most, blank=draft.blank)


_KINDS: Mapping[str, tuple[tuple[str, ...], Callable[[_Draft], Contest]]] = {
    "one": (("may_skip", "options"), _one),
    "some": (("count", "options"), _some),
    "approval": (("at_most", "options"), _approval),
    "score": (("options", "top"), _score),
    "matrix": (("items",), _matrix),
    "cumulative": (("exact", "options", "points"), _cumulative),
    "budget": (("amount", "at_most", "options"), _budget),
}


def _answer(item: Option, answer: int) -> Option:
    """Give the option that accepts (0) or refuses (1) an item."""
    words = {
        language: f"{text}: {_ANSWERS.get(language, _ANSWERS['en'])[answer]}"
        for language, text in item.title.items()
    }
    return Option(f"{item.id}.{_ANSWERS['en'][answer]}", words)


def _read_option(
    value: object, where: str, language: str, place: tuple[int, str, Sequence[str]]
) -> Option:
    number, kind, optional = place
    table = {"title": value} if isinstance(value, str) else value
    fields = read_table(table, where, ("title",), optional)
    words = read_words(fields["title"], f"{where}.title", language)
    given = fields.get("id")
    id = id_of(words, number, kind) if given is None else read_id(given, f"{where}.id")
    return Option(id, words, read_number(fields, "cost", where, 0))


def _read_blank(value: object, where: str, title: Texts) -> Option | None:
    """Read whether blank is offered: `true` for our words, or words of one's own."""
    if value is False:
        return None
    if value is True:
        return Option("blank", {each: _BLANK.get(each, _BLANK["en"]) for each in title})
    return Option("blank", read_words(value, where, next(iter(title), "en")))


def _read_rule(value: object, where: str, kind: str) -> Rule:
    """Read a counting rule: its name, or a table of what differs from the usual."""
    table = {"name": value} if isinstance(value, str) else value
    fields = read_table(table, where, (), _RULE_KEYS)
    name = read_choice(fields.get("name", _DEFAULT_RULES[kind]), f"{where}.name", RULE_FORMS)
    half = [1, 2] if name in {"majority", "items"} else [0, 1]
    base = "marked" if name == "items" else "cast"
    return Rule(
        name=name,
        seats=read_number(fields, "seats", where, 0 if name in {"budget", "items"} else 1),
        share=read_share(fields.get("share", half), f"{where}.share"),
        base=read_choice(fields.get("base", base), f"{where}.base", ("cast", "marked")),
        quorum=read_number(fields, "quorum", where, 0),
        turnout=read_share(fields.get("turnout", [0, 1]), f"{where}.turnout"),
        minimum=read_number(fields, "minimum", where, 0),
        budget=read_number(fields, "budget", where, 0),
    )


def _read_partition(
    value: object, where: str, districts: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    """Read lists of district ids as lists of district numbers."""
    if value == []:
        return ()

    def district(item: object, at: str) -> int:
        if item not in districts:
            fail(at, f"must be one of the districts {', '.join(districts[:20])}")
        return districts.index(str(item))

    def part(item: object, at: str) -> tuple[int, ...]:
        return tuple(sorted(read_items(item, at, district)))

    return read_items(value, where, part)
