"""Pabulib: real participatory budgets, every ballot of them, in one text file each (`.pb`).

`parse_pabulib` reads a file, strictly: `lines` splits it, `meta`, `projects` and `votes` read its
sections, `limits` sets aside the ballots that META does not allow. `election_from_pabulib` makes an
election of it, `official_totals` gives the totals that the file itself states.

Source: pabulib.org/format; Faliszewski et al., "Participatory Budgeting: Data, Tools and Analysis",
IJCAI 2023.
"""

from hanpyo.formats.pabulib.election import (
    PabulibElection,
    PabulibRow,
    election_from_pabulib,
    official_totals,
    option_ids,
)
from hanpyo.formats.pabulib.model import (
    FILE_BYTES_MAX,
    BallotLimits,
    PabulibFile,
    Project,
    Range,
    Voter,
)
from hanpyo.formats.pabulib.read import parse_pabulib

__all__ = [
    "FILE_BYTES_MAX",
    "BallotLimits",
    "PabulibElection",
    "PabulibFile",
    "PabulibRow",
    "Project",
    "Range",
    "Voter",
    "election_from_pabulib",
    "official_totals",
    "option_ids",
    "parse_pabulib",
]
