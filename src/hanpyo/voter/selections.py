"""Selections in people's terms, and back: ids and scores of what was marked."""

from collections.abc import Mapping
from dataclasses import dataclass

from hanpyo.election.ballot import PlaintextBallot, check_selections
from hanpyo.election.contests import Contest
from hanpyo.election.manifest import Manifest
from hanpyo.errors import InvalidSelection


@dataclass(frozen=True, slots=True)
class Answer:
    """What a ballot says on one contest: option numbers with their scores, unmarked left out."""

    contest: Contest
    marked: tuple[tuple[int, int], ...]


def scores_from_json(manifest: Manifest, style: int, value: object) -> PlaintextBallot:
    """Read selections such as `{"chair": "anna", "budget": ["a", "b"], "taste": {"tea": 3}}`.

    A contest that is left out stays unmarked.

    Raises:
        InvalidSelection: the message names the contest and what is wrong, in words.
    """
    contests = manifest.style_contests(style)
    if not isinstance(value, Mapping):
        raise InvalidSelection("the ballot must be an object from contest ids to selections")
    known = [contest.id for contest in contests]
    for name in value:
        if name not in known:
            raise InvalidSelection(f"there is no contest {name!r}; yours are {', '.join(known)}")
    scores = tuple(scores_of(contest, value.get(contest.id, [])) for contest in contests)
    check_selections(manifest, style, scores)
    return scores


def scores_of(contest: Contest, value: object) -> tuple[int, ...]:
    """Read the selections of one contest: an option's id, a list of ids, or ids with scores.

    Raises:
        InvalidSelection: an option is unknown or stands twice, or a score is no whole number.
    """
    marks: dict[str, object] = {}
    if isinstance(value, str):
        marks = {value: 1}
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        marks = dict.fromkeys(value, 1)
        if len(marks) != len(value):
            raise InvalidSelection(f"contest {contest.id!r}: an option stands twice")
    elif isinstance(value, Mapping):
        marks = dict(value)
    else:
        raise InvalidSelection(f"contest {contest.id!r}: give an id, a list of ids, or scores")
    numbers = {option.id: number for number, option in enumerate(contest.options)}
    scores = [0] * len(contest.options)
    for name, score in marks.items():
        if name not in numbers:
            raise InvalidSelection(f"contest {contest.id!r} has no option {name!r}")
        if type(score) is not int:
            raise InvalidSelection(f"contest {contest.id!r}: the score of {name!r} is no number")
        scores[numbers[name]] = score
    return tuple(scores)


def answers(manifest: Manifest, style: int, scores: PlaintextBallot) -> list[Answer]:
    """Give what a ballot says, contest by contest."""
    contests = manifest.style_contests(style)
    return [
        Answer(contest, tuple((each, score) for each, score in enumerate(marked) if score))
        for contest, marked in zip(contests, scores, strict=True)
    ]


def rule_in_words(contest: Contest) -> str:
    """Say what a lawful ballot is, for the person who fills it in."""
    if contest.form == "matrix":
        return "Answer each item with one of its two options, or leave it unmarked."
    sentences = [] if contest.top == 1 else [f"Give each option 0 to {contest.top} points."]
    for limit in contest.limits:
        counted = [c for option, c in limit.coefficients if option != contest.blank]
        noun = "options" if contest.top == 1 else "points"
        if all(c == 1 for c in counted):
            sentences.append(_count_in_words(limit.low, limit.high, noun))
        elif contest.form == "budget":
            sentences.append(f"What you choose may cost {limit.high} together.")
    if not sentences:
        sentences.append("Choose as many options as you like.")
    return " ".join(sentences)


def _count_in_words(low: int, high: int, noun: str) -> str:
    verb = "Choose" if noun == "options" else "Give"
    if low == high:
        sentence = f"{verb} exactly {high} {noun if high > 1 else noun.removesuffix('s')}."
    elif low == 0:
        sentence = f"{verb} at most {high} {noun if high > 1 else noun.removesuffix('s')}."
    else:
        sentence = f"{verb} {low} to {high} {noun}."
    return sentence
