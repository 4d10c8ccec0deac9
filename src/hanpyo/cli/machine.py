"""A trustee's machine at work: on the log in the ceremony, on a verified record in the tally."""

import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from hanpyo import trustee as machine
from hanpyo.cli.options import connect, now_unix_s, pick_election, thread_count
from hanpyo.cli.output import print_result, say, waiting
from hanpyo.cli.verifying import verify_or_refuse
from hanpyo.election.ceremony import Step, due_step, missing
from hanpyo.errors import InvalidQuery, NotYet
from hanpyo.ledger.reader import LedgerReader, replay_checked
from hanpyo.ledger.state import LedgerState
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.storage.records import download_record, open_record
from hanpyo.office.files import locked, read_json, write_json
from hanpyo.office.party import load_party
from hanpyo.office.sending import send
from hanpyo.office.words import trustee_name
from hanpyo.trustee import SealRecord, Trustee

SEALS = "seals"  # the folder of a trustee that remembers what it has sealed

Work = Callable[[Trustee], list[bytes]]


def take_part(folder: Path, address: str, election: str, work: Work) -> None:
    """Do a step of the ceremony on the log as it is, every signature and proof checked."""
    with locked(folder):
        seed = load_party(folder, "trustee").secret
        remote = connect(address)
        _send(remote, work(at_ledger(remote, election, seed)))


def work_on_tally(folder: Path, address: str, election: str, work: Work) -> None:
    """Do a step of the tally on a record that the full verifier accepts."""
    with locked(folder):
        seed = load_party(folder, "trustee").secret
        remote = connect(address)
        election_id = pick_election(LedgerReader(remote, now_unix_s()), election)
        with tempfile.TemporaryDirectory() as scratch:
            me = _at_record(remote, election_id, seed, Path(scratch) / "record")
            _send(remote, work(me))


def at_ledger(remote: RemoteLedger, election: str, seed: bytes) -> Trustee:
    """Look at the log, every signature and proof checked."""
    now = now_unix_s()
    election_id = pick_election(LedgerReader(remote, now), election)
    with waiting("checking the ledger"):
        state = replay_checked(remote, election_id, now, thread_count())
    return _trustee(state, election_id, seed)


def _at_record(remote: RemoteLedger, election_id: bytes, seed: bytes, path: Path) -> Trustee:
    """Download the record, run the full verifier over it, and form the sums from it."""
    with waiting("downloading the record"):
        download_record(remote, path, now_unix_s())
    return _trustee(verify_or_refuse(open_record(path), election_id), election_id, seed)


def _trustee(state: LedgerState, election_id: bytes, seed: bytes) -> Trustee:
    election = state.view.elections.get(election_id)
    if election is None or state.view.ledger_id is None:
        raise InvalidQuery(f"this ledger has no election {election_id.hex()}")
    return machine.find_trustee(state.view.ledger_id, election, seed)


def _send(remote: RemoteLedger, entries: list[bytes]) -> None:
    if not entries:
        print_result("nothing to do: it is done already")
        return
    reader = LedgerReader(remote, now_unix_s())
    with waiting("recording"):
        found = send(remote, reader.membership, entries)
    print_result(f"recorded as entry {', '.join(str(each.index) for each in found)}")


def ceremony_step(me: Trustee) -> list[bytes]:
    """Do the step of the ceremony that is due."""
    step = machine.due(me)
    if step is None:
        ceremony, manifest = me.ceremony, me.election.manifest
        names = ", ".join(trustee_name(manifest, each) for each in missing(ceremony))
        current = due_step(ceremony)
        raise NotYet(f"the step {current.value if current else '-'!r} waits for {names}")
    say(f"Doing the step {step.value!r}.")
    match step:
        case Step.COMMIT:
            return machine.commit(me, secrets.token_bytes)
        case Step.REVEAL:
            return machine.reveal(me, secrets.token_bytes)
        case Step.DEAL:
            return machine.deal(me)
        case Step.CONFIRM:
            bad = machine.bad_dealers(me)
            if bad:
                say(f"What {trustee_name(me.election.manifest, bad[0])} dealt does not hold.")
                return machine.complain(me, bad[0], secrets.token_bytes)
            return machine.confirm(me)


def seal_or_shares(folder: Path, me: Trustee) -> list[bytes]:
    """Seal where this trustee may and has not; else give its shares."""
    if me.index in me.election.seals or not (folder / SEALS).is_dir():
        return shares_of(folder, me)
    return machine.seal(me, sealable(folder, me))


def sealable(folder: Path, me: Trustee) -> SealRecord:
    """Decide what to seal, and keep it durably before anything is signed."""
    if not (folder / SEALS).is_dir():
        raise InvalidQuery("this trustee was restored from its seed and may have sealed before")
    record = machine.check_seal(me, _kept(folder, me))
    if me.index not in me.election.seals:
        write_json(_seal_path(folder, me), machine.seal_to_json(record))
    return record


def shares_of(folder: Path, me: Trustee) -> list[bytes]:
    """Give the shares that are left, on the root that this machine has sealed, if it has."""
    machine.check_seal(me, _kept(folder, me))
    return machine.decrypt(me, secrets.token_bytes)


def _kept(folder: Path, me: Trustee) -> SealRecord | None:
    path = _seal_path(folder, me)
    return machine.seal_from_json(read_json(path), str(path)) if path.exists() else None


def _seal_path(folder: Path, me: Trustee) -> Path:
    return folder / SEALS / f"{me.election.election_id.hex()}.json"
