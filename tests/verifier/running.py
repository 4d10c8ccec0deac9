"""Runs the verifier on records, and strews refused entries into them."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

from hanpyo_verifier import cli
from record_maker import Maker

VERIFIER = Path(__file__).parents[2] / "verifier"


def verify(record, *arguments):
    """Runs the verifier in this process: (exit status, report)."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = cli.main([str(record), "--json", "--processes", "1", *map(str, arguments)])
    report = json.loads(out.getvalue())
    assert report["valid"] == (status == 0)
    for check in report["checks"]:
        for failure in check["failures"]:
            assert "cannot go on" not in failure["why"]
    return status, report


def run(*arguments, **more):
    """Runs the verifier as a command."""
    return subprocess.run(
        [sys.executable, VERIFIER, *map(str, arguments)], capture_output=True, check=False, **more
    )


def failures(report):
    """(check, entry) of everything that failed."""
    return sorted(
        ((check["id"], failure["entry"]) for check in report["checks"]
         for failure in check["failures"]),
        key=lambda item: (item[1] is None, item[1] or 0, item[0]),
    )  # fmt: skip


def checked(report):
    return {check["id"]: check["checked"] for check in report["checks"]}


def vote(m, ballots, row, scores, sequence=1, **more):
    style = m.rows[row][2]
    return m.add(ballots.cast(m.credentials[row], style, scores, sequence, **more))


def vars_of(m):
    return {name: getattr(m, name) for name in ("member", "cosigner")}


def rewritten(m, **more):
    """A maker of the same log, so that checkpoint and blocks can be made differently."""
    other = Maker(**vars_of(m))
    other.entries, other.blocks, other.time = list(m.entries), list(m.blocks), m.time
    for name, value in more.items():
        setattr(other, name, value)
    return other


class Trial:
    """An election into which refused entries are strewn."""

    def __init__(self, m):
        self.m = m
        self.expected = []

    def bad(self, check, make):
        """Adds an entry that is refused; counters are as before afterwards."""
        numbers = self.m.organizer_number, dict(self.m.trustee_numbers)
        entry = make() if callable(make) else make
        self.expected.append((check, self.m.add(entry)))
        self.m.organizer_number, self.m.trustee_numbers = numbers

    def end(self, folder):
        status, report = verify(self.m.write(folder / "record"))
        found, expected = failures(report), sorted(self.expected, key=lambda item: item[1])
        assert [f for f in found if f not in expected] == []
        assert found == expected
        assert status == 1
        return report
