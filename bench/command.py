"""Running a command of ours, and how much memory it took."""

import json
import subprocess
import sys
from pathlib import Path

_SMALL_PARENT = """
import json, resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([json.loads(ended.stdout), used]))
"""


def run_hanpyo(*arguments: str) -> tuple[dict[str, object], int]:
    """Run `hanpyo ... --json`; gives what it prints and the most memory it took, in kB.

    The system counts what the starting process holds, too, so a small one starts the command.
    """
    hanpyo = str(Path(sys.executable).parent / "hanpyo")
    command = [sys.executable, "-c", _SMALL_PARENT, hanpyo, *arguments, "--json"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    printed, used = json.loads(ended.stdout)
    return printed, used
