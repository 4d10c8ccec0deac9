"""The bulk check: the verdict on a ballot never depends on its neighbors (protocol.md 8.7)."""

import dataclasses

from hanpyo_verifier.election import schnorr
from hanpyo_verifier.election.ballots import BallotKeys, BallotVerifier
from hanpyo_verifier.election.entries import decode_entry
from hanpyo_verifier.group.edwards import cache_all
from hanpyo_verifier.group.scalars import encode_scalar
from record_maker import Maker, contest_json, random_scalar


def test_bad_ballots_among_good_ones():
    m = Maker()
    m.begin()
    m.announce(m.manifest([contest_json(options=2, top=3, limits=[])]))
    m.ceremony()
    ballots = m.ballots()
    verifier = BallotVerifier(
        BallotKeys(
            m.election_id,
            m.joint_key_digest,
            m.contests,
            m.parsed.styles,
            cache_all(m.slot_keys),
            ballots.generators,
        )
    )
    secrets_ = [random_scalar() for _ in range(30)]
    casts = [decode_entry(ballots.cast(secret, 0, [[3, 1]])) for secret in secrets_]
    assert verifier.check(casts)[0] == [None] * 30

    expected = [None] * 30
    for i in (0, 7, 8, 29):  # z_s: only equation (2) notices
        data = casts[i].ballot
        z_s = int.from_bytes(data[-32:], "little") + 1
        casts[i] = decode_entry(
            ballots.signed_cast(secrets_[i], 0, data[:-32] + encode_scalar(z_s))
        )
        expected[i] = ("C18", "contest 0 of the style: equation (2) does not hold")
    for i in (3, 9):  # another sequence: only the signature notices
        casts[i] = dataclasses.replace(casts[i], sequence=2)
        expected[i] = ("C17", "the signature does not hold")
    verdicts, kept = verifier.check(casts)
    assert verdicts == expected
    assert [ballot is None for ballot in kept] == [verdict is not None for verdict in expected]
    assert [verifier.check([cast])[0][0] for cast in casts] == expected
    assert verifier.check([])[0] == []


def test_possessions_in_bulk():
    m = Maker()
    m.begin()
    m.announce(m.manifest([contest_json()]))
    good = [[(row, *m.possession(row, random_scalar())) for row in range(3)] for _ in range(4)]
    ids = m.ledger_id, m.election_id
    assert schnorr.check_possessions(*ids, good) == [True] * 4
    assert schnorr.check_possessions(*ids, []) == []
    row, X, proof = good[2][1]
    good[2][1] = (row + 1, X, proof)
    good[0][0] = (0, bytes(32), proof)
    assert schnorr.check_possessions(*ids, good) == [False, True, False, True]
