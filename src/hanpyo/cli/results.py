"""Printing a result: totals with bars, winners, steps; as text or as JSON."""

from collections.abc import Sequence

from hanpyo.cli.filling import text_of
from hanpyo.cli.output import bar, percent, print_json, print_result, print_table
from hanpyo.election.counting import DECIDED, NO_MAJORITY, NOT_OPENED, TIED, TOO_FEW
from hanpyo.election.manifest import Manifest
from hanpyo.office.results import ContestResult

STATUSES = {
    DECIDED: "decided",
    TIED: "tied",
    TOO_FEW: "too few took part",
    NO_MAJORITY: "no majority",
    NOT_OPENED: "not opened",
}


def print_results(manifest: Manifest, results: Sequence[ContestResult], *, as_json: bool) -> None:
    """Print the results of all contests."""
    if as_json:
        print_json({each.contest.id: _json(each) for each in results})
        return
    print_result(text_of(manifest.title))
    for each in results:
        print_result("")
        _print_contest(manifest, each)


def _print_contest(manifest: Manifest, result: ContestResult) -> None:
    contest, counted, outcome = result.contest, result.counted, result.outcome
    print_result(f"{text_of(contest.title)}: {STATUSES[outcome.status]}")
    if counted is None:
        print_result(f"  Not opened, fewer than {manifest.smallest_tally} ballots.")
        return
    top = max(counted.totals)
    rows = []
    for option, total in enumerate(counted.totals):
        mark = "won" if option in outcome.winners else "tied" if option in outcome.tied else ""
        share = percent(total, counted.weight) if contest.top == 1 else ""
        title = text_of(contest.options[option].title)
        rows.append((f"  {title}", str(total), share, mark, bar(total, top)))
    print_table(rows, right=(1, 2))
    for number, step in enumerate(outcome.steps, 1):
        print_result(f"  {number}. {step}")


def _json(result: ContestResult) -> dict[str, object]:
    contest, counted, outcome = result.contest, result.counted, result.outcome
    ids = [option.id for option in contest.options]
    return {
        "ballots": None if counted is None else counted.ballots,
        "groups": result.groups,
        "status": STATUSES[outcome.status],
        "steps": list(outcome.steps),
        "tied": [ids[option] for option in outcome.tied],
        "totals": None if counted is None else dict(zip(ids, counted.totals, strict=True)),
        "weight": None if counted is None else counted.weight,
        "winners": [ids[option] for option in outcome.winners],
    }
