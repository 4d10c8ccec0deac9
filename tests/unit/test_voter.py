"""A voter's device: it refuses whatever the parties did not sign, and never signs twice."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hanpyo import voter
from hanpyo.election.papers import (
    invitation_code,
    request_from_json,
    request_to_json,
)
from hanpyo.errors import (
    ElectionError,
    InvalidCeremony,
    InvalidCheckpoint,
    InvalidInclusion,
    InvalidManifest,
    InvalidSignature,
    NotYet,
    Rejected,
)
from hanpyo.ledger.entry import (
    TRUSTEE,
    Act,
    ChangedRow,
    Close,
    Drop,
    Open,
    Pause,
    Resume,
    RollChange,
    RollChunk,
    Signature,
    decode_entry,
    encode_entry,
)
from hanpyo.ledger.reader import Proven
from tests.helpers.device import PHASES, OneMore, Seen, member_of
from tests.helpers.election import Play
from tests.helpers.parties import seed, with_line


@pytest.fixture(scope="module")
def play() -> Play:
    return Play().voting()


def test_an_honest_election_is_accepted(play: Play) -> None:
    election = Seen(play).check()
    assert election.manifest == play.manifest
    assert election.joint_key == play.election.joint_key


def other_manifest(seen: Seen) -> None:
    seen.manifest = seen.manifest.replace(b'"Title"', b'"Titel"', 1)


def other_election(seen: Seen) -> None:
    seen.expected = seed("another election")


def old_checkpoint(seen: Seen) -> None:
    seen.now += 300


def checkpoint_of_the_future(seen: Seen) -> None:
    seen.now -= 300


def unsigned_checkpoint(seen: Seen) -> None:
    seen.checkpoint = with_line(seen.checkpoint, 1, signature=bytes(64))


def other_genesis(seen: Seen) -> None:
    seen.founding = [replace(seen.ceremony[0], index=0)]


def entry_without_proof(seen: Seen) -> None:
    seen.ceremony[3] = replace(seen.ceremony[3], proof=())


def missing_confirmation(seen: Seen) -> None:
    seen.ceremony.pop()


def missing_deal(seen: Seen) -> None:
    seen.ceremony.pop(8)


def missing_trustee(seen: Seen) -> None:
    """Hide all that trustee 3 published: the others' confirmations are of another key."""
    seen.ceremony = [each for each in seen.ceremony if signer_of(each) != 3]


def no_ceremony(seen: Seen) -> None:
    seen.ceremony = []


def strange_act(seen: Seen) -> None:
    seen.ceremony += seen.proven(RollChunk.kind)


def signer_of(proven: Proven) -> int:
    entry = decode_entry(proven.entry)
    assert isinstance(entry, Act)
    return entry.signatures[0].party


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (other_manifest, InvalidManifest),
        (other_election, InvalidManifest),
        (old_checkpoint, InvalidCheckpoint),
        (checkpoint_of_the_future, InvalidCheckpoint),
        (unsigned_checkpoint, InvalidCheckpoint),
        (other_genesis, InvalidInclusion),
        (entry_without_proof, InvalidInclusion),
        (missing_confirmation, InvalidCeremony),
        (missing_deal, InvalidCeremony),
        (missing_trustee, InvalidCeremony),
        (no_ceremony, InvalidCeremony),
        (strange_act, InvalidSignature),
    ],
)
def test_e31_a_false_election_is_refused_before_encrypting(
    play: Play, change: Callable[[Seen], None], error: type[ElectionError]
) -> None:
    seen = Seen(play)
    change(seen)
    with pytest.raises(error):
        seen.check()


def test_the_age_of_a_checkpoint_has_a_border(play: Play) -> None:
    seen = Seen(play)
    seen.now += 299
    seen.check()


