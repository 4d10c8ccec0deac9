"""A city's election held again: the whole rehearsal, as a command."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent
BUDAPEST = ROOT.parent / "shared" / "data" / "pabulib" / "Hungary_Budapest_2024.pb"


def measure(folder: Path, *, with_verifier: bool) -> list[Figure]:
    """Rehearse Budapest; nothing where its file is not beside the repository."""
    if not BUDAPEST.exists():
        return []
    record = folder / "budapest"
    command = [str(Path(sys.executable).parent / "hanpyo"), "rehearse", str(BUDAPEST)]
    start = time.perf_counter()
    with subprocess.Popen(
        [*command, "--record", str(record), "--json"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        ballots = json.loads(process.stdout.read())["ballots"]
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    minutes = (time.perf_counter() - start) / 60
    figures = [
        Figure(f"Budapest's rehearsal, {ballots:,} ballots, minutes", minutes, 10),
        Figure("its memory, MiB", used.ru_maxrss / 1024, 1024),
    ]
    if with_verifier:
        start = time.perf_counter()
        subprocess.run([sys.executable, str(ROOT / "verifier"), str(record)], check=True)
        minutes = (time.perf_counter() - start) / 60
        figures.append(Figure("verifier/ on Budapest, minutes", minutes, 45))
    return figures
