"""A node's own ledger: it takes entries through its gateway, however they are decided then.

`EmbeddedLedger` (one operator) and `ConsensusLedger` (a member of a consortium) bring the writing.
"""

from collections.abc import Sequence
from concurrent.futures import TimeoutError as NoResultYet

from hanpyo.errors import ElectionError, NotYet
from hanpyo.ledger.entry import Body
from hanpyo.ledger.interface import Admission, Inclusion
from hanpyo.node.gateway import RETRY_AFTER_S, Gateway, GatewayHooks
from hanpyo.node.keeper import LogKeeper
from hanpyo.node.promises import make_promises
from hanpyo.node.storage.folder import NodeFolder, Operator
from hanpyo.node.storage.stored import StoredLedger


class NodeLedger(StoredLedger):
    """Implements `Ledger` for the process that runs a node.

    Attributes:
        operator: the member that runs this node.
        gateway: takes entries; its futures complete once a block.
    """

    promise_s = 10  # an entry that we take is in the log before block time has gone so far

    def __init__(self, folder: NodeFolder, keeper: LogKeeper, operator: Operator) -> None:
        """Begin to read and to take entries.

        Args:
            folder: the node's, held.
            keeper: taken up.
            operator: who runs the node.
        """
        super().__init__(folder, keeper)
        self.operator = operator
        hooks = GatewayHooks(
            facts=lambda: keeper.state.view.facts,
            find_hash=self.find_hash,
            size=lambda: keeper.head.size,
            promise=self._promise,
            keep=self.keep,
            retry_after_s=self.retry_after_s,
        )
        self.gateway = Gateway(hooks, keeper.threads)

    @property
    def number(self) -> int:
        """This member's number; a single operator has 0.

        Raises:
            InvalidQuery: these keys are no member's.
        """
        return 0

    def closing_quorum(self, size: int) -> bytes | None:  # noqa: ARG002
        """Give a quorum's checkpoint over a closing root, encoded; one operator has none."""
        return None

    def accusations(self) -> Sequence[Body]:
        """Give proofs against members that are to be posted; one operator has none."""
        return ()

    def cosign_again(self) -> None:
        """Sign the newest state anew before its signature is stale; the writer does so itself."""

    def list_gateway(self) -> None:
        """Have the key of our promises listed, if it is not."""

    def keep(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        """Put entries on disk before they are acknowledged; a block does so soon enough here."""

    def retry_after_s(self) -> int:
        """Say when to come back, while there is no room."""
        return RETRY_AFTER_S

    @property
    def alarm(self) -> ElectionError | None:
        """Why this node neither signs nor takes entries any more; `None` while all is well."""
        return self._alarm or self.gateway.failure

    def raise_alarm(self, error: ElectionError) -> None:
        """Stop signing and taking entries, for good."""
        super().raise_alarm(error)
        self.gateway.fail(error)

    def submit(self, entries: Sequence[bytes]) -> Admission:
        """Take entries in; see `Ledger.submit`."""
        return self.gateway.submit(entries)

    def _promise(self, hashes: Sequence[bytes], size: int) -> Sequence[bytes | None]:
        head, operator = self.head, self.operator
        view = self._keeper.state.view
        if operator.gateway not in view.gateways or view.ledger_id is None:
            return [None] * len(hashes)
        now = self._keeper.clock()
        if head.checkpoint is not None:
            now = max(now, head.checkpoint.timestamp_unix_s)
        gateway = operator.gateway
        due = now + self.promise_s
        return make_promises(view.ledger_id, hashes, size, due, gateway, operator.promise)

    def wait(self, entry_hash: bytes, timeout_s: float) -> Inclusion:
        """Wait for an entry; see `Ledger.wait`."""
        future = self.gateway.watch(entry_hash)
        try:
            index = future.result(timeout_s)
        except NoResultYet:
            raise NotYet(f"not recorded within {timeout_s:g} s") from None
        finally:
            self.gateway.unwatch(entry_hash, future)
        return self.recorded(index)
