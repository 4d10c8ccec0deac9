"""The verifier's arithmetic against published vectors: RFC 9496 and RFC 8032."""

import hashlib
import secrets

import pytest
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.ed25519 import public_key
from hanpyo_verifier.group.edwards import (
    IDENTITY,
    add,
    add_cached,
    cache_all,
    double,
    double_times,
    from_cached,
    negate,
    negate_cached,
)
from hanpyo_verifier.group.field import D, P, invert_all, power_2_252_3
from hanpyo_verifier.group.multi_scalar import FixedBase, Terms, multiply, multiply_small
from hanpyo_verifier.group.scalars import L, decode_scalar, decode_scalars

# RFC 9496 appendix A.1: multiples 0..15 of the generator.
MULTIPLES = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
    "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
    "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
    "da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57",
    "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e",
    "f64746d3c92b13050ed8d80236a7f0007c3b3f962f5ba793d19a601ebb1df403",
    "44f53520926ec81fbd5a387845beb7df85a96a24ece18738bdcfa6a7822a176d",
    "903293d8f2287ebe10e2374dc1a53e0bc887e592699f02d077d5263cdd55601c",
    "02622ace8f7303a31cafc63f8fc48fdc16e1c8c8d234b2f0d6685282a9076031",
    "20706fd788b2720a1ed2a5dad4952b01f413bcf0e7564de8cdc816689e2db95f",
    "bce83f8ba5dd2fa572864c24ba1810f9522bc6004afe95877ac73241cafdab42",
    "e4549ee16b9aa03099ca208c67adafcafa4c3f3e4e5303de6026e3ca8ff84460",
    "aa52e000df2e16f55fb1032fc33bc42742dad6bd5a8fc0be0167436c5948501f",
    "46376b80f409b29dc2b5f6f0c52591990896e5716f41477cd30085ab7f10301e",
    "e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e",
]

# RFC 9496 appendix A.2: encodings that must be refused.
INVALID = [
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562",
    "c940e5a4404157cfb1628b108db051a8d439e1a421394ec4ebccb9ec92a8ac78",
    "47cfc5497c53dc8e61c91d17fd626ffb1c49e2bca94eed052281b510b1117a24",
    "f1c6165d33367351b0da8f6e4511010c68174a03b6581212c71c0e1d026c3c72",
    "87260f7a2f12495118360f02c26a470f450dadf34a413d21042b43b9d93e1309",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
    "de6a7b00deadc788eb6b6c8d20c0ae96c2f2019078fa604fee5b87d6e989ad7b",
    "bcab477be20861e01e4a0e295284146a510150d9817763caf1a6f4b422d67042",
    "2a292df7e32cababbd9de088d1d1abec9fc0440f637ed2fba145094dc14bea08",
    "f4a9e534fc0d216c44b218fa0c42d99635a0127ee2e53c712f70609649fdff22",
    "8268436f8c4126196cf64b3c7ddbda90746a378625f9813dd9b8457077256731",
    "2810e5cbc2cc4d4eece54f61c6f69758e289aa7ab440b3cbeaa21995c2f4232b",
    "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
    "a45fdc55c76448c049a1ab33f17023edfb2be3581e9c7aade8a6125215e04220",
    "d483fe813c6ba647ebbfd3ec41adca1c6130c2beeee9d9bf065c8d151c5f396e",
    "8a2e1d30050198c65a54483123960ccc38aef6848e1ec8f5f780e8523769ba32",
    "32888462f8b486c68ad7dd9610be5192bbeaf3b443951ac1a8118419d9fa097b",
    "227142501b9d4355ccba290404bde41575b037693cef1f438c47f8fbf35d1165",
    "5c37cc491da847cfeb9281d407efc41e15144c876e0170b499a96a22ed31e01e",
    "445425117cb8c90edcbc7c1cc0e74f747f2c1efa5630a967c64f287792a48a4b",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]

