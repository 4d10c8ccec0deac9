"""Admission: decode entries and check their signatures and proofs, many at a time.

What is checked here depends on nothing but the entry and the facts, so it may run ahead of the
rules, in any order and on any thread. Where a fact is still missing the entry is refused as
*early*: `LedgerState` admits it again when its turn comes. The one fact that changes is who keeps
the ledger: whatever is refused on its account is early too, and an entry that members signed says
by which facts it was judged, so that it is admitted again where others keep the ledger by then.
This is the only maker of a `CheckedEntry`, and rules take nothing else.

What waits for the rules, though it is no matter of order alone: entry 0, the signatures of an
announce (its organizers stand in the manifest that it announces), and what unsigned acts prove.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hanpyo import crypto
from hanpyo.errors import InvalidEncoding, InvalidProof, InvalidSignature, Rejected
from hanpyo.ledger.entry import (
    NO_SCOPE,
    ORGANIZER,
    Act,
    Announce,
    Cast,
    Consortium,
    Enroll,
    Entry,
    Equivocation,
    Gateway,
    Genesis,
    Join,
    Leave,
    ManifestPart,
    Replace,
    Rotate,
    decode_entry,
    entry_hash,
    signed_message,
)
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.merkle import leaf_hash
from hanpyo.ledger.roles import due_roles, signing_keys
from hanpyo.ledger.view import ElectionFacts, Facts

_CHANGES = (Join, Leave, Rotate)  # of the membership
_BY_MEMBERS = (Gateway, ManifestPart, Consortium, *_CHANGES)
POSSESSION_ROWS_MAX = 2**32  # a row number beyond has no frame, so no proof over it holds

_BALLOT_FAULTS = {
    InvalidSignature.code: ("C17", "the ballot's signature does not hold"),
    InvalidProof.code: ("C18", "a proof in the ballot does not hold"),
}
_BALLOT_FORM = (
    "C16",
    "the ballot has no known style, the wrong length, or a point or number that is none",
)


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """An entry whose form, signatures and proofs hold.

    Attributes:
        data: the entry's bytes.
        entry: what they say.
        entry_hash: SHA-256 of the bytes.
        leaf_hash: the leaf of the log's tree.
        batch: for a ballot, the batch that holds its points, at `place`.
        possessions_hold: for enroll and replace, whether every proof of possession holds (judged
            after the phase, so that it cannot refuse the entry here).
        is_foreign: the record is verified for another election; rules pass the entry over.
        signed_under: where members sign, the facts that say who they are.
    """

    data: bytes
    entry: Entry
    entry_hash: bytes
    leaf_hash: bytes
    batch: crypto.Batch | None = None
    place: int = 0
    possessions_hold: bool = True
    is_foreign: bool = False
    signed_under: Facts | None = None

    def is_stale(self, facts: Facts) -> bool:
        """Whether others keep the ledger than those by whose keys the entry was judged."""
        signed_under = self.signed_under
        return signed_under is not None and signed_under.membership is not facts.membership


class NotAdmitted(Rejected):
    """An entry that admission refuses.

    Attributes:
        data: the entry's bytes.
        early_for: facts that an earlier entry may still change; `None`: the refusal is final.
    """

    def __init__(self, check: str, why: str, data: bytes, early_for: Facts | None = None) -> None:
        super().__init__(check, why)
        self.data = data
        self.early_for = early_for

    def is_stale(self, facts: Facts) -> bool:
        """Whether facts have changed that may change the refusal."""
        return self.early_for is not None and self.early_for is not facts


Admitted = CheckedEntry | NotAdmitted
Admit = Callable[[Facts, Sequence[bytes], int], list[Admitted]]


def admit(facts: Facts, items: Sequence[bytes], threads: int) -> list[Admitted]:
    """Check entries against facts, each on its own, proofs of all of them in bulk.

    Args:
        facts: `view.facts`; a value, so any thread may hold it.
        items: the entries' bytes, in the order in which they will be judged.
        threads: how many threads Rust may use.

    Returns:
        For each item the checked entry, or the first condition of section 10 that it breaks.
    """
    desk = _Desk(facts, items)
    desk.check_signatures(threads)
    desk.check_possessions(threads)
    desk.check_ballots(threads)
    return desk.admitted()


def admit_known(facts: Facts, items: Sequence[bytes], threads: int) -> list[Admitted]:
    """Like `admit`, for entries of our own log: signatures and proofs were checked before."""
    desk = _Desk(facts, items)
    desk.decode_ballots(threads)
    return desk.admitted()


class _Desk:
    """One batch on its way: sorted on arrival into what has to be checked in bulk."""

    def __init__(self, facts: Facts, items: Sequence[bytes]) -> None:
        self._facts = facts
        self._items = items
        self._found: list[Entry | NotAdmitted] = []
        self._signatures: list[tuple[bytes, bytes, bytes]] = []  # key, message, signature
        self._signers: list[int] = []  # the item of each signature
        self._possessions: dict[bytes, list[tuple[bytes, int, bytes]]] = {}  # by election
        self._owners: dict[bytes, list[int]] = {}  # the item of each possession, by election
        self._unproven: set[int] = set()  # items of which a possession does not hold
        self._casts: dict[bytes, list[tuple[int, Cast]]] = {}  # by election
        self._batches: dict[int, tuple[crypto.Batch, int]] = {}  # item -> its points
        self._foreign: set[int] = set()
        self._by_members: set[int] = set()  # items that members sign
        for place in range(len(items)):
            try:
                self._found.append(self._sort(place))
            except Rejected as refusal:
                self._found.append(self._refusal(place, refusal.check, refusal.why))
            except _Early as early:
                self._found.append(NotAdmitted(early.check, early.why, items[place], facts))

    def _refusal(self, place: int, check: str, why: str) -> NotAdmitted:
        return NotAdmitted(check, why, self._items[place])

    def _sort(self, place: int) -> Entry:
        """Decode an item and note what it needs."""
        facts, data = self._facts, self._items[place]
        try:
            entry = decode_entry(data)
        except InvalidEncoding as error:
            raise Rejected("C06", f"not an entry: {error}") from error
        if isinstance(entry, Act) and self._may_found(place, entry):
            return entry  # a rule decides it
        if facts.membership is None:
            raise _Early("C03", "a log begins with genesis or consortium")
        if isinstance(entry, Act):
            self._sort_act(place, entry, facts.membership)
        elif facts.only is None or entry.election == facts.only:
            self._sort_cast(place, entry)
        else:
            self._foreign.add(place)
        return entry

    def _sort_cast(self, place: int, cast: Cast) -> None:
        election = self._election(cast.election)
        if election.kit is None:
            raise _Early("C15", "no key ceremony is complete, so there is no key to vote with")
        if cast.sequence < 1:
            raise Rejected("C16", "sequence numbers begin with 1")
        self._casts.setdefault(cast.election, []).append((place, cast))

    def _may_found(self, place: int, act: Act) -> bool:
        if isinstance(act.body, Consortium) and self._facts.membership is None:
            self._by_members.add(place)  # by nobody yet, if others found the ledger before it
            return True
        return isinstance(act.body, Genesis)

    def _sort_act(self, place: int, act: Act, membership: Membership) -> None:
        if isinstance(act.body, _BY_MEMBERS):
            self._sort_members_act(place, act, membership)
            return
        if isinstance(act.body, Equivocation):
            _check_no_scope(act)
            signing_keys(act, due_roles(act.body, None), membership, None)
            return
        if self._facts.only not in {None, act.scope}:
            self._foreign.add(place)
            return
        if isinstance(act.body, Announce):
            return
        manifest = self._election(act.scope).manifest
        has_voted = any(each.role == ORGANIZER for each in act.signatures)  # a rule compares
        roles = due_roles(act.body, manifest, has_voted=has_voted)
        self._note_signatures(place, act, signing_keys(act, roles, membership, manifest))
        self._note_possessions(place, act)

    def _sort_members_act(self, place: int, act: Act, membership: Membership) -> None:
        """Note signatures by the keys that members have now; others may keep the ledger later."""
        _check_no_scope(act)
        if isinstance(act.body, _CHANGES) and not membership.is_consortium:
            raise _Early("C08", "a single operator keeps the ledger, so there are no members")
        try:
            keys = signing_keys(act, due_roles(act.body, None), membership, None)
        except Rejected as refusal:
            raise _Early(refusal.check, refusal.why) from refusal
        self._note_signatures(place, act, keys)
        self._by_members.add(place)

    def _election(self, scope: bytes) -> ElectionFacts:
        election = self._facts.elections.get(scope)
        if election is None:
            raise _Early("C06", "no election with this id is announced")
        return election

    def _note_signatures(self, place: int, act: Act, keys: Sequence[bytes]) -> None:
        assert self._facts.ledger_id is not None, "entry 0 is there"
        message = signed_message(self._facts.ledger_id, act, self._items[place])
        for key, signature in zip(keys, act.signatures, strict=True):
            self._signatures.append((key, message, signature.signature))
            self._signers.append(place)

    def _note_possessions(self, place: int, act: Act) -> None:
        body = act.body
        if isinstance(body, Enroll):
            proofs = [(each.credential, each.row, each.possession) for each in body.rows]
        elif isinstance(body, Replace):
            proofs = [(body.new, body.row, body.possession)]
        else:
            return
        if any(row >= POSSESSION_ROWS_MAX for _, row, _ in proofs):
            self._unproven.add(place)
            return
        self._possessions.setdefault(act.scope, []).extend(proofs)
        self._owners.setdefault(act.scope, []).extend([place] * len(proofs))

    def check_signatures(self, threads: int) -> None:
        """Check the signatures of all acts."""
        if not self._signatures:
            return
        holds = crypto.check_ed25519_many(self._signatures, threads)
        for place, held in zip(self._signers, holds, strict=True):
            if not held:
                early_for = self._facts if place in self._by_members else None
                self._found[place] = NotAdmitted(
                    "C07", "a signature does not hold", self._items[place], early_for
                )

    def check_possessions(self, threads: int) -> None:
        """Check the proofs of possession of all enrollments, an election at a time."""
        for election_id, proofs in self._possessions.items():
            assert self._facts.ledger_id is not None, "entry 0 is there"
            holds = crypto.check_possessions(proofs, self._facts.ledger_id, election_id, threads)
            owners = self._owners[election_id]
            self._unproven.update(
                place for place, held in zip(owners, holds, strict=True) if not held
            )

    def check_ballots(self, threads: int) -> None:
        """Check form, signature and proofs of all ballots, an election at a time."""
        for election_id, casts in self._casts.items():
            kit = self._facts.elections[election_id].kit
            assert kit is not None, "casts without a kit are early"
            ballots = [
                (cast.style, cast.credential, cast.sequence, cast.ballot, cast.signature)
                for _, cast in casts
            ]
            self._take_batch(casts, kit.check(ballots, threads))

    def decode_ballots(self, threads: int) -> None:
        """Decode the points of all ballots, without their proofs."""
        for election_id, casts in self._casts.items():
            kit = self._facts.elections[election_id].kit
            assert kit is not None, "casts without a kit are early"
            ballots = [(cast.style, cast.ballot) for _, cast in casts]
            self._take_batch(casts, kit.decode(ballots, threads))

    def _take_batch(self, casts: Sequence[tuple[int, Cast]], batch: crypto.Batch) -> None:
        for number, ((place, _), code) in enumerate(zip(casts, batch.verdicts, strict=True)):
            if code:
                fault = _BALLOT_FAULTS.get(code, _BALLOT_FORM)
                self._found[place] = self._refusal(place, *fault)
            else:
                self._batches[place] = batch, number

    def admitted(self) -> list[Admitted]:
        """Give the outcome for each item."""
        verdicts: list[Admitted] = []
        for place, (data, entry) in enumerate(zip(self._items, self._found, strict=True)):
            if isinstance(entry, NotAdmitted):
                verdicts.append(entry)
                continue
            batch, number = self._batches.get(place, (None, 0))
            verdicts.append(
                CheckedEntry(
                    data=data,
                    entry=entry,
                    entry_hash=entry_hash(data),
                    leaf_hash=leaf_hash(data),
                    batch=batch,
                    place=number,
                    possessions_hold=place not in self._unproven,
                    is_foreign=place in self._foreign,
                    signed_under=self._facts if place in self._by_members else None,
                )
            )
        return verdicts


def _check_no_scope(act: Act) -> None:
    if act.scope != NO_SCOPE:
        raise Rejected("C06", "an act of the ledger has a scope of 32 zero bytes")


class _Early(Exception):
    """A fact is missing that an earlier entry may still bring."""

    def __init__(self, check: str, why: str) -> None:
        super().__init__(why)
        self.check = check
        self.why = why
