"""A running platform on this machine: pages, ledger, registrar, and a town that takes part.

Simulated voters vote one after the other. Some rows are kept for people: each has a link with a
code. The first trustee's key is kept for a person, too, who opens the result in the browser.
"""

import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from starlette.types import ASGIApp

from hanpyo.election.code import CODE_BYTES, format_code
from hanpyo.ledger.entry import Enroll, Seal, encode_entry
from hanpyo.node.announcing import announce
from hanpyo.node.clerk import Clerk
from hanpyo.node.embedded.ledger import EmbeddedLedger
from hanpyo.node.http.api import node_app
from hanpyo.node.http.forwarding import forwarding_routes
from hanpyo.node.http.serve import NodeServer
from hanpyo.node.keeper import system_clock
from hanpyo.office.enrolling import Enrolling
from hanpyo.office.private_roll import Member
from hanpyo.office.registrar_service import RegistrarService
from hanpyo.office.roll_file import Entitled
from hanpyo.office.sending import patiently
from hanpyo.office.sign_in import CodeSignIn
from hanpyo.rehearsal import demo_voters as town
from hanpyo.rehearsal.parties import Parties, Voter
from hanpyo.rehearsal.place import Place
from hanpyo.rehearsal.player import Player
from hanpyo.rehearsal.voting import Vote, check_election, make_ballots

SIMULATED = (1, 2)  # trustees, from 0; the first one's key is a person's
VISITORS = 20  # rows kept for people
PAUSE_SECONDS = 1.5  # between simulated voters
LEDGER = "ledger"
MARK = "a-demonstration"  # a file by which its folder is known
START_SECONDS_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """A row kept for a person.

    Attributes:
        code: the one-time code, as it stands on a letter.
    """

    row: int
    code: str = field(repr=False)


class Platform:
    """An election that is open for voting, with its servers.

    Attributes:
        address: of the node, which serves the pages.
        visitors: rows kept for people, by number on the roll.
    """

    def __init__(self, player: Player, threads: int) -> None:
        self.player = player
        self.address = ""
        self.visitors: Sequence[Visitor] = ()
        self._threads = threads
        self._has_given = False
        self._record = Path()
        self._stop = threading.Event()
        self._town = threading.Thread(target=self._vote, name="town")

    @property
    def election(self) -> str:
        """The election's id in hex, as links have it."""
        return self.player.election_id.hex()

    def voter_link(self, number: int) -> str:
        """Give the link of a person's row."""
        code = self.visitors[number].code.replace("-", "")
        return f"{self.address}/vote#e={self.election}&c={code}"

    def link(self, page: str) -> str:
        """Give the link of another page."""
        return f"{self.address}/{page}#e={self.election}"

    def start_town(self) -> None:
        """Let the simulated voters begin."""
        self._town.start()

    def stop_town(self) -> None:
        """Let no more of them vote."""
        self._stop.set()
        if self._town.is_alive():
            self._town.join()

    def close(self, record: Path) -> None:
        """Close voting; the simulated trustees verify and seal. All three seals are needed."""
        self.stop_town()
        self.player.close()
        self._record = record
        self.player.write_record(record)
        for number in SIMULATED:
            self._seal(number)

    def tend(self) -> bool:
        """Let one simulated trustee give its shares once a person has sealed, too.

        The totals then wait for one trustee more: the person.

        Returns:
            Whether the shares are given.
        """
        player = self.player
        if not self._has_given and self._seal_count() == len(player.machines):
            self._give_shares(SIMULATED[0])
            self._has_given = True
        return self._has_given

    def finish(self) -> None:
        """Do what a person did not: the seal and the shares that are missing."""
        if self._seal_count() < len(self.player.machines):
            self._seal(0)
        self.tend()
        self._give_shares(SIMULATED[1])

    def _seal_count(self) -> int:
        return len(self.player.place.ledger.find(self.player.election_id, (Seal.kind,)))

    def _seal(self, trustee: int) -> None:
        machine = self.player.machines[trustee]
        machine.verify(self._record)
        machine.seal()

    def _give_shares(self, trustee: int) -> None:
        draws = self.player.parties.draws(f"shares {trustee}")
        self.player.machines[trustee].decrypt(lambda _count: next(draws))

    def _vote(self) -> None:
        player = self.player
        election = check_election(player.place, player.election_id)
        for person in town.demo_voters()[: town.VOTERS]:
            vote = Vote(person, town.wish(player.parties, person))
            entries = make_ballots(player.parties, election, [vote], threads=self._threads)
            if self._stop.is_set():
                return
            patiently(partial(player.place.ledger.submit, entries))
            if self._stop.wait(PAUSE_SECONDS):
                return


