"""The ceremony, shares and totals: the vectors of protocol.md 7 and 11."""

from collections import Counter

from hanpyo_verifier.election import ceremony_proofs as cer
from hanpyo_verifier.election import tally
from hanpyo_verifier.election.counting import Part, Summing, form_groups
from hanpyo_verifier.group import ristretto
from hanpyo_verifier.group.edwards import IDENTITY, Cached, Point, add_cached, from_cached
from hanpyo_verifier.group.multi_scalar import multiply
from hanpyo_verifier.hashing.frames import frame, framed_digest, to_scalar, u32
from hanpyo_verifier.self_test import cases as c
from hanpyo_verifier.self_test.cases import Case, all_unhex, by_kind, need, unhex
from hanpyo_verifier.self_test.group import signing_key


def _ceremony_id(case: Case) -> Case:
    keys = [(index, unhex(key)) for index, key in case["keys"]]
    bounds = case["threshold"], case["slots"]
    made = cer.make_ceremony_id(unhex(case["election_id"]), case["attempt"], bounds, keys)
    return {"ceremony_id": made.hex()}


def _signing_key(case: Case) -> Case:
    seed = framed_digest("trustee signing key", unhex(case["seed"]))
    return {"key": signing_key(seed).hex()}


def _commit(case: Case) -> Case:
    parts = [unhex(case[name]) for name in ("transport", "proof", "commitment")]
    ceremony_id = unhex(case["ceremony_id"])
    need(cer.transport_holds(ceremony_id, case["trustee"], *parts), c.CEREMONY)
    return {}


def _reveal(case: Case) -> Case:
    points, proof, t = unhex(case["points"]), unhex(case["proof"]), case["threshold"]
    size = cer.part_size(t)
    slots = min(size, case["slots"] - case["part"] * size)
    need(len(points) == 32 * t * slots and len(proof) == 32 * (1 + slots), c.CEREMONY)
    decoded = ristretto.decode_all(points)
    need(decoded is not None, c.CEREMONY)
    ids = unhex(case["ceremony_id"]), u32(case["trustee"])
    commit = unhex(case["transport"]), unhex(case["commitment"])
    statement = *ids, *commit, u32(case["part"])
    constants = tuple((decoded or [])[::t])
    need(cer.reveal_holds(statement, points, constants, proof), c.CEREMONY)
    return {}


def _commitment(case: Case) -> Case:
    parts = unhex(case["ceremony_id"]), u32(case["trustee"]), unhex(case["points"])
    need(framed_digest("commitment", *parts) == unhex(case["commitment"]), c.CEREMONY)
    return {}


