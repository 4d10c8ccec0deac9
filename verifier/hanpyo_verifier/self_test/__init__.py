"""Tests against published vectors (vectors/README.md)."""
