"""What counting takes and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

DECIDED, TIED, TOO_FEW, NO_MAJORITY, NOT_OPENED = range(5)


@dataclass(frozen=True, slots=True)
class Counted:
    """The published groups of one contest, added up.

    Attributes:
        totals: one number per option, in the contest's order.
        ballots: how many ballots were counted.
        weight: their weight.
        roll_weight: the weight of all rows whose style has the contest.
    """

    totals: tuple[int, ...]
    ballots: int
    weight: int
    roll_weight: int


@dataclass(frozen=True, slots=True)
class ContestOutcome:
    """Who wins one contest, and why.

    Attributes:
        status: DECIDED, TIED, TOO_FEW (took part), NO_MAJORITY or NOT_OPENED.
        winners: option numbers, ascending.
        tied: numbers of options among which the rule cannot choose, ascending.
        steps: how it was counted, in sentences that name options by id. Not part of the ledger.
    """

    status: int
    winners: tuple[int, ...]
    tied: tuple[int, ...]
    steps: tuple[str, ...]