@contextmanager
def open_platform(
    folder: Path, threads: int, *, host: str = "127.0.0.1", port: int = 0
) -> Iterator[Platform]:
    """Found a ledger in a new folder, bring the demonstration's election to voting, and serve it.

    Args:
        folder: where the ledger goes; `folder / "ledger"` is as `hanpyo serve` would have it.
        port: 0: any that is free.
    """
    parties = Parties(secrets.token_bytes(32))
    with ExitStack() as stack:
        ledger = stack.enter_context(
            EmbeddedLedger.create(folder / LEDGER, parties.operator(), system_clock, threads)
        )
        clerk = Clerk(ledger, system_clock, threads)
        clerk.start()
        stack.callback(clerk.stop)
        place = Place(ledger, partial(announce, ledger))
        player = Player(place, parties, town.demo_manifest(parties), threads)
        player.announce()
        player.make_key()
        player.seal_roll(town.demo_voters())
        _enroll_town(player)
        player.open()
        platform = Platform(player, threads)
        registrar = _registrar(player, platform)
        stack.enter_context(registrar)
        service = RegistrarService(registrar, player.election_id)
        inner = stack.enter_context(_served(service.app(), "127.0.0.1", 0))
        app = node_app(ledger, forwarding_routes(inner))
        platform.address = stack.enter_context(_served(app, host, port))
        stack.callback(platform.stop_town)
        yield platform


def _enroll_town(player: Player) -> None:
    """Enroll the simulated voters; people's devices are enrolled when they come."""
    desk, roll = player.desk(), player.roll
    simulated = set(town.demo_voters()[: town.VOTERS])
    rows = [row for row, voter in enumerate(roll.voters) if voter in simulated]
    body = Enroll(
        tuple(
            roll.enrollment(player.parties, row, player.ledger_id, player.election_id)
            for row in rows
        )
    )
    entry = encode_entry(desk.sign(desk.prepare(body), [player.parties.registrar]).act)
    desk.send([entry])


def _registrar(player: Player, platform: Platform) -> Enrolling:
    """Let the registrar hold the roll, and a code for each row that is kept for people."""
    members, codes, visitors = [], {}, []
    guests: Sequence[Voter] = town.demo_voters()[-VISITORS:]
    for row, voter in enumerate(player.roll.voters):
        if voter not in guests:
            continue
        entitled = Entitled(voter.reference, 1, voter.style, voter.district)
        member = Member(entitled, player.parties.salt(voter))
        code = secrets.token_bytes(CODE_BYTES)
        members.append(member)
        codes[member.row.commitment] = code
        visitors.append(Visitor(row, format_code(code)))
    platform.visitors = visitors
    sign_in = CodeSignIn(player.election_id, members, codes)
    return Enrolling(
        player.place.ledger,
        player.election_id,
        player.parties.registrar,
        members,
        sign_in,
        system_clock,
    )


@contextmanager
def _served(app: ASGIApp, host: str, port: int) -> Iterator[str]:
    """Serve an application in a thread of its own, and give its address."""
    ready, found = threading.Event(), [""]

    def tell(address: str) -> None:
        found[0] = address
        ready.set()

    server = NodeServer(app, host, port, tell)
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    try:
        assert ready.wait(START_SECONDS_MAX), "a server on this machine starts"
        yield found[0]
    finally:
        server.should_exit = True
        thread.join()
