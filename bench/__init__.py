"""Figures, measured as ratios in one run: `python -m bench`, or with `--quick` in a minute."""
