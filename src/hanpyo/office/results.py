"""The published results of an election, added up per contest, and what the rules say of them."""

from dataclasses import dataclass

from hanpyo.election.contests import Contest
from hanpyo.election.counting import ContestOutcome, Counted, count
from hanpyo.errors import InvalidResult, NotYet
from hanpyo.ledger.bodies import Close, Outcome, Result
from hanpyo.office.desk import Desk
from hanpyo.office.roll import published_roll

_KINDS = (Close.kind, Result.kind, Outcome.kind)


@dataclass(frozen=True, slots=True)
class ContestResult:
    """One contest's result.

    Attributes:
        counted: totals, ballots and weight over its published groups; `None`: not opened.
        outcome: what the counting rule says, with its steps.
        groups: how many groups were opened.
    """

    contest: Contest
    counted: Counted | None
    outcome: ContestOutcome
    groups: int


def read_results(desk: Desk) -> list[ContestResult]:
    """Read the final result of every contest.

    Raises:
        NotYet: the outcome is not there.
        InvalidResult: the outcome on the ledger is not what the counting rules say.
    """
    results: dict[int, list[Result]] = {}
    outcome: Outcome | None = None
    for _, act in desk.reader.acts(desk.election_id, _KINDS):
        if isinstance(act.body, Result):
            results.setdefault(act.body.contest, []).append(act.body)
        elif isinstance(act.body, Outcome):
            outcome = act.body
    if outcome is None:
        raise NotYet("the result is not final yet: see `hanpyo status`")
    weights = _roll_weights(desk)
    found = []
    for number, contest in enumerate(desk.manifest.contests):
        counted = _counted(results.get(number, []), weights[number])
        said = count(contest, counted)
        decision = outcome.contests[number]
        if (said.status, said.winners, said.tied) != (
            decision.status,
            decision.winners,
            decision.tied,
        ):
            raise InvalidResult(f"contest {contest.id!r}: the ledger's outcome is another")
        found.append(ContestResult(contest, counted, said, len(results.get(number, []))))
    return found


def _counted(results: list[Result], roll_weight: int) -> Counted | None:
    if not results:
        return None
    return Counted(
        totals=tuple(map(sum, zip(*[each.totals for each in results], strict=True))),
        ballots=sum(each.ballots for each in results),
        weight=sum(each.weight for each in results),
        roll_weight=roll_weight,
    )


def _roll_weights(desk: Desk) -> list[int]:
    """Give the weight of the rows that may vote in each contest, where a rule asks for it."""
    contests = range(len(desk.manifest.contests))
    if all(contest.rule.turnout[0] == 0 for contest in desk.manifest.contests):
        return [0 for _ in contests]
    by_style = [0] * len(desk.manifest.styles)
    for row in published_roll(desk).rows:
        by_style[row.style] += row.weight
    styles = desk.manifest.styles
    return [
        sum(weight for style, weight in zip(styles, by_style, strict=True) if contest in style)
        for contest in contests
    ]
