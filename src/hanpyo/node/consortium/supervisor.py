"""Keeps a node running: when it ends by a fault, it is started again, ever more slowly."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hanpyo.node.consortium.member import AGAIN, FAILED

BACK_OFF_S, BACK_OFF_S_MAX = 0.5, 30.0
WELL_AFTER_S = 60.0  # a node that ran so long starts anew at once
STOP_SECONDS = 30.0


def supervise(path: Path, arguments: Sequence[str] = ()) -> int:
    """Run `hanpyo node run` until it ends well, or until told to stop.

    Returns:
        Its exit status: a node that raised its alarm stays down, for people to look at.
    """
    command = [sys.executable, "-m", "hanpyo", "node", "run", str(path), *arguments]
    wanted = _Wanted()
    back_off = BACK_OFF_S
    while True:
        begun = time.monotonic()
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
            wanted.process = process
            status = process.wait()
        if wanted.is_stopped:
            return 0
        if status == AGAIN:
            continue
        if status not in {FAILED, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT}:
            return status
        if time.monotonic() - begun > WELL_AFTER_S:
            back_off = BACK_OFF_S
        sys.stderr.write(f"the node ended with status {status}: starting it again\n")
        time.sleep(back_off)
        if wanted.is_stopped:
            return 0
        back_off = min(2 * back_off, BACK_OFF_S_MAX)


class _Wanted:
    """Passes SIGTERM and SIGINT on to the node."""

    def __init__(self) -> None:
        self.is_stopped = False
        self.process: subprocess.Popen[bytes] | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self.is_stopped = True
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
