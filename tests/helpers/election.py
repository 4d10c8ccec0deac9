"""A ledger and one election on it, all parties built from seeds: signed entries for tests.

`Play` holds the keys of everybody and knows what the ledger knows; its methods make the bytes of
the entry that is due, unless told otherwise. `play.add(...)` records one, `play.refused(...)` tells
the check by which the ledger refuses one.
"""

from collections.abc import Sequence
from hashlib import sha256

from hanpyo import crypto
from hanpyo.election.ceremony import joint_key_digest
from hanpyo.election.manifest import (
    Manifest,
    election_id,
    encode_manifest,
)
from hanpyo.election.roll import Row, roll_digest
from hanpyo.ledger.entry import (
    MEMBER,
    NO_SCOPE,
    ORGANIZER,
    REGISTRAR,
    Announce,
    Cast,
    Close,
    Commit,
    Confirm,
    Deal,
    Enroll,
    Enrollment,
    Gateway,
    ManifestPart,
    Open,
    Outcome,
    Replace,
    Result,
    Reveal,
    RollChunk,
    RollSeal,
    Seal,
    Share,
    encode_entry,
)
from hanpyo.ledger.interface import Queued, Refused
from hanpyo.ledger.memory import MemoryLedger
from hanpyo.ledger.rules.tally import find_outcome
from tests.helpers.parties import (
    NOW,
    genesis_entry,
    operator_keys,
    public,
    seed,
    tiny_manifest,
    tiny_rows,
)
from tests.helpers.signing import Signer, Signing

PART_BYTES = 60_000


