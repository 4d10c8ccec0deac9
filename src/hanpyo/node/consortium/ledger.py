"""The ledger of a consortium, seen from one member's node.

The consensus engine runs beside this process; this one answers it, keeps the log, takes entries,
and exchanges cosignatures with the other members. Threads: callers' own, the engine's connections,
the sender's, the publisher's, those of the exchange, and for a while after an election closes one
that replays the log.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from hanpyo.errors import (
    Busy,
    DamagedLedger,
    ElectionError,
    InvalidQuery,
    NotYet,
    Rejected,
    Unreachable,
)
from hanpyo.ledger.admission import NotAdmitted, admit
from hanpyo.ledger.checkpoint import Checkpoint, encode_checkpoint
from hanpyo.ledger.entry import Body
from hanpyo.ledger.state import BlockResult
from hanpyo.node.chain.application import ChainApplication
from hanpyo.node.chain.keeper import ChainKeeper
from hanpyo.node.chain.publisher import Publisher
from hanpyo.node.chain.start import begin
from hanpyo.node.chain.verdicts import VerdictCache
from hanpyo.node.consortium.exchange import Exchange
from hanpyo.node.consortium.journal import Journal
from hanpyo.node.consortium.sender import Sender, SenderHooks, Sent
from hanpyo.node.engine.commits import fetch_proof
from hanpyo.node.engine.evidence import Evidence
from hanpyo.node.engine.rpc import EngineRefused, EngineRpc
from hanpyo.node.events import Event, tell
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.http.wire import Json
from hanpyo.node.keeper import Clock, system_clock
from hanpyo.node.ledger import NodeLedger
from hanpyo.node.listing import gateway_listing
from hanpyo.node.storage.folder import NodeFolder, number_of

RESEND_TIMEOUT_S = 5.0
COSIGN_SECONDS = 30


class ConsensusLedger(NodeLedger):
    """Implements `Ledger` on a member's folder, which it holds alone until it is closed.

    Attributes:
        application: what the engine asks.
        exchange: our own and the other members' cosignatures.
        publisher: writes the public files.
        has_next_keys: the ledger names this member's next keys: a new start takes them up.
    """

    promise_s = 30

    def __init__(
        self,
        folder: NodeFolder,
        keeper: ChainKeeper,
        engine: EngineRpc,
        peers: Sequence[str],
        threads: int,
    ) -> None:
        """Begin; `open` prepares for it.

        Args:
            folder: held.
            keeper: opened, not taken up.
            engine: where the engine will answer.
            peers: addresses of the other members' nodes.
            threads: how many threads Rust may use.
        """
        begun = begin(keeper, folder, threads)
        self._signed = begun.last
        operator = folder.load_operator()
        super().__init__(folder, keeper, operator)
        self.has_next_keys = False
        self._chain = keeper
        self._engine = engine
        self._threads = threads
        self._journal = Journal(folder.journal)
        self._verdicts = VerdictCache(lambda: keeper.state.view.facts, threads)
        self.application = ChainApplication(keeper, self._verdicts)
        self._evidence = Evidence(engine)
        self.application.on_misbehavior = self._caught
        self.exchange = Exchange(folder, operator, keeper, peers, self._take_quorum)
        self.publisher = Publisher(
            keeper.store,
            begun.tree,
            folder.public,
            lambda block: fetch_proof(engine, block),
            self.exchange.cosignatures.quorum,
            lambda: len(self.exchange.membership.active),
            self.raise_alarm,
        )
        self._elsewhere = [RemoteLedger(url, RESEND_TIMEOUT_S) for url in peers]
        self.sender = Sender(
            SenderHooks(
                next_items=self.gateway.next_batch,
                know=self._verdicts.know,
                send=self._send,
                send_elsewhere=self._send_elsewhere,
                refuse=self._refuse,
            )
        )
        keeper.on_decided = self._decided
        keeper.on_commit = self._committed
        keeper.on_recorded = self._recorded
        keeper.on_closed = self._replay_beside

    @classmethod
    def open(
        cls,
        path: Path,
        engine: EngineRpc,
        peers: Sequence[str],
        clock: Clock = system_clock,
        threads: int = 1,
    ) -> Self:
        """Open a member's log: rebuild everything from its entries, and compare.

        Raises:
            InvalidQuery: another process holds the folder.
            InvalidFile: the keys cannot be read.
            DamagedLedger: what is stored contradicts itself.
        """
        folder = NodeFolder(path)
        folder.hold()
        try:
            keeper = ChainKeeper(folder, clock, threads)
            try:
                return cls(folder, keeper, engine, peers, threads)
            except BaseException:
                keeper.close()
                raise
        except BaseException:
            folder.release()
            raise

    def start(self) -> None:
        """Begin to send, to cosign and to publish; the engine may be started now."""
        self.exchange.start(self._signed)
        self.publisher.start()
        self._cosign_newest()
        self._queue_again()
        self.sender.start()

    def _queue_again(self) -> None:
        """Queue what a former process acknowledged and the log does not hold yet."""
        waiting = self._journal.waiting()
        index = self._chain.index
        self._journal.drop([name for name, _ in waiting if index.find_hash(name) is not None])
        left = [data for name, data in waiting if index.find_hash(name) is None]
        for start in range(0, len(left), 1_000):
            self.gateway.submit(left[start : start + 1_000])

    def close(self) -> None:
        """Stop; the engine must have ended, or does now."""
        if self._closing.is_set():
            return
        self._closing.set()
        self.gateway.close()
        self.exchange.stop()
        self.publisher.stop()
        if self.sender.is_alive():
            self.sender.join()
        for thread in self._replays:
            thread.join()
        for ledger in self._elsewhere:
            ledger.close()
        self._journal.close()
        self._keeper.close()
        self.folder.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- the gateway's side ---

    def keep(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        """Put acknowledged entries on disk; see `GatewayHooks.keep`."""
        try:
            self._journal.keep(entries)
        except sqlite3.Error as error:
            raise Busy(self.retry_after_s()) from error

    def retry_after_s(self) -> int:
        """Say when to come back; see `GatewayHooks.retry_after_s`."""
        return self.sender.retry_after_s(self.gateway.waiting())

    def _send(self, data: bytes) -> Sent:
        try:
            code, _ = self._engine.broadcast(data)
        except EngineRefused as refusal:
            return Sent.TAKEN if refusal.is_known else Sent.BUSY
        except Unreachable:
            return Sent.BUSY
        return Sent.TAKEN if code == 0 else Sent.REFUSED

    def _send_elsewhere(self, entries: Sequence[bytes]) -> bool:
        for ledger in self._elsewhere:
            try:
                ledger.submit(entries)
            except ElectionError:
                continue
            return True
        return False

    def _refuse(self, name: bytes) -> None:
        """Tell who waits for an entry that the engine refuses; only facts of late explain it."""
        found = [data for each, data in self._journal.waiting() if each == name]
        why = Rejected("C06", "the validators refuse this entry")
        if found:
            facts = self._chain.state.view.facts
            (item,) = admit(facts, found, self._threads)
            if isinstance(item, NotAdmitted):
                why = item
        self._journal.drop([name])
        self.gateway.settle([name], {name: why})

    # --- what the chain tells ---

    def _decided(self, names: Sequence[bytes], refused: dict[bytes, Rejected]) -> None:
        self.sender.decided(names)
        self._journal.drop(names)
        if refused:
            self.gateway.settle(list(refused), refused)

    def _committed(self, result: BlockResult) -> None:
        self.publisher.wake()
        self._cosign_newest()
        tell(Event.BLOCK, height=result.height, size=result.size, engine=self.engine_height)
        if self.exchange.own_number is None:
            *_, newest = self.folder.load_operators()
            self.has_next_keys = number_of(newest, self.exchange.membership) is not None

    def _recorded(self, names: Sequence[bytes]) -> None:
        self.gateway.settle(names, {})

    @property
    def number(self) -> int:
        """This member's number; see `NodeLedger.number`."""
        number = self.exchange.own_number
        if number is None:
            raise InvalidQuery("this node's keys are no member's of this ledger")
        return number

    def _cosign_newest(self) -> None:
        if self.alarm is None:
            self.exchange.cosign_newest()

    def cosign_again(self) -> None:
        """Cosign the newest state anew if the last cosignature is no longer fresh."""
        if self.alarm is None:
            self.exchange.cosign_again()

    def _take_quorum(self, checkpoint: Checkpoint) -> None:
        try:
            self._chain.publish(checkpoint)
        except DamagedLedger as error:
            self.raise_alarm(error)
        self.publisher.wake()

    def _caught(self, engine_height: int) -> None:
        tell(Event.EQUIVOCATION, engine=engine_height)
        self._evidence.note(engine_height)

    def accusations(self) -> Sequence[Body]:
        """Give what the engine caught; see `NodeLedger.accusations`."""
        noted = self.look(lambda view: set(view.equivocations))
        return self._evidence.due(self.exchange.membership.validator_numbers, noted)

    def closing_quorum(self, size: int) -> bytes | None:
        """Give a quorum's checkpoint over a closing root once our own replay has confirmed it."""
        found = None if self.is_replaying else self.exchange.cosignatures.quorum(size)
        return None if found is None else encode_checkpoint(found)

    def list_gateway(self) -> None:
        """Have the key of our promises listed, if it is not."""
        operator, number = self.operator, self.exchange.own_number
        if number is None:
            return
        entry = self.look(lambda view: gateway_listing(view, operator, number))
        if entry is not None:
            self.gateway.submit([entry])

    # --- reading ---

    @property
    def engine_height(self) -> int:
        """The engine's height on disk."""
        return self._chain.engine_height

    @property
    def checked(self) -> int:
        """How many entries' proofs this node has checked itself."""
        return self._verdicts.checked

    def own_status(self) -> Json:
        """Tell how this member's node and the others are; see `StoredLedger.own_status`."""
        seen, names = self.exchange.cosignatures.seen(), self.member_names()
        size, reached = self._chain.state.log.size, self.exchange.reached
        return {
            "absent_signers": self.publisher.absent,
            "cosigned": {name: seen.get(number, 0) for number, name in names.items()},
            "engine_height": self.engine_height,
            "missing": [name for number, name in names.items() if seen.get(number, 0) < size],
            "number": self.exchange.own_number,
            "queued": self.gateway.waiting(),
            "reached": f"{sum(reached)} of {len(reached)} nodes",
            "round": self.publisher.round,
            "under_way": self.sender.under_way,
        }

    def member_names(self) -> dict[int, str]:
        """Give the names of the active members by number."""
        return {number: keeper.name for number, keeper in self.exchange.membership.active.items()}

    def own_index(self, election: bytes, kinds: Sequence[int]) -> list[int]:
        """Look up our own log, be it published or not."""
        with self._chain.view_lock:
            return self._chain.index.find(election, kinds)

    def own_entry(self, index: int) -> bytes:
        """Give an entry of our own log, be it published or not."""
        return self._chain.store.entry(index)

    def checkpoint(self) -> Checkpoint:
        """Give the newest checkpoint of a quorum; see `Ledger.checkpoint`."""
        if self.alarm is not None:
            raise self.alarm
        checkpoint = self.head.checkpoint
        if checkpoint is None:
            raise NotYet("no quorum of the members has signed this ledger yet")
        return checkpoint
