"""The clerk: posts what anyone may post once its time has come, so that no key has to be online.

That is open and close where the manifest announces their times, the result of each group as soon as
enough trustees gave their shares, and the outcome once all results are there. Each is posted again
with fresh bytes until the phase has changed; the rules decide, the clerk only reminds them. In a
consortium it also posts the quorum's checkpoint over a closing root, and proof that a validator
voted twice.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hanpyo import crypto
from hanpyo.errors import ElectionError
from hanpyo.ledger.entry import NO_SCOPE, Act, Body, Close, Open, Quorum, Result, encode_entry
from hanpyo.ledger.rules.tally import find_outcome
from hanpyo.ledger.view import ElectionView, LedgerView, Phase
from hanpyo.node.keeper import Clock
from hanpyo.node.ledger import NodeLedger

CLERK_SECONDS = 0.5  # between two looks

GroupKey = tuple[bytes, int, int]  # election, contest, group


@dataclass(frozen=True, slots=True)
class OpenableGroup:
    """A group whose totals can be found: enough trustees gave their shares.

    Attributes:
        total: the encrypted sum.
        shares: of exactly as many trustees as the threshold says.
        maximum: the largest total that is possible.
    """

    key: GroupKey
    parts: tuple[int, ...]
    ballots: int
    weight: int
    total: bytes
    shares: tuple[tuple[int, bytes], ...]
    maximum: int

    def result(self, threads: int) -> Result:
        """Search for the totals."""
        totals = crypto.find_totals(self.total, self.shares, self.maximum, threads)
        trustees = tuple(trustee for trustee, _ in self.shares)
        _, contest, group = self.key
        return Result(
            contest, group, self.parts, self.ballots, self.weight, trustees, tuple(totals)
        )


class Clerk:
    """Works in its own thread between `start` and `stop`; `tick` does one round."""

    def __init__(self, ledger: NodeLedger, clock: Clock, threads: int = 1) -> None:
        self._ledger = ledger
        self._clock = clock
        self._threads = threads
        self._hopeless: set[GroupKey] = set()  # no totals follow from the shares
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger clerk", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and return when the thread has ended."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(CLERK_SECONDS):
            try:
                self.tick()
            except ElectionError:
                if self._ledger.alarm is not None:
                    return

    def tick(self) -> int:
        """Post what is due now.

        Returns:
            How many entries were handed in.
        """
        now = self._clock()
        self._ledger.list_gateway()
        self._ledger.cosign_again()
        acts, groups, closed = self._ledger.look(
            lambda view: (list(_due(view, now)), _openable(view), _unconfirmed(view))
        )
        for scope, size in closed:
            checkpoint = self._ledger.closing_quorum(size)
            if checkpoint is not None:
                acts.append((scope, Quorum(checkpoint)))
        acts += [(NO_SCOPE, body) for body in self._ledger.accusations()]
        for group in groups:
            if group.key in self._hopeless:
                continue
            try:
                acts.append((group.key[0], group.result(self._threads)))
            except ElectionError:  # the rules checked the shares: only a fault of ours gets here
                self._hopeless.add(group.key)
        entries = [encode_entry(Act(scope, 0, body, ())) for scope, body in acts]
        if entries:
            self._ledger.submit(entries)
        return len(entries)


def _due(view: LedgerView, now_unix_s: int) -> Iterator[tuple[bytes, Body]]:
    for scope, election in view.elections.items():
        manifest, ends = election.manifest, election.ends_unix_s
        if election.phase is Phase.READY and manifest.opens is not None:
            if manifest.opens <= now_unix_s and (ends is None or now_unix_s < ends):
                yield scope, Open(now_unix_s)
        elif election.phase in {Phase.VOTING, Phase.PAUSED} and manifest.closes is not None:
            assert ends is not None, "an end is announced"
            if ends <= now_unix_s:
                yield scope, Close(now_unix_s)
        elif election.phase is Phase.CLOSED and all(
            key in election.results for key in _group_keys(election)
        ):
            yield scope, find_outcome(election)


def _unconfirmed(view: LedgerView) -> list[tuple[bytes, int]]:
    """Give the closed elections of a consortium that wait for its quorum, with the closing size."""
    if view.membership is None or not view.membership.is_consortium:
        return []
    return [
        (scope, election.closing.size)
        for scope, election in view.elections.items()
        if election.phase is Phase.CLOSED and election.quorum is None and election.closing
    ]


def _group_keys(election: ElectionView) -> Iterator[tuple[int, int]]:
    for contest, groups in enumerate(election.groups):
        for group in range(len(groups)):
            yield contest, group


def _openable(view: LedgerView) -> Sequence[OpenableGroup]:
    found = []
    for scope, election in view.elections.items():
        if election.phase is not Phase.CLOSED:
            continue
        threshold = election.manifest.trustees.threshold
        for contest, group in _group_keys(election):
            given = election.shares.get((contest, group), {})
            if (contest, group) in election.results or len(given) < threshold:
                continue
            ballots, weight = election.group_count(contest, group)
            found.append(
                OpenableGroup(
                    key=(scope, contest, group),
                    parts=election.groups[contest][group],
                    ballots=ballots,
                    weight=weight,
                    total=election.group_total(contest, group),
                    shares=tuple(sorted(given.items())[:threshold]),
                    maximum=election.manifest.contests[contest].top * weight,
                )
            )
    return found
