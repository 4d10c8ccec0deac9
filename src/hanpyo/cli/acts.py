"""What all commands that sign for several parties end with: send the act, or hand it on."""

from pathlib import Path

from hanpyo.cli.options import connect, load_signers, open_desk
from hanpyo.cli.output import print_result, say, waiting
from hanpyo.ledger.bodies import Body
from hanpyo.office.acts import PreparedAct, prepared_to_json
from hanpyo.office.desk import Desk
from hanpyo.office.files import PUBLIC, write_json
from hanpyo.office.words import describe


def sign_and_send(body: Body, desk: Desk, organizers: list[Path], out: Path | None) -> None:
    """Prepare an act of the organizers, sign it, and send it or hand it on."""
    prepared = desk.sign(desk.prepare(body), load_signers(organizers))
    finish(desk, prepared, out)


def finish(desk: Desk, prepared: PreparedAct, out: Path | None) -> bool:
    """Send an act that has all its signatures; write any other to a file. Tells which it was."""
    act = prepared.act
    say(describe(act.body, desk.manifest))
    lacking = desk.missing(act)
    if lacking:
        hand_on(prepared, lacking, out)
        return False
    with waiting("recording"):
        inclusion = desk.send_act(act)
    print_result(f"recorded as entry {inclusion.index}")
    return True


def hand_on(prepared: PreparedAct, lacking: list[str], out: Path | None) -> None:
    """Write a prepared act for the next signer."""
    name = type(prepared.act.body).__name__.lower()
    path = out or Path(f"{name}-{prepared.act.number}.json")
    write_json(path, prepared_to_json(prepared), PUBLIC)
    say(f"It lacks {' and '.join(lacking)}: hand the file on, to be signed with `hanpyo sign`.")
    print_result(str(path))


def desk_at(address: str, election: str) -> Desk:
    """Take up an election at an address."""
    return open_desk(connect(address), address, election)
