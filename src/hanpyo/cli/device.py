"""A voter's folder on disk, and what a device asks a ledger for before it believes anything."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from hanpyo import voter
from hanpyo.cli.options import now_unix_s
from hanpyo.election.fields import read_hex, read_object
from hanpyo.election.papers import Invitation, invitation_from_json, invitation_to_json
from hanpyo.election.roll import Row
from hanpyo.errors import (
    InvalidCheckpoint,
    InvalidFile,
    InvalidManifest,
    NotYet,
)
from hanpyo.ledger.bodies import (
    Cancel,
    Close,
    Commit,
    Confirm,
    Deal,
    Open,
    Pause,
    Resume,
    Reveal,
    RollChange,
    RollChunk,
)
from hanpyo.ledger.checkpoint import (
    CHECKPOINT_BYTES_MAX,
    Checkpoint,
    decode_checkpoint,
    encode_checkpoint,
)
from hanpyo.ledger.entry import Act, decode_entry
from hanpyo.ledger.interface import Ledger
from hanpyo.ledger.reader import LedgerReader, Proven
from hanpyo.office.files import (
    check_private,
    create_folder,
    parse_json,
    read_file,
    read_json,
    write_file,
    write_json,
)
from hanpyo.voter import CheckedElection, Memory, RowRecord

SECRET_BYTES_MAX = 10_000
CHUNK_ROWS = 1_000  # of a full roll chunk; where chunks are smaller, all are looked at
_PHASES = tuple(body.kind for body in (Open, Pause, Resume, Cancel, Close))
_CEREMONY = tuple(body.kind for body in (Commit, Reveal, Deal, Confirm))


@dataclass(frozen=True, slots=True)
class Device:
    """A voter's folder.

    Attributes:
        secret: the credential's secret scalar.
        memory: kept with `keep` before anything that depends on it leaves the device.
    """

    path: Path
    invitation: Invitation
    memory: Memory
    secret: bytes = field(repr=False)

    def keep(self, memory: Memory) -> "Device":
        """Keep what must not be forgotten, durably."""
        write_json(self.path / "memory.json", voter.memory_to_json(memory))
        return replace(self, memory=memory)

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep the newest state seen, so that a later one can be held against it."""
        write_file(self.path / "checkpoint", encode_checkpoint(checkpoint))

    def last_checkpoint(self) -> Checkpoint | None:
        """Give the newest state seen before."""
        path = self.path / "checkpoint"
        if not path.exists():
            return None
        try:
            return decode_checkpoint(read_file(path, CHECKPOINT_BYTES_MAX))
        except InvalidCheckpoint as error:
            raise InvalidFile(f"{path}: {error}") from error


def create_device(path: Path, invitation: Invitation, secret: bytes) -> Device:
    """Make a voter's folder."""
    create_folder(path)
    write_json(path / "invitation.json", invitation_to_json(invitation))
    write_json(path / "credential.json", {"secret": secret.hex()})
    return Device(path, invitation, Memory(), secret).keep(Memory())


def open_device(path: Path) -> Device:
    """Open a voter's folder.

    Raises:
        InvalidFile: something is missing, damaged, or readable by others.
    """
    where = path / "credential.json"
    for name in ("credential.json", "invitation.json"):
        check_private(path / name)
    invitation = path / "invitation.json"
    memory = path / "memory.json"
    data = read_file(where, SECRET_BYTES_MAX)
    try:
        secret = read_hex(read_object(parse_json(data, ""), "", ("secret",))["secret"], "secret")
    except (InvalidManifest, InvalidFile):  # their sentences may quote the secret
        raise InvalidFile(f"{where}: is damaged; restore it from a copy") from None
    return Device(
        path,
        invitation_from_json(read_json(invitation), str(invitation)),
        voter.memory_from_json(read_json(memory), str(memory)),
        secret,
    )


class Booth:
    """An election as one device sees it: everything proven under one fresh checkpoint."""

    def __init__(self, ledger: Ledger, election_id: bytes, before: Checkpoint | None) -> None:
        """Take the ledger's newest state.

        Args:
            before: the newest state that this device has seen, which this one must continue.
        """
        self.election_id = election_id
        self.reader = LedgerReader(ledger, now_unix_s())
        if before is not None:
            self.reader.check_continues(before)

    def election(self) -> CheckedElection:
        """Check manifest and joint key.

        Raises:
            NotYet: the key ceremony is not complete.
        """
        reader, name = self.reader, self.election_id
        proven = list(reader.all_proven(reader.find(name, _CEREMONY)))
        bodies = [_body(each) for each in proven]
        attempts = [body.attempt for body in bodies if isinstance(body, Confirm)]
        if not attempts:
            raise NotYet("the trustees have not made the key yet")
        last = max(attempts)
        ceremony = [
            each
            for each, body in zip(proven, bodies, strict=True)
            if isinstance(body, Commit | Reveal | Deal | Confirm) and body.attempt == last
        ]
        return voter.check_election(
            name,
            reader.founding,
            reader.manifest(name),
            ceremony,
            reader.checkpoint,
            now_unix_s(),
        )

    def check_open(self, election: CheckedElection) -> None:
        """Check that voting is open."""
        phases = list(self.reader.all_proven(self.reader.find(self.election_id, _PHASES)))
        voter.check_voting_open(election, phases)

    def row(self, number: int) -> RowRecord:
        """Read what the ledger shows of a row."""
        reader = self.reader
        indexes = reader.find_row(self.election_id, number)
        entries = [(index, reader.entry(index)) for index in indexes]
        return voter.read_row(self.election_id, number, entries)

    def check_enrolled(self, election: CheckedElection, row: RowRecord, credential: bytes) -> None:
        """Check that the registrar bound this credential to the row.

        Raises:
            NotYet: it has not, or has bound another one since.
        """
        if row.credential != credential or row.enrolled_at is None:
            raise NotYet("the registrar has not enrolled this device for your row")
        proven = self.reader.proven(row.enrolled_at)
        voter.check_enrolled(election, proven, row.row, credential)

    def listed(self, invitation: Invitation) -> Row:
        """Check that an invitation's row stands in the roll."""
        reader = self.reader
        chunks = reader.find(self.election_id, (RollChunk.kind,))
        changes = list(reader.all_proven(reader.find(self.election_id, (RollChange.kind,))))
        place = invitation.row // CHUNK_ROWS
        near = chunks[place : place + 1]
        likely = [*near, *(index for index in chunks if index not in near)]
        found = reader.all_proven(likely)
        return voter.check_invitation(invitation, found, changes, reader.checkpoint)


def _body(proven: Proven) -> object:
    entry = decode_entry(proven.entry)
    return entry.body if isinstance(entry, Act) else None
