"""Every failure that hanpyo expects, each with a public code that is never reused.

A check raises; it never returns a flag a caller can forget. `code` is what vectors, the HTTP
interface and other programs see; `hint` says what a person can do; `check` names the numbered
check of docs/protocol.md section 14 that an entry with this fault breaks.
"""

from __future__ import annotations


class ElectionError(Exception):
    """Base of all expected failures."""

    code = 0
    hint = ""


class InvalidQuery(ElectionError):
    """The caller asked for something that makes no sense, such as a repeated trustee."""

    code = 11


class InvalidFile(ElectionError):
    """A file from outside is malformed; the message names the file, the line or the field."""

    code = 12


class InvalidEncoding(ElectionError):
    """Bytes are not the one canonical encoding of a value (docs/protocol.md sections 2.6, 2.7)."""

    code = 13


class InvalidManifest(ElectionError):
    """A manifest breaks a form or a bound of docs/protocol.md sections 4, 5 and 12."""

    code = 14


class Rejected(ElectionError):
    """A rule refuses an entry; `check` is the numbered check that a log holding it would break."""

    code = 20

    def __init__(self, check: str, why: str) -> None:
        super().__init__(why)
        self.check = check
        self.why = why


class AlreadyRecorded(Rejected):
    """The very same entry is in the log already; sending it again changes nothing."""

    code = 21


class InvalidPoint(ElectionError):
    """32 bytes are not a canonical ristretto255 point, or the identity where it is refused."""

    code = 30


class InvalidScalar(ElectionError):
    """32 bytes are not a scalar below the group order."""

    code = 31


class InvalidSignature(ElectionError):
    """A signature does not hold under the rule of docs/protocol.md section 2.5."""

    code = 32


class InvalidKey(ElectionError):
    """An Ed25519 key is not canonical, is the identity, or has small or mixed order."""

    code = 33


class InvalidProof(ElectionError):
    """A contest's proof does not hold: the ciphertexts may hide an unlawful ballot."""

    code = 34


class InvalidPossession(ElectionError):
    """A credential's proof of possession does not hold."""

    code = 35


class InvalidSelection(ElectionError):
    """The selections break a limit of the contest, so no lawful ballot exists for them."""

    code = 36


class InvalidShape(ElectionError):
    """A contest's top score and limits break a bound or contradict each other."""

    code = 37


class InvalidCeremony(ElectionError):
    """A trustee's commit or reveal does not hold."""

    code = 40


class InvalidShare(ElectionError):
    """A decryption share whose proof fails; other trustees may still reach the threshold."""

    code = 41
    hint = "ask this trustee to publish the share again"


class InvalidDeal(ElectionError):
    """A dealt share does not decrypt or does not fit the dealer's public points."""

    code = 42
    hint = "complain: the ledger then judges who is at fault"


class InvalidComplaint(ElectionError):
    """A complaint's proof fails, so nobody can tell whether the complaint is true."""

    code = 43


class InvalidResult(ElectionError):
    """Totals do not follow from the encrypted sums and the shares."""

    code = 44


class InvalidInclusion(ElectionError):
    """A proof of inclusion does not lead from the entry to the checkpoint's root."""

    code = 50


class InvalidConsistency(ElectionError):
    """Two checkpoints are not states of one append-only log."""

    code = 51


class InvalidCheckpoint(ElectionError):
    """A checkpoint is malformed, or a signature it needs is missing or does not hold."""

    code = 52


class InvalidBlockProof(ElectionError):
    """A block's proof by the consensus engine is malformed or does not hold."""

    code = 55


class InvalidConflict(ElectionError):
    """A conflict file is malformed, or proves nothing."""

    code = 56


class InvalidPromise(ElectionError):
    """A promise is malformed, not signed by a listed gateway, or meant for another ledger."""

    code = 53


class DamagedLedger(ElectionError):
    """A node's own files contradict each other; it stops signing until someone looks."""

    code = 60
    hint = "run `hanpyo ledger check` on this node and compare with an observer's copy"


class DamagedRecord(ElectionError):
    """A record cannot be read as a whole; the message names the file and the check."""

    code = 61

    def __init__(self, check: str, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.check = check
        self.where = where
        self.why = why


class Busy(ElectionError):
    """The ledger cannot take more at the moment; try again later."""

    code = 62

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"the ledger is busy; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class NotYet(ElectionError):
    """Something that is still to come is needed first, such as an entry of somebody else."""

    code = 63


class Unreachable(ElectionError):
    """A ledger's address does not answer, or answers with something that is no ledger's."""

    code = 64
    hint = "check the address and that `hanpyo serve` runs there"


class EngineMissing(ElectionError):
    """The consensus engine's program is not on this machine."""

    code = 65
    hint = "build it with `make engine` (this needs Go), or set HANPYO_ENGINE to its path"
