"""What a voter's device is shown of a test election, honestly or not."""

from hanpyo import voter
from hanpyo.election.papers import Invitation
from hanpyo.ledger.checkpoint import sign_checkpoint
from hanpyo.ledger.entry import (
    Cancel,
    Close,
    Commit,
    Confirm,
    Deal,
    Open,
    Pause,
    Resume,
    Reveal,
)
from hanpyo.ledger.merkle import leaf_hash, node_hash, prove_inclusion, root_of
from hanpyo.ledger.reader import LedgerReader, Proven
from hanpyo.voter import CheckedElection
from tests.helpers.election import Play
from tests.helpers.parties import operator_keys, seed

CEREMONY = (Commit.kind, Reveal.kind, Deal.kind, Confirm.kind)
PHASES = (Open.kind, Pause.kind, Resume.kind, Cancel.kind, Close.kind)


class Seen:
    """What a device is shown; a test changes one thing."""

    def __init__(self, play: Play) -> None:
        self.reader = LedgerReader(play.ledger, play.now)
        self.expected = play.election_id
        self.founding = self.reader.founding
        self.manifest = play.manifest_bytes
        self.ceremony = self.proven(*CEREMONY)
        self.checkpoint = self.reader.checkpoint
        self.now = play.now

    def proven(self, *kinds: int) -> list[Proven]:
        return list(self.reader.all_proven(self.reader.find(self.expected, kinds)))

    def check(self) -> CheckedElection:
        return voter.check_election(
            self.expected, self.founding, self.manifest, self.ceremony, self.checkpoint, self.now
        )


def member_of(play: Play, row: int) -> Invitation:
    """Give the invitation of a row of `tiny_rows`."""
    for n in range(len(play.rows)):
        invitation = Invitation(
            "http://127.0.0.1:8000", play.election_id, row, f"voter {n}", seed("salt", n)
        )
        if invitation.commitment == play.rows[row].commitment:
            return invitation
    raise AssertionError(row)


class OneMore:
    """A dishonest operator appends entries that no rule would take, and signs the log."""

    def __init__(self, play: Play, entries: list[bytes]) -> None:
        log = [*play.ledger.entries(0, play.state.log.size), *entries]
        leaves = [leaf_hash(each) for each in log]

        def node(level: int, index: int) -> bytes:
            if level == 0:
                return leaves[index]
            return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

        keys, size = operator_keys(), len(log)
        assert play.view.membership is not None
        self.checkpoint = sign_checkpoint(
            play.view.membership, size, root_of(leaves), play.now, keys.sign, keys.cosign
        )
        first = size - len(entries)
        self.proven = [
            Proven(index, log[index], prove_inclusion(index, size, node))
            for index in range(first, size)
        ]
        self.founding = [Proven(0, log[0], prove_inclusion(0, size, node))]
