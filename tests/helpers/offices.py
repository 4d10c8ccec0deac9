"""The offices of a test election: folders whose keys are those that `Play` signs with."""

from pathlib import Path

from hanpyo import crypto
from hanpyo.election.papers import EnrollmentRequest, Invitation, invitation_from_json
from hanpyo.office.desk import Desk
from hanpyo.office.files import read_json
from hanpyo.office.party import PartyFolder, create_party
from hanpyo.office.private_roll import PrivateRoll
from hanpyo.office.roll import begin_roll, chunk_entries, published_roll, seal_body
from hanpyo.office.roll_file import Entitled
from hanpyo.voter import make_request
from tests.helpers.election import Play
from tests.helpers.parties import public, seed

ADDRESS = "http://127.0.0.1:8000"
MEMBERS = [Entitled(f"member {n}", 1, n % 2, n % 3) for n in range(5)]


class Office:
    """Two organizers and the registrar of a `Play`, with folders below `path`."""

    def __init__(self, path: Path, play: Play | None = None) -> None:
        self.play = play or Play().announced()
        self.organizers = [
            create_party(
                path / f"organizer-{n}",
                "organizer",
                f"Organizer {n}",
                seed("organizer", n),
                public("organizer", n),
            )
            for n in range(3)
        ]
        self.registrar = create_party(
            path / "registrar", "registrar", "Registrar", seed("registrar"), public("registrar")
        )
        self.private = PrivateRoll(self.registrar.path, self.play.election_id)

    def desk(self) -> Desk:
        """Take up the election as it is now."""
        return Desk(self.play.ledger, ADDRESS, self.play.election_id, self.play.now)

    def signers(self) -> list[PartyFolder]:
        """Give a quorum of organizers, and the registrar."""
        return [*self.organizers[:2], self.registrar]

    def publish(self, members: list[Entitled] | None = None) -> None:
        """Publish the chunks of a roll and write the invitations."""
        desk = self.desk()
        found = published_roll(desk)
        rows = begin_roll(desk, self.private, found, MEMBERS if members is None else members)
        desk.send(chunk_entries(desk, self.registrar, found, rows))
        self.private.invite(ADDRESS, {row.commitment: n for n, row in enumerate(rows)})

    def seal(self) -> None:
        """Publish and seal the roll."""
        self.publish()
        desk = self.desk()
        body = seal_body(published_roll(desk).rows)
        desk.send_act(desk.sign(desk.prepare(body), self.signers()).act)

    def invitation(self, row: int) -> Invitation:
        """Read an invitation."""
        path = self.private.invitations / f"{row}.json"
        return invitation_from_json(read_json(path), str(path))

    def request(self, row: int, device: int = 0) -> EnrollmentRequest:
        """Ask for enrollment as a voter's device does."""
        secret = crypto.credential_secret(seed("device", row, device))
        return make_request(self.invitation(row), self.play.ledger_id, secret, seed("random"))
