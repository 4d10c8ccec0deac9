"""Filling in a ballot at a terminal, contest by contest, and showing what it says."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hanpyo import voter
from hanpyo.cli.output import ask, say
from hanpyo.election.ballot import PlaintextBallot, check_selections
from hanpyo.election.contests import Contest, check_scores
from hanpyo.election.manifest import Manifest
from hanpyo.errors import InvalidFile, InvalidSelection
from hanpyo.office.files import parse_json, read_file

BALLOT_BYTES_MAX = 1_048_576
STDIN = Path("-")


def read_ballot(path: Path, manifest: Manifest, style: int) -> PlaintextBallot:
    """Read selections from a file, or from stdin where the path is `-`.

    Raises:
        InvalidFile: the file is no JSON, or too large.
        InvalidSelection: no lawful ballot says this.
    """
    if path == STDIN:
        data = sys.stdin.buffer.read(BALLOT_BYTES_MAX + 1)
        if len(data) > BALLOT_BYTES_MAX:
            raise InvalidFile(f"stdin: is larger than {BALLOT_BYTES_MAX} bytes")
        return voter.scores_from_json(manifest, style, parse_json(data, "stdin"))
    data = read_file(path, BALLOT_BYTES_MAX)
    return voter.scores_from_json(manifest, style, parse_json(data, str(path)))


def fill_in(manifest: Manifest, style: int) -> PlaintextBallot:
    """Ask for the selections of every contest, again where they are not lawful."""
    contests = manifest.style_contests(style)
    scores = []
    for number, contest in enumerate(contests, 1):
        say(f"\n{number} of {len(contests)}  {text_of(contest.title)}")
        say(voter.rule_in_words(contest))
        for place, option in enumerate(contest.options, 1):
            cost = f"  ({option.cost})" if option.cost else ""
            say(f"  {place:>3}  {text_of(option.title)}{cost}")
        scores.append(_ask_for(contest))
    ballot = tuple(scores)
    check_selections(manifest, style, ballot)
    return ballot


def show(manifest: Manifest, style: int, ballot: PlaintextBallot) -> list[str]:
    """Say what a ballot holds, a line for each contest and selection."""
    lines = []
    for answer in voter.answers(manifest, style, ballot):
        contest = answer.contest
        lines.append(text_of(contest.title))
        for option, score in answer.marked:
            points = f": {score}" if contest.top > 1 else ""
            lines.append(f"  {text_of(contest.options[option].title)}{points}")
        if not answer.marked:
            lines.append("  (nothing marked)")
    return lines


def text_of(texts: Mapping[str, str]) -> str:
    """Give a text in its first language."""
    return next(iter(texts.values()), "")


def _ask_for(contest: Contest) -> tuple[int, ...]:
    how = "numbers, separated by spaces" if contest.top == 1 else "number=points, such as 2=5 4=1"
    while True:
        words = ask(f"Your choice ({how}; empty for none): ").replace(",", " ").split()
        try:
            scores = _scores(contest, words)
            check_scores(contest, scores)
        except InvalidSelection as error:
            say(f"That does not work: {error}")
            continue
        return scores


def _scores(contest: Contest, words: Sequence[str]) -> tuple[int, ...]:
    """Read what was typed: numbers of options, with scores where options are scored."""
    scores = [0] * len(contest.options)
    for word in words:
        number, equals, points = word.partition("=")
        if not _is_number(number) or not 1 <= int(number) <= len(scores):
            raise InvalidSelection(f"{word!r} names no option, they are 1 to {len(scores)}")
        if bool(equals) != (contest.top > 1) or (equals and not _is_number(points)):
            raise InvalidSelection(f"{word!r} is not written as asked")
        if scores[int(number) - 1]:
            raise InvalidSelection(f"option {number} stands there twice")
        scores[int(number) - 1] = int(points) if equals else 1
    return tuple(scores)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10
