"""The report: what was checked and what failed (protocol.md 14)."""

import json
from dataclasses import dataclass, field
from typing import Any

NAMES = {
    "C01": "files",
    "C02": "log hashes",
    "C03": "genesis",
    "C04": "checkpoint",
    "C05": "blocks",
    "C06": "entry encodings",
    "C07": "signatures and roles",
    "C08": "gateways",
    "C09": "manifest",
    "C10": "generators",
    "C11": "roll",
    "C12": "enrollments",
    "C13": "key ceremony",
    "C14": "joint key",
    "C15": "phases and times",
    "C16": "ballot form",
    "C17": "ballot signatures",
    "C18": "ballot proofs",
    "C19": "counted ballots",
    "C20": "sums",
    "C21": "closing root",
    "C22": "shares",
    "C23": "results",
    "C24": "outcome",
    "C25": "promises",
}

UNSEEN = (
    "No verifier can see: ballots that were never admitted and for which nobody holds a promise; "
    "rows on the roll that belong to nobody; what a voter's device did."
)


@dataclass
class CheckResult:
    """One check: how many things it looked at, and what failed."""

    checked: int = 0
    failures: list[tuple[int | None, str]] = field(default_factory=list)


class Report:
    """Gathers the results of all checks."""

    def __init__(self) -> None:
        self.checks = {check: CheckResult() for check in NAMES}
        self.election: bytes | None = None
        self.phase: str | None = None
        self.result: dict[str, dict[str, int]] = {}
        self.notes: list[str] = []
        self.stopped = False

    def count(self, check: str, number: int = 1) -> None:
        """Counts things that a check has looked at."""
        self.checks[check].checked += number

    def fail(self, check: str, entry: int | None, why: str) -> None:
        """Notes a failure at an entry, or where no entry is at fault."""
        self.checks[check].failures.append((entry, why))

    def failed(self, *checks: str) -> bool:
        """Tells whether one of these checks has failed."""
        return any(self.checks[check].failures for check in checks)

    @property
    def valid(self) -> bool:
        """True when nothing failed."""
        return not any(check.failures for check in self.checks.values())

    def as_json(self) -> str:
        """The report as one JSON object."""
        checks = [
            {
                "id": check,
                "name": NAMES[check],
                "checked": result.checked,
                "failures": [
                    {"entry": entry, "why": why} for entry, why in _sorted(result.failures)
                ],
            }
            for check, result in self.checks.items()
        ]
        value: dict[str, Any] = {
            "valid": self.valid,
            "election": None if self.election is None else self.election.hex(),
            "phase": self.phase,
            "result": self.result,
            "checks": checks,
        }
        return json.dumps(value)

    def as_text(self) -> str:
        """The report in plain words, one line for each check."""
        lines = []
        for check, result in self.checks.items():
            verdict = f"{len(result.failures)} FAILED" if result.failures else "holds"
            if self.stopped and not result.checked and not result.failures:
                verdict = "not reached"
            lines.append(f"{check} {NAMES[check]}: {result.checked} checked, {verdict}")
            for entry, why in _sorted(result.failures):
                lines.append(f"    {'' if entry is None else f'entry {entry}: '}{_printable(why)}")
        lines.append("")
        if self.election is not None:
            lines.append(f"Election {self.election.hex()}, phase: {self.phase}")
        for contest, totals in self.result.items():
            listed = ", ".join(f"{option} {total}" for option, total in totals.items())
            lines.append(f"Result of {contest}: {listed}")
        lines += self.notes
        lines.append(UNSEEN)
        if self.valid:
            lines.append("The record holds: every check passed.")
        else:
            lines.append("THE RECORD DOES NOT HOLD: see the failures above.")
        return "\n".join(lines)


def _sorted(failures: list[tuple[int | None, str]]) -> list[tuple[int | None, str]]:
    return sorted(failures, key=lambda item: (item[0] is None, item[0] or 0))


def _printable(text: str) -> str:
    """Replaces what a terminal might obey."""
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)
