"""Rules for seals, shares, results and the outcome (docs/protocol.md sections 10 to 12)."""

from itertools import pairwise

from hanpyo import crypto
from hanpyo.election.ceremony import JointKey
from hanpyo.election.counting import Counted, count
from hanpyo.election.tally import has_enough_seals
from hanpyo.errors import InvalidCheckpoint, InvalidResult, InvalidShare, Rejected
from hanpyo.ledger.checkpoint import check_checkpoint, decode_checkpoint
from hanpyo.ledger.entry import Decision, Lost, Outcome, Quorum, Result, Seal, Share
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.rules.changes import (
    ClosingCosigned,
    ClosingSealed,
    OutcomePublished,
    PhaseChanged,
    ResultPublished,
    ShareGiven,
    TrusteesLost,
)
from hanpyo.ledger.view import ElectionView, Phase


def seal_closing(election: ElectionView, body: Seal, signer: int) -> ClosingSealed:
    """Decide a trustee's seal: its first, on the one closing root."""
    if not _has_confirmed(election, signer):
        raise Rejected("C21", f"trustee {signer} did not confirm the joint key")
    if signer in election.seals:
        raise Rejected("C21", f"trustee {signer} has sealed already")
    if signer in election.lost:
        raise Rejected("C21", f"trustee {signer} is declared lost")
    closing = election.closing
    assert closing is not None, "closing fixes the root"
    if (body.size, body.root) != (closing.size, closing.root):
        raise Rejected("C21", "size and root are not those of the log up to the close entry")
    return ClosingSealed(signer)


def declare_lost(election: ElectionView, body: Lost) -> TrusteesLost:
    """Decide a declaration: trustees that confirmed and have not sealed."""
    trustees = body.trustees
    if any(first >= second for first, second in pairwise(trustees)):
        raise Rejected("C21", "lost trustees must ascend")
    for trustee in trustees:
        if not _has_confirmed(election, trustee):
            raise Rejected("C21", f"trustee {trustee} did not confirm the joint key")
        if trustee in election.seals or trustee in election.lost:
            raise Rejected("C21", f"trustee {trustee} has sealed or is declared lost already")
    return TrusteesLost(trustees)


def end_unopened(election: ElectionView) -> PhaseChanged:
    """Decide the end without result: fewer trustees than the threshold are left."""
    left = sum(trustee not in election.lost for trustee in _joint_key(election).trustees)
    if left >= election.manifest.trustees.threshold:
        raise Rejected("C21", f"{left} trustees are left, enough to decrypt")
    return PhaseChanged(Phase.NOT_OPENABLE)


def cosign_closing(election: ElectionView, body: Quorum, membership: Membership) -> ClosingCosigned:
    """Decide a checkpoint that shows the closing root to have been a quorum's, once an election."""
    if not membership.is_consortium:
        raise Rejected("C21", "a single operator keeps the ledger, so there is no quorum")
    if election.quorum is not None:
        raise Rejected("C21", "a quorum has cosigned this election's closing root already")
    closing = election.closing
    assert closing is not None, "closing fixes the root"
    try:
        checkpoint = decode_checkpoint(body.checkpoint)
        check_checkpoint(checkpoint, membership)
    except InvalidCheckpoint as error:
        raise Rejected("C21", f"the checkpoint does not hold: {error}") from error
    if (checkpoint.size, checkpoint.root) != (closing.size, closing.root):
        raise Rejected("C21", "size and root are not those of the log up to the close entry")
    return ClosingCosigned(checkpoint)


def give_share(
    election: ElectionView, body: Share, signer: int, membership: Membership
) -> ShareGiven:
    """Decide a trustee's share of a group's sum: proven, and only after enough seals.

    In a consortium the seals alone are not enough: a quorum must have cosigned what they seal.
    """
    key = _joint_key(election)
    threshold = election.manifest.trustees.threshold
    if not has_enough_seals(key.trustees, election.seals, election.lost, threshold):
        raise Rejected("C21", "too few trustees have sealed the closing root")
    if membership.is_consortium and election.quorum is None:
        raise Rejected("C21", "no quorum of members has cosigned the closing root yet")
    if not _has_confirmed(election, signer):
        raise Rejected("C20", f"trustee {signer} did not confirm the joint key")
    _check_group(election, body)
    if signer in election.shares.get((body.contest, body.group), {}):
        raise Rejected("C22", f"trustee {signer} has given this share already")
    options = len(election.manifest.contests[body.contest].options)
    try:
        crypto.check_share(
            election.election_id,
            key.ceremony_id,
            body.contest,
            body.group,
            signer,
            election.keys_of(signer)[:options],
            election.group_total(body.contest, body.group),
            body.shares,
            body.proof,
        )
    except InvalidShare as error:
        raise Rejected("C22", f"the share of trustee {signer} does not hold: {error}") from error
    return ShareGiven(body.contest, body.group, signer, body.shares)


