"""Secret, verifiable votes and surveys on a ledger shared by organizations.

The rooms of this package are the parties of an election; each module's first line says what it
does, and `docs/protocol.md` says what is proved.
"""

__version__ = "0.1.0"
