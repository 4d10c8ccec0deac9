"""A city's election held again: the whole rehearsal, as a command."""

import subprocess
import sys
import time
from pathlib import Path

from bench.command import run_hanpyo
from bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent
BUDAPEST = ROOT.parent / "shared" / "data" / "pabulib" / "Hungary_Budapest_2024.pb"


def measure(folder: Path, *, with_verifier: bool) -> list[Figure]:
    """Rehearse Budapest; nothing where its file is not beside the repository."""
    if not BUDAPEST.exists():
        return []
    record = folder / "budapest"
    start = time.perf_counter()
    printed, used_kb = run_hanpyo("rehearse", str(BUDAPEST), "--record", str(record))
    minutes = (time.perf_counter() - start) / 60
    figures = [
        Figure(f"Budapest's rehearsal, {printed['ballots']:,} ballots, minutes", minutes, 10),
        Figure("its memory, MiB", used_kb / 1024, 1024),
    ]
    if with_verifier:
        start = time.perf_counter()
        subprocess.run([sys.executable, str(ROOT / "verifier"), str(record)], check=True)
        minutes = (time.perf_counter() - start) / 60
        figures.append(Figure("verifier/ on Budapest, minutes", minutes, 45))
    return figures
