"""The Rust core: the bulk check against the bare work that it cannot do without, and proving."""

import json
import subprocess
from pathlib import Path

from bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent
COMMAND = ("cargo", "run", "--quiet", "--release", "--locked", "--package", "hanpyo-core")


def measure() -> list[Figure]:
    """Run the core's own measurement, which compares with dalek alone, and read its figures."""
    ended = subprocess.run(
        [*COMMAND, "--example", "speed", "--", "--json"], cwd=ROOT, capture_output=True, check=True
    )
    found = json.loads(ended.stdout)
    # What a machine that is busy with other things cannot show, its bare work does not show either.
    bare = f"bare work {found['bare_one_to_two_threads']:.2f}"
    two = found["one_to_two_threads"]
    return [
        Figure("bulk check against the bare work", found["check_to_bare"], 1.3),
        Figure("bulk check on two threads against one", two, 1.7, at_least=True, note=bare),
        Figure("proving a 5-option ballot, ms", found["prove_ms"], 0.6),
    ]
