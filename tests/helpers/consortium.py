"""A ledger that members keep together: their keys from numbers, and acts of membership.

Member n has the keys of `validator(n)`; after each rotation those of its next generation.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from hanpyo.ledger.checkpoint import Checkpoint, encode_checkpoint, make_cosignature
from hanpyo.ledger.entry import (
    JOINER,
    MEMBER,
    NO_SCOPE,
    Act,
    Body,
    Consortium,
    Join,
    Leave,
    Quorum,
    Rotate,
    Signature,
    Validator,
    act_message,
    encode_entry,
)
from hanpyo.ledger.membership import Membership
from hanpyo.ledger.memory import MemoryLedger, OperatorKeys
from hanpyo.ledger.roles import joining_keys
from tests.helpers.election import Play
from tests.helpers.parties import NOW, genesis_entry, operator_keys, public, seed, signer
from tests.helpers.signing import Signer

Name = tuple[object, ...]
USES = ("member", "cosigner", "validator")

_NAMES: dict[bytes, Name] = {}  # of keys that were made here


def key_of(use: str, number: int, generation: int = 0) -> bytes:
    """Give a member's key of a use; the first generation is what `parties` gives the operator."""
    name: Name = (use, number, generation) if generation else (use, number)
    key = public(*name)
    _NAMES[key] = name
    return key


def sign_with(key: bytes) -> Callable[[bytes], bytes]:
    """Give the signing function of a key that was made here."""
    return signer(*_NAMES[key])


def validator(number: int, generation: int = 0, name: str = "") -> Validator:
    """Give a member."""
    keys = [key_of(use, number, generation) for use in USES]
    return Validator(name or f"Member {number}", *keys)


def consortium(
    count: int = 4, first: int = 0, *, time_unix_s: int = NOW, name: str = "ledger"
) -> Consortium:
    """Name the validators `first`, `first + 1`, ..."""
    validators = tuple(validator(number) for number in range(first, first + count))
    return Consortium(seed(name, "random"), time_unix_s, validators)


def consortium_entry(body: Consortium | None = None) -> bytes:
    """Found a consortium's ledger."""
    body = consortium() if body is None else body
    message = act_message(NO_SCOPE, NO_SCOPE, 0, body)
    signatures = tuple(
        Signature(JOINER, number, sign_with(each.key)(message))
        for number, each in enumerate(body.validators)
    )
    return encode_entry(Act(NO_SCOPE, 0, body, signatures))


class Cosigners(Mapping[bytes, Callable[[bytes], bytes]]):
    """Everybody's cosigning keys."""

    def __getitem__(self, key: bytes) -> Callable[[bytes], bytes]:
        return sign_with(key)

    def __iter__(self) -> Iterator[bytes]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


def members_keys() -> OperatorKeys:
    """Give the keys of an operator that hands over, and of all members."""
    own = operator_keys()
    return OperatorKeys(own.sign, own.cosign, own.gateway, own.promise, Cosigners())


class MemberPlay(Play):
    """A play on a ledger that members keep, or will keep."""

    def __init__(self, members: int = 4, *, is_single: bool = False, **parts: object) -> None:
        """Found a ledger.

        Args:
            members: how many found it.
            is_single: one operator founds it; `hand_over` then makes it the members'.
            parts: for `Play`.
        """
        self._is_single = is_single
        super().__init__(members=members, **parts)  # type: ignore[arg-type]

    def found(self, members: int) -> MemoryLedger:
        """Found the ledger."""
        if self._is_single:
            for number in range(members):
                validator(number)  # so that its keys have names
            entry = genesis_entry(members=members)
        else:
            entry = consortium_entry(consortium(members))
        return MemoryLedger(entry, members_keys(), lambda: self.now)

    @property
    def membership(self) -> Membership:
        """Who keeps the ledger now."""
        assert self.view.membership is not None
        return self.view.membership

    def key_name(self, body: Body, role: int, place: int) -> Name:
        """Name the key with which a party signs: members have others after a rotation."""
        if role == JOINER:
            joining = joining_keys(body, self.membership)
            return _NAMES[joining[place]] if place in joining else ("member", place)
        if role == MEMBER and place in self.membership.active:
            return _NAMES[self.membership.active[place].key]
        return super().key_name(body, role, place)

    def due_number(self, body: Body, signers: Sequence[Signer]) -> int:
        """Find the act number that 9.3 asks for."""
        if isinstance(body, Join | Leave | Rotate):
            return self.membership.changes + 1
        return super().due_number(body, signers)

    def quorum(self) -> list[Signer]:
        """Give the members with the lowest numbers that are a quorum."""
        return [(MEMBER, number) for number in self.membership.active][: self.membership.quorum]

    def by_quorum(self, body: Body, *joiners: int, number: int | None = None) -> bytes:
        """Sign as a quorum and as joiners."""
        signers = [*self.quorum(), *((JOINER, joiner) for joiner in joiners)]
        return self.act(body, *signers, number=number, scope=NO_SCOPE)

    def hand_over(self, body: Consortium | None = None) -> bytes:
        """Hand the operator's ledger over; by default to four validators with the next numbers."""
        given = self.membership.given
        body = consortium(4, given, time_unix_s=self.now) if body is None else body
        joiners = [(JOINER, number) for number in joining_keys(body, self.membership)]
        return self.act(body, (MEMBER, 0), *joiners, scope=NO_SCOPE)

    def join(self, name: str = "") -> bytes:
        """Let one more member join."""
        number = self.membership.given
        return self.by_quorum(Join(validator(number, name=name)), number)

    def leave(self, number: int) -> bytes:
        """Let a member leave."""
        return self.by_quorum(Leave(number, "asked to"))

    def rotate(self, number: int, generation: int, uses: Collection[str] = USES) -> bytes:
        """Give a member keys of a generation for these uses."""
        now = self.membership.active[number]
        former = now.key, now.cosigning_key, now.validator_key or key_of("validator", number)
        keys = [
            key_of(use, number, generation) if use in uses else key
            for use, key in zip(USES, former, strict=True)
        ]
        return self.by_quorum(Rotate(number, *keys), number)

    def cosigned(
        self,
        numbers: Sequence[int] | None = None,
        *,
        size: int | None = None,
        root: bytes | None = None,
    ) -> Checkpoint:
        """Let members cosign a checkpoint, by default a quorum the closing root."""
        membership, closing = self.membership, self.election.closing
        assert closing is not None, "voting is closed"
        state = size or closing.size, root or closing.root
        if numbers is None:
            numbers = [number for _, number in self.quorum()]
        lines = [
            make_cosignature(
                membership,
                number,
                *state,
                self.now + number,
                sign_with(membership.active[number].cosigning_key),
            )
            for number in numbers
        ]
        return Checkpoint(membership.origin, *state, tuple(lines))

    def quorum_act(self, checkpoint: Checkpoint | None = None) -> bytes:
        """Bring a checkpoint over the closing root to the ledger."""
        checkpoint = self.cosigned() if checkpoint is None else checkpoint
        return self.act(Quorum(encode_checkpoint(checkpoint)))

    def add_quorum(self) -> None:
        """Bring what shows the closing root to be a quorum's."""
        if self.membership.is_consortium:
            self.add(self.quorum_act())