def _parts(case: Case) -> Case:
    return {"parts": -(-case["slots"] // cer.part_size(case["threshold"]))}


def _deal_is_right(case: Case, D: bytes, recipient: int) -> bool:
    info = frame("deal", unhex(case["ceremony_id"]), u32(case["dealer"]), u32(recipient))
    deal, points, t = unhex(case["deal"]), unhex(case["dealer_points"]), case["threshold"]
    return len(deal) == 32 * case["slots"] + 16 and cer.deal_is_right(
        D, (info, deal), points, t, recipient
    )


def _deal(case: Case) -> Case:
    ceremony_id = unhex(case["ceremony_id"])
    for opener, other in (("recipient", "dealer"), ("dealer", "recipient")):
        if f"{opener}_seed" in case:
            e = to_scalar("trustee transport", unhex(case[f"{opener}_seed"]), ceremony_id)
            E = _decoded(case[f"{other}_transport"])
            D = ristretto.encode(multiply([e], [E]))
            need(_deal_is_right(case, D, case["recipient"]), c.DEAL)
    return {}


def _complaint(case: Case) -> Case:
    i, k, D = case["trustee"], case["dealer"], unhex(case["point"])
    keys = unhex(case["trustee_transport"]), unhex(case["dealer_transport"])
    statement = unhex(case["ceremony_id"]), u32(i), u32(k), *keys, D
    need(cer.complaint_holds(statement, unhex(case["proof"])), c.COMPLAINT)
    return {"culprit": i if _deal_is_right(case, D, i) else k} if "culprit" in case else {}


def _sums(case: Case) -> list[list[Point]]:
    """sum_k C_kjd, by slot and d."""
    t = case["threshold"]
    sums = [IDENTITY] * (case["slots"] * t)
    for points in case["points"]:
        decoded = _decoded_all(points)
        sums = [add_cached(p, [q]) for p, q in zip(sums, decoded, strict=True)]
    return [sums[at : at + t] for at in range(0, len(sums), t)]


def _joint_keys(case: Case) -> Case:
    keys = [ristretto.encode(row[0]) for row in _sums(case)]
    need(cer.keys_are_lawful(keys), c.CEREMONY)
    return {"keys": [key.hex() for key in keys]}


def _verification_keys(case: Case) -> Case:
    keys = [ristretto.encode(cer.evaluate(row, case["trustee"])) for row in _sums(case)]
    return {"keys": [key.hex() for key in keys]}


def _joint_key_digest(case: Case) -> Case:
    parts = unhex(case["ceremony_id"]), *all_unhex(case["entry_hashes"])
    return {"digest": framed_digest("joint key", *parts).hex()}


ceremony = by_kind({
    "ceremony id": _ceremony_id,
    "signing key": _signing_key,
    "commit": _commit,
    "reveal": _reveal,
    "commitment": _commitment,
    "parts": _parts,
    "deal": _deal,
    "complaint": _complaint,
    "joint keys": _joint_keys,
    "verification keys": _verification_keys,
    "joint key digest": _joint_key_digest,
})  # fmt: skip


def _decoded(text: str) -> Cached:
    point = ristretto.decode(unhex(text))
    assert point is not None
    return point


def _decoded_all(text: str) -> list[Cached]:
    points = ristretto.decode_all(unhex(text))
    assert points is not None
    return points


def _sum(case: Case) -> Case:
    summing = Summing()
    summing.add(
        [
            (0, weight, [0], [_decoded_all(one)])
            for one, weight in zip(case["ciphertexts"], case["weights"], strict=True)
        ],
        [[0]],
        1,
    )
    none = [IDENTITY] * (len(case["total"]) // 64)
    total = summing.sums.get((0, 0), none)
    return {"total": b"".join(map(ristretto.encode, total)).hex()}


def _share(case: Case) -> Case:
    data = unhex(case["shares"])
    need(len(data) == 32 * len(case["keys"]), c.SHARE)
    shares = ristretto.decode_all(data)
    need(shares is not None, c.SHARE)
    A = from_cached(_decoded(case["total"][:64]))
    statement = (
        unhex(case["election_id"]),
        unhex(case["ceremony_id"]),
        *(u32(case[name]) for name in ("contest", "group", "trustee")),
        ristretto.encode(A),
    )
    keys = [from_cached(_decoded(key)) for key in case["keys"]]
    given = data, shares or []
    need(tally.share_holds(statement, (A, keys), given, unhex(case["proof"])), c.SHARE)
    return {}


def _totals(case: Case) -> Case:
    B = _decoded_all(case["total"])[1:]
    shares = {index: _decoded_all(points) for index, points in case["shares"]}
    need(len(case["totals"]) == len(B), c.RESULT)
    need(tally.totals_hold(B, shares, case["totals"]), c.RESULT)
    return {}


shares = by_kind({"sum": _sum, "share": _share, "totals": _totals})


def _groups(case: Case) -> Case:
    parts = [Part(Counter(dict(part["by_weight"]))) for part in case["parts"]]
    formed = form_groups(parts, case["smallest"], case["weights"])
    counted = [
        {"ballots": p.ballots, "by_weight": part["by_weight"], "weight": p.weight}
        for p, part in zip(parts, case["parts"], strict=True)
    ]
    return {"groups": formed, "parts": counted}


def _seals(case: Case) -> Case:
    confirmed, t = case["confirmed"], case["threshold"]
    sealed, lost = set(case["sealed"]), set(case["lost"])
    return {
        "quorum": tally.seal_quorum(confirmed, t),
        "enough": tally.enough_seals(confirmed, sealed, lost, t),
    }


groups = by_kind({"groups": _groups, "seals": _seals})
