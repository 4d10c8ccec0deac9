"""Checkpoints and blocks in the exact forms of C2SP, and what is refused."""

from dataclasses import replace

import pytest

from hanpyo import crypto
from hanpyo.encoding import decode_base64, encode_base64
from hanpyo.errors import InvalidCheckpoint
from hanpyo.ledger.blocks import (
    Block,
    block_message,
    check_block,
    decode_block,
    decode_blocks,
    encode_block,
    encode_blocks,
)
from hanpyo.ledger.checkpoint import (
    Checkpoint,
    check_checkpoint,
    checkpoint_text,
    decode_checkpoint,
    encode_checkpoint,
    key_id,
    sign_checkpoint,
)
from hanpyo.ledger.entry import Genesis, Member
from hanpyo.ledger.membership import found_single
from tests.helpers.parties import public, seed, signer, with_line

MEMBER = Member("Operator", public("member", 0), public("cosigner", 0))
GENESIS = Genesis(1, bytes(range(32)), 0, (MEMBER,))
KEEPERS = found_single(GENESIS)
SIGNERS = signer("member", 0), signer("cosigner", 0)
CHECKPOINT = sign_checkpoint(KEEPERS, 42, seed("root"), 1_700_000_000, *SIGNERS)
NOTE = encode_checkpoint(CHECKPOINT)
LOG, COSIGNER = CHECKPOINT.lines
BLOCK = Block(
    3,
    1_700_000_000,
    42,
    seed("root"),
    SIGNERS[1](block_message(KEEPERS.origin, 1_700_000_000, 42, seed("root"))),
)


def test_the_note_has_the_form_of_the_standard() -> None:
    origin = "hanpyo/0001020304050607"
    lines = NOTE.decode().split("\n")
    assert lines[:4] == [origin, "42", encode_base64(seed("root")), ""]
    assert lines[4].startswith(f"\u2014 {origin} ")
    assert lines[5].startswith(f"\u2014 {origin}/0 ")
    assert lines[6:] == [""]
    assert KEEPERS.origin == origin


def test_key_ids_follow_signed_note() -> None:
    # The public verifier key of Go's checksum database: name, key id, and type with key.
    text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    name, name_id, data = text.split("+", 2)
    typed = decode_base64(data)
    assert key_id(name, typed[0], typed[1:]).hex() == name_id


def test_a_checkpoint_comes_back_as_it_was_and_holds() -> None:
    assert decode_checkpoint(NOTE) == CHECKPOINT
    check_checkpoint(CHECKPOINT, KEEPERS)


def test_each_signature_covers_its_message() -> None:
    text = checkpoint_text(CHECKPOINT.origin, 42, seed("root"))
    crypto.check_ed25519(MEMBER.key, text, LOG.signature)
    message = b"cosignature/v1\ntime 1700000000\n" + text
    crypto.check_ed25519(MEMBER.cosigning_key, message, COSIGNER.signature)


@pytest.mark.parametrize(
    "changed",
    [
        replace(CHECKPOINT, origin="hanpyo/0001020304050608"),
        replace(CHECKPOINT, size=43),
        replace(CHECKPOINT, root=seed("another")),
        with_line(CHECKPOINT, 1, timestamp_unix_s=1_700_000_001),
        with_line(CHECKPOINT, 0, name="other"),
        with_line(CHECKPOINT, 0, key_id=bytes(4)),
        with_line(CHECKPOINT, 0, signature=COSIGNER.signature),
        with_line(CHECKPOINT, 1, name=CHECKPOINT.origin),
        with_line(CHECKPOINT, 1, key_id=LOG.key_id),
        with_line(CHECKPOINT, 1, signature=bytes(64)),
        replace(CHECKPOINT, lines=(COSIGNER, LOG)),
        replace(CHECKPOINT, lines=(LOG,)),
        replace(CHECKPOINT, lines=(COSIGNER,)),
        replace(CHECKPOINT, lines=(LOG, COSIGNER, COSIGNER)),
    ],
)
def test_a_checkpoint_with_one_thing_changed_does_not_hold(changed: Checkpoint) -> None:
    assert decode_checkpoint(encode_checkpoint(changed)) == changed
    with pytest.raises(InvalidCheckpoint):
        check_checkpoint(changed, KEEPERS)


