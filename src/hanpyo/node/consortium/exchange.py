"""What a member's node signs of its own log, and what it gathers of the others' signatures."""

from collections.abc import Callable, Sequence

from hanpyo.errors import InvalidCheckpoint
from hanpyo.ledger.checkpoint import Checkpoint
from hanpyo.ledger.entry import NO_SCOPE
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.reader import CHANGE_KINDS
from hanpyo.node.chain.keeper import ChainKeeper
from hanpyo.node.consortium.conflicts import keep_conflict
from hanpyo.node.consortium.cosigning import Conflict, Cosignatures, Cosigner
from hanpyo.node.consortium.peers import Peer
from hanpyo.node.events import Event, tell
from hanpyo.node.storage.folder import NodeFolder, Operator, number_of
from hanpyo.node.storage.last_checkpoint import LastCheckpoint

COSIGN_SECONDS = 30


class Exchange:
    """Any thread may call.

    Attributes:
        cosignatures: of all members, by size.
        conflicts: how many signatures of other logs came, of which proof was kept.
    """

    def __init__(
        self,
        folder: NodeFolder,
        operator: Operator,
        chain: ChainKeeper,
        peers: Sequence[str],
        on_quorum: Callable[[Checkpoint], None],
    ) -> None:
        """Prepare.

        Args:
            folder: held.
            operator: whose node this is.
            chain: its log, taken up.
            peers: addresses of the other members' nodes.
            on_quorum: told the newest state that a quorum has cosigned.
        """
        self._folder = folder
        self._operator = operator
        self._chain = chain
        self._last = LastCheckpoint(folder.last_checkpoint)
        self._cosigner = Cosigner(operator, self._last, chain.clock)
        self.cosignatures = Cosignatures(chain.state.membership_at, on_quorum, self._take_conflict)
        self._peers = [
            Peer(url, self._take, lambda: not self.cosignatures.has_quorum) for url in peers
        ]
        self.conflicts = 0

    def start(self, signed: Checkpoint | None) -> None:
        """Begin to exchange.

        Args:
            signed: what this node signed last, `None` before it signed anything.
        """
        if signed is not None:
            self._cosigner.note_signed(signed)
        for peer in self._peers:
            peer.start()

    def stop(self) -> None:
        """Stop."""
        for peer in self._peers:
            peer.stop()
        self._last.close()

    @property
    def membership(self) -> Membership:
        """Who keeps the ledger, as our own log says."""
        membership = self._chain.state.view.membership
        assert membership is not None, "a consortium keeps this ledger"
        return membership

    @property
    def own_number(self) -> int | None:
        """This node's number among the active members; `None`: it only follows their log."""
        return number_of(self._operator, self.membership)

    @property
    def reached(self) -> list[bool]:
        """Tell which of the other members' nodes answered last."""
        return [peer.is_reached for peer in self._peers]

    def cosign_newest(self) -> None:
        """Cosign what is on disk, once this log has reached what was signed before."""
        state, number = self._chain.state, self.own_number
        log = state.log
        if log.size < self._cosigner.signed_size:
            return
        if number is None:  # this node only follows: others' signatures show what is published
            self.cosignatures.know(log.size, log.root())
            return
        place = number, log.size, log.root(), state.time_unix_s
        self._tell(self._cosigner.sign(self.membership, *place))

    def cosign_again(self) -> None:
        """Cosign the newest state anew if the last cosignature is no longer fresh."""
        number = self.own_number
        if number is not None:
            signed = self._cosigner.sign_again(self.membership, number, COSIGN_SECONDS)
            if signed is not None:
                self._tell(signed)

    def _tell(self, signed: Checkpoint) -> None:
        for peer in self._peers:
            peer.tell(signed)
        self.cosignatures.know(signed.size, signed.root)
        self.cosignatures.add(signed)

    def _take(self, signed: Checkpoint) -> None:
        try:
            self.cosignatures.add(signed)
        except InvalidCheckpoint:
            return

    def _take_conflict(self, conflict: Conflict) -> None:
        find = self._chain.index.find
        with self._chain.view_lock:
            indexes = sorted({0, *find(NO_SCOPE, CHANGE_KINDS)})
        acts = [self._chain.store.entry(index) for index in indexes]
        path = keep_conflict(self._folder.conflicts, acts, conflict)
        tell(Event.CONFLICT, member=conflict.number, file=path.name)
        self.conflicts += 1
