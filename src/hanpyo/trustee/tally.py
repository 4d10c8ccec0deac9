"""A trustee after voting has ended: its one seal, and its shares. Source: docs/protocol.md 11."""

from dataclasses import dataclass

from hanpyo import crypto
from hanpyo.election.ceremony import deals_to
from hanpyo.election.fields import read_hex, read_int, read_object
from hanpyo.election.tally import has_enough_seals
from hanpyo.errors import InvalidConsistency, InvalidFile, InvalidManifest, InvalidQuery, NotYet
from hanpyo.ledger.entry import Seal, Share
from hanpyo.ledger.view import Closing, Phase
from hanpyo.trustee.keys import Draw, Trustee

SIZE_MAX = 2**53 - 1


@dataclass(frozen=True, slots=True)
class SealRecord:
    """Which closing root a trustee has sealed; kept for ever, before the seal is sent."""

    election_id: bytes
    closing: Closing


def closing_of(trustee: Trustee) -> Closing:
    """Give the closing size and root.

    Raises:
        NotYet: voting has not ended.
        InvalidQuery: the election ended without a tally.
    """
    election = trustee.election
    if election.closing is not None and election.phase in {Phase.CLOSED, Phase.TALLIED}:
        return election.closing
    if election.phase in {Phase.CANCELED, Phase.NOT_OPENABLE}:
        raise InvalidQuery(f"the election is {election.phase.value}: nothing will be opened")
    raise NotYet(f"voting has not ended: the election is {election.phase.value}")


def check_seal(trustee: Trustee, kept: SealRecord | None) -> SealRecord:
    """Decide which root this trustee may seal, or has sealed.

    Args:
        trustee: its view comes from a record that the full verifier accepts.
        kept: what this machine remembers; `None`: nothing sealed yet.

    Returns:
        The record to keep durably *before* the seal is sent.

    Raises:
        InvalidConsistency: this machine has sealed another root: somebody shows a second log.
    """
    closing = closing_of(trustee)
    record = SealRecord(trustee.election.election_id, closing)
    if kept is not None and kept != record:
        raise InvalidConsistency(
            f"this machine has sealed size {kept.closing.size} and root "
            f"{kept.closing.root.hex()}, but this log closes at size {closing.size} and root "
            f"{closing.root.hex()}: tell the other trustees, and keep both records"
        )
    return record


def seal(trustee: Trustee, record: SealRecord) -> list[bytes]:
    """Sign the seal that `check_seal` allowed; nothing where it stands in the log already."""
    if trustee.index in trustee.election.seals:
        return []
    return trustee.sign(Seal(record.closing.size, record.closing.root))


def decrypt(trustee: Trustee, draw: Draw) -> list[bytes]:
    """Give this trustee's shares of every group that it has not given yet.

    Args:
        trustee: its view comes from a record that the full verifier accepts, and `check_seal`
            allowed its root.

    Raises:
        NotYet: too few have sealed.
        InvalidQuery: the trustee was not among those who made the key.
    """
    election, key = trustee.election, trustee.election.joint_key
    assert key is not None, "a closed election has a joint key"
    if trustee.index not in key.trustees:
        raise InvalidQuery(f"trustee {trustee.index} was dropped and holds no part of the key")
    if not has_enough_seals(key.trustees, election.seals, election.lost, key.threshold):
        raise NotYet("shares wait until enough trustees have sealed")
    holder = crypto.TrusteeKey(
        trustee.seed,
        key.ceremony_id,
        trustee.index,
        key.threshold,
        len(key.slot_keys),
        deals_to(trustee.ceremony, trustee.index),
    )
    bodies = []
    for contest, groups in enumerate(election.groups):
        for group in range(len(groups)):
            if trustee.index not in election.shares.get((contest, group), {}):
                total = election.group_total(contest, group)
                shares = holder.share(election.election_id, contest, group, total, draw(32))
                bodies.append(Share(contest, group, *shares))
    return trustee.sign(*bodies)


def seal_to_json(record: SealRecord) -> dict[str, object]:
    """Give a seal record as it is kept in a file."""
    return {
        "election": record.election_id.hex(),
        "root": record.closing.root.hex(),
        "size": record.closing.size,
    }


def seal_from_json(value: object, where: str) -> SealRecord:
    """Read a kept seal record.

    Raises:
        InvalidFile: damaged; the message begins with `where`.
    """
    try:
        fields = read_object(value, "", ("election", "root", "size"))
        size = read_int(fields["size"], "size", 1, SIZE_MAX)
        closing = Closing(size, read_hex(fields["root"], "root"))
        return SealRecord(read_hex(fields["election"], "election"), closing)
    except InvalidManifest as error:
        raise InvalidFile(f"{where}: {error}") from error
