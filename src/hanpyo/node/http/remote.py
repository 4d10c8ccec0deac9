"""A ledger at an address: the `Ledger` interface over HTTP.

Whatever arrives is read strictly and within limits; checkpoints are checked under the keys of the
log's own entry 0, and proofs are computed here from tiles. Whether an entry is in the log, the
caller checks from those proofs, as with every ledger that is not its own.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from types import TracebackType
from typing import Self

from hanpyo.encoding import decode_json
from hanpyo.errors import Busy, InvalidCheckpoint, InvalidQuery, NotYet, Rejected
from hanpyo.ledger.block_proofs import split_proofs
from hanpyo.ledger.blocks import Block, decode_blocks
from hanpyo.ledger.checkpoint import (
    CHECKPOINT_BYTES_MAX,
    Checkpoint,
    check_checkpoint,
    decode_checkpoint,
)
from hanpyo.ledger.entry import (
    NO_SCOPE,
    Act,
    Gateway,
    Signature,
    decode_entry,
    entry_hash,
)
from hanpyo.ledger.interface import (
    SUBMIT_ENTRIES_MAX,
    Admission,
    Inclusion,
    Later,
    Members,
    Proof,
    Verdict,
)
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import prove_consistency, prove_inclusion
from hanpyo.ledger.reader import CHANGE_KINDS
from hanpyo.ledger.tiles import (
    HASH_BYTES,
    TILE_WIDTH,
    bundle_path,
    decode_bundle,
    node_reader,
    tile_path,
)
from hanpyo.ledger.walking import walk_membership
from hanpyo.node.http.client import NodeClient
from hanpyo.node.http.wire import (
    ENTRIES_BYTES_MAX,
    ElectionRequest,
    decode_inclusion,
    decode_indexes,
    decode_verdicts,
    encode_election,
    encode_entries,
)

TIMEOUT_S = 30.0
WAIT_SECONDS = 20.0  # one request of `wait`; more are made until the caller's time is over
BUNDLE_BYTES_MAX = TILE_WIDTH * (2 + 65_535)
BLOCKS_BYTES_MAX = 256 * 1_048_576
TILES_MAX = 4_096  # kept in memory, 8 kB each


class RemoteLedger:
    """Implements `Ledger`. One object may serve several threads."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        """Prepare; the first call reaches out.

        Args:
            url: where `hanpyo serve` answers, such as `http://127.0.0.1:8000`.
            timeout_s: how long one answer may take.

        Raises:
            InvalidQuery: this is no address.
        """
        self._node = NodeClient(url, timeout_s)
        self._lock = threading.Lock()  # of the fields below
        self._membership: Membership | None = None
        self._ledger_id = b""
        self._newest: Checkpoint | None = None
        self._tiles: dict[tuple[int, int], bytes] = {}  # full ones
        self._edge: dict[tuple[int, int, int], bytes] = {}  # partial ones of the newest checkpoint

    def close(self) -> None:
        """Close the connections."""
        self._node.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- handing in ---

    def submit(self, entries: Sequence[bytes]) -> Admission:
        """Hand in entries; see `Ledger.submit`."""
        if not 1 <= len(entries) <= SUBMIT_ENTRIES_MAX:
            raise InvalidQuery(f"1 to {SUBMIT_ENTRIES_MAX} entries at once, not {len(entries)}")
        verdicts: list[Verdict] = []
        for part in _parts(entries):
            if verdicts and isinstance(verdicts[-1], Later):  # what comes later must not overtake
                retry_after_s = verdicts[-1].retry_after_s
                verdicts.extend(Later(entry_hash(data), retry_after_s) for data in part)
            else:
                verdicts.extend(self._post(part))
        return Admission(tuple(verdicts))

    def _post(self, entries: Sequence[bytes]) -> Sequence[Verdict]:
        hashes = [entry_hash(data) for data in entries]
        try:
            body = encode_entries(entries)
            answer = self._node.post("entries", body, "application/octet-stream")
            verdicts = self._node.read(decode_verdicts, answer)
        except Busy as busy:
            return [Later(name, busy.retry_after_s) for name in hashes]
        if [verdict.entry_hash for verdict in verdicts] != hashes:
            raise self._node.no_ledger("the verdicts are about other entries")
        return verdicts

    def announce(self, manifest: bytes, signatures: Sequence[Signature]) -> Admission:
        """Ask the operator to admit an election.

        Args:
            manifest: its bytes.
            signatures: of organizers, over the `announce` act with number 0.

        Returns:
            A verdict for each entry that the operator made; the last is the announcement's.

        Raises:
            InvalidManifest, Rejected, InvalidQuery: the operator refuses it.
        """
        body = encode_election(ElectionRequest(manifest, tuple(signatures)))
        answer = self._node.post("elections", body, "application/cbor")
        return Admission(tuple(self._node.read(decode_verdicts, answer)))

    def wait(self, entry_hash: bytes, timeout_s: float) -> Inclusion:
        """Wait for an entry; see `Ledger.wait`."""
        left = timeout_s
        while True:
            seconds = min(left, WAIT_SECONDS)
            path = f"wait/{entry_hash.hex()}?timeout={seconds:g}"
            try:
                answer = self._node.get(path, extra_s=seconds)
            except NotYet:
                left -= WAIT_SECONDS
                if left <= 0:
                    raise
                continue
            inclusion = self._node.read(decode_inclusion, answer)
            self._take_checkpoint(inclusion.checkpoint)
            return inclusion

    # --- reading ---

    def checkpoint(self) -> Checkpoint:
        """Fetch the newest checkpoint; see `Ledger.checkpoint`."""
        answer = self._node.get("checkpoint", CHECKPOINT_BYTES_MAX)
        return self._take_checkpoint(self._node.read(decode_checkpoint, answer))

    def _take_checkpoint(self, checkpoint: Checkpoint) -> Checkpoint:
        """Check a checkpoint, and read by it from now on if it is newer."""
        try:
            self._check(checkpoint)
        except InvalidCheckpoint as error:
            raise self._node.no_ledger(f"its checkpoint does not hold: {error}") from error
        with self._lock:
            if self._newest is None or checkpoint.size > self._newest.size:
                self._newest = checkpoint
                self._edge.clear()
        return checkpoint

    def _check(self, checkpoint: Checkpoint) -> None:
        """Check a checkpoint by who kept the ledger when we last looked, or else keeps it now."""
        if self._membership is None:
            self._membership = self._walk(checkpoint.size, [])
        try:
            check_checkpoint(checkpoint, self._membership)
        except InvalidCheckpoint:
            changes = [index for index in self.find(NO_SCOPE, CHANGE_KINDS) if index]
            if not changes:
                raise
            self._membership = self._walk(checkpoint.size, changes)
            check_checkpoint(checkpoint, self._membership)

    def _walk(self, size: int, changes: Sequence[int]) -> Membership:
        """Fetch who keeps the ledger; the acts are signed, and readers prove their inclusion."""
        acts = []
        for index in [0, *(index for index in changes if index < size)]:
            number, place = divmod(index, TILE_WIDTH)
            acts.append(self._bundle(number, min(TILE_WIDTH, size - index + place))[place])
        self._ledger_id = entry_hash(acts[0])
        try:
            return walk_membership(acts)
        except Rejected as error:
            raise self._node.no_ledger(f"its members are not lawful: {error.why}") from error

    def _size(self, least: int) -> int:
        """Give the size by which tiles are read: at least this large, if the log is."""
        with self._lock:
            newest = self._newest
        if newest is None or newest.size < least:
            return self.checkpoint().size
        return newest.size

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Fetch raw entries; see `Ledger.entries`."""
        if not 0 <= start <= stop <= self._size(stop):
            raise InvalidQuery(f"the log has no entries from {start} to {stop}")
        return self._entries(start, stop)

    def _entries(self, start: int, stop: int) -> Iterator[bytes]:
        for number in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)):
            first = number * TILE_WIDTH
            width = min(TILE_WIDTH, self._size(stop) - first)
            entries = self._bundle(number, width)
            yield from entries[max(0, start - first) : stop - first]

    def _bundle(self, number: int, width: int) -> list[bytes]:
        path = bundle_path(number, width)
        entries = self._node.read(decode_bundle, self._node.get(path, BUNDLE_BYTES_MAX))
        if len(entries) != width:
            raise self._node.no_ledger(f"{path} has {len(entries)} entries")
        return entries

    def _tile(self, level: int, number: int, width: int) -> bytes:
        with self._lock:
            known = self._tiles.get((level, number)) or self._edge.get((level, number, width))
        if known is not None:
            return known
        path = tile_path(level, number, width)
        data = self._node.get(path, TILE_WIDTH * HASH_BYTES)
        if len(data) != width * HASH_BYTES:
            raise self._node.no_ledger(f"{path} has {len(data)} bytes")
        with self._lock:
            if len(self._tiles) >= TILES_MAX:
                self._tiles.clear()
            if width == TILE_WIDTH:
                self._tiles[level, number] = data
            else:
                self._edge[level, number, width] = data
        return data

    def inclusion(self, index: int, size: int) -> Proof:
        """Compute a proof of inclusion; see `Ledger.inclusion`."""
        newest = self._size(size)
        if not 0 <= index < size <= newest:
            raise InvalidQuery(f"no entry {index} in a tree of {size}: the log has {newest}")
        return prove_inclusion(index, size, node_reader(newest, self._tile))

    def consistency(self, old: int, new: int) -> Proof:
        """Compute a proof of consistency; see `Ledger.consistency`."""
        newest = self._size(new)
        if not 1 <= old <= new <= newest:
            raise InvalidQuery(f"no proof from size {old} to {new}: the log has {newest}")
        return prove_consistency(old, new, node_reader(newest, self._tile))

    def blocks(self, start_height: int) -> Iterator[Block]:
        """Fetch blocks; see `Ledger.blocks`."""
        if start_height < 1:
            raise InvalidQuery("heights begin with 1")
        size = self.checkpoint().size
        path = f"blocks?from={start_height}"
        answer = self._node.get(path, BLOCKS_BYTES_MAX)
        for block in self._node.read(decode_blocks, answer) if answer else []:
            if block.height == start_height and block.size <= size:
                start_height += 1
                yield block

    def proofs(self, start_height: int) -> Iterator[bytes]:
        """Fetch block proofs; see `Ledger.proofs`."""
        answer = self._node.get(f"commits?from={start_height}", BLOCKS_BYTES_MAX)
        yield from self._node.read(lambda data: list(split_proofs(data)), answer)

    def members(self) -> Members:
        """Tell who keeps the ledger, as its acts say; see `Ledger.members`."""
        self.checkpoint()
        assert self._membership is not None, "a checkpoint is checked under it"
        gateways = []
        for index in self.find(NO_SCOPE, (Gateway.kind,)):
            for data in self.entries(index, index + 1):
                entry = self._node.read(decode_entry, data)
                if not isinstance(entry, Act) or not isinstance(entry.body, Gateway):
                    raise self._node.no_ledger(f"entry {index} lists no gateway")
                gateways.append(entry.body.key)
        return Members(self._ledger_id, self._membership.members, tuple(gateways))

    def status(self) -> dict[str, object]:
        """Fetch what the node says of itself; nothing of it is proven."""
        found = self._node.read(decode_json, self._node.get("status"))
        if not isinstance(found, dict):
            raise self._node.no_ledger("its status is no object")
        return found

    # --- look-ups ---

    def find(self, election: bytes, kinds: Collection[int]) -> list[int]:
        """Look up entries by kind; see `Ledger.find`."""
        named = ",".join(str(kind) for kind in sorted(set(kinds)))
        return self._find(f"find/kinds/{election.hex()}/{named}") if named else []

    def find_row(self, election: bytes, row: int) -> list[int]:
        """Look up the entries of a row; see `Ledger.find_row`."""
        return self._find(f"find/row/{election.hex()}/{row}")

    def find_hash(self, entry_hash: bytes) -> int | None:
        """Look up an entry by its hash; see `Ledger.find_hash`."""
        return next(iter(self._find(f"find/hash/{entry_hash.hex()}")), None)

    def find_tracker(self, election: bytes, start: bytes) -> int | None:
        """Look up a ballot by its tracker; see `Ledger.find_tracker`."""
        return next(iter(self._find(f"find/tracker/{election.hex()}/{start.hex()}")), None)

    def _find(self, path: str) -> list[int]:
        return self._node.read(decode_indexes, self._node.get(path))


def _parts(entries: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Cut entries into bodies that a node takes."""
    part: list[bytes] = []
    size = 0
    for data in entries:
        if part and size + 2 + len(data) > ENTRIES_BYTES_MAX:
            yield part
            part, size = [], 0
        part.append(data)
        size += 2 + len(data)
    yield part
