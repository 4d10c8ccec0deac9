"""Everything that the rules refuse, by check and entry (protocol.md 10, 14)."""

import hashlib

import pytest
from hanpyo_verifier.encoding import canonical_json, cbor
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.scalars import L, encode_scalar
from hanpyo_verifier.hashing.frames import framed_digest
from record_maker import (
    MEMBER,
    ORGANIZER,
    REGISTRAR,
    TRUSTEE,
    ZERO,
    Maker,
    Signer,
    contest_json,
    random_scalar,
    ready_election,
    times_base,
)
from running import Trial, failures, verify, vote


def test_what_is_refused_of_the_ledger_and_the_announcement(tmp_path):
    m = Maker()
    m.begin()
    t = Trial(m)
    other = Signer()
    t.bad("C03", m.act(0, {0: 1, 1: bytes(32), 2: 0, 3: [{0: "x", 1: other.key, 2: other.key}]},
                       [(MEMBER, 0, m.member)], scope=ZERO))  # fmt: skip
    t.bad("C07", m.entries[0])
    t.bad("C07", m.entries[1])
    t.bad("C06", b"\xa0")
    t.bad("C06", m.entries[1] + b"\0")
    t.bad("C07", m.by_member(1, {0: other.key}, 3))
    t.bad("C08", m.by_member(1, {0: m.gateway.key}, 2))
    t.bad("C08", m.by_member(1, {0: b"\x01" + bytes(31)}, 2))
    t.bad("C06", m.act(1, {0: other.key}, [(MEMBER, 0, m.member)], 2, b"\x01" * 32))
    t.bad("C07", m.act(1, {0: other.key}, [], 2, ZERO))
    t.bad("C07", m.act(1, {0: other.key}, [(MEMBER, 1, m.member)], 2, ZERO))
    t.bad("C07", m.act(1, {0: other.key}, [(MEMBER, 0, other)], 2, ZERO))
    t.bad("C07", m.act(1, {0: other.key}, [(ORGANIZER, 0, m.member)], 2, ZERO))
    t.bad("C07", m.act(1, {0: other.key}, [(MEMBER, 0, m.member)] * 2, 2, ZERO))
    m.add(m.by_member(1, {0: other.key}, 2))
    t.bad("C09", m.by_member(2, {0: bytes(32), 1: 1, 2: b"y"}))
    t.bad("C07", m.by_member(2, {0: bytes(32), 1: 0, 2: b"x"}, 1))
    m.add(m.by_member(2, {0: bytes(32), 1: 0, 2: b"x"}))
    t.bad("C09", m.by_member(2, {0: bytes(32), 1: 0, 2: b"y"}))
    for number in range(1, 18):
        m.add(m.by_member(2, {0: bytes(32), 1: number, 2: b"x"}))
    t.bad("C09", m.by_member(2, {0: bytes(32), 1: 18, 2: b"x"}))
    # One election: its announce stands often in vain before it is right.
    manifest = m.manifest([contest_json(options=200)], description={"en": "x" * 5000})
    before = len(m.entries)
    m.announce(manifest)
    announce = m.entries.pop()
    m.blocks.pop()
    parts = m.entries[before:]
    value = cbor.decode(announce)
    digest, length = value[3][0], value[3][1]
    signers = [(MEMBER, 0, m.member), *m.some_organizers()]
    t.bad("C09", m.act(3, {0: digest, 1: length + 1}, signers))
    t.bad("C09", m.act(3, {0: bytes(32), 1: length}, signers))
    t.bad("C07", m.act(3, {0: digest, 1: length}, signers[:-1]))
    t.bad("C07", m.act(3, {0: digest, 1: length}, signers[1:]))
    t.bad("C07", m.act(3, {0: digest, 1: length}, [*signers, (REGISTRAR, 0, m.registrar)]))
    t.bad("C07", m.act(3, {0: digest, 1: length}, [signers[0], signers[2], signers[1]]))
    t.bad("C07", m.act(3, {0: digest, 1: length}, signers, 1))
    t.bad("C06", m.by_registrar(8, {0: 0, 1: [[bytes(32), 1, 0, 0]]}))
    m.add(announce)
    t.bad("C07", announce)
    for part in parts:
        t.bad("C07", part)
    t.bad("C09", m.act(3, {0: digest, 1: length}, [*signers, (ORGANIZER, 2, m.organizers[2])]))
    t.bad("C06", m.act(8, {0: 0, 1: [[bytes(32), 1, 0, 0]]}, [], scope=b"\x02" * 32))
    t.bad("C06", m.act(8, {0: 0, 1: [[bytes(32), 1, 0, 0]]}, [], scope=ZERO))
    m.block()
    assert t.end(tmp_path)["phase"] == "draft"


