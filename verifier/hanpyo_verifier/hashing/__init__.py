"""Frames, transcripts and the two ciphers that protocol.md 2 and 7 use."""