class Play(Signing):
    """One ledger, one election.

    Attributes:
        now: the time that the ledger's clock shows.
        ledger: where entries go; `state` and `view` look inside.
    """

    def __init__(
        self,
        manifest: Manifest | None = None,
        rows: Sequence[Row] | None = None,
        members: int = 1,
    ) -> None:
        self.now = NOW
        self.ledger = self.found(members)
        self.state, self.view = self.ledger.state, self.ledger.state.view
        self.manifest = manifest or tiny_manifest()
        self.manifest_bytes = encode_manifest(self.manifest)
        self.rows = tiny_rows(6) if rows is None else list(rows)
        ledger_id = self.view.ledger_id
        assert ledger_id is not None
        self.ledger_id = ledger_id
        self.election_id = election_id(ledger_id, self.manifest_bytes)
        self._sequences: dict[bytes, int] = {}

    def found(self, members: int) -> MemoryLedger:
        """Found the ledger of a single operator."""
        return MemoryLedger(genesis_entry(members=members), operator_keys(), lambda: self.now)

    def add(self, *entries: bytes) -> list[int]:
        """Record entries as one block; give their indexes."""
        indexes = []
        for verdict in self.ledger.submit(entries).verdicts:
            assert isinstance(verdict, Queued), verdict
            index = self.ledger.find_hash(verdict.entry_hash)
            assert index is not None, "the memory ledger records at once"
            indexes.append(index)
        return indexes

    def refused(self, entry: bytes) -> str:
        """Tell by which check the ledger refuses an entry."""
        before = self.state.log.root()
        (verdict,) = self.ledger.submit([entry]).verdicts
        assert isinstance(verdict, Refused), verdict
        assert self.state.log.root() == before
        return verdict.check

    # --- set-up ---

    def gateway(self) -> bytes:
        """List the gateway."""
        return self.act(Gateway(public("gateway")), (MEMBER, 0), scope=NO_SCOPE)

    def parts(self) -> list[bytes]:
        """Bring the manifest to the ledger."""
        data, digest = self.manifest_bytes, sha256(self.manifest_bytes).digest()
        pieces = [data[at : at + PART_BYTES] for at in range(0, len(data), PART_BYTES)]
        return [
            self.act(ManifestPart(digest, n, piece), (MEMBER, 0), scope=NO_SCOPE)
            for n, piece in enumerate(pieces)
        ]

    def announce(self) -> bytes:
        """Announce the election."""
        body = Announce(sha256(self.manifest_bytes).digest(), len(self.manifest_bytes))
        return self.act(body, (MEMBER, 0), (ORGANIZER, 0), (ORGANIZER, 1))

    def chunk(self) -> bytes:
        """Publish the roll."""
        return self.by_registrar(RollChunk(self.election.chunks, tuple(self.rows)))

    def seal_roll(self) -> bytes:
        """Seal the roll."""
        weight = sum(row.weight for row in self.rows)
        return self.by_both(RollSeal(len(self.rows), weight, roll_digest(self.rows)))

    # --- credentials and ballots ---

    def secret(self, row: int, device: int = 0) -> bytes:
        """Give a voter's secret credential; each device of a voter has another."""
        return crypto.credential_secret(seed("credential", row, device))

    def credential(self, row: int, device: int = 0) -> bytes:
        """Give X."""
        return crypto.credential_public(self.secret(row, device))

    def possession(self, row: int, device: int = 0) -> bytes:
        """Prove possession of X for a row."""
        random = seed("possession", row, device)
        secret = self.secret(row, device)
        return crypto.prove_possession(secret, random, self.ledger_id, self.election_id, row)

    def possession_of(self, owner: int, row: int) -> bytes:
        """Prove possession of the X of one row for another."""
        secret, random = self.secret(owner), seed("possession", owner, row)
        return crypto.prove_possession(secret, random, self.ledger_id, self.election_id, row)

    def enrollment(self, row: int, device: int = 0) -> Enrollment:
        """Let a row take the credential of a device."""
        return Enrollment(row, self.credential(row, device), self.possession(row, device))

    def enroll(self, *rows: int) -> bytes:
        """Enroll rows; without any, all."""
        numbers = rows or tuple(range(len(self.rows)))
        return self.by_registrar(Enroll(tuple(self.enrollment(row) for row in numbers)))

    def replace(self, row: int, device: int, *signers: Signer) -> bytes:
        """Replace the credential of the device before by that of another."""
        body = Replace(
            row,
            self.credential(row, device - 1),
            self.credential(row, device),
            self.possession(row, device),
        )
        return self.act(body, *(signers or ((REGISTRAR, 0),)))

    def cast(
        self,
        row: int,
        scores: Sequence[Sequence[int]] | None = None,
        *,
        device: int = 0,
        sequence: int | None = None,
        fresh: object = 0,
    ) -> bytes:
        """Cast a ballot; by default for option a in each contest, with the next sequence number."""
        X, style = self.credential(row, device), self.rows[row].style
        if scores is None:
            scores = [
                [1] + [0] * (len(contest.options) - 1)
                for contest in self.manifest.style_contests(style)
            ]
        if sequence is None:
            sequence = self._sequences[X] = self._sequences.get(X, 0) + 1
        assert self.election.kit is not None, "the ceremony is complete"
        ballot = self.election.kit.prove(style, X, seed("ballot", X, sequence, fresh), scores)
        signature = crypto.sign_ballot(
            self.secret(row, device), seed("cast", fresh), self.election_id, style, sequence, ballot
        )
        return encode_entry(Cast(self.election_id, style, X, sequence, ballot, signature))

    def resigned(self, cast: Cast, ballot: bytes, row: int) -> bytes:
        """Put other ballot bytes into a cast and sign it with a row's credential."""
        X, secret = self.credential(row), self.secret(row)
        where = self.election_id, cast.style, cast.sequence
        signature = crypto.sign_ballot(secret, seed("again"), *where, ballot)
        return encode_entry(Cast(*where[:2], X, cast.sequence, ballot, signature))

    # --- the key ceremony ---

    def commit(self, trustee: int) -> bytes:
        """Commit."""
        now = self.election.ceremony
        E, proof, H = crypto.ceremony_commit(
            seed("secret", trustee),
            now.ceremony_id,
            trustee,
            now.threshold,
            now.slots,
            seed("random", trustee),
        )
        return self.by_trustee(trustee, Commit(now.attempt, E, proof, H))

    def reveal(self, trustee: int) -> bytes:
        """Reveal the next part."""
        now = self.election.ceremony
        part = len(now.trustees[trustee].reveals)
        points, proof = crypto.ceremony_reveal(
            seed("secret", trustee),
            now.ceremony_id,
            trustee,
            now.threshold,
            now.slots,
            part,
            seed("random", trustee, part),
        )
        return self.by_trustee(trustee, Reveal(now.attempt, part, points, proof))

    def deal(self, trustee: int, recipient: int) -> bytes:
        """Deal to another trustee."""
        now = self.election.ceremony
        shares = crypto.ceremony_deal(
            seed("secret", trustee),
            now.ceremony_id,
            trustee,
            recipient,
            now.trustees[recipient].transport,
            now.threshold,
            now.slots,
        )
        return self.by_trustee(trustee, Deal(now.attempt, recipient, shares))

    def confirm(self, trustee: int) -> bytes:
        """Confirm the joint key."""
        now = self.election.ceremony
        return self.by_trustee(trustee, Confirm(now.attempt, joint_key_digest(now)))

    # --- the tally ---

    def seal(self, trustee: int) -> bytes:
        """Seal the closing root."""
        closing = self.election.closing
        assert closing is not None, "voting is closed"
        return self.by_trustee(trustee, Seal(closing.size, closing.root))

    def share(self, trustee: int, contest: int, group: int) -> bytes:
        """Give a share of a group's sum."""
        ceremony = self.election.ceremony
        deals = [
            (dealer, each.transport, each.deals[trustee])
            for dealer, each in ceremony.trustees.items()
            if dealer != trustee
        ]
        key = crypto.TrusteeKey(
            seed("secret", trustee),
            ceremony.ceremony_id,
            trustee,
            ceremony.threshold,
            ceremony.slots,
            deals,
        )
        total = self.election.group_total(contest, group)
        shares, proof = key.share(self.election_id, contest, group, total, seed("share", trustee))
        return self.by_trustee(trustee, Share(contest, group, shares, proof))

    def result(self, contest: int, group: int) -> bytes:
        """Publish the totals of a group, from the first shares that are there."""
        election = self.election
        threshold = self.manifest.trustees.threshold
        given = sorted(election.shares[contest, group].items())[:threshold]
        ballots, weight = election.group_count(contest, group)
        top = self.manifest.contests[contest].top
        totals = crypto.find_totals(election.group_total(contest, group), given, top * weight, 1)
        trustees = tuple(trustee for trustee, _ in given)
        parts = election.groups[contest][group]
        return self.act(Result(contest, group, parts, ballots, weight, trustees, tuple(totals)))

    def outcome(self) -> bytes:
        """Publish the outcome."""
        return self.act(Outcome(find_outcome(self.election).contests))

    # --- the way through an election ---

    def announced(self) -> "Play":
        """Go on until the election is announced."""
        self.add(self.gateway(), *self.parts())
        self.add(self.announce())
        return self

    def rolled(self) -> "Play":
        """Go on until the roll is sealed and everybody enrolled."""
        self.announced()
        self.add(self.chunk())
        self.add(self.seal_roll())
        self.add(self.enroll())
        return self

    def keyed(self) -> "Play":
        """Hold the ceremony."""
        trustees = list(self.election.ceremony.trustees)
        self.add(*[self.commit(trustee) for trustee in trustees])
        for _ in range(self.election.ceremony.part_count):
            self.add(*[self.reveal(trustee) for trustee in trustees])
        for trustee in trustees:
            for recipient in trustees:
                if recipient != trustee:
                    self.add(self.deal(trustee, recipient))
        self.add(*[self.confirm(trustee) for trustee in trustees])
        return self

    def voting(self) -> "Play":
        """Go on until voting is open."""
        self.rolled().keyed()
        self.add(self.by_organizers(Open(self.now)))
        return self

    def closed(self, voters: Sequence[int] | None = None) -> "Play":
        """Let rows vote (all without `voters`) and close."""
        self.voting()
        for row in range(len(self.rows)) if voters is None else voters:
            self.add(self.cast(row))
        self.now += 60
        self.add(self.by_organizers(Close(self.now)))
        return self

    def add_quorum(self) -> None:
        """Bring what shows the closing root to be a quorum's; a single operator has none."""

    def shared(self) -> "Play":
        """Seal and give all shares."""
        self.closed()
        self.add_quorum()
        trustees = self.election.ceremony.trustees
        self.add(*[self.seal(trustee) for trustee in trustees])
        for contest, groups in enumerate(self.election.groups):
            for group in range(len(groups)):
                for trustee in trustees:
                    self.add(self.share(trustee, contest, group))
        return self

    def tallied(self) -> "Play":
        """Go through to the outcome."""
        self.shared()
        for contest, groups in enumerate(self.election.groups):
            self.add(*[self.result(contest, group) for group in range(len(groups))])
        self.add(self.outcome())
        return self
