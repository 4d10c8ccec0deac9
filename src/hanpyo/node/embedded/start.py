"""Founding a ledger, and starting an existing one: look at everything before signing anything."""

import secrets
from collections.abc import Callable
from contextlib import closing

from hanpyo.errors import (
    DamagedLedger,
    ElectionError,
    InvalidCheckpoint,
    InvalidEncoding,
    InvalidQuery,
)
from hanpyo.ledger.admission import admit
from hanpyo.ledger.checkpoint import (
    Checkpoint,
    check_checkpoint,
    decode_checkpoint,
    encode_checkpoint,
)
from hanpyo.ledger.entry import NO_SCOPE, Act, Genesis, decode_entry
from hanpyo.ledger.membership import Membership, found_single
from hanpyo.node.embedded.writer import HANDED_OVER, LogWriter
from hanpyo.node.listing import gateway_listing, member_act
from hanpyo.node.storage.disk import is_torn, read_if_there
from hanpyo.node.storage.files import CHECKPOINT, TreeComparison, TreeShadow
from hanpyo.node.storage.folder import NodeFolder, Operator
from hanpyo.node.storage.replay import Replay
from hanpyo.node.storage.store import create_database

FOUNDED_VERSION = 1
SINGLE_OPERATOR = 0  # the ledger's mode


def found(folder: NodeFolder, operator: Operator, clock: Callable[[], int]) -> None:
    """Found a ledger in a new folder; genesis and its gateway are durable and published at return.

    Raises:
        InvalidQuery: the folder is in use.
    """
    folder.create(operator)
    try:
        create_database(folder.database)
        writer = LogWriter(folder, operator, clock, threads=1)
        try:
            members = (operator.member,)
            genesis = Genesis(FOUNDED_VERSION, secrets.token_bytes(32), SINGLE_OPERATOR, members)
            _write(writer, member_act(operator, NO_SCOPE, 0, genesis))
            _list_gateway(writer)
        finally:
            writer.close()
    finally:
        folder.release()


def _list_gateway(writer: LogWriter) -> None:
    entry = gateway_listing(writer.state.view, writer.operator)
    if entry is not None:
        _write(writer, entry)


def _write(writer: LogWriter, entry: bytes) -> None:
    items = admit(writer.state.view.facts, [entry], 1)
    accepted = writer.write_block(items).accepted
    assert accepted, "the rules take what the operator itself signs"


def begin(writer: LogWriter, folder: NodeFolder, threads: int) -> ElectionError | None:
    """Rebuild the ledger from its entries, compare all that is stored, and sign the newest state.

    Returns:
        Why this node must not sign: its log lacks a state that was signed before. Else `None`.

    Raises:
        DamagedLedger: what is stored contradicts itself.
        InvalidQuery: the ledger was handed over to a consortium.
    """
    membership = _founding(writer)
    last = writer.last.read(membership, 0)
    published = _published(folder, membership, last)
    signed = [each for each in (last, published) if each is not None]
    missing = [each for each in signed if writer.store.root_at(each.size) != each.root]
    if missing:
        shadow = TreeShadow(folder.public)
        replay = Replay(writer.store, folder.public, shadow, writer.index, threads=threads)
        replay.run()
        writer.take_up(replay.state, shadow.finish())
        size = missing[0].size
        return DamagedLedger(f"the database was set back: it lacks the signed state of size {size}")
    with closing(TreeComparison(folder.public, repair=True)) as files:
        replay = Replay(writer.store, folder.public, files, writer.index, threads=threads)
        replay.run()
        writer.take_up(replay.state, files.finish())
    if writer.is_handed_over:
        raise InvalidQuery(HANDED_OVER)
    for each in signed:
        writer.note_time(each.timestamp_unix_s)
    _list_gateway(writer)  # where founding was cut short
    writer.publish(writer.clock())
    return None


def _founding(writer: LogWriter) -> Membership:
    """Read entry 0 and see that this operator's keys stand in it."""
    if writer.store.size == 0:
        raise DamagedLedger("there is no genesis: founding was cut short; remove the folder")
    try:
        entry = decode_entry(writer.store.entry(0))
    except InvalidEncoding as error:
        raise DamagedLedger(f"entry 0 was changed: {error}") from error
    if not isinstance(entry, Act) or not isinstance(entry.body, Genesis):
        raise DamagedLedger("entry 0 was changed: it is no genesis")
    if entry.body.members[0] != writer.operator.member:
        raise DamagedLedger(
            "operator.json holds other keys than genesis names, or either was changed"
        )
    return found_single(entry.body)


def _published(
    folder: NodeFolder, membership: Membership, last: Checkpoint | None
) -> Checkpoint | None:
    """Read the published checkpoint; a torn one, or none, is `None`."""
    data = read_if_there(folder.public / CHECKPOINT)
    if data is None:
        return None
    try:
        checkpoint = decode_checkpoint(data)
        check_checkpoint(checkpoint, membership)
    except InvalidCheckpoint as error:
        if is_torn(data, b"" if last is None else encode_checkpoint(last)):
            return None
        raise DamagedLedger(f"public/{CHECKPOINT} was changed: {error}") from error
    return checkpoint
