"""What the consensus engine asks of a validator (ABCI 2.0), answered by the ledger's rules.

Nothing here knows the clock, and no answer depends on when it is given: two validators with the
same log give the same. An error in here stops the node before it answers; the engine asks again
after the restart.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from hanpyo.errors import DamagedLedger, InvalidEncoding
from hanpyo.ledger.admission import Admitted
from hanpyo.node.abci.messages import Message, abci
from hanpyo.node.chain.keeper import ChainKeeper, ValidatorChange
from hanpyo.node.chain.verdicts import VerdictCache

APP_VERSION = 1
REFUSED = 1  # the code of a transaction that a correct node never sends


class ChainApplication:
    """Implements the engine's questions over a `ChainKeeper`.

    Attributes:
        on_misbehavior: called with an engine height whose block holds proof against a validator.
    """

    def __init__(self, keeper: ChainKeeper, verdicts: VerdictCache) -> None:
        self._keeper = keeper
        self._verdicts = verdicts
        self.on_misbehavior: Callable[[int], None] = lambda _: None

    def info(self, _request: Message) -> Message:
        """Say how far this node's log goes; the engine brings what is missing."""
        keeper = self._keeper
        height = keeper.engine_height
        return abci.ResponseInfo(
            data="hanpyo",
            app_version=APP_VERSION,
            last_block_height=height,
            last_block_app_hash=keeper.state.log.root() if height else b"",
        )

    def init_chain(self, request: Message) -> Message:
        """Begin the engine's chain where our log stands.

        Raises:
            DamagedLedger: it is another ledger's chain.
        """
        membership = self._keeper.state.view.facts.membership
        assert membership is not None, "entry 0 comes first"
        if request.chain_id != membership.chain_id:
            raise DamagedLedger(f"the engine runs chain {request.chain_id}, not this ledger's")
        return abci.ResponseInitChain(app_hash=self._keeper.state.log.root())

    def check_tx(self, request: Message) -> Message:
        """Take a batch into the queue of the engine, if a correct node can have sent it."""
        if self._verdicts.is_sound(request.tx):
            return abci.ResponseCheckTx(code=0)
        return abci.ResponseCheckTx(code=REFUSED, log="an entry of this batch is refused for good")

    def prepare_proposal(self, request: Message) -> Message:
        """Propose what came, in order, as much as a block holds."""
        chosen, size = [], 0
        for tx in request.txs:
            size += len(tx) + 16  # the engine counts a few bytes for each
            if size > request.max_tx_bytes:
                break
            if self._verdicts.is_sound(tx):
                chosen.append(tx)
        return abci.ResponsePrepareProposal(txs=chosen)

    def process_proposal(self, request: Message) -> Message:
        """Refuse only what a correct proposer with our log can never send."""
        sound = all(self._verdicts.is_sound(tx) for tx in request.txs)
        statuses = abci.ResponseProcessProposal
        return abci.ResponseProcessProposal(status=statuses.ACCEPT if sound else statuses.REJECT)

    def finalize_block(self, request: Message) -> Message:
        """Judge what the validators have agreed on."""
        items = [item for tx in request.txs for item in self._items(tx)]
        decided = self._keeper.decide(
            request.height, request.hash or _fingerprint(request.txs), request.time.seconds, items
        )
        self._verdicts.forget(request.txs)
        if request.misbehavior:
            self.on_misbehavior(request.height)
        return abci.ResponseFinalizeBlock(
            tx_results=[abci.ExecTxResult(code=0) for _ in request.txs],
            validator_updates=[_update(change) for change in decided.changes],
            app_hash=decided.result.root,
        )

    def _items(self, tx: bytes) -> Sequence[Admitted]:
        try:
            return self._verdicts.items(tx)
        except InvalidEncoding:  # more than a third of the validators lie: nothing to judge in it
            return ()

    def commit(self, _request: Message) -> Message:
        """Put it on disk."""
        self._keeper.commit()
        return abci.ResponseCommit()


def _fingerprint(txs: Sequence[bytes]) -> bytes:
    return sha256(b"".join(sha256(tx).digest() for tx in txs)).digest()


def _update(change: ValidatorChange) -> Message:
    return abci.ValidatorUpdate(pub_key={"ed25519": change.key}, power=change.power)
