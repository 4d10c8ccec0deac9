"""ChaCha20-Poly1305 and HKDF against the vectors of RFC 8439 and RFC 5869; frames."""

from hanpyo_verifier.group.scalars import wide
from hanpyo_verifier.hashing.chacha20poly1305 import chacha20, poly1305, seal, unseal
from hanpyo_verifier.hashing.frames import frame
from hanpyo_verifier.hashing.hkdf import hkdf, hkdf_sha512
from hanpyo_verifier.hashing.transcript import Transcript

SUNSCREEN = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
    b"future, sunscreen would be it."
)


def test_chacha20_of_rfc_8439_section_2_4_2():
    key = bytes(range(32))
    nonce = bytes.fromhex("000000000000004a00000000")
    ciphertext = chacha20(key, 1, nonce, SUNSCREEN)
    assert ciphertext.hex().startswith("6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afcc")
    assert ciphertext.hex().endswith("5af90bbf74a35be6b40b8eedf2785e42874d")
    assert chacha20(key, 1, nonce, ciphertext) == SUNSCREEN


def test_poly1305_of_rfc_8439_section_2_5_2():
    key = bytes.fromhex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b")
    tag = poly1305(key, b"Cryptographic Forum Research Group")
    assert tag.hex() == "a8061dc1305136c6c22b8baf0c0127a9"


def test_aead_of_rfc_8439_section_2_8_2():
    key = bytes(range(0x80, 0xA0))
    nonce = bytes.fromhex("070000004041424344454647")
    associated = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    sealed = seal(key, nonce, associated, SUNSCREEN)
    assert sealed.hex() == (
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
        "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
        "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
        "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"
    )
    assert unseal(key, nonce, associated, sealed) == SUNSCREEN
    for i in range(0, len(sealed), 9):
        broken = sealed[:i] + bytes([sealed[i] ^ 128]) + sealed[i + 1 :]
        assert unseal(key, nonce, associated, broken) is None
    assert unseal(key, nonce, b"", sealed) is None
    assert unseal(key, nonce, b"", b"") is None


def test_hkdf_of_rfc_5869_appendix_a():
    first = hkdf("sha256", b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)
    assert first.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )
    third = hkdf("sha256", b"\x0b" * 22, b"", b"", 42)
    assert third.hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )
    assert hkdf_sha512(b"x", b"y", 32) == hkdf("sha512", b"x", bytes(64), b"y", 32)


def test_frames_and_transcripts():
    assert frame("y") == b"\0\0\0\x0ahanpyo/1/y"
    assert frame("y", b"ab", b"") == b"\0\0\0\x0ahanpyo/1/y\0\0\0\x02ab\0\0\0\0"
    one, other = Transcript("t"), Transcript("t")
    assert one.challenge("x") == other.challenge("x")
    assert one.challenge("x") == other.challenge("x")
    one.absorb("l", b"ab", b"c")
    other.absorb("l", b"a", b"bc")
    assert one.challenge("x") != other.challenge("x")
    assert wide(b"\xff" * 64) == (2**512 - 1) % (2**252 + 27742317777372353535851937790883648493)