def publish_result(election: ElectionView, body: Result) -> ResultPublished:
    """Decide the totals of a group: they follow from its sum and the shares of t trustees."""
    _check_group(election, body)
    key = body.contest, body.group
    if body.parts != election.groups[body.contest][body.group]:
        raise Rejected("C20", "the parts are not those of the group")
    if (body.ballots, body.weight) != election.group_count(*key):
        raise Rejected("C19", "ballots and weight are not those of the counted ballots")
    if key in election.results:
        raise Rejected("C23", "this group has its result already")
    _check_totals(election, body)
    return ResultPublished(body)


def publish_outcome(election: ElectionView, body: Outcome) -> OutcomePublished:
    """Decide the outcome: every group has its result, and the counting rules say the same."""
    for contest, groups in enumerate(election.groups):
        for group in range(len(groups)):
            if (contest, group) not in election.results:
                raise Rejected("C23", f"contest {contest} still lacks the result of group {group}")
    if body != find_outcome(election):
        raise Rejected("C24", "the outcome is not what the counting rules say")
    return OutcomePublished(body)


def find_outcome(election: ElectionView) -> Outcome:
    """Count: give the outcome that follows from the results of all groups."""
    decisions = []
    for number, contest in enumerate(election.manifest.contests):
        outcome = count(contest, counted(election, number))
        decisions.append(Decision(outcome.status, outcome.winners, outcome.tied))
    return Outcome(tuple(decisions))


def counted(election: ElectionView, contest: int) -> Counted | None:
    """Add up the published groups of a contest; `None` where it has no group."""
    groups = range(len(election.groups[contest]))
    results = [election.results[contest, group] for group in groups]
    if not results:
        return None
    manifest, weights = election.manifest, election.roll.style_weights
    return Counted(
        totals=tuple(map(sum, zip(*[result.totals for result in results], strict=True))),
        ballots=sum(result.ballots for result in results),
        weight=sum(result.weight for result in results),
        roll_weight=sum(
            weight
            for style, weight in zip(manifest.styles, weights, strict=True)
            if contest in style
        ),
    )


def _check_totals(election: ElectionView, body: Result) -> None:
    given = election.shares.get((body.contest, body.group), {})
    contest, trustees = election.manifest.contests[body.contest], body.trustees
    if any(first >= second for first, second in pairwise(trustees)):
        raise Rejected("C23", "the trustees must ascend")
    if len(trustees) != election.manifest.trustees.threshold:
        raise Rejected("C23", "exactly as many trustees as the threshold says must be used")
    if any(trustee not in given for trustee in trustees):
        raise Rejected("C23", "a trustee is used whose share is not there")
    if len(body.totals) != len(contest.options):
        raise Rejected("C23", f"there are {len(contest.options)} options")
    if any(total > contest.top * body.weight for total in body.totals):
        raise Rejected("C23", "a total is larger than all ballots together allow")
    shares = [(trustee, given[trustee]) for trustee in trustees]
    try:
        crypto.check_totals(
            election.group_total(body.contest, body.group), shares, list(body.totals)
        )
    except InvalidResult as error:
        raise Rejected("C23", f"the totals do not follow from the shares: {error}") from error


def _check_group(election: ElectionView, body: Share | Result) -> None:
    if not election.has_group(body.contest, body.group):
        raise Rejected("C20", f"contest {body.contest} has no group {body.group} to be opened")


def _has_confirmed(election: ElectionView, trustee: int) -> bool:
    return trustee in _joint_key(election).trustees


def _joint_key(election: ElectionView) -> JointKey:
    assert election.joint_key is not None, "a closed election had a complete ceremony"
    return election.joint_key
