"""Commands of a trustee: its key, its part in the ceremony, its seal, its shares."""

import secrets
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from hanpyo import trustee as machine
from hanpyo.cli.machine import (
    SEALS,
    at_ledger,
    ceremony_step,
    seal_or_shares,
    sealable,
    shares_of,
    take_part,
    work_on_tally,
)
from hanpyo.cli.options import ElectionOption, LedgerOption, NameOption, TrusteeOption, connect
from hanpyo.cli.output import can_ask, print_result, say
from hanpyo.encoding import decode_hex
from hanpyo.errors import InvalidEncoding, InvalidQuery
from hanpyo.ledger.view import Phase
from hanpyo.office.files import locked
from hanpyo.office.party import PUBLIC_FILE, create_party, load_party, new_secret
from hanpyo.trustee import Trustee

app = typer.Typer()
trustee = typer.Typer(help="A trustee's key, its part in the ceremony, its seal and shares.")
app.add_typer(trustee, name="trustee")

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")]


@trustee.command()
def init(folder: FolderArgument, name: NameOption) -> None:
    """Make the folder of a trustee, with one fresh seed from which all its keys follow.

    Example: hanpyo trustee init trustee-1 --name "Carla"
    """
    _create(folder, name, new_secret())
    (folder / SEALS).mkdir(mode=0o700)
    say(f"Keep {folder} to yourself, and a copy of its secret on paper; hand out {PUBLIC_FILE}.")


@trustee.command()
def restore(folder: FolderArgument, name: NameOption) -> None:
    """Make the folder of a trustee again from the seed kept on paper; asks for 64 hex digits.

    What was sealed is not on that paper, so a restored trustee never seals: it gives shares only
    for what the others have sealed.

    Example: hanpyo trustee restore trustee-1 --name "Carla"
    """
    text = getpass("Seed: ") if can_ask() else input()
    try:
        seed = decode_hex(text.strip(), 32)
    except InvalidEncoding:
        raise InvalidQuery("a seed is 64 hex digits") from None
    _create(folder, name, seed)


@trustee.command()
def commit(folder: TrusteeOption, ledger: LedgerOption, election: ElectionOption = "") -> None:
    """Publish the transport key and the commitment: the first step of the ceremony.

    Example: hanpyo trustee commit --trustee trustee-1 --ledger http://127.0.0.1:8000
    """
    take_part(folder, ledger, election, lambda me: machine.commit(me, secrets.token_bytes))


@trustee.command()
def reveal(folder: TrusteeOption, ledger: LedgerOption, election: ElectionOption = "") -> None:
    """Reveal the points that were committed to.

    Example: hanpyo trustee reveal --trustee trustee-1 --ledger http://127.0.0.1:8000
    """
    take_part(folder, ledger, election, lambda me: machine.reveal(me, secrets.token_bytes))


@trustee.command()
def deal(folder: TrusteeOption, ledger: LedgerOption, election: ElectionOption = "") -> None:
    """Deal encrypted shares to the other trustees.

    Example: hanpyo trustee deal --trustee trustee-1 --ledger http://127.0.0.1:8000
    """
    take_part(folder, ledger, election, machine.deal)


@trustee.command()
def complain(
    dealer: Annotated[int, typer.Argument(metavar="TRUSTEE", help="Whose deal, from 1.")],
    folder: TrusteeOption,
    ledger: LedgerOption,
    election: ElectionOption = "",
) -> None:
    """Complain about a deal that does not hold; everyone then judges who is at fault.

    Example: hanpyo trustee complain 3 --trustee trustee-1 --ledger http://127.0.0.1:8000
    """

    def work(me: Trustee) -> list[bytes]:
        return machine.complain(me, dealer, secrets.token_bytes)

    take_part(folder, ledger, election, work)


@trustee.command()
def confirm(folder: TrusteeOption, ledger: LedgerOption, election: ElectionOption = "") -> None:
    """Check all deals and confirm the joint key: the last step of the ceremony.

    Example: hanpyo trustee confirm --trustee trustee-1 --ledger http://127.0.0.1:8000
    """
    take_part(folder, ledger, election, machine.confirm)


@trustee.command()
def seal(folder: TrusteeOption, ledger: LedgerOption, election: ElectionOption = "") -> None:
    """Verify the whole record and seal its closing root, once and for ever.

    Example: hanpyo trustee seal --trustee trustee-1 --ledger http://127.0.0.1:8000
    """
    work_on_tally(folder, ledger, election, lambda me: machine.seal(me, sealable(folder, me)))


@trustee.command()
def decrypt(folder: TrusteeOption, ledger: LedgerOption, election: ElectionOption = "") -> None:
    """Verify the whole record and give this trustee's shares of the sums that may be opened.

    Example: hanpyo trustee decrypt --trustee trustee-1 --ledger http://127.0.0.1:8000
    """
    work_on_tally(folder, ledger, election, lambda me: shares_of(folder, me))


@trustee.command("next")
def do_next(folder: TrusteeOption, ledger: LedgerOption, election: ElectionOption = "") -> None:
    """Do whatever waits for this trustee now, or say what it waits for.

    Example: hanpyo trustee next --trustee trustee-1 --ledger http://127.0.0.1:8000
    """
    with locked(folder):
        seed = load_party(folder, "trustee").secret
        me = at_ledger(connect(ledger), election, seed)
    if me.election.phase in {Phase.CLOSED, Phase.TALLIED}:
        work_on_tally(folder, ledger, election, lambda at: seal_or_shares(folder, at))
    else:
        take_part(folder, ledger, election, ceremony_step)


def _create(folder: Path, name: str, seed: bytes) -> None:
    create_party(folder, "trustee", name, seed, machine.public_key(seed))
    print_result(str(folder / PUBLIC_FILE))
