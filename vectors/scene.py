"""One small election, step by step: the same entries up to any stage (docs/protocol.md 10)."""

from collections.abc import Iterator
from dataclasses import dataclass

from hanpyo.ledger.blocks import Block, block_message
from hanpyo.ledger.checkpoint import sign_checkpoint
from hanpyo.ledger.entry import (
    ORGANIZER,
    REGISTRAR,
    Act,
    Close,
    Genesis,
    Open,
    decode_entry,
)
from hanpyo.ledger.membership import found_single
from hanpyo.ledger.merkle import Frontier, leaf_hash
from hanpyo.ledger.record import record_files
from tests.helpers.election import Play
from tests.helpers.parties import signer

OPENERS = (1, 3)  # the trustees who decrypt

Files = dict[str, bytes]


def stages(play: Play) -> Iterator[str]:
    """Go on with the election; each name is the stage that is reached."""
    play.add(play.gateway())
    play.add(*play.parts())
    yield "brought"
    play.add(play.announce())
    play.add(play.chunk())
    yield "listed"
    play.add(play.seal_roll())
    yield "sealed"
    play.add(play.enroll())
    yield "enrolled"
    yield from hold_ceremony(play)
    play.add(play.by_organizers(Open(play.now)))
    yield "voting"
    yield from vote(play)
    play.now += 60
    play.add(play.by_organizers(Close(play.now)))
    yield "closed"
    play.add(*[play.seal(trustee) for trustee in (1, 2, 3)])
    yield "trusted"
    sums = [(c, g) for c, groups in enumerate(play.election.groups) for g in range(len(groups))]
    for each in sums:
        play.add(*[play.share(trustee, *each) for trustee in OPENERS])
    yield "shared"
    play.add(*[play.result(*each) for each in sums])
    yield "counted"
    play.add(play.outcome())
    yield "tallied"


def hold_ceremony(play: Play) -> Iterator[str]:
    """Make the joint key."""
    trustees = (1, 2, 3)
    play.add(*[play.commit(trustee) for trustee in trustees[:2]])
    yield "committing"
    play.add(play.commit(3))
    play.add(*[play.reveal(trustee) for trustee in trustees])
    for step in (1, 2):  # an act number is due only once the one before is recorded
        pairs = [(one, (one + step - 1) % 3 + 1) for one in trustees]
        play.add(*[play.deal(*pair) for pair in pairs])
    yield "dealt"
    play.add(*[play.confirm(trustee) for trustee in trustees])


def vote(play: Play) -> Iterator[str]:
    """Let rows vote; row 0 votes again, row 2 gets another credential in between."""
    play.now += 60
    play.add(*[play.cast(row) for row in (0, 1, 2)])
    yield "voted"
    play.now += 60
    play.add(play.cast(0, [[0, 1, 0]]), play.cast(3, [[0, 0, 1], [1, 1]]))
    everybody = ((ORGANIZER, 0), (ORGANIZER, 1), (REGISTRAR, 0))
    play.add(play.replace(2, 1, *everybody))
    yield "replaced"
    play.add(play.cast(2, [[0, 1, 0]], device=1), play.cast(4), play.cast(5))


def play_to(stage: str) -> Play:
    """Play until a stage."""
    play = Play()
    for reached in stages(play):
        if reached == stage:
            return play
    raise ValueError(stage)


@dataclass
class Told:
    """A log as an operator tells it, lawful or not: entries and the blocks they stand in.

    Attributes:
        blocks: time and size of each.
        sign, cosign: names of the operator's keys.
    """

    entries: list[bytes]
    blocks: list[tuple[int, int]]
    cosigned_by: tuple[object, ...] = ("cosigner", 0)
    signed_by: tuple[object, ...] = ("member", 0)
    checkpoint_time: int | None = None

    def files(self) -> Files:
        """Write the record, signed as it is told."""
        act = decode_entry(self.entries[0])
        assert isinstance(act, Act)
        assert isinstance(act.body, Genesis)
        membership = found_single(act.body)
        sign, cosign = signer(*self.signed_by), signer(*self.cosigned_by)
        tree, blocks = Frontier(), []
        for height, (time, size) in enumerate(self.blocks, 1):
            tree.extend([leaf_hash(each) for each in self.entries[tree.size : size]])
            message = block_message(membership.origin, time, size, tree.root())
            cosignature = signer("cosigner", 0)(message)
            blocks.append(Block(height, time, size, tree.root(), cosignature))
        time = self.blocks[-1][0] if self.checkpoint_time is None else self.checkpoint_time
        checkpoint = sign_checkpoint(membership, tree.size, tree.root(), time, sign, cosign)
        return dict(record_files(self.entries, blocks, checkpoint))


def told_by(play: Play, *more: bytes) -> Told:
    """Tell what a play's ledger holds, and more entries after it in a block of their own."""
    size = play.state.log.size
    entries = [*play.ledger.entries(0, size), *more]
    blocks = [(each.time_unix_s, each.size) for each in play.ledger.blocks(1)]
    if more:
        blocks.append((play.now, len(entries)))
    return Told(entries, blocks)
