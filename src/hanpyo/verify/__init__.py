"""The verifier: the numbered checks of docs/protocol.md section 14 over a whole record.

It runs in two passes. `log` reads every file and holds entries, hashes, blocks and checkpoint
against each other (C01, C02, C04, C05); `entries` then judges one entry after the other with the
ledger's own state machine (C03, C06 to C24) and asks `promises` about promises on the way (C25).
Everything is found, nothing raised: what fails is in the `Report`.
"""

from hanpyo.verify.record import Progress, verify_record
from hanpyo.verify.report import NOT_VISIBLE, Failure, Report

__all__ = ["NOT_VISIBLE", "Failure", "Progress", "Report", "verify_record"]
