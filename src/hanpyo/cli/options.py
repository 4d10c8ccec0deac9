"""Options that many commands share, and what they stand for."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from hanpyo.cli.ending import until_the_end
from hanpyo.encoding import decode_hex
from hanpyo.errors import InvalidEncoding, InvalidQuery
from hanpyo.ledger.interface import Ledger
from hanpyo.ledger.reader import LedgerReader
from hanpyo.node.events import FORMS
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.office.desk import Desk
from hanpyo.office.party import PartyFolder, load_signer

LedgerOption = Annotated[
    str, typer.Option("--ledger", envvar="HANPYO_LEDGER", metavar="URL", help="Address of a node.")
]
ElectionOption = Annotated[
    str,
    typer.Option(
        "--election",
        envvar="HANPYO_ELECTION",
        metavar="ID",
        help="Election id; not needed where the ledger holds only one.",
    ),
]
OrganizerOption = Annotated[
    list[Path],
    typer.Option("--organizer", metavar="DIR", help="Folder of an organizer; may be repeated."),
]
RegistrarOption = Annotated[
    Path, typer.Option("--registrar", metavar="DIR", help="Folder of the registrar.")
]
TrusteeOption = Annotated[
    Path, typer.Option("--trustee", metavar="DIR", help="Folder of the trustee.")
]
VoterOption = Annotated[
    Path, typer.Option("--voter", metavar="DIR", help="Folder of the voter's device.")
]
ReasonOption = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Public reason, kept on the ledger.")
]
NameOption = Annotated[
    str, typer.Option("--name", metavar="NAME", help="The name that people know the party by.")
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where an act goes that others still have to sign."),
]
LogOption = Annotated[
    str, typer.Option("--log", metavar="FORM", help="How events are told on stderr: text or json.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask; do it.")]


def connect(address: str) -> RemoteLedger:
    """Prepare to ask a node; the connection ends with the command."""
    return until_the_end(RemoteLedger(address))


def known_form(form: str) -> str:
    """Give the form of a log.

    Raises:
        InvalidQuery: there is none of this name.
    """
    if form not in FORMS:
        raise InvalidQuery(f"--log: {' or '.join(FORMS)}, not {form!r}")
    return form


def now_unix_s() -> int:
    """Read this machine's clock."""
    return int(time.time())


def thread_count() -> int:
    """Give how many threads a command may use: all processors that it may run on."""
    return min(len(os.sched_getaffinity(0)), 64)


def pick_election(reader: LedgerReader, text: str) -> bytes:
    """Give the election that `--election` names, or the only one of the ledger.

    Raises:
        InvalidQuery: the text is no election id; or there are several, or none.
    """
    if text:
        try:
            return decode_hex(text, 32)
        except InvalidEncoding as error:
            raise InvalidQuery(f"--election: {error}") from error
    found = reader.elections()
    if len(found) != 1:
        listed = "".join(f"\n{each.hex()}" for each in found[:20])
        raise InvalidQuery(f"this ledger holds {len(found)} elections: give --election{listed}")
    return found[0]


def open_desk(ledger: Ledger, address: str, election: str) -> Desk:
    """Take up an election by look-ups."""
    now = now_unix_s()
    election_id = pick_election(LedgerReader(ledger, now), election)
    return Desk(ledger, address, election_id, now)


def load_signers(organizers: list[Path]) -> list[PartyFolder]:
    """Open the folders of organizers."""
    return [load_signer(path, "organizer") for path in organizers]
