"""Figures of a consortium: `python -m bench.consortium`."""
