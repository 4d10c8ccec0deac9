"""The report: what each numbered check has looked at and what it found (14)."""

from dataclasses import dataclass, field

from hanpyo.ledger.state import LedgerState
from hanpyo.ledger.view import ElectionView

NAMES = {
    "C01": "files",
    "C02": "log hashes",
    "C03": "genesis",
    "C04": "checkpoint",
    "C05": "blocks",
    "C06": "entry encodings",
    "C07": "signatures and roles",
    "C08": "members and gateways",
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
    "C26": "block proofs",
}

NOT_VISIBLE = (
    "ballots that were never admitted and for which nobody holds a promise",
    "rows on the roll that belong to nobody",
    "what a voter's device did",
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed: at an entry's index, or where no entry is at fault, at `None`."""

    entry: int | None
    why: str

    def to_json(self) -> dict[str, object]:
        """Give it as the report's JSON holds it."""
        return {"entry": self.entry, "why": self.why}


@dataclass(slots=True)
class Check:
    """A numbered check: how many things it looked at, and what failed (each once, in order)."""

    checked: int = 0
    failures: dict[Failure, None] = field(default_factory=dict)


class Report:
    """What a run of the verifier found.

    Attributes:
        checks: by id, in order.
        election: the id of the election that was followed, `None` where the record has none.
        state: the ledger's state after all entries; `None` where they could not be judged to the
            end.
        standings: what became of each promise file, by its name.
    """

    def __init__(self) -> None:
        self.checks = {check: Check() for check in NAMES}
        self.election: bytes | None = None
        self.state: LedgerState | None = None
        self.view: ElectionView | None = None
        self.standings: list[tuple[str, str]] = []

    def count(self, check: str, number: int = 1) -> None:
        """Count things that a check has looked at."""
        self.checks[check].checked += number

    def fail(self, check: str, entry: int | None, why: str) -> None:
        """Note a failure; the same one is noted once."""
        self.checks[check].failures[Failure(entry, why)] = None

    @property
    def valid(self) -> bool:
        """Whether nothing failed."""
        return not any(check.failures for check in self.checks.values())

    def failures(self) -> list[tuple[str, int | None]]:
        """Name check and entry of all that failed, by check."""
        return [
            (name, each.entry) for name, check in self.checks.items() for each in check.failures
        ]

    def result(self) -> dict[str, dict[str, int]]:
        """Give the totals by contest and option, over the groups whose results were accepted."""
        found: dict[str, dict[str, int]] = {}
        if self.view is None:
            return found
        contests = self.view.manifest.contests
        for (number, _), result in sorted(self.view.results.items()):
            contest = contests[number]
            totals = found.setdefault(contest.id, {option.id: 0 for option in contest.options})
            for option, total in zip(contest.options, result.totals, strict=True):
                totals[option.id] += total
        return found

    def to_json(self) -> dict[str, object]:
        """Give all of it, as `hanpyo verify --json` prints it."""
        return {
            "checks": [
                {
                    "checked": check.checked,
                    "failures": [failure.to_json() for failure in check.failures],
                    "id": name,
                    "name": NAMES[name],
                }
                for name, check in self.checks.items()
            ],
            "election": None if self.election is None else self.election.hex(),
            "not_visible": list(NOT_VISIBLE),
            "phase": None if self.view is None else self.view.phase.value,
            "promises": [{"name": name, "standing": word} for name, word in self.standings],
            "result": self.result(),
            "valid": self.valid,
        }
