"""Handing a single operator's ledger over to a consortium, and beginning a node from a log.

The operator's last act names the members; its block is the last one that the operator signs. Each
member then begins with a copy of the log up to there, checked whole, and the engine goes on.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from itertools import islice, takewhile
from pathlib import Path

from hanpyo.errors import DamagedLedger, InvalidCheckpoint, InvalidFile, InvalidQuery, Rejected
from hanpyo.ledger.admission import admit
from hanpyo.ledger.blocks import Block, decode_blocks
from hanpyo.ledger.entry import entry_hash
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.tiles import TILE_WIDTH, bundle_path, decode_bundle
from hanpyo.ledger.walking import walk_membership
from hanpyo.node.chain.start import read_founding
from hanpyo.node.embedded.start import begin
from hanpyo.node.embedded.writer import LogWriter
from hanpyo.node.keeper import Clock, system_clock
from hanpyo.node.observing.follow import Follower
from hanpyo.node.storage.disk import PUBLIC, write_durably
from hanpyo.node.storage.files import BLOCKS, TreeComparison
from hanpyo.node.storage.folder import NodeFolder
from hanpyo.node.storage.store import create_database


def hand_over(
    folder: NodeFolder, entry: bytes, clock: Clock = system_clock, threads: int = 1
) -> int:
    """Write the operator's last act; nobody may be running the ledger.

    Args:
        folder: the operator's.
        entry: of kind 4, signed by the operator and all new members.

    Returns:
        How many entries the log has, this one included.

    Raises:
        InvalidQuery: another process holds the ledger.
        DamagedLedger: what is stored contradicts itself.
        Rejected: the rules refuse the act.
    """
    folder.hold()
    try:
        writer = LogWriter(folder, folder.load_operator(), clock, threads)
        try:
            failure = begin(writer, folder, threads)
            if failure is not None:
                raise failure
            result = writer.write_block(admit(writer.state.view.facts, [entry], threads))
            for verdict in result.verdicts:
                if isinstance(verdict, Rejected):
                    raise verdict
            return result.size
        finally:
            writer.close()
    finally:
        folder.release()


def founded_by(public: Path) -> tuple[bytes, int]:
    """Read a ledger's id and how many members founded it from an operator's public files.

    Raises:
        InvalidFile: there is no log.
    """
    _, entries = read_log(public)
    data = next(entries)
    try:
        return entry_hash(data), walk_membership([data]).given
    except Rejected as error:
        raise InvalidFile(f"{public}: entry 0 founds no ledger: {error.why}") from error


def adopt(
    folder: NodeFolder, log: Path, clock: Clock = system_clock, threads: int = 1
) -> Membership:
    """Begin a member's node with the part of a log that the engine does not bring.

    That is the founding entry; or, where an operator handed the ledger over, everything up to
    that, checked whole.

    Args:
        folder: of a node with keys and without a log.
        log: a record, or an operator's folder `public`.

    Returns:
        Who keeps the ledger where the engine begins.

    Raises:
        InvalidQuery: the node has a log, or the ledger is a single operator's still.
        InvalidFile: `log` holds no log.
        DamagedLedger: something in it does not hold.
    """
    if folder.database.exists() or folder.founding.exists():
        raise InvalidQuery(f"{folder.root} has begun already")
    blocks, entries = read_log(log)
    if blocks[0].engine_height is not None:
        data = next(entries)
        write_durably(folder.founding, data, PUBLIC)
        read_founding(folder.founding)
        return walk_membership([data])
    own = list(takewhile(lambda block: block.engine_height is None, blocks))
    draft = NodeFolder(folder.root / "adopted.tmp")
    shutil.rmtree(draft.root, ignore_errors=True)
    draft.public.mkdir(parents=True)
    membership = _copy(draft, own, entries, clock, threads)
    if folder.public.exists():
        folder.public.rmdir()
    draft.public.replace(folder.public)
    draft.database.replace(folder.database)
    shutil.rmtree(draft.root)
    return membership


def _copy(
    folder: NodeFolder, blocks: list[Block], entries: Iterator[bytes], clock: Clock, threads: int
) -> Membership:
    create_database(folder.database)
    follower = Follower(folder, clock, threads)
    try:
        with closing(TreeComparison(folder.public, repair=True)) as files:
            tree = files.finish()
        follower.take_up(follower.state, follower.index, tree)
        follower.take(blocks, islice(entries, blocks[-1].size), iter(()))
        membership = follower.state.view.membership
    finally:
        follower.close()
    if membership is None or not membership.is_consortium:
        raise InvalidQuery("a single operator keeps this ledger: it was not handed over")
    return membership


def read_log(log: Path) -> tuple[list[Block], Iterator[bytes]]:
    """Read blocks and entries of a record; nothing of them is checked yet.

    Raises:
        InvalidFile: it holds none.
    """
    try:
        blocks = decode_blocks((log / BLOCKS).read_bytes())
    except OSError as error:
        raise InvalidFile(f"{log / BLOCKS}: cannot be read: {error.strerror}") from error
    except InvalidCheckpoint as error:
        raise InvalidFile(f"{log / BLOCKS}: {error}") from error
    return blocks, _entries(log, blocks[-1].size)


def _entries(log: Path, size: int) -> Iterator[bytes]:
    for number in range(-(-size // TILE_WIDTH)):
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        path = log / bundle_path(number, width)
        try:
            entries = decode_bundle(path.read_bytes())
        except OSError as error:
            raise InvalidFile(f"{path}: cannot be read: {error.strerror}") from error
        if len(entries) != width:
            raise DamagedLedger(f"{path} has {len(entries)} entries")
        yield from entries
