"""The engine's process: found, started beside ours, and ended with it."""

import ctypes
import os
import shutil
import signal
import subprocess
from pathlib import Path

from hanpyo.errors import EngineMissing

STOP_SECONDS = 15.0
LOG_BYTES_KEPT = 10 * 1_048_576
_PR_SET_PDEATHSIG = 1
_VARIABLE = "HANPYO_ENGINE"


def find_engine() -> Path:
    """Find the consensus engine's program.

    Raises:
        EngineMissing: there is none.
    """
    named = os.environ.get(_VARIABLE)
    source = Path(__file__).resolve().parents[4] / "engine" / "bin" / "cometbft"
    for place in (named, source, shutil.which("cometbft")):
        if place and Path(place).is_file():
            return Path(place)
    raise EngineMissing("the consensus engine is not there")


class EngineProcess:
    """One running engine; it dies with the thread's process that started it."""

    def __init__(self, program: Path, home: Path, log: Path) -> None:
        """Start it. Its log of the run before is kept beside.

        Args:
            program: from `find_engine`.
            home: written by `write_home`.
            log: where its output goes.
        """
        if log.exists() and log.stat().st_size:
            log.replace(log.with_name(log.name + ".before"))
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [program, "start", "--home", str(home)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 one call into the kernel
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """End it, at last by force."""
        if self.has_ended():
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
