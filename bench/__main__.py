"""Run all measurements: about ten minutes, with --quick two, with --budapest twenty."""

import argparse
import tempfile
from pathlib import Path

from bench import append, cities, core, election
from bench.figures import keep, show


def main() -> int:
    """Measure, print, keep; 0 when every goal is reached."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small numbers, for daily use")
    parser.add_argument("--budapest", action="store_true", help="verifier/ on Budapest, too")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        figures = core.measure()
        figures += append.measure(folder, 100_000 if wanted.quick else 1_000_000)
        figures += election.measure(folder, 6_000 if wanted.quick else 100_000, 3_000)
        if wanted.budapest or not wanted.quick:
            figures += cities.measure(folder, with_verifier=wanted.budapest)
    keep(figures)
    show(figures)
    return 0 if all(each.holds for each in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main())
