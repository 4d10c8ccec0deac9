"""The Rust core: the bulk check against the bare work that it cannot do without, and proving."""

import re
import subprocess
from pathlib import Path

from bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent
COMMAND = ("cargo", "run", "--quiet", "--release", "--locked", "-p", "hanpyo-core")


def measure() -> list[Figure]:
    """Run the core's own measurement, which compares with dalek alone, and read its lines."""
    ended = subprocess.run(
        [*COMMAND, "--example", "speed"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    text = ended.stdout

    def number(pattern: str) -> float:
        found = re.search(pattern, text)
        assert found is not None, f"the measurement does not say {pattern!r}"
        return float(found[1])

    bare_two = number(r"one of 5: two threads .* bare work ([\d.]+) times")
    return [
        Figure("bulk check against the bare work", number(r"one of 5: .*ratio ([\d.]+)"), 1.3),
        Figure(
            f"two threads against one (bare work: {bare_two:.2f})",
            number(r"one of 5: two threads check ([\d.]+) times"),
            1.7,
            at_least=True,
        ),
        Figure(
            "proving a 5-option ballot, ms", number(r"one of 5: prove ([\d.]+) ms at first"), 0.6
        ),
    ]
