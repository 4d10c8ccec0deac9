"""Running a member's node: ledger, engine, clerk and web server, until one of them ends."""

import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from hanpyo.errors import DamagedLedger
from hanpyo.ledger.entry import NO_SCOPE, Act, Consortium, decode_entry
from hanpyo.node.abci.server import AbciServer
from hanpyo.node.chain.start import found_log
from hanpyo.node.clerk import Clerk
from hanpyo.node.consortium.ledger import ConsensusLedger
from hanpyo.node.consortium.witnesses import Witness
from hanpyo.node.engine.home import EngineSetup, Peer, write_home
from hanpyo.node.engine.process import EngineProcess, find_engine
from hanpyo.node.engine.rpc import EngineRpc
from hanpyo.node.events import Event, tell
from hanpyo.node.http.api import alarm_app, node_app
from hanpyo.node.http.api_members import MembersApi, member_figures
from hanpyo.node.http.metrics import metrics_routes
from hanpyo.node.http.serve import NodeServer
from hanpyo.node.keeper import Clock, system_clock
from hanpyo.node.settings import NodeSettings, read_settings, split_address
from hanpyo.node.storage.folder import NodeFolder

ENGINE_LOG = "engine.log"
FAILED = 70  # the exit status of a node that found a fault of its own; it may be started again
AGAIN = 75  # that of one whose next keys the ledger names: it has to be started again


def run_member(
    path: Path,
    *,
    clock: Clock = system_clock,
    threads: int = 1,
    on_ready: Callable[[str], None] = lambda _: None,
) -> int:
    """Run a member's node until SIGTERM or SIGINT, or until its engine ends.

    Call it from the process's main thread: the engine dies with it.

    Returns:
        0 after a clean end, 1 where the node raised its alarm, `FAILED` where the engine ended,
        `AGAIN` where a new start takes up the node's next keys.

    Raises:
        InvalidFile: settings, keys or the founding entry cannot be read.
        InvalidQuery: another process holds the folder.
        EngineMissing: there is no engine.
    """
    folder, program = NodeFolder(path), find_engine()
    settings = read_settings(folder.settings)
    host, port = split_address(settings.listen)
    found_log(folder)
    sockets = Path(tempfile.mkdtemp(prefix="hanpyo-"))
    rpc = EngineRpc(sockets / "rpc.sock")
    try:
        ledger = ConsensusLedger.open(
            path, rpc, [peer.url for peer in settings.peers], clock, threads
        )
    except DamagedLedger as damage:
        NodeServer(alarm_app(damage), host, port, on_ready).run()
        return 1
    with ledger:
        server = AbciServer(sockets / "abci.sock", ledger.application, _end_at_once)
        ledger.start()
        write_home(folder.engine, engine_setup(ledger, settings, sockets))
        engine = EngineProcess(program, folder.engine, folder.root / ENGINE_LOG)
        clerk = Clerk(ledger, clock, threads)
        clerk.start()
        witnesses = [Witness(ledger, each) for each in settings.witnesses]
        for witness in witnesses:
            witness.start()
        try:
            monitoring = metrics_routes(ledger, lambda: member_figures(ledger, witnesses))
            more = [*MembersApi(ledger, witnesses).routes(), *monitoring]
            app = node_app(ledger, more, [peer.url for peer in settings.peers])

            def has_to_end() -> bool:
                return engine.has_ended() or ledger.has_next_keys

            tell(Event.STARTED, size=ledger.head.size, engine=ledger.engine_height)
            NodeServer(app, host, port, on_ready, has_to_end).run()
            tell(Event.ENGINE_ENDED if engine.has_ended() else Event.STOPPED)
            has_failed = engine.has_ended()
        finally:
            for witness in witnesses:
                witness.stop()
            clerk.stop()
            engine.stop()
            server.stop()
            rpc.close()
            shutil.rmtree(sockets, ignore_errors=True)
    if ledger.alarm is not None:
        return 1
    if ledger.has_next_keys:
        return AGAIN
    return FAILED if has_failed else 0


def _end_at_once(error: BaseException) -> None:
    """End the process before anything of what failed is answered; its engine ends with it."""
    traceback.print_exception(error, file=sys.stderr)
    sys.stderr.flush()
    os._exit(FAILED)


def engine_setup(ledger: ConsensusLedger, settings: NodeSettings, sockets: Path) -> EngineSetup:
    """Say what the engine has to know; its genesis follows from the entry of kind 4."""
    operator, body = ledger.operator, _consortium(ledger)
    chain_id = ledger.look(lambda view: view.membership and view.membership.chain_id)
    assert chain_id, "a consortium keeps this ledger"
    return EngineSetup(
        chain_id=chain_id,
        genesis_time_unix_s=body.time_unix_s,
        validators=[(each.name, each.validator_key) for each in body.validators],
        validator_seed=operator.validator_seed,
        node_seed=operator.node_seed,
        listen=settings.p2p_listen or settings.p2p,
        peers=[Peer(peer.node_id, peer.p2p) for peer in settings.peers],
        abci_socket=sockets / "abci.sock",
        rpc_socket=sockets / "rpc.sock",
        is_local=settings.is_local,
        commit_ms=settings.commit_ms,
    )


def _consortium(ledger: ConsensusLedger) -> Consortium:
    index = ledger.own_index(NO_SCOPE, (Consortium.kind,))[-1]
    entry = decode_entry(ledger.own_entry(index))
    assert isinstance(entry, Act), "the index knows its kind"
    assert isinstance(entry.body, Consortium), "the index knows its kind"
    return entry.body
