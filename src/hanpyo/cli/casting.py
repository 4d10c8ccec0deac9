"""Sending a signed ballot until it is recorded; only a proof that this machine checked says so."""

from dataclasses import dataclass

from hanpyo.cli.device import Booth, Device
from hanpyo.cli.output import print_json, print_result, say, waiting
from hanpyo.election.ballot import tracker
from hanpyo.election.manifest import Manifest
from hanpyo.errors import Busy, InvalidPromise, NotYet, Rejected, Unreachable
from hanpyo.ledger.bodies import Cancel, Close
from hanpyo.ledger.entry import Cast, decode_entry, entry_hash
from hanpyo.ledger.interface import Inclusion, Later, Queued, Refused
from hanpyo.ledger.promise import check_promise, decode_promise, encode_promise_file
from hanpyo.office.files import write_file
from hanpyo.office.sending import wait_recorded
from hanpyo.office.words import moment

AGAIN = "run `hanpyo vote` again: the same ballot is sent once more, and never twice counted"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A ballot that this machine has seen in the log."""

    tracker: str
    inclusion: Inclusion


def deliver(device: Device, booth: Booth) -> Recorded:
    """Send the ballot under way and wait for the proof that it is recorded.

    Raises:
        Rejected: the ledger refuses it for good; it is under way no longer.
        NotYet: it is not recorded yet, and stays under way.
    """
    entry = device.memory.waiting
    assert entry is not None, "the caller has kept a signed ballot"
    cast = decode_entry(entry)
    assert isinstance(cast, Cast), "the device has signed it"
    say("Sending. Do not stop this command.")
    try:
        with waiting("sending"):
            inclusion = _send(device, booth, entry)
    except Rejected as refusal:
        if refusal.check == "C15" and not _is_over(booth):
            raise NotYet(f"Not recorded yet, because {refusal.why}; {AGAIN}") from refusal
        device.keep(device.memory.settled())
        raise Rejected(refusal.check, f"Not accepted, because {refusal.why}") from refusal
    except (Busy, NotYet, Unreachable) as error:
        raise NotYet(f"Not recorded yet, because {error}; {AGAIN}") from error
    device.keep(device.memory.settled())
    device.keep_checkpoint(inclusion.checkpoint)
    return Recorded(tracker(cast.election, cast.ballot), inclusion)


def print_recorded(recorded: Recorded, manifest: Manifest, *, as_json: bool) -> None:
    """Say that the vote is in."""
    inclusion = recorded.inclusion
    if as_json:
        time_unix_s = inclusion.checkpoint.timestamp_unix_s
        print_json(
            {
                "ballot_number": recorded.tracker,
                "entry": inclusion.index,
                "recorded": True,
                "signed_unix_s": time_unix_s,
            }
        )
        return
    print_result("Your vote is recorded")
    print_result(f"Your ballot number: {recorded.tracker}")
    print_result(f"Entry {inclusion.index}, signed {moment(inclusion.checkpoint.timestamp_unix_s)}")
    if manifest.ballots_per_row > 1:
        until = "voting closes" if manifest.closes is None else moment(manifest.closes)
        say(f"You can change your vote until {until}; the last one counts.")


def _send(device: Device, booth: Booth, entry: bytes) -> Inclusion:
    ledger = booth.reader.ledger
    verdict = ledger.submit([entry]).verdicts[0]
    match verdict:
        case Refused(check=check, why=why):
            raise Rejected(check, why)
        case Later(retry_after_s=seconds):
            raise Busy(seconds)
        case Queued(promise=bytes(promise)):
            _keep_promise(device, booth, entry, promise)
    return wait_recorded(ledger, booth.reader.membership, entry)


def _keep_promise(device: Device, booth: Booth, entry: bytes, data: bytes) -> None:
    """Keep a gateway's promise: with it, anyone can judge whether it was broken."""
    promise = decode_promise(data)
    gateways = booth.reader.ledger.members().gateways
    if promise.entry_hash != entry_hash(entry):
        raise InvalidPromise("the gateway's promise is about another ballot")
    check_promise(promise, booth.reader.ledger_id, gateways)
    path = device.path / "promises" / f"{promise.entry_hash.hex()}.promise"
    write_file(path, encode_promise_file(data, entry))


def _is_over(booth: Booth) -> bool:
    """Whether voting has ended, as the ledger shows it now."""
    fresh = Booth(booth.reader.ledger, booth.election_id, booth.reader.checkpoint)
    return bool(fresh.reader.find(booth.election_id, (Close.kind, Cancel.kind)))
