"""Commands that hold a whole election on this machine, with all its parties."""

import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.options import JsonOption, thread_count
from hanpyo.cli.output import percent, print_json, print_result, progress, say
from hanpyo.cli.platform import FOLDER, hold_platform, is_interactive
from hanpyo.cli.results import print_results
from hanpyo.errors import InvalidQuery
from hanpyo.ledger.entry import MEMBERS_MAX, MEMBERS_MIN
from hanpyo.node.storage.files import COMMITS
from hanpyo.node.storage.records import open_record
from hanpyo.rehearsal import (
    Rehearsal,
    break_copy,
    first_failure,
    hold_consortium_demo,
    hold_demo,
    verify_with_second,
)
from hanpyo.rehearsal import rehearse as hold_again
from hanpyo.verify import verify_record

app = typer.Typer()


class _Teller:
    """Tells the demonstration: numbered headings, indented lines."""

    def __init__(self) -> None:
        self._steps = 0

    def heading(self, text: str) -> None:
        """Begin a new step."""
        self._steps += 1
        print_result(f"\n{self._steps}. {text}")

    def line(self, text: str) -> None:
        """Say one thing."""
        print_result(f"   {text}")


@app.command()
def demo(
    record: Annotated[
        Path, typer.Option("--record", metavar="DIR", help="Where the record goes.")
    ] = Path("demo-record"),
    consortium: Annotated[
        bool, typer.Option("--consortium", help="On four organizations' nodes, with an observer.")
    ] = False,
    through: Annotated[
        bool, typer.Option("--through", help="Run to the end by itself, as without a terminal.")
    ] = False,
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes any free one.")] = 0,
) -> None:
    """Open a vote in your browser; without a terminal, hold one from beginning to end.

    In a terminal a platform runs until you end it: you vote, observe, and open the result, while
    a simulated town takes part. Otherwise key, roll, votes, tally and both verifiers run through.

    Example: hanpyo demo
    """
    if is_interactive() and not consortium and not through:
        hold_platform(FOLDER, host, port)
        return
    begun, told = time.monotonic(), _Teller()
    print_result("A secret election in a town of 200, held from beginning to end on this machine.")
    hold = hold_consortium_demo if consortium else hold_demo
    done = hold(record, thread_count(), told)
    held = done.held
    told.heading("The result\n")
    print_results(held.manifest, held.results, as_json=False)
    counted = max(each.counted.ballots for each in held.results if each.counted is not None)
    turnout = percent(counted, held.roll_size)
    print_result(f"\n   {counted} ballots counted of {held.roll_size} on the roll, {turnout}.")
    told.heading("Anybody can check it")
    told.line(f"The record is in {record}: {done.entries} entries, and no secret among them.")
    accepted = _ask_both(told, record)
    told.heading("One byte is changed in a copy")
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        broken = break_copy(record, copy)
        told.line(f"Byte {broken.byte} of entry {broken.entry}, inside an encrypted ballot.")
        refused = _ask_both(told, copy)
    told.line("In plain words: this ballot is no longer the one that the ledger recorded.")
    is_well = all(accepted) and not any(refused)
    print_result(f"\nDone in {time.monotonic() - begun:.0f} seconds. Check the record yourself:")
    print_result(f"   {sys.argv[0]} verify {record}\n   python3 verifier {record}")
    raise typer.Exit(0 if is_well else 1)


def _ask_both(told: _Teller, record: Path) -> list[bool]:
    """Run both verifiers over a record, tell what each says, and give their verdicts."""
    reports: dict[str, Mapping[str, object]] = {}
    reports["hanpyo verify"] = verify_record(open_record(record)).to_json()
    is_consortium = (record / COMMITS).exists()
    second = None if is_consortium else verify_with_second(record)
    if is_consortium:
        told.line("The second verifier does not know records of a consortium yet.")
    elif second is None:
        told.line("The second verifier is not part of this installation: it is in the repository.")
    else:
        reports["python3 verifier"] = second
    for name, report in reports.items():
        told.line(f"{name}: {_verdict(report)}")
    return [report["valid"] is True for report in reports.values()]


def _verdict(report: Mapping[str, object]) -> str:
    return "the record holds." if report["valid"] is True else f"refused. {first_failure(report)}"


@app.command()
def rehearse(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ballots as a Pabulib file.")],
    record: Annotated[
        Path, typer.Option("--record", metavar="DIR", help="A new folder for the record.")
    ],
    consortium: Annotated[
        int, typer.Option("--consortium", metavar="N", help="On N members' nodes, 4 or more.")
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Hold a real election again, from its published ballots, every one encrypted and proven.

    Example: hanpyo rehearse Hungary_Budapest_2024.pb --record out
    """
    begun = time.monotonic()
    if consortium and not MEMBERS_MIN <= consortium <= MEMBERS_MAX:
        raise InvalidQuery(f"a consortium has {MEMBERS_MIN} to {MEMBERS_MAX} members")
    done = hold_again(file, record, thread_count(), progress, say, members=consortium)
    differences = done.differences()
    for option, official, ours in differences:
        say(f"option {option}: the file says {official}, the rehearsal {ours}")
    if as_json:
        result = done.held.totals()
        print_json({"ballots": done.ballots, "record": str(record), "result": result})
    else:
        print_results(done.held.manifest, done.held.results, as_json=False)
        print_result("")
        _print_closing(done, record, time.monotonic() - begun)
    raise typer.Exit(1 if differences else 0)


def _print_closing(done: Rehearsal, record: Path, seconds: float) -> None:
    print_result(f"{done.ballots} ballots cast, proven, recorded and counted in {seconds:.0f} s.")
    if done.official is None:
        print_result("The file has no totals of its own to compare with.")
    elif not done.differences():
        print_result(f"All {len(done.official)} totals equal the file's own.")
    print_result(f"The record is in {record}; to check it: hanpyo verify {record}")
    print_result("All parties ran on this machine, so this proves the numbers, not their secrecy.")