# RFC 9496 appendix A.3 (the inputs are SHA-512 of these sentences): the one-way map.
MAPPED = {
    "Ristretto is traditionally a short shot of espresso coffee":
        "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46",
    "made with the normal amount of ground coffee but extracted with":
        "f26e5b6f7d362d2d2a94c5d0e7602cb4773c95a2e5c31a64f133189fa76ed61b",
    "about half the amount of water in the same amount of time":
        "006ccd2a9e6867e6a2c5cea83d3302cc9de128dd2a9a57dd8ee7b9d7ffe02826",
    "by using a finer grind.":
        "f8f0c87cf237953c5890aec3998169005dae3eca1fbb04548c635953c817f92a",
    "This produces a concentrated shot of coffee per volume.":
        "ae81e7dedf20a497e10c304a765c1767a42d6e06029758d2d7e8ef7cc4c41179",
    "Just pulling a normal shot short will produce a weaker shot":
        "e2705652ff9f5e44d3e841bf1c251cf7dddb77d140870d1ab2ed64f1a9ce8628",
    "and is not a Ristretto as some believe.":
        "80bd07262511cdde4863f8a7434cef696750681cb9510eea557088f76d9e5065",
}  # fmt: skip

# RFC 8032 section 7.1, tests 1 to 3: key, message, signature.
SIGNATURES = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


def test_the_constants_are_those_of_rfc_9496():
    assert -121665 * pow(121666, -1, P) % P == D
    assert ristretto.SQRT_AD_MINUS_ONE**2 % P == (-D - 1) % P
    assert ristretto.INVSQRT_A_MINUS_D**2 * (-1 - D) % P == 1


def test_multiples_of_the_generator():
    g = from_cached(ristretto.BASE)
    point = IDENTITY
    for k, expected in enumerate(MULTIPLES):
        data = bytes.fromhex(expected)
        assert ristretto.encode(point) == data
        decoded = ristretto.decode(data)
        assert decoded is not None
        assert ristretto.equal(from_cached(decoded), point)
        assert ristretto.encode(ristretto.base_table().multiply(k)) == data
        assert ristretto.encode(multiply_small(k, g)) == data
        point = add(point, g)


@pytest.mark.parametrize("data", INVALID)
def test_invalid_encodings(data):
    assert ristretto.decode(bytes.fromhex(data)) is None


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_other_lengths(length):
    assert ristretto.decode(bytes(length)) is None


def test_the_identity():
    assert ristretto.decode(bytes(32)) is not None
    assert ristretto.decode_nonidentity(bytes(32)) is None
    assert ristretto.is_identity(IDENTITY)
    assert ristretto.is_identity((0, P - 1, 1, 0))
    assert not ristretto.is_identity(from_cached(ristretto.BASE))


@pytest.mark.parametrize("label", MAPPED)
def test_the_one_way_map(label):
    point = ristretto.from_uniform_bytes(hashlib.sha512(label.encode()).digest())
    assert ristretto.encode(point).hex() == MAPPED[label]


