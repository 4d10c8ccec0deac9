"""A trustee's steps in the key ceremony, each as the entries to send.

Source: docs/protocol.md 7.
"""

from hanpyo import crypto
from hanpyo.election.ceremony import (
    Step,
    deals_to,
    due_step,
    has_done,
    joint_key_digest,
    missing,
)
from hanpyo.errors import InvalidDeal, InvalidQuery, NotYet
from hanpyo.ledger.entry import Commit, Complain, Confirm, Deal, Reveal
from hanpyo.trustee.keys import Draw, Trustee


def due(trustee: Trustee) -> Step | None:
    """Name the ceremony's step that waits for this trustee; `None`: others are due, or nobody.

    Raises:
        InvalidQuery: the trustee was dropped, or the ceremony has failed.
    """
    _check_running(trustee)
    step = due_step(trustee.ceremony)
    return step if trustee.index in missing(trustee.ceremony) else None


def commit(trustee: Trustee, draw: Draw) -> list[bytes]:
    """Commit to all points of this trustee's polynomials."""
    _check_due(trustee, Step.COMMIT)
    ceremony = trustee.ceremony
    transport, proof, commitment = crypto.ceremony_commit(
        trustee.seed,
        ceremony.ceremony_id,
        trustee.index,
        ceremony.threshold,
        ceremony.slots,
        draw(32),
    )
    return trustee.sign(Commit(ceremony.attempt, transport, proof, commitment))


def reveal(trustee: Trustee, draw: Draw) -> list[bytes]:
    """Reveal the parts of the points that are still to come."""
    _check_due(trustee, Step.REVEAL)
    ceremony = trustee.ceremony
    bodies = []
    for part in range(len(trustee.mine.reveals), ceremony.part_count):
        points, proof = crypto.ceremony_reveal(
            trustee.seed,
            ceremony.ceremony_id,
            trustee.index,
            ceremony.threshold,
            ceremony.slots,
            part,
            draw(32),
        )
        bodies.append(Reveal(ceremony.attempt, part, points, proof))
    return trustee.sign(*bodies)


def deal(trustee: Trustee) -> list[bytes]:
    """Deal to every other trustee its shares."""
    _check_due(trustee, Step.DEAL)
    ceremony, mine = trustee.ceremony, trustee.mine
    bodies = []
    for recipient, other in ceremony.trustees.items():
        if recipient != trustee.index and recipient not in mine.deals:
            ciphertext = crypto.ceremony_deal(
                trustee.seed,
                ceremony.ceremony_id,
                trustee.index,
                recipient,
                other.transport,
                ceremony.threshold,
                ceremony.slots,
            )
            bodies.append(Deal(ceremony.attempt, recipient, ciphertext))
    return trustee.sign(*bodies)


def bad_dealers(trustee: Trustee) -> list[int]:
    """Name the trustees whose deals to this one do not hold."""
    dealers = [dealer for dealer, _, _ in deals_to(trustee.ceremony, trustee.index)]
    return [dealer for dealer in dealers if not has_good_deal(trustee, dealer)]


def has_good_deal(trustee: Trustee, dealer: int) -> bool:
    """Whether what a dealer dealt to this trustee decrypts and fits the dealer's points.

    Raises:
        NotYet: the dealer has not revealed and dealt.
    """
    ceremony = trustee.ceremony
    other = ceremony.trustees.get(dealer)
    if other is None or trustee.index not in other.deals:
        raise NotYet(f"trustee {dealer} has dealt nothing to trustee {trustee.index}")
    try:
        crypto.check_deal(
            trustee.seed,
            ceremony.ceremony_id,
            dealer,
            trustee.index,
            other.transport,
            other.points,
            ceremony.threshold,
            ceremony.slots,
            other.deals[trustee.index],
        )
    except InvalidDeal:
        return False
    return True


def complain(trustee: Trustee, dealer: int, draw: Draw) -> list[bytes]:
    """Complain about a deal that does not hold; everyone then judges.

    Raises:
        InvalidQuery: the deal holds, so the judgment would drop the one who complains.
    """
    _check_running(trustee)
    if has_good_deal(trustee, dealer):
        raise InvalidQuery(f"what trustee {dealer} dealt holds: a complaint would drop you")
    other = trustee.ceremony.trustees[dealer]
    point, proof = crypto.complain(
        trustee.seed,
        trustee.ceremony.ceremony_id,
        dealer,
        trustee.index,
        other.transport,
        draw(32),
    )
    return trustee.sign(Complain(trustee.ceremony.attempt, dealer, point, proof))


def confirm(trustee: Trustee) -> list[bytes]:
    """Confirm the joint key, after checking every deal to this trustee.

    Raises:
        InvalidDeal: one does not hold; it names the dealer.
    """
    _check_due(trustee, Step.CONFIRM)
    bad = bad_dealers(trustee)
    if bad:
        raise InvalidDeal(f"what trustee {bad[0]} dealt to trustee {trustee.index} does not hold")
    ceremony = trustee.ceremony
    points = [each.points for each in ceremony.trustees.values()]
    crypto.joint_keys(points, ceremony.threshold, ceremony.slots)  # distinct, not the identity
    return trustee.sign(Confirm(ceremony.attempt, joint_key_digest(ceremony)))


def _check_running(trustee: Trustee) -> None:
    """Refuse to act in a ceremony that is over, or without this trustee."""
    ceremony = trustee.ceremony
    if trustee.index in ceremony.dropped:
        raise InvalidQuery(f"trustee {trustee.index} was dropped and takes part no more")
    if ceremony.has_failed:
        raise InvalidQuery("the ceremony has failed: too few trustees are left")
    if ceremony.is_complete:
        raise InvalidQuery("the ceremony is complete: there is nothing left to do")


def _check_due(trustee: Trustee, step: Step) -> None:
    """Refuse a step that is done, or that still waits for others."""
    _check_running(trustee)
    if has_done(trustee.ceremony, trustee.index, step):
        raise InvalidQuery(f"trustee {trustee.index} has done the step {step.value!r} already")
    current = due_step(trustee.ceremony)
    if current is not step:
        waiting = ", ".join(str(each) for each in missing(trustee.ceremony))
        due_now = current.value if current else "nothing"
        raise NotYet(f"first comes {due_now!r}, which waits for trustee {waiting}")