def test_a_text_of_another_origin_does_not_hold_though_our_keys_signed_it() -> None:
    elsewhere = found_single(replace(GENESIS, random=bytes(32)))
    other = sign_checkpoint(elsewhere, 42, seed("root"), 1, *SIGNERS)
    lines = [
        replace(ours, signature=theirs.signature)
        for ours, theirs in zip(CHECKPOINT.lines, other.lines, strict=True)
    ]
    with pytest.raises(InvalidCheckpoint, match="origin"):
        check_checkpoint(replace(other, lines=tuple(lines)), KEEPERS)


def test_e12_another_ledger_s_genesis_does_not_fit() -> None:
    other = found_single(replace(GENESIS, members=(replace(MEMBER, key=public("x")),)))
    with pytest.raises(InvalidCheckpoint):
        check_checkpoint(CHECKPOINT, other)


TEXT = NOTE.decode()
LINES = TEXT.split("\n")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        NOTE[:-1],
        NOTE + b"\n",
        b"\n".join(NOTE.split(b"\n")[:4]) + b"\n",
        NOTE + NOTE.split(b"\n")[5].replace(b" hanpyo", b"  hanpyo") + b"\n",
        NOTE + 64 * (NOTE.split(b"\n")[5] + b"\n"),
        TEXT.replace("\n42\n", "\n042\n").encode(),
        TEXT.replace("\n42\n", "\n+42\n").encode(),
        TEXT.replace("\n42\n", "\n٤٢\n").encode(),
        TEXT.replace("\n42\n", "\n42 \n").encode(),
        TEXT.replace("\n42\n", f"\n{2**63}\n").encode(),
        TEXT.replace("\n42\n", "\n-1\n").encode(),
        TEXT.replace("\u2014", "-").encode(),
        TEXT.replace("\n\n", "\n\n\n").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("=\n\n", "\n\n").encode(),
        TEXT.replace(LINES[2], encode_base64(bytes(31))).encode(),
        TEXT.replace(LINES[2], LINES[2][:-2] + chr(ord(LINES[2][-2]) + 1) + "=").encode(),
        TEXT.replace(LINES[4], LINES[4][:-4]).encode(),
        NOTE.replace(b"hanpyo", b"\xff"),
        b"x" * 17_000,
    ],
)
def test_a_checkpoint_not_in_its_exact_form_is_refused(data: bytes) -> None:
    assert data != NOTE
    with pytest.raises(InvalidCheckpoint):
        decode_checkpoint(data)


def test_a_block_comes_back_as_it_was_and_holds() -> None:
    line = encode_block(BLOCK)
    assert line.startswith(b"3 1700000000 42 ")
    assert decode_block(line[:-1]) == BLOCK
    check_block(BLOCK, KEEPERS)


def test_a_block_s_cosignature_is_a_checkpoint_s() -> None:
    cosignature = COSIGNER.signature
    assert cosignature == BLOCK.cosignature


@pytest.mark.parametrize(
    "changes",
    [{"time_unix_s": 1}, {"size": 43}, {"root": seed("x")}, {"cosignature": bytes(64)}],
    ids=str,
)
def test_a_block_with_one_thing_changed_does_not_hold(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidCheckpoint):
        check_block(replace(BLOCK, **changes), KEEPERS)  # type: ignore[arg-type]


LINE = encode_block(BLOCK)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        LINE[:-1],
        b"\n" + LINE,
        LINE + b"\n",
        LINE.replace(b" ", b"  ", 1),
        LINE.replace(b"\n", b" \n"),
        LINE.replace(b"3 ", b"03 ", 1),
        LINE.replace(b"3 ", b"-3 ", 1),
        LINE.replace(b" 42 ", b" 9223372036854775808 "),
        LINE.replace(b"\n", b"\r\n"),
        LINE[:-2] + b"\n",
        b"x" * 300 + b"\n",
    ],
)
def test_blocks_not_in_their_exact_form_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidCheckpoint):
        decode_blocks(data)


def test_the_message_names_the_line() -> None:
    assert decode_blocks(encode_blocks([BLOCK, BLOCK])) == [BLOCK, BLOCK]
    with pytest.raises(InvalidCheckpoint, match="line 2"):
        decode_blocks(LINE + b"x\n")