def test_e31_a_key_confirmed_by_others_is_refused() -> None:
    """A node that admits anything puts its own key into the log: the signatures do not hold."""
    play = Play().voting()
    seen = Seen(play)
    forged = []
    for proven in seen.ceremony:
        act = decode_entry(proven.entry)
        assert isinstance(act, Act)
        signature = Signature(TRUSTEE, act.signatures[0].party, seed("forged") * 2)
        forged.append(encode_entry(replace(act, signatures=(signature,))))
    ledger = OneMore(play, forged)
    seen.ceremony = ledger.proven
    seen.checkpoint = ledger.checkpoint
    seen.founding = ledger.founding
    with pytest.raises(InvalidSignature):
        seen.check()


def test_an_election_after_a_drop_is_accepted() -> None:
    play = Play().announced()
    play.add(play.commit(1))
    play.add(play.by_organizers(Drop(1, 3, "ill")))
    play.keyed()
    seen = Seen(play)
    with pytest.raises(InvalidCeremony, match="the joint key does not hold"):
        seen.check()
    seen.ceremony = seen.ceremony[1:]  # only the last attempt
    assert seen.check().joint_key.trustees == (1, 2)


def test_enrollment_of_this_device_is_checked(play: Play) -> None:
    seen = Seen(play)
    election = seen.check()
    (enrollment,) = seen.proven(11)
    voter.check_enrolled(election, enrollment, 2, play.credential(2))
    with pytest.raises(NotYet, match="not the one enrolled"):
        voter.check_enrolled(election, enrollment, 2, play.credential(3))
    with pytest.raises(NotYet, match="not the one enrolled"):
        voter.check_enrolled(election, enrollment, 3, play.credential(2))
    (chunk,) = seen.proven(RollChunk.kind)
    with pytest.raises(NotYet, match="not the one enrolled"):
        voter.check_enrolled(election, chunk, 2, play.credential(2))
    with pytest.raises(InvalidSignature):  # signed, but not by the registrar
        voter.check_enrolled(election, seen.ceremony[0], 2, play.credential(2))


def test_voting_must_be_open_by_what_is_shown() -> None:
    play = Play().rolled().keyed()

    def check() -> None:
        seen = Seen(play)
        voter.check_voting_open(seen.check(), seen.proven(*PHASES))

    with pytest.raises(NotYet, match="has not opened"):
        check()
    play.add(play.by_organizers(Open(play.now)))
    check()
    play.add(play.by_organizers(Pause("power cut")))
    with pytest.raises(NotYet, match="paused: power cut"):
        check()
    play.add(play.by_organizers(Resume("back")))
    check()
    play.add(play.by_organizers(Close(play.now)))
    with pytest.raises(Rejected, match="voting is over"):
        check()


# --- joining ---


def test_an_invitation_finds_its_row_and_no_other(play: Play) -> None:
    seen, invitation = Seen(play), member_of(play, 3)
    chunks = seen.proven(RollChunk.kind)
    assert voter.check_invitation(invitation, chunks, [], seen.checkpoint) == play.rows[3]
    for other in (replace(invitation, reference="voter 9"), replace(invitation, salt=bytes(32))):
        with pytest.raises(InvalidInclusion, match="no row that belongs"):
            voter.check_invitation(other, chunks, [], seen.checkpoint)


def test_a_changed_row_is_seen_as_changed() -> None:
    play = Play().rolled()
    play.add(play.by_both(RollChange((), (ChangedRow(3, 1, 0, 2),))))
    seen, invitation = Seen(play), member_of(play, 3)
    changes = seen.proven(RollChange.kind)
    chunks = seen.proven(RollChunk.kind)
    row = voter.check_invitation(invitation, chunks, changes, seen.checkpoint)
    assert (row.weight, row.style, row.district) == (1, 0, 2)


def test_a_request_binds_the_credential_to_the_invitation(play: Play) -> None:
    invitation, secret = member_of(play, 1), play.secret(1)
    request = voter.make_request(invitation, play.ledger_id, secret, seed("random"))
    assert request.credential == play.credential(1)
    assert request.code == invitation_code(invitation.salt, request.credential, request.possession)
    assert request_from_json(request_to_json(request), "request.json") == request
