"""Rules for the key ceremony: what its entries say is decided in `election.ceremony`."""

from hanpyo.election import ceremony as rules
from hanpyo.errors import Rejected
from hanpyo.ledger.entry import Commit, Complain, Confirm, Deal, Drop, Reveal
from hanpyo.ledger.rules.changes import CeremonyMoved
from hanpyo.ledger.view import ElectionView

CeremonyBody = Commit | Reveal | Deal | Complain | Confirm | Drop


def move_ceremony(
    election: ElectionView, body: CeremonyBody, signer: int, entry_hash: bytes
) -> CeremonyMoved:
    """Decide an entry of the ceremony; `signer` is the trustee, for drop of no matter."""
    now = election.ceremony
    if now.is_complete or now.has_failed:
        end = "is complete" if now.is_complete else "has failed"
        raise Rejected("C15", f"the ceremony {end}")
    match body:
        case Commit(attempt, transport, proof, commitment):
            step = rules.accept_commit(
                now, attempt, signer, transport, proof, commitment, entry_hash
            )
        case Reveal(attempt, part, points, proof):
            step = rules.accept_reveal(now, attempt, signer, part, points, proof, entry_hash)
        case Deal(attempt, recipient, ciphertext):
            step = rules.accept_deal(now, attempt, signer, recipient, ciphertext, entry_hash)
        case Complain(attempt, dealer, point, proof):
            step = rules.accept_complaint(now, attempt, signer, dealer, point, proof)
        case Confirm(attempt, digest):
            step = rules.accept_confirm(now, attempt, signer, digest)
        case Drop(attempt, trustee, _):
            step = rules.accept_drop(now, attempt, trustee)
    return CeremonyMoved(step)
