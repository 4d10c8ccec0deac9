"""The work on ballots and credentials, shared out to processes (protocol.md 8.7)."""