@pytest.mark.parametrize(
    ("cut", "version", "holds"), [(60_000, 1, True), (59_999, 1, False), (60_000, 2, False)]
)
def test_a_manifest_in_parts(tmp_path, cut, version, holds):
    m = Maker()
    m.begin()
    contests = [contest_json(name, options=512) for name in ("a", "b", "c")]
    value = m.manifest(contests, version=version, styles=[[0], [1], [2]])
    data = canonical_json.encode(value)
    assert len(data) > 60_000
    digest = hashlib.sha256(data).digest()
    for part in range(-(-len(data) // cut)):
        m.add(m.by_member(2, {0: digest, 1: part, 2: data[cut * part : cut * (part + 1)]}))
    m.election_id = framed_digest("election", m.ledger_id, data)
    signers = [(MEMBER, 0, m.member), *m.some_organizers()]
    index = m.add(m.act(3, {0: digest, 1: len(data)}, signers))
    status, report = verify(m.write(tmp_path / "record"))
    assert failures(report) == ([] if holds else [("C09", index)])
    assert (status, report["phase"]) == ((0, "draft") if holds else (1, None))


def test_what_is_refused_of_roll_and_enrollment(tmp_path):  # noqa: PLR0915 - one story
    m = Maker()
    m.begin()
    m.announce(m.manifest([contest_json()], weights="guarded"))
    t = Trial(m)
    row = [b"\x80" + bytes(31), 1, 0, 0]
    before = len(m.entries)
    m.publish_roll([(1, 0, 0)] * 6, chunk=4)
    chunks, seal = m.entries[before:-1], m.entries[-1]
    del m.entries[before:]
    m.blocks.pop()
    rows = m.rows
    t.bad("C07", m.act(8, {0: 0, 1: [row]}, []))
    t.bad("C07", m.act(8, {0: 0, 1: [row]}, [(REGISTRAR, 1, m.registrar)]))
    t.bad("C07", m.act(8, {0: 0, 1: [row]}, [(REGISTRAR, 0, m.member)]))
    t.bad("C07", m.act(8, {0: 0, 1: [row]}, [(REGISTRAR, 0, m.registrar)], 1))
    t.bad("C11", m.by_registrar(8, {0: 1, 1: [row]}))
    t.bad("C11", m.by_registrar(8, {0: 0, 1: [row, row]}))
    t.bad("C11", m.by_registrar(8, {0: 0, 1: [[*row[:1], 0, 0, 0]]}))
    t.bad("C11", m.by_registrar(8, {0: 0, 1: [[*row[:1], 2**32, 0, 0]]}))
    t.bad("C11", m.by_registrar(8, {0: 0, 1: [[*row[:1], 1, 1, 0]]}))
    t.bad("C11", m.by_registrar(8, {0: 0, 1: [[*row[:1], 1, 0, 2]]}))
    t.bad("C15", m.by_registrar(11, {0: [[0, row[0], bytes(64)]]}))
    t.bad("C11", m.act(9, {0: 0, 1: 0, 2: bytes(32)},
                       [*m.some_organizers(), (REGISTRAR, 0, m.registrar)], 1))  # fmt: skip
    m.add(chunks[0])
    t.bad("C11", m.by_registrar(8, {0: 1, 1: [rows[3]]}))
    t.bad("C11", seal)
    m.add(chunks[1])
    value = cbor.decode(seal)[3]
    both = [*m.some_organizers(), (REGISTRAR, 0, m.registrar)]
    t.bad("C07", m.act(9, value, both[:-1], 1))
    t.bad("C07", m.act(9, value, both[1:], 1))
    t.bad("C07", m.act(9, value, both, 2))
    t.bad("C11", m.act(9, {**value, 1: 7}, both, 1))
    m.add(seal)  # came too early above, which spoils nothing
    t.bad("C07", seal)
    t.bad("C15", m.by_registrar(8, {0: 2, 1: [row]}))
    t.bad("C15", m.act(9, value, [*both[:-1], (ORGANIZER, 2, m.organizers[2]), both[-1]], 2))
    m.block()

    def change(new, changed):
        return lambda: m.by_organizers(10, {0: new, 1: changed}, registrar=True)

    t.bad("C11", change([], []))
    t.bad("C11", change([rows[2]], []))
    t.bad("C11", change([row, row], []))
    t.bad("C11", change([[row[0], 2**32, 0, 0]], []))
    t.bad("C11", change([], [[6, 1, 0, 0]]))
    t.bad("C11", change([row], [[6, 1, 0, 0]]))
    t.bad("C11", change([], [[1, 1, 0, 0], [0, 1, 0, 0]]))
    t.bad("C11", change([], [[1, 0, 0, 0]]))
    t.bad("C11", change([], [[1, 1, 0, 9]]))
    m.add(change([row], [[0, 2, 0, 1], [5, 1, 0, 1]])())
    t.bad("C11", change([row], []))
    m.rows = [[*rows[0][:1], 2, 0, 1], *rows[1:5], [rows[5][0], 1, 0, 1], row]

    secrets_ = [random_scalar() for _ in range(8)]
    made = [[i, *m.possession(i, secrets_[i])] for i in range(8)]
    t.bad("C12", m.by_registrar(11, {0: [made[7]]}))
    t.bad("C12", m.by_registrar(11, {0: [[0, *m.possession(1, secrets_[0])]]}))
    t.bad("C12", m.by_registrar(11, {0: [made[0], [1, bytes(32), bytes(64)]]}))
    t.bad("C12", m.by_registrar(11, {0: [made[0], [9, made[1][1], bytes(64)]]}))
    t.bad("C12", m.by_registrar(11, {0: [[2**32, *made[0][1:]], made[0]]}))
    s = int.from_bytes(made[0][2][32:], "little")
    longer = made[0][2][:32] + (s + L).to_bytes(32, "little")
    t.bad("C12", m.by_registrar(11, {0: [[0, made[0][1], longer]]}))
    # Of this batch rows 0 and 2 pass: row 0 twice, X of row 0 for row 1, a row that is not there.
    again = [1, *m.possession(1, secrets_[0])]
    other = [0, *m.possession(0, random_scalar())]
    m.add(m.by_registrar(11, {0: [made[0], other, again, made[7], made[2]]}))
    t.bad("C12", m.by_registrar(11, {0: [made[0], again]}))
    m.add(m.by_registrar(11, {0: [made[1], made[0]]}))

    def replace(row, old, new, signers=None):
        X, proof = m.possession(row, new)
        old = ristretto.encode(times_base(old))
        signers = signers or [(REGISTRAR, 0, m.registrar)]
        return m.act(12, {0: row, 1: old, 2: X, 3: proof}, signers)

    t.bad("C12", replace(0, secrets_[1], random_scalar()))
    t.bad("C12", replace(3, secrets_[0], random_scalar()))
    t.bad("C12", replace(99, secrets_[0], random_scalar()))
    t.bad("C12", replace(0, secrets_[0], secrets_[1]))
    t.bad("C12", replace(0, secrets_[0], secrets_[0]))
    t.bad("C07", replace(0, secrets_[0], random_scalar(),
                         [*m.some_organizers(), (REGISTRAR, 0, m.registrar)]))  # fmt: skip
    t.bad("C12", with_body(m, replace(0, secrets_[0], random_scalar()), 3, bytes(64)))
    now = secrets_[0]
    for _ in range(5):
        later = random_scalar()
        m.add(replace(0, now, later))
        t.bad("C12", replace(0, later, now))  # a retired credential never comes back
        now = later
    t.bad("C12", replace(0, now, random_scalar()))
    t.bad("C15", lambda: m.by_organizers(25, {0: "no pause yet"}))
    t.bad("C15", lambda: m.by_organizers(24, {0: 1}))
    t.bad("C15", lambda: m.by_organizers(29, {0: 1}))
    t.bad("C15", m.act(44, {0: 0, 1: 0, 2: [0], 3: 1, 4: 1, 5: [1], 6: [0]}, []))
    m.add(m.by_organizers(28, {0: "called off"}))
    t.bad("C15", lambda: m.by_organizers(28, {0: "twice"}))
    t.bad("C15", m.by_registrar(11, {0: [made[3]]}))
    m.block()
    assert t.end(tmp_path)["phase"] == "canceled"


def with_body(m, entry, key, value):
    """The same act by the registrar with one field of the body changed."""
    body = cbor.decode(entry)[3]
    return m.by_registrar(cbor.decode(entry)[0], {**body, key: value})


def test_the_bound_on_totals(tmp_path):
    m = Maker()
    m.begin()
    top = 2**32 - 1
    m.announce(m.manifest([contest_json(top=top, limits=[])], weights="guarded"))
    m.publish_roll([(4095, 0, 0), (1, 0, 0)])
    t = Trial(m)
    t.bad("C11", lambda: m.by_organizers(
        10, {0: [[b"\xff" * 32, 1, 0, 0]], 1: []}, registrar=True))  # fmt: skip
    assert top * 4096 < 2**44 <= top * 4097
    t.end(tmp_path)


def test_what_is_refused_of_the_ceremony(tmp_path):  # noqa: PLR0915 - one story
    m = Maker(trustees=[Signer() for _ in range(4)], threshold=2, least=2)
    m.begin()
    m.announce(m.manifest([contest_json(options=3)]))
    m.publish_roll([(1, 0, 0)] * 2)
    before = len(m.entries)
    m.ceremony()
    entries = m.entries[before:]
    del m.entries[before:]
    m.blocks.pop()
    m.trustee_numbers = {}
    commits, reveals = entries[:4], entries[4:8]
    deals, confirms = entries[8:20], entries[20:]
    t = Trial(m)

    def by(kind, index, body):
        return lambda: m.by_trustee(kind, index, body)

    def body(entry, **more):
        return {**cbor.decode(entry)[3], **{int(k[1:]): v for k, v in more.items()}}

    def changed(entry, at=0):
        """An encoding of another point or scalar."""
        return encode_scalar(int.from_bytes(entry[at : at + 32], "little") % L + 1)

    def complaint(i, k):
        numbers = dict(m.trustee_numbers)
        made = cbor.decode(m.complain(i, k))[3]
        m.trustee_numbers = numbers
        return made

    key = m.trustees[0]
    t.bad("C07", m.act(16, body(commits[0]), [], 1))
    t.bad("C07", m.act(16, body(commits[0]), [(TRUSTEE, 0, key)], 1))
    t.bad("C07", m.act(16, body(commits[0]), [(TRUSTEE, 5, key)], 1))
    t.bad("C07", m.act(16, body(commits[0]), [(TRUSTEE, 2, key)], 1))
    t.bad("C07", m.act(16, body(commits[0]), [(TRUSTEE, 1, key)], 2))
    t.bad("C13", by(16, 1, body(commits[0], _0=2)))
    t.bad("C13", by(16, 1, body(commits[0], _1=bytes(32))))
    t.bad("C13", by(16, 1, body(commits[0], _1=b"\x01" + bytes(31))))
    t.bad("C13", by(16, 1, body(commits[0], _3=bytes(32))))
    t.bad("C13", by(16, 1, body(commits[1])))
    for number, commit in enumerate(commits):
        if number == 3:
            m.trustee_numbers[1] = 1
            t.bad("C13", by(17, 1, body(reveals[0], _3=bytes(128))))
            t.bad("C13", lambda: m.by_organizers(21, {0: 1, 1: 1, 2: "it has committed"}))
        m.add(commit)
    m.trustee_numbers = dict.fromkeys(range(1, 5), 1)
    t.bad("C13", by(16, 1, body(commits[0], _2=bytes(64))))
    proof = body(reveals[0])[3]
    t.bad("C13", by(17, 1, body(reveals[0], _1=1)))
    t.bad("C13", by(17, 1, body(reveals[0], _2=body(reveals[0])[2][:-32])))
    t.bad("C13", by(17, 1, body(reveals[0], _2=body(reveals[1])[2])))
    t.bad("C13", by(17, 1, body(reveals[0], _2=b"\x01" + body(reveals[0])[2][1:])))
    t.bad("C13", by(17, 1, body(reveals[0], _3=proof[:-32])))
    t.bad("C13", by(17, 1, body(reveals[0], _3=proof[:32] + changed(proof, 32) + proof[64:])))
    high = (int.from_bytes(proof[:32], "little") + L).to_bytes(33, "little")[:32]
    t.bad("C13", by(17, 1, body(reveals[0], _3=high + proof[32:])))
    t.bad("C13", by(18, 1, body(deals[0])))
    for reveal in reveals:
        m.add(reveal)
    m.trustee_numbers = dict.fromkeys(range(1, 5), 2)
    t.bad("C13", by(17, 1, body(reveals[0], _1=1)))
    t.bad("C13", by(18, 1, body(deals[0], _1=1)))
    t.bad("C13", by(18, 1, body(deals[0], _1=5)))
    t.bad("C13", by(18, 1, body(deals[0], _2=bytes(111))))
    t.bad("C13", by(20, 1, body(confirms[0])))
    t.bad("C13", lambda: m.complain(2, 1))
    m.trustee_numbers = dict.fromkeys(range(1, 5), 2)
    for deal in deals:
        m.add(deal)
    m.trustee_numbers = dict.fromkeys(range(1, 5), 5)
    t.bad("C13", by(18, 1, body(deals[0], _2=bytes(112))))
    t.bad("C14", by(20, 1, body(confirms[0], _1=bytes(32))))
    m.add(confirms[0])
    m.trustee_numbers[1] = 6
    t.bad("C13", by(20, 1, body(confirms[0])))
    t.bad("C13", lambda: m.complain(1, 2))
    t.bad("C13", by(19, 2, {**complaint(2, 1), 1: 2}))
    t.bad("C13", by(19, 2, {**complaint(2, 3), 2: bytes(32)}))
    t.bad("C13", by(19, 2, {**complaint(2, 3), 3: bytes(64)}))
    t.bad("C13", by(19, 2, {**complaint(2, 3), 1: 4}))
    t.bad("C13", lambda: m.by_organizers(21, {0: 1, 1: 1, 2: "it has confirmed"}))
    t.bad("C15", lambda: m.by_organizers(24, {0: 1}))
    # Trustee 2 complains of 3 for nothing and is dropped itself.
    m.add(m.complain(2, 3))
    t.bad("C13", by(20, 3, body(confirms[2])))
    m.attempt = 2
    t.bad("C13", by(16, 2, {0: 2, 1: bytes(32), 2: bytes(64), 3: bytes(32)}))
    # In the second attempt trustee 1 deals wrongly to 4, who is right to complain.
    right = m.deal
    m.deal = lambda k, i: right(k, i) if (k, i) != (1, 4) else right(k, 3)
    m.ceremony([1, 3, 4], confirm=False)
    m.deal = right
    m.add(m.complain(4, 1))
    # In the third nothing happens, and organizers drop one too many.
    m.attempt = 3
    t.bad("C13", lambda: m.by_organizers(21, {0: 3, 1: 1, 2: "not taking part"}))
    t.bad("C07", m.act(21, {0: 3, 1: 3, 2: "silent"}, m.some_organizers()[:1], 2))
    m.add(m.by_organizers(21, {0: 3, 1: 3, 2: "silent"}))
    t.bad("C15", lambda: m.by_trustee(16, 4, {0: 3, 1: bytes(32), 2: bytes(64), 3: bytes(32)}))
    m.block()
    assert t.end(tmp_path)["phase"] == "draft"


def test_a_single_trustee_and_announced_times(tmp_path):
    m = Maker(trustees=[Signer()], threshold=1, least=1)
    start = m.time
    m.begin()
    m.announce(m.manifest([contest_json()], opens=start + 50, closes=start + 500))
    m.publish_roll([(1, 0, 0)] * 2)
    m.ceremony()
    m.enroll([0, 1])
    expected = []

    def bad(check, entry):
        expected.append((check, m.add(entry)))

    bad("C15", m.act(24, {0: start + 49}, []))
    m.block(start + 50)
    bad("C15", m.act(24, {0: start + 61}, []))
    bad("C07", m.act(24, {0: start + 55}, m.some_organizers(), 1))
    bad("C07", m.act(24, {0: start + 55}, [], 2))
    m.add(m.act(24, {0: start + 55}, []))
    bad("C15", m.act(24, {0: start + 56}, []))
    bad("C15", m.act(29, {0: start + 60}, []))
    m.block(start + 60)
    m.add(m.by_organizers(27, {0: start + 600, 1: "more time"}))
    number = m.organizer_number
    bad("C15", m.by_organizers(27, {0: start + 600, 1: "not more"}))
    m.organizer_number = number
    m.block(start + 400)
    ballots = m.ballots()
    counted = {row: vote(m, ballots, row, [[0, 1, 0]]) for row in range(2)}
    m.block(start + 500)
    bad("C15", m.act(29, {0: start + 550}, []))
    m.block(start + 599)
    bad("C15", m.by_organizers(27, {0: start + 700, 1: "too late"}))
    m.organizer_number = number
    bad("C15", m.act(29, {0: start + 602}, []))
    m.add(m.act(29, {0: start + 600}, []))
    m.closing = len(m.entries), m.root(len(m.entries))
    m.block(start + 600)
    m.tally(counted)
    status, report = verify(m.write(tmp_path / "record"))
    assert failures(report) == expected
    assert (status, report["phase"]) == (1, "tallied")
    assert report["result"] == {"c": {"o0": 0, "o1": 2, "o2": 0}}


def test_what_is_refused_of_ballots(tmp_path):  # noqa: PLR0915 - one story
    contests = [
        contest_json("one"),
        contest_json("two", options=2, top=2,
                     limits=[{"coefficients": [[0, 1], [1, 2]], "high": 4, "low": 1}],
                     example=[1, 0]),
    ]  # fmt: skip
    m = Maker()
    m.begin()
    m.announce(m.manifest(contests, styles=[[0, 1], [0]], ballots_per_row=2))
    m.publish_roll([(1, row % 2, 0) for row in range(6)])
    t = Trial(m)
    X = ristretto.encode(times_base(5))
    early = {0: 32, 1: m.election_id, 2: 0, 3: X, 4: 1, 5: b"x", 6: bytes(64)}
    t.bad("C15", cbor.encode(early))
    m.ceremony()
    m.enroll(list(range(6)))
    ballots = m.ballots()
    good = [[1, 0, 0], [1, 1]]
    unopened = ballots.cast(m.credentials[2], 0, good)
    t.bad("C15", unopened)
    m.open()
    m.add(unopened)  # came too early above, which spoils nothing
    t.bad("C16", unopened)

    def cast(row=0, style=0, scores=good, sequence=1, **more):
        return ballots.cast(m.credentials[row], style, scores, sequence, **more)

    entry = cbor.decode(cast())
    ballot = entry[5]

    def resigned(**more):
        """A cast with fields changed and signed again."""
        data = more.get("ballot", ballot)
        return ballots.signed_cast(
            more.get("secret", m.credentials[0]), more.get("style", 0), data,
            more.get("sequence", 1),
        )  # fmt: skip

    def put(at, data):
        return ballot[: 32 * at] + data + ballot[32 * at + len(data) :]

    n, b = 3, 4
    t.bad("C06", cbor.encode({**entry, 1: b"\x03" * 32}))
    t.bad("C16", resigned(style=2))
    t.bad("C16", resigned(style=1))
    t.bad("C16", resigned(ballot=ballot[:-32]))
    t.bad("C16", resigned(ballot=ballot + bytes(32)))
    t.bad("C16", cbor.encode({**entry, 3: bytes(32)}))
    t.bad("C16", cbor.encode({**entry, 3: b"\x01" + bytes(31)}))
    t.bad("C16", resigned(ballot=put(0, bytes(32))))
    t.bad("C16", resigned(ballot=put(n + 1, bytes(32))))
    t.bad("C16", resigned(ballot=put(1, b"\x01" + bytes(31))))
    t.bad("C16", resigned(ballot=put(n + 2, b"\xff" * 32)))
    t.bad("C16", resigned(ballot=put(n + 4, L.to_bytes(32, "little"))))
    t.bad("C16", resigned(ballot=put(n + b + 5, b"\xff" * 32)))
    t.bad("C16", cast(sequence=0))
    t.bad("C17", cbor.encode({**entry, 6: bytes(64)}))
    t.bad("C17", cbor.encode({**entry, 6: b"\x01" + entry[6][1:]}))
    t.bad("C17", cbor.encode({**entry, 4: 2}))
    s = int.from_bytes(entry[6][32:], "little")
    t.bad("C17", cbor.encode({**entry, 6: entry[6][:32] + (s + L).to_bytes(32, "little")}))
    t.bad("C17", cbor.encode({**entry, 5: put(1, ballot[:32])}))
    t.bad("C18", resigned(ballot=put(1, ballot[:32])))  # another ciphertext
    t.bad("C18", resigned(ballot=put(n + 1, ballot[:32])))  # other bits
    t.bad("C18", resigned(ballot=put(n + 2, ballot[:32])))
    t.bad("C18", resigned(ballot=put(n + 3, ballot[:32])))
    for at in (n + 4, n + 7, n + b + 4, n + b + 5, len(ballot) // 32 - 1):
        value = int.from_bytes(ballot[32 * at : 32 * at + 32], "little")
        t.bad("C18", resigned(ballot=put(at, encode_scalar(value + 1))))
    t.bad("C18", resigned(secret=m.credentials[2]))  # a copy of somebody else's ballot
    t.bad("C18", cast(scores=[[1, 1, 0], [1, 1]], lie=True))
    t.bad("C18", cast(scores=[[2, 0, 0], [1, 1]], lie=True))
    t.bad("C18", cast(scores=[[L - 1, 1, 0], [1, 1]], lie=True))
    t.bad("C18", cast(scores=[[1, 0, 0], [0, 0]], lie=True))
    t.bad("C18", cast(scores=[[1, 0, 0], [2, 2]], lie=True))
    t.bad("C18", cast(scores=[[1, 0, 0], [3, 0]], lie=True))
    other = Maker.__new__(Maker)
    other.__dict__.update(m.__dict__)
    other.joint_key_digest = bytes(32)
    t.bad("C18", other.ballots().cast(m.credentials[0], 0, good))
    t.bad("C16", ballots.cast(random_scalar(), 0, good))  # nobody's credential
    t.bad("C16", cast(row=1))  # the style is not the row's
    t.bad("C16", cast(sequence=9))
    counted = {0: m.add(cast(sequence=8))}
    t.bad("C16", cast(sequence=8))
    t.bad("C16", cast(sequence=7))
    t.bad("C16", cast(sequence=17))
    t.bad("C16", m.entries[counted[0]])
    counted[0] = m.add(cast(sequence=16, scores=[[0, 0, 0], [0, 2]]))
    t.bad("C16", cast(sequence=17))  # the row has recorded two
    counted[2] = m.add(cast(row=2, sequence=2, scores=[[0, 0, 1], [1, 0]]))
    counted[1] = m.add(cast(row=1, style=1, scores=[[0, 1, 0]]))
    m.add(m.by_organizers(25, {0: "a pause"}))
    t.bad("C15", cast(row=4))
    m.add(m.by_organizers(26, {0: "go on"}))
    counted[4] = m.add(cast(row=4))
    # Row 4 gets a new credential, for which organizers must sign as it has voted.
    old = ristretto.encode(times_base(m.credentials[4]))
    new, proof = m.possession(4, secret := random_scalar())
    body = {0: 4, 1: old, 2: new, 3: proof}
    t.bad("C07", m.by_registrar(12, body))
    m.add(m.act(12, body, [*m.some_organizers(), (REGISTRAR, 0, m.registrar)]))
    t.bad("C16", cast(row=4, sequence=2))
    m.credentials[4] = secret
    counted[4] = m.add(cast(row=4, sequence=1, scores=[[1, 0, 0], [2, 0]]))
    t.bad("C16", cast(row=4, sequence=2))  # two ballots, under both credentials
    t.bad("C11", lambda: m.by_organizers(10, {0: [], 1: [[0, 1, 0, 0]]}, registrar=True))
    m.block()
    m.close()
    t.bad("C15", cast(row=3, style=1, scores=[[1, 0, 0]]))
    m.tally(counted)
    assert t.end(tmp_path)["result"] == {
        "one": {"o0": 1, "o1": 1, "o2": 1}, "two": {"o0": 3, "o1": 2},
    }  # fmt: skip


def test_what_is_refused_of_the_tally(tmp_path):  # noqa: PLR0915 - one story
    contests = [contest_json("one", partition=[[0], [1]]), contest_json("two", options=2)]
    rows = [(1, 0, row % 2) for row in range(8)]
    m = Maker(trustees=[Signer() for _ in range(4)], threshold=2, least=3)
    ready_election(contests, rows, m)
    t = Trial(m)
    ballots = m.ballots()
    counted = {
        row: vote(m, ballots, row, [[int(i == row % 3) for i in range(3)], [row % 2, 0]])
        for row in range(8)
    }
    t.bad("C15", lambda: m.by_trustee(40, 1, {0: 1, 1: bytes(32)}))
    m.close()
    size, root = m.closing
    before = len(m.entries), m.organizer_number, dict(m.trustee_numbers)
    m.tally(counted)
    entries = m.entries[before[0] :]
    del m.entries[before[0] :]
    m.organizer_number, m.trustee_numbers = before[1:]
    m.blocks = [block for block in m.blocks if block[1] <= before[0]]
    seals, rest = entries[:4], entries[4:]
    assert [cbor.decode(entry)[0] for entry in rest] == [*[43] * 4, 44] * 3 + [45]

    def by(kind, index, body):
        return lambda: m.by_trustee(kind, index, body)

    def body(entry, **more):
        return {**cbor.decode(entry)[3], **{int(k[1:]): v for k, v in more.items()}}

    def nobody(kind, body):
        return m.act(kind, body, [])

    t.bad("C21", by(40, 1, {0: size - 1, 1: root}))
    t.bad("C21", by(40, 1, {0: size, 1: bytes(32)}))
    t.bad("C21", lambda: m.by_organizers(42, {0: "no"}))
    m.add(seals[0])
    m.trustee_numbers[1] += 1
    t.bad("C21", by(40, 1, {0: size, 1: root}))
    m.add(seals[1])
    m.trustee_numbers[2] += 1
    t.bad("C21", by(43, 1, {**body(rest[0]), 3: b"\x01" * 64}))  # q = 3
    t.bad("C21", lambda: m.by_organizers(41, {0: [1], 1: "it has sealed"}))
    t.bad("C21", lambda: m.by_organizers(41, {0: [4, 3], 1: "order"}))
    t.bad("C21", lambda: m.by_organizers(41, {0: [5], 1: "nobody"}))
    m.add(m.by_organizers(41, {0: [4], 1: "lost"}))
    t.bad("C21", lambda: m.by_organizers(41, {0: [4], 1: "lost again"}))
    t.bad("C21", by(40, 4, {0: size, 1: root}))
    t.bad(
        "C21", by(43, 1, {**body(rest[0]), 3: b"\x02" * 64})
    )  # three remain, which q are enough of
    m.add(seals[2])
    m.trustee_numbers[3] += 1
    t.bad("C21", lambda: m.by_organizers(42, {0: "no"}))
    share = body(rest[0])
    t.bad("C20", by(43, 1, {**share, 0: 2}))
    t.bad("C20", by(43, 1, {**share, 1: 2}))
    t.bad("C22", by(43, 1, {**share, 1: 1}))
    t.bad("C22", by(43, 1, {**share, 0: 1, 1: 0}))
    t.bad("C22", by(43, 2, share))
    t.bad("C22", by(43, 1, {**share, 2: share[2][:-32]}))
    t.bad("C22", by(43, 1, {**share, 2: share[2][32:] + share[2][:32]}))
    t.bad("C22", by(43, 1, {**share, 2: b"\x01" + share[2][1:]}))
    t.bad("C22", by(43, 1, {**share, 3: bytes(64)}))
    t.bad("C22", by(43, 1, {**share, 3: share[3][:32] + b"\xff" * 32}))
    result = body(rest[4])
    t.bad("C23", nobody(44, {**result, 5: [1, 2]}))  # no shares yet
    t.bad("C23", nobody(45, {0: [[0, [], []]]}))
    # A trustee who is declared lost may still give shares.
    for entry in rest[:3]:
        m.add(entry)
    m.trustee_numbers[1] += 1
    t.bad("C22", by(43, 1, share))
    value = body(rest[3])
    m.add(m.by_trustee(43, 4, value))
    t.bad("C07", m.act(44, result, [(MEMBER, 0, m.member)]))
    t.bad("C07", m.act(44, result, [], 1))
    t.bad("C20", nobody(44, {**result, 0: 9}))
    t.bad("C20", nobody(44, {**result, 1: 9}))
    t.bad("C20", nobody(44, {**result, 2: [1]}))
    t.bad("C20", nobody(44, {**result, 2: [0, 1]}))
    t.bad("C19", nobody(44, {**result, 3: 5}))
    t.bad("C19", nobody(44, {**result, 4: 5}))
    t.bad("C23", nobody(44, {**result, 5: [1, 2, 3]}))
    t.bad("C23", nobody(44, {**result, 5: [1]}))
    t.bad("C23", nobody(44, {**result, 5: [2, 1]}))
    t.bad("C23", nobody(44, {**result, 5: [1, 5]}))
    totals = result[6]
    t.bad("C23", nobody(44, {**result, 6: totals[:-1]}))
    t.bad("C23", nobody(44, {**result, 6: [*totals, 0]}))
    t.bad("C23", nobody(44, {**result, 6: [totals[0] + 1, *totals[1:]]}))
    t.bad("C23", nobody(44, {**result, 6: [totals[1], totals[0], totals[2]]}))
    t.bad("C23", nobody(44, {**result, 6: [2**40, *totals[1:]]}))
    m.add(nobody(44, {**result, 5: [1, 4]}))
    t.bad("C23", nobody(44, result))
    t.bad("C23", nobody(45, {0: [[1, [], []]]}))
    for number in (1, 2):
        for i in (2, 3):
            at = 5 * number + i - 1
            m.trustee_numbers[i] = cbor.decode(rest[at])[2] - 1
            m.add(rest[at])
        m.add(nobody(44, {**body(rest[5 * number + 4]), 5: [2, 3]}))
    (status, winners, tied), second = body(rest[-1])[0]
    t.bad("C24", nobody(45, {0: [[status, winners, tied]]}))
    t.bad("C24", nobody(45, {0: [[status + 1, winners, tied], second]}))
    t.bad("C24", nobody(45, {0: [[status, tied, winners], second]}))
    t.bad("C24", nobody(45, {0: [second, [status, winners, tied]]}))
    m.add(rest[-1])
    t.bad("C15", nobody(45, {0: [[2, [], []]]}))
    m.block()
    report = t.end(tmp_path)
    assert report["phase"] == "tallied"
    assert report["result"]["two"] == {"o0": 4, "o1": 0}


def test_what_cannot_be_opened(tmp_path):
    m = ready_election()
    ballots = m.ballots()
    vote(m, ballots, 0, [[1, 0, 0]])
    m.close()
    m.seal(1)
    t = Trial(m)
    m.add(m.by_organizers(41, {0: [2], 1: "lost"}))
    t.bad("C21", lambda: m.by_organizers(42, {0: "two are left"}))
    t.bad("C21", lambda: m.by_trustee(43, 1, {0: 0, 1: 0, 2: bytes(96), 3: bytes(64)}))
    m.seal(3)
    # Two of three remain and both have sealed; but one ballot is too few to open.
    t.bad("C20", lambda: m.by_trustee(43, 1, {0: 0, 1: 0, 2: bytes(32), 3: bytes(64)}))
    m.add(m.act(45, {0: [[4, [], []]]}, []))
    m.block()
    assert t.end(tmp_path)["result"] == {}


def test_not_openable(tmp_path):
    m = ready_election()
    m.close()
    m.add(m.by_organizers(41, {0: [1, 3], 1: "lost"}))
    m.add(m.by_organizers(42, {0: "one is left"}))
    t = Trial(m)
    t.bad("C15", lambda: m.by_trustee(40, 2, {0: m.closing[0], 1: m.closing[1]}))
    m.block()
    assert t.end(tmp_path)["phase"] == "not openable"
