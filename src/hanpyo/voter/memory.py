"""What a voter's device must never forget: its last sequence number, and the ballot under way."""

from dataclasses import dataclass, replace

from hanpyo.election.fields import fail, read_int, read_object
from hanpyo.encoding import decode_base64, encode_base64
from hanpyo.errors import InvalidEncoding, InvalidFile, InvalidManifest, InvalidQuery
from hanpyo.ledger.entry import ENTRY_BYTES_MAX

SEQUENCE_MAX = 2**53 - 1
SEQUENCE_STEP_MAX = 8  # how far a ballot may run ahead of the last recorded one


@dataclass(frozen=True, slots=True)
class Memory:
    """A device's memory at one election.

    Attributes:
        sequence: the last sequence number it signed with; 0: none.
        waiting: the signed entry that is not known to be recorded, and is sent again as it is.
    """

    sequence: int = 0
    waiting: bytes | None = None

    def next_sequence(self, recorded: int) -> int:
        """Give the number for a new ballot; never one that was signed with before.

        Args:
            recorded: the highest that the ledger has recorded for the credential.

        Raises:
            InvalidQuery: too many signed ballots never arrived.
        """
        sequence = max(self.sequence, recorded) + 1
        if sequence > recorded + SEQUENCE_STEP_MAX:
            raise InvalidQuery(
                "too many ballots of this device never arrived: ask the registrar to replace it"
            )
        return sequence

    def signed(self, sequence: int, entry: bytes) -> "Memory":
        """Remember a signed ballot: to be kept durably before it is sent."""
        assert sequence > self.sequence, "a sequence number serves one ballot"
        return Memory(sequence, entry)

    def settled(self) -> "Memory":
        """Remember that the ballot under way is recorded, or refused for good."""
        return replace(self, waiting=None)


def memory_to_json(memory: Memory) -> dict[str, object]:
    """Give a memory as it is kept in a file."""
    waiting = "" if memory.waiting is None else encode_base64(memory.waiting)
    return {"sequence": memory.sequence, "waiting": waiting}


def memory_from_json(value: object, where: str) -> Memory:
    """Read a kept memory.

    Raises:
        InvalidFile: damaged; the message begins with `where`.
    """
    try:
        fields = read_object(value, "", ("sequence", "waiting"))
        text = fields["waiting"]
        if not isinstance(text, str) or len(text) > 2 * ENTRY_BYTES_MAX:
            fail("waiting", "must be Base64 of an entry")
        waiting = decode_base64(text) or None
        return Memory(read_int(fields["sequence"], "sequence", 0, SEQUENCE_MAX), waiting)
    except (InvalidManifest, InvalidEncoding) as error:
        raise InvalidFile(f"{where}: {error}") from error
