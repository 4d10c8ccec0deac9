"""L15: one validator's key on two nodes. All agree all the same, and the ledger names the key."""

import shutil
import time
from dataclasses import replace

from bench.consortium.opening import open_election
from hanpyo.ledger.entry import NO_SCOPE, Act, Equivocation, decode_entry
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.settings import read_settings, write_settings
from hanpyo.node.storage.folder import NodeFolder, new_operator, write_operator
from hanpyo.rehearsal.cluster import Cluster, free_ports
from tests.faults.history import History

SECONDS = 90.0
TWIN = 3


def add_twin(cluster: Cluster) -> int:
    """Copy a node that is stopped; the copy has another address and node id, and the same keys."""
    ports, twin = free_ports(), NodeFolder(cluster.folder / "twin")
    shutil.copytree(cluster.node(TWIN).root, twin.root)
    settings = read_settings(twin.settings)
    listen, p2p = f"127.0.0.1:{ports.http}", f"127.0.0.1:{ports.p2p}"
    addresses = {"listen": listen, "p2p": p2p, "p2p_listen": p2p, "url": f"http://{listen}"}
    write_settings(twin.settings, replace(settings, **addresses))
    node_seed = new_operator("twin", validates=True).node_seed
    write_operator(twin.operator, replace(twin.load_operator(), node_seed=node_seed))
    return cluster.add(twin, ports)


def accused(remote: RemoteLedger) -> list[Equivocation]:
    """Read the equivocations that the ledger has noted."""
    found = []
    for index in remote.find(NO_SCOPE, (Equivocation.kind,)):
        (data,) = remote.entries(index, index + 1)
        entry = decode_entry(data)
        assert isinstance(entry, Act)
        assert isinstance(entry.body, Equivocation)
        found.append(entry.body)
    return found


def test_l15_a_key_on_two_nodes_is_named_and_harms_nobody(cluster: Cluster) -> None:
    cluster.start()
    cluster.wait_for_size(5, SECONDS)
    opening, history = open_election(cluster, 400, 2), History()
    cluster.stop(TWIN)
    twin = add_twin(cluster)
    cluster.start(TWIN, twin)
    found: list[Equivocation] = []
    ballots, until = list(opening.ballots), time.monotonic() + SECONDS
    with RemoteLedger(cluster.url(0)) as remote:
        while not found and ballots and time.monotonic() < until:
            for number in (0, TWIN, twin):  # each gathers other batches than the others
                history.cast(cluster.url(number), [ballots.pop() for _ in range(2)], 1_000.0)
            time.sleep(0.5)
            found = accused(remote)
    assert found, "nobody posted what the engine caught"
    assert found[0].validator_key == cluster.node(TWIN).load_operator().validator.validator_key
    cluster.stop(twin)
    history.check(cluster, range(3))
