"""An entry that was refused before its time is recorded when it is handed in again."""

import time

from bench.consortium.opening import opened_at
from hanpyo.errors import Rejected
from hanpyo.ledger.entry import Close, encode_entry, entry_hash
from hanpyo.ledger.rules.phases import AHEAD
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.rehearsal.cluster import Cluster


def test_what_came_too_early_is_recorded_later(cluster: Cluster) -> None:
    cluster.start()
    cluster.wait_for_size(5, 60)
    with RemoteLedger(cluster.url(0)) as remote:
        player = opened_at(remote, 1, 2).player
        desk = player.desk()
        body = Close(int(time.time()) + 4)
        entry = encode_entry(desk.sign(desk.prepare(body), [player.parties.organizer]).act)
        refusals, until = set(), time.monotonic() + 60
        while time.monotonic() < until:
            try:
                remote.submit([entry])
                remote.wait(entry_hash(entry), 20)
                break
            except Rejected as refusal:
                refusals.add(refusal.why)
                time.sleep(0.5)
        assert refusals == {AHEAD}
        assert remote.find_hash(entry_hash(entry)) is not None