def test_powers_and_inverses():
    values = [1, P - 1, *[1 + secrets.randbelow(P - 1) for _ in range(20)]]
    for value in values:
        assert power_2_252_3(value) == pow(value, (P - 5) // 8, P)
    assert invert_all(values) == [pow(value, -1, P) for value in values]


def random_points(number):
    scalars = [secrets.randbelow(L) for _ in range(number)]
    return scalars, cache_all([ristretto.base_table().multiply(k) for k in scalars])


def test_group_laws():
    (a, b), (p, q) = random_points(2)
    P1, Q1 = from_cached(p), from_cached(q)
    assert ristretto.equal(add(P1, Q1), add_cached(P1, [q]))
    assert ristretto.equal(add(P1, P1), double(P1))
    assert ristretto.equal(double_times(P1, 3), multiply_small(8, P1))
    assert ristretto.is_identity(add(P1, negate(P1)))
    assert ristretto.is_identity(add_cached(P1, [negate_cached(p)]))
    assert ristretto.equal(add(P1, Q1), ristretto.base_table().multiply((a + b) % L))


@pytest.mark.parametrize("number", [0, 1, 2, 12, 13, 40, 200])
def test_sums_of_multiples(number):
    logs, points = random_points(number)
    terms = Terms()
    expected = 0
    for i, (log, point) in enumerate(zip(logs, points, strict=True)):
        scalar = (0, 1, L - 1, 2**253 - 1)[i] if i < 4 else secrets.randbelow(L)
        weight = (0, 2**128 - 1, 1)[i] if i < 3 else secrets.randbits(128)
        terms.add(scalar, point)
        terms.add_narrow(weight, point)
        expected += (scalar + weight) * log
    assert ristretto.equal(terms.sum(), ristretto.base_table().multiply(expected % L))


def test_narrow_terms_alone():
    logs, points = random_points(20)
    terms = Terms()
    weights = [secrets.randbits(128) for _ in logs]
    for weight, point in zip(weights, points, strict=True):
        terms.add_narrow(weight, point)
    expected = sum(a * b for a, b in zip(weights, logs, strict=True)) % L
    assert ristretto.equal(terms.sum(), ristretto.base_table().multiply(expected))


def test_a_table_of_multiples():
    _, (point,) = random_points(1)
    table = FixedBase(point)
    for scalar in (0, 1, 31, 32, 33, 63, 64, L - 1, L, 2**253 - 1, secrets.randbelow(L)):
        assert ristretto.equal(table.multiply(scalar), multiply([scalar], [point]))


def test_scalars_are_canonical():
    assert decode_scalar((L - 1).to_bytes(32, "little")) == L - 1
    assert decode_scalar(L.to_bytes(32, "little")) is None
    assert decode_scalar(bytes(31)) is None
    assert decode_scalars(bytes(33)) is None
    assert decode_scalars(bytes(32) + L.to_bytes(32, "little")) is None
    assert decode_scalars(bytes(64)) == [0, 0]


@pytest.mark.parametrize(("key", "message", "signature"), SIGNATURES)
def test_ed25519_vectors(key, message, signature):
    public = public_key(bytes.fromhex(key))
    message, signature = bytes.fromhex(message), bytes.fromhex(signature)
    for _ in range(10):  # beyond the tenth use a table takes over
        assert public.verify(message, signature)
    assert not public.verify(message + b"x", signature)
    for i in range(0, 64, 7):
        assert not public.verify(
            message, signature[:i] + bytes([signature[i] ^ 1]) + signature[i + 1 :]
        )
    s = int.from_bytes(signature[32:], "little")
    assert not public.verify(message, signature[:32] + (s + L).to_bytes(32, "little"))
    assert not public.verify(message, signature[:63])


# Points of small order, in canonical and other forms (they are all of the curve's 8-torsion).
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]


@pytest.mark.parametrize(
    "key",
    [
        *SMALL_ORDER,
        "0100000000000000000000000000000000000000000000000000000000000080",  # negative zero
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0200000000000000000000000000000000000000000000000000000000000000",  # not on the curve
        "",
        "00" * 31,
    ],
)
def test_keys_that_are_none(key):
    assert public_key(bytes.fromhex(key)) is None


def test_a_key_of_mixed_order_is_none():
    """A lawful key plus a point of order 8 still decodes, and must be refused."""
    y = int.from_bytes(bytes.fromhex(SMALL_ORDER[4]), "little")
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if x * x % P != x2:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == x2
    mixed = add(ristretto.base_table().multiply(5), (x, y, 1, x * y % P))
    inverse = pow(mixed[2], -1, P)
    X, Y = mixed[0] * inverse % P, mixed[1] * inverse % P
    assert public_key((Y | (X & 1) << 255).to_bytes(32, "little")) is None
